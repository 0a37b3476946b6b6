//! Services with a variant of Markdown. Texts are already harmless; quotes start with `>`.

use super::{Call, NAME, colour};
use crate::note::Note;
use crate::place::Place;
use crate::plain::{cut, quoted};
use lastword_contract::PageLink;
use serde_json::{Value, json};

const TEXT_MAX: usize = 3_900;
const CONTENT_MAX: usize = 2_000;
const DISCORD_BUTTON_MAX: usize = 80;

/// `[Open](https://…) · [Seen](https://…)`
fn links(pages: &[PageLink]) -> String {
    pages.iter().map(|page| format!("[{}]({})", page.label, page.url)).collect::<Vec<_>>().join(" · ")
}

/// The links, with the client's comment below them.
fn attached(note: &Note<'_>, links: String) -> String {
    let quote = note.quote.as_deref().map(quoted);
    [Some(links), quote].into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
}

pub(super) fn mattermost(note: &Note<'_>) -> Value {
    let mut body = json!({ "text": note.whole_within(TEXT_MAX), "username": NAME });
    let attached = attached(note, links(note.pages));
    if !attached.is_empty() {
        body["attachments"] = json!([{ "fallback": note.title, "color": colour(note.tone), "text": attached }]);
    }
    body
}

pub(super) fn rocketchat(note: &Note<'_>) -> Value {
    let mut body = json!({ "text": note.whole_within(TEXT_MAX), "alias": NAME });
    let attached = attached(note, links(note.pages));
    if !attached.is_empty() {
        body["attachments"] = json!([{ "color": colour(note.tone), "text": attached }]);
    }
    body
}

/// Zulip's hook converts Slack's markup to its own.
pub(super) fn zulip(note: &Note<'_>) -> Value {
    let links = note.pages.iter().map(|page| format!("<{}|{}>", page.url, page.label)).collect::<Vec<_>>().join(" · ");
    let attached = attached(note, links);
    let whole = note.whole_within(TEXT_MAX);
    json!({ "text": if attached.is_empty() { whole } else { format!("{whole}\n\n{attached}") } })
}

pub(super) fn discord(place: &Place, note: &Note<'_>) -> Call {
    let mut body = json!({ "content": note.whole_within(CONTENT_MAX), "tts": false, "allowed_mentions": { "parse": [] } });
    let button = |page: &PageLink| json!({ "type": 2, "style": 5, "label": cut(&page.label, DISCORD_BUTTON_MAX), "url": page.url });
    let buttons: Vec<Value> = note.pages.iter().map(button).collect();
    if !buttons.is_empty() {
        body["components"] = json!([{ "type": 1, "components": buttons }]);
    }
    if let Some(quote) = &note.quote {
        let colour = u32::from_str_radix(&colour(note.tone)[1..], 16).unwrap_or_default();
        body["embeds"] = json!([{ "description": quoted(quote), "color": colour }]);
    }
    let mut url = place.url.clone();
    // With `wait`, Discord reports an error if it does not store the message.
    url.query_pairs_mut().append_pair("wait", "true").append_pair("with_components", "true");
    Call::post(&url, body)
}
