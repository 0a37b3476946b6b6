//! Replies to low ratings: number, punctuality, speed, and recovery of their clients; by line.

use super::{groups, period};
use lastword_base::names::LineId;
use lastword_domain::report::Part;
use lastword_domain::report::median::{Median, median};
use lastword_store::report::replies::{Punctuality, Recovery, first_replies, own_low, punctuality, recovery};
use lastword_store::report::{By, Closes, imported_rule};
use lastword_store::{Db, Millis, StoreError, line};
use std::collections::{BTreeMap, BTreeSet};

/// Replies to the low ratings of one line, or of all.
#[derive(Clone, Debug, PartialEq)]
pub struct Replies {
    /// The line; empty for all.
    pub line: LineId,
    /// Its name.
    pub name: String,
    /// Low ratings that are neither voided nor imported: those with a reply.
    pub replied: Part,
    /// Those in time, of all that are due, replied to or resolved. The whole is 0 if the line has no deadline.
    pub in_time: Part,
    /// Number of overdue ones without a reply.
    pub late: i64,
    /// Number of waiting ones that are not due yet.
    pub not_due: i64,
    /// Time to the first reply, in milliseconds.
    pub first_reply: Option<Median>,
    /// Of those with a reply: clients who were asked once more.
    pub asked_again: Part,
    /// Of those: clients who answered.
    pub answered_again: Part,
    /// Of those: clients whose second rating is good.
    pub recovered: Part,
}

impl Replies {
    fn of((line, name): (LineId, String), low: i64, kept: Punctuality, recovery: Recovery, mut took: Vec<Millis>) -> Self {
        Self {
            line,
            name,
            replied: Part::new(recovery.replied, low),
            in_time: Part::new(kept.in_time, kept.in_time + kept.late),
            late: kept.late_open,
            not_due: kept.not_due,
            first_reply: median(&mut took),
            asked_again: Part::new(recovery.asked_again, recovery.replied),
            answered_again: Part::new(recovery.answered_again, recovery.asked_again),
            recovered: Part::new(recovery.recovered, recovery.answered_again),
        }
    }
}

/// Low ratings by line, without imported ones: nobody could reply to them here.
async fn low_by_line(db: &Db, closes: &Closes) -> Result<BTreeMap<LineId, i64>, StoreError> {
    let (days, zone) = (period(closes), db.zone());
    let imported = imported_rule::of(db, closes.line.as_ref(), days.from.start(zone), days.until.start(zone)).await?;
    if !imported.is_empty() {
        return Ok(own_low(db, closes).await?.into_iter().collect());
    }
    let (rows, _) = groups(db, closes, By::Line, usize::MAX).await?;
    Ok(rows.iter().map(|row| (LineId::from(&row.id), row.report.score.adjusted.bad)).collect())
}

/// Replies to the low ratings of these closes: over all, and of each line that has any, by name. Imported ratings are left out.
#[lastword_base::boxed]
pub async fn replies(db: &Db, closes: &Closes, now: Millis) -> Result<(Replies, Vec<Replies>), StoreError> {
    let recovery: BTreeMap<LineId, Recovery> = recovery(db, closes).await?.into_iter().collect();
    let kept: BTreeMap<LineId, Punctuality> = punctuality(db, closes, now).await?.into_iter().collect();
    let mut took: BTreeMap<LineId, Vec<Millis>> = BTreeMap::new();
    for (line, millis) in first_replies(db, closes).await? {
        took.entry(line).or_default().push(millis);
    }
    let low = low_by_line(db, closes).await?;
    let all = Replies::of(
        Default::default(),
        low.values().sum(),
        kept.values().fold(Punctuality::default(), |a, b| Punctuality {
            in_time: a.in_time + b.in_time,
            late: a.late + b.late,
            late_open: a.late_open + b.late_open,
            not_due: a.not_due + b.not_due,
        }),
        recovery.values().fold(Recovery::default(), |a, b| Recovery {
            replied: a.replied + b.replied,
            asked_again: a.asked_again + b.asked_again,
            answered_again: a.answered_again + b.answered_again,
            recovered: a.recovered + b.recovered,
        }),
        took.values().flatten().copied().collect(),
    );
    let names = line::names(db).await?;
    let with_low = low.iter().filter(|(_, low)| **low > 0).map(|(id, _)| id);
    let ids: BTreeSet<&LineId> = with_low.chain(kept.keys()).chain(recovery.keys()).collect();
    let of = |id: &LineId| {
        let name = names.get(id).cloned().unwrap_or_else(|| id.to_string());
        let (low, kept) = (low.get(id).copied().unwrap_or(0), kept.get(id).copied().unwrap_or_default());
        let recovery = recovery.get(id).copied().unwrap_or_default();
        Replies::of((id.clone(), name), low, kept, recovery, took.get(id).cloned().unwrap_or_default())
    };
    let mut lines: Vec<Replies> = ids.into_iter().map(of).collect();
    lines.sort_by(|a, b| (&a.name, &a.line).cmp(&(&b.name, &b.line)));
    Ok((all, lines))
}
