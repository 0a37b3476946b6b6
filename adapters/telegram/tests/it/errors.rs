//! Every documented refusal, and what is said about it. Names follow the table in the channel's README.

use crate::{
    samples::{SECRET, TOKEN, bot, bot_at, question},
    stub::{Play, Stub},
};
use lastword_contract::{Channel, Scale, SendError, Verdict};
use serde_json::json;
use std::time::Duration;
use tokio::{io::AsyncReadExt, net::TcpListener, task::spawn};

/// Far beyond the bot's own time limit of a second.
const PATIENCE: Duration = Duration::from_secs(20);

struct Row {
    name: &'static str,
    play: Play,
    kind: &'static str,
    verdict: Verdict,
}

fn refusal(name: &'static str, code: u16, words: &str, kind: &'static str, verdict: Verdict) -> Row {
    Row { name, play: Play::refusal(code, words), kind, verdict }
}

fn rows() -> Vec<Row> {
    use Verdict::{CannotKnow, ConnectionBroken, RecipientGone, Refused, RetryAfter, RetryBackoff, WindowShut};
    let conflict_hook = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
    let conflict_poll = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
    let too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid";
    let throttled = "Too Many Requests: retry after 7";
    vec![
        refusal("blocked", 403, "Forbidden: bot was blocked by the user", "blocked_by_client", RecipientGone),
        refusal("deactivated", 403, "Forbidden: user is deactivated", "client_deactivated", RecipientGone),
        refusal("never started", 403, "Forbidden: bot can't initiate conversation with a user", "never_started", RecipientGone),
        refusal("kicked", 403, "Forbidden: bot was kicked from the group chat", "removed_from_group", RecipientGone),
        refusal("kicked, supergroup", 403, "Forbidden: bot was kicked from the supergroup chat", "removed_from_group", RecipientGone),
        refusal("group deleted", 403, "Forbidden: the group chat was deleted", "group_deleted", RecipientGone),
        refusal("another 403", 403, "Forbidden: something new", "forbidden", RecipientGone),
        refusal("no chat", 400, "Bad Request: chat not found", "chat_not_found", RecipientGone),
        refusal("no private chat", 400, "Bad Request: private chat not found", "chat_not_found", RecipientGone),
        refusal("any case", 400, "BAD REQUEST: CHAT NOT FOUND", "chat_not_found", RecipientGone),
        refusal("migrated, nowhere", 400, "Bad Request: group chat was upgraded to a supergroup chat", "chat_migrated", RecipientGone),
        refusal("query too old", 400, too_old, "press_too_old", Refused),
        refusal("button data", 400, "Bad Request: BUTTON_DATA_INVALID", "button_data_invalid", Refused),
        refusal("closed topic", 400, "Bad Request: TOPIC_CLOSED", "topic_closed", RecipientGone),
        refusal("deleted topic", 400, "Bad Request: message thread not found", "topic_not_found", RecipientGone),
        refusal("edit of nothing", 400, "Bad Request: message to edit not found", "message_not_editable", Refused),
        refusal("business window", 400, "Bad Request: BUSINESS_PEER_USAGE_MISSING", "window_shut", WindowShut),
        refusal("business unknown", 400, "Bad Request: business connection not found", "business_connection_gone", RecipientGone),
        refusal("business disabled", 400, "Bad Request: BUSINESS_CONNECTION_INVALID", "business_connection_gone", RecipientGone),
        refusal("business no right", 400, "Bad Request: BOT_ACCESS_FORBIDDEN", "business_connection_gone", RecipientGone),
        refusal("another 400", 400, "Bad Request: can't parse entities", "bad_request", Refused),
        refusal("token revoked", 401, "Unauthorized", "invalid_token", ConnectionBroken),
        refusal("token unknown", 404, "Not Found", "invalid_token", ConnectionBroken),
        refusal("webhook set", 409, conflict_hook, "conflict", ConnectionBroken),
        refusal("two pollers", 409, conflict_poll, "conflict", ConnectionBroken),
        Row {
            name: "throttled",
            play: Play::refusal_with(429, throttled, json!({ "retry_after": 7 })),
            kind: "throttled",
            verdict: RetryAfter(7_000),
        },
        Row {
            name: "throttled, with a point",
            play: Play::refusal_with(429, throttled, json!({ "retry_after": 3.5 })),
            kind: "throttled",
            verdict: RetryAfter(4_000),
        },
        refusal("throttled, in words alone", 429, throttled, "throttled", RetryAfter(7_000)),
        Row {
            name: "throttled, in the header alone",
            play: Play::Answer { status: 429, body: "slow down".into(), retry_after: Some(3) },
            kind: "throttled",
            verdict: RetryAfter(3_000),
        },
        Row { name: "throttled, no time", play: Play::page(429, ""), kind: "throttled", verdict: RetryBackoff },
        refusal("500", 500, "Internal Server Error", "server_error", RetryBackoff),
        Row { name: "502 with a page", play: Play::page(502, "<html>Bad Gateway"), kind: "server_error", verdict: CannotKnow },
        Row { name: "503 with a page", play: Play::page(503, "<html>"), kind: "unavailable", verdict: RetryBackoff },
        Row { name: "504 with a page", play: Play::page(504, "<html>"), kind: "server_error", verdict: CannotKnow },
        Row { name: "404 with a page", play: Play::page(404, "<html>"), kind: "not_the_bot_api", verdict: ConnectionBroken },
        Row { name: "413 with a page", play: Play::page(413, "<html>"), kind: "bad_request", verdict: Refused },
        Row { name: "200 with a page", play: Play::page(200, "<html>Welcome"), kind: "garbled_answer", verdict: CannotKnow },
        Row { name: "200 with other JSON", play: Play::page(200, "{\"ok\":true}"), kind: "garbled_answer", verdict: CannotKnow },
        Row {
            name: "no error_code, by prefix",
            play: Play::page(200, "{\"ok\":false,\"description\":\"Forbidden: bot was blocked by the user\"}"),
            kind: "blocked_by_client",
            verdict: RecipientGone,
        },
        Row { name: "silence", play: Play::Hang, kind: "timeout", verdict: CannotKnow },
    ]
}

async fn error_of(play: Play) -> SendError {
    let stub = Stub::start().await;
    stub.play(play);
    let bot = bot(&stub);
    let sent = tokio::time::timeout(PATIENCE, bot.send(&question(Scale::Binary))).await.expect("a call has a time limit of its own");
    let error = sent.unwrap_err();
    assert_eq!(stub.log().len(), 1, "a call is made once");
    error
}

#[tokio::test]
async fn every_documented_refusal_has_its_verdict() {
    let mut wrong = Vec::new();
    for Row { name, play, kind, verdict } in rows() {
        let error = error_of(play).await;
        if (error.kind, error.verdict) != (kind, verdict) {
            wrong.push(format!("{name}: expected {kind} {verdict:?}, got {} {:?}", error.kind, error.verdict));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn a_refused_connection_is_a_retry() {
    let stub = Stub::start().await;
    stub.refuse().await;
    let error = bot(&stub).send(&question(Scale::Binary)).await.unwrap_err();
    assert_eq!((error.kind, error.verdict), ("not_connected", Verdict::RetryBackoff));
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_request_left_cannot_be_known() {
    // A bare listener: reads the request's beginning, then closes without a word.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let breaking = spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 1_024]).await;
        }
    });
    let error = bot_at(&format!("http://{address}"), json!({})).send(&question(Scale::Binary)).await.unwrap_err();
    breaking.abort();
    assert_eq!((error.kind, error.verdict), ("connection_lost", Verdict::CannotKnow));
}

#[tokio::test]
async fn a_conflict_says_what_to_do() {
    let hook = error_of(Play::refusal(409, "Conflict: can't use getUpdates method while webhook is active")).await;
    assert!(hook.detail.contains("owns this bot's webhook"), "{}", hook.detail);
    let poll = error_of(Play::refusal(409, "Conflict: terminated by other getUpdates request")).await;
    assert!(poll.detail.contains("polls with this token"), "{}", poll.detail);
}

#[tokio::test]
async fn the_token_is_in_no_error_and_no_debug_form() {
    let echo = Play::refusal(400, &format!("Bad Request: /bot{TOKEN}/sendMessage is odd"));
    for play in rows().into_iter().map(|row| row.play).chain([echo]).filter(|play| !matches!(play, Play::Hang)) {
        let error = error_of(play).await;
        assert!(!format!("{error} {error:?}").contains("must_never"), "{}", error.kind);
    }
    let stub = Stub::start().await;
    stub.refuse().await;
    let bot = bot(&stub);
    let refused = bot.send(&question(Scale::Binary)).await.unwrap_err();
    let shown = format!("{refused:?} {bot:?} {bot:#?} {:?}", crate::samples::config(&stub.base_url(), json!({})));
    assert!(!shown.contains(TOKEN) && !shown.contains(SECRET), "a secret is shown");
}
