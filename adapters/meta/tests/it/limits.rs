//! Every documented limit: what is too long is shortened, what cannot be is refused, before anything leaves.

use crate::{
    samples::{CLIENT, PSID, choice, feedback, instagram, linked, messenger, question, templates, text, thanks, whatsapp},
    stub::Stub,
};
use lastword_contract::{Address, Channel, Choice, ChoiceKind, CommentBox, Outgoing, Purpose, Scale, Verdict};
use serde_json::{Value, json};
use std::collections::HashSet;

/// Far beyond every limit of a text, with characters of several lengths.
fn long() -> String {
    "Ünï 👩‍💻 評価 ".repeat(1_000)
}

fn utf16(text: &Value) -> usize {
    text.as_str().unwrap().encode_utf16().count()
}

/// Choices with these labels.
fn choices(labels: &[&str]) -> Vec<Choice> {
    labels.iter().enumerate().map(|(n, label)| choice(label, &format!("r1_tok_c{n}"), ChoiceKind::Reason)).collect()
}

fn many(n: usize) -> Vec<Choice> {
    (0..n).map(|n| choice(&format!("Reason {n}"), &format!("r1_tok_c{n}"), ChoiceKind::Reason)).collect()
}

fn settle(to: &str, choices: Vec<Choice>) -> Outgoing {
    Outgoing { purpose: Purpose::Settle, choices, ..text(to, "What went wrong?") }
}

async fn sent(stub: &Stub, channel: &dyn Channel, outgoing: &Outgoing) -> Value {
    channel.send(outgoing).await.unwrap();
    stub.sends().pop().unwrap().body
}

async fn refused(stub: &Stub, channel: &dyn Channel, outgoing: &Outgoing, kind: &str, verdict: Verdict) {
    let error = channel.send(outgoing).await.expect_err(kind);
    assert_eq!((error.kind, error.verdict), (kind, verdict));
    assert!(stub.log().is_empty(), "{kind}: something left us");
}

#[tokio::test]
async fn texts_are_shortened_to_each_forms_limit() {
    let stub = Stub::start().await;
    let base_url = stub.base_url();
    let on_whatsapp = whatsapp(&base_url, json!({ "direct_send": true }));
    let said = |outgoing: Outgoing| Outgoing { text: long(), ..outgoing };

    let body = sent(&stub, &on_whatsapp, &said(text(CLIENT, ""))).await;
    assert!((4_000..=4_096).contains(&utf16(&body["text"]["body"])));
    for scale in [Scale::Binary, Scale::FiveStar] {
        let body = sent(&stub, &on_whatsapp, &said(question(CLIENT, scale))).await;
        assert!((1_000..=1_024).contains(&utf16(&body["interactive"]["body"]["text"])), "{scale:?}");
    }
    let outside = Outgoing { outside_window: true, ..said(question(CLIENT, Scale::Binary)) };
    let body = sent(&stub, &on_whatsapp, &outside).await;
    assert!(utf16(&body["interactive"]["body"]["text"]) <= 1_024);

    let body = sent(&stub, &messenger(&base_url, json!({})), &said(question(PSID, Scale::Binary))).await;
    assert!((1_950..=2_000).contains(&utf16(&body["message"]["text"])));
    let staying = messenger(&base_url, json!({ "buttons": "template" }));
    let body = sent(&stub, &staying, &said(question(PSID, Scale::Binary))).await;
    assert!((600..=640).contains(&utf16(&body["message"]["attachment"]["payload"]["text"])));

    let body = sent(&stub, &instagram(&base_url, json!({})), &said(question(PSID, Scale::FiveStar))).await;
    let shown = body["message"]["text"].as_str().unwrap();
    assert!((950..1_000).contains(&shown.len()), "fewer than 1000 bytes, not {}", shown.len());
    assert!(shown.ends_with("…\n\n5 = ★★★★★\n4 = ★★★★\n3 = ★★★\n2 = ★★\n1 = ★"), "the numbers stay: {shown}");
}

#[tokio::test]
async fn what_stands_below_a_long_text_stays() {
    let stub = Stub::start().await;
    let comment = CommentBox { label: "Write to tell us more.".into(), token: "r1_tok_t".into(), max_chars: 2_000 };
    let outgoing = Outgoing { comment: Some(comment), text: long(), ..thanks(CLIENT) };
    let body = sent(&stub, &whatsapp(&stub.base_url(), json!({})), &outgoing).await;
    let shown = body["interactive"]["body"]["text"].as_str().unwrap();
    assert!(shown.ends_with("…\n\nWrite to tell us more.") && shown.encode_utf16().count() <= 1_024);
    let links = instagram(&stub.base_url(), json!({ "sharing": "links" }));
    let body = sent(&stub, &links, &linked(Outgoing { text: long(), ..question(PSID, Scale::FiveStar) })).await;
    let shown = body["message"]["text"].as_str().unwrap();
    assert!(shown.len() < 1_000 && shown.ends_with("★ https://rate.example/r/r1_tok_1"), "links are never cut: {shown}");
}

#[tokio::test]
async fn links_that_leave_no_room_are_refused() {
    let stub = Stub::start().await;
    let mut outgoing = linked(question(PSID, Scale::FiveStar));
    outgoing.choices.iter_mut().for_each(|choice| choice.link = Some(format!("https://rate.example/{}", "x".repeat(200))));
    let links = instagram(&stub.base_url(), json!({ "sharing": "links" }));
    refused(&stub, &links, &outgoing, "text_too_long", Verdict::Refused).await;
    refused(&stub, &links, &question(PSID, Scale::FiveStar), "no_link", Verdict::Refused).await;
}

#[tokio::test]
async fn three_choices_are_buttons_and_four_a_list_on_whatsapp() {
    let stub = Stub::start().await;
    let channel = whatsapp(&stub.base_url(), json!({}));
    for (n, form) in [(1, "button"), (3, "button"), (4, "list"), (10, "list")] {
        let body = sent(&stub, &channel, &settle(CLIENT, many(n))).await;
        assert_eq!(body["interactive"]["type"], form, "{n} choices");
    }
}

#[tokio::test]
async fn more_choices_than_a_form_takes_are_refused() {
    let stub = Stub::start().await;
    let base_url = stub.base_url();
    refused(&stub, &whatsapp(&base_url, json!({})), &settle(CLIENT, many(11)), "too_many_choices", Verdict::Refused).await;
    refused(&stub, &messenger(&base_url, json!({})), &settle(PSID, many(14)), "too_many_choices", Verdict::Refused).await;
    refused(&stub, &instagram(&base_url, json!({})), &settle(PSID, many(14)), "too_many_choices", Verdict::Refused).await;
    let outside = Outgoing { outside_window: true, choices: many(11), ..question(CLIENT, Scale::Binary) };
    refused(&stub, &whatsapp(&base_url, templates()), &outside, "too_many_choices", Verdict::Refused).await;
}

#[tokio::test]
async fn titles_are_short_unique_and_never_empty() {
    let stub = Stub::start().await;
    let base_url = stub.base_url();
    let labels =
        ["A reason that is much too long for it", "A reason that is much too long for that", "", "Slow", "Slow", "👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻", " "];
    let check = |titles: Vec<String>, max: usize| {
        assert!(titles.iter().all(|title| !title.trim().is_empty() && title.encode_utf16().count() <= max), "{titles:?}");
        assert_eq!(titles.iter().collect::<HashSet<_>>().len(), titles.len(), "{titles:?}");
    };
    let titles = |list: &Value, path: &str| -> Vec<String> {
        list.as_array().unwrap().iter().map(|one| one.pointer(path).unwrap().as_str().unwrap().to_owned()).collect()
    };
    let on_whatsapp = whatsapp(&base_url, json!({}));
    let body = sent(&stub, &on_whatsapp, &settle(CLIENT, choices(&labels))).await;
    let rows = &body["interactive"]["action"]["sections"][0]["rows"];
    check(titles(rows, "/title"), 24);
    assert_eq!(rows[0]["description"], labels[0], "the whole label stands below its short form");
    assert!(rows[3].get("description").is_none(), "a label that fits is said once");
    for three in labels.chunks(3) {
        let body = sent(&stub, &on_whatsapp, &settle(CLIENT, choices(three))).await;
        check(titles(&body["interactive"]["action"]["buttons"], "/reply/title"), 20);
    }
    let body = sent(&stub, &messenger(&base_url, json!({})), &settle(PSID, choices(&labels))).await;
    check(titles(&body["message"]["quick_replies"], "/title"), 20);
    let body = sent(&stub, &messenger(&base_url, json!({ "buttons": "template" })), &settle(PSID, choices(&labels[..3]))).await;
    check(titles(&body["message"]["attachment"]["payload"]["buttons"], "/title"), 20);
}

#[tokio::test]
async fn a_rows_description_is_shortened() {
    let stub = Stub::start().await;
    let label = "x".repeat(100);
    let body = sent(&stub, &whatsapp(&stub.base_url(), json!({})), &settle(CLIENT, choices(&[&label, "b", "c", "d"]))).await;
    assert_eq!(utf16(&body["interactive"]["action"]["sections"][0]["rows"][0]["description"]), 72);
}

#[tokio::test]
async fn tokens_are_never_cut() {
    let stub = Stub::start().await;
    let base_url = stub.base_url();
    let with = |to: &str, n: usize, length: usize| {
        let mut choices = many(n);
        choices[0].token = "t".repeat(length);
        settle(to, choices)
    };
    let on_whatsapp = whatsapp(&base_url, json!({}));
    refused(&stub, &on_whatsapp, &with(CLIENT, 2, 257), "bad_token", Verdict::Refused).await;
    refused(&stub, &on_whatsapp, &with(CLIENT, 4, 201), "bad_token", Verdict::Refused).await;
    refused(&stub, &on_whatsapp, &with(CLIENT, 2, 0), "bad_token", Verdict::Refused).await;
    refused(&stub, &messenger(&base_url, json!({})), &with(PSID, 2, 1_001), "bad_token", Verdict::Refused).await;
    refused(&stub, &messenger(&base_url, json!({ "buttons": "template" })), &with(PSID, 2, 1_001), "bad_token", Verdict::Refused).await;
    refused(&stub, &instagram(&base_url, json!({})), &with(PSID, 2, 1_001), "bad_token", Verdict::Refused).await;
    let form = Outgoing { form: Some("a-b".into()), ..question(PSID, Scale::FiveStar) };
    refused(&stub, &messenger(&base_url, feedback()), &form, "bad_token", Verdict::Refused).await;
    let form = Outgoing { form: Some("f".repeat(81)), ..form };
    refused(&stub, &messenger(&base_url, feedback()), &form, "bad_token", Verdict::Refused).await;
    let body = sent(&stub, &on_whatsapp, &with(CLIENT, 2, 256)).await;
    assert_eq!(utf16(&body["interactive"]["action"]["buttons"][0]["reply"]["id"]), 256);
}

#[tokio::test]
async fn keys_and_addresses_that_do_not_fit_never_leave() {
    let stub = Stub::start().await;
    let (on_whatsapp, on_messenger) = (whatsapp(&stub.base_url(), json!({})), messenger(&stub.base_url(), json!({})));
    let keyed = |to: &str, length: usize| Outgoing { key: "k".repeat(length), ..text(to, "Hello.") };
    refused(&stub, &on_whatsapp, &keyed(CLIENT, 513), "key_too_long", Verdict::Refused).await;
    refused(&stub, &on_messenger, &keyed(PSID, 1_001), "key_too_long", Verdict::Refused).await;
    for chat in ["", "+15551234567", "1555 123", "Ann", "us.123", "US.", "US.ENT.", "USA.1", "US.1/2", "../1", &"1".repeat(33)] {
        let outgoing = Outgoing { to: Address::chat(chat), ..text(CLIENT, "Hello.") };
        refused(&stub, &on_whatsapp, &outgoing, "bad_address", Verdict::Refused).await;
        refused(&stub, &on_messenger, &outgoing, "bad_address", Verdict::Refused).await;
    }
    let body = sent(&stub, &on_whatsapp, &text("US.ENT.11815799212886844830", "Hello.")).await;
    assert_eq!(body["recipient"], "US.ENT.11815799212886844830");
}

#[tokio::test]
async fn what_these_platforms_do_not_carry_is_refused() {
    let stub = Stub::start().await;
    let base_url = stub.base_url();
    let channels: [(Box<dyn Channel>, &str); 3] = [
        (Box::new(whatsapp(&base_url, json!({}))), CLIENT),
        (Box::new(messenger(&base_url, json!({}))), PSID),
        (Box::new(instagram(&base_url, json!({}))), PSID),
    ];
    for (channel, to) in &channels {
        for purpose in [Purpose::Alert, Purpose::Event("rating.created".into())] {
            refused(&stub, channel.as_ref(), &Outgoing { purpose, ..text(to, "Hello.") }, "unsupported", Verdict::Refused).await;
        }
        refused(&stub, channel.as_ref(), &text(to, " \n"), "empty_text", Verdict::Refused).await;
    }
}

#[tokio::test]
async fn outside_the_window_only_approved_forms_leave() {
    let stub = Stub::start().await;
    let base_url = stub.base_url();
    let outside = |outgoing: Outgoing| Outgoing { outside_window: true, form: Some("r1_tok_f".into()), ..outgoing };
    let shut = Verdict::WindowShut;
    let only_stars = json!({ "templates": { "five_star": templates()["templates"]["five_star"] } });
    refused(&stub, &whatsapp(&base_url, only_stars), &outside(question(CLIENT, Scale::Binary)), "no_template", shut).await;
    refused(&stub, &whatsapp(&base_url, json!({})), &outside(question(CLIENT, Scale::Binary)), "no_template", shut).await;
    refused(&stub, &whatsapp(&base_url, templates()), &outside(thanks(CLIENT)), "window_shut", shut).await;
    for more in [json!({}), json!({ "feedback": { "privacy_url": "https://example.com" } })] {
        refused(&stub, &messenger(&base_url, more), &outside(question(PSID, Scale::FiveStar)), "no_form", shut).await;
    }
    refused(&stub, &messenger(&base_url, feedback()), &outside(question(PSID, Scale::Binary)), "no_form", shut).await;
    refused(&stub, &instagram(&base_url, json!({})), &outside(question(PSID, Scale::Binary)), "window_shut", shut).await;
}

#[tokio::test]
async fn no_question_is_ever_sent_as_if_a_person_wrote_it() {
    let stub = Stub::start().await;
    let channel = messenger(&stub.base_url(), feedback());
    let form = Outgoing { form: Some("r1_tok_f".into()), ..question(PSID, Scale::FiveStar) };
    for outgoing in [form.clone(), Outgoing { outside_window: true, ..form }, question(PSID, Scale::Binary), thanks(PSID)] {
        channel.send(&outgoing).await.unwrap();
    }
    assert!(stub.sends().iter().all(|call| !call.raw.contains("HUMAN_AGENT")));
}

#[tokio::test]
async fn a_templates_parameter_is_one_short_line() {
    let stub = Stub::start().await;
    let channel = whatsapp(&stub.base_url(), templates());
    let asked = |text: &str| Outgoing { outside_window: true, text: text.into(), ..question(CLIENT, Scale::FiveStar) };
    let parameter = |body: &Value| body["template"]["components"][0]["parameters"][0]["text"].clone();
    assert_eq!(parameter(&sent(&stub, &channel, &asked(" How was it?\n\n\tTell us.     Please.")).await), "How was it? Tell us. Please.");
    assert!(utf16(&parameter(&sent(&stub, &channel, &asked(&long())).await)) <= 600);
    let stub = Stub::start().await;
    refused(&stub, &whatsapp(&stub.base_url(), templates()), &asked(" "), "empty_text", Verdict::Refused).await;
}

#[tokio::test]
async fn the_forms_texts_are_shortened_and_what_it_does_not_take_is_asked_otherwise() {
    let stub = Stub::start().await;
    let channel = messenger(&stub.base_url(), feedback());
    let asked = |text: &str| Outgoing { form: Some("r1_tok_f".into()), text: text.into(), ..question(PSID, Scale::FiveStar) };
    let body = sent(&stub, &channel, &asked(&long())).await;
    let payload = &body["message"]["attachment"]["payload"];
    assert!(utf16(&payload["title"]) <= 65 && utf16(&payload["button_title"]) <= 20);
    let question = &payload["feedback_screens"][0]["questions"][0];
    assert!((60..=85).contains(&utf16(&question["title"])) && utf16(&question["follow_up"]["placeholder"]) <= 65);
    for text in ["Ok?", "See https://example.com and rate us", "See WWW.example.com and rate us"] {
        let body = sent(&stub, &channel, &asked(text)).await;
        assert_eq!(body["message"]["quick_replies"].as_array().unwrap().len(), 5, "{text}");
    }
}
