//! Results of the messages that carry alerts: sent, or undeliverable.

use crate::alert::{self, Alert};
use crate::sql::Sql;
use crate::values;
use crate::{Db, Millis, Row, StoreError, Tx};
use lastword_base::names::{AlertId, DeliveryId};

/// Records that the platform accepted these messages at `now`. The time to acknowledge their alerts starts then.
pub async fn told(tx: &mut Tx, deliveries: &[DeliveryId], now: Millis) -> Result<(), StoreError> {
    static TOLD: Sql = Sql::new(
        "UPDATE alert SET state = CASE WHEN state <> 'undeliverable' THEN state \
             WHEN EXISTS (SELECT 1 FROM delivery d WHERE d.id = alert.delivery_id AND d.kind = 'digest') THEN 'digested' ELSE 'raised' END, \
         reason = CASE WHEN state = 'undeliverable' THEN NULL ELSE reason END, \
         escalate_at = CASE WHEN escalate_at IS NOT NULL AND sent_at IS NULL THEN $2 + escalate_after \
             ELSE escalate_at END, \
         sent_at = COALESCE(sent_at, $2) WHERE delivery_id {among $1} AND state <> 'canceled'",
    );
    static REACHED: Sql = Sql::new(
        "UPDATE recipient SET unreached_at = NULL, unreached_why = NULL WHERE unreached_at IS NOT NULL \
         AND id IN (SELECT a.recipient_id FROM alert a WHERE a.delivery_id {among $1})",
    );
    if deliveries.is_empty() {
        return Ok(());
    }
    tx.execute(&TOLD, values![crate::ids(deliveries), now]).await?;
    tx.execute(&REACHED, values![crate::ids(deliveries)]).await.map(drop)
}

/// Marks the alerts of these messages as undeliverable if they were not sent or the result stays unknown, and notes the reason on them and
/// on their recipients until these are reached again. Returns the alerts. Excludes messages with an unknown result that will be sent again.
pub async fn not_told(tx: &mut Tx, deliveries: &[DeliveryId], now: Millis) -> Result<Vec<Alert>, StoreError> {
    const OVER: &str = "d.state IN ('failed', 'dead', 'undeliverable', 'skipped') OR (d.state = 'unknown' AND d.resend_at IS NULL)";
    static NOT_TOLD: Sql = Sql::made(|| {
        format!(
            "UPDATE alert SET state = 'undeliverable', escalate_at = NULL, \
             reason = (SELECT COALESCE(d.reason, d.state) FROM delivery d WHERE d.id = alert.delivery_id) \
             WHERE delivery_id IN (SELECT d.id FROM delivery d WHERE d.id {{among $1}} AND ({OVER})) AND state IN ('raised', 'digested') \
             RETURNING id"
        )
    });
    static UNREACHED: Sql = Sql::new(
        "UPDATE recipient SET unreached_at = $2, unreached_why = (SELECT COALESCE(d.detail, d.reason, d.state) FROM alert a \
             JOIN delivery d ON d.id = a.delivery_id WHERE a.recipient_id = recipient.id AND a.id {among $1} ORDER BY a.id DESC LIMIT 1) \
         WHERE id IN (SELECT a.recipient_id FROM alert a WHERE a.id {among $1})",
    );
    if deliveries.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows = tx.fetch(&NOT_TOLD, values![crate::ids(deliveries)]).await?;
    let ids: Vec<AlertId> = rows.iter_mut().map(Row::id).collect::<Result<_, _>>()?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    tx.execute(&UNREACHED, values![crate::ids(&ids), now]).await?;
    alert::these(tx, &ids).await
}

/// Updates the alerts of a message that a person canceled or sends again.
pub async fn by_hand(tx: &mut Tx, delivery: DeliveryId, again: bool) -> Result<(), StoreError> {
    static AGAIN: Sql = Sql::new(
        "UPDATE alert SET reason = NULL, \
         state = CASE WHEN EXISTS (SELECT 1 FROM delivery d WHERE d.id = $1 AND d.kind = 'digest') THEN 'digested' ELSE 'raised' END \
         WHERE delivery_id = $1 AND state = 'undeliverable'",
    );
    if !again {
        return alert::taken_back(tx, &[delivery], "by_hand").await.map(drop);
    }
    tx.execute(&AGAIN, values![delivery]).await.map(drop)
}

/// Number of low ratings, alerted since `since`, that reached no recipient and are not handled yet.
pub async fn lost(db: &Db, since: Millis) -> Result<i64, StoreError> {
    static LOST: Sql = Sql::new(
        "SELECT count(DISTINCT a.request_id) FROM alert a JOIN rating t ON t.request_id = a.request_id \
         WHERE a.state = 'undeliverable' AND a.kind = 'low' AND a.created_at > $1 AND t.low = 1 AND t.done_at IS NULL \
         AND t.voided_at IS NULL AND NOT EXISTS (SELECT 1 FROM alert o WHERE o.request_id = a.request_id AND o.kind = 'low' \
             AND o.state IN ('raised', 'digested') AND COALESCE(o.reason, '') <> 'score_changed')",
    );
    db.read(&LOST, values![since]).await?.first_mut().map_or(Ok(0), Row::int)
}

/// Number of messages with alerts for this recipient that were not sent yet.
pub async fn under_way(tx: &mut Tx, recipient: &str) -> Result<i64, StoreError> {
    static UNDER_WAY: Sql = Sql::new(
        "SELECT count(DISTINCT d.id) FROM alert a JOIN delivery d ON d.id = a.delivery_id \
         WHERE a.recipient_id = $1 AND a.state IN ('raised', 'digested') AND d.state IN ('scheduled', 'leased', 'sending')",
    );
    tx.fetch(&UNDER_WAY, values![recipient]).await?.first_mut().map_or(Ok(0), Row::int)
}
