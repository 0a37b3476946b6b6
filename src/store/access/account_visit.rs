//! When somebody was last at work on the pages.

use crate::sql::Sql;
use crate::values;
use crate::{Db, Millis, Row, StoreError, Tx};

/// Somebody looks at what happened: a visit that goes on, or after a pause of `pause` a new one.
///
/// # Errors
/// The database's error.
pub async fn seen(tx: &mut Tx, account: &str, now: Millis, pause: Millis) -> Result<(), StoreError> {
    static SEEN: Sql = Sql::new(
        "INSERT INTO account_visit (account_id, last_at, before_at) VALUES ($1, $2, NULL) ON CONFLICT (account_id) DO UPDATE SET \
         before_at = CASE WHEN account_visit.last_at < $3 THEN account_visit.last_at ELSE account_visit.before_at END, \
         last_at = excluded.last_at",
    );
    tx.execute(&SEEN, values![account, now, now - pause]).await.map(drop)
}

/// When the visit before this one ended; none where it is the first.
///
/// # Errors
/// The database's error.
pub async fn before(db: &Db, account: &str) -> Result<Option<Millis>, StoreError> {
    static BEFORE: Sql = Sql::new("SELECT v.before_at FROM account_visit v WHERE v.account_id = $1");
    db.read(&BEFORE, values![account]).await?.first_mut().map_or(Ok(None), Row::int_or_null)
}
