//! Rating requests: our question about one close of one session.

pub(crate) mod counted;

use self::counted::{count_changes, count_new, share_statement};
use crate::domain::answer::rating::Scale;
use crate::domain::session::Operator;
use crate::store::sql::{Sql, Statement};
use crate::store::{Db, Millis, Row, StoreError, Tx};
use crate::values;
use serde::Serialize;
use std::collections::HashMap;

/// The columns of a whole row, in the order in which it is read.
macro_rules! columns {
    () => {
        "q.id, q.source, q.session_id, q.epoch, q.line_id, q.line_version, q.scale, q.connection, q.channel, q.address, \
         q.language, q.client_id, q.operator_id, q.operators, q.attribution, q.closed_by, q.opened_at, q.closed_at, \
         q.last_client_message_at, q.created_at, q.due_at, q.expires_at, q.change_ms, q.outcome, q.reason, q.decided_at, \
         q.asked_connection, q.asked_address, q.asked_chat, q.way, q.addresses, q.facts, q.delivered_at, q.late_at, q.again_of, \
         q.typing_ended_at, q.held_at"
    };
}

/// The same, for statements that are put together.
pub(crate) const COLUMNS: &str = columns!();

/// A rating request.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RatingRequest {
    /// Its id.
    pub id: String,
    /// Who told of the session.
    pub source: String,
    /// The session.
    pub session_id: String,
    /// Which close of the session, from 1.
    pub epoch: i64,
    /// The line at the close.
    pub line_id: String,
    /// The version of the line's settings that decided.
    pub line_version: i64,
    /// The scale of the question.
    pub scale: Scale,
    /// The connection, if it is known.
    pub connection: Option<String>,
    /// The channel's kind.
    pub channel: Option<String>,
    /// The address, as JSON.
    pub address: Option<String>,
    /// The client's language.
    pub language: Option<String>,
    /// The client.
    pub client_id: Option<String>,
    /// The responsible operator at the close.
    pub operator_id: Option<String>,
    /// All operators at the close.
    #[serde(serialize_with = "crate::store::as_json")]
    pub operators: Vec<Operator>,
    /// The rule of attribution at the close.
    pub attribution: String,
    /// Who closed it.
    pub closed_by: String,
    /// When the session began.
    pub opened_at: Option<Millis>,
    /// When it was closed, by the desk.
    pub closed_at: Millis,
    /// When the client last wrote.
    pub last_client_message_at: Option<Millis>,
    /// When it was decided.
    pub created_at: Millis,
    /// When the question leaves; none when it is not asked.
    pub due_at: Option<Millis>,
    /// After this an answer is late.
    pub expires_at: Option<Millis>,
    /// How long a score may be changed, in milliseconds.
    pub change_ms: i64,
    /// How it ended.
    pub outcome: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// When it ended.
    pub decided_at: Option<Millis>,
    /// The connection through which it is asked.
    pub asked_connection: Option<String>,
    /// Where it is asked, as JSON.
    pub asked_address: Option<String>,
    /// The chat of that address.
    pub asked_chat: Option<String>,
    /// How the question reaches the client: `in_time`, `early`, `template`, `fallback` or `window_unknown`.
    pub way: Option<String>,
    /// Other addresses of the client, as JSON.
    pub addresses: String,
    /// The other facts that the decision looked at, as JSON.
    pub facts: String,
    /// When its question reached the client as far as anybody can know: the platform took it, or an answer proves it.
    pub delivered_at: Option<Millis>,
    /// When somebody first tried to rate too late.
    pub late_at: Option<Millis>,
    /// Of a question asked once more: the rating request of the low rating. It is no close of its own.
    pub again_of: Option<String>,
    /// Since when only its buttons count: the client wrote something else, and what is typed goes to the desk.
    pub typing_ended_at: Option<Millis>,
    /// When its scores by link were held for a tap by a person: they look like a program's.
    pub held_at: Option<Millis>,
}

impl RatingRequest {
    /// Where it is asked: the connection, and the address as JSON.
    pub fn asked_at(&self) -> Option<(&str, &str)> {
        let asked = self.asked_connection.as_deref().zip(self.asked_address.as_deref());
        asked.or(self.connection.as_deref().zip(self.address.as_deref()))
    }

    /// The client's name, as the desk told it with the close. Personal.
    pub fn client_name(&self) -> Option<String> {
        #[derive(serde::Deserialize)]
        struct Kept {
            client_name: Option<String>,
        }
        serde_json::from_str::<Kept>(&self.facts).ok()?.client_name
    }

    /// Why whoever closed it wanted the client asked, or not. Personal.
    pub fn wish_reason(&self) -> Option<String> {
        #[derive(serde::Deserialize)]
        struct Kept {
            wish_reason: Option<String>,
        }
        serde_json::from_str::<Kept>(&self.facts).ok()?.wish_reason
    }

    /// Every place from which an answer may come: where it is asked, and where the conversation was.
    pub fn places(&self) -> impl Iterator<Item = (&str, &str)> {
        let conversation = self.connection.as_deref().zip(self.address.as_deref());
        self.asked_at().into_iter().chain(conversation.filter(|place| Some(*place) != self.asked_at()))
    }
}

/// How a rating request ends.
#[derive(Clone, Debug, Serialize)]
pub struct Ending {
    /// The rating request.
    pub id: String,
    /// The outcome.
    pub outcome: &'static str,
    /// Why.
    pub reason: Option<String>,
    /// When.
    pub at: Millis,
}

pub(crate) fn read(row: &mut Row) -> Result<RatingRequest, StoreError> {
    Ok(RatingRequest {
        id: row.text()?,
        source: row.text()?,
        session_id: row.text()?,
        epoch: row.int()?,
        line_id: row.text()?,
        line_version: row.int()?,
        scale: row.word("rating_request", "scale", Scale::parse)?,
        connection: row.text_or_null()?,
        channel: row.text_or_null()?,
        address: row.text_or_null()?,
        language: row.text_or_null()?,
        client_id: row.text_or_null()?,
        operator_id: row.text_or_null()?,
        operators: row.document("rating_request", "operators")?,
        attribution: row.text()?,
        closed_by: row.text()?,
        opened_at: row.int_or_null()?,
        closed_at: row.int()?,
        last_client_message_at: row.int_or_null()?,
        created_at: row.int()?,
        due_at: row.int_or_null()?,
        expires_at: row.int_or_null()?,
        change_ms: row.int()?,
        outcome: row.text_or_null()?,
        reason: row.text_or_null()?,
        decided_at: row.int_or_null()?,
        asked_connection: row.text_or_null()?,
        asked_address: row.text_or_null()?,
        asked_chat: row.text_or_null()?,
        way: row.text_or_null()?,
        addresses: row.text()?,
        facts: row.text()?,
        delivered_at: row.int_or_null()?,
        late_at: row.int_or_null()?,
        again_of: row.text_or_null()?,
        typing_ended_at: row.int_or_null()?,
        held_at: row.int_or_null()?,
    })
}

/// Keeps new rating requests.
///
/// # Errors
/// [`StoreError::Conflict`] when another node made the request of the same close at the same moment.
pub async fn insert(tx: &mut Tx, requests: &[RatingRequest]) -> Result<(), StoreError> {
    let Statement { sql, values } = insert_statement(requests);
    crate::store::expect_all(tx.execute(sql, values).await?, requests.len())?;
    tx.count(|changes, zone| count_new(changes, zone, requests));
    if let Some(Statement { sql, values }) = share_statement(requests) {
        tx.execute(sql, values).await?;
    }
    Ok(())
}

pub(crate) fn insert_statement(requests: &[RatingRequest]) -> Statement {
    static INSERT: Sql = Sql::new(
        "INSERT INTO rating_request (id, source, session_id, epoch, line_id, line_version, scale, connection, channel, address, language, \
         client_id, operator_id, operators, attribution, closed_by, opened_at, closed_at, last_client_message_at, created_at, due_at, \
         expires_at, change_ms, outcome, reason, decided_at, asked_connection, asked_address, asked_chat, \
         way, addresses, facts, delivered_at, again_of) \
         SELECT id, source, session_id, epoch, line_id, line_version, scale, connection, channel, address, language, \
         client_id, operator_id, operators, attribution, closed_by, opened_at, closed_at, last_client_message_at, created_at, due_at, \
         expires_at, change_ms, outcome, reason, decided_at, asked_connection, asked_address, asked_chat, \
         way, addresses, facts, delivered_at, again_of \
         FROM {rows $1 r: id text, source text, session_id text, epoch int, line_id text, line_version int, scale text, connection text, \
         channel text, address text, language text, client_id text, operator_id text, operators text, attribution text, closed_by text, \
         opened_at int, closed_at int, last_client_message_at int, created_at int, due_at int, expires_at int, change_ms int, \
         outcome text, reason text, decided_at int, asked_connection text, asked_address text, asked_chat text, \
         way text, addresses text, facts text, delivered_at int, again_of text}",
    );
    Statement::new(&INSERT, values![crate::store::rows(requests)])
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

/// The rating requests with these ids, sorted by id.
///
/// # Errors
/// The database's error.
pub async fn load(db: &Db, ids: &[&str]) -> Result<Vec<RatingRequest>, StoreError> {
    db.read(&BY_ID, values![crate::store::ids(ids)]).await?.iter_mut().map(read).collect()
}

/// The rating requests with these ids, held until the end of the transaction so that two answers are judged one after
/// the other.
///
/// # Errors
/// The database's error.
pub async fn hold(tx: &mut Tx, ids: &[&str]) -> Result<Vec<RatingRequest>, StoreError> {
    tx.fetch(&BY_ID_HELD, values![crate::store::ids(ids)]).await?.iter_mut().map(read).collect()
}

/// All rating requests of a session, oldest first.
///
/// # Errors
/// The database's error.
pub async fn of_session(db: &Db, source: &str, session_id: &str) -> Result<Vec<RatingRequest>, StoreError> {
    static OF_SESSION: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " \
         FROM rating_request q WHERE q.source = $1 AND q.session_id = $2 ORDER BY q.epoch LIMIT 1000"
    ));
    db.read(&OF_SESSION, values![source, session_id]).await?.iter_mut().map(read).collect()
}

/// All rating requests, by id: for simulations and tests.
pub(crate) async fn all(db: &Db) -> Result<Vec<RatingRequest>, StoreError> {
    static ALL: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM rating_request q ORDER BY q.id"));
    db.read(&ALL, vec![]).await?.iter_mut().map(read).collect()
}

/// The closes of a line after `after` (closed at, id) and before `until`, oldest first, at most `limit`.
///
/// # Errors
/// The database's error.
pub async fn of_line(db: &Db, line: &str, after: (Millis, &str), until: Millis, limit: i64) -> Result<Vec<RatingRequest>, StoreError> {
    static OF_LINE: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM rating_request q WHERE q.line_id = $1 AND q.again_of IS NULL AND q.closed_at < $2 \
         AND (q.closed_at > $3 OR (q.closed_at = $3 AND q.id > $4)) ORDER BY q.closed_at, q.id LIMIT $5"
    ));
    db.read(&OF_LINE, values![line, until, after.0, after.1, limit]).await?.iter_mut().map(read).collect()
}

/// The rating requests of these closes (source, session, epoch).
///
/// # Errors
/// The database's error.
pub async fn of_closes(tx: &mut Tx, closes: &[(&str, &str, i64)]) -> Result<Vec<RatingRequest>, StoreError> {
    #[derive(Serialize)]
    struct Close<'a> {
        source: &'a str,
        session_id: &'a str,
        epoch: i64,
    }
    static OF_CLOSES: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " \
         FROM {rows $1 r: source text, session_id text, epoch int} \
         JOIN rating_request q ON q.source = r.source AND q.session_id = r.session_id AND q.epoch = r.epoch ORDER BY q.id"
    ));
    let closes: Vec<Close<'_>> = closes.iter().map(|&(source, session_id, epoch)| Close { source, session_id, epoch }).collect();
    tx.fetch(&OF_CLOSES, values![crate::store::rows(&closes)]).await?.iter_mut().map(read).collect()
}

/// The open rating requests (no outcome yet) of a session.
///
/// # Errors
/// The database's error.
pub async fn open_of(tx: &mut Tx, source: &str, session_id: &str) -> Result<Vec<String>, StoreError> {
    static OPEN_OF: Sql =
        Sql::new("SELECT id FROM rating_request WHERE source = $1 AND session_id = $2 AND outcome IS NULL ORDER BY id {lock}");
    tx.fetch(&OPEN_OF, values![source, session_id]).await?.iter_mut().map(Row::text).collect()
}

/// The question goes another way, perhaps in another place.
#[derive(Clone, Debug, Serialize)]
pub struct OtherWay {
    /// The rating request.
    pub id: String,
    /// The way.
    pub way: &'static str,
    /// The connection.
    pub connection: String,
    /// The address, as JSON.
    pub address: String,
    /// The chat of that address.
    pub chat: String,
}

/// Open rating requests go another way.
///
/// # Errors
/// The database's error.
pub async fn go_another_way(tx: &mut Tx, ways: &[OtherWay]) -> Result<(), StoreError> {
    static GO: Sql = Sql::new(
        "UPDATE rating_request SET way = r.way, asked_connection = r.connection, asked_address = r.address, asked_chat = r.chat \
         FROM {rows $1 r: id text, way text, connection text, address text, chat text} \
         WHERE rating_request.id = r.id AND rating_request.outcome IS NULL",
    );
    tx.execute(&GO, values![crate::store::rows(ways)]).await.map(drop)
}

/// A conversation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The connection.
    pub connection: String,
    /// The chat.
    pub chat: String,
}

/// An open rating request of a conversation.
#[derive(Clone, Debug)]
pub struct Open {
    /// The rating request.
    pub id: String,
    /// Where it is asked.
    pub place: Place,
    /// When its question left us, or may have.
    pub left_at: Option<Millis>,
}

/// The open rating requests that are asked in these conversations, by id.
///
/// # Errors
/// The database's error.
pub async fn open_in(tx: &mut Tx, places: &[Place]) -> Result<Vec<Open>, StoreError> {
    static OPEN_IN: Sql = Sql::new(
        "SELECT q.id, q.asked_connection, q.asked_chat, \
         (SELECT min(d.intent_at) FROM delivery d WHERE d.subject = q.id AND d.kind = 'ask' \
         AND (d.state IN ('sending', 'sent', 'delivered', 'unknown') OR (d.state IN ('scheduled', 'leased') AND d.resends > 0))) \
         FROM {rows $1 r: connection text, chat text} \
         JOIN rating_request q ON q.asked_connection = r.connection AND q.asked_chat = r.chat WHERE q.outcome IS NULL ORDER BY q.id",
    );
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let read = |row: &mut Row| {
        let (id, place) = (row.text()?, Place { connection: row.text()?, chat: row.text()? });
        Ok(Open { id, place, left_at: row.int_or_null()? })
    };
    tx.fetch(&OPEN_IN, values![crate::store::rows(places)]).await?.iter_mut().map(read).collect()
}

/// Ends rating requests, which this transaction holds. One that has ended stays as it is, but an answer proves an
/// unreachable or unsure one wrong, and that its question was delivered. Gives the ids that ended now.
///
/// # Errors
/// The database's error.
pub async fn end(tx: &mut Tx, held: &[RatingRequest], endings: &[Ending]) -> Result<Vec<String>, StoreError> {
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
    let mut ids: Vec<String> =
        tx.fetch(&END, values![crate::store::rows(endings)]).await?.iter_mut().map(Row::text).collect::<Result<_, _>>()?;
    ids.sort();
    let ended: HashMap<&str, &Ending> = endings.iter().map(|ending| (ending.id.as_str(), ending)).collect();
    let changed = held.iter().filter(|request| ids.binary_search(&request.id).is_ok()).filter_map(|before| {
        let ending = ended.get(before.id.as_str())?;
        let after = RatingRequest { outcome: Some(ending.outcome.to_owned()), reason: ending.reason.clone(), ..before.clone() };
        Some((before.clone(), after))
    });
    count_changes(tx, changed);
    Ok(ids)
}

/// The client wrote something else: from `now` on nothing typed answers these rating requests.
///
/// # Errors
/// The database's error.
pub async fn end_typing(tx: &mut Tx, ids: &[&str], now: Millis) -> Result<(), StoreError> {
    static END_TYPING: Sql = Sql::new("UPDATE rating_request SET typing_ended_at = $2 WHERE id {among $1} AND typing_ended_at IS NULL");
    if ids.is_empty() {
        return Ok(());
    }
    tx.execute(&END_TYPING, values![crate::store::ids(ids), now]).await.map(drop)
}

/// Of these rating requests, those that have ended without an answer and take none any more.
///
/// # Errors
/// The database's error.
pub async fn over(tx: &mut Tx, ids: &[&str]) -> Result<Vec<String>, StoreError> {
    static OVER: Sql =
        Sql::new("SELECT q.id FROM rating_request q WHERE q.id {among $1} AND q.outcome IN ('canceled', 'expired') ORDER BY q.id");
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    tx.fetch(&OVER, values![crate::store::ids(ids)]).await?.iter_mut().map(Row::text).collect()
}

/// The client was asked while the session was open; nobody has closed it yet.
pub const STILL_OPEN: &str = "open";

/// The session of a question that was asked while it was open is closed now.
#[derive(Clone, Debug, Serialize)]
pub struct ClosedNow {
    /// The rating request.
    pub id: String,
    /// Who closed it.
    pub closed_by: &'static str,
}

/// The sessions behind these rating requests are closed now.
///
/// # Errors
/// The database's error.
pub async fn closed_now(tx: &mut Tx, closed: &[ClosedNow]) -> Result<(), StoreError> {
    let Statement { sql, values } = closed_now_statement(closed);
    tx.execute(sql, values).await.map(drop)
}

pub(crate) fn closed_now_statement(closed: &[ClosedNow]) -> Statement {
    static CLOSED: Sql = Sql::new(
        "UPDATE rating_request SET closed_by = r.closed_by FROM {rows $1 r: id text, closed_by text} WHERE rating_request.id = r.id",
    );
    Statement::new(&CLOSED, values![crate::store::rows(closed)])
}

/// The client is asked after all: `before` was not asked, and is open now as `after` says.
///
/// # Errors
/// [`StoreError::Conflict`] when it is not `before` any more.
pub async fn ask_after_all(tx: &mut Tx, before: &RatingRequest, after: &RatingRequest) -> Result<(), StoreError> {
    static ASK: Sql = Sql::new(
        "UPDATE rating_request SET outcome = NULL, reason = NULL, decided_at = NULL, line_version = r.line_version, due_at = r.due_at, \
         expires_at = r.expires_at, change_ms = r.change_ms, way = r.way, asked_connection = r.asked_connection, \
         asked_address = r.asked_address, asked_chat = r.asked_chat \
         FROM {rows $1 r: id text, line_version int, due_at int, expires_at int, change_ms int, way text, asked_connection text, \
         asked_address text, asked_chat text} WHERE rating_request.id = r.id AND rating_request.outcome = 'not_asked'",
    );
    crate::store::expect_all(tx.execute(&ASK, values![crate::store::rows(std::slice::from_ref(after))]).await?, 1)?;
    count_changes(tx, std::iter::once((before.clone(), after.clone())));
    Ok(())
}

/// How far the question of a rating request came.
#[derive(Clone, Debug)]
pub struct Progress {
    /// The rating request.
    pub id: String,
    /// Whether its question reached the platform for certain.
    pub was_sent: bool,
    /// Whether its question may have left us.
    pub may_have_left: bool,
}

fn read_progress(row: &mut Row) -> Result<Progress, StoreError> {
    Ok(Progress { id: row.text()?, was_sent: row.int()? > 0, may_have_left: row.int()? > 0 })
}

/// The columns of [`Progress`].
macro_rules! progress {
    () => {
        "SELECT q.id, \
         (SELECT count(*) FROM delivery d WHERE d.subject = q.id AND d.kind IN ('ask', 'reminder') AND d.state IN ('sent', 'delivered')), \
         (SELECT count(*) FROM delivery d WHERE d.subject = q.id AND d.kind IN ('ask', 'reminder') \
         AND (d.state IN ('unknown', 'sending') OR (d.state IN ('scheduled', 'leased') AND d.resends > 0))) FROM rating_request q "
    };
}

/// Open rating requests whose time is over at `now`, the oldest first, at most `limit`.
///
/// # Errors
/// The database's error.
pub async fn overdue(tx: &mut Tx, now: Millis, limit: i64) -> Result<Vec<Progress>, StoreError> {
    // SQLite would rather take the index of open closes by the time of their close, and read every one of them.
    static OVERDUE: Sql = Sql::new(concat!(
        progress!(),
        "{along rating_request_open} WHERE q.outcome IS NULL AND q.expires_at <= $1 ORDER BY q.expires_at, q.id LIMIT $2 {lock skip}"
    ));
    tx.fetch(&OVERDUE, values![now, limit]).await?.iter_mut().map(read_progress).collect()
}

/// How far the questions of these rating requests came, of those that are open.
///
/// # Errors
/// The database's error.
pub async fn progress(tx: &mut Tx, ids: &[&str]) -> Result<Vec<Progress>, StoreError> {
    static PROGRESS: Sql = Sql::new(concat!(progress!(), "WHERE q.outcome IS NULL AND q.id {among $1} ORDER BY q.id"));
    tx.fetch(&PROGRESS, values![crate::store::ids(ids)]).await?.iter_mut().map(read_progress).collect()
}
