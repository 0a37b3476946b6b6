//! Accounts in other languages than English, and payloads of older releases.

use crate::desk::{MORNING, chatwoot};
use crate::stub::{Inside, Stub, signed};
use lastword_chatwoot::Chatwoot;
use lastword_contract::{CloseBy, Desk, DeskEvent, DeskEventKind, Verdict};
use serde_json::{Value, json};

/// What may stand in an account's notes. No wording here is Chatwoot's, and none matters: any other would be read alike.
struct Words {
    closed_by: &'static str,
    closed_by_client: &'static str,
    closed_by_silence: &'static str,
    opened_by: &'static str,
    opened: &'static str,
    rules: &'static str,
}

const fn words(of: [&'static str; 6]) -> Words {
    let [closed_by, closed_by_client, closed_by_silence, opened_by, opened, rules] = of;
    Words { closed_by, closed_by_client, closed_by_silence, opened_by, opened, rules }
}

const LANGUAGES: [Words; 11] = [
    words([
        "{} macht den Deckel drauf",
        "{} hat genug gehört",
        "Seit {} Tagen kein Mucks, also Schluss",
        "{} rollt alles neu auf",
        "Post ist da, weiter geht es",
        "Annahmeregeln",
    ]),
    words([
        "Carpetazo a cargo de {}",
        "{} se despide y ya está",
        "Nada en {} días: fuera",
        "{} vuelve a la carga",
        "Hay carta nueva, seguimos",
        "Robot de normas",
    ]),
    words([
        "{} ставит точку",
        "{} говорит: хватит",
        "Тишина уже {} дня, конец",
        "{} берётся за старое",
        "Пришло письмо, едем дальше",
        "Свод правил",
    ]),
    // The words for a close by the client say "opened again".
    words(["这事由{}了结", "{}又把它打开了", "安静了{}天,到此为止", "{}又把它打开了", "来信了,继续聊", "规则机器"]),
    words([
        "{}さんがけりをつけた",
        "{}さんはもう結構とのこと",
        "{}日間も静かなので終わり",
        "{}さんが蒸し返した",
        "便りが来たので続行",
        "規則係",
    ]),
    words([
        "وضع {} نقطة هنا",
        "اكتفى {} وشكرنا",
        "سكون دام {} أيام فانتهت الحكاية",
        "رجع {} إلى الحكاية",
        "جاء خطاب فلنكمل",
        "آلة القواعد",
    ]),
    words(["{} שם כאן נקודה", "{} אומר די", "שקט כבר {} ימים, סוף", "{} חוזר לעניין", "הגיע מכתב, ממשיכים", "מכונת הכללים"]),
    words([
        "{} bu işe nokta koydu",
        "{} artık yeter diyor",
        "{} gündür ses yok, bitti",
        "{} konuyu yine ele aldı",
        "Mektup geldi, devam",
        "Kural makinesi",
    ]),
    words(["{}님이 끝맺음", "{}님이 그만이라고 함", "{}일째 조용해서 끝", "{}님이 도로 펼침", "편지가 와서 계속", "규칙 기계"]),
    // English where a text is not translated.
    words([
        "{} knoopt het dicht",
        "Conversation was resolved by {}",
        "Conversation was marked resolved by system due to {} days of inactivity",
        "Conversation was reopened by {}",
        "Er is post, we gaan door",
        "Regelmachine",
    ]),
    words([
        "Conversation was marked resolved by {}",
        "{} a eu ce qu'il fallait",
        "Plus un mot depuis {} jours, rideau",
        "{} remet ça",
        "System reopened the conversation due to a new incoming message.",
        "Machine à règles",
    ]),
];

const DAYS: i64 = 3 * 24 * 3_600_000;

async fn read(desk: &Chatwoot, told_at: i64) -> Vec<DeskEvent> {
    desk.read("1", told_at, told_at + 4_000).await.unwrap()
}

/// A conversation that Ann has answered and is responsible for.
async fn conversation(words: &Words) -> Stub {
    let mut inside = Inside::at(MORNING);
    inside.said_of_opening = words.opened;
    let stub = Stub::start(inside).await;
    stub.lock().open("Channel::WebWidget");
    stub
}

/// Who closed, who exactly, and who is credited.
type By<'a> = (CloseBy, Option<&'a str>, Vec<&'a str>);

fn by(event: &DeskEvent) -> By<'_> {
    match &event.kind {
        DeskEventKind::Closed(closing) => {
            let credited = closing.chat.operators.iter().map(|one| one.id.as_str()).collect();
            (closing.by, closing.by_person.as_ref().map(|person| person.id.as_str()), credited)
        }
        other => panic!("{other:?}"),
    }
}

/// One status follows another, and what is written down follows it.
fn change(stub: &Stub, status: &'static str, said: &str, name: &str) -> i64 {
    let mut stub = stub.lock();
    let at = stub.tick();
    stub.set_status(1, status, &said.replace("{}", name));
    stub.run_jobs();
    at
}

#[tokio::test]
async fn who_closed_is_known_in_languages_without_words() {
    for words in &LANGUAGES {
        for (said, name, waits, closer, person) in [
            (words.closed_by, "Ann", 0, CloseBy::Operator, Some("1")),
            (words.closed_by, "ANN", DAYS, CloseBy::Operator, Some("1")),
            // Nobody in the conversation has this name, and Ann is responsible for it.
            (words.closed_by, "Zoe Quill 9", DAYS, CloseBy::Operator, Some("7")),
            (words.closed_by, "\u{2068}zoe quill 9\u{2069}", 0, CloseBy::Operator, Some("7")),
            (words.closed_by, words.rules, 0, CloseBy::Operator, None),
            (words.closed_by, words.rules, DAYS, CloseBy::Operator, None),
            (words.closed_by, "Automation System", DAYS, CloseBy::Forced, None),
            (words.closed_by, "Annette 5", 0, CloseBy::Operator, None),
            (words.closed_by_client, "Jane", 0, CloseBy::Client, None),
            (words.closed_by_client, "JANE", DAYS, CloseBy::Client, None),
            (words.closed_by_silence, "3", DAYS, CloseBy::Timeout, None),
            (words.closed_by_silence, "0", 0, CloseBy::Bot, None),
        ] {
            let stub = conversation(words).await;
            stub.lock().now += waits;
            let at = change(&stub, "resolved", said, name);
            let events = read(&chatwoot(&stub.url()), at).await;
            assert_eq!(by(&events[0]), (closer, person, vec!["1"]), "{said} {name}");
            assert_eq!((events.len(), events[0].at), (1, at), "{said} {name}");
        }
    }
}

#[tokio::test]
async fn each_close_credits_its_own_and_every_reopening_is_seen() {
    for words in &LANGUAGES {
        // How it is opened again, and how it is closed then.
        for (restarts, by_client, said, name, closer, person) in [
            (true, false, words.closed_by, "Ben", CloseBy::Operator, Some("2")),
            (false, false, words.closed_by_silence, "3", CloseBy::Timeout, None),
            (false, false, words.closed_by_client, "Jane", CloseBy::Client, None),
            (true, true, words.closed_by, "Ben", CloseBy::Operator, Some("2")),
            (true, true, words.closed_by_silence, "3", CloseBy::Timeout, None),
            (true, true, words.closed_by_client, "Jane", CloseBy::Client, None),
        ] {
            let case = format!("{said} {by_client}");
            let stub = conversation(words).await;
            let mut desk = chatwoot(&stub.url());
            let first = change(&stub, "resolved", words.closed_by, "Ann");
            let key = read(&desk, first).await[0].key.clone();
            stub.lock().now += DAYS;
            let again = if by_client {
                stub.lock().says(1, "client", "One more thing");
                stub.lock().run_jobs();
                stub.lock().now
            } else {
                change(&stub, "open", words.opened_by, "Ann")
            };
            let reopened = read(&desk, again).await;
            assert!(matches!(reopened[0].kind, DeskEventKind::Reopened) && reopened[0].at > first, "{case}: {reopened:?}");
            stub.lock().says(1, "ben", "And now?");
            stub.lock().now += DAYS;
            let second = change(&stub, "resolved", said, name);
            if restarts {
                desk = chatwoot(&stub.url());
            }
            let events = read(&desk, second).await;
            assert_eq!((by(&events[0]), events[0].at), ((closer, person, vec!["2"]), second), "{case}");
            assert_ne!(events[0].key, key, "{case}");
            // Found later, it is the same close.
            let later = desk.read("1", second + DAYS, second + 2 * DAYS).await.unwrap();
            assert_eq!(later[0].key, events[0].key, "{case}");
        }
    }
}

/// A conversation as a release of 2023 posted it: the time of its last change is not in it, and nothing says what changed.
fn of_2023(event: &str) -> Value {
    json!({
        "event": event, "id": 1, "inbox_id": 3, "status": "resolved", "channel": "Channel::WebWidget", "can_reply": true,
        "additional_attributes": {}, "custom_attributes": {}, "labels": [], "messages": [], "snoozed_until": null, "unread_count": 0,
        "meta": { "sender": { "id": 8, "name": "Jane", "type": "contact" }, "assignee": null, "hmac_verified": false },
        "agent_last_seen_at": 0, "contact_last_seen_at": 0, "created_at": MORNING / 1_000 - 90_000, "timestamp": MORNING / 1_000 - 80_000,
        "changed_attributes": null, "account": { "id": 1, "name": "Acme" },
    })
}

#[tokio::test]
async fn a_close_whose_time_is_not_told_is_waited_for() {
    let stub = Stub::start(Inside::at(MORNING)).await;
    let desk = chatwoot(&stub.url());
    let heard = desk.receive(&signed(of_2023("conversation_status_changed").to_string().as_bytes(), MORNING)).unwrap();
    assert!(matches!(heard.events[0].kind, DeskEventKind::Changed { .. }));
    assert_eq!(heard.events[0].at, MORNING, "the last message, a day ago, is no time of the close");
    stub.lock().open("Channel::WebWidget");
    let told_at = stub.lock().tick();
    stub.lock().set_status(1, "resolved", "Ann macht den Deckel drauf");
    let early = desk.read("1", told_at, told_at + 100).await.unwrap_err();
    assert_eq!((early.kind, matches!(early.verdict, Verdict::RetryAfter(_))), ("not_yet", true));
}

#[test]
fn what_rules_of_automation_post_has_the_conversation_read() {
    let desk = chatwoot("https://chat.example.com");
    let kind = |event: &str| {
        let heard = desk.receive(&signed(of_2023(event).to_string().as_bytes(), MORNING)).unwrap();
        (heard.events[0].session.clone(), heard.events[0].kind.clone())
    };
    for event in ["automation_event.conversation_resolved", "automation_event.conversation_updated", "automation_event.conversation_opened"]
    {
        let (session, what) = kind(event);
        assert!(session == "1" && matches!(what, DeskEventKind::Changed { .. }), "{event}: {what:?}");
    }
    assert!(matches!(kind("automation_event.message_created").1, DeskEventKind::Other { .. }));
}

#[test]
fn names_are_told_as_people_read_them() {
    let mut body = of_2023("conversation_created");
    body["status"] = json!("open");
    body["meta"]["sender"]["name"] = json!("Joe &amp; Ann");
    let heard = chatwoot("https://chat.example.com").receive(&signed(body.to_string().as_bytes(), MORNING)).unwrap();
    match &heard.events[0].kind {
        DeskEventKind::Opened(chat) => assert_eq!(chat.client_name.as_deref(), Some("Joe & Ann")),
        other => panic!("{other:?}"),
    }
}
