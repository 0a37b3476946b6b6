//! Maps every response and every failure to one verdict.
//!
//! A service's own message is not passed on: it may repeat what we sent, which is personal data. Its error code is, if it is a code.

use crate::place::Service;
use lastword_contract::address_filter::AddressNotAllowed;
use lastword_contract::http::retry_after;
use lastword_contract::{Millis, Receipt, SendError, Verdict};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;

/// Pause of a room if the service does not say how long.
const WAIT_MS: Millis = 60_000;
/// The same if the daily quota is used up.
const WAIT_FOR_QUOTA_MS: Millis = 3_600_000;
/// Longer requested pauses are treated as errors of a clock.
const WAIT_MAX_MS: Millis = 24 * 3_600_000;

/// A response of a service.
pub(crate) struct Answer<'a> {
    pub(crate) status: StatusCode,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
}

/// Maps a response to a receipt or an error. The only place that decides this.
pub(crate) fn judge(service: Service, answer: &Answer<'_>) -> Result<Receipt, SendError> {
    let body: Value = serde_json::from_slice(answer.body).unwrap_or_default();
    let status = answer.status.as_u16();
    if answer.status.is_success() {
        return taken(service, answer, &body);
    }
    let code = code(service, answer, &body);
    let detail = match &code {
        Some(code) => format!("the room's service answered {status}: {code}"),
        None => format!("the room's service answered {status}"),
    };
    let (verdict, kind) = match status {
        // Redirects are not followed: they would bypass the address filter.
        300..=399 => (Verdict::Refused, "redirected"),
        408 | 425 => (Verdict::RetryBackoff, "asked_to_retry"),
        429 => (Verdict::RetryAfter(wait(answer, &body)), "throttled"),
        503 if retry_after(answer.headers).is_some() => (Verdict::RetryAfter(wait(answer, &body)), "unavailable"),
        _ if is_gone(service, status, code.as_deref(), &body) => (Verdict::RecipientGone, "gone"),
        400..=499 => (Verdict::Refused, "refused"),
        _ => (Verdict::RetryBackoff, "server_error"),
    };
    Err(SendError::new(verdict, kind, detail))
}

/// Checks a response with a success status: some services report errors with one.
fn taken(service: Service, answer: &Answer<'_>, body: &Value) -> Result<Receipt, SendError> {
    let id = |value: &Value| match value {
        Value::String(id) if !id.is_empty() => Some(id.chars().take(200).collect()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    };
    let said = String::from_utf8_lossy(answer.body);
    let (is_taken, message_id) = match service {
        Service::Slack | Service::Mattermost => (said.trim().eq_ignore_ascii_case("ok"), None),
        Service::RocketChat => (body["success"] == true, None),
        Service::Zulip => (body["result"] == "success", id(&body["id"])),
        // Queued: a flow responds before it posts, with an empty body.
        Service::Teams => (answer.status == StatusCode::ACCEPTED || said.trim().is_empty() || said.trim() == "1", None),
        Service::Discord => (body["id"].is_string() || answer.status == StatusCode::NO_CONTENT, id(&body["id"])),
        Service::GoogleChat => (body["name"].is_string(), id(&body["name"])),
        Service::Ntfy | Service::Gotify => (!body["id"].is_null(), id(&body["id"])),
        Service::Matrix => (body["event_id"].is_string(), id(&body["event_id"])),
        Service::PagerDuty => (answer.status == StatusCode::ACCEPTED || body["status"] == "success", None),
    };
    if is_taken {
        return Ok(Receipt { message_id, moved_to: None });
    }
    if says_no(body) {
        let code = code(service, answer, body).unwrap_or_else(|| "an error".to_owned());
        return Err(SendError::new(Verdict::Refused, "refused", format!("the room's service answered 200, and in it {code}")));
    }
    Err(SendError::new(Verdict::CannotKnow, "garbled", "the answer is not that of this service: a proxy may stand in front of it"))
}

/// `true` if a body reports an error, whatever the status.
fn says_no(body: &Value) -> bool {
    body["success"] == false || body["ok"] == false || body["result"] == "error" || body["error"].is_string() || body["error"].is_object()
}

/// The service's error code, if it has one that is not free text.
fn code(service: Service, answer: &Answer<'_>, body: &Value) -> Option<String> {
    let said = match service {
        Service::Slack => String::from_utf8_lossy(answer.body).trim().to_owned(),
        Service::Mattermost => body["id"].as_str().unwrap_or_default().to_owned(),
        Service::Zulip => body["code"].as_str().unwrap_or_default().to_owned(),
        Service::Discord | Service::Ntfy => body["code"].as_i64().map(|code| code.to_string()).unwrap_or_default(),
        Service::GoogleChat => body["error"]["status"].as_str().unwrap_or_default().to_owned(),
        Service::Gotify => body["errorCode"].as_i64().map(|code| code.to_string()).unwrap_or_default(),
        Service::Matrix => body["errcode"].as_str().unwrap_or_default().to_owned(),
        Service::Teams => body["error"]["code"].as_str().unwrap_or_default().to_owned(),
        Service::RocketChat | Service::PagerDuty => String::new(),
    };
    let is_code = (1..=80).contains(&said.len()) && said.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte));
    is_code.then_some(said)
}

/// `true` if the room will never accept a message again: its hook was deleted, it was archived, or its token was revoked.
fn is_gone(service: Service, status: u16, code: Option<&str>, body: &Value) -> bool {
    let code = code.unwrap_or_default();
    match service {
        Service::Slack => {
            matches!(code, "channel_is_archived" | "channel_not_found" | "no_service" | "no_service_id" | "no_team" | "team_disabled")
                || matches!(code, "invalid_token" | "action_prohibited" | "user_not_found" | "no_active_hooks")
                || matches!(status, 404 | 410)
        }
        Service::Mattermost => {
            matches!(status, 401 | 403 | 404 | 410)
                || ["web.incoming_webhook.invalid", "web.incoming_webhook.channel", "web.incoming_webhook.user"]
                    .iter()
                    .any(|gone| code.starts_with(gone))
        }
        Service::RocketChat => {
            let said = body["error"].as_str().unwrap_or_default().to_ascii_lowercase();
            matches!(status, 401 | 403 | 404 | 410) || said.contains("invalid integration") || said.contains("invalid-channel")
        }
        Service::Zulip => {
            matches!(status, 401 | 403 | 404 | 410)
                || matches!(code, "STREAM_DOES_NOT_EXIST" | "INVALID_API_KEY" | "UNAUTHORIZED" | "USER_DEACTIVATED" | "REALM_DEACTIVATED")
        }
        Service::PagerDuty => {
            let said = body["errors"].to_string().to_ascii_lowercase();
            matches!(status, 401 | 403 | 404 | 410) || said.contains("routing key") || said.contains("routing_key")
        }
        Service::Teams | Service::Discord | Service::GoogleChat | Service::Ntfy | Service::Gotify | Service::Matrix => {
            matches!(status, 401 | 403 | 404 | 410)
        }
    }
}

/// Duration of the pause: from the header, else from the body, else a minute.
fn wait(answer: &Answer<'_>, body: &Value) -> Millis {
    let seconds = |value: &Value| value.as_f64().map(|seconds| (seconds * 1_000.0).ceil() as Millis);
    let asked = retry_after(answer.headers)
        .or_else(|| seconds(&body["retry_after"]))
        .or_else(|| seconds(&body["retry-after"]))
        .or_else(|| body["retry_after_ms"].as_i64());
    let daily = body["code"] == 42_908;
    asked.unwrap_or(if daily { WAIT_FOR_QUOTA_MS } else { WAIT_MS }).clamp(1_000, WAIT_MAX_MS)
}

/// Maps a transport error. Before the bytes were sent it is definite; after that, the message may have arrived.
pub(crate) fn of_transport(error: &reqwest::Error) -> SendError {
    let chain = || {
        let error: &(dyn std::error::Error + 'static) = error;
        std::iter::successors(Some(error), |error| error.source())
    };
    // Temporary: the name's DNS record is not ours and may be corrected.
    if let Some(found) = chain().find_map(|error| error.downcast_ref::<AddressNotAllowed>()) {
        return SendError::new(Verdict::RetryBackoff, "address_not_allowed", found.to_string());
    }
    let (verdict, kind, detail) = if chain().any(|error| error.to_string().contains("certificate")) {
        (Verdict::RetryBackoff, "untrusted_certificate", "the certificate of the room's server is not trusted")
    } else if error.is_connect() {
        (Verdict::RetryBackoff, "not_connected", "no connection to the room's server")
    } else if error.is_timeout() {
        (Verdict::CannotKnow, "timeout", "the room's server did not answer in time")
    } else if error.is_builder() {
        (Verdict::Refused, "not_sendable", "the request could not be built")
    } else {
        (Verdict::CannotKnow, "connection_lost", "the connection was lost before an answer came")
    };
    SendError::new(verdict, kind, detail)
}
