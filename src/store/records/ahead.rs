//! Times that were written by a clock which was ahead. Where a row says when it was written, and that is still to come, what
//! it plans is moved back by as much.

use crate::sql::Sql;
use crate::values;
use crate::{Db, Millis, Row, StoreError, Tx};

/// Clocks that differ by no more agree.
const AGREE_WITHIN: Millis = 2_000;

/// The newest time that work of the queue has written, of what is still to be done.
///
/// # Errors
/// The database's error.
pub async fn newest(db: &Db) -> Result<Option<Millis>, StoreError> {
    static NEWEST: Sql = Sql::new(
        "SELECT max(t.at) FROM (SELECT max(last_served_at) AS at FROM connection UNION ALL SELECT max(seen_at) FROM connection \
         UNION ALL SELECT max(created_at) FROM delivery WHERE state = 'scheduled') AS t",
    );
    db.read(&NEWEST, vec![]).await?.first_mut().map_or(Ok(None), Row::int_or_null)
}

/// Moves back what a clock planned that was ahead of `now`: pauses and places of connections, deliveries and their tries,
/// escalations, when clients may be asked again, leases that are longer than `lease`. Gives how many rows it moved.
///
/// # Errors
/// The database's error.
pub async fn bring_back(tx: &mut Tx, now: Millis, lease: Millis) -> Result<u64, StoreError> {
    static CONNECTIONS: Sql = Sql::new(
        "UPDATE connection SET last_served_at = {least}(last_served_at, $1), seen_at = {least}(seen_at, $1), \
         blocked_until = CASE WHEN blocked_at > $2 THEN blocked_until - (blocked_at - $1) ELSE blocked_until END, \
         blocked_at = {least}(blocked_at, $1), \
         probe_at = CASE WHEN failing_since IS NULL THEN NULL ELSE {least}(probe_at, $1) END, \
         failing_since = CASE WHEN failing_since IS NULL THEN NULL ELSE {least}(failing_since, $1) END \
         WHERE last_served_at > $2 OR seen_at > $2 OR blocked_at > $2 OR failing_since > $2",
    );
    static MADE: Sql = Sql::new(
        "UPDATE delivery SET due_at = {greatest}(due_at - (created_at - $1), $1), created_at = $1 \
         WHERE state IN ('scheduled', 'leased') AND created_at > $2 AND intent_at IS NULL",
    );
    static TRIED: Sql = Sql::new(
        "UPDATE delivery SET due_at = {greatest}(due_at - (intent_at - $1), $1), intent_at = $1, created_at = {least}(created_at, $1) \
         WHERE state = 'scheduled' AND intent_at > $2",
    );
    static HELD: Sql = Sql::new(
        "UPDATE delivery SET resend_at = {greatest}(resend_at - (ended_at - $1), $1), ended_at = $1 \
         WHERE state = 'unknown' AND resend_at IS NOT NULL AND ended_at > $2",
    );
    // One that was taken up and put back by the wrong time was due by its request's.
    static PUT_BACK: Sql = Sql::new(
        "UPDATE delivery SET due_at = {greatest}(q.due_at, $1) FROM rating_request q WHERE delivery.state = 'scheduled' \
         AND delivery.kind = 'ask' AND delivery.intent_at IS NULL AND delivery.due_at > $2 AND q.id = delivery.subject \
         AND q.due_at < delivery.due_at",
    );
    static LEASED: Sql = Sql::new("UPDATE delivery SET lease_until = $1 + $2 WHERE lease_until > $1 + $3");
    static ESCALATED: Sql = Sql::new(
        "UPDATE alert SET escalate_at = {greatest}(escalate_at - (created_at - $1), $1), created_at = $1 \
         WHERE escalate_at IS NOT NULL AND created_at > $2",
    );
    // No pause of a desk is longer than 75 seconds, and no lease.
    static DESKS: Sql = Sql::new(
        "UPDATE pass_on_desk SET next_try_at = {least}(next_try_at, $1), \
         lease_until = CASE WHEN lease_until > $1 + 75000 THEN $1 + 75000 ELSE lease_until END \
         WHERE next_try_at > $1 + 75000 OR lease_until > $1 + 75000",
    );
    static REQUESTS: Sql = Sql::new(
        "UPDATE rating_request SET due_at = {greatest}(due_at - (created_at - $1), closed_at, $1), created_at = $1 \
         WHERE id IN (SELECT request_id FROM question_expiry) AND outcome IS NULL AND created_at > $2",
    );
    static CLIENTS: Sql = Sql::new(
        "UPDATE client SET next_ask_at = {greatest}(next_ask_at - (updated_at - $1), $1), revision = revision + 1, updated_at = $1 \
         WHERE updated_at > $2",
    );
    let ahead = now + AGREE_WITHIN;
    let mut moved = 0;
    // Requests first: what was put back is measured by them.
    for statement in [&CONNECTIONS, &REQUESTS, &MADE, &TRIED, &HELD, &PUT_BACK, &ESCALATED, &CLIENTS] {
        moved += tx.execute(statement, values![now, ahead]).await?;
    }
    moved += tx.execute(&DESKS, values![now]).await?;
    // Another node may keep its leases for somewhat longer; a clock that was ahead makes them longer still.
    Ok(moved + tx.execute(&LEASED, values![now, lease, 2 * lease + 60_000]).await?)
}
