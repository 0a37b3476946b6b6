//! Recipients of alerts: people and groups.

use crate::sql::{Sql, Statement};
use crate::table::table;
use crate::values;
use crate::{Db, Millis, Row, StoreError, Tx};
use lastword_domain::alert::RecipientKind;
use serde::Serialize;
use std::collections::HashMap;

table! {
    /// A person or group that gets alerts.
    #[derive(Clone, Debug, Default, Serialize)]
    pub struct Recipient = columns!(recipient recipient) {
        /// Its id.
        id: String,
        /// Its name.
        name: String,
        /// Whether it is a person or a group.
        kind: RecipientKind,
        /// Through which connection a person is told.
        connection: Option<String>,
        /// Where, as JSON.
        address: Option<String>,
        /// The desk's operator this person is.
        operator_id: Option<String>,
        /// The language of alerts.
        language: Option<String>,
        /// Of a group: ids of recipients.
        #[serde(serialize_with = "crate::as_json")]
        members: Vec<String>,
        /// Storm control: GCRA state in microseconds.
        tat: i64,
        /// When it was made.
        created_at: Millis,
        /// Switched off, since then.
        disabled_at: Option<Millis>,
        /// When the last alert did not reach them; none once one does.
        unreached_at: Option<Millis>,
        /// Why, in the platform's words.
        unreached_why: Option<String>,
        /// Of a room: what leads to it, sealed.
        sealed: Option<String>,
        /// Of a room: when its service said that it is no longer there. It is disabled since then.
        gone_at: Option<Millis>,
        /// When admins were told that it is gone.
        gone_told_at: Option<Millis>,
    }
}

/// All recipients, by id, inside a transaction, without holding them. An organisation has at most a few hundred.
pub async fn all_in(tx: &mut Tx) -> Result<Vec<Recipient>, StoreError> {
    static ALL_IN: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM recipient ORDER BY id"));
    tx.fetch(&ALL_IN, vec![]).await?.iter_mut().map(Recipient::read).collect()
}

/// These recipients, by id, held until the end of the transaction: their limits are about to be used.
pub async fn hold(tx: &mut Tx, ids: &[&str]) -> Result<Vec<Recipient>, StoreError> {
    static HOLD: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM recipient WHERE id {among $1} ORDER BY id {lock}"));
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    tx.fetch(&HOLD, values![crate::ids(ids)]).await?.iter_mut().map(Recipient::read).collect()
}

/// All recipients, by id.
pub async fn all(db: &Db) -> Result<Vec<Recipient>, StoreError> {
    static ALL: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM recipient ORDER BY id"));
    db.read(&ALL, vec![]).await?.iter_mut().map(Recipient::read).collect()
}

/// What these recipients are called.
pub(crate) fn names_statement(ids: &[&str]) -> Statement {
    static NAMES: Sql = Sql::new("SELECT t.id, t.name FROM recipient t WHERE t.id {among $1}");
    Statement::new(&NAMES, values![crate::ids(ids)])
}

pub(crate) fn read_names(mut rows: Vec<Row>) -> Result<HashMap<String, String>, StoreError> {
    rows.iter_mut().map(|row| Ok((row.text()?, row.text()?))).collect()
}

/// Writes a recipient. The limit's state stays; at another address, whoever was not reached may be again.
///
/// # Errors
/// [`StoreError::Conflict`] when another recipient is this operator already.
pub async fn save(tx: &mut Tx, recipient: &Recipient) -> Result<(), StoreError> {
    static SAVE: Sql = Sql::new(concat!(
        columns!(insert),
        " WHERE true ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, \
         connection = excluded.connection, address = excluded.address, operator_id = excluded.operator_id, language = excluded.language, \
         members = excluded.members, disabled_at = excluded.disabled_at, \
         unreached_at = CASE WHEN recipient.address = excluded.address AND recipient.connection = excluded.connection \
             AND COALESCE(recipient.sealed, '') = COALESCE(excluded.sealed, '') THEN recipient.unreached_at END, \
         unreached_why = CASE WHEN recipient.address = excluded.address AND recipient.connection = excluded.connection \
             AND COALESCE(recipient.sealed, '') = COALESCE(excluded.sealed, '') THEN recipient.unreached_why END, \
         sealed = excluded.sealed, gone_at = excluded.gone_at, gone_told_at = excluded.gone_told_at"
    ));
    let values = values![crate::rows(std::slice::from_ref(recipient))];
    tx.execute(&SAVE, values).await.map(drop)
}

/// Keeps what alerts used up of the limits of these recipients.
pub async fn used(tx: &mut Tx, recipients: &[&Recipient]) -> Result<(), StoreError> {
    static USED: Sql = Sql::new("UPDATE recipient SET tat = r.tat FROM {held recipient $1 r: id text, tat int} WHERE recipient.id = r.id");
    if recipients.is_empty() {
        return Ok(());
    }
    tx.execute(&USED, values![crate::rows(recipients)]).await.map(drop)
}

/// The rooms to which these messages were sent are gone: nothing is sent to them any more. A room that another transaction holds is
/// found gone by the next message.
pub async fn rooms_gone(tx: &mut Tx, connection: &str, deliveries: &[&str], now: Millis) -> Result<(), StoreError> {
    static GONE: Sql = Sql::new(
        "UPDATE recipient SET disabled_at = COALESCE(disabled_at, $3), gone_at = $3, gone_told_at = NULL, unreached_at = $3, \
         unreached_why = (SELECT d.detail FROM delivery d WHERE d.id {among $2} AND {chat d.address} = recipient.id ORDER BY d.id DESC LIMIT 1) \
         WHERE id IN (SELECT r.id FROM recipient r WHERE r.kind = 'room' AND r.gone_at IS NULL AND r.id IN \
         (SELECT {chat d.address} FROM delivery d WHERE d.id {among $2} AND d.connection = $1) ORDER BY r.id {lock skip})",
    );
    tx.execute(&GONE, values![connection, crate::ids(deliveries), now]).await.map(drop)
}

/// Admins are told that a room is gone. Gives whether nobody told them before.
pub async fn gone_told(tx: &mut Tx, id: &str, now: Millis) -> Result<bool, StoreError> {
    static TOLD: Sql = Sql::new("UPDATE recipient SET gone_told_at = $2 WHERE id = $1 AND gone_at IS NOT NULL AND gone_told_at IS NULL");
    Ok(tx.execute(&TOLD, values![id, now]).await? == 1)
}

/// What leads to each room, sealed, by its id.
pub async fn sealed(db: &Db) -> Result<Vec<(String, String)>, StoreError> {
    static SEALED: Sql = Sql::new("SELECT r.id, r.sealed FROM recipient r WHERE r.sealed IS NOT NULL ORDER BY r.id");
    db.read(&SEALED, vec![]).await?.iter_mut().map(|row| Ok((row.text()?, row.text()?))).collect()
}

/// Seals anew what leads to a room, unless it was replaced since.
pub async fn reseal(tx: &mut Tx, id: &str, before: &str, sealed: &str) -> Result<(), StoreError> {
    static RESEAL: Sql = Sql::new("UPDATE recipient SET sealed = $3 WHERE id = $1 AND sealed = $2");
    tx.execute(&RESEAL, values![id, before, sealed]).await.map(drop)
}

/// Deletes a recipient, and where it was told before.
pub async fn delete(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    static EARLIER: Sql = Sql::new("DELETE FROM earlier_address WHERE subject = $1");
    static DELETE: Sql = Sql::new("DELETE FROM recipient WHERE id = $1");
    tx.execute(&EARLIER, values![id]).await?;
    tx.execute(&DELETE, values![id]).await.map(drop)
}
