//! Old technical rows: messages that ended long ago, and their attempts.

use crate::sql::Sql;
use crate::values;
use crate::{Row, StoreError, Tx, ids};
use lastword_base::names::DeliveryId;

/// Deletes at most `limit` ended messages with IDs below `before` (IDs sort by time), and their attempts. Messages of open rating requests
/// stay. Returns the number of messages.
pub async fn purge_deliveries(tx: &mut Tx, before: DeliveryId, limit: i64) -> Result<u64, StoreError> {
    static OLD: Sql = Sql::new(
        "SELECT d.id FROM delivery d WHERE d.id < $1 AND d.state NOT IN ('scheduled', 'leased', 'sending') AND d.resend_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM rating_request q WHERE q.id = COALESCE(d.subject, d.id) AND q.outcome IS NULL) \
         ORDER BY d.id LIMIT $2 {lock skip OF d}",
    );
    static TRIES: Sql = Sql::new("DELETE FROM attempt WHERE delivery_id {among $1}");
    static DELIVERIES: Sql = Sql::new("DELETE FROM delivery WHERE id {among $1}");
    let mut rows = tx.fetch(&OLD, values![before, limit]).await?;
    let old = rows.iter_mut().map(Row::id).collect::<Result<Vec<DeliveryId>, _>>()?;
    if old.is_empty() {
        return Ok(0);
    }
    tx.execute(&TRIES, values![ids(&old)]).await?;
    tx.execute(&DELIVERIES, values![ids(&old)]).await
}
