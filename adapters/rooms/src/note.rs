//! One message in parts, as all bodies are made of it.

use crate::plain::{cut, harmless};
use lastword_contract::{Outgoing, PageLink};
use serde_json::Value;

/// The longest title.
const TITLE_CHARS_MAX: usize = 150;
/// The longest text below it.
const TEXT_CHARS_MAX: usize = 3_000;
/// So much of what a client wrote is quoted.
const QUOTE_CHARS_MAX: usize = 1_000;

/// How a message is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Somebody has to do something.
    Bad,
    /// Something is not as usual.
    Warning,
    /// It is well again, or well done.
    Good,
    /// Numbers, or a test.
    Plain,
}

/// One message. Its texts are harmless, and not escaped yet.
#[derive(Debug)]
pub(crate) struct Note<'a> {
    pub(crate) title: String,
    pub(crate) text: String,
    /// What the client wrote, always shown last.
    pub(crate) quote: Option<String>,
    pub(crate) pages: &'a [PageLink],
    pub(crate) tone: Tone,
    /// What the message is about: the same for all messages about it.
    pub(crate) about: String,
    /// `true` if it says that what it is about is over.
    pub(crate) over: bool,
    /// The delivery.
    pub(crate) key: &'a str,
}

impl<'a> Note<'a> {
    pub(crate) fn of(outgoing: &'a Outgoing) -> Self {
        let text = harmless(outgoing.text.trim());
        let (title, text) = text.split_once('\n').unwrap_or((&text, ""));
        let quote = outgoing.quote.as_deref().map(str::trim).filter(|quote| !quote.is_empty());
        // Cut before it is looked at: nobody reads 100 KB.
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
            key: &outgoing.key,
        }
    }

    /// The title and the text in one.
    pub(crate) fn whole(&self) -> String {
        if self.text.is_empty() { self.title.clone() } else { format!("{}\r\n{}", self.title, self.text) }
    }

    /// The title and the text in one, with at most `max` characters.
    pub(crate) fn whole_within(&self, max: usize) -> String {
        cut(&self.whole(), max)
    }

    /// The first page: what the message is about.
    pub(crate) fn page(&self) -> Option<&PageLink> {
        self.pages.first()
    }
}

fn tone(data: &Value) -> (Tone, bool) {
    let is_some = |name: &str| data[name].as_i64().is_some_and(|count| count > 0);
    match (data["kind"].as_str(), data["trouble"].as_str()) {
        (Some("low" | "more" | "late"), _) => (Tone::Bad, false),
        (Some("changed" | "all_clear"), _) | (_, Some("hears_again" | "runs_again")) => (Tone::Good, true),
        (Some("praise"), _) => (Tone::Good, false),
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
