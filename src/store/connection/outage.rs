//! Failing connections, and the deliveries that wait for them. While a connection fails, a delivery is brought forward now and then as a
//! probe. When it succeeds, all of them are.

use crate::sql::Sql;
use crate::values;
use crate::{Db, Millis, Row, StoreError, Tx};
use lastword_base::names::ConnectionId;

/// Reason of a delivery that waits after a failure of its connection. We chose the pause.
pub const RETRY: &str = "retry";
/// Reason of a delivery that waits because its platform asked for the pause, which is never shortened.
pub const ASKED_TO_WAIT: &str = "asked_to_wait";

/// Marks a connection as failing after a call that shows that it does not work, with the first probe at `probe_at`. Changes nothing if it
/// is already marked.
pub async fn fails(tx: &mut Tx, connection: &ConnectionId, now: Millis, probe_at: Millis) -> Result<(), StoreError> {
    static FAILS: Sql = Sql::new("UPDATE connection SET failing_since = $2, probe_at = $3 WHERE name = $1 AND failing_since IS NULL");
    tx.execute(&FAILS, values![connection, now, probe_at]).await.map(drop)
}

/// The connections among these that are marked as failing.
pub async fn failing(tx: &mut Tx, connections: &[ConnectionId]) -> Result<Vec<ConnectionId>, StoreError> {
    static FAILING: Sql = Sql::new("SELECT name FROM connection WHERE name {among $1} AND failing_since IS NOT NULL ORDER BY name");
    if connections.is_empty() {
        return Ok(Vec::new());
    }
    tx.fetch(&FAILING, values![crate::ids(connections)]).await?.iter_mut().map(Row::name).collect()
}

/// Records that the connection works, because it accepted a message. Returns the time since when it was marked as failing, if it was.
pub async fn works(tx: &mut Tx, connection: &ConnectionId) -> Result<Option<Millis>, StoreError> {
    static SINCE: Sql = Sql::new("SELECT failing_since FROM connection WHERE name = $1 AND failing_since IS NOT NULL");
    static WORKS: Sql =
        Sql::new("UPDATE connection SET failing_since = NULL, probe_at = NULL WHERE name = $1 AND failing_since IS NOT NULL");
    let since = tx.fetch(&SINCE, values![connection]).await?.first_mut().map(Row::int).transpose()?;
    let ours = since.is_some() && tx.execute(&WORKS, values![connection]).await? == 1;
    Ok(since.filter(|_| ours))
}

/// Claims the probes due at `now` among these failing connections, if they may be called, and sets their next probe to `next`. A probe time
/// later than `latest` was written by a clock that was ahead and counts as due.
pub async fn probes_due(
    tx: &mut Tx,
    connections: &[ConnectionId],
    now: Millis,
    next: Millis,
    latest: Millis,
) -> Result<Vec<ConnectionId>, StoreError> {
    static DUE: Sql = Sql::new(
        "WITH pick AS MATERIALIZED (SELECT c.name FROM connection c WHERE c.name {among $1} AND c.failing_since IS NOT NULL \
         AND (c.probe_at <= $2 OR c.probe_at > $4 + 2000) AND c.stopped_at IS NULL AND c.blocked_until <= $2 ORDER BY c.name {lock skip}) \
         UPDATE connection SET probe_at = $3 FROM pick WHERE connection.name = pick.name RETURNING connection.name",
    );
    tx.fetch(&DUE, values![crate::ids(connections), now, next, latest]).await?.iter_mut().map(Row::name).collect()
}

/// Makes up to `limit` deliveries due at `now` that wait after a failure of their connection, least recently tried first. Excludes
/// deliveries whose platform asked for the pause, and those that have expired.
pub async fn bring_forward(tx: &mut Tx, connection: &ConnectionId, now: Millis, margin: Millis, limit: i64) -> Result<u64, StoreError> {
    static BRING: Sql = Sql::new(
        "WITH pick AS MATERIALIZED (SELECT id FROM delivery WHERE connection = $1 AND state = 'scheduled' AND due_at > $2 \
         AND reason = 'retry' AND give_up_at > $2 AND (window_closes_at IS NULL OR $2 + $3 < window_closes_at) \
         ORDER BY intent_at, id LIMIT $4 {lock skip}) \
         UPDATE delivery SET brought_from = COALESCE(brought_from, due_at), due_at = $2 FROM pick \
         WHERE delivery.id = pick.id",
    );
    tx.execute(&BRING, values![connection, now, margin, limit]).await
}

/// The failing connections, and since when they fail.
pub async fn all_failing(db: &Db) -> Result<Vec<(ConnectionId, Millis)>, StoreError> {
    static ALL: Sql = Sql::new("SELECT name, failing_since FROM connection WHERE failing_since IS NOT NULL ORDER BY name");
    db.read(&ALL, vec![]).await?.iter_mut().map(|row| Ok((row.name()?, row.int()?))).collect()
}
