//! A person releases a copied database from quarantine. Messages that were due before are canceled, because the original database
//! may have sent them, unless the person knows better.

use super::detect_copy::at_work;
use crate::engine::Engine;
use crate::question::hold_ends::hold_before_ends;
use crate::question::record_end::end_requests;
use lastword_base::names::{DeliveryId, RequestId};
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_domain::outcome::Outcome;
use lastword_domain::quarantine::{Cause, Seen};
use lastword_domain::question::delivery::{Kind, State};
use lastword_store::access::audit;
use lastword_store::question::delivery::Delivery;
use lastword_store::question::ending::Ended;
use lastword_store::question::rating_request::Ending;
use lastword_store::records::{installation, restored};
use lastword_store::{Millis, StoreError, Tx, alert, transaction};
use serde_json::{Value, json};
use std::sync::Arc;

/// Reason with which deliveries, alerts and rating requests end here.
pub const REASON: &str = "restored";

/// Number of deliveries canceled per transaction.
const BATCH: i64 = 500;

/// Treatment of waiting messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// Those due before this time are canceled.
    CancelBefore(Millis),
    /// All are sent.
    Keep,
    /// All are sent: the installation was moved, and nothing ran in between.
    Moved,
}

impl Waiting {
    fn as_json(self) -> Value {
        match self {
            Waiting::CancelBefore(at) => json!({ "waiting": "canceled", "due_before": at }),
            Waiting::Keep => json!({ "waiting": "kept" }),
            Waiting::Moved => json!({ "waiting": "kept", "moved": true }),
        }
    }
}

/// Result of the release.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Released {
    /// Canceled messages.
    pub canceled: u64,
    /// Dropped updates for desks behind shared accounts, which may already have been passed on.
    pub dropped: u64,
}

/// Releases the database. `None` if it is not in quarantine. A crash in between leaves it in quarantine.
#[lastword_base::boxed]
pub async fn release(engine: &Engine, by: &By, waiting: Waiting, now: Millis) -> Result<Option<Released>, StoreError> {
    let seen = Arc::new(Seen { place: engine.db.place().await?, ..Seen::default() });
    let mut released = Released::default();
    loop {
        let so_far = released;
        let step =
            transaction!(engine.db, [engine, by, seen], async |tx| { one_batch(tx, &engine, &by, waiting, so_far, &seen, now).await });
        match step.await? {
            Step::NotInQuarantine => return Ok(None),
            Step::More(canceled) => released.canceled += canceled,
            Step::Done(done) => {
                engine.wake.ring();
                engine.pass_on.notify_waiters();
                return Ok(Some(done));
            }
        }
    }
}

enum Step {
    NotInQuarantine,
    More(u64),
    Done(Released),
}

async fn one_batch(
    tx: &mut Tx,
    engine: &Engine,
    by: &By,
    waiting: Waiting,
    so_far: Released,
    seen: &Seen,
    now: Millis,
) -> Result<Step, StoreError> {
    let row = installation::hold(tx).await?;
    // A database without the row came from a dump.
    let (cause, since) = row.as_ref().map_or(Some((Cause::Dump, now)), |row| row.quarantine).unzip();
    let (Some(cause), Some(since)) = (cause, since) else { return Ok(Step::NotInQuarantine) };
    let mut released = so_far;
    if let Waiting::CancelBefore(at) = waiting {
        let canceled = cancel(tx, engine, at, now).await?;
        if i64::try_from(canceled).unwrap_or(i64::MAX) >= BATCH {
            return Ok(Step::More(canceled));
        }
        released.canceled += canceled;
        restored::resend_no_more(tx, at).await?;
        // Updates received since then were not passed on.
        released.dropped = restored::drop_for_desks(tx, at.min(since), now).await?;
    }
    installation::save(tx, &at_work(row.unwrap_or_default(), seen, engine.options.asleep, now)).await?;
    let entry = Entry::new(Act::QuarantineReleased, cause.as_str()).with(&Value::Null, &waiting.as_json());
    audit::write(tx, engine.ids.next(now), now, by, &entry).await?;
    Ok(Step::Done(released))
}

/// Cancels some messages due before `at`, with what depends on them. Returns their number.
async fn cancel(tx: &mut Tx, engine: &Engine, at: Millis, now: Millis) -> Result<u64, StoreError> {
    let due = restored::due(tx, at, BATCH).await?;
    let due: Vec<&Delivery> = due.iter().collect();
    hold_before_ends(tx, engine, &due, &due).await?;
    let ids: Vec<DeliveryId> = due.iter().map(|delivery| delivery.id).collect();
    let ended = restored::cancel(tx, &ids, REASON, now).await?;
    let canceled = |end: &&Ended| end.state == State::Canceled;
    let ids: Vec<DeliveryId> = ended.iter().filter(canceled).map(|end| end.id).collect();
    // Alerts of a copied database: their recipients may have been notified by the original.
    alert::taken_back(tx, &ids, REASON).await?;
    let asks = ended.iter().filter(canceled).filter(|end| end.kind == Kind::Ask);
    let ending = |request: RequestId| Ending { id: request, outcome: Outcome::Canceled, reason: Some(REASON.to_owned()), at: now };
    let endings: Vec<Ending> = asks.filter_map(|end| end.request()).map(ending).collect();
    for news in end_requests(tx, engine, &endings, now).await? {
        engine.tell(news);
    }
    Ok(ended.len() as u64)
}
