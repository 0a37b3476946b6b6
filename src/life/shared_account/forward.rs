//! Passes on requests that are not ours to the desk behind a connection: strictly in order, and repeated until the desk responds
//! with 2xx. One node at a time serves a desk, by a lease on its row. If a node dies, nothing is lost, and the next one may pass on
//! what the desk already has.

use super::forward_outbox::KeptHeader;
use crate::engine::Engine;
use crate::engine::channels::DeskBehind;
use async_trait::async_trait;
use lastword_base::names::ConnectionId;
use lastword_domain::question::retry::desk_pause;
use lastword_store::connection::forward_outbox::{self, Claim, Round, Waiting};
use lastword_store::{Millis, StoreError, transaction};

/// Maximum number of requests in one round.
const ROUND_MAX: i64 = 32;
/// Maximum duration of a round before it is recorded: requests that are not recorded are passed on twice after a crash.
const ROUND_FOR: Millis = 250;
/// Margin of a lease over one call: the end of the round has to be recorded within it.
const LEASE_MARGIN: Millis = 2_000;
/// Number of old requests dropped at a time.
const DROP_MAX: i64 = 5_000;

/// One request for a desk.
#[derive(Clone)]
pub struct Passed {
    /// The method, usually `POST`.
    pub method: String,
    /// The query string without `?`.
    pub query: String,
    /// Names and values; a character of a value is one byte.
    pub headers: Vec<(String, String)>,
    /// The body, unchanged.
    pub body: Vec<u8>,
}

/// Calls a desk.
#[async_trait]
pub trait Desk: Send + Sync {
    /// Sends one request, within [`DeskBehind::call_for`].
    ///
    /// # Errors
    /// The reason why the desk did not accept it, as text for an admin: its status, or the network error. No secrets.
    async fn take(&self, request: Passed) -> Result<(), String>;
}

/// Result of one round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Number of accepted requests.
    pub passed: u64,
    /// Number of requests that were too old.
    pub dropped: u64,
    /// Reason why the desk did not accept the next one.
    pub failed: Option<String>,
}

/// Passes on waiting requests to the desk behind `connection`, for a short time. `None` if nothing may be passed on now: nothing
/// waits, it is too early, or another node is doing it.
#[lastword_base::boxed]
pub async fn pass_on(engine: &Engine, connection: &ConnectionId, desk: &dyn Desk, owner: &str) -> Result<Option<Done>, StoreError> {
    let Some(behind) = engine.channels.desk(connection) else { return Ok(None) };
    let now = engine.now();
    if forward_outbox::next_at(&engine.db, connection, now).await?.is_none_or(|at| at > now) {
        return Ok(None);
    }
    let Some((claim, dropped)) = claim(engine, connection, &behind, owner, now).await? else { return Ok(None) };
    let mut done = Done { dropped, ..Done::default() };
    let mut round = Round { at: now, ..Round::default() };
    for waiting in forward_outbox::head(&engine.db, connection, ROUND_MAX).await? {
        let seq = waiting.seq;
        if let Err(why) = desk.take(as_it_came(waiting, &behind)?).await {
            let failures = if round.passed.is_some() { 0 } else { claim.failures };
            round.failed = Some((why.clone(), engine.now() + desk_pause(failures + 1, engine.ids.fraction())));
            done.failed = Some(why);
            break;
        }
        round.passed = Some(seq);
        done.passed += 1;
        if engine.now() - now > ROUND_FOR {
            break;
        }
    }
    round.at = engine.now();
    if !end(engine, connection, claim, round).await? {
        tracing::warn!(connection = connection.as_str(), "forwarding: another node took over; the desk may get some requests twice");
    }
    Ok(Some(done))
}

/// Time of the next round; `None` if nothing waits.
#[lastword_base::boxed]
pub async fn next_at(engine: &Engine, connection: &ConnectionId) -> Result<Option<Millis>, StoreError> {
    forward_outbox::next_at(&engine.db, connection, engine.now()).await
}

async fn claim(
    engine: &Engine,
    connection: &ConnectionId,
    behind: &DeskBehind,
    owner: &str,
    now: Millis,
) -> Result<Option<(Claim, u64)>, StoreError> {
    let (lease_until, before) = (now + behind.call_for + LEASE_MARGIN, now - behind.keep_for);
    transaction!(engine.db, [connection, owner], async |tx| {
        let Some(claim) = forward_outbox::claim(tx, &connection, &owner, now, lease_until).await? else { return Ok(None) };
        let dropped = forward_outbox::drop_old(tx, &connection, claim.token, before, DROP_MAX, now).await?;
        let failures = if dropped > 0 { 0 } else { claim.failures };
        Ok(Some((Claim { failures, ..claim }, dropped)))
    })
    .await
}

async fn end(engine: &Engine, connection: &ConnectionId, claim: Claim, round: Round) -> Result<bool, StoreError> {
    transaction!(engine.db, [connection, round], async |tx| { forward_outbox::end(tx, &connection, claim, &round).await }).await
}

/// The original request, with the secrets from the current settings.
fn as_it_came(waiting: Waiting, behind: &DeskBehind) -> Result<Passed, StoreError> {
    let headers: Vec<KeptHeader> = lastword_store::document("pass_on", "headers", &waiting.headers)?;
    let headers = headers.into_iter().filter_map(|kept| {
        let value = kept.value.or_else(|| behind.value_of(kept.setting.as_deref()?).map(str::to_owned))?;
        Some((kept.name, value))
    });
    Ok(Passed { method: waiting.method, query: waiting.query, headers: headers.collect(), body: waiting.body })
}
