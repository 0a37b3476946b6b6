//! Number of answered closes by week, over all time: read without the other counts of each day.

use super::slice::WantedSlices;
use super::{By, Closes, Part, ask, text};
use crate::counter::cell::{Body, each_count};
use crate::sql::Sql;
use crate::{Db, StoreError, document};
use lastword_domain::report::counter::Measure;
use serde::de::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// Number of answered closes, by the Monday of their week in days since 1970.
pub async fn answered_by_week(db: &Db, closes: &Closes) -> Result<BTreeMap<i64, i64>, StoreError> {
    static KNOWN: Sql = Sql::made(|| text(&[Body::Counts], false));
    static FOUND: Sql = Sql::made(|| text(&[Body::Counts], true));
    let wanted = WantedSlices::of(closes);
    let take = move |weeks: &mut BTreeMap<i64, i64>, part: &Part<'_, 1>| {
        let ([counts], mut answered) = (part.bodies, 0);
        if part.slice.is_empty() {
            wanted.read(Body::Counts, counts, |_, _, KeptAnswered(count)| answered += count)?;
        } else if wanted.pick(part.slice)?.is_some() {
            let KeptAnswered(count) = document("counter_delta", "counts", counts)?;
            answered += count;
        }
        *weeks.entry(By::Week.period(part.grain, part.period)).or_default() += answered * part.times;
        Ok(())
    };
    ask(db, [&KNOWN, &FOUND], closes, By::Week, [Body::Counts], BTreeMap::new(), take).await
}

/// The answered count of a slice; its other counts are skipped.
struct KeptAnswered(i64);

impl<'de> Deserialize<'de> for KeptAnswered {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut answered = 0;
        each_count(from, |place, count| {
            if place == Measure::Answered as usize {
                answered = count;
            }
        })?;
        Ok(Self(answered))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counter::cell::KeptCounts;

    #[test]
    fn one_count_is_read_as_among_all() {
        for json in ["[]", "[9]", "[9,8,7,6]", "[9,8,7,6,5]", "[9,8,7,6,0,4,3]", "[9,8,7,6,-5,4,3]"] {
            let KeptCounts(all) = serde_json::from_str(json).unwrap();
            let KeptAnswered(answered) = serde_json::from_str(json).unwrap();
            assert_eq!(answered, all[Measure::Answered], "{json}");
        }
        for damaged in ["[9,8,7,6,\"x\"]", "[9,8,7,6,5", "{}"] {
            assert!(serde_json::from_str::<KeptAnswered>(damaged).is_err(), "{damaged}");
        }
    }
}
