//! Clients, only to ask them not too often.

use crate::store::sql::{Sql, Statement};
use crate::store::{Millis, Row, StoreError, Tx};
use crate::values;
use serde::Serialize;
use std::collections::HashMap;

/// What is kept of a client.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Client {
    /// The desk's id of the person, or connection and chat.
    pub id: String,
    /// Of connection and chat: the desk's id of the person there, once a close has told both.
    pub same_as: Option<String>,
    /// May be asked again from this time on.
    pub next_ask_at: Millis,
    /// The fence: one more with each write; 0 for a client not kept yet.
    pub revision: i64,
    /// Last written.
    pub updated_at: Millis,
}

/// The clients with these ids that are known.
///
/// # Errors
/// The database's error.
pub async fn load(tx: &mut Tx, ids: &[&str]) -> Result<HashMap<String, Client>, StoreError> {
    let Statement { sql, values } = load_statement(ids);
    read_all(tx.fetch(sql, values).await?)
}

pub(super) fn load_statement(ids: &[&str]) -> Statement {
    static LOAD: Sql = Sql::new(
        "SELECT c.id, c.next_ask_at, c.revision, c.same_as, c.updated_at FROM client c \
         WHERE c.id {among $1} ORDER BY c.id {lock}",
    );
    Statement::new(&LOAD, values![crate::store::ids(ids)])
}

pub(super) fn read_all(rows: Vec<Row>) -> Result<HashMap<String, Client>, StoreError> {
    let mut clients = HashMap::new();
    for mut row in rows {
        let id = row.text()?;
        let client =
            Client { id: id.clone(), next_ask_at: row.int()?, revision: row.int()?, same_as: row.text_or_null()?, updated_at: row.int()? };
        clients.insert(id, client);
    }
    Ok(clients)
}

/// Writes `clients`, each with a revision one higher than what was loaded.
///
/// # Errors
/// [`StoreError::Conflict`] when one was written at the same moment.
pub async fn save(tx: &mut Tx, clients: &[Client]) -> Result<(), StoreError> {
    for (Statement { sql, values }, count) in save_statements(clients) {
        crate::store::expect_all(tx.execute(sql, values).await?, count)?;
    }
    Ok(())
}

/// How clients are written, with how many rows each statement has to touch.
pub(super) fn save_statements(clients: &[Client]) -> Vec<(Statement, usize)> {
    static ADD: Sql = Sql::new(
        "INSERT INTO client (id, next_ask_at, same_as, revision, updated_at) \
         SELECT id, next_ask_at, same_as, revision, updated_at \
         FROM {rows $1 r: id text, next_ask_at int, same_as text, revision int, updated_at int}",
    );
    static CHANGE: Sql = Sql::new(
        "UPDATE client SET next_ask_at = r.next_ask_at, same_as = r.same_as, revision = r.revision, \
         updated_at = r.updated_at \
         FROM {rows $1 r: id text, next_ask_at int, same_as text, revision int, updated_at int} \
         WHERE client.id = r.id AND client.revision = r.revision - 1",
    );
    crate::store::by_novelty(clients, |client| client.revision == 1, &ADD, &CHANGE)
}
