//! A message in parts, from which all bodies are built.

use crate::plain::{cut, harmless};
use lastword_contract::{Outgoing, PageLink};
use serde_json::Value;

/// Maximum length of a title.
const TITLE_CHARS_MAX: usize = 150;
/// Maximum length of the text below it.
const TEXT_CHARS_MAX: usize = 3_000;
/// Maximum length of a quote of a client.
const QUOTE_CHARS_MAX: usize = 1_000;

/// Importance of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Requires action.
    Bad,
    /// Unusual.
    Warning,
    /// A recovery or praise.
    Good,
    /// Numbers or a test.
    Plain,
}

/// A message. Its texts are harmless but not escaped yet.
#[derive(Debug)]
pub(crate) struct Note<'a> {
    pub(crate) title: String,
    pub(crate) text: String,
    /// The client's comment, always shown last.
    pub(crate) quote: Option<String>,
    pub(crate) pages: &'a [PageLink],
    pub(crate) tone: Tone,
    /// Key of the subject: equal for all messages about it.
    pub(crate) about: String,
    /// `true` if the message reports the end of its subject.
    pub(crate) over: bool,
    /// `true` if it reports that a person has seen its subject.
    pub(crate) seen: bool,
    /// ID of the delivery.
    pub(crate) key: &'a str,
}

impl<'a> Note<'a> {
    pub(crate) fn of(outgoing: &'a Outgoing) -> Self {
        let text = harmless(outgoing.text.trim());
        let (title, text) = text.split_once('\n').unwrap_or((&text, ""));
        let quote = outgoing.quote.as_deref().map(str::trim).filter(|quote| !quote.is_empty());
        // Cut before processing: the text may have 100 KB.
        let quote = quote.map(|quote| cut(&harmless(&cut(quote, QUOTE_CHARS_MAX)), 2 * QUOTE_CHARS_MAX));
        let data = &outgoing.data;
        let (tone, over) = tone(data);
        Self {
            title: cut(title, TITLE_CHARS_MAX),
            text: cut(text.trim(), TEXT_CHARS_MAX),
            quote,
            pages: &outgoing.pages,
            tone,
            about: about(data).unwrap_or_else(|| outgoing.key.clone()),
            over,
            seen: data["kind"] == "seen",
            key: &outgoing.key,
        }
    }

    /// Title and text together.
    pub(crate) fn whole(&self) -> String {
        if self.text.is_empty() { self.title.clone() } else { format!("{}\r\n{}", self.title, self.text) }
    }

    /// Title and text together, with at most `max` characters.
    pub(crate) fn whole_within(&self, max: usize) -> String {
        cut(&self.whole(), max)
    }

    /// The first page: the subject of the message.
    pub(crate) fn page(&self) -> Option<&PageLink> {
        self.pages.first()
    }
}

fn tone(data: &Value) -> (Tone, bool) {
    let is_some = |name: &str| data[name].as_i64().is_some_and(|count| count > 0);
    match (data["kind"].as_str(), data["trouble"].as_str()) {
        (Some("low" | "more" | "late"), _) => (Tone::Bad, false),
        (Some("changed" | "all_clear" | "done"), _) | (_, Some("hears_again" | "runs_again")) => (Tone::Good, true),
        (Some("praise"), _) => (Tone::Good, false),
        (Some("letter"), _) => (Tone::Plain, false),
        (Some("alarm"), _) | (_, Some(_)) => (Tone::Warning, false),
        _ if is_some("count") || is_some("late") || is_some("more") => (Tone::Bad, false),
        _ => (Tone::Plain, false),
    }
}

fn about(data: &Value) -> Option<String> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    text(&data["rating_request"]["id"])
        .or_else(|| text(&data["alarm"]))
        .or_else(|| text(&data["connection"]).map(|name| format!("connection-{name}")))
}
