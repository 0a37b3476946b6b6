//! Services that push to phones: plain text, without markup.

use super::{Call, beneath};
use crate::note::{Note, Tone};
use crate::place::Place;
use lastword_contract::{PageLink, TextLimit};
use serde_json::{Value, json};

/// ntfy turns longer messages into a file.
const NTFY_MAX: TextLimit = TextLimit::Bytes(4_000);
/// Limit of the text, which leaves room for the quote below it.
const NTFY_TEXT_MAX: TextLimit = TextLimit::Bytes(2_000);
const NTFY_ACTIONS_MAX: usize = 3;

/// The text with the client's comment below it.
fn message(note: &Note<'_>, text: String) -> String {
    match &note.quote {
        Some(quote) => format!("{text}\n\n“{quote}”").trim().to_owned(),
        None => text,
    }
}

pub(super) fn ntfy(place: &Place, note: &Note<'_>) -> Call {
    let text = if note.quote.is_some() { NTFY_TEXT_MAX.shorten(&note.text) } else { note.text.clone() };
    let mut body = json!({ "topic": place.room, "title": note.title, "message": NTFY_MAX.shorten(&message(note, text)) });
    if let Some(priority) = match note.tone {
        Tone::Bad | Tone::Warning => Some(4),
        Tone::Good | Tone::Plain => None,
    } {
        body["priority"] = json!(priority);
    }
    if let Some(page) = note.page() {
        body["click"] = json!(page.url);
    }
    let action = |page: &PageLink| json!({ "action": "view", "label": page.label, "url": page.url, "clear": true });
    let actions: Vec<Value> = note.pages.iter().take(NTFY_ACTIONS_MAX).map(action).collect();
    if !actions.is_empty() {
        body["actions"] = json!(actions);
    }
    let call = Call::post(&place.url, body);
    let headers = place.token.iter().map(|token| ("authorization", format!("Bearer {token}"))).collect();
    Call { headers, ..call }
}

pub(super) fn gotify(place: &Place, note: &Note<'_>) -> Result<Call, &'static str> {
    let priority = match note.tone {
        Tone::Bad | Tone::Warning => 8,
        Tone::Plain => 5,
        Tone::Good => 3,
    };
    let mut text = note.text.clone();
    // There are no buttons, so further pages are links in the text.
    for page in note.pages.iter().skip(1) {
        text = format!("{text}\n{}: {}", page.label, page.url);
    }
    let mut extras = json!({ "client::display": { "contentType": "text/plain" } });
    if let Some(page) = note.page() {
        extras["client::notification"] = json!({ "click": { "url": page.url } });
    }
    let body = json!({ "title": note.title, "message": message(note, text), "priority": priority, "extras": extras });
    let call = Call::post(&beneath(&place.url, &["message"])?, body);
    Ok(Call { headers: vec![("x-gotify-key", place.token.clone().unwrap_or_default())], ..call })
}
