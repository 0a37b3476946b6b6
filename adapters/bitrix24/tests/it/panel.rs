//! The panel beside a chat: where it is put, and who opens it.

use crate::desk::{HOOK, Installed};
use crate::portal::{APPLICATION, CLIENT, LINE, MEMBER};
use lastword_contract::{Beside, Desk, Headers, PanelTold, RawRequest, SetUp, Verdict};

/// What Bitrix24 posts when somebody opens a placement.
fn opened(token: &str, member: &str, options: &str) -> RawRequest {
    let fields = [
        ("AUTH_ID", "a"),
        ("APPLICATION_TOKEN", token),
        ("member_id", member),
        ("PLACEMENT", "IM_SIDEBAR"),
        ("PLACEMENT_OPTIONS", options),
    ];
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish().into_bytes();
    let query = "DOMAIN=portal.example&PROTOCOL=1&LANG=en&APP_SID=1".to_owned();
    RawRequest { method: "POST".into(), query, headers: Headers::default(), body, received_at: 0 }
}

#[tokio::test]
async fn the_panel_is_put_beside_chats_where_the_application_may() {
    let portal = Installed::begin().await;
    let wish = SetUp { hook_url: Some(HOOK.to_owned()), native_off: false, change: true };
    let told = portal.desk.set_up(&wish).await.unwrap().warnings.join("\n");
    assert!(told.contains("permission placement") && portal.stub.lock().placements.is_empty(), "{told}");
    portal.stub.lock().scopes.push("placement");
    let warned = portal.desk.look(Some(HOOK)).await.unwrap().warnings.join("\n");
    assert!(
        warned.contains("is not in IM_SIDEBAR, IM_TEXTAREA: use \"Set up the desk\" on its page, or run lastword desk setup bitrix24"),
        "{warned}"
    );
    for _ in 0..2 {
        portal.desk.set_up(&wish).await.unwrap();
        let places: Vec<String> = portal.stub.lock().placements.iter().map(|one| one["placement"].as_str().unwrap().to_owned()).collect();
        assert_eq!(places, ["IM_SIDEBAR", "IM_TEXTAREA"]);
    }
    assert!(portal.stub.lock().placements[0]["handler"].as_str().unwrap().contains("/panel/"));
    assert!(!portal.desk.look(Some(HOOK)).await.unwrap().warnings.join("\n").contains("panel"));
    assert_eq!(portal.desk.panel().unwrap().told_by, PanelTold::Post);
}

#[tokio::test]
async fn who_opens_the_panel_has_the_token_of_our_installation() {
    let portal = Installed::begin().await;
    for (token, member) in [("another", MEMBER), ("", MEMBER), (APPLICATION, "another"), (APPLICATION, "")] {
        let refused = portal.desk.panel_chat(&opened(token, member, "{}")).await.unwrap_err();
        assert_eq!((refused.kind, refused.verdict), ("another_token", Verdict::Refused), "{token} {member}");
    }
    for options in ["{}", "", "[]", r#"{"dialogId":"11"}"#, r#"{"dialogId":"chatx"}"#] {
        assert_eq!(
            portal.desk.panel_chat(&opened(APPLICATION, MEMBER, options)).await.unwrap(),
            None,
            "{options}: beside no chat of a line"
        );
    }
}

#[tokio::test]
async fn the_panel_is_beside_the_conversation_that_goes_on_or_was_the_last() {
    let portal = Installed::begin().await;
    let (session, chat, now) = {
        let mut stub = portal.stub.lock();
        let session = stub.open("livechat");
        (session, stub.sessions[&session].chat, stub.now)
    };
    let asked = opened(APPLICATION, MEMBER, &format!(r#"{{"dialogId":"chat{chat}","URI":"/online/"}}"#));
    let asked = RawRequest { received_at: now, ..asked };
    assert_eq!(portal.desk.panel_chat(&asked).await.unwrap(), Some(Beside::Chat(session.to_string())));
    portal.stub.lock().close(session, "operator");
    assert_eq!(
        portal.desk.panel_chat(&asked).await.unwrap(),
        Some(Beside::Chat(session.to_string())),
        "after the close, Bitrix24 names none by itself"
    );
}

#[tokio::test]
async fn of_a_chat_that_was_closed_long_ago_and_is_not_ours_to_read_the_client_is_named() {
    let portal = Installed::begin().await;
    let (chat, later) = {
        let mut stub = portal.stub.lock();
        let session = stub.open("livechat");
        stub.close(session, "operator");
        (stub.sessions[&session].chat, stub.now + 90 * 24 * 3_600_000)
    };
    let asked = RawRequest { received_at: later, ..opened(APPLICATION, MEMBER, &format!(r#"{{"dialogId":"chat{chat}"}}"#)) };
    let beside = portal.desk.panel_chat(&asked).await.unwrap();
    assert_eq!(beside, Some(Beside::Client { id: CLIENT.to_string(), queue: Some(LINE.to_string()) }));
}
