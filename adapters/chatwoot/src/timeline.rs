//! When a conversation was resolved and opened again, by its messages. English words say it. In any other language an activity
//! message only says that something happened: the status and the time of its change say which message is about the last close, and
//! earlier closes are known by what follows them, and by the words that the last one has.

use crate::activity::{Activity, is_as_silent};
use crate::names::Names;
use crate::people::{is_incoming_message, is_ours, is_service};
use crate::receive::seconds;
use lastword_contract::Millis;
use serde_json::Value;

/// How much before the time of a change the message about it may be dated.
const BEFORE: Millis = 3_000;
/// How long a job may take to write down who closed.
pub(crate) const WRITTEN_WITHIN: Millis = 20_000;
/// A close after less than an hour of silence names its minutes by two digits.
const SHORT_SILENCE: Millis = 60 * 60_000;

/// What a message changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Closed,
    Opened,
}

/// What a message is for a timeline.
#[derive(Debug)]
enum Mark<'t> {
    /// The client wrote.
    Client,
    /// A person or a program wrote to the client.
    Served,
    /// The client was asked for a rating, by us or by Chatwoot: of a conversation that is closed.
    Asked,
    /// Words that are known.
    Known(Change),
    /// Words that are no known sentence.
    Unknown(Activity<'t>),
}

/// What is known of a conversation besides its messages.
#[derive(Debug)]
pub(crate) struct Facts<'a> {
    /// Whether it is resolved now.
    pub(crate) is_resolved: bool,
    /// When its status changed, where that is known.
    pub(crate) told_at: Option<Millis>,
    /// The user whose token is ours.
    pub(crate) own: Option<&'a str>,
    /// Its labels.
    pub(crate) labels: &'a [&'a str],
    /// When it was closed, as far as that was read before.
    pub(crate) closes: &'a [Millis],
}

/// The changes of status in a conversation. Places are those in the list of messages.
#[derive(Debug, Default)]
pub(crate) struct Timeline {
    changes: Vec<(usize, Change)>,
    last_unknown: Option<usize>,
    close: Option<usize>,
    is_close_sure: bool,
}

impl Timeline {
    /// Reads `messages`, oldest first, in which these names may stand.
    pub(crate) fn of(messages: &[Value], facts: &Facts<'_>, names: &Names) -> Self {
        let reader = Reader::of(messages, facts, names);
        let changes = reader.changes(None);
        let (close, is_close_sure) = reader.close(&changes);
        let words = reader.unknown().find(|(place, _)| Some(*place) == close).map(|(_, words)| words.pattern(names));
        let changes = if words.is_some() { reader.changes(words.as_deref()) } else { changes };
        Self { changes, last_unknown: reader.unknown().map(|(place, _)| place).last(), close, is_close_sure }
    }

    /// The last close before now that is known, also where the conversation was opened again since.
    pub(crate) fn last_close(&self) -> Option<usize> {
        self.changes.iter().rev().find(|(_, change)| *change == Change::Closed).map(|(place, _)| *place)
    }

    /// The last time that the conversation is known to have been opened again.
    pub(crate) fn last_opening(&self) -> Option<usize> {
        self.changes.iter().rev().find(|(_, change)| *change == Change::Opened).map(|(place, _)| *place)
    }

    /// The last close before this place.
    pub(crate) fn close_before(&self, place: usize) -> Option<usize> {
        self.changes.iter().rev().find(|(at, change)| *at < place && *change == Change::Closed).map(|(at, _)| *at)
    }

    /// The last message whose words are no known sentence.
    pub(crate) fn last_unknown(&self) -> Option<usize> {
        self.last_unknown
    }

    /// The message that tells of the close of a conversation that is resolved; `None` where nothing is written down of it.
    pub(crate) fn close(&self) -> Option<usize> {
        self.close
    }

    /// Whether words or time say that the message is about the close. Otherwise nothing else in the conversation can be.
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

    /// The changes, oldest first; words that follow the pattern `closes` are about a close.
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
                    // It was closed by a message that cannot be read.
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

    /// Whether the unknown words at `place` stand right after a client's message and name nobody: what is written where a client's
    /// message opens a conversation.
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

    /// Whether unknown words name nobody but the length of the silence before them.
    fn is_after_silence(&self, place: usize, words: &Activity<'_>) -> bool {
        let Some(silence) = silence_before(self.messages, place) else { return false };
        let is_long = |time: u32| time >= 10 || silence >= SHORT_SILENCE;
        words.silence(self.names).is_some_and(|time| time > 0 && is_long(time) && is_as_silent(time, Some(silence)))
    }

    /// The message about the close, and whether words or time say so.
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
        // Words that cannot be read, at the time of the change, are about the change, unless they are about labels.
        if let Some((place, _)) = unknown().find(|(place, words)| near(*place) && !is_label(words)) {
            return (Some(place), true);
        }
        // Nobody writes between a close and its finding.
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

/// Changes as they are found.
#[derive(Default)]
struct Found {
    changes: Vec<(usize, Change)>,
    is_closed: bool,
    /// The last unknown words since the last change.
    since_change: Option<usize>,
    /// The last unknown words since the last change and since anybody wrote.
    since_written: Option<usize>,
}

impl Found {
    fn add(&mut self, place: usize, change: Change) {
        self.changes.push((place, change));
        self.is_closed = change == Change::Closed;
        (self.since_change, self.since_written) = (None, None);
    }

    /// What follows shows that the conversation was closed: by these words, where nothing is known of a close.
    fn was_closed(&mut self, by: Option<usize>) {
        if let Some(by) = by.filter(|_| !self.is_closed) {
            self.add(by, Change::Closed);
        }
    }
}

/// When a message was written.
pub(crate) fn time(message: &Value) -> Option<Millis> {
    seconds(&message["created_at"])
}

/// Whether a message was written by Chatwoot about the conversation.
pub(crate) fn is_activity(message: &Value) -> bool {
    message["message_type"] == 2 || message["message_type"] == "activity"
}

/// How long nobody had written to the client, and the client to nobody, when the message at `place` was written; `None` where no
/// such message is before it.
pub(crate) fn silence_before(messages: &[Value], place: usize) -> Option<Millis> {
    let is_outgoing = |message: &Value| message["message_type"] == 1 || message["message_type"] == "outgoing";
    let is_word = |message: &&Value| is_incoming_message(message) || (is_outgoing(message) && message["private"] != true);
    let written = messages[..place].iter().rev().find(is_word).and_then(time)?;
    Some(time(&messages[place])? - written)
}

#[cfg(test)]
mod tests;
