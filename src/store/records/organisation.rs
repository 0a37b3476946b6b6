//! The organisation as clients see it, set by an admin. One row, or none.

use crate::sql::Sql;
use crate::values;
use crate::{Db, Millis, Row, StoreError, Tx};

/// The row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Organisation {
    /// Its name; empty for that of the settings.
    pub name: String,
    /// Its color; empty for ours.
    pub color: String,
    /// Media type of its logo; empty without one.
    pub logo_type: String,
    /// The logo, in base64.
    pub logo: String,
    /// Raised by each change; 0 if nothing was ever set.
    pub version: i64,
    /// Time of the last change.
    pub changed_at: Millis,
    /// Name of the admin.
    pub changed_by: String,
}

fn read(row: &mut Row) -> Result<Organisation, StoreError> {
    Ok(Organisation {
        name: row.text()?,
        color: row.text()?,
        logo_type: row.text()?,
        logo: row.text()?,
        version: row.int()?,
        changed_at: row.int()?,
        changed_by: row.text()?,
    })
}

/// Its version; 0 if nothing was ever set.
pub async fn version(db: &Db) -> Result<i64, StoreError> {
    static VERSION: Sql = Sql::new("SELECT version FROM organisation WHERE id = 1");
    db.read(&VERSION, vec![]).await?.first_mut().map_or(Ok(0), Row::int)
}

/// The row.
pub async fn load(db: &Db) -> Result<Organisation, StoreError> {
    static LOAD: Sql = Sql::new("SELECT name, color, logo_type, logo, version, changed_at, changed_by FROM organisation WHERE id = 1");
    db.read(&LOAD, vec![]).await?.first_mut().map_or(Ok(Organisation::default()), read)
}

/// The row, locked until the end of the transaction.
pub async fn hold(tx: &mut Tx) -> Result<Organisation, StoreError> {
    static HOLD: Sql =
        Sql::new("SELECT name, color, logo_type, logo, version, changed_at, changed_by FROM organisation WHERE id = 1 {lock}");
    tx.fetch(&HOLD, vec![]).await?.first_mut().map_or(Ok(Organisation::default()), read)
}

/// Writes the row, if the stored one has the version before. False if it was changed meanwhile.
pub async fn save(tx: &mut Tx, row: &Organisation) -> Result<bool, StoreError> {
    static SAVE: Sql = Sql::new(
        "INSERT INTO organisation (id, name, color, logo_type, logo, version, changed_at, changed_by) VALUES (1, $1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, color = excluded.color, logo_type = excluded.logo_type, \
         logo = excluded.logo, version = excluded.version, changed_at = excluded.changed_at, changed_by = excluded.changed_by \
         WHERE organisation.version = excluded.version - 1",
    );
    let Organisation { name, color, logo_type, logo, version, changed_at, changed_by } = row;
    let rows = tx.execute(&SAVE, values![name, color, logo_type, logo, *version, *changed_at, changed_by]).await?;
    Ok(rows == 1)
}
