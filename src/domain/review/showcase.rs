//! Public page of a line's ratings, if the line wants it: three days after the answer (M3), without voided and rightly flagged
//! ones, and with no more than the client's first name and an initial.

use crate::Millis;
use crate::answer::rating::{Grade, Scale};
use crate::report::calendar::Day;
use crate::report::period::Period;
use crate::report::share::Share;

/// Time after which a rating is public. Until then it may be replied to, fixed and changed.
pub const SHOWN_AFTER: Millis = 3 * 24 * 3_600_000;
/// Number of days that the public score covers.
pub const DAYS: i64 = 365;

/// Ratings given before this time are public at `now`.
pub fn shown_before(now: Millis) -> Millis {
    now - SHOWN_AFTER
}

/// The days whose closes make up the public score; `today` is the organisation's.
pub fn days(today: Day) -> Period {
    let until = today.plus(-SHOWN_AFTER / 86_400_000);
    Period { from: until.plus(-DAYS), until }
}

/// The public score of a line on one scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PublicScore {
    /// The scale.
    pub scale: Scale,
    /// The mean of the scores: 0 to 1 for thumbs, 1 to 5 for stars.
    pub mean: f64,
    /// Number of ratings.
    pub count: i64,
    /// Number of good ones.
    pub good: i64,
}

impl PublicScore {
    /// The score from ratings by score, of which `good` are good: the counted ones minus the `hidden` ones, each a score, whether it is
    /// low on the line, and a number. `None` without ratings.
    pub fn of(scale: Scale, counted: &[(u8, i64)], good: i64, hidden: &[(u8, bool, i64)]) -> Option<Self> {
        let counted_of = |score: u8| counted.iter().filter(|(other, _)| *other == score).map(|(_, count)| count).sum::<i64>();
        let hidden_of = |score: u8| hidden.iter().filter(|(other, ..)| *other == score).map(|(.., count)| count).sum::<i64>();
        let (mut count, mut sum) = (0, 0);
        for score in scale.scores() {
            let shown = (counted_of(score) - hidden_of(score)).max(0);
            count += shown;
            sum += i64::from(score) * shown;
        }
        let is_good = |&&(score, low, _): &&(u8, bool, i64)| Grade::of(scale, score, low) == Grade::Good;
        let good = (good - hidden.iter().filter(is_good).map(|(.., count)| count).sum::<i64>()).clamp(0, count);
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
        (count > 0).then(|| Self { scale, mean: sum as f64 / count as f64, count, good })
    }

    /// Lower bound of the interval of the share of good ratings, in percent. Lines on any scale are ranked by it: a few ratings
    /// that are all good do not rank first.
    pub fn lower_end(self) -> Option<f64> {
        Share::of(self.good, self.count).interval().map(|(low, _)| low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_score_leaves_out_what_is_hidden() {
        let stars = PublicScore::of(Scale::FiveStar, &[(5, 3), (1, 2)], 3, &[(1, true, 1)]).unwrap();
        assert_eq!((stars.count, stars.mean, stars.good), (4, 4.0, 3));
        assert_eq!(PublicScore::of(Scale::Binary, &[(1, 2)], 2, &[(1, false, 2)]), None);
        // On a line that counts four stars as low, only five stars are good.
        let strict = PublicScore::of(Scale::FiveStar, &[(5, 3), (4, 2)], 3, &[(4, true, 1), (5, false, 1)]).unwrap();
        assert_eq!((strict.count, strict.good), (3, 2));
        let period = days(Day::parse("2026-11-21").unwrap());
        assert_eq!((period.until.to_string(), period.days()), ("2026-11-18".to_owned(), DAYS));
        assert_eq!(shown_before(SHOWN_AFTER), 0);
    }

    #[test]
    fn few_ratings_do_not_lead() {
        let end = |scale, counted: &[(u8, i64)], good| PublicScore::of(scale, counted, good, &[]).unwrap().lower_end().unwrap();
        let few = end(Scale::Binary, &[(1, 4)], 4);
        let many = end(Scale::Binary, &[(0, 20), (1, 280)], 280);
        let stars = end(Scale::FiveStar, &[(3, 10), (4, 40), (5, 50)], 90);
        assert!(many > stars && stars > few, "{many} {stars} {few}");
    }

    proptest! {
        #[test]
        fn a_mean_stays_on_its_scale(counts in proptest::collection::vec((1_u8..=5, 0_i64..100), 0..6)) {
            if let Some(score) = PublicScore::of(Scale::FiveStar, &counts, 0, &[]) {
                prop_assert!((1.0..=5.0).contains(&score.mean) && score.count > 0);
            }
        }
    }
}
