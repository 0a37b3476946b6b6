//! What has to be done again and again, by every node: rescue, expiry, silent sessions, escalation, held edits, watched shares, sweeping,
//! following the database's clock and going back with it. Each is a step of its own; none needs a leader.

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
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// How long it is remembered which page shows a session: a chat lasts days, not months.
const CLAIMS_KEPT: Millis = 30 * DAY;

/// How long the paces of chats are kept that are over: they mean nothing, and clocks differ by less. The sweep goes through them.
const PACES_KEPT: Millis = 10 * MINUTE;

/// How long edits and deletions of clients' messages are kept: Meta repeats for a week what it could not deliver.
const CHANGES_KEPT: Millis = 8 * DAY;

/// How many of a kind one round takes.
const BATCH: i64 = 500;

/// How many batches of older comments one round reads.
const COMMENTS: usize = 2;
/// How many closes lose their personal data in one round: after an import it may be millions, and neither other duties nor
/// those who close chats wait long for one round's.
const REMOVED_MAX: i64 = 1_000;
/// How many clients are forgotten in one go.
const FORGOTTEN_MAX: i64 = 10_000;

/// Rounds between two heartbeats while nothing is sent: about a minute.
const BEAT: u64 = 50;

/// How many rounds are between two looks at the connections.
const WATCH: u64 = 10;

/// How many rounds are between two looks at the log beside a SQLite file.
const LOOK_AT_LOG: u64 = 10;

/// How many rounds are between two words about a database that takes no writes: at least ten seconds.
const SAY_AGAIN: u64 = 11;

/// Does one round. While nothing may be sent, nothing runs out of time either: what waits is for a person to decide.
///
/// # Errors
/// The database's error; the next round tries again.
pub async fn round(engine: &Engine, runner: &Runner<ChannelHandler>) -> Result<usize, StoreError> {
    let sends = installation::quarantine(&engine.db).await?.is_none();
    let done = if sends { on_time(engine, runner).await? } else { 0 };
    if done > 0 {
        engine.wake.ring();
    }
    fold(&engine.db).await?;
    read_older(&engine.db, COMMENTS).await?;
    if sends {
        learn_next(engine, engine.now()).await?;
        purge(engine, engine.now()).await?;
    }
    Ok(done)
}

/// What is to be done when its time has come.
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
                lease::sweep_paces(tx, now - PACES_KEPT).await?;
                visitor::forget_claims(tx, now - CLAIMS_KEPT).await?;
                forward_outbox::forget(tx, now - KEYS_KEPT).await?;
                message_change::forget(tx, now - CHANGES_KEPT).await?;
                page_fetch::forget(tx, now - 2 * NONCE_LIFE).await?;
                sign_in::sweep(tx, now).await.map(drop)
            })
        })
        .await
}

/// Looks at the database's clock and follows it. Gives how far it is ahead of this machine's, in milliseconds; `None` where
/// the database has none of its own.
///
/// # Errors
/// The database's error.
pub async fn follow_clock(db: &Db, clock: &SystemClock) -> Result<Option<Millis>, StoreError> {
    let before = clock.read();
    if let Some(database) = db.clock().await? {
        clock.follow(database, before, clock.read());
    }
    Ok(clock.health().offset)
}

/// Moves back what was planned by a clock that was ahead, and says so: without this, it would wait until that time comes.
///
/// # Errors
/// The database's error.
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
        tracing::warn!(rows = moved, "rescheduled what was planned by a clock that was ahead");
        engine.wake.ring();
    }
    Ok(moved)
}

/// Keeps the log beside a SQLite file small, and says so where somebody keeps it from that.
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

/// What is not to be done in every round, but in every so many.
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
        warn(&error, "maintenance: could not sweep");
    }
    if !rounds.is_multiple_of(3_600) {
        return;
    }
    if let Err(error) = reseal(engine).await {
        warn(&error, "maintenance: could not seal secrets anew");
    }
    if let Err(error) = renew(engine, engine.now()).await {
        warn(&error, "maintenance: could not renew secrets that end");
    }
    if let Err(error) = sweep_places(engine, engine.now(), FORGOTTEN_MAX).await {
        warn(&error, "maintenance: could not remove expired clients");
    }
}

/// Says `what` went wrong, unless [`rest_while_read_only`] says why for all of the process.
fn warn(error: &StoreError, what: &'static str) {
    if !error.is_read_only() {
        tracing::warn!(%error, "{what}");
    }
}

/// Whether the database takes no writes: no duty can be done then. Said here for all of the process, every [`SAY_AGAIN`] rounds,
/// and once when it is over; `said` is the round in which it last was.
async fn rest_while_read_only(db: &Db, round: u64, said: &mut Option<u64>) -> bool {
    let error = match db.is_read_only().await {
        Ok(true) => StoreError::ReadOnly,
        Err(error) if error.is_read_only() => error,
        Ok(false) => {
            if said.take().is_some() {
                tracing::info!("the database takes writes again");
            }
            return false;
        }
        // Said by the duties.
        Err(_) => return false,
    };
    if said.is_none_or(|last| round - last >= SAY_AGAIN) {
        *said = Some(round);
        tracing::warn!(%error, "nothing is taken and nothing leaves");
    }
    true
}

/// Whether this program is too old for the tables, which a newer one has changed: it leaves everything to newer nodes. Said like
/// [`rest_while_read_only`].
async fn rest_while_too_old(db: &Db, round: u64, said: &mut Option<u64>) -> bool {
    let Ok(Some(needs)) = db.look_for_newer().await else { return false };
    if said.is_none_or(|last| round - last >= SAY_AGAIN) {
        *said = Some(round);
        tracing::error!(
            needs,
            version = env!("CARGO_PKG_VERSION"),
            "this program is too old for its database, which a newer one has upgraded: nothing is taken and nothing leaves here; upgrade this node"
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
        // Read, so that it notices by itself when it was set back.
        engine.now();
        if clock.health().went_back != went_back {
            match bring_back(&engine, runner.lease()).await {
                Ok(_) => went_back = clock.health().went_back,
                Err(error) => warn(&error, "maintenance: could not reschedule what was planned by the wrong time; trying again"),
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
        // Spread, so that nodes do not all come at once.
        let pause = SECOND + (engine.ids.fraction() * 250.0) as Millis;
        tokio::select! { () = wait(pause) => {}, () = stop.cancelled() => {} }
    }
}
