//! Recipients of alerts: people, groups and rooms.

use crate::sql::table::table;
use crate::sql::{Sql, Statement};
use crate::{Db, Millis, Row, StoreError, Tx, values};
use lastword_base::names::{ConnectionId, DeliveryId, OperatorId};
use lastword_domain::alert::RecipientKind;
use serde::Serialize;
use std::collections::HashMap;

table! {
    /// A recipient of alerts.
    #[derive(Clone, Debug, Default, Serialize)]
    pub struct Recipient = columns!(recipient recipient) {
        /// Its ID.
        id: String,
        /// Its name.
        name: String,
        /// Kind: person, group or room.
        kind: RecipientKind,
        /// The connection through which a person is notified.
        connection: Option<ConnectionId>,
        /// The address there, as JSON.
        address: Option<String>,
        /// ID of the person as an operator of the desk.
        operator_id: Option<OperatorId>,
        /// The language of alerts.
        language: Option<String>,
        /// For a group: IDs of its members.
        #[serde(serialize_with = "crate::as_json")]
        members: Vec<String>,
        /// Storm control: GCRA state in microseconds.
        tat: i64,
        /// Time when it was created.
        created_at: Millis,
        /// Disabled since this time.
        disabled_at: Option<Millis>,
        /// Time when the last alert did not reach the recipient; `None` once one does.
        unreached_at: Option<Millis>,
        /// The reason, in the platform's words.
        unreached_why: Option<String>,
        /// For a room: its address, sealed.
        sealed: Option<String>,
        /// For a room: time when its service reported it as gone. It is disabled since then.
        gone_at: Option<Millis>,
        /// Time when admins were notified that it is gone.
        gone_notified_at: Option<Millis>,
    }
}

/// All recipients, by ID, inside a transaction, without locks. An organisation has at most a few hundred.
pub async fn all_in(tx: &mut Tx) -> Result<Vec<Recipient>, StoreError> {
    static ALL_IN: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM recipient ORDER BY id"));
    tx.fetch(&ALL_IN, vec![]).await?.iter_mut().map(Recipient::read).collect()
}

/// These recipients, by ID, locked until the end of the transaction, before their limits are used.
pub async fn hold(tx: &mut Tx, ids: &[&str]) -> Result<Vec<Recipient>, StoreError> {
    static HOLD: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM recipient WHERE id {among $1} ORDER BY id {lock}"));
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    tx.fetch(&HOLD, values![crate::ids(ids)]).await?.iter_mut().map(Recipient::read).collect()
}

/// All recipients, by ID.
pub async fn all(db: &Db) -> Result<Vec<Recipient>, StoreError> {
    static ALL: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM recipient ORDER BY id"));
    db.read(&ALL, vec![]).await?.iter_mut().map(Recipient::read).collect()
}

/// The names of these recipients.
pub(crate) fn names_statement(ids: &[&str]) -> Statement {
    static NAMES: Sql = Sql::new("SELECT t.id, t.name FROM recipient t WHERE t.id {among $1}");
    Statement::new(&NAMES, values![crate::ids(ids)])
}

pub(crate) fn read_names(mut rows: Vec<Row>) -> Result<HashMap<String, String>, StoreError> {
    rows.iter_mut().map(|row| Ok((row.text()?, row.text()?))).collect()
}

/// Stores a recipient. The state of its limit stays. If its address changes, it no longer counts as unreached.
///
/// # Errors
/// [`StoreError::Conflict`] if another recipient already has this operator.
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
         sealed = excluded.sealed, gone_at = excluded.gone_at, gone_notified_at = excluded.gone_notified_at"
    ));
    let values = values![crate::rows(std::slice::from_ref(recipient))];
    tx.execute(&SAVE, values).await.map(drop)
}

/// Stores the used limits of these recipients.
pub async fn used(tx: &mut Tx, recipients: &[&Recipient]) -> Result<(), StoreError> {
    static USED: Sql = Sql::new("UPDATE recipient SET tat = r.tat FROM {held recipient $1 r: id text, tat int} WHERE recipient.id = r.id");
    if recipients.is_empty() {
        return Ok(());
    }
    tx.execute(&USED, values![crate::rows(recipients)]).await.map(drop)
}

/// Disables the rooms that these messages were sent to, because they are gone. A room locked by another transaction is handled by its next
/// message.
pub async fn rooms_gone(tx: &mut Tx, connection: &ConnectionId, deliveries: &[DeliveryId], now: Millis) -> Result<(), StoreError> {
    static GONE: Sql = Sql::new(
        "UPDATE recipient SET disabled_at = COALESCE(disabled_at, $3), gone_at = $3, gone_notified_at = NULL, unreached_at = $3, \
         unreached_why = (SELECT d.detail FROM delivery d WHERE d.id {among $2} AND {chat d.address} = recipient.id ORDER BY d.id DESC LIMIT 1) \
         WHERE id IN (SELECT r.id FROM recipient r WHERE r.kind = 'room' AND r.gone_at IS NULL AND r.id IN \
         (SELECT {chat d.address} FROM delivery d WHERE d.id {among $2} AND d.connection = $1) ORDER BY r.id {lock skip})",
    );
    tx.execute(&GONE, values![connection, crate::ids(deliveries), now]).await.map(drop)
}

/// Records that admins are notified that a room is gone. Returns false if they already were.
pub async fn gone_told(tx: &mut Tx, id: &str, now: Millis) -> Result<bool, StoreError> {
    static TOLD: Sql =
        Sql::new("UPDATE recipient SET gone_notified_at = $2 WHERE id = $1 AND gone_at IS NOT NULL AND gone_notified_at IS NULL");
    Ok(tx.execute(&TOLD, values![id, now]).await? == 1)
}

/// The sealed address of each room, by ID.
pub async fn sealed(db: &Db) -> Result<Vec<(String, String)>, StoreError> {
    static SEALED: Sql = Sql::new("SELECT r.id, r.sealed FROM recipient r WHERE r.sealed IS NOT NULL ORDER BY r.id");
    db.read(&SEALED, vec![]).await?.iter_mut().map(|row| Ok((row.text()?, row.text()?))).collect()
}

/// Replaces the sealed address of a room, unless it was changed meanwhile.
pub async fn reseal(tx: &mut Tx, id: &str, before: &str, sealed: &str) -> Result<(), StoreError> {
    static RESEAL: Sql = Sql::new("UPDATE recipient SET sealed = $3 WHERE id = $1 AND sealed = $2");
    tx.execute(&RESEAL, values![id, before, sealed]).await.map(drop)
}

/// Deletes a recipient and its earlier addresses.
pub async fn delete(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    static EARLIER: Sql = Sql::new("DELETE FROM earlier_address WHERE subject = $1");
    static DELETE: Sql = Sql::new("DELETE FROM recipient WHERE id = $1");
    tx.execute(&EARLIER, values![id]).await?;
    tx.execute(&DELETE, values![id]).await.map(drop)
}
