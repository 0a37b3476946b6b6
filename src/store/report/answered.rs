//! How many closes were answered, week by week, over all there ever was: read without the other counts of each day.

use super::counter_cell::Body;
use super::slice::WantedSlices;
use super::{By, Closes, Part, ask, text};
use crate::domain::report::counter::Measure;
use crate::store::sql::Sql;
use crate::store::{Db, StoreError, document};
use serde::de::{Deserialize, Deserializer, IgnoredAny, SeqAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;

/// How many closes were answered, by the Monday of their week in days since 1970.
///
/// # Errors
/// The database's error.
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

/// What a slice counts as answered: its other counts are passed over.
struct KeptAnswered(i64);

impl<'de> Deserialize<'de> for KeptAnswered {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Numbers;
        impl<'de> Visitor<'de> for Numbers {
            type Value = KeptAnswered;

            fn expecting(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
                text.write_str("counts in the order of their measures")
            }

            fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<KeptAnswered, S::Error> {
                for _ in 0..Measure::Answered as usize {
                    // Zeros at the end are not kept.
                    if seq.next_element::<IgnoredAny>()?.is_none() {
                        return Ok(KeptAnswered(0));
                    }
                }
                let answered = seq.next_element()?.unwrap_or(0);
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(KeptAnswered(answered))
            }
        }
        from.deserialize_seq(Numbers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::report::counter_cell::KeptCounts;

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
