//! Comparison of two questions with a stopping rule that is valid however often it is read: the confidence sequence of the mixture
//! sequential test (Robbins; Johari, Koomen, Pekelis & Walsh, "Always valid inference", Operations Research 70, 2022). One formula
//! yields the verdict, the interval and "no difference larger than the margin".

use crate::share::Share;
use serde::Serialize;
use utoipa::ToSchema;

/// Minimum number of clients in either variant for a verdict.
pub const CLIENTS_MIN: i64 = 100;
/// The difference for which the test is tuned.
const TAU: f64 = 0.05;

/// Bounds of the true difference, as a fraction: the first minus the second. Kept between looks, they only narrow.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct Between {
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

impl Default for Between {
    fn default() -> Self {
        Self { low: -1.0, high: 1.0 }
    }
}

/// Result of a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// The first does better.
    First,
    /// The second does better.
    Second,
    /// No difference larger than the margin.
    NoLarger,
    /// No verdict yet.
    GoOn,
}

/// Compares two variants. `kept` are the bounds of earlier looks, `margin` a difference that would not matter, as a fraction, and
/// `alpha` the error of all looks together.
pub fn look(first: Share, second: Share, kept: Between, margin: f64, alpha: f64) -> (Between, Found) {
    if first.whole.min(second.whole) < CLIENTS_MIN {
        return (kept, Found::GoOn);
    }
    let (n1, n2) = (first.whole as f64, second.whole as f64);
    let difference = first.part as f64 / n1 - second.part as f64 / n2;
    let both = ((first.part + second.part + 1) as f64) / ((first.whole + second.whole + 2) as f64);
    let variance = both * (1.0 - both) * (1.0 / n1 + 1.0 / n2);
    let mixed = variance + TAU * TAU;
    let radius = (variance * mixed / (TAU * TAU) * (2.0 * (1.0 / alpha).ln() + (mixed / variance).ln())).sqrt();
    let now = Between { low: kept.low.max(difference - radius), high: kept.high.min(difference + radius) };
    let found = if now.low > 0.0 {
        Found::First
    } else if now.high < 0.0 {
        Found::Second
    } else if -margin < now.low && now.high < margin {
        Found::NoLarger
    } else {
        Found::GoOn
    };
    (now, found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_says_what_it_can() {
        let all = |first: (i64, i64), second: (i64, i64)| {
            look(Share::of(first.0, first.1), Share::of(second.0, second.1), Between::default(), 0.05, 0.05)
        };
        assert_eq!(all((99, 99), (0, 99)), (Between::default(), Found::GoOn), "too few clients");
        assert_eq!(all((300, 1_000), (200, 1_000)).1, Found::First);
        assert_eq!(all((200, 1_000), (300, 1_000)).1, Found::Second);
        assert_eq!(all((250, 1_000), (240, 1_000)).1, Found::GoOn);
        assert_eq!(all((2_500, 10_000), (2_480, 10_000)).1, Found::NoLarger);
        // What an earlier look has excluded stays excluded.
        let kept = Between { low: 0.01, high: 0.2 };
        assert_eq!(look(Share::of(250, 1_000), Share::of(240, 1_000), kept, 0.05, 0.05).1, Found::First);
    }
}
