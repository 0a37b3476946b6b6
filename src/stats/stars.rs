//! Interval of an average of stars. For the lower bound, assume that one more client gave one star, for the upper bound, that one
//! more gave five, and take the quantile of the Bayesian bootstrap (Gaffke's bound; Learned-Miller & Thomas, "A new confidence
//! interval for the mean of a bounded random variable", arXiv 1905.06208). The bootstrap is approximated by a Beta distribution
//! with the same mean and variance. For two values it is Clopper and Pearson's interval.

use super::beta::quantile;

/// The average of `stars` (the numbers of one to five stars) with its 95 % interval: mean, lower bound, upper bound; `None` without
/// any.
pub fn average(stars: [i64; 5]) -> Option<(f64, f64, f64)> {
    let of: i64 = stars.iter().sum();
    if of <= 0 {
        return None;
    }
    let sum: i64 = stars.iter().zip(1..).map(|(count, star)| count * star).sum();
    let mean = sum as f64 / of as f64;
    Some((mean, bound(stars, 0, 0.025).min(mean), bound(stars, 4, 0.975).max(mean)))
}

fn bound(mut stars: [i64; 5], end: usize, chance: f64) -> f64 {
    stars[end] += 1;
    let all: i64 = stars.iter().sum();
    let moment = |power: i32| stars.iter().zip(0..).map(|(&count, step)| count as f64 * (f64::from(step) / 4.0).powi(power)).sum::<f64>();
    let of = all as f64;
    let mean = moment(1) / of;
    let variance = (moment(2) / of - mean * mean) / (of + 1.0);
    if variance <= 0.0 {
        return (end + 1) as f64;
    }
    let size = mean * (1.0 - mean) / variance - 1.0;
    1.0 + 4.0 * quantile(mean * size, (1.0 - mean) * size, chance)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn intervals_are_gaffkes() {
        for (stars, mean, low, high) in [
            ([0, 0, 0, 0, 5], 5.0, 2.91, 5.0),
            ([1, 0, 0, 0, 7], 4.5, 2.89, 4.99),
            ([0, 0, 0, 12, 18], 4.6, 4.18, 4.76),
            ([2, 0, 1, 0, 57], 4.83, 4.50, 4.97),
        ] {
            let (m, l, h) = average(stars).unwrap();
            assert!((m - mean).abs() < 0.005 && (l - low).abs() < 0.005 && (h - high).abs() < 0.005, "{stars:?}: {m} {l} {h}");
        }
        assert_eq!(average([0; 5]), None);
    }

    proptest! {
        #[test]
        fn an_average_lies_in_its_interval_on_the_scale(stars in proptest::array::uniform5(0_i64..1_000)) {
            if let Some((mean, low, high)) = average(stars) {
                prop_assert!(1.0 <= low && low <= mean && mean <= high && high <= 5.0);
            }
        }

        /// For two values it is the interval of the share.
        #[test]
        fn thumbs_and_stars_agree(bad in 0_i64..200, good in 0_i64..200) {
            prop_assume!(bad + good > 0);
            let (_, low, high) = average([bad, 0, 0, 0, good]).unwrap();
            let (exact_low, exact_high) = crate::target::exact_interval(crate::share::Share::of(good, bad + good)).unwrap();
            prop_assert!(((low - 1.0) * 25.0 - exact_low).abs() < 1e-6 && ((high - 1.0) * 25.0 - exact_high).abs() < 1e-6);
        }
    }
}
