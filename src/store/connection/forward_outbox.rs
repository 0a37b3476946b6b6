//! Requests that wait to be forwarded to the desks behind connections, and the progress of each desk.

use crate::sql::Sql;
use crate::values;
use crate::{Db, Millis, Row, StoreError, Tx};
use lastword_base::names::ConnectionId;
use serde::Serialize;
use std::collections::BTreeMap;

/// A platform's request to be forwarded to a desk.
#[derive(Clone)]
pub struct Kept {
    /// The connection.
    pub connection: ConnectionId,
    /// HTTP method, usually `POST`.
    pub method: String,
    /// The query string without `?`.
    pub query: String,
    /// The headers, as JSON.
    pub headers: String,
    /// The body, unchanged.
    pub body: Vec<u8>,
    /// Time when it was received.
    pub received_at: Millis,
}

/// Appends requests to the queues of their connections. The desk's row stays locked until the end of the transaction, so commits for one
/// connection are serialized and a request never appears before an earlier one.
pub async fn keep(tx: &mut Tx, requests: &[Kept]) -> Result<(), StoreError> {
    static PLACES: Sql = Sql::new(
        "INSERT INTO pass_on_desk AS d (connection, last_seq) VALUES ($1, $2) \
         ON CONFLICT (connection) DO UPDATE SET last_seq = d.last_seq + excluded.last_seq RETURNING last_seq",
    );
    static KEEP: Sql = Sql::new(
        "INSERT INTO pass_on (connection, seq, method, query, headers, body, received_at) \
         SELECT connection, seq, method, query, headers, {bytes r.body}, received_at \
         FROM {rows $1 r: connection text, seq int, method text, query text, headers text, body text, received_at int}",
    );
    #[derive(Serialize)]
    struct Placed<'a> {
        connection: &'a ConnectionId,
        seq: i64,
        method: &'a str,
        query: &'a str,
        headers: &'a str,
        body: String,
        received_at: Millis,
    }
    // Ordered by name, to prevent deadlocks.
    let mut by_connection: BTreeMap<&ConnectionId, Vec<&Kept>> = BTreeMap::new();
    for request in requests {
        by_connection.entry(&request.connection).or_default().push(request);
    }
    for (connection, requests) in by_connection {
        let count = i64::try_from(requests.len()).unwrap_or(i64::MAX);
        let last = tx.fetch(&PLACES, values![connection, count]).await?.first_mut().map_or(Err(StoreError::Conflict), Row::int)?;
        let placed = requests.iter().zip(last - count + 1..).map(|(request, seq)| Placed {
            connection,
            seq,
            method: &request.method,
            query: &request.query,
            headers: &request.headers,
            body: hex::encode(&request.body),
            received_at: request.received_at,
        });
        tx.execute(&KEEP, values![crate::rows(&placed.collect::<Vec<_>>())]).await?;
    }
    Ok(())
}

/// Earliest time to forward to the desk behind `connection`; `None` if nothing waits, or the database may not send.
pub async fn next_at(db: &Db, connection: &ConnectionId, now: Millis) -> Result<Option<Millis>, StoreError> {
    static NEXT: Sql = Sql::new(
        "SELECT {greatest}(d.next_try_at, COALESCE(d.lease_until, 0)) FROM pass_on_desk d WHERE d.connection = $1 \
         AND EXISTS (SELECT 1 FROM pass_on p WHERE p.connection = d.connection) AND {may_send $2}",
    );
    db.read(&NEXT, values![connection, now]).await?.first_mut().map(Row::int).transpose()
}

/// A claim on a desk: no other node forwards to it until the lease expires.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// The fencing token.
    pub token: i64,
    /// Number of consecutive failures of the first request.
    pub failures: i64,
}

/// Claims the desk behind `connection`. Returns `None` if another node has it, it is too early, or the database may not send.
pub async fn claim(
    tx: &mut Tx,
    connection: &ConnectionId,
    owner: &str,
    now: Millis,
    lease_until: Millis,
) -> Result<Option<Claim>, StoreError> {
    static CLAIM: Sql = Sql::new(
        "UPDATE pass_on_desk SET token = token + 1, owner = $2, lease_until = $4 \
         WHERE connection = $1 AND next_try_at <= $3 AND (lease_until IS NULL OR lease_until <= $3) AND {may_send $3} \
         RETURNING token, failures",
    );
    let mut rows = tx.fetch(&CLAIM, values![connection, owner, now, lease_until]).await?;
    rows.first_mut().map(|row| Ok(Claim { token: row.int()?, failures: row.int()? })).transpose()
}

/// Deletes requests received before `before` from the head of the queue, at most `limit`, if the claim is still valid. Returns how many.
pub async fn drop_old(
    tx: &mut Tx,
    connection: &ConnectionId,
    token: i64,
    before: Millis,
    limit: i64,
    now: Millis,
) -> Result<u64, StoreError> {
    static DROP: Sql = Sql::new(
        "DELETE FROM pass_on WHERE connection = $1 \
         AND seq < (SELECT min(h.seq) FROM pass_on h WHERE h.connection = $1) + $4 \
         AND seq < COALESCE((SELECT min(y.seq) FROM pass_on y WHERE y.connection = $1 AND y.received_at >= $3), 9223372036854775807) \
         AND EXISTS (SELECT 1 FROM pass_on_desk d WHERE d.connection = $1 AND d.token = $2)",
    );
    static COUNT: Sql = Sql::new("UPDATE pass_on_desk SET dropped = dropped + $2, dropped_at = $3, failures = 0 WHERE connection = $1");
    let dropped = tx.execute(&DROP, values![connection, token, before, limit]).await?;
    if dropped > 0 {
        tx.execute(&COUNT, values![connection, i64::try_from(dropped).unwrap_or(i64::MAX), now]).await?;
    }
    Ok(dropped)
}

/// A waiting request.
#[derive(Clone)]
pub struct Waiting {
    /// Its position in the queue.
    pub seq: i64,
    /// HTTP method, usually `POST`.
    pub method: String,
    /// The query string without `?`.
    pub query: String,
    /// The headers, as JSON.
    pub headers: String,
    /// The body, unchanged.
    pub body: Vec<u8>,
    /// Time when it was received.
    pub received_at: Millis,
}

/// The first `limit` waiting requests, in order.
pub async fn head(db: &Db, connection: &ConnectionId, limit: i64) -> Result<Vec<Waiting>, StoreError> {
    static HEAD: Sql = Sql::new(
        "SELECT p.seq, p.method, p.query, p.headers, {hex p.body}, p.received_at FROM pass_on p WHERE p.connection = $1 ORDER BY p.seq LIMIT $2",
    );
    let read = |row: &mut Row| {
        let (seq, method, query, headers, body) = (row.int()?, row.text()?, row.text()?, row.text()?, row.text()?);
        let found = |_| StoreError::Inconsistent { table: "pass_on", column: "body", found: "no hex".to_owned() };
        Ok(Waiting { seq, method, query, headers, body: hex::decode(body).map_err(found)?, received_at: row.int()? })
    };
    db.read(&HEAD, values![connection, limit]).await?.iter_mut().map(read).collect()
}

/// Result of a claim.
#[derive(Clone, Debug, Default)]
pub struct Round {
    /// Position of the last request that the desk accepted; `None` if it accepted none.
    pub passed: Option<i64>,
    /// Error of the next request, and the time of the next attempt.
    pub failed: Option<(String, Millis)>,
    /// Time when it ended.
    pub at: Millis,
}

/// Ends a claim and records what the desk accepted. Returns false if the claim was no longer valid: then nothing is recorded, and the node
/// with the present claim forwards the same requests again.
pub async fn end(tx: &mut Tx, connection: &ConnectionId, claim: Claim, round: &Round) -> Result<bool, StoreError> {
    static END: Sql = Sql::new(
        "UPDATE pass_on_desk SET owner = NULL, lease_until = NULL, failures = $3, next_try_at = $4, error = COALESCE($5, error), \
         failed_at = CASE WHEN $5 IS NULL THEN failed_at ELSE $6 END, passed_at = CASE WHEN $7 = 1 THEN $6 ELSE passed_at END \
         WHERE connection = $1 AND token = $2",
    );
    static TAKEN: Sql = Sql::new("DELETE FROM pass_on WHERE connection = $1 AND seq <= $2");
    let before = if round.passed.is_some() { 0 } else { claim.failures };
    let (failures, next_try_at, error) = match &round.failed {
        Some((error, next_try_at)) => (before + 1, *next_try_at, Some(error.as_str())),
        None => (before, 0, None),
    };
    let passed = i64::from(round.passed.is_some());
    let ended = tx.execute(&END, values![connection, claim.token, failures, next_try_at, error, round.at, passed]).await?;
    if ended == 0 {
        return Ok(false);
    }
    if let Some(seq) = round.passed {
        tx.execute(&TAKEN, values![connection, seq]).await?;
    }
    Ok(true)
}

/// State of a desk behind a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeskState {
    /// The connection.
    pub connection: ConnectionId,
    /// Number of waiting requests.
    pub backlog: i64,
    /// Time when the oldest of them was received.
    pub oldest_at: Option<Millis>,
    /// Number of consecutive failures of the oldest one.
    pub failures: i64,
    /// Time of the next attempt.
    pub next_try_at: Millis,
    /// Error of the last failure.
    pub error: Option<String>,
    /// Time of the last failure.
    pub failed_at: Option<Millis>,
    /// Time when the desk last accepted a request.
    pub passed_at: Option<Millis>,
    /// Number of requests deleted because they were too old.
    pub dropped: i64,
    /// Time when the last one was deleted.
    pub dropped_at: Option<Millis>,
}

/// All desks that ever had a request to forward, by connection.
pub async fn desks(db: &Db) -> Result<Vec<DeskState>, StoreError> {
    // Positions have no gaps and requests are removed only at the head, so a subtraction counts them.
    static DESKS: Sql = Sql::new(
        "SELECT d.connection, CASE WHEN p.seq IS NULL THEN 0 ELSE d.last_seq - p.seq + 1 END, p.received_at, d.failures, d.next_try_at, \
         d.error, d.failed_at, d.passed_at, d.dropped, d.dropped_at FROM pass_on_desk d LEFT JOIN pass_on p ON p.connection = d.connection \
         AND p.seq = (SELECT min(h.seq) FROM pass_on h WHERE h.connection = d.connection) ORDER BY d.connection",
    );
    let read = |row: &mut Row| {
        Ok(DeskState {
            connection: row.name()?,
            backlog: row.int()?,
            oldest_at: row.int_or_null()?,
            failures: row.int()?,
            next_try_at: row.int()?,
            error: row.text_or_null()?,
            failed_at: row.int_or_null()?,
            passed_at: row.int_or_null()?,
            dropped: row.int()?,
            dropped_at: row.int_or_null()?,
        })
    };
    db.read(&DESKS, vec![]).await?.iter_mut().map(read).collect()
}

/// Deletes requests received before `before`, even if the connection no longer has a desk.
pub async fn forget(tx: &mut Tx, before: Millis) -> Result<u64, StoreError> {
    static FORGET: Sql = Sql::new("DELETE FROM pass_on WHERE received_at < $1");
    tx.execute(&FORGET, values![before]).await
}

/// Deletes the desk behind a connection with all that waits for it, because an admin took it out.
pub async fn take_out(tx: &mut Tx, connection: &ConnectionId) -> Result<(), StoreError> {
    static DESK: Sql = Sql::new("DELETE FROM pass_on_desk WHERE connection = $1");
    static WAITING: Sql = Sql::new("DELETE FROM pass_on WHERE connection = $1");
    for sql in [&DESK, &WAITING] {
        tx.execute(sql, values![connection]).await?;
    }
    Ok(())
}
