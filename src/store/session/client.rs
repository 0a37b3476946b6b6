//! Clients, stored only to limit how often they are asked.

use crate::sql::table::table;
use crate::sql::{Sql, Statement};
use crate::{Db, Millis, Row, StoreError, Tx, values};
use lastword_base::names::ClientId;
use serde::Serialize;
use std::collections::HashMap;

table! {
    /// A client.
    #[derive(Clone, Debug, Default, Serialize)]
    pub struct Client = columns!(client c) {
        /// The desk's ID of the person, or connection and chat.
        id: ClientId,
        /// For connection and chat: the desk's ID of the person there, once a close contained both.
        same_as: Option<ClientId>,
        /// Earliest time of the next question.
        next_ask_at: Millis,
        /// Incremented with each write; 0 for a client that is not stored yet.
        revision: i64,
        /// Time of the last write.
        updated_at: Millis,
    }
}

/// The stored clients with these IDs, and the clients that they are linked with, locked until the end of the transaction. A moved
/// conversation leads to its successor, and that one to the desk's ID: at most two steps ([`super::address_move::move_client`]).
pub async fn load(tx: &mut Tx, ids: &[&ClientId]) -> Result<HashMap<ClientId, Client>, StoreError> {
    let Statement { sql, values } = load_statement(ids);
    read_all(tx.fetch(sql, values).await?)
}

pub(crate) fn load_statement(ids: &[&ClientId]) -> Statement {
    static LOAD: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM client c WHERE c.id IN (SELECT r.id FROM {rows $1 r: id text} UNION SELECT o.same_as FROM {rows $1 r: id text} \
         JOIN client o ON o.id = r.id WHERE o.same_as IS NOT NULL UNION SELECT p.same_as FROM {rows $1 r: id text} \
         JOIN client o ON o.id = r.id JOIN client p ON p.id = o.same_as WHERE p.same_as IS NOT NULL) ORDER BY c.id {lock}"
    ));
    Statement::new(&LOAD, values![crate::names(ids)])
}

pub(crate) fn read_all(rows: Vec<Row>) -> Result<HashMap<ClientId, Client>, StoreError> {
    rows.into_iter().map(|mut row| Client::read(&mut row).map(|client| (client.id.clone(), client))).collect()
}

/// Earliest time of the next question to a client, if it is stored.
pub async fn next_ask_at(db: &Db, client: &ClientId) -> Result<Option<Millis>, StoreError> {
    static NEXT: Sql = Sql::new("SELECT c.next_ask_at FROM client c WHERE c.id = $1");
    db.read(&NEXT, values![client]).await?.first_mut().map(Row::int).transpose()
}

/// All names under which a client is stored: their own, and the linked conversations. This scans all clients, which is acceptable
/// for the few erasures: an index would cost each new conversation an entry.
pub async fn names(db: &Db, client: &ClientId) -> Result<Vec<ClientId>, StoreError> {
    static NAMES: Sql = Sql::new(
        "SELECT c.id FROM client c WHERE c.id = $1 OR c.same_as = $1 \
         OR c.same_as IN (SELECT o.id FROM client o WHERE o.same_as = $1) ORDER BY c.id",
    );
    db.read(&NAMES, values![client]).await?.iter_mut().map(Row::name).collect()
}

/// Writes `clients`, each with a revision one higher than the one read.
///
/// # Errors
/// [`StoreError::Conflict`] if one was written at the same time.
pub async fn save(tx: &mut Tx, clients: &[Client]) -> Result<(), StoreError> {
    for (Statement { sql, values }, count) in save_statements(clients) {
        crate::expect_all(tx.execute(sql, values).await?, count)?;
    }
    Ok(())
}

/// The statements that write clients, with the expected number of rows of each.
pub(crate) fn save_statements(clients: &[Client]) -> Vec<(Statement, usize)> {
    static ADD: Sql = Sql::new(columns!(insert));
    static CHANGE: Sql = Sql::new(concat!(
        "UPDATE client SET next_ask_at = r.next_ask_at, same_as = r.same_as, revision = r.revision, updated_at = r.updated_at FROM ",
        columns!(rows),
        " WHERE client.id = r.id AND client.revision = r.revision - 1"
    ));
    crate::by_novelty(clients, |client| client.revision == 1, &ADD, &CHANGE)
}
