//! The heartbeat of the installation. At the start, each minute, a second after messages were sent, and at the end, it checks if
//! this database is the one that was in use here, or a copy. A copy goes into quarantine: it accepts everything, and sends nothing
//! until a person releases it.

use crate::engine::Engine;
use lastword_domain::quarantine::{Cause, Seen, judge};
use lastword_store::records::installation::{self, Installation};
use lastword_store::{Db, Millis, StoreError, transaction};

/// Result of a heartbeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beat {
    /// Reason why nothing is sent; `None` if it may.
    pub quarantine: Option<Cause>,
    /// True if that is new.
    pub entered: bool,
    /// Note to write beside the file: the lineage, and the number of heartbeats.
    pub note: (String, i64),
}

/// One heartbeat. `noted` is the note of the last one.
#[lastword_base::boxed]
pub async fn beat(engine: &Engine, noted: Option<(String, i64)>, now: Millis) -> Result<Beat, StoreError> {
    let seen = seen(&engine.db, noted).await?;
    let (fresh, asleep) = (engine.ids.text(now), engine.options.asleep);
    transaction!(engine.db, [seen, fresh], async |tx| {
        let found = installation::hold(tx).await?;
        let before = found.as_ref().and_then(|row| row.quarantine);
        let quarantine = cause_of(found.as_ref(), &seen, now);
        let mut row = Installation { quarantine, ..found.unwrap_or_default() };
        let lineage = row.kept.lineage.get_or_insert(fresh).clone();
        if quarantine.is_none() {
            row = at_work(row, &seen, asleep, now);
        } else if let Some((_, beats)) = seen.noted.as_ref().filter(|(noted, _)| *noted == lineage) {
            // After a release, the note is no longer evidence of another copy.
            row.kept.beats = row.kept.beats.max(*beats);
        }
        installation::save(tx, &row).await?;
        let entered = before.is_none() && quarantine.is_some();
        Ok(Beat { quarantine: quarantine.map(|(cause, _)| cause), entered, note: (lineage, row.kept.beats) })
    })
    .await
}

/// Reason why `beat` would prevent sending; only reads.
#[lastword_base::boxed]
pub async fn look(db: &Db, noted: Option<(String, i64)>, now: Millis) -> Result<Option<Cause>, StoreError> {
    let (found, seen) = (installation::load(db).await?, seen(db, noted).await?);
    Ok(cause_of(found.as_ref(), &seen, now).map(|(cause, _)| cause))
}

async fn seen(db: &Db, noted: Option<(String, i64)>) -> Result<Seen, StoreError> {
    Ok(Seen { place: db.place().await?, noted, holds_lines: installation::holds_lines(db).await? })
}

fn cause_of(found: Option<&Installation>, seen: &Seen, now: Millis) -> Option<(Cause, Millis)> {
    let Some(row) = found else { return Some((Cause::Dump, now)) };
    row.quarantine.or_else(|| judge(&row.kept, seen, now).map(|cause| (cause, now)))
}

/// The row of a database in use. A clock that was ahead for a while does not make it count as asleep later.
pub(super) fn at_work(mut row: Installation, seen: &Seen, asleep: Millis, now: Millis) -> Installation {
    row.kept.place = seen.place.clone().or(row.kept.place);
    row.kept.beats += 1;
    row.kept.awake_until = row.kept.awake_until.max(Some(now + asleep));
    Installation { beat_at: Some(now), quarantine: None, ..row }
}
