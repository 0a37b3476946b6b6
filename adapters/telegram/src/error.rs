//! Maps Telegram's errors to kinds and verdicts. Only this module reads the text of errors.

use crate::api::{Failure, Words};
use lastword_contract::{SendError, Verdict};

/// Substrings of descriptions (lower case) and their meaning. The first match counts.
///
/// Telegram has no machine-readable reason besides the HTTP status, so the English text is the interface.
const MEANINGS: &[(&str, &str, Verdict)] = &[
    ("bot was blocked by the user", "blocked_by_client", Verdict::RecipientGone),
    ("user is deactivated", "client_deactivated", Verdict::RecipientGone),
    ("bot can't initiate conversation", "never_started", Verdict::RecipientGone),
    ("bot was kicked", "removed_from_group", Verdict::RecipientGone),
    ("bot is not a member", "removed_from_group", Verdict::RecipientGone),
    ("group chat was deleted", "group_deleted", Verdict::RecipientGone),
    ("topic_closed", "topic_closed", Verdict::RecipientGone),
    ("topic_deleted", "topic_not_found", Verdict::RecipientGone),
    ("message thread not found", "topic_not_found", Verdict::RecipientGone),
    // Also matches "private chat not found".
    ("chat not found", "chat_not_found", Verdict::RecipientGone),
    ("peer_id_invalid", "chat_not_found", Verdict::RecipientGone),
    ("upgraded to a supergroup", "chat_migrated", Verdict::RecipientGone),
    ("chat_write_forbidden", "no_right_to_write", Verdict::RecipientGone),
    ("not enough rights to send", "no_right_to_write", Verdict::RecipientGone),
    ("have no rights to send", "no_right_to_write", Verdict::RecipientGone),
    ("business_peer_usage_missing", "window_shut", Verdict::WindowShut),
    // The business connection of one owner has ended; the bot and its other chats are not affected.
    ("business connection not found", "business_connection_gone", Verdict::RecipientGone),
    ("business_connection_invalid", "business_connection_gone", Verdict::RecipientGone),
    ("bot_access_forbidden", "business_connection_gone", Verdict::RecipientGone),
    ("query is too old", PRESS_TOO_OLD, Verdict::Refused),
    ("message is not modified", NOT_MODIFIED, Verdict::Refused),
    ("message to edit not found", SendError::NOT_EDITABLE, Verdict::Refused),
    ("message can't be edited", SendError::NOT_EDITABLE, Verdict::Refused),
    ("message_id_invalid", SendError::NOT_EDITABLE, Verdict::Refused),
    ("button_data_invalid", "button_data_invalid", Verdict::Refused),
];

/// Prefixes of descriptions, for responses without `error_code`.
const PREFIXES: &[(&str, u16)] = &[
    ("forbidden", 403),
    ("conflict", 409),
    ("bad request", 400),
    ("unauthorized", 401),
    ("not found", 404),
    ("too many requests", 429),
    ("internal server error", 500),
];

/// Kind of an edit that changes nothing: the message is already up to date.
pub(crate) const NOT_MODIFIED: &str = "not_modified";

/// Kind of an acknowledgement that was too late to be seen.
pub(crate) const PRESS_TOO_OLD: &str = "press_too_old";

/// Returns why a call failed and what to do next.
pub(crate) fn classify(failure: &Failure) -> SendError {
    match failure {
        Failure::Unmade => SendError::new(Verdict::Refused, "cannot_call", "the call could not be made"),
        Failure::NotConnected => SendError::new(Verdict::RetryBackoff, "not_connected", "no connection to the Bot API"),
        Failure::NoAnswer { timed_out: true } => {
            SendError::new(Verdict::CannotKnow, "timeout", "the request left us, and no answer came in time")
        }
        Failure::NoAnswer { timed_out: false } => {
            SendError::new(Verdict::CannotKnow, "connection_lost", "the request left us, and the connection broke before the answer")
        }
        Failure::Answered { status, words: Some(words), retry_after } => by_words(*status, words, *retry_after),
        Failure::Answered { status, words: None, retry_after } => by_status(*status, *retry_after),
    }
}

/// The Bot API itself responded, so a refusal is definite: the message was not delivered.
fn by_words(status: u16, words: &Words, retry_after: Option<u64>) -> SendError {
    let description = words.description.to_lowercase();
    let by_prefix = || PREFIXES.iter().find(|(prefix, _)| description.starts_with(prefix)).map(|(_, code)| *code);
    let code = words.error_code.or_else(by_prefix).unwrap_or(status);
    let said = words.description.as_str();
    let meaning = MEANINGS.iter().find(|(needle, ..)| description.contains(needle));
    match (code, meaning) {
        (400 | 403, Some(&(_, kind, verdict))) => SendError::new(verdict, kind, said),
        (403, None) => SendError::new(Verdict::RecipientGone, "forbidden", said),
        (401 | 404, _) => SendError::new(
            Verdict::ConnectionBroken,
            "invalid_token",
            format!("{said}: the bot's token is wrong or was revoked; set `token` to what BotFather shows"),
        ),
        (409, _) => SendError::new(Verdict::ConnectionBroken, "conflict", remedy(said)),
        (429, _) => throttled(words.retry_after.or_else(|| seconds_in(&description)).or(retry_after), said),
        (500.., _) => SendError::new(Verdict::RetryBackoff, "server_error", said),
        _ => SendError::new(Verdict::Refused, "bad_request", said),
    }
}

/// Something between us and the Bot API responded, so only the status is known.
fn by_status(status: u16, retry_after: Option<u64>) -> SendError {
    let said = format!("HTTP {status} without a readable answer");
    match status {
        200..=299 => SendError::new(Verdict::CannotKnow, "garbled_answer", said),
        401 | 403 | 404 | 407 | 300..=399 => {
            SendError::new(Verdict::ConnectionBroken, "not_the_bot_api", format!("{said}: is `base_url` right?"))
        }
        429 => throttled(retry_after, &said),
        // Refused before it was processed.
        503 => SendError::new(Verdict::RetryBackoff, "unavailable", said),
        // The proxy timed out; the request behind it may have been processed.
        408 | 500.. => SendError::new(Verdict::CannotKnow, "server_error", said),
        _ => SendError::new(Verdict::Refused, "bad_request", said),
    }
}

fn throttled(seconds: Option<u64>, said: &str) -> SendError {
    let wait = seconds.and_then(|seconds| i64::try_from(seconds).ok()).map(|seconds| seconds.saturating_mul(1_000));
    SendError::new(wait.map_or(Verdict::RetryBackoff, Verdict::RetryAfter), "throttled", said)
}

/// Reads the seconds of "too many requests: retry after 7", for servers that omit `parameters`.
fn seconds_in(description: &str) -> Option<u64> {
    description.split_once("retry after ")?.1.split_whitespace().next()?.parse().ok()
}

/// A conflict needs a person: replacing a webhook automatically could disconnect a help desk.
fn remedy(said: &str) -> String {
    match said.to_lowercase().contains("webhook") {
        true => format!("{said}. Another program owns this bot's webhook: delete it there, or use `receive = \"webhook\"`"),
        false => format!("{said}. Another program polls with this token: stop it, or give each its own bot"),
    }
}
