//! Records mature questions: without an answer a day after the close, or when the question is over, a client counts as silent.

use super::hear::{Added, Sums};
use crate::engine::Engine;
use lastword_base::names::LineId;
use lastword_store::report::watch;
use lastword_store::{Millis, StoreError, transaction};

/// Pause for a share after all of its mature questions were recorded.
const REST: Millis = 60_000;
/// Maximum number of shares in one run.
const SHARES: i64 = 20;

/// Records the questions that are mature, at most `limit` of each share. Returns their number.
#[lastword_base::boxed]
pub async fn mature(engine: &Engine, now: Millis, limit: i64) -> Result<usize, StoreError> {
    transaction!(engine.db, [engine], async |tx| {
        let mut watches = watch::due(tx, now, SHARES).await?;
        if watches.is_empty() {
            return Ok(0);
        }
        let lines: Vec<&LineId> = watches.iter().map(|watch| &watch.line_id).collect();
        let lines = engine.lines.current(tx, &lines).await?;
        let (mut heard, mut sums) = (0, Sums::default());
        for watch in &mut watches {
            watch.next_at = Some(now + REST);
            let line = lines.get(&watch.line_id).filter(|line| watch.kind.basis(&line.settings) == watch.basis);
            let Some(line) = line else { continue };
            let found = watch::matured(tx, watch, &line.settings, now, limit).await?;
            for question in &found {
                if question.is_case && question.closed_at >= watch.since {
                    sums.add(&engine, watch, Added { bad: question.bad, at: question.closed_at, corrects: false }, now);
                }
            }
            if let Some(last) = found.last() {
                watch.read_to = last.id.to_string();
            }
            if i64::try_from(found.len()).is_ok_and(|found| found >= limit) {
                watch.next_at = Some(now);
            }
            heard += found.len();
        }
        watch::write(tx, &watches).await?;
        sums.write(tx, now).await?;
        Ok(heard)
    })
    .await
}
