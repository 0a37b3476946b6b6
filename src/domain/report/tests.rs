//! Reports from counters.

use super::counter::{RatingMeasures, RequestStatus, supervisor_counts};
use super::*;
use crate::outcome::Outcome;
use proptest::prelude::*;

/// One close: its scale, how it ended, whether its question arrived, and its rating.
type Close = (Scale, Option<Outcome>, bool, u8, bool);

fn closes() -> impl Strategy<Value = Vec<Close>> {
    let outcome = proptest::option::of(proptest::sample::select(Outcome::ALL.to_vec()));
    let scale = proptest::sample::select(vec![Scale::Binary, Scale::FiveStar]);
    proptest::collection::vec((scale, outcome, any::<bool>(), 0_u8..=5, any::<bool>()), 0..60)
}

fn counted(closes: &[Close]) -> Vec<Scaled> {
    let one = |&(scale, outcome, delivered, score, voided): &Close| {
        let mut counts = RequestStatus { outcome, delivered, late: false, runs: score % 2 == 0 }.counts();
        if outcome == Some(Outcome::Answered) {
            let score = if scale == Scale::Binary { score.min(1) } else { score.max(1) };
            let low = score <= scale.low_max_default();
            counts.add(&RatingMeasures { scale, score, low, voided, took: 1_000, ..RatingMeasures::default() }.counts(), 1);
        }
        (scale, counts)
    };
    closes.iter().map(one).collect()
}

proptest! {
    /// Every share is a part of its whole, every interval holds its share, and parts add up to wholes.
    #[test]
    fn figures_hold_together(closes in closes()) {
        let counted = counted(&closes);
        let report = Report::of(&counted);
        let funnel = report.funnel;
        prop_assert_eq!(funnel.closed, closes.len() as i64);
        prop_assert_eq!(funnel.asked + funnel.not_asked + funnel.canceled, funnel.closed);
        prop_assert_eq!(funnel.open + funnel.answered + funnel.expired + funnel.unreachable + funnel.unsure, funnel.asked);
        prop_assert!(funnel.answered <= funnel.delivered && funnel.delivered <= funnel.asked);
        let (part, of) = (report.response.part, report.response.of);
        prop_assert_eq!((part, of), (funnel.answered - funnel.answered_runs, funnel.delivered - funnel.delivered_runs));
        prop_assert!(part <= of && funnel.delivered_open <= funnel.open && funnel.delivered_open <= funnel.delivered_runs);
        let score = report.score;
        prop_assert_eq!(score.raw.good + score.raw.neutral + score.raw.bad, funnel.answered);
        prop_assert_eq!(score.raw.rated - score.adjusted.rated, score.voided);
        prop_assert!(score.adjusted.neutral >= 0 && score.adjusted.good <= score.raw.good);
        prop_assert_eq!(report.scales.iter().map(|scale| scale.score.raw.rated).sum::<i64>(), funnel.answered);
        for part in [report.response, report.not_asked, score.raw.share, score.adjusted.share] {
            prop_assert!(part.part <= part.of && (part.of > 0) == part.percent.is_some());
            if let (Some(percent), Some(low), Some(high)) = (part.percent, part.low, part.high) {
                prop_assert!(0.0 <= low && low <= percent + 1e-9 && percent <= high + 1e-9 && high <= 100.0, "{part:?}");
            }
        }
        for scale in &report.scales {
            prop_assert_eq!(scale.distribution.iter().map(|bar| bar.count).sum::<i64>(), scale.score.raw.rated);
        }
    }

    /// The range for silent clients contains the score that they would really make of it.
    #[test]
    fn the_bounds_hold_whatever_the_silent_think(rated in 0_i64..50, good in 0_i64..50, silent in 0_i64..50, content in 0_i64..50) {
        let (good, content) = (good.min(rated), content.min(silent));
        let mut counts = Counts::default();
        (counts[Measure::Closes], counts[Measure::Delivered]) = (rated + silent, rated + silent);
        (counts[Measure::Answered], counts[Measure::Good], counts[Measure::Bad]) = (rated, good, rated - good);
        match Report::of(&[(Scale::Binary, counts)]).score.with_the_silent {
            None => prop_assert_eq!(rated + silent, 0),
            Some(bounds) => {
                let truth = (good + content) as f64 * 100.0 / (rated + silent) as f64;
                prop_assert!(bounds.low <= truth + 1e-9 && truth <= bounds.high + 1e-9);
            }
        }
    }
}

#[test]
fn three_times_five_stars_are_no_certainty_and_three_thousand_are() {
    let few = average([0, 0, 0, 0, 0, 3]).unwrap();
    assert!(few.mean == 5.0 && few.low < 3.0 && few.of == 3, "{few:?}");
    let many = average([0, 0, 0, 0, 0, 3_000]).unwrap();
    assert!(many.low > 4.98, "{many:?}");
    // A textbook value: 100 answers, mean 4.3, deviation 0.78: ± 0.15.
    let usual = average([0, 0, 3, 10, 41, 46]).unwrap();
    assert!((usual.mean - 4.3).abs() < 0.01 && (usual.high - usual.low - 0.33).abs() < 0.06, "{usual:?}");
}

#[test]
fn the_middle_client_is_found_and_supervisors_are_averaged() {
    let mut counts = Counts::default();
    for secs in [10, 20, 200, 4_000, 999_999] {
        let took = secs * 1_000;
        let rated = RatingMeasures { score: 1, resolved: Some(true), commented: true, took, ..RatingMeasures::default() };
        counts.add(&RequestStatus { outcome: Some(Outcome::Answered), delivered: true, late: false, runs: false }.counts(), 1);
        counts.add(&rated.counts(), 1);
    }
    counts.add(&supervisor_counts(5), 1);
    counts.add(&supervisor_counts(2), 1);
    let report = Report::of(&[(Scale::Binary, counts)]);
    assert_eq!((report.took.median_from_secs, report.took.median_to_secs), (Some(60), Some(300)));
    assert_eq!(report.took.average_secs, Some((10 + 20 + 200 + 4_000 + 999_999) / 5));
    assert_eq!((report.supervisor.count, report.supervisor.average), (2, Some(3.5)));
    assert!(report.score.few && report.resolved.percent == Some(100.0) && report.commented.part == 5);
    assert_eq!(Report::of(&[]).took.median_from_secs, None);
}
