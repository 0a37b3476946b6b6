//! When a conversation was resolved and opened again, derived from its messages. English texts say so. In other languages
//! an activity message only says that something happened: the status and the time of its change identify the message about
//! the last close; earlier closes are recognized by what follows them and by texts similar to the last one.

use crate::activity::{Activity, is_as_silent};
use crate::names::Names;
use crate::people::{is_incoming_message, is_ours, is_service};
use crate::receive::seconds;
use lastword_contract::Millis;
use serde_json::Value;

/// Maximum time by which a message may precede the change it is about.
const BEFORE: Millis = 3_000;
/// Maximum time until Chatwoot's job has recorded who closed.
pub(crate) const WRITTEN_WITHIN: Millis = 20_000;
/// After a shorter silence, a close names its minutes in at most two digits.
const SHORT_SILENCE: Millis = 60 * 60_000;

/// Change of status by a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Closed,
    Opened,
}

/// Role of a message in a timeline.
#[derive(Debug)]
enum Mark<'t> {
    /// A message of the client.
    Client,
    /// A message of a person or a program to the client.
    Served,
    /// The client was asked for a rating, by us or by Chatwoot, which implies that the conversation is closed.
    Asked,
    /// An activity message with a known sentence.
    Known(Change),
    /// An activity message that is no known sentence.
    Unknown(Activity<'t>),
}

/// Facts about a conversation besides its messages.
#[derive(Debug)]
pub(crate) struct Facts<'a> {
    /// True if it is resolved now.
    pub(crate) is_resolved: bool,
    /// Time when its status changed, if known.
    pub(crate) told_at: Option<Millis>,
    /// ID of the user that owns our token.
    pub(crate) own: Option<&'a str>,
    /// Its labels.
    pub(crate) labels: &'a [&'a str],
    /// Known closes, from earlier reads.
    pub(crate) closes: &'a [Millis],
}

/// Changes of status of a conversation. Places are indexes into the list of messages.
#[derive(Debug, Default)]
pub(crate) struct Timeline {
    changes: Vec<(usize, Change)>,
    last_unknown: Option<usize>,
    close: Option<usize>,
    is_close_sure: bool,
}

impl Timeline {
    /// Reads `messages`, oldest first; `names` may occur in them.
    pub(crate) fn of(messages: &[Value], facts: &Facts<'_>, names: &Names) -> Self {
        let reader = Reader::of(messages, facts, names);
        let changes = reader.changes(None);
        let (close, is_close_sure) = reader.close(&changes);
        let words = reader.unknown().find(|(place, _)| Some(*place) == close).map(|(_, words)| words.pattern(names));
        let changes = if words.is_some() { reader.changes(words.as_deref()) } else { changes };
        Self { changes, last_unknown: reader.unknown().map(|(place, _)| place).last(), close, is_close_sure }
    }

    /// The last known close, even if the conversation was opened again since.
    pub(crate) fn last_close(&self) -> Option<usize> {
        self.changes.iter().rev().find(|(_, change)| *change == Change::Closed).map(|(place, _)| *place)
    }

    /// The last known reopening.
    pub(crate) fn last_opening(&self) -> Option<usize> {
        self.changes.iter().rev().find(|(_, change)| *change == Change::Opened).map(|(place, _)| *place)
    }

    /// The last close before this place.
    pub(crate) fn close_before(&self, place: usize) -> Option<usize> {
        self.changes.iter().rev().find(|(at, change)| *at < place && *change == Change::Closed).map(|(at, _)| *at)
    }

    /// The last activity message that is no known sentence.
    pub(crate) fn last_unknown(&self) -> Option<usize> {
        self.last_unknown
    }

    /// The message about the close of a resolved conversation; `None` if there is none.
    pub(crate) fn close(&self) -> Option<usize> {
        self.close
    }

    /// True if text or time identify the message about the close. Otherwise it is the only message that can be about it.
    pub(crate) fn is_close_sure(&self) -> bool {
        self.is_close_sure
    }
}

struct Reader<'t> {
    messages: &'t [Value],
    facts: &'t Facts<'t>,
    names: &'t Names,
    labels: Names,
    marks: Vec<(usize, Mark<'t>)>,
}

impl<'t> Reader<'t> {
    fn of(messages: &'t [Value], facts: &'t Facts<'t>, names: &'t Names) -> Self {
        let mark = |(place, message): (usize, &'t Value)| {
            let is_asked = || {
                let is_question = message["content_type"] == "input_csat" || message["content_type"] == "input_select";
                message["private"] != true && (is_question || is_ours(message, facts.own))
            };
            let mark = if is_incoming_message(message) {
                Mark::Client
            } else if is_activity(message) {
                let words = Activity::of(message["content"].as_str().unwrap_or_default());
                match (words.closes(), words.opens()) {
                    (true, _) => Mark::Known(Change::Closed),
                    (false, true) => Mark::Known(Change::Opened),
                    (false, false) if words.is_unknown() => Mark::Unknown(words),
                    (false, false) => return None,
                }
            } else if is_service(message, facts.own) {
                Mark::Served
            } else if is_asked() {
                Mark::Asked
            } else {
                return None;
            };
            Some((place, mark))
        };
        let marks = messages.iter().enumerate().filter_map(mark).collect();
        let labels = Names::of_things(facts.labels);
        Self { messages, facts, names, labels, marks }
    }

    fn unknown(&self) -> impl Iterator<Item = (usize, &Activity<'t>)> {
        self.marks.iter().filter_map(|(place, mark)| if let Mark::Unknown(words) = mark { Some((*place, words)) } else { None })
    }

    /// The changes, oldest first. Unknown texts with the pattern `closes` count as closes.
    fn changes(&self, closes: Option<&str>) -> Vec<(usize, Change)> {
        let mut found = Found::default();
        for (place, mark) in &self.marks {
            match mark {
                Mark::Client => {
                    if self.is_followed_by_opening(*place) {
                        found.was_closed(found.since_written);
                    }
                    if found.is_closed {
                        found.add(*place, Change::Opened);
                    }
                    found.since_written = None;
                }
                Mark::Served => found.since_written = None,
                Mark::Asked => found.was_closed(found.since_written),
                Mark::Known(Change::Closed) => found.add(*place, Change::Closed),
                Mark::Known(Change::Opened) => {
                    // It was closed by a message that cannot be understood.
                    found.was_closed(found.since_change);
                    found.add(*place, Change::Opened);
                }
                Mark::Unknown(words) => {
                    let was_read = time(&self.messages[*place]).is_some_and(|at| self.facts.closes.contains(&at));
                    let is_close = was_read
                        || closes.is_some_and(|closes| words.pattern(self.names) == closes)
                        || self.is_after_silence(*place, words);
                    if is_close {
                        found.add(*place, Change::Closed);
                    } else {
                        found.since_change = Some(*place);
                        found.since_written = if self.is_opening(*place) { found.since_written } else { Some(*place) };
                    }
                }
            }
        }
        found.changes
    }

    /// True if the unknown text at `place` directly follows a client's message and contains no name: Chatwoot writes that
    /// when a client's message opens a conversation.
    fn is_opening(&self, place: usize) -> bool {
        let written =
            self.messages[..place].iter().rev().find(|message| !is_activity(message)).filter(|message| is_incoming_message(message));
        let gap = written.and_then(time).zip(time(&self.messages[place])).map(|(written, at)| at - written);
        let names_nobody = self.unknown().any(|(at, words)| at == place && words.names_nobody(self.names));
        names_nobody && gap.is_some_and(|gap| (0..=WRITTEN_WITHIN).contains(&gap))
    }

    fn is_followed_by_opening(&self, place: usize) -> bool {
        let next = (place + 1..self.messages.len()).find(|next| is_activity(&self.messages[*next]));
        next.is_some_and(|next| self.messages[place + 1..next].iter().all(is_incoming_message) && self.is_opening(next))
    }

    /// True if an unknown text contains no name, and no number except the length of the silence before it.
    fn is_after_silence(&self, place: usize, words: &Activity<'_>) -> bool {
        let Some(silence) = silence_before(self.messages, place) else { return false };
        let is_long = |time: u32| time >= 10 || silence >= SHORT_SILENCE;
        words.silence(self.names).is_some_and(|time| time > 0 && is_long(time) && is_as_silent(time, Some(silence)))
    }

    /// The message about the close, and true if text or time identify it.
    fn close(&self, changes: &[(usize, Change)]) -> (Option<usize>, bool) {
        if !self.facts.is_resolved {
            return (None, false);
        }
        let since = changes.last().map_or(0, |(place, _)| place + 1);
        let known = changes.last().filter(|(_, change)| *change == Change::Closed).map(|(place, _)| *place);
        let near = |place: usize| match (self.facts.told_at, time(&self.messages[place])) {
            (Some(told_at), Some(at)) => (told_at - BEFORE..=told_at + WRITTEN_WITHIN).contains(&at),
            _ => false,
        };
        if known.is_some_and(near) {
            return (known, true);
        }
        let unknown = || self.unknown().filter(|(place, _)| *place >= since);
        let is_label = |words: &Activity<'_>| words.names_one_of(&self.labels);
        // An unknown text at the time of the change is about the change, unless it is about labels.
        if let Some((place, _)) = unknown().find(|(place, words)| near(*place) && !is_label(words)) {
            return (Some(place), true);
        }
        // No message comes between a close and the note about it.
        let is_word = |mark: &Mark<'_>| matches!(mark, Mark::Client | Mark::Served);
        let written = self.marks.iter().rev().find(|(_, mark)| is_word(mark)).map_or(0, |(place, _)| *place);
        let last = unknown().filter(|(place, words)| *place >= written && !is_label(words)).last().map(|(place, _)| place);
        match known {
            Some(known) if known >= written || last.is_none() => (Some(known), true),
            _ => match (last, unknown().find(|(place, _)| near(*place))) {
                (None, Some((place, _))) => (Some(place), true),
                _ => (last, false),
            },
        }
    }
}

/// Changes found so far.
#[derive(Default)]
struct Found {
    changes: Vec<(usize, Change)>,
    is_closed: bool,
    /// The last unknown text since the last change.
    since_change: Option<usize>,
    /// The last unknown text since the last change and the last message of a person.
    since_written: Option<usize>,
}

impl Found {
    fn add(&mut self, place: usize, change: Change) {
        self.changes.push((place, change));
        self.is_closed = change == Change::Closed;
        (self.since_change, self.since_written) = (None, None);
    }

    /// Later messages imply that the conversation was closed: by this unknown text, unless a close is already known.
    fn was_closed(&mut self, by: Option<usize>) {
        if let Some(by) = by.filter(|_| !self.is_closed) {
            self.add(by, Change::Closed);
        }
    }
}

/// Time of a message.
pub(crate) fn time(message: &Value) -> Option<Millis> {
    seconds(&message["created_at"])
}

/// True if Chatwoot wrote the message about the conversation.
pub(crate) fn is_activity(message: &Value) -> bool {
    message["message_type"] == 2 || message["message_type"] == "activity"
}

/// Time between the last message from or to the client and the message at `place`; `None` if there is no such message before it.
pub(crate) fn silence_before(messages: &[Value], place: usize) -> Option<Millis> {
    let is_outgoing = |message: &Value| message["message_type"] == 1 || message["message_type"] == "outgoing";
    let is_word = |message: &&Value| is_incoming_message(message) || (is_outgoing(message) && message["private"] != true);
    let written = messages[..place].iter().rev().find(is_word).and_then(time)?;
    Some(time(&messages[place])? - written)
}

#[cfg(test)]
mod tests;
