//! Every desk is asked again and again what was lost, by whichever node comes first.

use crate::life::Engine;
use crate::life::desk::desks::AtDesk;
use crate::life::desk::reconcile::{Reconciled, reconcile};
use crate::time::{Millis, SECOND, wait};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How long from one look at the clock to the next.
const PAUSE: Millis = 10 * SECOND;

/// Asks the desk `name` of this node, if it can be asked, until `stop`.
pub(super) fn reconcile_with(engine: &Engine, name: &str, stop: &CancellationToken) -> Option<JoinHandle<()>> {
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

async fn once(engine: &Engine, name: &str) {
    match reconcile(engine, name, engine.now()).await {
        Ok(Reconciled::NotNow) => {}
        Ok(Reconciled::Done { found }) => tracing::debug!(connection = name, found, "the desk was asked what was lost"),
        Ok(Reconciled::Failed(error)) => {
            let (kind, detail) = (error.kind, error.detail);
            tracing::warn!(connection = name, kind, detail, "the desk could not be asked what was lost; it is asked again");
        }
        Err(error) if error.is_read_only() => {}
        Err(error) => tracing::warn!(connection = name, %error, "what a desk has to tell could not be kept; it is asked again"),
    }
}
