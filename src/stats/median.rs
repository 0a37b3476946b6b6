//! Median of durations, with its interval.

use serde::Serialize;
use utoipa::ToSchema;

/// The quantile of the 95 % interval.
const Z: f64 = 1.959_963_984_540_054;
/// Up to this number of values, the bounds of the interval are exact.
const EXACT_MAX: usize = 500;

/// A median.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Median {
    /// Number of values.
    pub of: usize,
    /// The median.
    pub median: i64,
    /// Lower bound of its 95 % interval; `None` for fewer than six values.
    pub low: Option<i64>,
    /// Upper bound.
    pub high: Option<i64>,
}

/// The median of `values`; `None` without values. The bounds of the interval are two of the values: the number of values below the
/// true median is binomial.
pub fn median(values: &mut [i64]) -> Option<Median> {
    values.sort_unstable();
    let n = values.len();
    let (a, b) = (*values.get(n.checked_sub(1)? / 2)?, values[n / 2]);
    let rank = rank(n);
    let (low, high) = (rank.map(|rank| values[rank]), rank.map(|rank| values[n - 1 - rank]));
    Some(Median { of: n, median: a + (b - a) / 2, low, high })
}

/// Rank, from either end, of the value that bounds the interval.
fn rank(n: usize) -> Option<usize> {
    if n > EXACT_MAX {
        let n = n as f64;
        // Half a step less, because the number of heads is a whole number.
        return Some((n / 2.0 - Z * n.sqrt() / 2.0 - 0.5).floor() as usize);
    }
    // The largest k for which n coins show k heads or fewer with a probability of at most 2.5 %; the value of rank k + 1 is the
    // bound.
    let (mut term, mut sum, mut found) = (0.5_f64.powi(i32::try_from(n).ok()?), 0.0, None);
    for k in 0..n {
        sum += term;
        if sum > 0.025 {
            break;
        }
        found = Some(k);
        term *= (n - k) as f64 / (k + 1) as f64;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_their_intervals_are_those_of_the_textbook() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [7]), Some(Median { of: 1, median: 7, low: None, high: None }));
        assert_eq!(median(&mut [4, 1, 2, 3]).unwrap().median, 2, "between two and three");
        // The ranks of the exact sign interval: 6: 1 and 6; 10: 2 and 9; 20: 6 and 15; 100: 40 and 61.
        for (n, low) in [(6, 1), (10, 2), (20, 6), (100, 40)] {
            let found = median(&mut (1..=n).rev().collect::<Vec<i64>>()).unwrap();
            assert_eq!((found.low, found.high), (Some(low), Some(n + 1 - low)), "{n}");
        }
        let many = median(&mut (1..=10_000).collect::<Vec<i64>>()).unwrap();
        assert_eq!((many.median, many.low, many.high), (5_000, Some(4_902), Some(5_099)));
    }
}
