//! Rescue: leases of nodes that died, held deliveries that are due, deliveries whose time is over, and failing connections, which
//! are probed from time to time with one of their waiting deliveries before it is due. Run by every node; each statement is
//! conditional, so two at the same time do no harm.

use super::handler::{ConnectionLimit, Ended, Handler};
use lastword_base::names::{ConnectionId, DeliveryId};
use lastword_base::time::{Clock, Millis};
use lastword_domain::question::delivery::State;
use lastword_domain::question::retry::{CRASHES_MAX, PROBE_PAUSE_MAX, probe_pause};
use lastword_domain::question::window::MARGIN;
use lastword_store::connection::outage;
use lastword_store::question::delivery::Delivery;
use lastword_store::question::ending::{self, Try};
use lastword_store::question::lease::{self, Rescued};
use lastword_store::{Db, StoreError, Tx, transaction};
use std::sync::Arc;

/// Maximum number of overdue deliveries of one connection that end in one round.
const OVERDUE_MAX: i64 = 500;

/// Does one round of rescue. Returns the number of affected deliveries.
pub async fn rescue<H: Handler>(
    db: &Db,
    handler: &Arc<H>,
    connection_limits: &Arc<Vec<ConnectionLimit>>,
    clock: &Arc<dyn Clock>,
    hold: Millis,
    fraction: f64,
) -> Result<usize, StoreError> {
    transaction!(db, [handler, connection_limits, clock], async |tx| {
        let now = clock.by(tx.clock().await?);
        let doomed = lease::doomed(tx, now, CRASHES_MAX).await?;
        let mut overdue = Vec::new();
        for limit in connection_limits.iter() {
            overdue.extend(lease::overdue(tx, &limit.name, now, MARGIN, OVERDUE_MAX).await?);
        }
        let ending: Vec<&Delivery> = doomed.iter().chain(&overdue).collect();
        if !ending.is_empty() {
            handler.ending(tx, &ending, &ending).await?;
        }
        let leased = lease::rescue_leased(tx, now, CRASHES_MAX, &ids(&doomed)).await?;
        let sending = lease::rescue_sending(tx, now, hold, MARGIN).await?;
        let tries: Vec<Try> = sending.iter().map(|rescued| lost(rescued, now)).collect();
        ending::keep_tries(tx, &tries).await?;
        let mut ended: Vec<Ended> = leased.iter().filter(|rescued| rescued.state == State::Dead).map(poison).collect();
        let resent = lease::resend_held(tx, now, MARGIN).await?;
        ended.extend(lease::skip_overdue(tx, &ids(&overdue), now, MARGIN).await?);
        handler.ended(tx, &ended, now).await?;
        let probed = probe(tx, &connection_limits, now, fraction).await?;
        Ok(leased.len() + sending.len() + ended.len() + probed + usize::try_from(resent).unwrap_or(0))
    })
    .await
}

fn ids(deliveries: &[Delivery]) -> Vec<DeliveryId> {
    deliveries.iter().map(|delivery| delivery.id).collect()
}

/// Brings one delivery forward for each failing connection that is due for a probe. Returns their number.
async fn probe(tx: &mut Tx, connection_limits: &[ConnectionLimit], now: Millis, fraction: f64) -> Result<usize, StoreError> {
    let names: Vec<ConnectionId> = connection_limits.iter().map(|limit| limit.name.clone()).collect();
    let mut brought = 0;
    for connection in outage::probes_due(tx, &names, now, now + probe_pause(fraction), now + PROBE_PAUSE_MAX).await? {
        brought += outage::bring_forward(tx, &connection, now, MARGIN, 1).await?;
    }
    Ok(usize::try_from(brought).unwrap_or(0))
}

fn lost(rescued: &Rescued, now: Millis) -> Try {
    Try {
        delivery_id: rescued.id,
        token: rescued.token,
        intent_at: rescued.intent_at,
        ended_at: now,
        verdict: "lease_ran_out",
        detail: None,
    }
}

fn poison(rescued: &Rescued) -> Ended {
    Ended { id: rescued.id, kind: rescued.kind, subject: rescued.subject.clone(), state: rescued.state, reason: Some("poison".to_owned()) }
}
