//! Sessions, as desks report them.

pub mod address_move;
pub mod client;
pub mod conversation;
pub mod mail;
pub mod operator;
pub mod opt_out;
pub mod visitor;
pub mod web_chat;

use super::sql::{Sql, Statement};
use super::{Db, Millis, Row, StoreError, Tx};
use crate::sql::table::table;
use crate::values;
use lastword_base::names::{ClientId, ConnectionId, LineId, OperatorId, RequestId, SessionId, SessionKey, Source};
use lastword_domain::session::{Operator, SessionEventKind, SessionStatus};
use serde::Serialize;
use std::collections::HashMap;

table! {
    /// A session.
    #[derive(Clone, Debug, Default, PartialEq, Serialize)]
    pub struct Session = columns!(session s) {
        /// Its source.
        source: Source,
        /// The desk's ID.
        id: SessionId,
        /// Its line.
        line_id: LineId,
        /// Its state.
        status: SessionStatus,
        /// Number of closes.
        epoch: i64,
        /// Time of the opening.
        opened_at: Option<Millis>,
        /// Time of the last close.
        closed_at: Option<Millis>,
        /// Time of the newest applied event.
        last_event_at: Millis,
        /// Closes since `recent_since`.
        recent_closes: i64,
        /// Start of counting closes.
        recent_since: Millis,
        /// The responsible operator.
        operator_id: Option<OperatorId>,
        /// All operators.
        #[serde(serialize_with = "crate::as_json")]
        operators: Vec<Operator>,
        /// The client.
        client_id: Option<ClientId>,
        /// The connection of the conversation.
        connection: Option<ConnectionId>,
        /// The address there, as JSON.
        address: Option<String>,
        /// The client's language.
        language: Option<String>,
        /// Time of the client's last message.
        last_client_message_at: Option<Millis>,
        /// The session it was merged into.
        merged_into: Option<SessionId>,
        /// Time of the last message, as far as it is reported.
        active_at: Millis,
        /// The rating request that was asked while it was open: that of its next close.
        talk_request: Option<RequestId>,
        /// Incremented with each write; 0 for a session without a row, because nothing or only its close is known.
        revision: i64,
    }
}

impl Session {
    /// Its source and ID.
    pub fn key(&self) -> SessionKey {
        SessionKey { source: self.source.clone(), session: self.id.clone() }
    }
}

pub(crate) use columns;

/// An event of a session other than a close.
#[derive(Clone, Debug, Serialize)]
pub struct SessionEvent {
    /// Its source.
    pub source: Source,
    /// The session.
    pub session_id: SessionId,
    /// Time of the event, according to the desk.
    pub occurred_at: Millis,
    /// The desk's ID of the event.
    pub event_key: String,
    /// Its kind.
    pub kind: SessionEventKind,
    /// Details, for people.
    pub detail: String,
    /// Time of receipt.
    pub received_at: Millis,
}

/// An event, for `explain`.
#[derive(Clone, Debug)]
pub struct PastEvent {
    /// Time of the event, according to the desk.
    pub occurred_at: Millis,
    /// Its kind.
    pub kind: SessionEventKind,
    /// Details, for people.
    pub detail: String,
}

#[derive(Serialize)]
struct FirstClose<'a> {
    source: &'a Source,
    id: &'a SessionId,
    epoch: i64,
}

#[derive(Serialize)]
struct Key<'a> {
    source: &'a Source,
    id: &'a SessionId,
}

/// The known sessions with these keys (source, ID), locked until the end of the transaction.
pub async fn load(tx: &mut Tx, keys: &[&SessionKey]) -> Result<HashMap<SessionKey, Session>, StoreError> {
    let Statement { sql, values } = load_statement(keys);
    let mut sessions = read_all(tx.fetch(sql, values).await?)?;
    // If a session gets its row while this waits for the close, the write meets that row.
    let once: Vec<&SessionKey> = keys.iter().filter(|key| !sessions.contains_key(**key)).copied().collect();
    if !once.is_empty() {
        let Statement { sql, values } = closed_once_statement(&once);
        sessions.extend(read_all(tx.fetch(sql, values).await?)?);
    }
    Ok(sessions)
}

/// As [`load`], for sessions that have a row, if rating requests are already locked: without waiting.
///
/// # Errors
/// [`StoreError::Conflict`] if another transaction has locked one of them.
pub async fn load_late(tx: &mut Tx, keys: &[&SessionKey]) -> Result<HashMap<SessionKey, Session>, StoreError> {
    static LATE: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " \
         FROM {rows $1 r: source text, id text} JOIN session s ON s.source = r.source AND s.id = r.id ORDER BY s.source, s.id {lock now OF s}"
    ));
    read_all(tx.fetch(&LATE, values![super::rows(&keyed(keys))]).await?)
}

/// Those of them that were closed once, and have no row of their own.
pub(crate) fn closed_once_statement(keys: &[&SessionKey]) -> Statement {
    // The number of the close is a column of the rows: otherwise PostgreSQL would start with it while it has no statistics of the
    // table, and read everything.
    static CLOSED: Sql = Sql::new(
        "SELECT q.source, q.session_id, q.line_id, 'closed', 1, q.opened_at, q.closed_at, q.closed_at, 1, q.closed_at, q.operator_id, \
         q.operators, q.client_id, q.connection, {address q}, q.language, q.last_client_message_at, NULL, 0, NULL, 0 \
         FROM {rows $1 r: source text, id text, epoch int} \
         JOIN rating_request q ON {apart q.source} = r.source AND q.session_id = r.id AND q.epoch = r.epoch \
         WHERE q.again_of IS NULL AND NOT EXISTS (SELECT 1 FROM session s WHERE s.source = q.source AND s.id = q.session_id) ORDER BY q.id \
         {lock OF q}",
    );
    let first: Vec<FirstClose<'_>> = keys.iter().map(|key| FirstClose { source: &key.source, id: &key.session, epoch: 1 }).collect();
    Statement::new(&CLOSED, values![super::rows(&first)])
}

fn keyed<'a>(keys: &[&'a SessionKey]) -> Vec<Key<'a>> {
    keys.iter().map(|key| Key { source: &key.source, id: &key.session }).collect()
}

pub(crate) fn load_statement(keys: &[&SessionKey]) -> Statement {
    static LOAD: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " \
         FROM {rows $1 r: source text, id text} JOIN session s ON s.source = r.source AND s.id = r.id ORDER BY s.source, s.id {lock OF s}"
    ));
    Statement::new(&LOAD, values![super::rows(&keyed(keys))])
}

pub(crate) fn read_all(rows: Vec<Row>) -> Result<HashMap<SessionKey, Session>, StoreError> {
    let mut sessions = HashMap::new();
    for mut row in rows {
        let session = Session::read(&mut row)?;
        sessions.insert(session.key(), session);
    }
    Ok(sessions)
}

/// Writes `sessions`, each with a revision one higher than the one read.
///
/// # Errors
/// [`StoreError::Conflict`] if one was written at the same time.
pub async fn save(tx: &mut Tx, sessions: &[Session]) -> Result<(), StoreError> {
    for (Statement { sql, values }, count) in save_statements(sessions) {
        super::expect_all(tx.execute(sql, values).await?, count)?;
    }
    Ok(())
}

/// The statements that write sessions, with the expected number of rows of each. New ones are inserted unconditionally: checking
/// each row for existence costs more than the row, and the result would be the same conflict.
pub(crate) fn save_statements(sessions: &[Session]) -> Vec<(Statement, usize)> {
    static ADD: Sql = Sql::new(columns!(insert));
    static CHANGE: Sql = Sql::new(concat!(
        "UPDATE session SET line_id = r.line_id, status = r.status, epoch = r.epoch, opened_at = r.opened_at, closed_at = r.closed_at, \
         last_event_at = r.last_event_at, recent_closes = r.recent_closes, recent_since = r.recent_since, operator_id = r.operator_id, \
         operators = r.operators, client_id = r.client_id, connection = r.connection, address = r.address, language = r.language, \
         last_client_message_at = r.last_client_message_at, merged_into = r.merged_into, active_at = r.active_at, talk_request = r.talk_request, revision = r.revision FROM ",
        columns!(rows),
        " WHERE session.source = r.source AND session.id = r.id AND session.revision = r.revision - 1"
    ));
    super::by_novelty(sessions, |session| session.revision == 1, &ADD, &CHANGE)
}

/// The keys (source, ID) of open sessions of a line without messages since `since`, as far as the session knows; the most silent
/// first, at most `limit`; without sources that do not report messages.
pub async fn silent(tx: &mut Tx, line_id: &LineId, since: Millis, deaf: &[&Source], limit: i64) -> Result<Vec<SessionKey>, StoreError> {
    static SILENT: Sql = Sql::new(
        "SELECT source, id FROM session WHERE status = 'open' AND line_id = $1 AND active_at <= $2 AND NOT (source {among $3}) \
         ORDER BY active_at LIMIT $4",
    );
    tx.fetch(&SILENT, values![line_id, since, super::names(deaf), limit])
        .await?
        .iter_mut()
        .map(|row| Ok(SessionKey { source: row.name()?, session: row.name()? }))
        .collect()
}

/// The IDs of open sessions of `source`, after `after` in their order, at most `limit`.
pub async fn open_of(db: &Db, source: &Source, after: &SessionId, limit: i64) -> Result<Vec<SessionId>, StoreError> {
    static OPEN: Sql = Sql::new("SELECT id FROM session WHERE status = 'open' AND source = $1 AND id > $2 ORDER BY id LIMIT $3");
    db.read(&OPEN, values![source, after, limit]).await?.iter_mut().map(Row::name).collect()
}

/// Stores events of sessions other than closes.
pub async fn tell(tx: &mut Tx, events: &[SessionEvent]) -> Result<(), StoreError> {
    if events.is_empty() {
        return Ok(());
    }
    let Statement { sql, values } = tell_statement(events);
    tx.execute(sql, values).await.map(drop)
}

pub(crate) fn tell_statement(events: &[SessionEvent]) -> Statement {
    static TELL: Sql = Sql::new(
        "INSERT INTO session_event (source, session_id, occurred_at, event_key, kind, detail, received_at) \
         SELECT source, session_id, occurred_at, event_key, kind, detail, received_at \
         FROM {rows $1 r: source text, session_id text, occurred_at int, event_key text, kind text, detail text, received_at int} \
         WHERE true ON CONFLICT DO NOTHING",
    );
    Statement::new(&TELL, values![super::rows(events)])
}

/// The sessions with this ID, from any source.
pub async fn find(db: &Db, id: &SessionId) -> Result<Vec<Session>, StoreError> {
    static FIND: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " \
         FROM known_session s WHERE s.id = $1 ORDER BY s.source"
    ));
    db.read(&FIND, values![id]).await?.iter_mut().map(Session::read).collect()
}

/// The sessions of a client at `source`, with their lines, the last one first, at most `limit`.
pub async fn of_client(db: &Db, source: &Source, client: &ClientId, limit: i64) -> Result<Vec<(SessionId, LineId)>, StoreError> {
    static OF_CLIENT: Sql = Sql::new(
        "SELECT s.id, s.line_id FROM known_session s WHERE s.client_id = $1 AND s.source = $2 \
         ORDER BY coalesce(s.closed_at, s.opened_at, s.last_event_at) DESC, s.id DESC LIMIT $3",
    );
    db.read(&OF_CLIENT, values![client, source, limit]).await?.iter_mut().map(|row| Ok((row.name()?, row.name()?))).collect()
}

/// The events of a session other than its closes, oldest first.
pub async fn events(db: &Db, source: &Source, id: &SessionId) -> Result<Vec<PastEvent>, StoreError> {
    static EVENTS: Sql = Sql::new(
        "SELECT occurred_at, kind, detail FROM session_event WHERE source = $1 AND session_id = $2 ORDER BY occurred_at, event_key LIMIT 1000",
    );
    let mut rows = db.read(&EVENTS, values![source, id]).await?;
    rows.iter_mut()
        .map(|row| Ok(PastEvent { occurred_at: row.int()?, kind: row.column("session_event", "kind")?, detail: row.text()? }))
        .collect()
}
