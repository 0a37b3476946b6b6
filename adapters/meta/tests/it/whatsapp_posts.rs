//! What Meta posts for a WhatsApp number, and what is read from it. The requests are in `tests/posts`.

use crate::samples::{AT, AT_SECS, CLIENT, CLIENT_ID, digest, from_whatsapp, post, read, signed, whatsapp, whatsapp_message};
use lastword_contract::{Address, Channel, Context, DeliveryStatus, Inbound, InboundKind, Reaction, TextMessage, Verdict};
use lastword_meta::WhatsApp;
use serde_json::{Value, json};

fn number() -> WhatsApp {
    whatsapp("http://127.0.0.1:9", json!({}))
}

/// What is read from the post of this name.
fn events(name: &str) -> Vec<Inbound> {
    read(&number(), &post(&format!("whatsapp_{name}")))
}

fn ann() -> Address {
    Address { chat: CLIENT.into(), user: Some(CLIENT_ID.into()), via: None }
}

fn at(name: &str, what: InboundKind) -> Inbound {
    Inbound { key: digest(name), order: AT, at: Some(AT), kind: what }
}

fn wrote(id: &str, by: Address) -> Inbound {
    at(&format!("{id}:wrote"), InboundKind::Wrote { by, at: AT, window_expires_at: None })
}

fn press(id: &str, token: &str, message_id: Option<&str>) -> Inbound {
    at(id, InboundKind::Press { token: token.into(), by: ann(), message_id: message_id.map(str::to_owned), press_id: None })
}

fn other(id: &str, kind: &str) -> Inbound {
    at(id, InboundKind::Other { kind: kind.into() })
}

#[track_caller]
fn same(read: &[Inbound], wanted: &[Inbound]) {
    assert!(read == wanted, "read {read:#?} instead of {wanted:#?}");
}

#[test]
fn taps_are_presses_and_the_client_wrote() {
    same(&events("button_reply"), &[press("wamid.1", "r1_tok_1", Some("wamid.OURS")), wrote("wamid.1", ann())]);
    same(&events("list_reply"), &[press("wamid.2", "r1_tok_4", Some("wamid.OURS")), wrote("wamid.2", ann())]);
    // A template's button may come without its context: the token is enough.
    same(&events("template_button"), &[press("wamid.3", "r1_tok_0", None), wrote("wamid.3", ann())]);
}

fn said(id: &str, text: &str, by: Address, context: Context) -> Inbound {
    at(id, InboundKind::Text(TextMessage::new(text, by).with_id(id).about(context)))
}

#[test]
fn texts_are_texts_and_say_themselves_that_the_client_wrote() {
    same(&events("text"), &[said("wamid.4", "5, thank you!", ann(), Context::ReplyTo("wamid.OURS".into()))]);
    let alone = from_whatsapp(whatsapp_message("wamid.1", "text", json!({ "body": "5" })));
    same(&read(&number(), &alone), &[said("wamid.1", "5", ann(), Context::Own)]);
    for context in [json!(null), json!({}), json!({ "forwarded": false }), json!({ "id": "", "from": "" })] {
        let mut message = whatsapp_message("wamid.1", "text", json!({ "body": "5" }));
        message["context"] = context.clone();
        same(&read(&number(), &from_whatsapp(message)), &[said("wamid.1", "5", ann(), Context::Own)]);
    }
}

#[test]
fn a_text_says_what_else_it_belongs_to() {
    let to_an_operator = Context::ReplyTo("wamid.of_an_operator".into());
    same(&events("text_to_an_operator"), &[said("wamid.21", "1", ann(), to_an_operator)]);
    for (name, id, text, word) in [
        ("forwarded", "wamid.22", "1", "forwarded"),
        ("forwarded_often", "wamid.23", "1", "forwarded"),
        ("product_enquiry", "wamid.24", "1", "product"),
        ("text_after_an_advertisement", "wamid.15", "Hello", "advertisement"),
        ("image_with_caption", "wamid.8", "Look at this", "media"),
    ] {
        same(&events(name), &[said(id, text, ann(), Context::Elsewhere(word))]);
    }
    let mut unnamed = whatsapp_message("wamid.1", "text", json!({ "body": "5" }));
    unnamed["context"] = json!({ "from": "15550783881" });
    same(&read(&number(), &from_whatsapp(unnamed)), &[said("wamid.1", "5", ann(), Context::Elsewhere("unnamed_message"))]);
    let mut button = whatsapp_message("wamid.1", "button", json!({ "text": "👍" }));
    button["context"] = json!({ "from": "15550783881", "id": "wamid.OURS" });
    same(&read(&number(), &from_whatsapp(button))[..1], &[said("wamid.1", "👍", ann(), Context::ReplyTo("wamid.OURS".into()))]);
}

#[test]
fn a_reaction_names_its_message_and_can_be_taken_back() {
    let reaction = |id: &str, emoji: Option<&str>| {
        let emoji = emoji.map(str::to_owned);
        at(id, InboundKind::Reaction(Reaction { by: ann(), message_id: "wamid.OURS".into(), emoji }))
    };
    same(&events("reaction"), &[reaction("wamid.9", Some("👍")), wrote("wamid.9", ann())]);
    same(&events("reaction_taken_back"), &[reaction("wamid.10", None)]);
    let mut empty = post("whatsapp_reaction");
    empty["entry"][0]["changes"][0]["value"]["messages"][0]["reaction"]["emoji"] = json!("");
    same(&read(&number(), &empty), &[reaction("wamid.9", None)]);
}

#[test]
fn a_changed_and_a_deleted_message_are_named_by_the_id_they_had_and_open_nothing() {
    let edited = |id: &str, text: &str, original: &str| at(id, InboundKind::Edited(TextMessage::new(text, ann()).with_id(original)));
    same(&events("edit"), &[edited("wamid.18", "1, no thanks", "wamid.4")]);
    same(&events("edit_of_a_caption"), &[edited("wamid.19", "Look at that", "wamid.8")]);
    let deleted = InboundKind::Deleted { by: ann(), message_id: "wamid.4".into() };
    same(&events("revoke"), &[at("wamid.20", deleted)]);
    // For most numbers the platform says only that something was changed, and not what.
    same(&events("unsupported"), &[other("wamid.12", "unsupported_edit")]);
    for (kind, part) in [("edit", json!({ "original_message_id": "wamid.4", "message": { "type": "audio" } })), ("revoke", json!({}))] {
        same(&read(&number(), &from_whatsapp(whatsapp_message("wamid.1", kind, part))), &[other("wamid.1", kind)]);
    }
}

#[test]
fn a_client_without_a_number_is_known_by_the_id_of_their_own() {
    let hi = |id: &str, by: Address| said(id, "Hi", by, Context::Own);
    same(&events("text_with_a_phone_number_in_the_contact_alone"), &[hi("wamid.5", ann())]);
    let scoped = Address { chat: CLIENT_ID.into(), user: Some(CLIENT_ID.into()), via: None };
    same(&events("text_without_a_phone_number"), &[hi("wamid.6", scoped.clone())]);
    assert!(Address::chat(CLIENT_ID).admits(&scoped) && Address::chat(CLIENT_ID).admits(&ann()));
}

#[test]
fn whatever_else_a_client_sends_opens_the_window() {
    for (name, id) in [("image", "wamid.7"), ("flow_reply", "wamid.11")] {
        same(&events(name), &[wrote(id, ann())]);
    }
    for kind in ["audio", "video", "document", "sticker", "location", "contacts", "order", "unsupported", "kind_of_tomorrow"] {
        same(&read(&number(), &from_whatsapp(whatsapp_message("wamid.1", kind, json!({ "id": "1" })))), &[wrote("wamid.1", ann())]);
    }
}

#[test]
fn what_is_no_message_of_a_clients_opens_nothing() {
    same(&events("welcome"), &[other("wamid.13", "request_welcome")]);
    same(&events("group_text"), &[other("wamid.14", "text")]);
    for (kind, part) in
        [("reaction", json!({ "message_id": "wamid.OURS", "emoji": "👎" })), ("revoke", json!({ "original_message_id": "wamid.4" }))]
    {
        let mut message = whatsapp_message("wamid.1", kind, part);
        message["group_id"] = json!("HBgLMTY0NjcwNDM1OTU");
        same(&read(&number(), &from_whatsapp(message)), &[other("wamid.1", kind)]);
    }
    // What an operator wrote on the phone.
    let echo = events("echo_of_the_phone");
    assert!(echo.len() == 1 && echo[0].kind == InboundKind::Other { kind: "smb_message_echoes".into() }, "{echo:?}");
}

#[test]
fn half_a_character_in_a_name_costs_no_vote() {
    let body = post("whatsapp_button_reply").to_string().replace("\"Ann\"", r#""Jane \ud83d""#);
    assert!(body.contains(r"\ud83d"));
    let read = number().receive(&signed(body.as_bytes())).map(|received| received.events);
    assert!(read == Ok(vec![press("wamid.1", "r1_tok_1", Some("wamid.OURS")), wrote("wamid.1", ann())]), "{read:?}");
    let comment = post("whatsapp_text").to_string().replace("5, thank you!", r"5, thanks \udc4d");
    let read = number().receive(&signed(comment.as_bytes())).map(|received| received.events);
    let said = said("wamid.4", "5, thanks \u{fffd}", ann(), Context::ReplyTo("wamid.OURS".into()));
    assert!(read == Ok(vec![said]), "{read:?}");
}

#[test]
fn one_unreadable_element_costs_no_neighbour() {
    let body = post("whatsapp_button_reply");
    let good = [press("wamid.1", "r1_tok_1", Some("wamid.OURS")), wrote("wamid.1", ann())];
    for list in ["/entry", "/entry/0/changes", "/entry/0/changes/0/value/messages"] {
        for odd in [json!(null), json!(7), json!("half of one"), json!([])] {
            let mut body = body.clone();
            let items = body.pointer_mut(list).and_then(Value::as_array_mut).unwrap();
            items.insert(0, odd.clone());
            items.push(odd);
            let read = read(&number(), &body);
            assert!(read.len() == 4 && read[1..3] == good, "{list}: {read:?}");
            let kind = format!("unreadable_{}", list.rsplit('/').next().unwrap());
            assert!(read[0].kind == InboundKind::Other { kind: kind.clone() } && read[3].kind == InboundKind::Other { kind }, "{read:?}");
        }
    }
    let mut nameless = post("whatsapp_button_reply");
    nameless["entry"][0]["changes"][0]["value"]["messages"][0]["id"] = json!({});
    nameless["entry"][0]["changes"][0]["value"]["statuses"] = json!("none");
    let kinds: Vec<String> = read(&number(), &nameless).iter().map(|event| format!("{:?}", event.kind)).collect();
    assert_eq!(kinds, ["Other(unreadable_messages)", "Other(unreadable_statuses)"]);
}

#[test]
fn a_new_number_or_id_moves_the_client() {
    let moved = |from: &str, to: &str| InboundKind::Moved { from: Address::chat(from), to: Address::chat(to) };
    same(&events("number_changed"), &[at("wamid.16", moved(CLIENT, "15557654321"))]);
    same(&events("id_changed"), &[at("wamid.17", moved(CLIENT_ID, "US.777"))]);
    same(&events("id_update"), &[at(&format!("user_id_update:{CLIENT_ID}:US.777"), moved(CLIENT_ID, "US.777"))]);
}

#[test]
fn statuses_carry_our_key() {
    let status = |name: &str, status| {
        at(&format!("wamid.OURS:{name}"), InboundKind::Status { message_id: Some("wamid.OURS".into()), key: Some("dlv_1".into()), status })
    };
    same(
        &events("statuses"),
        &[
            status("sent", DeliveryStatus::Sent),
            status("delivered", DeliveryStatus::Delivered),
            status("read", DeliveryStatus::Read),
            status("played", DeliveryStatus::Read),
        ],
    );
    let named = InboundKind::Status { message_id: Some("wamid.OURS".into()), key: None, status: DeliveryStatus::Delivered };
    same(&events("status_without_our_key"), &[at("wamid.OURS:delivered", named)]);
}

#[test]
fn a_failed_status_says_why_and_not_who() {
    let read = events("status_failed");
    let [Inbound { kind: InboundKind::Status { key, status: DeliveryStatus::Failed(error), .. }, .. }] = read.as_slice() else {
        panic!("read {read:?}")
    };
    assert_eq!((key.as_deref(), error.kind, error.verdict), (Some("dlv_1"), "window_shut", Verdict::WindowShut));
    assert!(error.detail.contains("24 hours") && !error.detail.contains(CLIENT), "{}", error.detail);
}

#[test]
fn every_code_of_a_failed_status_has_its_verdict() {
    let failed = |code: i64| {
        let errors = json!([{ "code": code, "title": "…", "message": "…", "error_data": { "details": "…" } }]);
        let mut body = post("whatsapp_status_failed");
        body["entry"][0]["changes"][0]["value"]["statuses"][0]["errors"] = errors;
        match read(&number(), &body).remove(0).kind {
            InboundKind::Status { status: DeliveryStatus::Failed(error), .. } => error,
            other => panic!("read {other:?}"),
        }
    };
    for (code, kind, verdict) in crate::errors::WHATSAPP_CODES {
        let error = failed(*code);
        assert_eq!((error.kind, error.verdict), (*kind, *verdict), "code {code}");
    }
}

#[test]
fn what_happens_to_other_numbers_of_the_app_is_not_ours() {
    let read = events("other_number");
    assert_eq!(read.len(), 1);
    assert!(read[0].kind == InboundKind::Other { kind: "other_number".into() }, "{read:?}");
}

#[test]
fn many_entries_are_read_in_order_each_with_a_key_of_its_own() {
    let read = events("many");
    let kinds: Vec<String> = read.iter().map(|event| format!("{:?}", event.kind)).collect();
    let wanted = ["Press(…)", "Wrote(…)", "Text(own)", "Status(Read)", "Other(message_template_status_update)", "Other(other_number)"];
    assert_eq!(kinds, wanted);
    let mut keys: Vec<&str> = read.iter().map(|event| event.key.as_str()).collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), read.len(), "one key, one event");
}

#[test]
fn many_entries_with_one_wrong_byte_are_taken_by_none() {
    let body = post("whatsapp_many").to_string().into_bytes();
    let mut cut = signed(&body);
    cut.body.truncate(body.len() - 1);
    assert!(number().receive(&cut).is_err(), "the signature is over all of it");
    assert!(number().receive(&signed(&body[..body.len() - 1])).is_err(), "half a request is no request");
}

#[test]
fn what_is_too_old_to_be_redelivered_means_nothing() {
    let day = 24 * 60 * 60;
    let message = |age: i64| {
        let mut message = whatsapp_message("wamid.1", "text", json!({ "body": "5" }));
        message["timestamp"] = Value::String((AT_SECS - age).to_string());
        read(&number(), &from_whatsapp(message)).remove(0)
    };
    assert!(matches!(message(7 * day).kind, InboundKind::Text(_)), "Meta repeats for seven days");
    assert!(message(8 * day).kind == InboundKind::Other { kind: "stale".into() });
    assert_eq!(message(9 * day).key, digest("wamid.1"), "it is kept under the same key");
}

#[test]
fn an_odd_time_costs_no_press() {
    for time in [json!(null), json!("soon"), json!(99_999_999_999_999_999_i64), json!(AT_SECS)] {
        let mut message = whatsapp_message("wamid.1", "button", json!({ "payload": "r1_tok_1", "text": "👍" }));
        message["timestamp"] = time.clone();
        let read = read(&number(), &from_whatsapp(message));
        assert!(matches!(&read[0].kind, InboundKind::Press { token, .. } if token == "r1_tok_1"), "{time}");
    }
}
