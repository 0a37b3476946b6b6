//! Reads and writes of a batch of closes, each in one round trip.

use crate::inbox::{self, Event, Seen};
use crate::question::delivery::{self, NewDelivery};
use crate::question::rating_request::counted::count_new;
use crate::question::rating_request::labelled::closed_label_statement;
use crate::question::rating_request::{self, ClosedNow, RatingRequest, beside_statements};
use crate::session::client::{self, Client};
use crate::session::conversation::{self, Known};
use crate::session::operator::{self, KnownKind, OperatorName};
use crate::session::{self, Session, SessionEvent, opt_out};
use crate::sql::Statement;
use crate::{StoreError, Tx, counter_change, expect_all, line};
use lastword_base::names::{ClientId, EventKey, LineId, OperatorId, Place, SessionKey};
use lastword_domain::report::counter::Changes;
use std::collections::{HashMap, HashSet};

/// Keys of the rows that a batch of closes refers to.
#[derive(Debug, Default)]
pub struct Keys<'a> {
    /// The events: source and event key.
    pub events: Vec<&'a EventKey>,
    /// The lines.
    pub lines: Vec<&'a LineId>,
    /// The sessions: source and ID.
    pub sessions: Vec<&'a SessionKey>,
    /// The clients.
    pub clients: Vec<&'a ClientId>,
    /// The conversations: connection and chat.
    pub conversations: Vec<Place>,
    /// The operators.
    pub operators: Vec<&'a OperatorId>,
    /// The marks of all names of the clients.
    pub marks: Vec<&'a str>,
}

/// The rows found. Sessions and clients are locked until the end of the transaction.
#[derive(Debug, Default)]
pub struct Found {
    /// Events received before.
    pub seen: HashMap<EventKey, Seen>,
    /// The current versions of the lines.
    pub versions: HashMap<LineId, i64>,
    /// The sessions.
    pub sessions: HashMap<SessionKey, Session>,
    /// The clients.
    pub clients: HashMap<ClientId, Client>,
    /// The conversations.
    pub conversations: HashMap<Place, Known>,
    /// Names of the operators.
    pub operators: HashMap<OperatorId, OperatorName>,
    /// Kinds of the operators.
    pub kinds: HashMap<OperatorId, KnownKind>,
    /// Those of the marks that belong to an opted-out person.
    pub opted_out: HashSet<String>,
}

/// Reads these rows.
pub async fn read(tx: &mut Tx, keys: &Keys<'_>) -> Result<Found, StoreError> {
    let reads = vec![
        inbox::seen_statement(&keys.events),
        inbox::closed_statement(&keys.events),
        line::versions_statement(&keys.lines),
        session::load_statement(&keys.sessions),
        session::closed_once_statement(&keys.sessions),
        client::load_statement(&keys.clients),
        conversation::load_statement(&keys.conversations),
        operator::load_statement(&keys.operators),
        operator::kinds_statement(&keys.operators),
        opt_out::among_statement(&keys.marks),
    ];
    let mut results = tx.fetch_together(reads).await?.into_iter();
    let mut next = || results.next().unwrap_or_default();
    Ok(Found {
        seen: inbox::read_seen(next())?.into_iter().chain(inbox::read_seen(next())?).collect(),
        versions: line::read_versions(next())?,
        sessions: session::read_all(next())?.into_iter().chain(session::read_all(next())?).collect(),
        clients: client::read_all(next())?,
        conversations: conversation::read_all(next())?,
        operators: operator::read_all(next())?,
        kinds: operator::read_kinds(next())?,
        opted_out: opt_out::read_marks(next())?,
    })
}

/// Rows that a batch of closes writes.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The events.
    pub events: Vec<Event>,
    /// Sessions, each with a revision one higher than the one read.
    pub sessions: Vec<Session>,
    /// Clients, likewise.
    pub clients: Vec<Client>,
    /// Operators with a new name, each once and sorted by ID.
    pub operators: Vec<OperatorName>,
    /// Operators with a new kind, each once and sorted by ID.
    pub kinds: Vec<KnownKind>,
    /// The rating requests.
    pub requests: Vec<RatingRequest>,
    /// Outdated closes.
    pub session_events: Vec<SessionEvent>,
    /// Rating requests that were asked while their session was open, which is closed now.
    pub closed_now: Vec<ClosedNow>,
    /// New deliveries.
    pub deliveries: Vec<NewDelivery>,
}

/// Writes these rows.
///
/// # Errors
/// [`StoreError::Conflict`] if a row was written elsewhere at the same time.
pub async fn write(tx: &mut Tx, outcome: &Outcome) -> Result<(), StoreError> {
    // Expected number of affected rows; `None` if a repetition is no conflict.
    let mut writes: Vec<(Statement, Option<usize>)> = Vec::new();
    if !outcome.events.is_empty() {
        writes.push((inbox::keep_statement(&outcome.events), Some(outcome.events.len())));
    }
    let saved = session::save_statements(&outcome.sessions).into_iter().chain(client::save_statements(&outcome.clients));
    writes.extend(saved.map(|(statement, rows)| (statement, Some(rows))));
    if !outcome.operators.is_empty() {
        writes.push((operator::keep_statement(&outcome.operators), None));
    }
    if !outcome.kinds.is_empty() {
        writes.push((operator::keep_kinds_statement(&outcome.kinds), None));
    }
    if !outcome.requests.is_empty() {
        writes.push((rating_request::insert_statement(&outcome.requests), Some(outcome.requests.len())));
    }
    if !outcome.closed_now.is_empty() {
        writes.push((rating_request::closed_now_statement(&outcome.closed_now), None));
        writes.extend(closed_label_statement(&outcome.closed_now).map(|statement| (statement, None)));
    }
    if !outcome.session_events.is_empty() {
        writes.push((session::tell_statement(&outcome.session_events), None));
    }
    if !outcome.deliveries.is_empty() {
        writes.push((delivery::add_statement(&outcome.deliveries), None));
    }
    let mut changes = Changes::default();
    count_new(&mut changes, tx.zone(), &outcome.requests);
    tx.tally(&changes);
    writes.extend(beside_statements(&outcome.requests).map(|statement| (statement, None)));
    writes.extend(counter_change::keep_statement(changes).map(|statement| (statement, None)));
    let (statements, expected): (Vec<_>, Vec<_>) = writes.into_iter().unzip();
    let touched = tx.execute_together(statements).await?;
    touched.into_iter().zip(expected).try_for_each(|(touched, expected)| expected.map_or(Ok(()), |rows| expect_all(touched, rows)))
}
