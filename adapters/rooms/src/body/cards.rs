//! Services with cards. The client's comment is in an element without markup: a text run in Teams, escaped text in Google Chat.

use super::Call;
use crate::note::Note;
use crate::place::Place;
use crate::plain::{cut, html};
use lastword_contract::PageLink;
use serde_json::{Value, json};

const GOOGLE_TEXT_MAX: usize = 3_900;

pub(super) fn teams(note: &Note<'_>) -> Value {
    let mut body = vec![json!({
        "type": "TextBlock", "text": note.title, "style": "heading", "weight": "Bolder", "size": "Large", "wrap": true, "id": "title"
    })];
    if !note.text.is_empty() {
        body.push(json!({ "type": "TextBlock", "text": note.text, "style": "default", "wrap": true, "id": "body" }));
    }
    let action = |page: &PageLink| json!({ "type": "Action.OpenUrl", "title": page.label, "url": page.url });
    let actions: Vec<Value> = note.pages.iter().map(action).collect();
    if !actions.is_empty() {
        body.push(json!({ "type": "ActionSet", "actions": actions }));
    }
    if let Some(quote) = &note.quote {
        let run = json!({ "type": "TextRun", "text": quote, "italic": true });
        body.push(json!({ "type": "RichTextBlock", "inlines": [run], "id": "quote" }));
    }
    let card = json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": { "width": "full" },
        "body": body,
    });
    json!({
        "type": "message",
        "attachments": [{ "contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": null, "content": card }],
    })
}

pub(super) fn google_chat(place: &Place, note: &Note<'_>) -> Call {
    let mut widgets = Vec::new();
    let button = |page: &PageLink| json!({ "text": page.label, "onClick": { "openLink": { "url": page.url } } });
    let buttons: Vec<Value> = note.pages.iter().map(button).collect();
    if !buttons.is_empty() {
        widgets.push(json!({ "buttonList": { "buttons": buttons } }));
    }
    if let Some(quote) = &note.quote {
        widgets.push(json!({ "textParagraph": { "text": format!("<i>{}</i>", html(quote)) } }));
    }
    let mut body = json!({ "text": cut(&note.whole(), GOOGLE_TEXT_MAX) });
    if !widgets.is_empty() {
        body["cardsV2"] = json!([{ "cardId": "lastword", "card": { "sections": [{ "widgets": widgets }] } }]);
    }
    let mut url = place.url.clone();
    // With this ID, a repeated request creates no second message.
    url.query_pairs_mut().append_pair("requestId", note.key);
    Call::post(&url, body)
}
