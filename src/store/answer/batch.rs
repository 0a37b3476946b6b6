//! Reads and writes of a batch of answers, each in a fixed number of round trips.

use super::message_change::{self, Here, MessageChange};
use super::rating::{self, Change, Rating};
use super::rating_edit::{self, RatingEdit};
use super::signal::{self, AnswerSignal, GivenByLink};
use super::{AnswerEvent, Blanked, blank_statement, keep_statement, said_in_statement};
use crate::alert::{self, Alert, recipient};
use crate::inbox::{self, Event, Seen};
use crate::question::client_message::{self, ClientMessages};
use crate::question::ending::{self, Behind, MessageId};
use crate::question::rating_request::place::{self, Open};
use crate::question::rating_request::{self, Progress, RatingRequest};
use crate::session::address_move::{self, EarlierChat, OnConnection};
use crate::session::{self, SessionEvent, opt_out};
use crate::sql::Statement;
use crate::{Millis, Row, StoreError, Tx, expect_all, line};
use lastword_base::names::{AlertId, EventKey, LineId, Place, RequestId};
use std::collections::HashMap;

/// Keys of the rows that a batch of answers refers to.
#[derive(Debug, Default)]
pub struct Keys<'a> {
    /// The events: source and event key.
    pub events: Vec<&'a EventKey>,
    /// The rating requests that tokens claim to refer to.
    pub claimed: Vec<RequestId>,
    /// The conversations with messages of clients.
    pub places: Vec<Place>,
    /// Our messages that may have been replied or reacted to.
    pub messages: Vec<MessageId>,
    /// The messages of clients that were edited or deleted.
    pub changed: Vec<MessageId>,
    /// The conversations with a typed opt-out or opt-in.
    pub wishes: Vec<Place>,
    /// The alerts whose button was pressed.
    pub alerts: Vec<AlertId>,
}

/// The rows found.
#[derive(Debug, Default)]
pub struct Named {
    /// Events received before.
    pub seen: HashMap<EventKey, Seen>,
    /// The rating requests, locked until the end of the transaction: those claimed by tokens, those open in the conversations,
    /// those of the messages and the alerts, and those last asked in the conversations.
    pub requests: Vec<RatingRequest>,
    /// The rating requests that are open in the conversations.
    pub open: Vec<Open>,
    /// The contents of the messages.
    pub behind: Vec<Behind>,
    /// The rating request asked last, by conversation.
    pub last_asked: HashMap<Place, RequestId>,
    /// The pressed alerts, and all others about their rating requests.
    pub alerts: Vec<Alert>,
}

/// Reads these rows. Rating requests are locked in the order of their IDs, so that batches do not deadlock.
pub async fn read_named(tx: &mut Tx, keys: &Keys<'_>) -> Result<Named, StoreError> {
    let seen = inbox::seen_statement(&keys.events);
    if keys.places.is_empty() && keys.messages.is_empty() && keys.wishes.is_empty() && keys.alerts.is_empty() && keys.changed.is_empty() {
        if keys.claimed.is_empty() {
            return Ok(Named { seen: inbox::read_seen(tx.fetch(seen.sql, seen.values).await?)?, ..Named::default() });
        }
        let mut results = tx.fetch_together(vec![seen, rating_request::hold_statement(&keys.claimed)]).await?.into_iter();
        let mut next = || results.next().unwrap_or_default();
        return Ok(Named { seen: inbox::read_seen(next())?, requests: rating_request::read_all(next())?, ..Named::default() });
    }
    let reads = vec![
        seen,
        place::open_in_statement(&keys.places),
        ending::behind_statement(&keys.messages),
        opt_out::last_asked_statement(&keys.wishes),
        alert::around_statement(&keys.alerts),
        said_in_statement(&keys.changed),
    ];
    let mut results = tx.fetch_together(reads).await?.into_iter();
    let mut next = || results.next().unwrap_or_default();
    let mut named = Named {
        seen: inbox::read_seen(next())?,
        requests: Vec::new(),
        open: place::read_open(next())?,
        behind: ending::read_behind(next())?,
        last_asked: opt_out::read_last_asked(next())?,
        alerts: alert::read_all(next())?,
    };
    let said = super::read_all(next())?;
    let mut ids = keys.claimed.clone();
    ids.extend(said.iter().map(|event| event.request_id));
    ids.extend(named.open.iter().map(|open| open.id));
    ids.extend(named.behind.iter().map(|behind| behind.subject));
    ids.extend(named.last_asked.values());
    ids.extend(named.alerts.iter().map(|alert| alert.request_id));
    ids.sort_unstable();
    ids.dedup();
    if !ids.is_empty() {
        named.requests = rating_request::hold(tx, &ids).await?;
    }
    Ok(named)
}

/// Keys of further data about locked rating requests.
#[derive(Debug, Default)]
pub struct About<'a> {
    /// All rating requests.
    pub requests: Vec<RequestId>,
    /// Their lines.
    pub lines: Vec<&'a LineId>,
    /// Messages of clients that are answers, or were edited or deleted.
    pub said: Vec<MessageId>,
    /// Rating requests that a link refers to, with the prefix of the keys of events from links.
    pub by_link: Option<(Vec<RequestId>, &'static str)>,
    /// Rating requests whose client may have moved, with the connection of the tap.
    pub moved: Vec<OnConnection>,
    /// Rating requests whose question may be withdrawn.
    pub withdrawable: Vec<RequestId>,
    /// Rating requests whose alerts were pressed.
    pub pressed: Vec<RequestId>,
    /// The recipients who pressed them.
    pub recipients: Vec<OnConnection>,
}

/// The data found.
#[derive(Debug, Default)]
pub struct Known {
    /// The ratings.
    pub ratings: HashMap<RequestId, Rating>,
    /// The messages to their clients so far.
    pub messages: ClientMessages,
    /// The current versions of the lines.
    pub versions: HashMap<LineId, i64>,
    /// Answers in the clients' messages so far.
    pub said: Vec<AnswerEvent>,
    /// Their edits and deletions so far, in the platform's order.
    pub changes: Vec<MessageChange>,
    /// The edits of the ratings that links refer to.
    pub edits: Vec<RatingEdit>,
    /// The scores given by link.
    pub given: Vec<GivenByLink>,
    /// Time when their question was first sent.
    pub asked_at: HashMap<RequestId, Millis>,
    /// Earlier addresses, as JSON.
    pub earlier: HashMap<OnConnection, Vec<String>>,
    /// State of the questions that may be withdrawn.
    pub progress: Vec<Progress>,
    /// All alerts about the rating requests whose alerts were pressed.
    pub alerts: Vec<Alert>,
    /// Names of the recipients.
    pub names: HashMap<String, String>,
    /// Earlier chats of the recipients.
    pub earlier_chats: Vec<EarlierChat>,
}

/// Reads this data. The rating requests are already locked, so their ratings do not change in the meantime.
pub async fn read_known(tx: &mut Tx, about: &About<'_>) -> Result<Known, StoreError> {
    let mut reads = Reads::default();
    let ratings = reads.wants(!about.requests.is_empty(), || rating::load_statement(&about.requests));
    let messages = reads.wants(!about.requests.is_empty(), || client_message::load_statement(&about.requests));
    let versions = reads.wants(!about.lines.is_empty(), || line::versions_statement(&about.lines));
    let said = reads.wants(!about.said.is_empty(), || said_in_statement(&about.said));
    let changes = reads.wants(!about.said.is_empty(), || message_change::of_statement(&about.said));
    let (by_link, prefix) = about.by_link.as_ref().map_or((&[][..], ""), |(ids, prefix)| (ids.as_slice(), *prefix));
    let edits = reads.wants(!by_link.is_empty(), || rating_edit::load_statement(by_link));
    let given = reads.wants(!by_link.is_empty(), || signal::given_statement(by_link, prefix));
    let asked = reads.wants(!by_link.is_empty(), || signal::asked_statement(by_link));
    let earlier = reads.wants(!about.moved.is_empty(), || address_move::earlier_statement(&about.moved));
    let progress = reads.wants(!about.withdrawable.is_empty(), || rating_request::progress_statement(&about.withdrawable));
    let alerts = reads.wants(!about.pressed.is_empty(), || alert::about_statement(&about.pressed));
    let recipients: Vec<&str> = about.recipients.iter().map(|whose| whose.subject.as_str()).collect();
    let names = reads.wants(!recipients.is_empty(), || recipient::names_statement(&recipients));
    let chats = reads.wants(!recipients.is_empty(), || address_move::earlier_chats_statement(&about.recipients));
    let mut found = reads.fetch(tx).await?;
    let mut rows = |read: Option<usize>| read.and_then(|at| found.get_mut(at)).map(std::mem::take).unwrap_or_default();
    Ok(Known {
        ratings: rating::read_all(rows(ratings))?,
        messages: client_message::read_all(rows(messages))?,
        versions: line::read_versions(rows(versions))?,
        said: super::read_all(rows(said))?,
        changes: message_change::read_all(rows(changes))?,
        edits: rating_edit::read_all(rows(edits))?,
        given: signal::read_given(rows(given))?,
        asked_at: signal::read_asked(rows(asked))?,
        earlier: address_move::read_earlier(rows(earlier))?,
        progress: rating_request::read_progresses(rows(progress))?,
        alerts: alert::read_all(rows(alerts))?,
        names: recipient::read_names(rows(names))?,
        earlier_chats: address_move::read_earlier_chats(rows(chats))?,
    })
}

/// Statements, of which each is made only if it is needed.
#[derive(Default)]
struct Reads(Vec<Statement>);

impl Reads {
    /// Returns the position of its rows.
    fn wants(&mut self, wanted: bool, statement: impl FnOnce() -> Statement) -> Option<usize> {
        wanted.then(|| {
            self.0.push(statement());
            self.0.len() - 1
        })
    }

    async fn fetch(self, tx: &mut Tx) -> Result<Vec<Vec<Row>>, StoreError> {
        if self.0.is_empty() { Ok(Vec::new()) } else { tx.fetch_together(self.0).await }
    }
}

/// Rows that a batch of answers writes.
#[derive(Debug, Default)]
pub struct Outcome<'a> {
    /// The events.
    pub events: &'a [Event],
    /// The answers of clients.
    pub history: &'a [AnswerEvent],
    /// Edits and deletions of what clients wrote.
    pub changes: &'a [MessageChange],
    /// Messages of clients that have arrived, so that the texts of their changes are no longer needed.
    pub settled: &'a [Here],
    /// Messages of clients whose comments were deleted.
    pub blanked: &'a [Blanked],
    /// Signs that programs sent answers.
    pub signals: &'a [AnswerSignal],
    /// The ratings.
    pub ratings: Vec<Change<'a>>,
    /// Edits of them.
    pub edits: &'a [RatingEdit],
    /// Events in the histories of sessions.
    pub story: &'a [SessionEvent],
    /// Rating requests that typed texts no longer answer.
    pub typing_ended: Vec<RequestId>,
}

/// Writes these rows.
///
/// # Errors
/// [`StoreError::Conflict`] if the same event was processed elsewhere at the same time.
pub async fn write(tx: &mut Tx, outcome: &Outcome<'_>, now: Millis) -> Result<(), StoreError> {
    let counted = rating::counted(&outcome.ratings)?;
    // Expected number of affected rows; `None` if a repetition is no conflict.
    let mut writes: Vec<(Statement, Option<usize>)> = Vec::new();
    if !outcome.events.is_empty() {
        writes.push((inbox::keep_statement(outcome.events), Some(outcome.events.len())));
    }
    let mut write = |wanted: bool, statement: &dyn Fn() -> Statement| {
        if wanted {
            writes.push((statement(), None));
        }
    };
    write(!outcome.history.is_empty(), &|| keep_statement(outcome.history));
    write(!outcome.changes.is_empty(), &|| message_change::keep_statement(outcome.changes));
    write(!outcome.settled.is_empty(), &|| message_change::settle_statement(outcome.settled));
    write(!outcome.blanked.is_empty(), &|| blank_statement(outcome.blanked));
    write(!outcome.signals.is_empty(), &|| signal::keep_statement(outcome.signals));
    write(!outcome.edits.is_empty(), &|| rating_edit::save_statement(outcome.edits));
    write(!outcome.story.is_empty(), &|| session::tell_statement(outcome.story));
    write(!outcome.typing_ended.is_empty(), &|| rating_request::end_typing_statement(&outcome.typing_ended, now));
    writes.extend(rating::save_statements(&outcome.ratings).into_iter().map(|statement| (statement, None)));
    let (statements, expected): (Vec<_>, Vec<Option<usize>>) = writes.into_iter().unzip();
    let touched = tx.execute_together(statements).await?;
    rating::count(tx, counted);
    touched.into_iter().zip(expected).try_for_each(|(touched, expected)| expected.map_or(Ok(()), |rows| expect_all(touched, rows)))
}
