//! Rating requests: our question about one close of one session.

pub mod client_word;
pub(crate) mod counted;
pub mod expiry;
pub(crate) mod labelled;
pub mod place;
pub(crate) mod unrated;

use self::counted::{count_changes, count_new, share_statement};
use self::expiry::{expiry_statement, keep_again};
use self::labelled::{closed_label_statement, label_statement};
use self::unrated::{keep_unrated, unrated_statement};
use crate::sql::table::table;
use crate::sql::{Sql, Statement};
use crate::{Db, Millis, Row, StoreError, Tx, values};
use lastword_base::names::{ChatId, ClientId, ConnectionId, ExperimentId, LineId, OperatorId, RequestId, SessionId, SessionKey, Source};
use lastword_domain::answer::rating::Scale;
use lastword_domain::line::Attribution;
use lastword_domain::line::experiment::Variant;
use lastword_domain::outcome::Outcome;
use lastword_domain::question::kept_facts::KeptFacts;
use lastword_domain::question::plan::Way;
use lastword_domain::session::label::{Fields, Labels};
use lastword_domain::session::{ClosedBy, HandledBy, Operator};
use serde::Serialize;
use std::collections::HashMap;

table! {
    /// A rating request.
    #[derive(Clone, Debug, Default, Serialize)]
    pub struct RatingRequest = columns!(rating_request q) {
        /// Its ID.
        id: RequestId,
        /// The source of the session.
        source: Source,
        /// The session.
        session_id: SessionId,
        /// The desk's ID of the event that reported the close; `None` if it was imported, or is no close of its own.
        event_key: Option<String>,
        /// The hash of that event's body; `None` once the personal data is erased.
        body_hash: Option<String>,
        /// Number of the close within the session, from 1.
        epoch: i64,
        /// The line at the close.
        line_id: LineId,
        /// The version of the line's settings used for the decision.
        line_version: i64,
        /// The scale of the question.
        scale: Scale,
        /// The connection, if it is known.
        connection: Option<ConnectionId>,
        /// The kind of channel.
        channel: Option<String>,
        /// The address, as JSON, if it is more than its chat: see [`RatingRequest::address`].
        long_address: Option<String>,
        /// The chat of the address.
        chat: Option<ChatId>,
        /// The client's language.
        language: Option<String>,
        /// The client.
        client_id: Option<ClientId>,
        /// The responsible operator at the close.
        operator_id: Option<OperatorId>,
        /// All operators who are credited with the close.
        #[serde(serialize_with = "crate::as_json")]
        operators: Vec<Operator>,
        /// Who handled the session, at the time of the close.
        handled_by: HandledBy,
        /// The labels of the session, at the time of the close.
        #[serde(serialize_with = "crate::as_json")]
        labels: Vec<String>,
        /// The fields of the session, at the time of the close. Personal data.
        #[serde(serialize_with = "crate::as_json")]
        fields: Fields,
        /// The rule of attribution at the close.
        attribution: Attribution,
        /// Who or what closed it; `None` while it was asked in an open session.
        closed_by: Option<ClosedBy>,
        /// Time of the opening.
        opened_at: Option<Millis>,
        /// Time of the close, according to the desk.
        closed_at: Millis,
        /// Time of the client's last message.
        last_client_message_at: Option<Millis>,
        /// Number of messages by operators, if the desk reported it.
        operator_messages: Option<i64>,
        /// Number of messages by the client, if the desk reported it.
        client_messages: Option<i64>,
        /// Time of the decision.
        created_at: Millis,
        /// Time of the question; `None` if it is not asked.
        due_at: Option<Millis>,
        /// After this time an answer is late.
        expires_at: Option<Millis>,
        /// Time for which a score may be changed, in milliseconds.
        change_ms: i64,
        /// The outcome; `None` while it is open.
        outcome: Option<Outcome>,
        /// Reason of the outcome.
        reason: Option<String>,
        /// Time of the outcome.
        decided_at: Option<Millis>,
        /// The connection of the question, if it is not asked in the conversation.
        asked_connection: Option<ConnectionId>,
        /// The address there, as JSON, if it is more than its chat.
        asked_long_address: Option<String>,
        /// The chat of that address.
        asked_chat: Option<ChatId>,
        /// The route of the question.
        way: Option<Way>,
        /// Other addresses of the client, as JSON.
        addresses: String,
        /// Other facts of the decision.
        #[serde(serialize_with = "crate::as_json")]
        facts: KeptFacts,
        /// The client's name, as the desk reported it with the close. Personal data.
        client_name: Option<String>,
        /// The closer's reason for asking or not asking. Personal data.
        wish_reason: Option<String>,
        /// The chat's page at the desk. Personal data.
        desk_page: Option<String>,
        /// Time when its question was delivered as far as is known: the platform accepted it, or an answer proves it.
        delivered_at: Option<Millis>,
        /// Time of the first answer that came too late.
        late_at: Option<Millis>,
        /// For a second question: the rating request of the low rating. It is no close of its own.
        again_of: Option<RequestId>,
        /// Time since which only its buttons count: the client wrote something else, and typed texts go to the desk.
        typing_ended_at: Option<Millis>,
        /// The experiment that ran on its line at the time of the decision.
        experiment_id: Option<ExperimentId>,
        /// Its variant.
        variant: Option<Variant>,
        /// Time when its scores by link were put on hold until one more tap, because they look like a program's.
        held_at: Option<Millis>,
    }
}

/// The columns, for composed statements.
pub(crate) const COLUMNS: &str = columns!();

impl RatingRequest {
    /// Labels and fields of its session at the close.
    pub fn labelled(&self) -> Labels<'_> {
        Labels::of(&self.labels, &self.fields)
    }
}

/// The end of a rating request.
#[derive(Clone, Debug, Serialize)]
pub struct Ending {
    /// The rating request.
    pub id: RequestId,
    /// The outcome.
    pub outcome: Outcome,
    /// The reason.
    pub reason: Option<String>,
    /// The time.
    pub at: Millis,
}

/// Inserts new rating requests.
///
/// # Errors
/// [`StoreError::Conflict`] if another node inserted the request of the same close at the same time.
pub async fn insert(tx: &mut Tx, requests: &[RatingRequest]) -> Result<(), StoreError> {
    let Statement { sql, values } = insert_statement(requests);
    crate::expect_all(tx.execute(sql, values).await?, requests.len())?;
    tx.count([], |changes, zone| count_new(changes, zone, requests));
    for Statement { sql, values } in beside_statements(requests) {
        tx.execute(sql, values).await?;
    }
    Ok(())
}

/// The index rows of new rating requests.
pub(crate) fn beside_statements(requests: &[RatingRequest]) -> impl Iterator<Item = Statement> {
    let all = [
        share_statement(requests),
        label_statement(requests),
        client_word::keep_statement(requests),
        expiry_statement(requests),
        unrated_statement(requests),
    ];
    all.into_iter().flatten()
}

pub(crate) fn insert_statement(requests: &[RatingRequest]) -> Statement {
    static INSERT: Sql = Sql::new(columns!(insert));
    Statement::new(&INSERT, values![crate::rows(requests)])
}

static BY_ID: Sql = Sql::new(concat!(
    "SELECT ",
    columns!(),
    " \
     FROM rating_request q WHERE q.id {among $1} ORDER BY q.id"
));

static BY_ID_HELD: Sql = Sql::new(concat!(
    "SELECT ",
    columns!(),
    " \
     FROM rating_request q WHERE q.id {among $1} ORDER BY q.id {lock}"
));

/// The rating requests with these IDs, sorted by ID.
pub async fn load(db: &Db, ids: &[RequestId]) -> Result<Vec<RatingRequest>, StoreError> {
    db.read(&BY_ID, values![crate::ids(ids)]).await?.iter_mut().map(RatingRequest::read).collect()
}

/// As [`load`], inside a transaction.
pub async fn these_in(tx: &mut Tx, ids: &[RequestId]) -> Result<Vec<RatingRequest>, StoreError> {
    read_all(tx.fetch(&BY_ID, values![crate::ids(ids)]).await?)
}

/// The rating requests with these IDs, locked until the end of the transaction so that two answers are judged one after the other.
pub async fn hold(tx: &mut Tx, ids: &[RequestId]) -> Result<Vec<RatingRequest>, StoreError> {
    let Statement { sql, values } = hold_statement(ids);
    read_all(tx.fetch(sql, values).await?)
}

/// As [`hold`], if rows of later tables in the lock order are already locked: without waiting.
///
/// # Errors
/// [`StoreError::Conflict`] if another transaction has locked one of them.
pub async fn hold_late(tx: &mut Tx, ids: &[RequestId]) -> Result<Vec<RatingRequest>, StoreError> {
    static BY_ID_LATE: Sql =
        Sql::new(concat!("SELECT ", columns!(), " FROM rating_request q WHERE q.id {among $1} ORDER BY q.id {lock now}"));
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    read_all(tx.fetch(&BY_ID_LATE, values![crate::ids(ids)]).await?)
}

pub(crate) fn hold_statement(ids: &[RequestId]) -> Statement {
    Statement::new(&BY_ID_HELD, values![crate::ids(ids)])
}

pub(crate) fn read_all(mut rows: Vec<Row>) -> Result<Vec<RatingRequest>, StoreError> {
    rows.iter_mut().map(RatingRequest::read).collect()
}

impl RatingRequest {
    /// Its session.
    pub fn session(&self) -> SessionKey {
        SessionKey { source: self.source.clone(), session: self.session_id.clone() }
    }
}

/// All rating requests of a session, oldest first.
pub async fn of_session(db: &Db, source: &Source, session_id: &SessionId) -> Result<Vec<RatingRequest>, StoreError> {
    static OF_SESSION: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " \
         FROM rating_request q WHERE {apart q.source} = $1 AND q.session_id = $2 \
         ORDER BY q.epoch, coalesce(q.again_of, '') LIMIT 1000"
    ));
    db.read(&OF_SESSION, values![source, session_id]).await?.iter_mut().map(RatingRequest::read).collect()
}

/// All rating requests, by ID, for simulations and tests.
pub(crate) async fn all(db: &Db) -> Result<Vec<RatingRequest>, StoreError> {
    static ALL: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM rating_request q ORDER BY q.id"));
    db.read(&ALL, vec![]).await?.iter_mut().map(RatingRequest::read).collect()
}

/// The closes of a line after the ID `after` and before the time `until`, oldest first, at most `limit`.
pub async fn of_line(db: &Db, line: &LineId, after: RequestId, until: Millis, limit: i64) -> Result<Vec<RatingRequest>, StoreError> {
    static OF_LINE: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM rating_request q WHERE q.line_id = $1 AND q.again_of IS NULL AND q.id > $2 AND q.id < $3 ORDER BY q.id LIMIT $4"
    ));
    db.read(&OF_LINE, values![line, after, RequestId::first_of(until), limit]).await?.iter_mut().map(RatingRequest::read).collect()
}

/// The first rating requests of these closes (source, session, epoch).
pub async fn of_closes(tx: &mut Tx, closes: &[(&SessionKey, i64)]) -> Result<Vec<RatingRequest>, StoreError> {
    #[derive(Serialize)]
    struct Close<'a> {
        source: &'a Source,
        session_id: &'a SessionId,
        epoch: i64,
    }
    static OF_CLOSES: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " \
         FROM {rows $1 r: source text, session_id text, epoch int} \
         JOIN rating_request q ON {apart q.source} = r.source AND q.session_id = r.session_id AND q.epoch = r.epoch \
         WHERE q.again_of IS NULL ORDER BY q.id"
    ));
    let closes: Vec<Close<'_>> =
        closes.iter().map(|&(key, epoch)| Close { source: &key.source, session_id: &key.session, epoch }).collect();
    tx.fetch(&OF_CLOSES, values![crate::rows(&closes)]).await?.iter_mut().map(RatingRequest::read).collect()
}

/// The open rating requests (no outcome yet) of a session.
pub async fn open_of(tx: &mut Tx, source: &Source, session_id: &SessionId) -> Result<Vec<RequestId>, StoreError> {
    static OPEN_OF: Sql =
        Sql::new("SELECT id FROM rating_request WHERE {apart source} = $1 AND session_id = $2 AND outcome IS NULL ORDER BY id {lock}");
    tx.fetch(&OPEN_OF, values![source, session_id]).await?.iter_mut().map(Row::id).collect()
}

/// Ends rating requests, which this transaction has locked. One that has ended is not changed, except that an answer proves that
/// the question of an unreachable or unsure one was delivered. Returns the IDs that ended now.
pub async fn end(tx: &mut Tx, held: &[RatingRequest], endings: &[Ending]) -> Result<Vec<RequestId>, StoreError> {
    static END: Sql = Sql::new(
        "UPDATE rating_request SET outcome = r.outcome, reason = r.reason, decided_at = r.at, delivered_at = \
         CASE WHEN r.outcome = 'answered' THEN COALESCE(rating_request.delivered_at, r.at) ELSE rating_request.delivered_at END \
         FROM {rows $1 r: id text, outcome text, reason text, at int} \
         WHERE rating_request.id = r.id AND (rating_request.outcome IS NULL \
         OR (r.outcome = 'answered' AND rating_request.outcome IN ('unreachable', 'unsure'))) RETURNING rating_request.id",
    );
    if endings.is_empty() {
        return Ok(Vec::new());
    }
    let mut ids: Vec<RequestId> = tx.fetch(&END, values![crate::rows(endings)]).await?.iter_mut().map(Row::id).collect::<Result<_, _>>()?;
    ids.sort();
    let ended: HashMap<RequestId, &Ending> = endings.iter().map(|ending| (ending.id, ending)).collect();
    let changed = held.iter().filter(|request| ids.binary_search(&request.id).is_ok()).filter_map(|before| {
        let ending = ended.get(&before.id)?;
        let after = RatingRequest { outcome: Some(ending.outcome.to_owned()), reason: ending.reason.clone(), ..before.clone() };
        Some((before.clone(), after))
    });
    let (before, after): (Vec<_>, Vec<_>) = changed.unzip();
    keep_unrated(tx, &before, &after).await?;
    count_changes(tx, before.into_iter().zip(after).collect()).await?;
    Ok(ids)
}

/// Records that the client wrote something else: from `now` on, typed texts no longer answer these rating requests.
pub(crate) fn end_typing_statement(ids: &[RequestId], now: Millis) -> Statement {
    static END_TYPING: Sql = Sql::new("UPDATE rating_request SET typing_ended_at = $2 WHERE id {among $1} AND typing_ended_at IS NULL");
    Statement::new(&END_TYPING, values![crate::ids(ids), now])
}

/// The outcomes of those that have ended, by ID.
pub async fn outcomes(tx: &mut Tx, ids: &[RequestId]) -> Result<Vec<(RequestId, Outcome)>, StoreError> {
    static OUTCOMES: Sql =
        Sql::new("SELECT q.id, q.outcome FROM rating_request q WHERE q.id {among $1} AND q.outcome IS NOT NULL ORDER BY q.id");
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let read = |row: &mut Row| Ok((row.id()?, row.column("rating_request", "outcome")?));
    tx.fetch(&OUTCOMES, values![crate::ids(ids)]).await?.iter_mut().map(read).collect()
}

/// A closed session whose question was asked while it was open.
#[derive(Clone, Debug, Serialize)]
pub struct ClosedNow {
    /// The rating request.
    pub id: RequestId,
    /// Who closed it.
    pub closed_by: ClosedBy,
    /// Its labels, reported with the close.
    #[serde(serialize_with = "crate::as_json")]
    pub labels: Vec<String>,
    /// Its fields, reported with the close.
    #[serde(serialize_with = "crate::as_json")]
    pub fields: Fields,
}

/// Records that the sessions of these rating requests are closed.
pub async fn closed_now(tx: &mut Tx, closed: &[ClosedNow]) -> Result<(), StoreError> {
    for Statement { sql, values } in std::iter::once(closed_now_statement(closed)).chain(closed_label_statement(closed)) {
        tx.execute(sql, values).await?;
    }
    Ok(())
}

pub(crate) fn closed_now_statement(closed: &[ClosedNow]) -> Statement {
    static CLOSED: Sql = Sql::new(
        "UPDATE rating_request SET closed_by = r.closed_by, labels = r.labels, fields = r.fields \
         FROM {rows $1 r: id text, closed_by text, labels text, fields text} WHERE rating_request.id = r.id",
    );
    Statement::new(&CLOSED, values![crate::rows(closed)])
}

/// Asks a client after all: replaces `before`, which was not asked, with the open `after`.
///
/// # Errors
/// [`StoreError::Conflict`] if it has changed since `before`.
pub async fn ask_after_all(tx: &mut Tx, before: &RatingRequest, after: &RatingRequest) -> Result<(), StoreError> {
    static ASK: Sql = Sql::new(
        "UPDATE rating_request SET outcome = NULL, reason = NULL, decided_at = NULL, line_version = r.line_version, due_at = r.due_at, \
         expires_at = r.expires_at, change_ms = r.change_ms, way = r.way, asked_connection = r.asked_connection, \
         asked_long_address = r.asked_long_address, asked_chat = r.asked_chat \
         FROM {rows $1 r: id text, line_version int, due_at int, expires_at int, change_ms int, way text, asked_connection text, \
         asked_long_address text, asked_chat text} WHERE rating_request.id = r.id AND rating_request.outcome = 'not_asked'",
    );
    let (was, is) = (std::slice::from_ref(before), std::slice::from_ref(after));
    crate::expect_all(tx.execute(&ASK, values![crate::rows(is)]).await?, 1)?;
    keep_unrated(tx, was, is).await?;
    keep_again(tx, is).await?;
    count_changes(tx, vec![(before.clone(), after.clone())]).await
}

/// State of the question of a rating request.
#[derive(Clone, Debug)]
pub struct Progress {
    /// The rating request.
    pub id: RequestId,
    /// True if its question certainly reached the platform.
    pub was_sent: bool,
    /// True if its question may have been sent.
    pub may_have_left: bool,
}

fn read_progress(row: &mut Row) -> Result<Progress, StoreError> {
    Ok(Progress { id: row.id()?, was_sent: row.int()? > 0, may_have_left: row.int()? > 0 })
}

/// State of the questions of those of these rating requests that are open.
pub async fn progress(tx: &mut Tx, ids: &[RequestId]) -> Result<Vec<Progress>, StoreError> {
    let Statement { sql, values } = progress_statement(ids);
    read_progresses(tx.fetch(sql, values).await?)
}

pub(crate) fn progress_statement(ids: &[RequestId]) -> Statement {
    static PROGRESS: Sql = Sql::new(
        "SELECT q.id, \
         (SELECT count(*) FROM delivery d WHERE {about d q.id} AND d.kind IN ('ask', 'reminder') AND d.state IN ('sent', 'delivered')), \
         (SELECT count(*) FROM delivery d WHERE {about d q.id} AND d.kind IN ('ask', 'reminder') \
         AND (d.state IN ('unknown', 'sending') OR (d.state IN ('scheduled', 'leased') AND d.resends > 0))) \
         FROM rating_request q WHERE q.outcome IS NULL AND q.id {among $1} ORDER BY q.id",
    );
    Statement::new(&PROGRESS, values![crate::ids(ids)])
}

pub(crate) fn read_progresses(mut rows: Vec<Row>) -> Result<Vec<Progress>, StoreError> {
    rows.iter_mut().map(read_progress).collect()
}
