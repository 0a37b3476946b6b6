//! A share of a whole, with its interval.

use crate::Z;

/// A part of a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Number of those that count.
    pub part: i64,
    /// Number of all.
    pub whole: i64,
}

impl Share {
    /// `part` of `whole`.
    pub fn of(part: i64, whole: i64) -> Self {
        Self { part, whole }
    }

    /// Adds both.
    pub fn and(self, other: Self) -> Self {
        Self { part: self.part + other.part, whole: self.whole + other.whole }
    }

    /// The share in percent; `None` if the whole is 0.
    pub fn percent(self) -> Option<f64> {
        (self.whole > 0).then(|| self.part as f64 * 100.0 / self.whole as f64)
    }

    /// Wilson's 95 % interval, in percent: valid for few cases and for shares near the ends.
    pub fn interval(self) -> Option<(f64, f64)> {
        if self.whole <= 0 {
            return None;
        }
        let (low, high) = wilson(self.part as f64 / self.whole as f64, self.whole as f64, Z);
        Some((low * 100.0, high * 100.0))
    }
}

/// Wilson interval of a share `p` of `n` cases, with the quantile `z`.
pub(crate) fn wilson(p: f64, n: f64, z: f64) -> (f64, f64) {
    let z2 = z * z;
    let middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).max(0.0).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_of_the_textbook() {
        let near = |share: Share, low: f64, high: f64| {
            let (l, h) = share.interval().unwrap();
            assert!((l - low).abs() < 0.05 && (h - high).abs() < 0.05, "{share:?}: {l} {h}");
        };
        near(Share::of(9, 10), 59.6, 98.2);
        near(Share::of(0, 10), 0.0, 27.8);
        near(Share::of(10, 10), 72.2, 100.0);
        near(Share::of(81, 263), 25.5, 36.6);
        assert_eq!(Share::of(0, 0).interval(), None);
        assert_eq!(Share::of(1, 4).percent(), Some(25.0));
    }
}
