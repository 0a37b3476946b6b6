//! Reads of the counted reasons: why closes were not asked about, taken back or not reached, and why ratings were low.

use super::counter_cell::SliceReasons;
use super::slice::WantedSlices;
use super::{Body, By, Closes, Group, Groups, Part, ask, group_name, pieces, text};
use crate::domain::answer::rating::Scale;
use crate::domain::answer::reason::ReasonOrigin;
use crate::domain::question::outcome::Outcome;
use crate::domain::report::counter::ReasonOf;
use crate::store::sql::Sql;
use crate::store::{Db, StoreError, document};
use std::collections::BTreeMap;

/// Outcome, reason, how many.
pub type Reason = (Outcome, String, i64);

/// The counts of these closes as [`super::counts`] has them, and why closes were not asked about, taken back, or not reached, by
/// group; the most frequent reason of each outcome first. Cells are read once for both.
///
/// # Errors
/// The database's error.
pub async fn counts_and_reasons(db: &Db, closes: &Closes, by: By) -> Result<(Vec<Group>, BTreeMap<String, Vec<Reason>>), StoreError> {
    let (groups, counted) = read(db, closes, by).await?;
    let mut found: BTreeMap<String, BTreeMap<(Outcome, String), i64>> = BTreeMap::new();
    for ((name, _), counted) in counted {
        let group = found.entry(name).or_default();
        for (Counted { of, reason, .. }, n) in counted {
            if let ReasonOf::Outcome(outcome) = of {
                *group.entry((outcome, reason)).or_default() += n;
            }
        }
    }
    let sorted = |group: BTreeMap<(Outcome, String), i64>| {
        let mut reasons: Vec<Reason> =
            group.into_iter().filter(|(_, n)| *n != 0).map(|((outcome, reason), n)| (outcome, reason, n)).collect();
        reasons.sort_by(|(outcome, reason, n), (other, another, m)| (outcome.as_str(), -n, reason).cmp(&(other.as_str(), -m, another)));
        reasons
    };
    Ok((groups, found.into_iter().map(|(name, group)| (name, sorted(group))).collect()))
}

/// How many low ratings that are not voided have a reason, on each scale.
pub type LowReasons = Vec<(Scale, ReasonOrigin, String, i64)>;

/// The counts of these closes as [`super::counts`] has them, and why ratings were low, by group and day or month since 1970 (0
/// where it is not split by time). Cells are read once for both.
///
/// # Errors
/// The database's error.
pub async fn counts_and_low(db: &Db, closes: &Closes, by: By) -> Result<(Vec<Group>, BTreeMap<(String, i64), LowReasons>), StoreError> {
    let low = |(Counted { scale, of, reason }, n): (Counted, i64)| match of {
        ReasonOf::Low(origin) if n != 0 => Some((scale, origin, reason, n)),
        ReasonOf::Low(_) | ReasonOf::Outcome(_) => None,
    };
    let (groups, found) = read(db, closes, by).await?;
    Ok((groups, found.into_iter().map(|(group, counted)| (group, counted.into_iter().filter_map(low).collect())).collect()))
}

/// One reason of closes on one scale.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Counted {
    scale: Scale,
    of: ReasonOf,
    reason: String,
}

/// By group and day or month.
type CountedReasons = BTreeMap<(String, i64), BTreeMap<Counted, i64>>;

async fn read(db: &Db, closes: &Closes, by: By) -> Result<(Vec<Group>, CountedReasons), StoreError> {
    const BODIES: [Body; 2] = [Body::Counts, Body::Reasons];
    static KNOWN: Sql = Sql::made(|| text(&BODIES, false));
    static FOUND: Sql = Sql::made(|| text(&BODIES, true));
    let (mut groups, mut found) = (Groups::default(), CountedReasons::new());
    for part in ask(db, [&KNOWN, &FOUND], closes, by, &pieces(closes, by), BODIES).await? {
        let [counts, reasons] = &part.bodies;
        if !counts.is_empty() {
            groups.add(closes, by, &part, counts)?;
        }
        if !reasons.is_empty() {
            add(&mut found, closes, by, &part, reasons)?;
        }
    }
    Ok((groups.sorted(), found))
}

/// Adds the reasons of the wanted slices of one cell.
fn add<const N: usize>(found: &mut CountedReasons, closes: &Closes, by: By, part: &Part<N>, reasons: &str) -> Result<(), StoreError> {
    let (wanted, period) = (WantedSlices::of(closes), by.period(part.grain, part.period));
    let mut add = |(scale, handled_by), of: &str, reason: String, n: i64| {
        let bad = || StoreError::Inconsistent { table: "counter", column: "reasons", found: of.to_owned() };
        let of = ReasonOf::parse(of).ok_or_else(bad)?;
        let group = found.entry((group_name(by, &part.name, handled_by), period)).or_default();
        *group.entry(Counted { scale, of, reason }).or_default() += n * part.times;
        Ok(())
    };
    if !part.slice.is_empty() {
        let (of, reason, n): (String, String, i64) = document("counter_delta", "reason", reasons)?;
        return wanted.pick(&part.slice)?.map_or(Ok(()), |slice| add(slice, &of, reason, n));
    }
    let mut added = Ok(());
    wanted.read("reasons", reasons, |scale, handled_by, all: SliceReasons| {
        for (of, reasons) in all {
            for (reason, n) in reasons {
                if added.is_ok() {
                    added = add((scale, handled_by), &of, reason, n);
                }
            }
        }
    })?;
    added
}
