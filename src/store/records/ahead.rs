//! Corrects times that were written with a clock that was ahead. If the time of writing of a row is in the future, its planned
//! times are moved back by the difference.

use crate::sql::Sql;
use crate::transaction;
use crate::values;
use crate::{Db, Millis, Row, StoreError};

/// Clocks with at most this difference count as equal.
const AGREE_WITHIN: Millis = 2_000;

/// The newest time written by unfinished work of the queue.
pub async fn newest(db: &Db) -> Result<Option<Millis>, StoreError> {
    static NEWEST: Sql = Sql::new(
        "SELECT max(t.at) FROM (SELECT max(last_served_at) AS at FROM connection UNION ALL SELECT max(seen_at) FROM connection \
         UNION ALL SELECT max(created_at) FROM delivery WHERE state = 'scheduled') AS t",
    );
    db.read(&NEWEST, vec![]).await?.first_mut().map_or(Ok(None), Row::int_or_null)
}

/// An update of one table, which runs in a transaction of its own and locks rows by key, so that it cannot deadlock with others.
fn moved(table: &str, key: &str, sets: &str, of: &str) -> String {
    format!(
        "WITH pick AS MATERIALIZED (SELECT {key} AS picked FROM {table} WHERE {of} ORDER BY {key} {{lock}}) \
         UPDATE {table} SET {sets} FROM pick WHERE {table}.{key} = pick.picked"
    )
}

static CONNECTIONS: Sql = Sql::made(|| {
    moved(
        "connection",
        "name",
        "last_served_at = {least}(last_served_at, $1), seen_at = {least}(seen_at, $1), \
         blocked_until = CASE WHEN blocked_at > $2 THEN blocked_until - (blocked_at - $1) ELSE blocked_until END, \
         blocked_at = {least}(blocked_at, $1), \
         probe_at = CASE WHEN failing_since IS NULL THEN NULL ELSE {least}(probe_at, $1) END, \
         failing_since = CASE WHEN failing_since IS NULL THEN NULL ELSE {least}(failing_since, $1) END",
        "last_served_at > $2 OR seen_at > $2 OR blocked_at > $2 OR failing_since > $2",
    )
});
static MADE: Sql = Sql::made(|| {
    moved(
        "delivery",
        "id",
        "due_at = {greatest}(due_at - (created_at - $1), $1), created_at = $1",
        "state IN ('scheduled', 'leased') AND created_at > $2 AND intent_at IS NULL",
    )
});
static TRIED: Sql = Sql::made(|| {
    moved(
        "delivery",
        "id",
        "due_at = {greatest}(due_at - (intent_at - $1), $1), intent_at = $1, created_at = {least}(created_at, $1)",
        "state = 'scheduled' AND intent_at > $2",
    )
});
static HELD: Sql = Sql::made(|| {
    moved(
        "delivery",
        "id",
        "resend_at = {greatest}(resend_at - (ended_at - $1), $1), ended_at = $1",
        "state = 'unknown' AND resend_at IS NOT NULL AND ended_at > $2",
    )
});
// If it was claimed and put back at the wrong time, it is due by its request's time.
static PUT_BACK: Sql = Sql::new(
    "WITH pick AS MATERIALIZED (SELECT d.id, q.due_at FROM delivery d JOIN rating_request q ON q.id = d.subject \
     WHERE d.state = 'scheduled' AND d.kind = 'ask' AND d.intent_at IS NULL AND d.due_at > $2 AND q.due_at < d.due_at \
     ORDER BY d.id {lock OF d}) \
     UPDATE delivery SET due_at = {greatest}(pick.due_at, $1) FROM pick WHERE delivery.id = pick.id",
);
static LEASED: Sql = Sql::made(|| moved("delivery", "id", "lease_until = $1 + $2", "lease_until > $1 + $3"));
static ESCALATED: Sql = Sql::made(|| {
    moved(
        "alert",
        "id",
        "escalate_at = {greatest}(escalate_at - (created_at - $1), $1), created_at = $1",
        "escalate_at IS NOT NULL AND created_at > $2",
    )
});
// No pause or lease of a desk is longer than 75 seconds.
static DESKS: Sql = Sql::made(|| {
    moved(
        "pass_on_desk",
        "connection",
        "next_try_at = {least}(next_try_at, $1), lease_until = CASE WHEN lease_until > $1 + 75000 THEN $1 + 75000 ELSE lease_until END",
        "next_try_at > $1 + 75000 OR lease_until > $1 + 75000",
    )
});
static REQUESTS: Sql = Sql::made(|| {
    moved(
        "rating_request",
        "id",
        "due_at = {greatest}(due_at - (created_at - $1), closed_at, $1), created_at = $1",
        "id IN (SELECT request_id FROM question_expiry) AND outcome IS NULL AND created_at > $2",
    )
});
static CLIENTS: Sql = Sql::made(|| {
    moved(
        "client",
        "id",
        "next_ask_at = {greatest}(next_ask_at - (updated_at - $1), $1), revision = revision + 1, updated_at = $1",
        "updated_at > $2",
    )
});

/// Moves back the times planned with a clock ahead of `now`: pauses and places of connections, deliveries and their tries,
/// escalations, the next questions to clients, leases longer than `lease`. Returns the number of rows.
pub async fn bring_back(db: &Db, now: Millis, lease: Millis) -> Result<u64, StoreError> {
    let ahead = now + AGREE_WITHIN;
    // Requests first, because deliveries that were put back are corrected by them. Another node may have somewhat longer leases; a
    // clock that was ahead makes them longer still.
    let statements = [&CONNECTIONS, &REQUESTS, &MADE, &TRIED, &HELD, &PUT_BACK, &ESCALATED, &CLIENTS].map(|sql| (sql, values![now, ahead]));
    let others = [(&DESKS, values![now]), (&LEASED, values![now, lease, 2 * lease + 60_000])];
    let mut moved = 0;
    for (sql, values) in statements.into_iter().chain(others) {
        let rows = transaction!(db, [values], async |tx| { tx.execute(sql, values).await }).await;
        moved += rows?;
    }
    Ok(moved)
}
