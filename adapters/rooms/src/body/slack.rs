//! Slack's blocks. The client's comment is a rich text quote, which has no markup.

use super::colour;
use crate::note::Note;
use crate::plain::{cut, slack as escaped};
use lastword_contract::PageLink;
use serde_json::{Value, json};

/// Maximum number of characters in a section, with room for escapes.
const SECTION_MAX: usize = 3_000;
const BUTTON_MAX: usize = 75;

pub(super) fn slack(note: &Note<'_>) -> Value {
    let mut blocks = vec![json!({ "type": "header", "text": { "type": "plain_text", "text": note.title, "emoji": true } })];
    if !note.text.is_empty() {
        let text = section(&note.text);
        blocks.push(json!({ "type": "section", "text": { "type": "mrkdwn", "text": text, "verbatim": true } }));
    }
    let button = |(at, page): (usize, &PageLink)| {
        json!({ "type": "button", "action_id": format!("page-{at}"), "url": page.url,
                "text": { "type": "plain_text", "text": cut(&page.label, BUTTON_MAX), "emoji": true } })
    };
    let buttons: Vec<Value> = note.pages.iter().enumerate().map(button).collect();
    if !buttons.is_empty() {
        blocks.push(json!({ "type": "actions", "elements": buttons }));
    }
    if let Some(quote) = &note.quote {
        let quote = json!({ "type": "rich_text_quote", "elements": [{ "type": "text", "text": quote }] });
        blocks.push(json!({ "type": "rich_text", "elements": [quote] }));
    }
    json!({ "attachments": [{ "fallback": note.title, "color": colour(note.tone), "blocks": blocks }] })
}

/// The text, escaped and cut without splitting an escape.
fn section(text: &str) -> String {
    let (mut room, mut made) = (SECTION_MAX - 1, String::new());
    for letter in text.chars() {
        let letter = escaped(&letter.to_string());
        let size = letter.chars().count();
        if size > room {
            made.push('…');
            break;
        }
        room -= size;
        made.push_str(&letter);
    }
    made
}
