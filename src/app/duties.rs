//! What has to be done again and again, by every node: rescue, expiry, silent sessions, escalation, held edits, sweeping, following the database's
//! clock. Each is a step of its own; none needs a leader.

use super::courier::Courier;
use crate::life::Engine;
use crate::life::close_idle::close_idle;
use crate::life::escalate_alert::escalate;
use crate::life::expire_request::expire;
use crate::life::read_comments::read_older;
use crate::life::recount::fold;
use crate::life::release_edit::release;
use crate::life::remove_personal_data::{remove, sweep_places};
use crate::life::sign_in;
use crate::queue::Runner;
use crate::store::{Db, StoreError, inbox, lease, pass_on, visitor};
use crate::time::{Clock, DAY, Millis, SECOND, SystemClock, wait};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// How long event keys are remembered: a redelivery after an outage can be days late.
const KEYS_KEPT: Millis = 30 * DAY;

/// How long it is remembered which page shows a session: a chat lasts days, not months.
const CLAIMS_KEPT: Millis = 30 * DAY;

/// How many of a kind one round takes.
const BATCH: i64 = 500;

/// How many batches of older comments one round reads.
const COMMENTS: usize = 2;
/// How many closes lose their personal data in one round: after an import it may be millions, and neither other duties nor
/// those who close chats wait long for one round's.
const REMOVED_MAX: i64 = 1_000;
/// How many clients are forgotten in one go.
const FORGOTTEN_MAX: i64 = 10_000;

/// Does one round.
///
/// # Errors
/// The database's error; the next round tries again.
pub async fn round(engine: &Engine, runner: &Runner<Courier>) -> Result<usize, StoreError> {
    let now = engine.now();
    let done = runner.rescue().await?
        + expire(engine, now, BATCH).await?
        + close_idle(engine, now, BATCH).await?
        + escalate(engine, now, BATCH).await?
        + release(engine, now, BATCH).await?;
    if done > 0 {
        engine.wake.ring();
    }
    fold(&engine.db).await?;
    read_older(&engine.db, COMMENTS).await?;
    Ok(done)
}

/// Sweeps what is no longer needed.
///
/// # Errors
/// The database's error.
pub async fn sweep(engine: &Engine) -> Result<(), StoreError> {
    let now = engine.now();
    engine
        .db
        .write(move |tx| {
            Box::pin(async move {
                lease::sweep_paces(tx, now - DAY).await?;
                visitor::forget_claims(tx, now - CLAIMS_KEPT).await?;
                pass_on::forget(tx, now - KEYS_KEPT).await?;
                sign_in::sweep(tx, now).await?;
                inbox::forget(tx, now - KEYS_KEPT, 5_000).await.map(drop)
            })
        })
        .await
}

/// Measures the offset to the database's clock and follows it. Gives it in milliseconds; `None` where the database runs on
/// this machine's clock.
///
/// # Errors
/// The database's error.
pub async fn follow_clock(db: &Db, clock: &SystemClock) -> Result<Option<Millis>, StoreError> {
    let before = clock.wall();
    let Some(database) = db.clock().await? else { return Ok(None) };
    clock.follow(database, before, clock.wall());
    Ok(Some(clock.offset()))
}

/// Runs all duties until `stop`.
pub async fn run(engine: Engine, runner: Runner<Courier>, clock: Arc<SystemClock>, stop: CancellationToken) {
    let (mut rounds, mut more_to_remove): (u64, bool) = (0, false);
    while !stop.is_cancelled() {
        if let Err(error) = round(&engine, &runner).await {
            tracing::warn!(%error, "duties: a round failed; trying again");
        }
        if rounds.is_multiple_of(30)
            && let Err(error) = follow_clock(&engine.db, &clock).await
        {
            tracing::warn!(%error, "duties: could not read the database's clock");
        }
        if rounds.is_multiple_of(600)
            && let Err(error) = sweep(&engine).await
        {
            tracing::warn!(%error, "duties: could not sweep");
        }
        if rounds.is_multiple_of(60) || more_to_remove {
            let removed = remove(&engine, engine.now(), REMOVED_MAX).await;
            more_to_remove = removed.as_ref().is_ok_and(|removed| *removed >= REMOVED_MAX);
            if let Err(error) = removed {
                tracing::warn!(%error, "duties: could not remove personal data whose time is over");
            }
        }
        if rounds.is_multiple_of(3_600)
            && let Err(error) = sweep_places(&engine, engine.now(), FORGOTTEN_MAX).await
        {
            tracing::warn!(%error, "duties: could not forget clients whose time is over");
        }
        rounds += 1;
        // Spread, so that nodes do not all come at once.
        let pause = SECOND + (engine.ids.fraction() * 250.0) as Millis;
        tokio::select! { () = wait(pause) => {}, () = stop.cancelled() => {} }
    }
}

/// The clock of production as the trait, with the clock itself to follow the database.
pub fn system_clock() -> (Arc<dyn Clock>, Arc<SystemClock>) {
    let clock = Arc::new(SystemClock::default());
    (clock.clone(), clock)
}
