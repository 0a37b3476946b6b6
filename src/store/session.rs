//! Sessions as the desks tell of them.

pub mod address_move;
pub mod client;
pub mod closing;
pub mod conversation;
pub mod mail;
pub mod operator;
pub mod opt_out;
pub mod visitor;

use super::sql::Statement;
use super::{Db, Millis, Row, StoreError, Tx, sql::Sql};
use crate::domain::session::Operator;
use crate::values;
use serde::Serialize;
use std::collections::HashMap;

/// The columns of a whole row, in the order in which it is read.
macro_rules! columns {
    () => {
        "s.source, s.id, s.line_id, s.status, s.epoch, s.opened_at, s.closed_at, s.last_event_at, s.recent_closes, \
         s.recent_since, s.operator_id, s.operators, s.client_id, s.connection, s.address, s.language, s.last_client_message_at, \
         s.merged_into, s.active_at, s.talk_request, s.revision"
    };
}

/// A session.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Session {
    /// Who tells of it.
    pub source: String,
    /// The desk's id.
    pub id: String,
    /// Its line.
    pub line_id: String,
    /// `open`, `closed` or `merged`.
    pub status: String,
    /// How often it was closed.
    pub epoch: i64,
    /// When it began.
    pub opened_at: Option<Millis>,
    /// When it was last closed.
    pub closed_at: Option<Millis>,
    /// The newest event applied.
    pub last_event_at: Millis,
    /// Closes since `recent_since`.
    pub recent_closes: i64,
    /// Since when closes are counted.
    pub recent_since: Millis,
    /// The responsible operator.
    pub operator_id: Option<String>,
    /// All operators.
    #[serde(serialize_with = "crate::store::as_json")]
    pub operators: Vec<Operator>,
    /// The client.
    pub client_id: Option<String>,
    /// Where the conversation takes place.
    pub connection: Option<String>,
    /// The address there, as JSON.
    pub address: Option<String>,
    /// The client's language.
    pub language: Option<String>,
    /// When the client last wrote.
    pub last_client_message_at: Option<Millis>,
    /// The session it was merged into.
    pub merged_into: Option<String>,
    /// When somebody last wrote in it, as far as we are told.
    pub active_at: Millis,
    /// The rating request asked while it was still open: the one of its next close.
    pub talk_request: Option<String>,
    /// The fence: one more with each write; 0 for a session not kept yet.
    pub revision: i64,
}

/// One thing that happened to a session besides a close.
#[derive(Clone, Debug, Serialize)]
pub struct SessionEvent {
    /// Who told.
    pub source: String,
    /// The session.
    pub session_id: String,
    /// When, by the desk.
    pub occurred_at: Millis,
    /// The desk's id of the event.
    pub event_key: String,
    /// `opened`, `reopened`, `reassigned`, `merged`, `wrote`, `closed_again`, `told_again`, `closed_after_question`, `stale`; [`MOVED`],
    /// [`OPTED_OUT`], [`OPTED_IN`], [`ASKED_BY_HAND`], [`ASKED_WHILE_TALKING`], [`CLOSED_BY_RATING`].
    pub kind: &'static str,
    /// More, for people.
    pub detail: String,
    /// When it reached us.
    pub received_at: Millis,
}

/// The kind of an event that no desk tells: the client has another address, on the connection that `detail` names.
pub const MOVED: &str = "moved";

/// The kind of an event that no desk tells: the client asked not to be asked again, by the way that `detail` names.
pub const OPTED_OUT: &str = "opted_out";

/// The kind of an event that no desk tells: the client took that back.
pub const OPTED_IN: &str = "opted_in";

/// The kind of an event that no desk tells: a person had the client asked; `detail` says who, and why.
pub const ASKED_BY_HAND: &str = "asked_by_hand";

/// The kind of an event that no desk tells: the client was asked while the session was open; `detail` says by whom.
pub const ASKED_WHILE_TALKING: &str = "asked_while_talking";

/// The kind of an event that no desk tells: the answer closed the session.
pub const CLOSED_BY_RATING: &str = "closed_by_rating";

/// An event as `explain` reads it.
#[derive(Clone, Debug)]
pub struct PastEvent {
    /// When, by the desk.
    pub occurred_at: Millis,
    /// What.
    pub kind: String,
    /// More, for people.
    pub detail: String,
}

fn read(row: &mut Row) -> Result<Session, StoreError> {
    Ok(Session {
        source: row.text()?,
        id: row.text()?,
        line_id: row.text()?,
        status: row.text()?,
        epoch: row.int()?,
        opened_at: row.int_or_null()?,
        closed_at: row.int_or_null()?,
        last_event_at: row.int()?,
        recent_closes: row.int()?,
        recent_since: row.int()?,
        operator_id: row.text_or_null()?,
        operators: row.document("session", "operators")?,
        client_id: row.text_or_null()?,
        connection: row.text_or_null()?,
        address: row.text_or_null()?,
        language: row.text_or_null()?,
        last_client_message_at: row.int_or_null()?,
        merged_into: row.text_or_null()?,
        active_at: row.int()?,
        talk_request: row.text_or_null()?,
        revision: row.int()?,
    })
}

#[derive(Serialize)]
struct Key<'a> {
    source: &'a str,
    id: &'a str,
}

/// The sessions with these keys (source, id) that are known, held until the end of the transaction.
///
/// # Errors
/// The database's error.
pub async fn load(tx: &mut Tx, keys: &[(&str, &str)]) -> Result<HashMap<(String, String), Session>, StoreError> {
    let Statement { sql, values } = load_statement(keys);
    read_all(tx.fetch(sql, values).await?)
}

pub(super) fn load_statement(keys: &[(&str, &str)]) -> Statement {
    static LOAD: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " \
         FROM {rows $1 r: source text, id text} JOIN session s ON s.source = r.source AND s.id = r.id ORDER BY s.source, s.id {lock OF s}"
    ));
    let keys: Vec<Key<'_>> = keys.iter().map(|&(source, id)| Key { source, id }).collect();
    Statement::new(&LOAD, values![super::rows(&keys)])
}

pub(super) fn read_all(rows: Vec<Row>) -> Result<HashMap<(String, String), Session>, StoreError> {
    let mut sessions = HashMap::new();
    for mut row in rows {
        let session = read(&mut row)?;
        sessions.insert((session.source.clone(), session.id.clone()), session);
    }
    Ok(sessions)
}

/// The columns of a session that is written.
macro_rules! given {
    () => {
        "{rows $1 r: source text, id text, line_id text, status text, epoch int, opened_at int, closed_at int, last_event_at int, \
         recent_closes int, recent_since int, operator_id text, operators text, client_id text, connection text, address text, \
         language text, last_client_message_at int, merged_into text, active_at int, talk_request text, revision int}"
    };
}

/// Writes `sessions`, each with a revision one higher than what was loaded.
///
/// # Errors
/// [`StoreError::Conflict`] when one was written at the same moment.
pub async fn save(tx: &mut Tx, sessions: &[Session]) -> Result<(), StoreError> {
    for (Statement { sql, values }, count) in save_statements(sessions) {
        super::expect_all(tx.execute(sql, values).await?, count)?;
    }
    Ok(())
}

/// How sessions are written, with how many rows each statement has to touch. New ones are put in as they are: to ask row
/// by row whether it is there already costs more than the row, and the answer would be the same conflict.
pub(super) fn save_statements(sessions: &[Session]) -> Vec<(Statement, usize)> {
    static ADD: Sql = Sql::new(concat!(
        "INSERT INTO session (source, id, line_id, status, epoch, opened_at, closed_at, last_event_at, recent_closes, recent_since, \
         operator_id, operators, client_id, connection, address, language, last_client_message_at, merged_into, active_at, talk_request, revision) \
         SELECT source, id, line_id, status, epoch, opened_at, closed_at, last_event_at, recent_closes, recent_since, \
         operator_id, operators, client_id, connection, address, language, last_client_message_at, merged_into, active_at, talk_request, revision FROM ",
        given!()
    ));
    static CHANGE: Sql = Sql::new(concat!(
        "UPDATE session SET line_id = r.line_id, status = r.status, epoch = r.epoch, opened_at = r.opened_at, closed_at = r.closed_at, \
         last_event_at = r.last_event_at, recent_closes = r.recent_closes, recent_since = r.recent_since, operator_id = r.operator_id, \
         operators = r.operators, client_id = r.client_id, connection = r.connection, address = r.address, language = r.language, \
         last_client_message_at = r.last_client_message_at, merged_into = r.merged_into, active_at = r.active_at, talk_request = r.talk_request, revision = r.revision FROM ",
        given!(),
        " WHERE session.source = r.source AND session.id = r.id AND session.revision = r.revision - 1"
    ));
    super::by_novelty(sessions, |session| session.revision == 1, &ADD, &CHANGE)
}

/// The keys (source, id) of open sessions of a line in which nobody has written since `since`, as far as the session knows; the
/// most silent first, at most `limit`; none of those whose sources do not tell what is written.
///
/// # Errors
/// The database's error.
pub async fn silent(tx: &mut Tx, line_id: &str, since: Millis, deaf: &[&str], limit: i64) -> Result<Vec<(String, String)>, StoreError> {
    static SILENT: Sql = Sql::new(
        "SELECT source, id FROM session WHERE status = 'open' AND line_id = $1 AND active_at <= $2 AND NOT (source {among $3}) \
         ORDER BY active_at LIMIT $4",
    );
    tx.fetch(&SILENT, values![line_id, since, super::ids(deaf), limit])
        .await?
        .iter_mut()
        .map(|row| Ok((row.text()?, row.text()?)))
        .collect()
}

/// The ids of open sessions that `source` tells of, after `after` in their order, at most `limit`.
///
/// # Errors
/// The database's error.
pub async fn open_of(db: &Db, source: &str, after: &str, limit: i64) -> Result<Vec<String>, StoreError> {
    static OPEN: Sql = Sql::new("SELECT id FROM session WHERE status = 'open' AND source = $1 AND id > $2 ORDER BY id LIMIT $3");
    db.read(&OPEN, values![source, after, limit]).await?.iter_mut().map(Row::text).collect()
}

/// Keeps what happened to sessions besides closes.
///
/// # Errors
/// The database's error.
pub async fn tell(tx: &mut Tx, events: &[SessionEvent]) -> Result<(), StoreError> {
    if events.is_empty() {
        return Ok(());
    }
    let Statement { sql, values } = tell_statement(events);
    tx.execute(sql, values).await.map(drop)
}

pub(super) fn tell_statement(events: &[SessionEvent]) -> Statement {
    static TELL: Sql = Sql::new(
        "INSERT INTO session_event (source, session_id, occurred_at, event_key, kind, detail, received_at) \
         SELECT source, session_id, occurred_at, event_key, kind, detail, received_at \
         FROM {rows $1 r: source text, session_id text, occurred_at int, event_key text, kind text, detail text, received_at int} \
         WHERE true ON CONFLICT DO NOTHING",
    );
    Statement::new(&TELL, values![super::rows(events)])
}

/// The sessions that `id` may mean, whoever tells of them.
///
/// # Errors
/// The database's error.
pub async fn find(db: &Db, id: &str) -> Result<Vec<Session>, StoreError> {
    static FIND: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " \
         FROM session s WHERE s.id = $1 ORDER BY s.source"
    ));
    db.read(&FIND, values![id]).await?.iter_mut().map(read).collect()
}

/// What happened to a session besides its closes, oldest first.
///
/// # Errors
/// The database's error.
pub async fn events(db: &Db, source: &str, id: &str) -> Result<Vec<PastEvent>, StoreError> {
    static EVENTS: Sql = Sql::new(
        "SELECT occurred_at, kind, detail FROM session_event WHERE source = $1 AND session_id = $2 ORDER BY occurred_at, event_key LIMIT 1000",
    );
    let mut rows = db.read(&EVENTS, values![source, id]).await?;
    rows.iter_mut().map(|row| Ok(PastEvent { occurred_at: row.int()?, kind: row.text()?, detail: row.text()? })).collect()
}
