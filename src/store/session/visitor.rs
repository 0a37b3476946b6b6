//! Visitors of a web chat, and the sessions of other desks that their pages show.

use crate::sql::Sql;
use crate::{Db, Millis, Row, StoreError, Tx, values};
use lastword_base::names::{ChatId, ConnectionId, Place, SessionId};
use serde::Serialize;
use std::collections::HashMap;

/// A visitor.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Their ID.
    pub id: ChatId,
    /// The language of their browser.
    pub language: Option<String>,
    /// Number of sessions they began.
    pub session_number: i64,
}

fn read(row: &mut Row) -> Result<Visitor, StoreError> {
    Ok(Visitor { id: row.name()?, language: row.text_or_null()?, session_number: row.int()? })
}

/// Records a visitor's first or repeated visit.
pub async fn came(tx: &mut Tx, connection: &ConnectionId, id: &ChatId, language: Option<&str>, now: Millis) -> Result<(), StoreError> {
    static CAME: Sql = Sql::new(
        "INSERT INTO visitor (connection, id, language, created_at, seen_at) VALUES ($1, $2, $3, $4, $4) \
         ON CONFLICT (connection, id) DO UPDATE SET seen_at = excluded.seen_at, language = COALESCE(excluded.language, visitor.language)",
    );
    tx.execute(&CAME, values![connection, id, language, now]).await.map(drop)
}

/// One visitor.
pub async fn find(db: &Db, connection: &ConnectionId, id: &ChatId) -> Result<Option<Visitor>, StoreError> {
    static FIND: Sql = Sql::new("SELECT id, language, session_number FROM visitor WHERE connection = $1 AND id = $2");
    db.read(&FIND, values![connection, id]).await?.first_mut().map(read).transpose()
}

/// As [`find`], locked until the end of the transaction.
pub async fn hold(tx: &mut Tx, connection: &ConnectionId, id: &ChatId) -> Result<Option<Visitor>, StoreError> {
    static HOLD: Sql = Sql::new("SELECT id, language, session_number FROM visitor WHERE connection = $1 AND id = $2 {lock}");
    tx.fetch(&HOLD, values![connection, id]).await?.first_mut().map(read).transpose()
}

/// Records that a visitor begins the session with this number.
pub async fn began(tx: &mut Tx, connection: &ConnectionId, id: &ChatId, session_number: i64) -> Result<(), StoreError> {
    static BEGAN: Sql = Sql::new("UPDATE visitor SET session_number = $3 WHERE connection = $1 AND id = $2");
    tx.execute(&BEGAN, values![connection, id, session_number]).await.map(drop)
}

/// Records that a visitor's page shows a session of another desk. The last page to report it wins.
pub async fn claim(
    tx: &mut Tx,
    connection: &ConnectionId,
    session_id: &SessionId,
    visitor: &ChatId,
    now: Millis,
) -> Result<(), StoreError> {
    static CLAIM: Sql = Sql::new(
        "INSERT INTO visitor_session (connection, session_id, visitor, claimed_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (connection, session_id) DO UPDATE SET visitor = excluded.visitor, claimed_at = excluded.claimed_at",
    );
    tx.execute(&CLAIM, values![connection, session_id, visitor, now]).await.map(drop)
}

/// The visitors whose pages show these sessions (connection, session), if any.
pub async fn showing(
    tx: &mut Tx,
    sessions: &[(&ConnectionId, &SessionId)],
) -> Result<HashMap<(ConnectionId, SessionId), ChatId>, StoreError> {
    #[derive(Serialize)]
    struct Key<'a> {
        connection: &'a ConnectionId,
        session_id: &'a SessionId,
    }
    static SHOWING: Sql = Sql::new(
        "SELECT v.connection, v.session_id, v.visitor FROM {rows $1 r: connection text, session_id text} \
         JOIN visitor_session v ON v.connection = r.connection AND v.session_id = r.session_id",
    );
    let keys: Vec<Key<'_>> = sessions.iter().map(|&(connection, session_id)| Key { connection, session_id }).collect();
    let mut rows = tx.fetch(&SHOWING, values![crate::rows(&keys)]).await?;
    rows.iter_mut().map(|row| Ok(((row.name()?, row.name()?), row.name()?))).collect()
}

/// The languages of these visitors (connection, ID), if known.
pub async fn languages(tx: &mut Tx, visitors: &[Place]) -> Result<HashMap<Place, String>, StoreError> {
    #[derive(Serialize)]
    struct Key<'a> {
        connection: &'a ConnectionId,
        id: &'a ChatId,
    }
    static LANGUAGES: Sql = Sql::new(
        "SELECT v.connection, v.id, v.language FROM {rows $1 r: connection text, id text} \
         JOIN visitor v ON v.connection = r.connection AND v.id = r.id WHERE v.language IS NOT NULL",
    );
    let keys: Vec<Key<'_>> = visitors.iter().map(|place| Key { connection: &place.connection, id: &place.chat }).collect();
    let mut rows = tx.fetch(&LANGUAGES, values![crate::rows(&keys)]).await?;
    rows.iter_mut().map(|row| Ok((Place { connection: row.name()?, chat: row.name()? }, row.text()?))).collect()
}

/// Deletes claims from before `before`.
pub async fn forget_claims(tx: &mut Tx, before: Millis) -> Result<u64, StoreError> {
    static FORGET: Sql = Sql::new("DELETE FROM visitor_session WHERE claimed_at < $1");
    tx.execute(&FORGET, values![before]).await
}
