//! Polls every desk for missed events, on whichever node is first.

use crate::life::Engine;
use crate::life::desk::reconcile::{Reconciled, reconcile};
use crate::life::engine::desks::AtDesk;
use crate::names::ConnectionId;
use crate::time::{Millis, SECOND, wait};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Interval of checks of the clock.
const PAUSE: Millis = 10 * SECOND;

/// Polls the desk `name` of this node, if it supports that, until `stop`.
pub(super) fn reconcile_with(engine: &Engine, name: &ConnectionId, stop: &CancellationToken) -> Option<JoinHandle<()>> {
    let can = |at_desk: &AtDesk| at_desk.desk.abilities().reconciles || at_desk.desk.abilities().follows;
    engine.desks.get(name).filter(|at_desk| can(at_desk))?;
    let (engine, name, stop) = (engine.clone(), name.to_owned(), stop.clone());
    Some(tokio::spawn(async move {
        while !stop.is_cancelled() {
            tokio::select! { () = once(&engine, &name) => {}, () = stop.cancelled() => return }
            tokio::select! { () = wait(PAUSE) => {}, () = stop.cancelled() => return }
        }
    }))
}

async fn once(engine: &Engine, name: &ConnectionId) {
    match reconcile(engine, name, engine.now()).await {
        Ok(Reconciled::NotNow) => {}
        Ok(Reconciled::Done { found }) => tracing::debug!(connection = name.as_str(), found, "polled the desk for missed events"),
        Ok(Reconciled::Failed(error)) => {
            let (kind, detail) = (error.kind, error.detail);
            tracing::warn!(connection = name.as_str(), kind, detail, "could not poll the desk for missed events; trying again");
        }
        Err(error) if error.is_read_only() => {}
        Err(error) => tracing::warn!(connection = name.as_str(), %error, "could not store a desk's missed events; trying again"),
    }
}
