//! Claim: selects the next deliveries, fairly over connections and within their limits. The limits are rows, so all nodes share
//! them.

use super::handler::ConnectionLimit;
use lastword_base::names::ConnectionId;
use lastword_base::time::{Clock, Millis};
use lastword_domain::question::limit::grant;
use lastword_store::question::delivery::Delivery;
use lastword_store::question::lease;
use lastword_store::{Db, StoreError, transaction};
use std::sync::Arc;

/// Leases up to `room` due deliveries to `owner` for `lease_ms`. Due times are compared with the shared clock of all nodes.
///
/// Connections take turns: the one that waited longest is served first, and each gets an equal share of the room, so that a flood
/// on one bot does not delay another.
pub async fn claim(
    db: &Db,
    connection_limits: Arc<Vec<ConnectionLimit>>,
    owner: &str,
    clock: &Arc<dyn Clock>,
    lease_ms: Millis,
    room: usize,
) -> Result<Vec<Delivery>, StoreError> {
    transaction!(db, [connection_limits, owner, clock], async |tx| {
        let now = clock.by(tx.clock().await?);
        let names: Vec<ConnectionId> = connection_limits.iter().map(|limit| limit.name.clone()).collect();
        let due = lease::due_connections(tx, &names, now).await?;
        let mut claimed = Vec::new();
        let mut room = i64::try_from(room).unwrap_or(i64::MAX);
        for (at, due_connection) in due.iter().enumerate() {
            let Some(limit) = connection_limits.iter().find(|limit| limit.name == due_connection.name) else { continue };
            let waiting = i64::try_from(due.len() - at).unwrap_or(1);
            let share = (room + waiting - 1) / waiting;
            if share <= 0 {
                break;
            }
            let granted = grant(due_connection.tat, now, limit.per_second, limit.burst, share);
            if granted.calls == 0 {
                continue;
            }
            let leased = lease::claim(tx, &limit.name, now, granted.calls, &owner, now + lease_ms).await?;
            let used = i64::try_from(leased.len()).unwrap_or(0);
            let used = grant(due_connection.tat, now, limit.per_second, limit.burst, used);
            lease::served(tx, &limit.name, used.tat_micros, now).await?;
            room -= used.calls;
            claimed.extend(leased);
        }
        Ok(claimed)
    })
    .await
}

/// Leases one due suspect to `owner`: a delivery whose node died while it held it. Its owner holds nothing else until its intent is
/// committed, so that a crash it causes is attributed to it. The second value is true if there are any suspects.
pub async fn claim_suspect(
    db: &Db,
    connection_limits: Arc<Vec<ConnectionLimit>>,
    owner: &str,
    clock: &Arc<dyn Clock>,
    lease_ms: Millis,
) -> Result<(Vec<Delivery>, bool), StoreError> {
    transaction!(db, [connection_limits, owner, clock], async |tx| {
        let now = clock.by(tx.clock().await?);
        let names: Vec<ConnectionId> = connection_limits.iter().map(|limit| limit.name.clone()).collect();
        let suspected = lease::suspected_connections(tx, &names, now).await?;
        for state in &suspected {
            let Some(limit) = connection_limits.iter().find(|limit| limit.name == state.name) else { continue };
            let granted = grant(state.tat, now, limit.per_second, limit.burst, 1);
            if granted.calls == 0 {
                continue;
            }
            let leased = lease::claim_suspect(tx, &limit.name, now, &owner, now + lease_ms).await?;
            if !leased.is_empty() {
                lease::served(tx, &limit.name, granted.tat_micros, now).await?;
                return Ok((leased, true));
            }
        }
        Ok((Vec::new(), !suspected.is_empty()))
    })
    .await
}

/// Time of the next delivery, by its due time and its connection's limits; `None` if nothing waits.
pub async fn next_due(db: &Db, connection_limits: &[ConnectionLimit], now: Millis) -> Result<Option<Millis>, StoreError> {
    let names: Vec<ConnectionId> = connection_limits.iter().map(|limit| limit.name.clone()).collect();
    let waiting = lease::running_connections(db, &names, now).await?;
    let at = |state: &lease::RunningConnection| {
        let limit = connection_limits.iter().find(|limit| limit.name == state.name)?;
        let granted = grant(state.tat, now, limit.per_second, limit.burst, 1);
        let free_at = if granted.calls == 0 { granted.next_at } else { now };
        state.next_due.map(|due| due.max(state.blocked_until).max(free_at))
    };
    Ok(waiting.iter().filter_map(at).min())
}
