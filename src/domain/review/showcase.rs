//! Public page of a line's ratings, if the line wants it: three days after the answer (M3), without voided and rightly flagged
//! ones, and with no more than the client's first name and an initial.

use crate::Millis;
use crate::answer::rating::Scale;
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
    /// The score from ratings by score: the counted ones minus the `hidden` ones. `None` without ratings.
    pub fn of(scale: Scale, counted: &[(u8, i64)], hidden: &[(u8, i64)]) -> Option<Self> {
        let of = |score: u8, from: &[(u8, i64)]| from.iter().filter(|(other, _)| *other == score).map(|(_, count)| count).sum::<i64>();
        let shown = scale.scores().map(|score| (score, (of(score, counted) - of(score, hidden)).max(0)));
        let (mut count, mut sum, mut good) = (0, 0, 0);
        for (score, shown) in shown {
            count += shown;
            sum += i64::from(score) * shown;
            good += if score >= scale.good_min() { shown } else { 0 };
        }
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
        let stars = PublicScore::of(Scale::FiveStar, &[(5, 3), (1, 2)], &[(1, 1)]).unwrap();
        assert_eq!((stars.count, stars.mean), (4, 4.0));
        assert_eq!(PublicScore::of(Scale::Binary, &[(1, 2)], &[(1, 2)]), None);
        let period = days(Day::parse("2026-11-21").unwrap());
        assert_eq!((period.until.to_string(), period.days()), ("2026-11-18".to_owned(), DAYS));
        assert_eq!(shown_before(SHOWN_AFTER), 0);
    }

    #[test]
    fn few_ratings_do_not_lead() {
        let end = |scale, counted: &[(u8, i64)]| PublicScore::of(scale, counted, &[]).unwrap().lower_end().unwrap();
        let (few, many, stars) =
            (end(Scale::Binary, &[(1, 4)]), end(Scale::Binary, &[(0, 20), (1, 280)]), end(Scale::FiveStar, &[(3, 10), (4, 40), (5, 50)]));
        assert!(many > stars && stars > few, "{many} {stars} {few}");
    }

    proptest! {
        #[test]
        fn a_mean_stays_on_its_scale(counts in proptest::collection::vec((1_u8..=5, 0_i64..100), 0..6)) {
            if let Some(score) = PublicScore::of(Scale::FiveStar, &counts, &[]) {
                prop_assert!((1.0..=5.0).contains(&score.mean) && score.count > 0);
            }
        }
    }
}
