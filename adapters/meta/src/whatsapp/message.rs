//! Builds the body of `POST /<PHONE_NUMBER_ID>/messages`.
//!
//! | choices | form |
//! |---|---|
//! | none | text |
//! | up to 3 choices | reply buttons |
//! | up to 10 | a list, with a section for each kind of choice |
//! | links | text, one link per line |
//! | a question outside the window | template, or Direct Send if it is switched on |

use super::config::WhatsAppConfig;
use super::template;
use crate::settings::is_id;
use crate::sharing::Sharing;
use crate::wording::{body as wording, check_choices, links, numbered, titles};
use crate::words::{Words, words};
use lastword_contract::{Address, Choice, ChoiceKind, Outgoing, Purpose, SendError, TextLimit, Verdict};
use serde_json::{Value, json};

/// Maximum length of a text with buttons or a list (Meta's OpenAPI, v23.0). UTF-16 units are the stricter reading of "characters".
pub(super) const BODY_MAX: TextLimit = TextLimit::Utf16(1_024);
/// Maximum length of a plain text.
pub(super) const TEXT_MAX: TextLimit = TextLimit::Utf16(4_096);
/// Maximum reply buttons.
const BUTTONS_MAX: usize = 3;
/// Maximum length of a reply button's title.
const BUTTON_TITLE_MAX: TextLimit = TextLimit::Utf16(20);
/// Maximum length of a reply button's ID.
const BUTTON_ID_MAX: usize = 256;
/// Maximum rows of a list, over all its sections.
pub(super) const ROWS_MAX: usize = 10;
/// Maximum length of a row's title.
pub(super) const ROW_TITLE_MAX: TextLimit = TextLimit::Utf16(24);
/// Maximum length of a row's description.
const ROW_DESCRIPTION_MAX: TextLimit = TextLimit::Utf16(72);
/// Maximum length of a row's ID.
const ROW_ID_MAX: usize = 200;
/// Maximum length of `biz_opaque_callback_data`.
const KEY_MAX: usize = 512;

/// The body for `outgoing`.
pub(super) fn body(config: &WhatsAppConfig, outgoing: &Outgoing) -> Result<Value, SendError> {
    match &outgoing.purpose {
        Purpose::Question(_) | Purpose::Settle | Purpose::Text => {}
        _ => {
            return Err(SendError::new(Verdict::Refused, "unsupported", "WhatsApp carries no alerts and no events for programs"));
        }
    }
    if outgoing.key.len() > KEY_MAX {
        return Err(SendError::new(Verdict::Refused, "key_too_long", "WhatsApp takes a key of at most 512 bytes"));
    }
    let mut body = match outgoing.outside_window {
        true => outside_window(config, outgoing)?,
        false => inside_window(config, outgoing)?,
    };
    body["messaging_product"] = json!("whatsapp");
    body["recipient_type"] = json!("individual");
    let (name, id) = recipient(&outgoing.to)?;
    body[name] = json!(id);
    if !outgoing.key.is_empty() {
        body["biz_opaque_callback_data"] = json!(outgoing.key);
    }
    Ok(body)
}

fn inside_window(config: &WhatsAppConfig, outgoing: &Outgoing) -> Result<Value, SendError> {
    if config.sharing == Sharing::Links {
        return text(outgoing, links(outgoing)?);
    }
    match outgoing.choices.len() {
        0 => text(outgoing, None),
        1..=BUTTONS_MAX => buttons(outgoing),
        _ => list(config, outgoing),
    }
}

/// The body for a message outside the window, where Meta restricts messages. Direct Send supports texts and reply buttons, but no lists.
fn outside_window(config: &WhatsAppConfig, outgoing: &Outgoing) -> Result<Value, SendError> {
    let scale = match &outgoing.purpose {
        Purpose::Question(scale) => *scale,
        _ => return Err(SendError::new(Verdict::WindowShut, "window_shut", "only a question has a form for the time outside the window")),
    };
    if let Some(template) = config.templates.of(scale) {
        return template::body(template, outgoing);
    }
    if !config.direct_send {
        return Err(SendError::new(Verdict::WindowShut, "no_template", format!("there is no template for the scale {}", scale.as_str())));
    }
    let mut body = match outgoing.choices.len() {
        0..=BUTTONS_MAX => buttons(outgoing)?,
        _ => text(outgoing, numbered(outgoing))?,
    };
    body["category"] = json!("utility");
    Ok(body)
}

fn text(outgoing: &Outgoing, below: Option<String>) -> Result<Value, SendError> {
    let body = wording(outgoing, below, TEXT_MAX)?;
    // A link must not show a preview of our pages.
    Ok(json!({ "type": "text", "text": { "body": body, "preview_url": false } }))
}

fn buttons(outgoing: &Outgoing) -> Result<Value, SendError> {
    check_choices(&outgoing.choices, BUTTONS_MAX, BUTTON_ID_MAX)?;
    let titles = titles(&outgoing.choices, BUTTON_TITLE_MAX);
    let button = |(choice, title): (&Choice, &String)| json!({ "type": "reply", "reply": { "id": choice.token, "title": title } });
    let buttons: Vec<Value> = outgoing.choices.iter().zip(&titles).map(button).collect();
    let body = wording(outgoing, None, BODY_MAX)?;
    Ok(json!({ "type": "interactive", "interactive": { "type": "button", "body": { "text": body }, "action": { "buttons": buttons } } }))
}

/// A list. A label too long for a row's title is repeated in full below it.
fn list(config: &WhatsAppConfig, outgoing: &Outgoing) -> Result<Value, SendError> {
    check_choices(&outgoing.choices, ROWS_MAX, ROW_ID_MAX)?;
    let titles = titles(&outgoing.choices, ROW_TITLE_MAX);
    let row = |(choice, title): (&Choice, &String)| {
        let mut row = json!({ "id": choice.token, "title": title });
        if !ROW_TITLE_MAX.admits(choice.label.trim()) {
            row["description"] = json!(ROW_DESCRIPTION_MAX.shorten(choice.label.trim()));
        }
        row
    };
    let words = words(&outgoing.language);
    let opener = match &outgoing.purpose {
        Purpose::Question(_) => words.rate,
        _ => words.choose,
    };
    let opener = config.list_button.as_deref().unwrap_or(opener);
    let body = wording(outgoing, None, BODY_MAX)?;
    let titled: Vec<(&Choice, &String)> = outgoing.choices.iter().zip(&titles).collect();
    let kinds = titled.chunk_by(|(one, _), (next, _)| one.kind == next.kind);
    // Each kind has its own section; a single section needs no title.
    let alone = kinds.clone().count() == 1;
    let section = |alike: &[(&Choice, &String)]| {
        let rows: Vec<Value> = alike.iter().copied().map(row).collect();
        if alone { json!({ "rows": rows }) } else { json!({ "title": above(&words, alike[0].0.kind), "rows": rows }) }
    };
    let action = json!({ "button": opener, "sections": kinds.map(section).collect::<Vec<_>>() });
    Ok(json!({ "type": "interactive", "interactive": { "type": "list", "body": { "text": body }, "action": action } }))
}

/// A number in the platform's form: without the plus, spaces and punctuation that people add.
pub(super) fn number(chat: &str) -> String {
    let digits: String = chat.chars().filter(|letter| !letter.is_whitespace() && !"+-().".contains(*letter)).collect();
    if is_id(&digits) { digits } else { chat.trim().to_owned() }
}

/// Title of the section of one kind.
fn above(words: &Words, kind: ChoiceKind) -> &'static str {
    match kind {
        ChoiceKind::Reason => words.reasons,
        ChoiceKind::Resolved => words.resolved,
        ChoiceKind::Change => words.change,
        ChoiceKind::Score => words.rate,
        _ => words.choose,
    }
}

/// The field that names the recipient, and its value: a number, or a business-scoped ID.
pub(super) fn recipient(to: &Address) -> Result<(&'static str, &str), SendError> {
    if is_id(&to.chat) {
        return Ok(("to", &to.chat));
    }
    if is_scoped_id(&to.chat) {
        return Ok(("recipient", &to.chat));
    }
    Err(SendError::new(
        Verdict::Refused,
        "bad_address",
        "a WhatsApp chat is the number as digits alone, with its country code and without +, or an id such as US.1349…",
    ))
}

/// True if `text` is a business-scoped ID: `^[A-Z]{2}\.(ENT\.)?[0-9A-Za-z]{1,128}$`.
pub(super) fn is_scoped_id(text: &str) -> bool {
    let Some((country, rest)) = text.split_once('.') else { return false };
    let id = rest.strip_prefix("ENT.").unwrap_or(rest);
    country.len() == 2
        && country.bytes().all(|byte| byte.is_ascii_uppercase())
        && (1..=128).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_as_the_platform_writes_it() {
        for (told, number_) in [("+49 170 (123) 45-67", "491701234567"), ("491701234567", "491701234567"), (" US.1349 ", "US.1349")] {
            assert_eq!(number(told), number_);
            assert!(recipient(&Address::chat(number(told))).is_ok(), "{told}");
        }
        for told in ["anna", "+", "US-1349", ""] {
            assert!(recipient(&Address::chat(number(told))).is_err(), "{told}");
        }
    }
}
