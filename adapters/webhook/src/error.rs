//! Maps every response and failure to a verdict.
//!
//! The receiver's text is not passed on: it may echo our message, which contains personal data.

use lastword_contract::address_filter::AddressNotAllowed;
use lastword_contract::http;
use lastword_contract::{Millis, SendError, Verdict};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

/// Maximum pause. A longer one is an error of the receiver.
const RETRY_AFTER_MAX_MS: Millis = 24 * 60 * 60 * 1000;

/// Verdict on `answer`.
pub(crate) fn judge(answer: Result<(StatusCode, &HeaderMap), &reqwest::Error>) -> Result<(), SendError> {
    let (status, headers) = match answer {
        Ok(answer) => answer,
        Err(error) => return Err(of_transport(error)),
    };
    let code = status.as_u16();
    let (verdict, kind) = match code {
        200..=299 => return Ok(()),
        // Redirects are not followed: they would bypass the address filter.
        300..=399 => (Verdict::Refused, "redirected"),
        // Our signature, our login or the account: the same for every message.
        401 | 402 | 407 => (Verdict::ConnectionBroken, "not_authorized"),
        // A proxy that blocks us, a receiver that is being replaced, or a workflow that is not active; it may end by itself.
        403..=405 => (Verdict::RetryBackoff, "not_reached"),
        408 | 425 => (Verdict::RetryBackoff, "asked_to_retry"),
        // Standard Webhooks: the receiver is permanently gone.
        410 => (Verdict::ConnectionBroken, "gone"),
        429 | 503 => {
            let kind = if code == 429 { "throttled" } else { "unavailable" };
            (retry_after(headers).map_or(Verdict::RetryBackoff, Verdict::RetryAfter), kind)
        }
        400..=499 => (Verdict::Refused, "refused"),
        // The receiver recognizes `webhook-id`, so a retry is safe even if it accepted the message.
        _ => (Verdict::RetryBackoff, "server_error"),
    };
    Err(SendError::new(verdict, kind, format!("the receiver answered {code}")))
}

/// A failure before the bytes were sent is definite; after that the result is unknown.
fn of_transport(error: &reqwest::Error) -> SendError {
    if let Some(refused) = not_allowed(error) {
        return refused;
    }
    if let Some(detail) = untrusted(error) {
        return SendError::new(Verdict::RetryBackoff, "untrusted_certificate", detail);
    }
    let (verdict, kind, detail) = if error.is_connect() {
        (Verdict::RetryBackoff, "not_connected", "no connection to the receiver")
    } else if error.is_timeout() {
        (Verdict::CannotKnow, "timeout", "the receiver did not answer in time")
    } else if error.is_builder() {
        (Verdict::Refused, "not_sendable", "the request could not be built")
    } else {
        (Verdict::CannotKnow, "connection_lost", "the connection was lost before an answer came")
    };
    SendError::new(verdict, kind, detail)
}

/// `Ok` if the receiver accepts connections, with any response; an error if it cannot be reached or does not respond.
pub(crate) fn reached(answer: reqwest::Result<reqwest::Response>) -> Result<(), SendError> {
    match answer.map_err(|error| of_transport(&error)) {
        Err(error) if error.kind != "connection_lost" => Err(error),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// The reason if the connection failed because of the receiver's certificate.
fn untrusted(error: &reqwest::Error) -> Option<String> {
    let error: &(dyn std::error::Error + 'static) = error;
    let said = std::iter::successors(Some(error), |error| error.source()).map(ToString::to_string);
    let said = said.filter(|said| said.contains("certificate")).last()?;
    Some(format!("the receiver's certificate is not trusted: {said}"))
}

/// Error of a DNS lookup without a call.
pub(crate) fn of_lookup(error: &(dyn std::error::Error + 'static)) -> SendError {
    not_allowed(error).unwrap_or_else(|| not_resolved("the host's name could not be resolved"))
}

/// The host has no address.
pub(crate) fn not_resolved(detail: &str) -> SendError {
    SendError::new(Verdict::RetryBackoff, "not_resolved", detail)
}

/// A forbidden address. Not permanent: the DNS entry may be corrected.
fn not_allowed(error: &(dyn std::error::Error + 'static)) -> Option<SendError> {
    std::iter::successors(Some(error), |error| error.source())
        .find_map(|error| error.downcast_ref::<AddressNotAllowed>())
        .map(|found| SendError::new(Verdict::RetryBackoff, "address_not_allowed", found.to_string()))
}

/// True if a name led to an address that may not be called.
pub(crate) fn address_refused(error: &SendError) -> bool {
    error.kind == "address_not_allowed"
}

/// The pause in milliseconds, within a sensible range.
fn retry_after(headers: &HeaderMap) -> Option<Millis> {
    http::retry_after(headers).map(|wait| wait.clamp(1000, RETRY_AFTER_MAX_MS))
}
