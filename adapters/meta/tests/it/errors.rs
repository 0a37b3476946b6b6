//! Every documented refusal, and what is said about it. Names follow the tables in the adapter's README.

use crate::{
    samples::{APP_SECRET, CLIENT, CLIENT_ID, PSID, TOKEN, VERIFY_TOKEN, feedback, instagram, messenger, question, text, whatsapp},
    stub::{Play, Stub},
};
use lastword_contract::{Address, Channel, Outgoing, Scale, SendError, Verdict};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::{io::AsyncReadExt, net::TcpListener, task::spawn};

use Verdict::{CannotKnow, ConnectionBroken, RecipientGone, Refused, RetryAfter, RetryBackoff, WindowShut};

/// Far beyond the channel's own time limit of a second.
const PATIENCE: Duration = Duration::from_secs(20);

/// WhatsApp's codes: code, kind, verdict. The same come in answers and in statuses.
pub(crate) const WHATSAPP_CODES: &[(i64, &str, Verdict)] = &[
    (131_047, "window_shut", WindowShut),
    (131_026, "undeliverable", RecipientGone),
    (131_021, "recipient_is_sender", Refused),
    (131_030, "not_on_test_list", ConnectionBroken),
    (131_056, "pair_throttled", RetryBackoff),
    (130_429, "throttled", RetryBackoff),
    (4, "throttled", RetryBackoff),
    (80_007, "throttled", RetryBackoff),
    (131_048, "spam_throttled", RetryBackoff),
    (131_049, "engagement_limit", Refused),
    (130_472, "client_in_experiment", Refused),
    (131_050, "marketing_stopped", Refused),
    (131_051, "unsupported_type", Refused),
    (131_052, "media_failed", Refused),
    (131_053, "media_failed", Refused),
    (131_062, "id_not_supported", Refused),
    (131_008, "missing_parameter", Refused),
    (131_009, "invalid_parameter", Refused),
    (100, "invalid_parameter", Refused),
    (132_000, "template_parameters", WindowShut),
    (132_001, "template_missing", WindowShut),
    (132_005, "template_too_long", WindowShut),
    (132_007, "template_against_policy", WindowShut),
    (132_012, "template_format", WindowShut),
    (132_015, "template_paused", WindowShut),
    (132_016, "template_disabled", WindowShut),
    (190, "invalid_token", ConnectionBroken),
    (0, "invalid_token", ConnectionBroken),
    (10, "no_permission", ConnectionBroken),
    (200, "no_permission", ConnectionBroken),
    (299, "no_permission", ConnectionBroken),
    (131_031, "account_locked", ConnectionBroken),
    (368, "policy_block", ConnectionBroken),
    (131_042, "payment_needed", ConnectionBroken),
    (133_010, "not_registered", ConnectionBroken),
    (131_057, "unavailable", RetryBackoff),
    (131_016, "unavailable", RetryBackoff),
    (131_000, "unavailable", RetryBackoff),
    (1, "unavailable", RetryBackoff),
    (2, "unavailable", RetryBackoff),
];

/// Codes with a subcode: code, subcode, kind, verdict.
const WITH_SUBCODE: &[(i64, i64, &str, Verdict)] = &[
    (10, 2_018_278, "window_shut", WindowShut),
    (10, 2_534_022, "window_shut", WindowShut),
    (10, 2_018_065, "window_shut", WindowShut),
    (10, 2_018_108, "client_unavailable", RecipientGone),
    (551, 1_545_041, "client_unavailable", RecipientGone),
    (200, 1_545_041, "client_unavailable", RecipientGone),
    (100, 2_018_001, "client_unknown", RecipientGone),
    (100, 33, "unknown_object", Refused),
    (10, 1_893_063, "page_restricted", ConnectionBroken),
    (200, 2_534_041, "account_restricted", ConnectionBroken),
    (200, 2_534_122, "account_restricted", ConnectionBroken),
    (200, 2_534_029, "account_restricted", ConnectionBroken),
    (190, 458, "invalid_token", ConnectionBroken),
    (190, 460, "invalid_token", ConnectionBroken),
    (190, 463, "invalid_token", ConnectionBroken),
    (613, 2_534_040, "throttled", RetryBackoff),
    (10, 2_018_300, "thread_taken", RetryBackoff),
    (10, 2_018_321, "thread_taken", RetryBackoff),
];

/// Codes of Messenger and Instagram without a subcode: code, words, kind, verdict.
const MESSAGING_CODES: &[(i64, &str, &str, Verdict)] = &[
    (10, "(#10) This message is sent outside of allowed window.", "window_shut", WindowShut),
    (10, "(#10) This message is sent OUTSIDE OF ALLOWED WINDOW. Learn more", "window_shut", WindowShut),
    (10, "(#10) Application does not have permission for this action", "no_permission", ConnectionBroken),
    (100, "(#100) Tag is deprecated", "invalid_parameter", Refused),
    (200, "(#200) Requires pages_messaging permission", "no_permission", ConnectionBroken),
    (190, "Error validating access token", "invalid_token", ConnectionBroken),
    (551, "This person isn't available right now.", "client_unavailable", RecipientGone),
    (613, "Calls to this api have exceeded the rate limit.", "throttled", RetryBackoff),
    (4, "Application request limit reached", "throttled", RetryBackoff),
    (17, "User request limit reached", "throttled", RetryBackoff),
    (32, "Page request limit reached", "throttled", RetryBackoff),
    (80_002, "There have been too many calls to this Instagram account.", "throttled", RetryBackoff),
    (2_018_300, "Message not sent: another app is controlling this thread now.", "thread_taken", RetryBackoff),
    (2_018_321, "An automated flow controls this thread.", "thread_taken", RetryBackoff),
    (2, "Service temporarily unavailable", "unavailable", RetryBackoff),
    (1, "An unknown error occurred", "unavailable", RetryBackoff),
    (987_654, "Something new", "refused", Refused),
];

fn all(stub: &Stub) -> [(Box<dyn Channel>, Outgoing); 3] {
    let (base_url, none) = (stub.base_url(), || json!({}));
    [
        (Box::new(whatsapp(&base_url, none())), question(CLIENT, Scale::Binary)),
        (Box::new(messenger(&base_url, none())), question(PSID, Scale::Binary)),
        (Box::new(instagram(&base_url, none())), question(PSID, Scale::Binary)),
    ]
}

async fn error_of(channel: &dyn Channel, outgoing: &Outgoing) -> SendError {
    let sent = tokio::time::timeout(PATIENCE, channel.send(outgoing)).await.expect("a call has a time limit of its own");
    sent.expect_err("it was refused")
}

/// Plays `play` on every platform and fails unless each says `kind` and `verdict` after one call.
async fn everywhere(play: Play, kind: &str, verdict: Verdict) {
    let stub = Stub::start().await;
    stub.play(play.clone());
    for (channel, outgoing) in all(&stub) {
        let before = stub.log().len();
        let error = error_of(channel.as_ref(), &outgoing).await;
        assert_eq!((error.kind, error.verdict), (kind, verdict), "{} to {play:?}", channel.kind());
        assert_eq!(stub.log().len(), before + 1, "a call is made once");
    }
}

#[tokio::test]
async fn every_code_of_whatsapp_has_its_verdict() {
    let stub = Stub::start().await;
    let channel = whatsapp(&stub.base_url(), json!({}));
    for (code, kind, verdict) in WHATSAPP_CODES {
        // Which HTTP status comes with a code varies.
        for status in [400, 403, 500] {
            stub.play(Play::refusal(status, *code, None, "…"));
            let error = error_of(&channel, &question(CLIENT, Scale::Binary)).await;
            assert_eq!((error.kind, error.verdict), (*kind, *verdict), "code {code} with HTTP {status}");
        }
    }
}

#[tokio::test]
async fn every_code_with_a_subcode_has_its_verdict_on_every_platform() {
    for (code, subcode, kind, verdict) in WITH_SUBCODE {
        for status in [400, 403] {
            everywhere(Play::refusal(status, *code, Some(*subcode), "…"), kind, *verdict).await;
        }
    }
}

#[tokio::test]
async fn every_code_of_messenger_and_instagram_has_its_verdict() {
    for (code, words, kind, verdict) in MESSAGING_CODES {
        everywhere(Play::refusal(400, *code, None, words), kind, *verdict).await;
    }
}

#[tokio::test]
async fn a_subcode_comes_before_words_and_words_before_a_code() {
    let words = "This message is sent outside of allowed window.";
    everywhere(Play::refusal(400, 10, Some(1_893_063), words), "page_restricted", ConnectionBroken).await;
    everywhere(Play::refusal(400, 10, None, words), "window_shut", WindowShut).await;
}

#[tokio::test]
async fn a_rate_limit_waits_as_long_as_meta_says() {
    let limit = |code| Play::refusal(400, code, None, "limit");
    let usage = |minutes: Value| {
        json!({ "106540352242922": [{ "type": "messenger", "call_count": 100, "estimated_time_to_regain_access": minutes },
        { "type": "pages", "estimated_time_to_regain_access": 1 }] })
        .to_string()
    };
    for code in [4, 80_007, 130_429, 613, 17, 32, 80_002] {
        everywhere(limit(code).with_header("retry-after", "7"), "throttled", RetryAfter(7_000)).await;
    }
    everywhere(limit(4).with_header("x-business-use-case-usage", usage(json!(19))), "throttled", RetryAfter(19 * 60_000)).await;
    everywhere(limit(131_048).with_header("retry-after", "60"), "spam_throttled", RetryAfter(60_000)).await;
    // Minutes count where there are no seconds, and nonsense counts as nothing.
    let both = limit(4).with_header("retry-after", "3").with_header("x-business-use-case-usage", usage(json!(19)));
    everywhere(both, "throttled", RetryAfter(3_000)).await;
    everywhere(limit(4).with_header("x-business-use-case-usage", usage(json!(0)).replace('1', "0")), "throttled", RetryBackoff).await;
    everywhere(limit(4).with_header("x-business-use-case-usage", "{"), "throttled", RetryBackoff).await;
    everywhere(limit(4).with_header("retry-after", "soon"), "throttled", RetryBackoff).await;
    everywhere(limit(4).with_header("retry-after", "99999999"), "throttled", RetryAfter(86_400_000)).await;
    // One client's own limit holds nobody else's messages.
    everywhere(limit(131_056).with_header("retry-after", "7"), "pair_throttled", RetryBackoff).await;
    everywhere(Play::page(429, "slow down").with_header("retry-after", "3"), "throttled", RetryAfter(3_000)).await;
    everywhere(Play::page(429, ""), "throttled", RetryBackoff).await;
}

#[tokio::test]
async fn what_meta_does_not_name_is_judged_by_its_status() {
    everywhere(Play::refusal(500, 987_654, None, "…"), "unavailable", RetryBackoff).await;
    everywhere(Play::refusal(401, 987_654, None, "…"), "invalid_token", ConnectionBroken).await;
    everywhere(Play::refusal(429, 987_654, None, "…"), "throttled", RetryBackoff).await;
    let passing = json!({ "error": { "message": "…", "code": 987_654, "is_transient": true } });
    everywhere(Play::page(400, &passing.to_string()), "unavailable", RetryBackoff).await;
    everywhere(Play::page(200, "{\"error\":{\"code\":190}}"), "invalid_token", ConnectionBroken).await;
}

#[tokio::test]
async fn what_is_not_meta_at_all_is_judged_by_its_status() {
    everywhere(Play::page(502, "<html>Bad Gateway"), "server_error", CannotKnow).await;
    everywhere(Play::page(504, "<html>"), "server_error", CannotKnow).await;
    everywhere(Play::page(500, "<html>"), "server_error", CannotKnow).await;
    everywhere(Play::page(503, "<html>"), "unavailable", RetryBackoff).await;
    everywhere(Play::page(404, "<html>"), "not_the_graph_api", ConnectionBroken).await;
    everywhere(Play::page(302, ""), "not_the_graph_api", ConnectionBroken).await;
    everywhere(Play::page(413, "<html>"), "refused", Refused).await;
    everywhere(Play::page(200, "<html>Welcome"), "garbled_answer", CannotKnow).await;
    everywhere(Play::page(200, "[]"), "garbled_answer", CannotKnow).await;
    everywhere(Play::page(200, "{}"), "garbled_answer", CannotKnow).await;
    everywhere(Play::Hang, "timeout", CannotKnow).await;
}

#[tokio::test]
async fn a_refused_connection_is_a_retry() {
    let stub = Stub::start().await;
    stub.refuse().await;
    for (channel, outgoing) in all(&stub) {
        let error = error_of(channel.as_ref(), &outgoing).await;
        assert_eq!((error.kind, error.verdict), ("not_connected", RetryBackoff));
    }
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
    let error = error_of(&whatsapp(&format!("http://{address}"), json!({})), &question(CLIENT, Scale::Binary)).await;
    breaking.abort();
    assert_eq!((error.kind, error.verdict), ("connection_lost", CannotKnow));
}

#[tokio::test]
async fn a_refused_feedback_tag_means_that_the_window_is_shut() {
    let stub = Stub::start().await;
    let channel = messenger(&stub.base_url(), feedback());
    stub.play(Play::refusal(400, 100, None, "(#100) Invalid parameter: tag"));
    let form = Outgoing { form: Some("r1_tok_f".into()), ..question(PSID, Scale::FiveStar) };
    let outside = error_of(&channel, &Outgoing { outside_window: true, ..form.clone() }).await;
    assert_eq!((outside.kind, outside.verdict), ("feedback_tag_refused", WindowShut));
    let inside = error_of(&channel, &form).await;
    assert_eq!((inside.kind, inside.verdict), ("invalid_parameter", Refused), "inside the window it is a mistake of ours");
}

#[tokio::test]
async fn a_revoked_token_says_so_in_metas_own_words_and_what_to_do() {
    let stub = Stub::start().await;
    let words = "Error validating access token: The session has been invalidated because the user changed their password";
    stub.play(Play::refusal(401, 190, Some(460), words));
    let channel = whatsapp(&stub.base_url(), json!({}));
    for error in [error_of(&channel, &text(CLIENT, "Hello.")).await, channel.check().await.unwrap_err()] {
        assert_eq!(error.verdict, ConnectionBroken);
        assert!(error.detail.contains(words) && error.detail.contains("`access_token`"), "{}", error.detail);
    }
}

#[tokio::test]
async fn no_token_and_no_number_is_in_any_detail() {
    let stub = Stub::start().await;
    let words = format!("Recipient +1 (555) 123-4567, {CLIENT}, {CLIENT_ID} and {TOKEN}: (#131030) since 2026-01-01, twice in 24 hours");
    let to = Address { chat: CLIENT.into(), user: Some(CLIENT_ID.into()), via: None };
    let channel = whatsapp(&stub.base_url(), json!({}));
    for code in [131_030, 131_026, 100, 2, 4, 190, 987_654] {
        stub.play(Play::refusal(400, code, None, &words));
        let error = error_of(&channel, &Outgoing { to: to.clone(), ..question(CLIENT, Scale::Binary) }).await;
        let shown = format!("{error} {error:?}");
        for hidden in [TOKEN, APP_SECRET, VERIFY_TOKEN, CLIENT, CLIENT_ID, "123-4567", "555"] {
            assert!(!shown.contains(hidden), "{hidden} in {shown}");
        }
        assert!(shown.contains("(#131030)") && shown.contains("24 hours"), "the rest of the words stays: {shown}");
    }
}

#[tokio::test]
async fn whatsapps_other_name_for_a_number_is_passed_on() {
    let stub = Stub::start().await;
    let answer = json!({ "messaging_product": "whatsapp", "contacts": [{ "input": "5215512345678", "wa_id": "525512345678" }], "messages": [{ "id": "wamid.1" }] });
    stub.play(Play::page(200, &answer.to_string()));
    let channel = whatsapp(&stub.base_url(), json!({}));
    let receipt = channel.send(&question("5215512345678", Scale::Binary)).await.unwrap();
    assert_eq!((receipt.message_id.as_deref(), receipt.moved_to), (Some("wamid.1"), Some(Address::chat("525512345678"))));
    let same = channel.send(&question("525512345678", Scale::Binary)).await.unwrap();
    assert_eq!(same.moved_to, None);
    let by_id = channel.send(&question("US.1349", Scale::Binary)).await.unwrap();
    assert_eq!(by_id.moved_to, None, "an id of the client's own is never given away for a number");
    let name = |chat: &str| channel.identity(&Address::chat(chat));
    assert_eq!(name("5215512345678"), name("525512345678"), "both forms are one client before the platform says so");
}

#[test]
fn the_readme_names_every_kind() {
    let readme = include_str!("../../README.md");
    let whatsapp = WHATSAPP_CODES.iter().map(|(_, kind, _)| *kind);
    let with_subcode = WITH_SUBCODE.iter().map(|(_, _, kind, _)| *kind);
    let messaging = MESSAGING_CODES.iter().map(|(_, _, kind, _)| *kind);
    for kind in whatsapp.chain(with_subcode).chain(messaging) {
        assert!(readme.contains(&format!("`{kind}`")), "{kind}");
    }
}
