//! Authenticates webhooks, and turns them into events. `X-Hub-Signature` is `sha1=` and the hex of HMAC-SHA1 over the body.
//! The signature covers no time, so anyone who has seen a request can replay it; a replay only causes the ticket to be read again.

use crate::config::Config;
use chrono::DateTime;
use hmac::{Hmac, KeyInit, Mac};
use lastword_contract::json;
use lastword_contract::{DeskEvent, DeskEventKind, Heard, Millis, RawRequest, Rejected};
use secrecy::ExposeSecret;
use serde_json::Value;
use sha1::Sha1;

/// Triggers run in order of their names, and a later one may reopen the ticket.
const READ_AFTER: Millis = 2_000;

/// Webhooks of Zammad's predefined kinds (Mattermost, Slack and others) contain a text for people and no ticket.
const NO_TICKET: &str = "ticket.id is missing: the webhook has another payload than Zammad's own; make it of the kind \"Webhook\" without a custom \
     payload, or run lastword desk setup zammad";

/// Reads a request.
///
/// # Errors
/// [`Rejected`] if it is not signed or cannot be parsed.
pub(crate) fn receive(config: &Config, request: &RawRequest) -> Result<Heard, Rejected> {
    let signature = request.headers.get("x-hub-signature").ok_or(Rejected::Unsigned("x-hub-signature is missing"))?;
    let signature = signature.strip_prefix("sha1=").and_then(|signature| hex::decode(signature).ok());
    let signature = signature.ok_or(Rejected::Unsigned("x-hub-signature"))?;
    let mut mac = <Hmac<Sha1> as KeyInit>::new_from_slice(config.secret.expose_secret().as_bytes()).expect("HMAC takes keys of any length");
    mac.update(&request.body);
    mac.verify_slice(&signature).map_err(|_| Rejected::Unsigned("x-hub-signature"))?;
    let body = json::read(&request.body).map_err(|error| Rejected::Unreadable(format!("the body is no JSON: {error}")))?.value;
    let ticket = &body["ticket"];
    let session = json::id(&ticket["id"]).ok_or_else(|| Rejected::Unreadable(NO_TICKET.to_owned()))?;
    Ok(Heard { events: vec![event(config, request, ticket, session)], reply: String::new() })
}

fn event(config: &Config, request: &RawRequest, ticket: &Value, session: String) -> DeskEvent {
    let at = moment(&ticket["updated_at"]).unwrap_or(request.received_at);
    let delivery = request.headers.get("x-zammad-delivery").filter(|id| !id.is_empty());
    let key = delivery.map_or_else(|| format!("ticket:{session}:{at}"), |id| format!("delivery:{id}"));
    let state = ticket["state"].as_str().unwrap_or_default();
    let what = if state.is_empty() {
        DeskEventKind::Other { kind: "no state".to_owned() }
    } else if config.is_closed(state) || moment(&ticket["last_close_at"]).is_some() || ticket.get("last_close_at").is_none() {
        // Payloads without the time of a close (2020) do not say if the ticket is closed; the ticket does.
        DeskEventKind::Changed { read_after: READ_AFTER }
    } else {
        // It was never closed, so there is no question to send or to cancel.
        DeskEventKind::Other { kind: "update".to_owned() }
    };
    DeskEvent::new(key, at, session, what)
}

/// A non-empty text. Zammad's templates write `-` for a missing value.
pub(crate) fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty() && *text != "-").map(str::to_owned)
}

/// Parses a time of the API.
pub(crate) fn moment(value: &Value) -> Option<Millis> {
    DateTime::parse_from_rfc3339(value.as_str()?).ok().map(|at| at.timestamp_millis())
}
