//! Last visits of people to the pages.

use crate::sql::Sql;
use crate::values;
use crate::{Db, Millis, Row, StoreError, Tx};
use lastword_base::names::AccountId;

/// Records a visit: it continues the last one, or after a pause of `pause` it is a new one.
pub async fn seen(tx: &mut Tx, account: AccountId, now: Millis, pause: Millis) -> Result<(), StoreError> {
    static SEEN: Sql = Sql::new(
        "INSERT INTO account_visit (account_id, last_at, before_at) VALUES ($1, $2, NULL) ON CONFLICT (account_id) DO UPDATE SET \
         before_at = CASE WHEN account_visit.last_at < $3 THEN account_visit.last_at ELSE account_visit.before_at END, \
         last_at = excluded.last_at",
    );
    tx.execute(&SEEN, values![account, now, now - pause]).await.map(drop)
}

/// End of the previous visit; `None` if this is the first.
pub async fn before(db: &Db, account: AccountId) -> Result<Option<Millis>, StoreError> {
    static BEFORE: Sql = Sql::new("SELECT v.before_at FROM account_visit v WHERE v.account_id = $1");
    db.read(&BEFORE, values![account]).await?.first_mut().map_or(Ok(None), Row::int_or_null)
}
