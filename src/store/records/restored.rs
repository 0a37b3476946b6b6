//! Messages waiting in a copied database, which the original may have sent since.

use crate::question::delivery::{self, Delivery};
use crate::question::ending::{self, Ended};
use crate::sql::Sql;
use crate::{Millis, Row, StoreError, Tx, values};
use lastword_base::names::{ConnectionId, DeliveryId};

/// Up to `limit` deliveries that were due, or had been tried, before `at`; including those that a node held when the copy was made.
pub async fn due(tx: &mut Tx, at: Millis, limit: i64) -> Result<Vec<Delivery>, StoreError> {
    static DUE: Sql = Sql::new(
        "SELECT due.id FROM (\
           SELECT d.id FROM delivery d WHERE d.connection IN (SELECT c.name FROM connection c) AND d.state = 'scheduled' AND d.due_at < $1 \
           UNION ALL SELECT d.id FROM delivery d WHERE d.connection IN (SELECT c.name FROM connection c) AND d.state = 'scheduled' \
             AND d.due_at >= $1 AND d.intent_at < $1 \
           UNION ALL SELECT d.id FROM delivery d WHERE d.lease_until IS NOT NULL AND d.due_at < $1) AS due ORDER BY due.id LIMIT $2",
    );
    let ids: Vec<DeliveryId> = tx.fetch(&DUE, values![at, limit]).await?.iter_mut().map(Row::id).collect::<Result<_, _>>()?;
    delivery::these_in(tx, &ids).await
}

/// Cancels these deliveries, which the transaction has locked. Those that may have been sent become unknown instead.
pub async fn cancel(tx: &mut Tx, due: &[DeliveryId], reason: &str, now: Millis) -> Result<Vec<Ended>, StoreError> {
    static CANCEL: Sql = Sql::new(
        "UPDATE delivery SET reason = $2, ended_at = $3, lease_until = NULL, owner = NULL, resend_at = NULL, \
         state = CASE WHEN delivery.state = 'sending' OR (delivery.resends > 0 AND delivery.intent_at IS NOT NULL AND delivery.kind <> 'settle') \
             THEN 'unknown' ELSE 'canceled' END \
         WHERE delivery.id {among $1} AND delivery.state IN ('scheduled', 'leased', 'sending') \
         RETURNING delivery.id, delivery.kind, delivery.subject, delivery.state, delivery.reason",
    );
    tx.fetch(&CANCEL, values![crate::ids(due), reason, now]).await?.iter_mut().map(ending::read).collect()
}

/// Prevents resends of deliveries that may have been sent before `at`: they stay unknown.
pub async fn resend_no_more(tx: &mut Tx, at: Millis) -> Result<u64, StoreError> {
    static NO_MORE: Sql = Sql::new(
        "WITH pick AS MATERIALIZED (SELECT id FROM delivery WHERE state = 'unknown' AND resend_at IS NOT NULL \
         AND (due_at < $1 OR intent_at < $1) ORDER BY id {lock}) \
         UPDATE delivery SET resend_at = NULL FROM pick WHERE delivery.id = pick.id",
    );
    tx.execute(&NO_MORE, values![at]).await
}

/// Drops requests received before `at` that waited for the desks behind connections. Returns their number.
pub async fn drop_for_desks(tx: &mut Tx, at: Millis, now: Millis) -> Result<u64, StoreError> {
    static DESKS: Sql = Sql::new("SELECT connection FROM pass_on_desk ORDER BY connection {lock}");
    // Numbers have no gaps, and requests are only removed at the head.
    static DROP: Sql = Sql::new(
        "DELETE FROM pass_on WHERE connection = $1 \
         AND seq < COALESCE((SELECT min(y.seq) FROM pass_on y WHERE y.connection = $1 AND y.received_at >= $2), 9223372036854775807)",
    );
    static COUNT: Sql = Sql::new(
        "UPDATE pass_on_desk SET dropped = dropped + $2, dropped_at = $3, failures = 0, next_try_at = 0, owner = NULL, lease_until = NULL, \
         token = token + 1 WHERE connection = $1",
    );
    let mut all = 0;
    for row in &mut tx.fetch(&DESKS, vec![]).await? {
        let connection: ConnectionId = row.name()?;
        let dropped = tx.execute(&DROP, values![&connection, at]).await?;
        if dropped > 0 {
            tx.execute(&COUNT, values![&connection, i64::try_from(dropped).unwrap_or(i64::MAX), now]).await?;
        }
        all += dropped;
    }
    Ok(all)
}
