//! What Meta posts for a Page and for an Instagram account, and what is read from it. The requests are in `tests/posts`.

use crate::samples::{AT, PAGE_ID, PSID, digest, from_client, from_us, instagram, messenger, post, read, signed};
use lastword_contract::{Address, Channel, Context, DeliveryStatus, Inbound, InboundKind, Reaction, TextMessage};
use serde_json::{Value, json};

const WEEK: i64 = 7 * 24 * 60 * 60 * 1_000;

/// What is read from the post of this name.
fn on_page(name: &str) -> Vec<Inbound> {
    read(&messenger("http://127.0.0.1:9", json!({})), &post(&format!("page_{name}")))
}

fn on_instagram(name: &str) -> Vec<Inbound> {
    read(&instagram("http://127.0.0.1:9", json!({ "page_id": PAGE_ID })), &post(&format!("instagram_{name}")))
}

fn ann() -> Address {
    Address::chat(PSID)
}

fn at(name: &str, what: InboundKind) -> Inbound {
    Inbound { key: digest(name), order: AT, at: Some(AT), kind: what }
}

fn wrote(key: &str) -> Inbound {
    at(&format!("{key}:wrote"), InboundKind::Wrote { by: ann(), at: AT, window_expires_at: None })
}

fn wrote_after_ad(key: &str) -> Inbound {
    at(&format!("{key}:wrote"), InboundKind::Wrote { by: ann(), at: AT, window_expires_at: Some(AT + WEEK) })
}

fn press(key: &str, token: &str) -> Inbound {
    at(key, InboundKind::Press { token: token.into(), by: ann(), message_id: None, press_id: None })
}

fn said(key: &str, text: &str, context: Context) -> Inbound {
    at(key, InboundKind::Text(TextMessage::new(text, ann()).with_id(key).about(context)))
}

fn reply_to(mid: &str) -> Context {
    Context::ReplyTo(mid.to_owned())
}

fn status(mid: &str, name: &str, key: Option<&str>, status: DeliveryStatus) -> Inbound {
    at(&format!("{mid}:{name}"), InboundKind::Status { message_id: Some(mid.into()), key: key.map(str::to_owned), status })
}

#[track_caller]
fn same(read: &[Inbound], wanted: &[Inbound]) {
    assert!(read == wanted, "read {read:#?} instead of {wanted:#?}");
}

#[track_caller]
fn others(read: &[Inbound], kinds: &[&str]) {
    let shown: Vec<String> = read.iter().map(|event| format!("{:?}", event.kind)).collect();
    assert_eq!(shown, kinds.iter().map(|kind| format!("Other({kind})")).collect::<Vec<_>>());
}

#[test]
fn taps_are_presses_and_the_client_wrote() {
    same(&on_page("quick_reply"), &[press("m_1", "r1_tok_1"), wrote("m_1")]);
    same(&on_page("postback"), &[press("m_2", "r1_tok_0"), wrote("m_2")]);
    let by_time = format!("postback:{PSID}:{AT}");
    same(&on_page("postback_without_mid"), &[press(&by_time, "r1_tok_0"), wrote(&by_time)]);
    same(&on_instagram("quick_reply"), &[press("aWdf1", "r1_tok_0"), wrote("aWdf1")]);
}

#[test]
fn texts_are_texts_and_say_what_they_belong_to() {
    same(&on_page("text"), &[said("m_3", "5, thank you!", reply_to("m_OURS"))]);
    same(&on_page("reply_to_another"), &[said("m_9", "1", reply_to("m_OPERATOR"))]);
    same(&on_page("product_enquiry"), &[said("m_10", "1", Context::Elsewhere("product"))]);
    same(&on_page("share"), &[said("m_11", "1", Context::Elsewhere("attachment"))]);
    same(&on_page("link"), &[said("m_12", "see https://x.example", Context::Own)]);
    same(&on_instagram("story_reply"), &[said("aWdf4", "Nice", Context::Elsewhere("story"))]);
    let unnamed = json!({ "message": { "mid": "m_1", "text": "1", "reply_to": { "is_self_reply": false } } });
    let read = read(&messenger("http://127.0.0.1:9", json!({})), &from_client("page", PAGE_ID, unnamed));
    same(&read, &[said("m_1", "1", Context::Elsewhere("unnamed_message"))]);
}

#[test]
fn a_reaction_names_its_message_and_can_be_taken_back() {
    let reaction = |mid: &str, action: &str, emoji: Option<&str>| {
        let what = Reaction { by: ann(), message_id: mid.into(), emoji: emoji.map(str::to_owned) };
        at(&format!("reaction:{PSID}:{mid}:{AT}:{action}"), InboundKind::Reaction(what))
    };
    let opens = |mid: &str| wrote(&format!("reaction:{PSID}:{mid}:{AT}"));
    same(&on_page("reaction"), &[reaction("m_OURS", "react", Some("😀")), opens("m_OURS")]);
    same(&on_page("dislike"), &[reaction("m_OURS", "react", Some("👎")), opens("m_OURS")]);
    same(&on_page("reaction_taken_back"), &[reaction("m_OURS", "unreact", None)]);
    same(&on_instagram("reaction"), &[reaction("aWdfOURS", "react", Some("❤️")), opens("aWdfOURS")]);
    let channel = messenger("http://127.0.0.1:9", json!({}));
    for (name, emoji) in [("dislike", "👎"), ("like", "👍"), ("other", "")] {
        let part = json!({ "reaction": { "reaction": name, "action": "react", "mid": "m_OURS" } });
        same(&read(&channel, &from_client("page", PAGE_ID, part.clone()))[..1], &[reaction("m_OURS", "react", Some(emoji))]);
        others(&read(&channel, &from_us("page", PAGE_ID, part)), &["reaction"]);
    }
}

#[test]
fn a_changed_and_a_deleted_message_are_named_by_the_id_they_had_and_open_nothing() {
    let edited = |mid: &str, text: &str| at(&format!("{mid}:edit:1"), InboundKind::Edited(TextMessage::new(text, ann()).with_id(mid)));
    same(&on_page("edit"), &[edited("m_3", "4")]);
    same(&on_instagram("edit"), &[edited("aWdf2", "1")]);
    others(&on_instagram("edit_of_nothing"), &["message_edit"]);
    let deleted = InboundKind::Deleted { by: ann(), message_id: "aWdf3".into() };
    same(&on_instagram("deleted"), &[at("aWdf3:deleted", deleted)]);
    let of_ours = from_us("page", PAGE_ID, json!({ "message_edit": { "mid": "m_OURS", "text": "4", "num_edit": 1 } }));
    let channel = messenger("http://127.0.0.1:9", json!({}));
    others(&read(&channel, &of_ours), &["message_edit"]);
    // Instagram posts such events without saying whose they are.
    let mut nobodys = post("page_edit");
    for side in ["sender", "recipient"] {
        nobodys["entry"][0]["messaging"][0].as_object_mut().unwrap().remove(side);
    }
    others(&read(&channel, &nobodys), &["message_edit"]);
}

#[test]
fn half_a_character_costs_no_vote_and_one_unreadable_element_no_neighbour() {
    let channel = messenger("http://127.0.0.1:9", json!({}));
    let good = [press("m_1", "r1_tok_1"), wrote("m_1")];
    let cut = post("page_quick_reply").to_string().replace("👍", r"\ud83d");
    assert!(cut.contains(r"\ud83d"));
    let received = channel.receive(&signed(cut.as_bytes())).map(|received| received.events);
    assert!(received == Ok(good.to_vec()), "{received:?}");
    for list in ["/entry", "/entry/0/messaging"] {
        let mut body = post("page_quick_reply");
        let items = body.pointer_mut(list).and_then(Value::as_array_mut).unwrap();
        items.insert(0, json!("half of one"));
        items.push(json!(7));
        let read = read(&channel, &body);
        assert!(read.len() == 4 && read[1..3] == good, "{list}: {read:?}");
        let kind = format!("unreadable_{}", list.rsplit('/').next().unwrap());
        others(&[read[0].clone(), read[3].clone()], &[&kind, &kind]);
    }
}

#[test]
fn an_advertisement_opens_the_window_for_seven_days() {
    same(&on_page("text_after_an_advertisement"), &[said("m_4", "Hello", Context::Elsewhere("advertisement")), wrote_after_ad("m_4")]);
    same(&on_page("get_started_after_an_advertisement"), &[press("m_5", "GET_STARTED"), wrote_after_ad("m_5")]);
}

#[test]
fn whatever_else_a_client_does_opens_the_window() {
    same(&on_page("image"), &[wrote("m_6")]);
    same(&on_page("referral"), &[wrote(&format!("referral:{PSID}:{AT}"))]);
}

#[test]
fn echoes_prove_that_ours_arrived_and_open_no_window() {
    same(&on_page("echo"), &[status("m_OURS", "echo", Some("dlv_1"), DeliveryStatus::Sent)]);
    same(&on_instagram("echo"), &[status("aWdfOURS", "echo", Some("dlv_1"), DeliveryStatus::Sent)]);
    others(&on_page("echo_of_a_person"), &["message_echo"]);
}

#[test]
fn what_was_delivered_or_seen_is_told_by_message() {
    let delivered = |mid: &str| status(mid, "delivered", None, DeliveryStatus::Delivered);
    same(&on_page("delivery"), &[delivered("m_OURS"), delivered("m_OTHER")]);
    same(&on_instagram("seen"), &[status("aWdfOURS", "read", None, DeliveryStatus::Read)]);
    // A moment instead of messages proves nothing about one of them.
    others(&on_page("delivery_without_mids"), &["delivery"]);
    others(&on_page("read"), &["read"]);
}

#[test]
fn the_form_comes_back_with_its_score_and_what_was_written() {
    let form = |score: u8, comment: Option<&str>| {
        let what = InboundKind::Form { token: "r1_tok_f".into(), by: ann(), score, comment: comment.map(str::to_owned) };
        at(&format!("feedback:{PSID}:r1_tok_f"), what)
    };
    same(&on_page("feedback"), &[form(5, Some("Very good"))]);
    same(&on_page("feedback_as_a_number"), &[form(2, None)]);
    others(&on_page("feedback_of_another_type"), &["feedback_nps"]);
}

#[test]
fn taps_in_threads_that_another_app_holds_count() {
    let by_time = format!("postback:{PSID}:{AT}");
    same(&on_page("standby"), &[press("m_8", "r1_tok_1"), wrote("m_8"), wrote(&by_time)]);
}

#[test]
fn what_means_nothing_to_us_is_kept() {
    others(&on_page("policy_enforcement"), &["policy_enforcement_block"]);
    others(&on_page("feed"), &["feed"]);
    others(&on_page("other_page"), &["other_account"]);
}

#[test]
fn instagram_takes_either_object_and_goes_by_who_was_written_to() {
    same(&on_instagram("quick_reply_as_page"), &[press("aWdf1", "r1_tok_0"), wrote("aWdf1")]);
    same(&on_instagram("text_to_the_page"), &[said("aWdf2", "4", Context::Own)]);
    let alone = instagram("http://127.0.0.1:9", json!({}));
    others(&read(&alone, &post("instagram_text_to_the_page")), &["other_account"]);
    others(&read(&alone, &post("whatsapp_text")), &["other_object"]);
}

#[test]
fn many_entries_are_read_in_order_and_an_odd_one_spoils_none() {
    let read = on_page("many");
    let kinds: Vec<String> = read.iter().map(|event| format!("{:?}", event.kind)).collect();
    let wanted =
        ["Press(…)", "Wrote(…)", "Text(own)", "Status(Delivered)", "Other(odd)", "Other(unreadable_messaging)", "Other(other_account)"];
    assert_eq!(kinds, wanted);
    let mut keys: Vec<&str> = read.iter().map(|event| event.key.as_str()).collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), read.len(), "one key, one event");
}
