//! Closes about which the client could not be asked because no address was known.

use crate::sql::Sql;
use crate::values;
use crate::{Db, Millis, StoreError};
use lastword_base::names::RequestId;

/// For each source, the number of closes since `since` without a known address of the client, and the number of all closes. Sources
/// without such a close are omitted.
pub async fn without_address(db: &Db, since: Millis) -> Result<Vec<(String, i64, i64)>, StoreError> {
    // The ID of a close begins with its time.
    static COUNT: Sql = Sql::new(
        "SELECT t.source, sum(t.missed), count(*) FROM (SELECT q.source, CASE WHEN q.outcome = 'not_asked' AND q.reason = 'no_client' THEN 1 ELSE 0 END \
         AS missed FROM rating_request q WHERE q.id >= $1) AS t GROUP BY t.source HAVING sum(t.missed) > 0 ORDER BY t.source",
    );
    let mut rows = db.read(&COUNT, values![RequestId::first_of(since)]).await?;
    rows.iter_mut().map(|row| Ok((row.text()?, row.int()?, row.int()?))).collect()
}
