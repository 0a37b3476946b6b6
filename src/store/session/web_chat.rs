//! Sessions of our own web chats, as their operators see them.

use super::{Session, columns};
use crate::sql::Sql;
use crate::values;
use crate::{Db, Millis, Row, StoreError};
use lastword_base::names::{Place, RequestId, SessionId, Source};
use lastword_domain::access::rights::Lines;
use std::collections::HashMap;

/// Maximum number that is counted.
pub const COUNT_MAX: i64 = 1_000;

/// Open chats of these sources on these lines: those whose client waits for an answer first, the longest wait first. At most `limit`.
pub async fn open(db: &Db, sources: &[&Source], lines: &Lines, limit: i64) -> Result<Vec<Session>, StoreError> {
    static OPEN: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM session s WHERE s.status = 'open' AND s.source {among $1} AND ($2 = 1 OR s.line_id {among $3}) \
         ORDER BY CASE WHEN s.last_client_message_at >= s.active_at THEN 0 ELSE 1 END, s.active_at, s.id LIMIT $4"
    ));
    let (all, some) = crate::limits(lines);
    db.read(&OPEN, values![crate::names(sources), all, some, limit]).await?.iter_mut().map(Session::read).collect()
}

/// Number of open chats of these sources on these lines whose client waits for an answer, at most [`COUNT_MAX`], and the time of
/// the newest message among them.
pub async fn waiting(db: &Db, sources: &[&Source], lines: &Lines) -> Result<(i64, Millis), StoreError> {
    static WAITING: Sql = Sql::new(
        "SELECT count(*), COALESCE(max(w.last_client_message_at), 0) FROM (SELECT s.last_client_message_at FROM session s \
         WHERE s.status = 'open' AND s.source {among $1} AND s.last_client_message_at >= s.active_at \
         AND ($2 = 1 OR s.line_id {among $3}) LIMIT $4) AS w",
    );
    let (all, some) = crate::limits(lines);
    let mut rows = db.read(&WAITING, values![crate::names(sources), all, some, COUNT_MAX]).await?;
    rows.first_mut().map_or(Ok((0, 0)), |row| Ok((row.int()?, row.int()?)))
}

/// A closed chat.
#[derive(Clone, Debug)]
pub struct ClosedChat {
    /// Its source.
    pub source: Source,
    /// ID of the session.
    pub session_id: SessionId,
    /// Its rating request.
    pub request_id: RequestId,
    /// Time of the close.
    pub closed_at: Millis,
}

/// Chats of these sources on these lines closed since `since`, the newest first, at most `limit`.
pub async fn closed(db: &Db, sources: &[&Source], lines: &Lines, since: Millis, limit: i64) -> Result<Vec<ClosedChat>, StoreError> {
    static CLOSED: Sql = Sql::new(
        "SELECT q.source, q.session_id, q.id, q.closed_at FROM rating_request q WHERE q.id >= $4 AND q.source {among $1} \
         AND q.again_of IS NULL AND ($2 = 1 OR q.line_id {among $3}) ORDER BY q.id DESC LIMIT $5",
    );
    let (all, some) = crate::limits(lines);
    let mut rows = db.read(&CLOSED, values![crate::names(sources), all, some, RequestId::first_of(since), limit]).await?;
    let read =
        |row: &mut Row| Ok(ClosedChat { source: row.name()?, session_id: row.name()?, request_id: row.id()?, closed_at: row.int()? });
    rows.iter_mut().map(read).collect()
}

/// The newest message at each of these places, as stored.
pub async fn last_messages(db: &Db, places: &[&Place]) -> Result<HashMap<Place, String>, StoreError> {
    static LAST: Sql = Sql::new(
        "SELECT m.connection, m.chat, m.body FROM {rows $1 r: connection text, chat text} \
         JOIN mail m ON m.connection = r.connection AND m.chat = r.chat \
         WHERE m.seq = (SELECT max(n.seq) FROM mail n WHERE n.connection = r.connection AND n.chat = r.chat)",
    );
    let mut rows = db.read(&LAST, values![crate::rows(places)]).await?;
    rows.iter_mut().map(|row| Ok((Place { connection: row.name()?, chat: row.name()? }, row.text()?))).collect()
}
