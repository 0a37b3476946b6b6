//! Who calls, and an event as events of the desk. The proof is the token of our installation, which is in every event; nothing
//! else is signed, so an event can be sent again by whoever saw it: all that it can do is have a conversation read once more.

use crate::config::Config;
use crate::form::{fields, id, items};
use crate::tokens::Tokens;
use crate::vote;
use lastword_contract::{DeskEvent, DeskEventKind, Heard, Millis, RawRequest, Rejected};
use serde_json::Value;

/// Events come before everything is written down.
const READ_AFTER: Millis = 2_000;
/// A chat in which operators write is looked at once an hour: so a conversation is known whose start was not told.
const LOOK_EVERY: Millis = 60 * 60_000;
/// What a chat is called whose conversation was not named.
const CHAT: &str = "chat:";

/// The events that are asked for, and whether they belong to connectors of our own.
pub(crate) const EVENTS: [(&str, bool); 5] = [
    ("ONSESSIONSTART", false),
    ("ONSESSIONFINISH", false),
    ("ONIMCONNECTORDIALOGSTART", true),
    ("ONIMCONNECTORDIALOGFINISH", true),
    ("ONIMCONNECTORMESSAGEADD", true),
];

/// What a request says.
///
/// # Errors
/// [`Rejected`] when it does not carry our token, or cannot be read.
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
        // Installations were taken up before; nothing else is asked for.
        _ => Vec::new(),
    };
    Ok(Heard { events, reply: String::new() })
}

/// The conversations that an event names: by their own id, or by that of their chat where the event has no other. The chat of an
/// event of a connector is the one at the other side, and says nothing.
fn sessions<'v>(event: &str, data: &'v Value) -> impl Iterator<Item = String> + use<'v> {
    let foreign = event.starts_with("ONIMCONNECTOR");
    let named = move |one: &Value| {
        let chat = || id(&one["chat"]["id"]).or_else(|| id(&one["chat"]["chat_id"])).or_else(|| id(&one["connector"]["chat_id"]));
        id(&one["session"]["id"]).or_else(|| chat().filter(|_| !foreign).map(|chat| format!("{CHAT}{chat}")))
    };
    items(&data["DATA"], "connector").into_iter().filter_map(named)
}

/// The chat, where a conversation is named by it.
pub(crate) fn chat_of(session: &str) -> Option<&str> {
    session.strip_prefix(CHAT)
}
