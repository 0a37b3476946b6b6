//! Checks of a desk that need only our own records: its calls arrive, and its clients can be reached.

use super::Findings;
use crate::life::engine::in_time::in_time;
use crate::settings::Settings;
use crate::store::question::unreached;
use crate::store::{Db, StoreError, connection};
use crate::time::{DAY, Millis};
use lastword_contract::{Desk, Verdict};
use std::sync::Arc;

/// The desk of a connection, and the address for its webhooks.
pub(super) struct DeskAt {
    pub(super) name: String,
    pub(super) desk: Arc<dyn Desk>,
    pub(super) hook_url: Option<String>,
}

/// Possible reasons for missing calls that cannot be checked from here; skipped once a call has arrived.
pub(super) async fn doubts(findings: &mut Findings, desks: &[DeskAt], db: &Db) -> Result<(), StoreError> {
    let states = connection::all(db).await?;
    let is_heard = |name: &str| states.iter().any(|state| state.name == name && state.heard_at.is_some());
    for DeskAt { name, desk, hook_url } in desks.iter().filter(|at| !is_heard(&at.name)) {
        // A desk that does not respond was already reported.
        let doubts = in_time(super::CHECK_LIMIT, Verdict::RetryBackoff, desk.doubts(hook_url.as_deref())).await.unwrap_or_default();
        for doubt in doubts {
            findings.problem(
                format!("connection {name}"),
                doubt,
                "see the README of its adapter; this ends with the first call that arrives",
            );
        }
    }
    Ok(())
}

/// Desks whose clients are not asked, because no address is known.
pub(super) async fn unreached(findings: &mut Findings, settings: &Settings, db: &Db, now: Millis) -> Result<(), StoreError> {
    let missed = unreached::without_address(db, now - DAY).await?;
    for (name, missed, closes) in missed.into_iter().filter(|(name, ..)| settings.connections.contains_key(name)) {
        let what = format!("of {closes} closes in the last 24 hours, {missed} had no address at which the client could be asked");
        let remedy = "compare ask_through with the ways to clients that the README of its adapter names";
        findings.problem(format!("connection {name}"), what, remedy);
    }
    Ok(())
}
