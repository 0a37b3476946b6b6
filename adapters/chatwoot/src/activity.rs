//! Activity messages: what Chatwoot writes when a conversation changes, in the account's language, or in English if a text
//! is not translated. English sentences are recognized. In other texts only names and numbers are read, and they only say
//! who closed, not whether the conversation was closed or opened.

use crate::names::{Names, Who, mask};
use lastword_contract::{CloseBy, Millis};

/// Meaning of an English sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// Resolved by a user, a bot or an automation rule, whose name is in the text.
    ClosedByUser,
    /// Resolved by the client, whose name is in the text.
    ClosedByClient,
    /// Resolved after a time without messages; the text contains its length.
    ClosedBySilence,
    /// Resolved by an assistant.
    ClosedByAssistant,
    /// Opened again.
    Opened,
    /// A change other than of the status.
    Other,
}

/// Each sentence as the texts around its placeholders.
const SENTENCES: [(Meaning, &[&str]); 10] = [
    (Meaning::ClosedBySilence, &["Conversation was marked resolved by system due to ", " ", " of inactivity"]),
    (Meaning::ClosedByAssistant, &["Conversation was marked resolved by ", " due to inactivity"]),
    (Meaning::ClosedByAssistant, &["Conversation was marked resolved by ", " (", ")"]),
    (Meaning::ClosedByUser, &["Conversation was marked resolved by ", ""]),
    (Meaning::ClosedByClient, &["Conversation was resolved by ", ""]),
    (Meaning::Opened, &["Conversation was reopened by ", ""]),
    (Meaning::Opened, &["System reopened the conversation due to a new incoming message."]),
    (Meaning::Other, &["Assigned to ", " by ", ""]),
    (Meaning::Other, &["", " added ", ""]),
    (Meaning::Other, &["", " has muted the conversation"]),
];

/// Values of the placeholders of a sentence in `text`; `None` if the text is not this sentence.
fn places<'t>(around: &[&str], text: &'t str) -> Option<Vec<&'t str>> {
    let (first, rest) = around.split_first()?;
    let mut text = text.strip_prefix(first)?;
    let mut found = Vec::new();
    for (n, around) in rest.iter().enumerate() {
        let is_last = n + 1 == rest.len();
        let (place, after) = if is_last { (text.strip_suffix(around)?, "") } else { text.split_once(around)? };
        if place.trim().is_empty() {
            return None;
        }
        found.push(place.trim());
        text = after;
    }
    text.is_empty().then_some(found)
}

/// Who may have closed, by one reading of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Closer<'t> {
    Named(&'t str),
    Client,
    Silence(u32),
    Assistant,
}

/// An activity message, as far as its text is understood.
#[derive(Debug, Default)]
pub(crate) struct Activity<'t> {
    text: &'t str,
    closers: Vec<Closer<'t>>,
    opens: bool,
    other: bool,
}

impl<'t> Activity<'t> {
    /// Reads the text of an activity message.
    pub(crate) fn of(text: &'t str) -> Self {
        let text = text.trim();
        let mut read = Self { text, ..Self::default() };
        for (meaning, around) in SENTENCES {
            let Some(places) = places(around, text) else { continue };
            let place = places.first().copied().unwrap_or_default();
            match meaning {
                Meaning::ClosedByUser => read.closers.push(Closer::Named(place)),
                Meaning::ClosedByClient => read.closers.push(Closer::Client),
                Meaning::ClosedBySilence => read.closers.extend(place.parse().ok().map(Closer::Silence)),
                Meaning::ClosedByAssistant => read.closers.push(Closer::Assistant),
                Meaning::Opened => read.opens = true,
                Meaning::Other => read.other = true,
            }
        }
        read
    }

    /// True if the text says that the conversation was resolved.
    pub(crate) fn closes(&self) -> bool {
        !self.closers.is_empty()
    }

    /// True if the text says that the conversation was opened again.
    pub(crate) fn opens(&self) -> bool {
        self.opens
    }

    /// True if the text is no known sentence and may mean anything.
    pub(crate) fn is_unknown(&self) -> bool {
        self.closers.is_empty() && !self.opens && !self.other
    }

    /// True if the text may name a person who is only in the list of agents.
    pub(crate) fn asks_for_agents(&self, names: &Names) -> bool {
        let is_strange = |closer: &Closer<'_>| matches!(closer, Closer::Named(name) if names.called(name).is_none());
        let is_silence = |closer: &Closer<'_>| matches!(closer, Closer::Silence(_));
        self.is_unknown() || (self.closers.iter().any(is_strange) && !self.closers.iter().any(is_silence))
    }

    /// Who closed, with the exact person if known. `silence` is the time between the last message of a person and the
    /// close; `None` if there was no message. Of several readings, one that names a known person wins; otherwise a close by
    /// silence or by an assistant is preferred to one by a person.
    pub(crate) fn closer(&self, names: &Names, silence: Option<Millis>) -> (CloseBy, Option<String>) {
        if self.closers.is_empty() {
            return self.guess(names, silence);
        }
        let named = self.closers.iter().find_map(|closer| if let Closer::Named(name) = closer { names.called(name) } else { None });
        match named {
            Some(Who::Client) | None => {}
            Some(who) => return of(who),
        }
        if let Some(time) = self.closers.iter().find_map(|closer| if let Closer::Silence(time) = closer { Some(*time) } else { None }) {
            return (by_silence(time), None);
        }
        if self.closers.contains(&Closer::Assistant) {
            return (CloseBy::Bot, None);
        }
        // An unknown user, or a client under another name.
        if self.closers.contains(&Closer::Client) { (CloseBy::Client, None) } else { (CloseBy::Operator, None) }
    }

    /// Who closed, by a text that is no known sentence: the longest known name in it, or the length of a silence.
    fn guess(&self, names: &Names, silence: Option<Millis>) -> (CloseBy, Option<String>) {
        if let Some(who) = names.longest_in(self.text) {
            return of(who);
        }
        match self.silence(names).filter(|time| is_as_silent(*time, silence)) {
            Some(time) => (by_silence(time), None),
            None => (CloseBy::Operator, None),
        }
    }

    /// The number in a text without a known name: the length of a silence in days, hours or minutes. A number inside a
    /// word is part of a name.
    pub(crate) fn silence(&self, names: &Names) -> Option<u32> {
        if names.are_in(self.text) {
            return None;
        }
        let mut before = ' ';
        for (at, letter) in self.text.char_indices() {
            if letter.is_ascii_digit() && !before.is_ascii_digit() && !before.is_lowercase() && !before.is_uppercase() {
                let tail = &self.text[at..];
                let end = tail.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(tail.len());
                return tail[..end].parse().ok();
            }
            before = letter;
        }
        None
    }

    /// The text with names and numbers masked: equal for two messages about the same kind of change.
    pub(crate) fn pattern(&self, names: &Names) -> String {
        mask(self.text, names)
    }

    /// True if one of these names is in the text.
    pub(crate) fn names_one_of(&self, names: &Names) -> bool {
        names.are_in(self.text)
    }

    /// True if the text contains no known name and no number.
    pub(crate) fn names_nobody(&self, names: &Names) -> bool {
        !names.are_in(self.text) && !self.text.chars().any(|letter| letter.is_ascii_digit())
    }
}

fn of(who: Who) -> (CloseBy, Option<String>) {
    match who {
        Who::Person(id) => (CloseBy::Operator, id),
        Who::Program => (CloseBy::Bot, None),
        Who::Automation => (CloseBy::Forced, None),
        Who::Client => (CloseBy::Client, None),
    }
}

/// Chatwoot writes "0 minutes" if conversations are not closed by silence: then an integration closed it.
fn by_silence(time: u32) -> CloseBy {
    if time == 0 { CloseBy::Bot } else { CloseBy::Timeout }
}

/// True if the silence can be as long as this number says. Its unit is unknown; minutes are the shortest.
pub(crate) fn is_as_silent(time: u32, silence: Option<Millis>) -> bool {
    silence.is_none_or(|silence| silence + 60_000 >= Millis::from(time) * 60_000)
}

#[cfg(test)]
mod tests;
