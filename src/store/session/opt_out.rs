//! People who opted out, known only by marks (`domain::answer::opt_out`).
use crate::sql::table::table;
use crate::sql::{Sql, Statement};
use crate::{Db, Millis, Row, StoreError, Tx, values};
use lastword_base::names::{ClientId, Place, RequestId};
use lastword_domain::answer::opt_out::MarkKey;
use serde::Serialize;
use std::collections::{HashMap, HashSet};

table! {
    /// One name of an opted-out person.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    pub struct OptOut = columns!(opt_out o) {
        /// The mark of the name.
        mark: String,
        /// The same for all names of one person.
        person: String,
        /// Time of the opt-out.
        opted_out_at: Millis,
        /// How it was received: a text of [`lastword_domain::answer::opt_out::ToldBy`].
        opted_out_by: String,
    }
}

static KEY: Sql = Sql::new("SELECT key FROM opt_out_key WHERE id = 1");

fn read_key(mut rows: Vec<Row>) -> Result<MarkKey, StoreError> {
    let key = rows.first_mut().map(Row::text).transpose()?.unwrap_or_default();
    let bytes = hex::decode(&key).ok().filter(|bytes| bytes.len() >= 32);
    // With another key no person would be recognized.
    bytes.map(MarkKey::new).ok_or_else(|| StoreError::Inconsistent { table: "opt_out_key", column: "key", found: "no key".to_owned() })
}

/// The key for marks.
///
/// # Errors
/// A database error, or that there is none.
pub async fn key(tx: &mut Tx) -> Result<MarkKey, StoreError> {
    read_key(tx.fetch(&KEY, vec![]).await?)
}

/// As [`key`], outside a transaction.
///
/// # Errors
/// A database error, or that there is none.
pub async fn key_of(db: &Db) -> Result<MarkKey, StoreError> {
    read_key(db.read(&KEY, vec![]).await?)
}

static FIND: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM opt_out o WHERE o.mark {among $1} ORDER BY o.opted_out_at, o.mark"));

pub(crate) fn among_statement(marks: &[&str]) -> Statement {
    Statement::new(&FIND, values![crate::ids(marks)])
}

pub(crate) fn read_marks(mut rows: Vec<Row>) -> Result<HashSet<String>, StoreError> {
    rows.iter_mut().map(|row| OptOut::read(row).map(|found| found.mark)).collect()
}

/// Those of `marks` that belong to an opted-out person, the oldest first.
pub async fn find(tx: &mut Tx, marks: &[&str]) -> Result<Vec<OptOut>, StoreError> {
    let Statement { sql, values } = among_statement(marks);
    tx.fetch(sql, values).await?.iter_mut().map(OptOut::read).collect()
}

/// As [`find`], outside a transaction.
pub async fn look(db: &Db, marks: &[&str]) -> Result<Vec<OptOut>, StoreError> {
    if marks.is_empty() {
        return Ok(Vec::new());
    }
    let Statement { sql, values } = among_statement(marks);
    db.read(sql, values).await?.iter_mut().map(OptOut::read).collect()
}

/// Stores names; an existing one is not changed.
pub async fn keep(tx: &mut Tx, names: &[OptOut]) -> Result<(), StoreError> {
    static KEEP: Sql = Sql::new(concat!(columns!(insert), " WHERE true ON CONFLICT DO NOTHING"));
    if names.is_empty() {
        return Ok(());
    }
    tx.execute(&KEEP, values![crate::rows(names)]).await.map(drop)
}

/// Two persons that turned out to be the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SamePerson {
    /// The person whose names are moved.
    pub before: String,
    /// The person who gets them.
    pub person: String,
}

/// Moves the names of these persons to others.
pub async fn join(tx: &mut Tx, same: &[SamePerson]) -> Result<(), StoreError> {
    static JOIN: Sql =
        Sql::new("UPDATE opt_out SET person = r.person FROM {rows $1 r: before text, person text} WHERE opt_out.person = r.before");
    if same.is_empty() {
        return Ok(());
    }
    tx.execute(&JOIN, values![crate::rows(same)]).await.map(drop)
}

/// Deletes all names of `persons`: they may be asked again.
pub async fn lift(tx: &mut Tx, persons: &[&str]) -> Result<(), StoreError> {
    static LIFT: Sql = Sql::new("DELETE FROM opt_out WHERE person {among $1}");
    if persons.is_empty() {
        return Ok(());
    }
    tx.execute(&LIFT, values![crate::ids(persons)]).await.map(drop)
}

/// Replaces a name.
pub async fn rename(tx: &mut Tx, from: &str, to: &str) -> Result<(), StoreError> {
    static COPY: Sql = Sql::new(
        "INSERT INTO opt_out (mark, person, opted_out_at, opted_out_by) SELECT $2, o.person, o.opted_out_at, o.opted_out_by \
         FROM opt_out o WHERE o.mark = $1 ON CONFLICT DO NOTHING",
    );
    static FORGET: Sql = Sql::new("DELETE FROM opt_out WHERE mark = $1");
    tx.execute(&COPY, values![from, to]).await?;
    tx.execute(&FORGET, values![from]).await.map(drop)
}

/// The open rating requests of these clients, and those that are asked in these places.
pub async fn open_questions(tx: &mut Tx, clients: &[&ClientId], places: &[Place]) -> Result<Vec<RequestId>, StoreError> {
    static OPEN: Sql = Sql::new(
        "SELECT q.id FROM rating_request q WHERE q.client_id {among $1} AND q.outcome IS NULL \
         UNION SELECT q.id FROM {rows $2 r: connection text, chat text} \
         JOIN rating_request q ON {asked_in q r} WHERE q.outcome IS NULL ORDER BY 1",
    );
    tx.fetch(&OPEN, values![crate::names(clients), crate::rows(places)]).await?.iter_mut().map(Row::id).collect()
}

/// The newest rating request with a delivered question, for each of these conversations.
pub(crate) fn last_asked_statement(places: &[Place]) -> Statement {
    static LAST: Sql = Sql::new(
        "SELECT r.connection, r.chat, (SELECT q.id FROM rating_request q \
         WHERE q.chat = r.chat AND q.connection = r.connection AND q.delivered_at IS NOT NULL \
         ORDER BY q.id DESC LIMIT 1) AS id FROM {rows $1 r: connection text, chat text}",
    );
    Statement::new(&LAST, values![crate::rows(places)])
}

pub(crate) fn read_last_asked(rows: Vec<Row>) -> Result<HashMap<Place, RequestId>, StoreError> {
    let mut last = HashMap::new();
    for mut row in rows {
        let place = Place { connection: row.name()?, chat: row.name()? };
        last.extend(row.id_or_null()?.map(|id| (place, id)));
    }
    Ok(last)
}
