//! Reads of the counted reasons: why closes were not asked about, taken back or not reached, and why ratings were low.

use super::counter_cell::read_reasons;
use super::labelled::Body;
use super::{By, Closes, Part, ask, group_name, text, wanted};
use crate::domain::answer::rating::Scale;
use crate::domain::answer::reason::ReasonOrigin;
use crate::domain::question::outcome::Outcome;
use crate::domain::report::calendar::{Grain, by_month, spans};
use crate::domain::report::counter::ReasonOf;
use crate::store::sql::Sql;
use crate::store::{Db, StoreError, document};
use std::collections::BTreeMap;

/// Outcome, reason, how many.
pub type Reason = (Outcome, String, i64);

/// Why closes were not asked about, taken back, or not reached, by group; the most frequent reason of each outcome first.
///
/// # Errors
/// The database's error.
pub async fn reasons(db: &Db, closes: &Closes, by: By) -> Result<BTreeMap<String, Vec<Reason>>, StoreError> {
    let mut found: BTreeMap<String, BTreeMap<(Outcome, String), i64>> = BTreeMap::new();
    for ((name, _), counted) in read(db, closes, by).await? {
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
    Ok(found.into_iter().map(|(name, group)| (name, sorted(group))).collect())
}

/// How many low ratings that are not voided have a reason, on each scale.
pub type LowReasons = Vec<(Scale, ReasonOrigin, String, i64)>;

/// Why ratings were low, by group and day or month since 1970 (0 where it is not split by time).
///
/// # Errors
/// The database's error.
pub async fn low(db: &Db, closes: &Closes, by: By) -> Result<BTreeMap<(String, i64), LowReasons>, StoreError> {
    let low = |(Counted { scale, of, reason }, n): (Counted, i64)| match of {
        ReasonOf::Low(origin) if n != 0 => Some((scale, origin, reason, n)),
        ReasonOf::Low(_) | ReasonOf::Outcome(_) => None,
    };
    let found = read(db, closes, by).await?;
    Ok(found.into_iter().map(|(group, counted)| (group, counted.into_iter().filter_map(low).collect())).collect())
}

/// One reason of closes on one scale.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Counted {
    scale: Scale,
    of: ReasonOf,
    reason: String,
}

async fn read(db: &Db, closes: &Closes, by: By) -> Result<BTreeMap<(String, i64), BTreeMap<Counted, i64>>, StoreError> {
    fn made(find: bool) -> String {
        text("reasons", "{json_array}(reason_of, reason, n)", "reason_of <> ''", find)
    }
    static KNOWN: Sql = Sql::made(|| made(false));
    static FOUND: Sql = Sql::made(|| made(true));
    let pieces = match by {
        By::Day => spans(closes.from, closes.until, Grain::Day),
        By::Month => by_month(closes.from, closes.until),
        By::Nothing | By::Line | By::Operator | By::Channel | By::HandledBy | By::Label => spans(closes.from, closes.until, Grain::Year),
    };
    let mut found: BTreeMap<(String, i64), BTreeMap<Counted, i64>> = BTreeMap::new();
    for Part { name, grain, period, times, slice, body } in ask(db, [&KNOWN, &FOUND], closes, by, &pieces, Body::Reasons).await? {
        let period = by.period(grain, period);
        let mut add = |slice: &str, of: &str, reason: String, n: i64| {
            let of = ReasonOf::parse(of).ok_or_else(|| StoreError::Inconsistent {
                table: "counter",
                column: "reasons",
                found: of.to_owned(),
            })?;
            if let Some((scale, handled_by)) = wanted(closes, slice)? {
                let group = found.entry((group_name(by, &name, handled_by), period)).or_default();
                *group.entry(Counted { scale, of, reason }).or_default() += n;
            }
            Ok::<_, StoreError>(())
        };
        if !slice.is_empty() {
            let (of, reason, n): (String, String, i64) = document("counter_delta", "reason", &body)?;
            add(&slice, &of, reason, n)?;
            continue;
        }
        for (slice, all) in read_reasons(&body)? {
            for (of, reasons) in all {
                for (reason, n) in reasons {
                    add(&slice, &of, reason, n * times)?;
                }
            }
        }
    }
    Ok(found)
}
