//! Authenticates requests, and turns them into desk events. The proof is the token of our installation, which is part of
//! every event. Nothing else is signed, so an event can be replayed by anyone who has seen it; a replay only causes the
//! conversation to be read again.

use crate::config::Config;
use crate::form::{fields, id, items};
use crate::tokens::Tokens;
use crate::vote;
use lastword_contract::{DeskEvent, DeskEventKind, Heard, Millis, RawRequest, Rejected};
use serde_json::Value;

/// Delay before reading: events are sent before everything is recorded.
const READ_AFTER: Millis = 2_000;
/// A chat in which operators write is checked once an hour, to find conversations whose start was not reported.
const LOOK_EVERY: Millis = 60 * 60_000;
/// Prefix that names a chat whose conversation is unknown.
const CHAT: &str = "chat:";

/// Events to bind, and true for those of our own connectors.
pub(crate) const EVENTS: [(&str, bool); 5] = [
    ("ONSESSIONSTART", false),
    ("ONSESSIONFINISH", false),
    ("ONIMCONNECTORDIALOGSTART", true),
    ("ONIMCONNECTORDIALOGFINISH", true),
    ("ONIMCONNECTORMESSAGEADD", true),
];

/// Reads a request.
///
/// # Errors
/// [`Rejected`] if it lacks our token or cannot be parsed.
pub(crate) fn receive(tokens: &Tokens, config: &Config, request: &RawRequest) -> Result<Heard, Rejected> {
    let body = fields(&request.body);
    let token = body["auth"]["application_token"].as_str().ok_or(Rejected::Unsigned("application_token is missing"))?;
    match tokens.admits(token) {
        None => return Err(Rejected::Unsigned("the application is not installed yet: press Reinstall on its page in Bitrix24")),
        Some(false) => return Err(Rejected::Unsigned("application_token is not that of the installation: install the application again")),
        Some(true) => {}
    }
    let event = body["event"].as_str().ok_or_else(|| Rejected::Unreadable("no event is named".to_owned()))?.to_ascii_uppercase();
    let seconds = id(&body["ts"]).and_then(|ts| ts.parse::<Millis>().ok()).filter(|ts| *ts < 1 << 40);
    let at = seconds.map_or(request.received_at, |ts| ts * 1_000);
    let data = &body["data"];
    let told = |session: String, read_after: Millis| {
        DeskEvent::new(format!("{event}:{session}:{at}"), at, session, DeskEventKind::Changed { read_after })
    };
    let events: Vec<DeskEvent> = match event.as_str() {
        "ONSESSIONSTART" | "ONIMCONNECTORDIALOGSTART" => sessions(&event, data).map(|session| told(session, 0)).collect(),
        "ONSESSIONFINISH" | "ONIMCONNECTORDIALOGFINISH" => sessions(&event, data).map(|session| told(session, READ_AFTER)).collect(),
        "ONIMCONNECTORMESSAGEADD" => {
            let votes = data["CONNECTOR"].as_str().is_some_and(|connector| config.vote_as_client.contains_key(connector));
            let what = DeskEventKind::Changed { read_after: 0 };
            let told = |message: &Value| {
                let asked = vote::asks_about(&message["message"]).filter(|_| votes).zip(id(&message["im"]["message_id"]));
                if let Some((session, message)) = asked {
                    return Some(DeskEvent::new(format!("asked:{session}:{message}"), at, vote::name(&session, &message), what.clone()));
                }
                let chat = id(&message["im"]["chat_id"])?;
                Some(DeskEvent::new(format!("seen:{chat}:{}", at / LOOK_EVERY), at, format!("{CHAT}{chat}"), what.clone()))
            };
            items(&data["MESSAGES"], "im").into_iter().filter_map(told).collect()
        }
        // Installations were handled before; other events are not bound.
        _ => Vec::new(),
    };
    Ok(Heard { events, reply: String::new() })
}

/// Conversations named by an event: by their own ID, or by the ID of their chat if the event has no other. Events of
/// connectors name the external chat instead, so that ID is ignored.
fn sessions<'v>(event: &str, data: &'v Value) -> impl Iterator<Item = String> + use<'v> {
    let foreign = event.starts_with("ONIMCONNECTOR");
    let named = move |one: &Value| {
        let chat = || id(&one["chat"]["id"]).or_else(|| id(&one["chat"]["chat_id"])).or_else(|| id(&one["connector"]["chat_id"]));
        id(&one["session"]["id"]).or_else(|| chat().filter(|_| !foreign).map(|chat| format!("{CHAT}{chat}")))
    };
    items(&data["DATA"], "connector").into_iter().filter_map(named)
}

/// The chat ID of a conversation that is named by its chat.
pub(crate) fn chat_of(session: &str) -> Option<&str> {
    session.strip_prefix(CHAT)
}
