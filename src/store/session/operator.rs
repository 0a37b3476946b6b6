//! Names and kinds of operators, as reported by desks.

use crate::sql::table::table;
use crate::sql::{Sql, Statement};
use crate::{Db, Millis, Row, StoreError, Tx, values};
use lastword_base::names::OperatorId;
use lastword_domain::session::OperatorKind;
use lastword_domain::session::same_name::tell_apart;
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// Name of an operator.
#[derive(Clone, Debug, Serialize)]
pub struct OperatorName {
    /// The desk's ID.
    pub id: OperatorId,
    /// The name.
    pub name: String,
    /// Time of the report.
    pub named_at: Millis,
}

/// The names of these operators. Operators without a known name are missing.
pub async fn plain_names(db: &Db, ids: &[&OperatorId]) -> Result<HashMap<OperatorId, String>, StoreError> {
    let Statement { sql, values } = load_statement(ids);
    Ok(read_all(db.read(sql, values).await?)?.into_iter().map(|(id, known)| (id, known.name)).collect())
}

/// The names of these operators, for people who read them. Names that operators share, these or others, are told apart by their IDs.
pub async fn names(db: &Db, ids: &[&OperatorId]) -> Result<HashMap<OperatorId, String>, StoreError> {
    static SHARED: Sql = Sql::new(
        "SELECT o.id, o.name FROM operator_name o WHERE o.id {among $1} \
         UNION SELECT p.id, p.name FROM operator_name o JOIN operator_name p ON p.name = o.name WHERE o.id {among $1}",
    );
    let mut rows = db.read(&SHARED, values![crate::names(ids)]).await?;
    let mut names =
        rows.iter_mut().map(|row| Ok((row.name()?, row.text()?))).collect::<Result<HashMap<OperatorId, String>, StoreError>>()?;
    tell_apart(names.iter_mut().map(|(id, name)| (id.as_str(), name)));
    let wanted: HashSet<&OperatorId> = ids.iter().copied().collect();
    names.retain(|id, _| wanted.contains(id));
    Ok(names)
}

/// As [`names`], in a transaction and with the time of each.
pub async fn load(tx: &mut Tx, ids: &[&OperatorId]) -> Result<HashMap<OperatorId, OperatorName>, StoreError> {
    let Statement { sql, values } = load_statement(ids);
    read_all(tx.fetch(sql, values).await?)
}

pub(crate) fn load_statement(ids: &[&OperatorId]) -> Statement {
    static LOAD: Sql = Sql::new("SELECT o.id, o.name, o.named_at FROM operator_name o WHERE o.id {among $1}");
    Statement::new(&LOAD, values![crate::names(ids)])
}

pub(crate) fn read_all(rows: Vec<Row>) -> Result<HashMap<OperatorId, OperatorName>, StoreError> {
    let mut known = HashMap::new();
    for mut row in rows {
        let id: OperatorId = row.name()?;
        known.insert(id.clone(), OperatorName { id, name: row.text()?, named_at: row.int()? });
    }
    Ok(known)
}

/// Stores names, one for each operator. A name from a later report stays.
pub async fn keep(tx: &mut Tx, names: &[OperatorName]) -> Result<(), StoreError> {
    if names.is_empty() {
        return Ok(());
    }
    let Statement { sql, values } = keep_statement(names);
    tx.execute(sql, values).await.map(drop)
}

pub(crate) fn keep_statement(names: &[OperatorName]) -> Statement {
    static KEEP: Sql = Sql::new(
        "INSERT INTO operator_name AS o (id, name, named_at) SELECT id, name, named_at \
         FROM {rows $1 r: id text, name text, named_at int} WHERE true \
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, named_at = excluded.named_at WHERE o.named_at <= excluded.named_at",
    );
    Statement::new(&KEEP, values![crate::rows(names)])
}

table! {
    /// Kind of an operator, if it was reported or set.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    pub struct KnownKind = columns!(operator_kind k) {
        /// The desk's ID.
        id: OperatorId,
        /// A person or a program.
        kind: OperatorKind,
        /// 1 if an admin set it.
        by_hand: i64,
        /// Time of the report.
        reported_at: Millis,
    }
}

/// The known kinds of these operators.
pub async fn kinds(db: &Db, ids: &[&OperatorId]) -> Result<HashMap<OperatorId, KnownKind>, StoreError> {
    let Statement { sql, values } = kinds_statement(ids);
    read_kinds(db.read(sql, values).await?)
}

/// As [`kinds`], in a transaction.
pub async fn load_kinds(tx: &mut Tx, ids: &[&OperatorId]) -> Result<HashMap<OperatorId, KnownKind>, StoreError> {
    let Statement { sql, values } = kinds_statement(ids);
    read_kinds(tx.fetch(sql, values).await?)
}

pub(crate) fn kinds_statement(ids: &[&OperatorId]) -> Statement {
    static KINDS: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM operator_kind k WHERE k.id {among $1}"));
    Statement::new(&KINDS, values![crate::names(ids)])
}

pub(crate) fn read_kinds(mut rows: Vec<Row>) -> Result<HashMap<OperatorId, KnownKind>, StoreError> {
    rows.iter_mut().map(|row| KnownKind::read(row).map(|known| (known.id.clone(), known))).collect()
}

/// Stores kinds, one for each operator. A kind set by an admin stays, unless an admin sets another.
pub async fn keep_kinds(tx: &mut Tx, kinds: &[KnownKind]) -> Result<(), StoreError> {
    if kinds.is_empty() {
        return Ok(());
    }
    let Statement { sql, values } = keep_kinds_statement(kinds);
    tx.execute(sql, values).await.map(drop)
}

pub(crate) fn keep_kinds_statement(kinds: &[KnownKind]) -> Statement {
    static KEEP: Sql = Sql::new(concat!(
        "INSERT INTO operator_kind AS o (id, kind, by_hand, reported_at) SELECT id, kind, by_hand, reported_at FROM ",
        columns!(rows),
        " WHERE true ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, by_hand = excluded.by_hand, reported_at = excluded.reported_at \
         WHERE o.by_hand <= excluded.by_hand"
    ));
    Statement::new(&KEEP, values![crate::rows(kinds)])
}

/// Deletes the kind that an admin set: the desk's reports count from then on.
pub async fn forget_kind(tx: &mut Tx, id: &OperatorId) -> Result<(), StoreError> {
    static FORGET: Sql = Sql::new("DELETE FROM operator_kind WHERE id = $1");
    tx.execute(&FORGET, values![id]).await.map(drop)
}
