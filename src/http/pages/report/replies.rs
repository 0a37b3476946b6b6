//! Handling of low ratings by line: replied to, in time, time to reply, and recovered clients.

use super::words;
use crate::frame::Frame;
use lastword_domain::report::Part;
use lastword_life::report::replies::{self, Replies};
use lastword_store::report::Closes;
use lastword_store::{Db, Millis, StoreError};

/// Handling of the low ratings of one line.
pub(super) struct RepliesView {
    /// The line.
    pub(super) line: String,
    /// Number replied to.
    pub(super) replied: String,
    /// Number replied to in time; empty if there is no deadline.
    pub(super) in_time: String,
    /// Number overdue now.
    pub(super) late: String,
    /// Time to the first reply.
    pub(super) took: String,
    /// Number of clients whose second rating is good.
    pub(super) recovered: String,
}

/// Lines with low ratings. Replies are not counted by operator: empty if the query filters by one.
pub(super) async fn replies(page: &Frame, db: &Db, closes: &Closes, now: Millis) -> Result<Vec<RepliesView>, StoreError> {
    if closes.operator.is_some() {
        return Ok(Vec::new());
    }
    let (_, lines) = replies::replies(db, closes, now).await?;
    Ok(lines.into_iter().map(|found| shown(page, found)).collect())
}

fn shown(page: &Frame, found: Replies) -> RepliesView {
    let share = |part: &Part| match (part.low, part.high) {
        (Some(low), Some(high)) => {
            format!("{} ({}) · {}", words::percent(page, part.percent), words::part(page, part), words::range(page, low, high))
        }
        _ => String::new(),
    };
    let took = found.first_reply.map(|took| {
        let median = took.median / 1_000;
        match (took.low, took.high) {
            (Some(low), Some(high)) => {
                let (low, high) = (low / 1_000, high / 1_000);
                let (time, likely) = (words::within(page, median, (low, high)), words::span(page, low, high));
                page.t2("replies-took", "time", time.as_str(), "likely", likely.as_str())
            }
            _ => words::secs(page, median),
        }
    });
    RepliesView {
        replied: share(&found.replied),
        in_time: share(&found.in_time),
        late: if found.late > 0 { page.t1("low-late", "n", found.late) } else { String::new() },
        took: took.unwrap_or_default(),
        recovered: share(&found.recovered),
        line: found.name,
    }
}
