//! The period of a report: days from one to before another, what came before it, and the steps of a trend.

use super::calendar::Day;

/// No report looks farther: ten years, with their leap days.
pub const DAYS_MAX: i64 = 3_653;
/// More points than this are no trend, but a wall.
pub const POINTS_MAX: usize = 800;

/// Days from `from` to before `until`: at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: Day,
    /// The day after the last.
    pub until: Day,
}

/// Why two days make no period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPeriod {
    /// The end is not after the start.
    EndsBeforeItStarts,
    /// It is longer than ten years.
    TooLong,
}

impl Period {
    /// The period from a day to before another.
    ///
    /// # Errors
    /// When there is no such period, or it is longer than ten years.
    pub fn new(from: Day, until: Day) -> Result<Self, NoPeriod> {
        match until.0 - from.0 {
            ..=0 => Err(NoPeriod::EndsBeforeItStarts),
            days if days > DAYS_MAX => Err(NoPeriod::TooLong),
            _ => Ok(Self { from, until }),
        }
    }

    /// The last `days` days, today among them.
    pub fn last(days: i64, today: Day) -> Self {
        Self { from: today.plus(1 - days.clamp(1, DAYS_MAX)), until: today.plus(1) }
    }

    /// All days so far, `today` among them.
    pub fn all(today: Day) -> Self {
        Self::last(DAYS_MAX, today)
    }

    /// How many days it has.
    pub fn days(self) -> i64 {
        self.until.0 - self.from.0
    }

    /// The period before it: as many whole months where it is whole months, as many days otherwise; none before 1970.
    pub fn previous(self) -> Option<Self> {
        let (first, after) = (self.from.month(), self.until.month());
        let whole = first.first() == self.from && after.first() == self.until;
        if whole && first.0 * 2 >= after.0 {
            return Some(Self { from: first.plus(first.0 - after.0).first(), until: self.from });
        }
        (!whole && self.from.0 >= self.days()).then(|| Self { from: self.from.plus(-self.days()), until: self.from })
    }

    /// Its parts, each as long as `step` but for the first and the last; none where there would be too many to see.
    pub fn cut(self, step: Step) -> Option<Vec<Period>> {
        let mut parts = Vec::new();
        let mut from = self.from;
        while from < self.until {
            if parts.len() == POINTS_MAX {
                return None;
            }
            let until = step.next(from).min(self.until);
            parts.push(Self { from, until });
            from = until;
        }
        Some(parts)
    }
}

/// The step of a trend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// A day.
    Day,
    /// A week, from Monday.
    Week,
    /// A month.
    Month,
}

impl Step {
    /// The step that shows a period best: some dozens of points.
    pub fn of(period: Period) -> Self {
        match period.days() {
            ..=62 => Step::Day,
            63..=550 => Step::Week,
            _ => Step::Month,
        }
    }

    fn next(self, day: Day) -> Day {
        match self {
            Step::Day => day.plus(1),
            Step::Week => day.monday().plus(7),
            Step::Month => day.month().plus(1).first(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn period(from: &str, until: &str) -> Result<Period, NoPeriod> {
        Period::new(Day::parse(from).unwrap(), Day::parse(until).unwrap())
    }

    #[test]
    fn a_period_has_days_and_not_too_many() {
        assert_eq!(period("2026-02-01", "2026-02-01"), Err(NoPeriod::EndsBeforeItStarts));
        assert_eq!(period("2026-02-02", "2026-02-01"), Err(NoPeriod::EndsBeforeItStarts));
        assert_eq!(period("2016-01-01", "2026-01-02"), Err(NoPeriod::TooLong));
        assert_eq!(period("2016-01-01", "2026-01-01").map(Period::days), Ok(DAYS_MAX));
    }

    #[test]
    fn months_are_compared_with_months() {
        let before = |from, until| period(from, until).unwrap().previous().map(|p| (p.from.to_string(), p.until.to_string()));
        let days = |from: &str, until: &str| Some((from.to_owned(), until.to_owned()));
        assert_eq!(before("2026-03-01", "2026-04-01"), days("2026-02-01", "2026-03-01"));
        assert_eq!(before("2026-01-01", "2027-01-01"), days("2025-01-01", "2026-01-01"));
        assert_eq!(before("2026-03-02", "2026-03-09"), days("2026-02-23", "2026-03-02"));
        assert_eq!(before("1970-01-01", "1970-02-01"), None);
        assert_eq!(before("1970-01-03", "1970-01-08"), None);
    }

    proptest! {
        #[test]
        fn parts_make_the_whole(from in 0_i64..40_000, days in 1_i64..DAYS_MAX, step in proptest::sample::select(vec![Step::Day, Step::Week, Step::Month])) {
            let period = Period::new(Day(from), Day(from + days)).unwrap();
            match period.cut(step) {
                None => prop_assert!(step == Step::Day && days > POINTS_MAX as i64),
                Some(parts) => {
                    prop_assert_eq!((parts[0].from, parts[parts.len() - 1].until), (period.from, period.until));
                    prop_assert!(parts.windows(2).all(|pair| pair[0].until == pair[1].from));
                    prop_assert!(parts.iter().all(|part| part.from < part.until));
                }
            }
            prop_assert!(period.cut(Step::of(period)).is_some());
            if let Some(before) = period.previous() {
                prop_assert!(before.until == period.from && before.from < before.until);
            }
        }
    }
}
