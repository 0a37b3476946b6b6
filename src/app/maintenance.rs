//! Recurring duties of every node: rescue, expiry, silent sessions, escalation, held edits, watched shares, counts of labels, cleanup,
//! following the database's clock and correcting after it jumped back. Each is a separate step; none needs a leader.

use super::channel_handler::ChannelHandler;
use super::quarantine;
use crate::domain::question::token::NONCE_LIFE;
use crate::life::Engine;
use crate::life::access::sign_in;
use crate::life::alert::escalate::escalate;
use crate::life::answer::release_edit::release;
use crate::life::connection::renew_secrets::renew;
use crate::life::connection::reseal::reseal;
use crate::life::connection::watch::watch;
use crate::life::question::expire::expire;
use crate::life::records::purge::{KEYS_KEPT, purge};
use crate::life::records::retention::{remove, sweep_places};
use crate::life::report::index_comments::read_older;
use crate::life::report::letter::send_due;
use crate::life::report::recount::fold;
use crate::life::report::store_label_counts::store_label_counts;
use crate::life::report::watch::{learn::learn_next, mature::mature, tell::tell};
use crate::life::review::overdue::tell_late;
use crate::life::session::close_idle::close_idle;
use crate::queue::Runner;
use crate::store::answer::{message_change, page_fetch};
use crate::store::connection::forward_outbox;
use crate::store::question::lease;
use crate::store::records::{ahead, installation};
use crate::store::session::visitor;
use crate::store::{Db, StoreError};
use crate::time::{AGREE_WITHIN, DAY, MINUTE, Millis, SECOND, SystemClock, wait};
use lastword_store::transaction;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Retention of the link between pages and sessions: a chat lasts days, not months.
const CLAIMS_KEPT: Millis = 30 * DAY;

/// Retention of past send times of chats: they no longer matter, and clocks differ by less. The sweep scans them.
const PACES_KEPT: Millis = 10 * MINUTE;

/// Retention of edits and deletions of clients' messages: Meta repeats failed deliveries for a week.
const CHANGES_KEPT: Millis = 8 * DAY;

/// Maximum items of a kind per round.
const BATCH: i64 = 500;

/// Batches of older comments read per round.
const COMMENTS: usize = 2;
/// Batches of labels per round for which counts are stored.
const LABELS: usize = 8;
/// Maximum closes whose personal data are removed per round: after an import there may be millions, and other duties and
/// callers must not wait long.
const REMOVED_MAX: i64 = 1_000;
/// Maximum clients forgotten at a time.
const FORGOTTEN_MAX: i64 = 10_000;

/// Rounds between two heartbeats while nothing is sent: about a minute.
const BEAT: u64 = 50;

/// Rounds between two checks of the connections.
const WATCH: u64 = 10;

/// Rounds between two checks of the log beside a SQLite file.
const LOOK_AT_LOG: u64 = 10;

/// Rounds between two log messages about a read-only database: at least ten seconds.
const SAY_AGAIN: u64 = 11;

/// Runs one round. In quarantine nothing expires either: a person decides about waiting messages.
///
/// # Errors
/// Errors of the database; the next round tries again.
pub async fn round(engine: &Engine, runner: &Runner<ChannelHandler>) -> Result<usize, StoreError> {
    let sends = installation::quarantine(&engine.db).await?.is_none();
    let done = if sends { on_time(engine, runner).await? } else { 0 };
    if done > 0 {
        engine.wake.ring();
    }
    fold(&engine.db).await?;
    read_older(&engine.db, COMMENTS).await?;
    store_label_counts(&engine.db, engine.now(), LABELS).await?;
    if sends {
        learn_next(engine, engine.now()).await?;
        purge(engine, engine.now()).await?;
    }
    Ok(done)
}

/// Runs the duties that are due.
async fn on_time(engine: &Engine, runner: &Runner<ChannelHandler>) -> Result<usize, StoreError> {
    let now = engine.now();
    Ok(runner.rescue().await?
        + expire(engine, now, BATCH).await?
        + close_idle(engine, now, BATCH).await?
        + escalate(engine, now, BATCH).await?
        + release(engine, now, BATCH).await?
        + tell_late(engine, now, BATCH).await?
        + mature(engine, now, BATCH).await?
        + tell(engine, now).await?
        + send_due(engine, now).await?)
}

/// Deletes data that are no longer needed.
///
/// # Errors
/// Errors of the database.
pub async fn sweep(engine: &Engine) -> Result<(), StoreError> {
    let now = engine.now();
    transaction!(engine.db, async |tx| {
        lease::sweep_paces(tx, now - PACES_KEPT).await?;
        visitor::forget_claims(tx, now - CLAIMS_KEPT).await?;
        forward_outbox::forget(tx, now - KEYS_KEPT).await?;
        message_change::forget(tx, now - CHANGES_KEPT).await?;
        page_fetch::forget(tx, now - 2 * NONCE_LIFE).await?;
        sign_in::sweep(tx, now).await.map(drop)
    })
    .await
}

/// Reads the database's clock and follows it. Returns its lead over this machine's clock in milliseconds; `None` if the
/// database has no clock of its own.
///
/// # Errors
/// Errors of the database.
pub async fn follow_clock(db: &Db, clock: &SystemClock) -> Result<Option<Millis>, StoreError> {
    let before = clock.read();
    if let Some(database) = db.clock().await? {
        clock.follow(database, before, clock.read());
    }
    Ok(clock.health().offset)
}

/// Reschedules deliveries that were planned while the clock was ahead, and logs it; otherwise they would wait until that time.
///
/// # Errors
/// Errors of the database.
pub async fn bring_back(engine: &Engine, lease: Millis) -> Result<u64, StoreError> {
    let now = engine.now();
    if let Some(ahead_ms) = ahead::newest(&engine.db).await?.map(|newest| newest - now).filter(|ahead| *ahead > AGREE_WITHIN) {
        tracing::error!(
            ahead_ms,
            "the database holds times in the future: the clock was ahead when they were written, or is behind now; check it"
        );
    }
    let moved = ahead::bring_back(&engine.db, now, lease).await?;
    if moved > 0 {
        tracing::warn!(rows = moved, "rescheduled deliveries planned while the clock was ahead");
        engine.wake.ring();
    }
    Ok(moved)
}

/// Keeps the log beside a SQLite file small, and logs a warning if a reader prevents it.
async fn tend_log(db: &Db, aloud: bool) {
    match db.empty_large_wal().await {
        Ok(true) if aloud => {
            let mib = db.wal_bytes() >> 20;
            tracing::warn!(
                mib,
                "the write-ahead log of the database keeps growing: a reader, perhaps a backup tool, keeps it from being emptied"
            );
        }
        Ok(_) => {}
        Err(error) => warn(&error, "maintenance: could not checkpoint the write-ahead log"),
    }
}

/// Runs duties that are not needed in every round.
async fn now_and_then(engine: &Engine, rounds: u64) {
    // After a message was sent, a heartbeat marks earlier copies of the database file as older. PostgreSQL has no file to restore.
    let left = engine.hearing.take_left() && engine.db.path().is_some();
    if (left || rounds.is_multiple_of(BEAT))
        && let Err(error) = quarantine::beat(engine, false).await
    {
        warn(&error, "maintenance: could not write the heartbeat");
    }
    if rounds.is_multiple_of(WATCH)
        && let Err(error) = watch(engine, engine.now()).await
    {
        warn(&error, "maintenance: could not watch the connections");
    }
    if rounds.is_multiple_of(600)
        && let Err(error) = sweep(engine).await
    {
        warn(&error, "maintenance: could not delete expired rows");
    }
    if !rounds.is_multiple_of(3_600) {
        return;
    }
    if let Err(error) = reseal(engine).await {
        warn(&error, "maintenance: could not reseal secrets");
    }
    if let Err(error) = renew(engine, engine.now()).await {
        warn(&error, "maintenance: could not renew expiring secrets");
    }
    if let Err(error) = sweep_places(engine, engine.now(), FORGOTTEN_MAX).await {
        warn(&error, "maintenance: could not remove expired clients");
    }
}

/// Logs the failed duty `what`, unless [`rest_while_read_only`] logs the cause for the whole process.
fn warn(error: &StoreError, what: &'static str) {
    if !error.is_read_only() {
        tracing::warn!(%error, "{what}");
    }
}

/// True if the database is read-only, so that no duty can run. Logged here for the whole process, every [`SAY_AGAIN`]
/// rounds and once when it ends; `said` is the round of the last message.
async fn rest_while_read_only(db: &Db, round: u64, said: &mut Option<u64>) -> bool {
    let error = match db.is_read_only().await {
        Ok(true) => StoreError::ReadOnly,
        Err(error) if error.is_read_only() => error,
        Ok(false) => {
            if said.take().is_some() {
                tracing::info!("the database accepts writes again");
            }
            return false;
        }
        // Logged by the duties.
        Err(_) => return false,
    };
    if said.is_none_or(|last| round - last >= SAY_AGAIN) {
        *said = Some(round);
        tracing::warn!(%error, "nothing is accepted or sent");
    }
    true
}

/// True if a newer program has upgraded the tables, so that this one is too old: it leaves everything to newer nodes.
/// Logged like [`rest_while_read_only`].
async fn rest_while_too_old(db: &Db, round: u64, said: &mut Option<u64>) -> bool {
    let Ok(Some(needs)) = db.look_for_newer().await else { return false };
    if said.is_none_or(|last| round - last >= SAY_AGAIN) {
        *said = Some(round);
        tracing::error!(
            needs,
            version = env!("CARGO_PKG_VERSION"),
            "this program is too old for its database, which a newer one has upgraded: nothing is accepted or sent here; upgrade this node"
        );
    }
    true
}

/// Runs all duties until `stop`.
pub async fn run(engine: Engine, runner: Runner<ChannelHandler>, clock: Arc<SystemClock>, stop: CancellationToken) {
    let (mut rounds, mut more_to_remove): (u64, bool) = (0, false);
    let mut went_back = clock.health().went_back;
    let (mut said_read_only, mut said_too_old) = (None, None);
    while !stop.is_cancelled() {
        if let Err(error) = follow_clock(&engine.db, &clock).await {
            warn(&error, "maintenance: could not read the database's clock");
        }
        if rest_while_too_old(&engine.db, rounds, &mut said_too_old).await
            || rest_while_read_only(&engine.db, rounds, &mut said_read_only).await
        {
            rounds += 1;
            tokio::select! { () = wait(SECOND) => {}, () = stop.cancelled() => {} }
            continue;
        }
        // Reading the clock detects that it was set back.
        engine.now();
        if clock.health().went_back != went_back {
            match bring_back(&engine, runner.lease()).await {
                Ok(_) => went_back = clock.health().went_back,
                Err(error) => warn(&error, "maintenance: could not reschedule deliveries planned by the wrong time; trying again"),
            }
        }
        if let Err(error) = round(&engine, &runner).await {
            warn(&error, "maintenance: a round failed; trying again");
        }
        now_and_then(&engine, rounds).await;
        if rounds.is_multiple_of(60) || more_to_remove {
            let removed = remove(&engine, engine.now(), REMOVED_MAX).await;
            more_to_remove = removed.as_ref().is_ok_and(|removed| *removed >= REMOVED_MAX);
            if let Err(error) = removed {
                warn(&error, "maintenance: could not remove expired personal data");
            }
        }
        if rounds.is_multiple_of(LOOK_AT_LOG) {
            tend_log(&engine.db, rounds.is_multiple_of(BEAT)).await;
        }
        rounds += 1;
        // Randomized, so that nodes do not run at the same time.
        let pause = SECOND + (engine.ids.fraction() * 250.0) as Millis;
        tokio::select! { () = wait(pause) => {}, () = stop.cancelled() => {} }
    }
}
