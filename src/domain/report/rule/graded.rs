//! The scores that were graded in a certain way, as seen in ratings. If the same score was graded in two ways, the definition changed
//! in between, and shares of the ratings before and after would differ although clients rated the same.

use super::super::case::parts;
use super::super::counter::{Counts, Measure};
use crate::answer::rating::Scale;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The scores that counted as good and those that did not, as sets of bits, by stratum.
#[derive(Clone, Debug, Default)]
pub struct Graded(HashMap<String, [u8; 2]>);

impl Graded {
    /// Adds a rating of this stratum.
    pub fn see(&mut self, stratum: &str, score: u8, good: bool) {
        let bit = 1_u8.checked_shl(score.into()).unwrap_or_default();
        match self.0.get_mut(stratum) {
            Some(seen) => seen[usize::from(good)] |= bit,
            None => {
                let mut seen = [0; 2];
                seen[usize::from(good)] = bit;
                self.0.insert(stratum.to_owned(), seen);
            }
        }
    }

    /// Adds what was seen elsewhere.
    pub fn join(&mut self, other: &Self) {
        for (stratum, [bad, good]) in &other.0 {
            let seen = self.0.entry(stratum.clone()).or_default();
            *seen = [seen[0] | bad, seen[1] | good];
        }
    }

    /// True if the ratings have no definition of good in common: several scales, or a score that was graded in both ways.
    pub fn has_several_definitions(&self) -> bool {
        let scales: BTreeSet<Scale> = self.0.keys().filter_map(|stratum| parts(stratum)).map(|(.., scale)| scale).collect();
        scales.len() > 1 || !self.redefined().is_empty()
    }

    /// The strata of the lines and scales with a score that was graded in both ways.
    pub fn redefined(&self) -> BTreeSet<&str> {
        let place = |stratum: &str| parts(stratum).map(|(line, _, scale)| (line.to_owned(), scale));
        let mut lines: BTreeMap<(String, Scale), [u8; 2]> = BTreeMap::new();
        for (stratum, [bad, good]) in &self.0 {
            if let Some(place) = place(stratum) {
                let seen = lines.entry(place).or_default();
                *seen = [seen[0] | bad, seen[1] | good];
            }
        }
        lines.retain(|_, [bad, good]| *bad & *good != 0);
        self.0.keys().map(String::as_str).filter(|stratum| place(stratum).is_some_and(|place| lines.contains_key(&place))).collect()
    }
}

/// True if one rule for bad scores fits the counts of each period: the ratings up to one score are its bad ones.
pub fn has_one_low_rule(periods: &[Counts]) -> bool {
    (0..=6).any(|scores| periods.iter().all(|counts| counts.scores().iter().take(scores).sum::<i64>() == counts[Measure::Bad]))
}

#[cfg(test)]
mod tests {
    use super::super::super::case::stratum;
    use super::*;

    #[test]
    fn a_score_that_was_graded_in_two_ways_shows_another_definition() {
        let of = |line: &str, channel: &str| stratum(&line.into(), channel, Scale::FiveStar);
        let (mut now, mut then) = (Graded::default(), Graded::default());
        for (score, good) in [(5, true), (4, true), (3, false)] {
            now.see(&of("a", "mail"), score, good);
            now.see(&of("b", "mail"), score, good);
        }
        then.see(&of("a", "chat"), 4, false);
        then.see(&of("b", "mail"), 2, false);
        then.see(&of("b", "mail"), 5, true);
        assert!(now.redefined().is_empty() && then.redefined().is_empty());
        now.join(&then);
        assert_eq!(now.redefined().into_iter().collect::<Vec<_>>(), [of("a", "chat"), of("a", "mail")], "every channel of the line");
        assert!(now.has_several_definitions() && !then.has_several_definitions());
        then.see(&stratum(&"b".into(), "mail", Scale::Binary), 1, true);
        assert!(then.has_several_definitions(), "thumbs and stars");
    }

    #[test]
    fn one_rule_for_bad_scores_fits_or_none_does() {
        let of = |scores: [i64; 6], bad| {
            let mut counts = Counts::default();
            counts.0[Measure::Score0 as usize..=Measure::Score5 as usize].copy_from_slice(&scores);
            counts[Measure::Bad] = bad;
            counts
        };
        let (two, three) = (of([0, 1, 2, 4, 8, 16], 3), of([0, 1, 2, 4, 8, 16], 7));
        assert!(has_one_low_rule(&[two, two]) && has_one_low_rule(&[three]) && has_one_low_rule(&[]));
        assert!(!has_one_low_rule(&[two, three]));
        assert!(has_one_low_rule(&[two, of([0, 3, 0, 0, 0, 5], 3)]), "no rating of the second tells the two rules apart");
        assert!(!has_one_low_rule(&[of([0, 1, 2, 4, 8, 16], 5)]), "two rules in one period");
        assert!(has_one_low_rule(&[of([3, 9, 0, 0, 0, 0], 3), of([0, 9, 0, 0, 0, 0], 0)]), "thumbs");
    }
}
