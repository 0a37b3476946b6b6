//! Recipients of alerts: people and groups.

use crate::store::sql::Sql;
use crate::store::{Db, Millis, Row, StoreError, Tx};
use crate::values;

/// The columns of a whole row, in the order in which it is read.
macro_rules! columns {
    () => {
        "id, name, kind, connection, address, operator_id, language, members, tat, created_at, disabled_at, unreached_at, unreached_why"
    };
}

/// A person or group that gets alerts.
#[derive(Clone, Debug, Default)]
pub struct Recipient {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `person` or `group`.
    pub kind: String,
    /// Through which connection a person is told.
    pub connection: Option<String>,
    /// Where, as JSON.
    pub address: Option<String>,
    /// The desk's operator this person is.
    pub operator_id: Option<String>,
    /// The language of alerts.
    pub language: Option<String>,
    /// Of a group: ids of recipients.
    pub members: Vec<String>,
    /// Storm control: GCRA state in microseconds.
    pub tat: i64,
    /// When it was made.
    pub created_at: Millis,
    /// Switched off, since then.
    pub disabled_at: Option<Millis>,
    /// When the last alert did not reach them; none once one does.
    pub unreached_at: Option<Millis>,
    /// Why, in the platform's words.
    pub unreached_why: Option<String>,
}

fn read(row: &mut Row) -> Result<Recipient, StoreError> {
    Ok(Recipient {
        id: row.text()?,
        name: row.text()?,
        kind: row.text()?,
        connection: row.text_or_null()?,
        address: row.text_or_null()?,
        operator_id: row.text_or_null()?,
        language: row.text_or_null()?,
        members: crate::store::document("recipient", "members", &row.text()?)?,
        tat: row.int()?,
        created_at: row.int()?,
        disabled_at: row.int_or_null()?,
        unreached_at: row.int_or_null()?,
        unreached_why: row.text_or_null()?,
    })
}

/// All recipients, by id, held until the end of the transaction: their limits are about to be used. There are at most
/// a few hundred in an organisation.
///
/// # Errors
/// The database's error.
pub async fn hold_all(tx: &mut Tx) -> Result<Vec<Recipient>, StoreError> {
    static HOLD: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM recipient ORDER BY id {lock}"));
    tx.fetch(&HOLD, vec![]).await?.iter_mut().map(read).collect()
}

/// All recipients, by id.
///
/// # Errors
/// The database's error.
pub async fn all(db: &Db) -> Result<Vec<Recipient>, StoreError> {
    static ALL: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM recipient ORDER BY id"));
    db.read(&ALL, vec![]).await?.iter_mut().map(read).collect()
}

/// Writes a recipient. The limit's state stays; at another address, whoever was not reached may be again.
///
/// # Errors
/// [`StoreError::Conflict`] when another recipient is this operator already.
pub async fn save(tx: &mut Tx, recipient: &Recipient) -> Result<(), StoreError> {
    static SAVE: Sql = Sql::new(
        "INSERT INTO recipient (id, name, kind, connection, address, operator_id, language, members, created_at, disabled_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, \
         connection = excluded.connection, address = excluded.address, operator_id = excluded.operator_id, language = excluded.language, \
         members = excluded.members, disabled_at = excluded.disabled_at, \
         unreached_at = CASE WHEN recipient.address = excluded.address AND recipient.connection = excluded.connection \
             THEN recipient.unreached_at END, \
         unreached_why = CASE WHEN recipient.address = excluded.address AND recipient.connection = excluded.connection \
             THEN recipient.unreached_why END",
    );
    let values = values![
        &recipient.id,
        &recipient.name,
        &recipient.kind,
        recipient.connection.as_deref(),
        recipient.address.as_deref(),
        recipient.operator_id.as_deref(),
        recipient.language.as_deref(),
        crate::store::json(&recipient.members),
        recipient.created_at,
        recipient.disabled_at
    ];
    tx.execute(&SAVE, values).await.map(drop)
}

/// Keeps what alerts used up of a recipient's limit.
///
/// # Errors
/// The database's error.
pub async fn used(tx: &mut Tx, id: &str, tat: i64) -> Result<(), StoreError> {
    static USED: Sql = Sql::new("UPDATE recipient SET tat = $2 WHERE id = $1");
    tx.execute(&USED, values![id, tat]).await.map(drop)
}

/// Deletes a recipient, and where it was told before.
///
/// # Errors
/// The database's error.
pub async fn delete(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    static EARLIER: Sql = Sql::new("DELETE FROM earlier_address WHERE subject = $1");
    static DELETE: Sql = Sql::new("DELETE FROM recipient WHERE id = $1");
    tx.execute(&EARLIER, values![id]).await?;
    tx.execute(&DELETE, values![id]).await.map(drop)
}
