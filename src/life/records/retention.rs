//! Removes personal data after the retention time of its line: the client's identity, addresses and texts, from old closes and from
//! sessions that were never closed and have been silent as long. Scores, outcomes and counters stay. Any node does it, line by
//! line, in small batches.

use crate::engine::Engine;
use crate::session::event_marks;
use chrono::{DateTime, Months};
use lastword_base::names::{LineId, RequestId};
use lastword_base::time::DAY;
use lastword_store::records::personal::{self, Old};
use lastword_store::records::retention;
use lastword_store::{Millis, StoreError, line, transaction};
use std::sync::Arc;

/// Number of closes per transaction, small enough that writers do not wait long.
const BATCH: i64 = 500;
/// Retention of the bodies of unreadable requests, for a person to fix: as long as event keys.
const BODIES_KEPT: Millis = 30 * DAY;

/// Removes personal data from closes and silent sessions after their retention time, at most `limit` together. Returns their
/// number.
///
/// # Errors
/// A database error; what was removed before stays removed.
#[lastword_base::boxed]
pub async fn remove(engine: &Engine, now: Millis, limit: i64) -> Result<i64, StoreError> {
    let mut left = limit;
    for line in line::all(&engine.db).await? {
        let Some(before) = cutoff(now, line.settings.retention_months) else { continue };
        let mut more = true;
        while more && left > 0 {
            let closes;
            (closes, more) = remove_some(engine, &line.id, before, now, left.min(BATCH)).await?;
            left -= closes;
        }
        left -= remove_silent(engine, &line.id, before, left).await?;
        if left <= 0 {
            break;
        }
    }
    Ok(limit - left)
}

/// Sessions without a close have no row with their retention time: it counts from their last event.
async fn remove_silent(engine: &Engine, line: &LineId, before: Millis, limit: i64) -> Result<i64, StoreError> {
    let mut removed = 0;
    while removed < limit {
        let batch = BATCH.min(limit - removed);
        let taken = transaction!(engine.db, [line], async |tx| { personal::take_away_silent(tx, &line, before, batch).await }).await;
        let taken = i64::try_from(taken?).unwrap_or(batch);
        removed += taken;
        if taken < batch {
            break;
        }
    }
    Ok(removed)
}

/// The retention time of everything closed before this time is over; `None` if data is kept forever.
fn cutoff(now: Millis, months: u32) -> Option<Millis> {
    let then = DateTime::from_timestamp_millis(now)?.checked_sub_months(Months::new(months))?;
    (months > 0).then(|| then.timestamp_millis())
}

/// One batch of one line. Returns the number, and whether there may be more.
async fn remove_some(engine: &Engine, line: &LineId, before: Millis, now: Millis, limit: i64) -> Result<(i64, bool), StoreError> {
    transaction!(engine.db, [engine, line], async |tx| {
        let Some(done_until) = retention::take_turn(tx, &line).await? else { return Ok((0, false)) };
        if done_until >= before {
            return Ok((0, false));
        }
        let closes = personal::closes_of_line(tx, &line, done_until, before, limit).await?;
        let ids: Vec<RequestId> = closes.iter().map(|&(id, _)| id).collect();
        personal::hold(tx, &ids).await?;
        personal::take_away_sessions(tx, &ids, before).await?;
        event_marks::forget(tx, &engine, &ids).await?;
        personal::take_away_talks(tx, &ids).await?;
        personal::take_away(tx, &ids, now).await?;
        let count = i64::try_from(closes.len()).unwrap_or(limit);
        let full = count >= limit;
        let last = closes.last().filter(|_| full).map_or(before, |(_, closed_at)| *closed_at);
        retention::done(tx, &line, last).await?;
        Ok((count, full))
    })
    .await
}

/// Deletes clients and conversations that no line keeps any more, and bodies of unreadable requests, at most `limit` of each kind.
/// Returns their number.
#[lastword_base::boxed]
pub async fn sweep_places(engine: &Engine, now: Millis, limit: i64) -> Result<u64, StoreError> {
    let lines = line::all(&engine.db).await?;
    let longest: Option<Vec<Millis>> = lines.iter().map(|line| cutoff(now, line.settings.retention_months)).collect();
    let before = longest.and_then(|cutoffs| cutoffs.into_iter().min());
    let old = match before {
        Some(before) => personal::old_places(&engine.db, before, limit).await?,
        None => Old::default(),
    };
    let old = Arc::new(old);
    transaction!(engine.db, [old], async |tx| {
        let bodies = personal::drop_bodies(tx, now - BODIES_KEPT).await?;
        let places = match before.filter(|_| !old.is_empty()) {
            Some(before) => personal::forget_places(tx, &old, before).await?,
            None => 0,
        };
        Ok(bodies + places)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_those_of_the_calendar() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis();
        assert_eq!(cutoff(at("2026-03-31T10:00:00Z"), 1), Some(at("2026-02-28T10:00:00Z")));
        assert_eq!(cutoff(at("2026-03-31T10:00:00Z"), 24), Some(at("2024-03-31T10:00:00Z")));
        assert_eq!(cutoff(at("2026-03-31T10:00:00Z"), 0), None);
    }
}
