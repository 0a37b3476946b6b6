//! Queries of the counted reasons: why closes were not asked about, canceled or unreachable, and why ratings were low.

use super::slice::{WantedSlices, Word};
use super::{By, Closes, Group, Groups, Part, ask, group_name, text};
use crate::counter::cell::Body;
use crate::counter::cell::entry;
use crate::sql::Sql;
use crate::{Db, StoreError, document};
use lastword_domain::answer::rating::Scale;
use lastword_domain::answer::reason::ReasonOrigin;
use lastword_domain::outcome::Outcome;
use lastword_domain::report::counter::ReasonOf;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Outcome, reason, number.
pub type Reason = (Outcome, String, i64);

/// The counts of these closes as in [`super::counts`], and the reasons why closes were not asked about, canceled or unreachable, by
/// group; the most frequent reason of each outcome first. Cells are read once for both.
pub async fn counts_and_reasons(db: &Db, closes: &Closes, by: By) -> Result<(Vec<Group>, BTreeMap<String, Vec<Reason>>), StoreError> {
    let (groups, counted) = read(db, closes, by, |of| matches!(of, ReasonOf::Outcome(_))).await?;
    let mut found: BTreeMap<String, BTreeMap<(Outcome, String), i64>> = BTreeMap::new();
    for (name, periods) in counted {
        let group = found.entry(name).or_default();
        for ((_, of), reasons) in periods.into_values().flatten() {
            let ReasonOf::Outcome(outcome) = of else { continue };
            for (reason, n) in reasons {
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

/// Number of low ratings that are not voided by reason, on each scale.
pub type LowReasons = Vec<(Scale, ReasonOrigin, String, i64)>;

/// The counts of these closes as in [`super::counts`], and the reasons of low ratings, by group and day or month since 1970 (0 if
/// not split by time). Cells are read once for both.
pub async fn counts_and_low(db: &Db, closes: &Closes, by: By) -> Result<(Vec<Group>, BTreeMap<(String, i64), LowReasons>), StoreError> {
    let (groups, found) = read(db, closes, by, |of| matches!(of, ReasonOf::Low(_))).await?;
    let mut low: BTreeMap<(String, i64), LowReasons> = BTreeMap::new();
    for (name, periods) in found {
        for (period, counted) in periods {
            let group = low.entry((name.clone(), period)).or_default();
            for ((scale, of), reasons) in counted {
                let ReasonOf::Low(origin) = of else { continue };
                group.extend(reasons.into_iter().filter(|(_, n)| *n != 0).map(|(reason, n)| (scale, origin, reason, n)));
            }
        }
    }
    Ok((groups, low))
}

/// Numbers of reasons, by scale and kind.
type Counted = BTreeMap<(Scale, ReasonOf), BTreeMap<String, i64>>;

/// By group, and by day or month.
type CountedReasons = BTreeMap<String, BTreeMap<i64, Counted>>;

/// The reasons of a slice, borrowed from its text: kind, reason, number.
#[derive(Deserialize)]
#[serde(transparent)]
struct LentReasons<'a>(#[serde(borrow)] BTreeMap<Word<'a>, BTreeMap<Word<'a>, i64>>);

/// The counts of these closes, and their reasons of the kinds for which `wants` is true.
async fn read(db: &Db, closes: &Closes, by: By, wants: fn(ReasonOf) -> bool) -> Result<(Vec<Group>, CountedReasons), StoreError> {
    const BODIES: [Body; 2] = [Body::Counts, Body::Reasons];
    static KNOWN: Sql = Sql::made(|| text(&BODIES, false));
    static FOUND: Sql = Sql::made(|| text(&BODIES, true));
    let wanted = WantedSlices::of(closes);
    let take = move |(groups, found): &mut (Groups, CountedReasons), part: &Part<'_, 2>| {
        let [counts, reasons] = part.bodies;
        if !counts.is_empty() {
            groups.add(wanted, by, part, counts)?;
        }
        if !reasons.is_empty() {
            add(found, wanted, wants, by, part, reasons)?;
        }
        Ok(())
    };
    let (groups, found) = ask(db, [&KNOWN, &FOUND], closes, by, BODIES, (Groups::default(), CountedReasons::new()), take).await?;
    Ok((groups.sorted(), found))
}

/// Adds the reasons of the wanted slices of one cell.
fn add(
    found: &mut CountedReasons,
    wanted: WantedSlices,
    wants: fn(ReasonOf) -> bool,
    by: By,
    part: &Part<'_, 2>,
    reasons: &str,
) -> Result<(), StoreError> {
    let period = by.period(part.grain, part.period);
    let mut add = |(scale, handled_by), of: &str, reasons: &mut dyn Iterator<Item = (&str, i64)>| {
        let bad = || StoreError::Inconsistent { table: "counter_reason", column: "reasons", found: of.to_owned() };
        let of = ReasonOf::parse(of).ok_or_else(bad)?;
        if wants(of) {
            let periods = entry(found, group_name(by, part.name, handled_by));
            let counted = periods.entry(period).or_default().entry((scale, of)).or_default();
            for (reason, n) in reasons {
                *entry(counted, reason) += n * part.times;
            }
        }
        Ok(())
    };
    if !part.slice.is_empty() {
        let (of, reason, n): (String, String, i64) = document("counter_delta", "reason", reasons)?;
        let once = &mut std::iter::once((reason.as_str(), n));
        return wanted.pick(part.slice)?.map_or(Ok(()), |slice| add(slice, &of, once));
    }
    let mut added = Ok(());
    wanted.read(Body::Reasons, reasons, |scale, handled_by, LentReasons(all)| {
        for (of, reasons) in &all {
            if added.is_ok() {
                added = add((scale, handled_by), &of.0, &mut reasons.iter().map(|(reason, n)| (&*reason.0, *n)));
            }
        }
    })?;
    added
}

#[cfg(test)]
mod tests {
    use super::*;
    use lastword_domain::report::calendar::{Day, Grain};
    use lastword_domain::report::period::Period;

    fn counted(reasons: &str) -> Result<CountedReasons, StoreError> {
        let mut found = CountedReasons::new();
        let wanted = WantedSlices::of(&Closes::of(Period { from: Day(0), until: Day(1) }));
        let part = Part { name: "sales", grain: Grain::Day, period: 7, times: 2, slice: "", bodies: ["", reasons] };
        add(&mut found, wanted, |of| matches!(of, ReasonOf::Low(_)), By::Day, &part, reasons)?;
        Ok(found)
    }

    #[test]
    fn wanted_reasons_are_added_however_they_are_written() {
        let low = ReasonOf::Low(ReasonOrigin::Chosen);
        let other = ReasonOf::Outcome(Outcome::NotAsked);
        let cell = format!(
            r#"{{"binary/human":{{"{}":{{"slow":3,"a \"quote\"":1}},"{}":{{"muted":5}}}},"binary/program":{{"{}":{{"slow":1}}}}}}"#,
            low.as_str(),
            other.as_str(),
            low.as_str()
        );
        let reasons = BTreeMap::from([("a \"quote\"".to_owned(), 2), ("slow".to_owned(), 8)]);
        let all = BTreeMap::from([("sales".to_owned(), BTreeMap::from([(7, BTreeMap::from([((Scale::Binary, low), reasons)]))]))]);
        assert_eq!(counted(&cell).unwrap(), all);
        let error = counted(r#"{"binary/human":{"nonsense":{"slow":3}}}"#).unwrap_err();
        assert!(matches!(error, StoreError::Inconsistent { table: "counter_reason", column: "reasons", found } if found == "nonsense"));
    }
}
