//! What leaves us, byte for byte as JSON.

use crate::{
    samples::{TOKEN, bot, bot_at, choice, question, text},
    stub::{Play, Stub},
};
use lastword_contract::{Address, Channel, ChoiceKind, CommentBox, Outgoing, Purpose, Scale, Verdict};
use serde_json::{Value, json};

/// Sends `outgoing` to a stub that is well and returns the method and the body.
async fn wire(outgoing: &Outgoing) -> (String, Value) {
    let stub = Stub::start().await;
    bot(&stub).send(outgoing).await.unwrap();
    let mut log = stub.log();
    assert_eq!(log.len(), 1);
    let call = log.remove(0);
    (call.method, call.body)
}

async fn golden(outgoing: &Outgoing, method: &str, body: Value) {
    assert_eq!(wire(outgoing).await, (method.to_owned(), body));
}

#[tokio::test]
async fn a_binary_question_is_one_row_of_two() {
    let body = json!({
        "chat_id": 777, "text": "How was it?", "link_preview_options": { "is_disabled": true },
        "reply_markup": { "inline_keyboard": [[
            { "text": "👍", "callback_data": "r1_tok_1" }, { "text": "👎", "callback_data": "r1_tok_0" },
        ]] },
    });
    golden(&question(Scale::Binary), "sendMessage", body).await;
}

#[tokio::test]
async fn five_stars_are_one_row_of_short_labels() {
    let body = json!({
        "chat_id": 777, "text": "How was it?", "link_preview_options": { "is_disabled": true },
        "reply_markup": { "inline_keyboard": [[
            { "text": "5 ⭐", "callback_data": "r1_tok_5" }, { "text": "4 ⭐", "callback_data": "r1_tok_4" },
            { "text": "3 ⭐", "callback_data": "r1_tok_3" }, { "text": "2 ⭐", "callback_data": "r1_tok_2" },
            { "text": "1 ⭐", "callback_data": "r1_tok_1" },
        ]] },
    });
    golden(&question(Scale::FiveStar), "sendMessage", body).await;
}

#[tokio::test]
async fn a_mark_before_the_stars_stays() {
    let marked = Outgoing { choices: vec![choice("✅ ★★★", "r1_tok_3", ChoiceKind::Score)], ..text("Thanks") };
    let (_, body) = wire(&marked).await;
    assert_eq!(body["reply_markup"]["inline_keyboard"][0][0]["text"], "✅ 3 ⭐");
}

#[tokio::test]
async fn settling_without_choices_takes_the_keyboard_away() {
    let settle = Outgoing { purpose: Purpose::Settle, replaces: Some("5".into()), ..text("Thank you!") };
    let body = json!({ "chat_id": 777, "message_id": 5, "text": "Thank you!", "link_preview_options": { "is_disabled": true } });
    golden(&settle, "editMessageText", body).await;
}

#[tokio::test]
async fn settling_with_reasons_asks_why_in_rows_of_two_with_the_hint_below_the_text() {
    let reason = |label: &str, n: u8| choice(label, &format!("f1_tok_{n}"), ChoiceKind::Reason);
    let settle = Outgoing {
        purpose: Purpose::Settle,
        replaces: Some("5".into()),
        choices: vec![
            reason("Slow", 1),
            reason("Rude", 2),
            reason("Not solved", 3),
            choice("Yes", "s1_tok_1", ChoiceKind::Resolved),
            choice("No", "s1_tok_0", ChoiceKind::Resolved),
        ],
        comment: Some(CommentBox { label: "Reply to this message to tell us more".into(), token: "c1_tok".into(), max_chars: 500 }),
        ..text("What went wrong?")
    };
    let body = json!({
        "chat_id": 777, "message_id": 5, "link_preview_options": { "is_disabled": true },
        "text": "What went wrong?\n\nReply to this message to tell us more",
        "reply_markup": { "inline_keyboard": [
            [{ "text": "Slow", "callback_data": "f1_tok_1" }, { "text": "Rude", "callback_data": "f1_tok_2" }],
            [{ "text": "Not solved", "callback_data": "f1_tok_3" }],
            [{ "text": "Yes", "callback_data": "s1_tok_1" }, { "text": "No", "callback_data": "s1_tok_0" }],
        ] },
    });
    golden(&settle, "editMessageText", body).await;
}

#[tokio::test]
async fn a_business_chat_is_written_to_and_edited_through_its_connection() {
    let to = Address { chat: "777".into(), user: Some("777".into()), via: Some("bc_1".into()) };
    let (_, sent) = wire(&Outgoing { to: to.clone(), ..question(Scale::Binary) }).await;
    assert_eq!(sent["business_connection_id"], "bc_1");
    assert_eq!(sent["reply_markup"]["inline_keyboard"][0][0]["callback_data"], "r1_tok_1");

    let settle = Outgoing { to, purpose: Purpose::Settle, replaces: Some("5".into()), ..text("Thank you!") };
    let body = json!({
        "business_connection_id": "bc_1", "chat_id": 777, "message_id": 5, "text": "Thank you!",
        "link_preview_options": { "is_disabled": true },
    });
    golden(&settle, "editMessageText", body).await;
}

#[tokio::test]
async fn an_alert_to_a_group_carries_its_button() {
    let alert = Outgoing {
        purpose: Purpose::Alert,
        to: Address::chat("-1001234567890"),
        choices: vec![choice("Seen", "k1_tok", ChoiceKind::Acknowledge)],
        ..text("Low rating 👎")
    };
    let body = json!({
        "chat_id": -1_001_234_567_890_i64, "text": "Low rating 👎", "link_preview_options": { "is_disabled": true },
        "reply_markup": { "inline_keyboard": [[{ "text": "Seen", "callback_data": "k1_tok" }]] },
    });
    golden(&alert, "sendMessage", body.clone()).await;
    // A topic of the group's forum.
    let mut in_topic = body;
    in_topic["message_thread_id"] = json!(12);
    golden(&Outgoing { to: Address::chat("-1001234567890/12"), ..alert.clone() }, "sendMessage", in_topic).await;
    let bot = bot_at("http://127.0.0.1:9", json!({}));
    let admitted = |chat: &str| bot.admit(Address::chat(chat)).map(|to| to.chat);
    assert_eq!(admitted(" -1001234567890/12 ").as_deref(), Ok("-1001234567890/12"));
    assert_eq!(admitted("-1001234567890/1").as_deref(), Ok("-1001234567890"), "the general topic is the group itself");
    assert!(admitted("777/12").is_err() && admitted("-100/no").is_err());
}

#[tokio::test]
async fn a_path_prefix_of_the_base_url_is_kept() {
    let stub = Stub::start().await;
    let bot = bot_at(&format!("{}/telegram/", stub.base_url()), json!({}));
    bot.send(&text("Hello.")).await.unwrap();
    assert_eq!(stub.log()[0].path, format!("/telegram/bot{TOKEN}/sendMessage"));
}

#[tokio::test]
async fn the_receipt_names_the_message() {
    let stub = Stub::start().await;
    let receipt = bot(&stub).send(&text("Hello.")).await.unwrap();
    assert_eq!((receipt.message_id.as_deref(), receipt.moved_to), (Some("41"), None));
}

#[tokio::test]
async fn a_moved_group_is_called_once_more_at_its_new_number() {
    let stub = Stub::start().await;
    let words = "Bad Request: group chat was upgraded to a supergroup chat";
    stub.play_next(Play::refusal_with(400, words, json!({ "migrate_to_chat_id": -1_009_i64 })));
    let alert = Outgoing { to: Address::chat("-9"), purpose: Purpose::Alert, ..text("Low rating") };
    let receipt = bot(&stub).send(&alert).await.unwrap();
    assert_eq!(receipt.moved_to, Some(Address::chat("-1009")));
    let chats: Vec<Value> = stub.bodies("sendMessage").into_iter().map(|body| body["chat_id"].clone()).collect();
    assert_eq!(chats, [json!(-9), json!(-1_009)]);
}

#[tokio::test]
async fn a_group_that_moves_again_and_again_is_given_up() {
    let stub = Stub::start().await;
    let words = "Bad Request: group chat was upgraded to a supergroup chat";
    stub.play(Play::refusal_with(400, words, json!({ "migrate_to_chat_id": -1_009_i64 })));
    let error = bot(&stub).send(&Outgoing { to: Address::chat("-9"), ..text("Low rating") }).await.unwrap_err();
    assert_eq!((error.verdict, error.kind, stub.log().len()), (Verdict::RecipientGone, "chat_migrated", 2));
}

#[tokio::test]
async fn an_edit_that_changes_nothing_is_a_success() {
    let stub = Stub::start().await;
    let words = "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current \
                 content and reply markup of the message";
    stub.play(Play::refusal(400, words));
    let settle = Outgoing { purpose: Purpose::Settle, replaces: Some("5".into()), ..text("Thank you!") };
    assert_eq!(bot(&stub).send(&settle).await.unwrap().message_id.as_deref(), Some("5"));
}

#[tokio::test]
async fn a_long_text_is_shortened_and_the_hint_stays() {
    let comment = CommentBox { label: "Reply to this message".into(), token: "c1".into(), max_chars: 500 };
    let (_, body) = wire(&Outgoing { comment: Some(comment), ..text(&"👩‍💻".repeat(2_000)) }).await;
    let sent = body["text"].as_str().unwrap();
    assert!(sent.encode_utf16().count() <= 4_096, "Telegram counts at most 4096");
    assert!(sent.ends_with("…\n\nReply to this message"), "the hint was cut");
}

#[tokio::test]
async fn what_telegram_would_refuse_never_leaves_us() {
    let stub = Stub::start().await;
    let bot = bot(&stub);
    let cases = [
        ("bad_address", Outgoing { to: Address::chat("Ann"), ..text("Hello.") }),
        ("empty_text", text(" \n")),
        ("bad_message_id", Outgoing { replaces: Some("x".into()), ..text("Hello.") }),
        ("button_data_invalid", Outgoing { choices: vec![choice("A", &"t".repeat(65), ChoiceKind::Reason)], ..text("Hello.") }),
        ("too_many_choices", Outgoing { choices: vec![choice("A", "t", ChoiceKind::Reason); 101], ..text("Hello.") }),
        ("unsupported", Outgoing { purpose: Purpose::Event("rating.created".into()), ..text("Hello.") }),
    ];
    for (kind, outgoing) in cases {
        let error = bot.send(&outgoing).await.unwrap_err();
        assert_eq!((error.kind, error.verdict), (kind, Verdict::Refused));
    }
    assert!(stub.log().is_empty(), "something left us");
}

#[tokio::test]
async fn a_press_is_acknowledged_and_a_late_one_does_no_harm() {
    let stub = Stub::start().await;
    let bot = bot(&stub);
    bot.acknowledge("4390", "").await;
    stub.play_next(Play::refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid"));
    bot.acknowledge("4391", &"é".repeat(300)).await;
    let answers = stub.bodies("answerCallbackQuery");
    assert_eq!(answers, [json!({ "callback_query_id": "4390" }), json!({ "callback_query_id": "4391", "text": "é".repeat(200) })]);
}
