//! Period of a report: a range of days, the previous period, and the steps of a trend.

use super::calendar::Day;

/// Maximum length of a period: ten years, with their leap days.
pub const DAYS_MAX: i64 = 3_653;
/// Maximum number of points of a trend.
pub const POINTS_MAX: usize = 800;

/// Days from `from` up to `until` (exclusive): at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: Day,
    /// Day after the last one.
    pub until: Day,
}

/// Reason why two days are no period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPeriod {
    /// The end is not after the start.
    EndsBeforeItStarts,
    /// It is longer than ten years.
    TooLong,
}

impl Period {
    /// The period from a day up to another (exclusive).
    ///
    /// # Errors
    /// If the end is not after the start, or the period is longer than ten years.
    pub fn new(from: Day, until: Day) -> Result<Self, NoPeriod> {
        match until.0 - from.0 {
            ..=0 => Err(NoPeriod::EndsBeforeItStarts),
            days if days > DAYS_MAX => Err(NoPeriod::TooLong),
            _ => Ok(Self { from, until }),
        }
    }

    /// Last day, which is displayed as the end.
    pub fn last_day(self) -> Day {
        self.until.plus(-1)
    }

    /// The last `days` days, including today.
    pub fn last(days: i64, today: Day) -> Self {
        Self { from: today.plus(1 - days.clamp(1, DAYS_MAX)), until: today.plus(1) }
    }

    /// All days up to and including `today`.
    pub fn all(today: Day) -> Self {
        Self::last(DAYS_MAX, today)
    }

    /// Number of days.
    pub fn days(self) -> i64 {
        self.until.0 - self.from.0
    }

    /// The previous period, day by day. A period that begins on the first of a month is compared with the same days of the previous
    /// month, or of as many months earlier: 1–22 November with 1–22 October, a quarter so far with the previous quarter, a year so
    /// far with the previous year. All others, including weeks and single days, are compared with as many days directly before.
    /// `None` before 1970.
    pub fn previous(self) -> Option<Self> {
        let (first, last) = (self.from.month(), self.until.plus(-1).month());
        if first.first() != self.from || matches!(self.days(), 1 | 7 | 14) {
            return (self.from.0 >= self.days()).then(|| Self { from: self.from.plus(-self.days()), until: self.from });
        }
        let started = last.0 - first.0 + 1;
        let back = match started {
            2..=3 if first.0 % 3 == 0 => 3,
            4.. if first.0 % 12 == 0 => (started + 11) / 12 * 12,
            _ => started,
        };
        let (end, after) = (last.plus(-back).first(), last.plus(1 - back).first());
        // The last day of a month has no later counterpart.
        let until = if last.plus(1).first() == self.until { after } else { after.min(end.plus(self.until.0 - last.first().0)) };
        (first.0 >= back).then(|| Self { from: first.plus(-back).first(), until })
    }

    /// Splits it into steps; the first and the last may be shorter. `None` if there would be too many to display.
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
#[schema(as = TrendStep)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// A day.
    Day,
    /// A week, starting on Monday.
    Week,
    /// A month.
    Month,
}

impl Step {
    /// The step that fits a period best: some dozens of points.
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
        assert_eq!(before("2026-11-01", "2026-11-23"), days("2026-10-01", "2026-10-23"), "the month so far");
        assert_eq!(before("2026-03-01", "2026-03-31"), days("2026-02-01", "2026-03-01"), "a shorter month has no such days");
        assert_eq!(before("2026-10-01", "2026-11-23"), days("2026-07-01", "2026-08-23"), "the quarter so far");
        assert_eq!(before("2026-01-01", "2026-11-23"), days("2025-01-01", "2025-11-23"), "the year so far");
        assert_eq!(before("2026-11-01", "2026-11-08"), days("2026-10-25", "2026-11-01"), "a week has the days of a week");
        assert_eq!(before("2026-11-01", "2026-11-02"), days("2026-10-31", "2026-11-01"));
        assert_eq!(before("1970-01-01", "1970-02-01"), None);
        assert_eq!(before("1970-01-03", "1970-01-08"), None);
    }

    #[test]
    fn as_many_months_before_may_have_four_days_more() {
        let before = period("2033-02-01", "2034-10-01").unwrap().previous().unwrap();
        assert_eq!((before, before.days()), (period("2031-06-01", "2033-02-01").unwrap(), 611));
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
                // As many months may have four more days: long ones in place of short ones, and 29 February.
                prop_assert!(before.until <= period.from && before.from < before.until && before.days() <= period.days() + 4);
            }
        }
    }
}
