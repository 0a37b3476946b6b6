//! Days, months and hours as the organisation's clocks show them. A day is the time between two local midnights: 23 to
//! 25 hours where clocks change, and none at all where a calendar skips it.

use super::Millis;
use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Timelike};
use chrono_tz::Tz;
use std::fmt;

/// Days since 1970-01-01 on the local calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i64);

/// Months since January 1970 on the local calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub i64);

/// Reports know days from 1970 to 9999; what lies outside counts for the nearest of them.
const LAST: i64 = 2_932_896;

impl Day {
    /// The day that holds this moment.
    pub fn of(at: Millis, zone: Tz) -> Self {
        let mut day = Self::from(local(at, zone).date());
        // Where clocks go back over midnight, a date comes twice: a day begins at its first midnight and ends at the next one's.
        while day.0 > 0 && at < day.start(zone) {
            day = day.plus(-1);
        }
        while day.0 < LAST && at >= day.plus(1).start(zone) {
            day = day.plus(1);
        }
        day
    }

    /// Reads `2026-09-30`.
    pub fn parse(text: &str) -> Option<Self> {
        let date = (text.len() == 10).then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten()?;
        (1970..=9999).contains(&date.year()).then(|| Self::from(date))
    }

    /// Its first moment.
    pub fn start(self, zone: Tz) -> Millis {
        let mut midnight = self.date().and_time(chrono::NaiveTime::MIN);
        // A midnight that clocks skip is the moment of the skip; a calendar that skips a whole day skips 24 hours.
        for _ in 0..=100 {
            if let Some(at) = zone.from_local_datetime(&midnight).earliest() {
                return at.timestamp_millis();
            }
            midnight += TimeDelta::minutes(15);
        }
        midnight.and_utc().timestamp_millis()
    }

    /// So many days later.
    #[must_use]
    pub fn plus(self, days: i64) -> Self {
        Self((self.0.saturating_add(days)).clamp(0, LAST))
    }

    /// Its month.
    pub fn month(self) -> Month {
        let date = self.date();
        Month(i64::from(date.year() - 1970) * 12 + i64::from(date.month0()))
    }

    /// 0 for Monday to 6 for Sunday.
    pub fn weekday(self) -> i64 {
        // 1970 began on a Thursday.
        (self.0 + 3).rem_euclid(7)
    }

    /// The Monday of its week.
    #[must_use]
    pub fn monday(self) -> Self {
        self.plus(-self.weekday())
    }

    fn date(self) -> NaiveDate {
        NaiveDate::default() + TimeDelta::days(self.0.clamp(0, LAST))
    }
}

impl From<NaiveDate> for Day {
    fn from(date: NaiveDate) -> Self {
        Self((date - NaiveDate::default()).num_days().clamp(0, LAST))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date().format("%Y-%m-%d"))
    }
}

impl Month {
    /// Its first day.
    pub fn first(self) -> Day {
        let (year, month) = (1970 + self.0.clamp(0, 96_359) / 12, 1 + self.0.rem_euclid(12));
        let date =
            i32::try_from(year).ok().zip(u32::try_from(month).ok()).and_then(|(year, month)| NaiveDate::from_ymd_opt(year, month, 1));
        date.map_or(Day(0), Day::from)
    }

    /// So many months later.
    #[must_use]
    pub fn plus(self, months: i64) -> Self {
        Self(self.0.saturating_add(months).max(0))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first().date().format("%Y-%m"))
    }
}

/// The hour of the day, 0 to 23, as local clocks show it.
pub fn hour(at: Millis, zone: Tz) -> i64 {
    i64::from(local(at, zone).hour())
}

fn local(at: Millis, zone: Tz) -> NaiveDateTime {
    let utc = chrono::DateTime::from_timestamp_millis(at.clamp(0, LAST * 86_400_000)).unwrap_or_default();
    utc.with_timezone(&zone).naive_local()
}

/// From one day to before another, as whole months where it can be: what is summed by month costs a thirtieth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spans {
    /// Days before the first whole month.
    pub head: (Day, Day),
    /// Whole months.
    pub months: (Month, Month),
    /// Days after the last whole month.
    pub tail: (Day, Day),
}

impl Spans {
    /// The days from `from` to before `until`.
    pub fn of(from: Day, until: Day) -> Self {
        let first = if from.month().first() == from { from.month() } else { from.month().plus(1) };
        let last = until.month();
        if first >= last {
            return Self { head: (from, until), months: (first, first), tail: (until, until) };
        }
        Self { head: (from, first.first()), months: (first, last), tail: (last.first(), until) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn zone(name: &str) -> Tz {
        name.parse().expect(name)
    }

    fn day(text: &str) -> Day {
        Day::parse(text).expect(text)
    }

    #[test]
    fn days_follow_local_clocks() {
        let berlin = zone("Europe/Berlin");
        // 2026-03-29: clocks go forward at 2, so the day has 23 hours.
        let (start, next) = (day("2026-03-29").start(berlin), day("2026-03-30").start(berlin));
        assert_eq!(next - start, 23 * 3_600_000);
        assert_eq!((Day::of(start, berlin), Day::of(start - 1, berlin)), (day("2026-03-29"), day("2026-03-28")));
        assert_eq!((hour(start, berlin), hour(start + 2 * 3_600_000, berlin)), (0, 3));
        assert_eq!(day("2026-10-26").start(berlin) - day("2026-10-25").start(berlin), 25 * 3_600_000);
    }

    #[test]
    fn a_skipped_midnight_and_a_skipped_day_have_their_place() {
        // Beirut goes forward at midnight; Samoa had no 30 December 2011.
        let (beirut, apia) = (zone("Asia/Beirut"), zone("Pacific/Apia"));
        assert_eq!(day("2025-03-31").start(beirut) - day("2025-03-30").start(beirut), 23 * 3_600_000);
        assert_eq!(hour(day("2025-03-30").start(beirut), beirut), 1);
        assert_eq!(day("2011-12-30").start(apia), day("2011-12-31").start(apia));
        assert_eq!(Day::of(day("2011-12-31").start(apia), apia), day("2011-12-31"));
    }

    #[test]
    fn dates_are_read_and_written_alike_and_weeks_begin_on_monday() {
        for text in ["1970-01-01", "2024-02-29", "9999-12-31"] {
            assert_eq!(day(text).to_string(), text);
        }
        for text in ["2026-02-29", "1969-12-31", "2026-9-1", "26-09-01", "2026-09-01T00:00:00Z", "today", "", "+026-09-01"] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
        assert_eq!((day("2026-09-21").weekday(), day("2026-09-27").monday()), (0, day("2026-09-21")));
        assert_eq!((day("2026-09-30").month().to_string(), Month(0).first()), ("2026-09".to_owned(), Day(0)));
    }

    #[test]
    fn a_period_is_cut_into_months_and_the_days_around_them() {
        let spans = |from, until| {
            let Spans { head, months, tail } = Spans::of(day(from), day(until));
            (head.1.0 - head.0.0, months.1.0 - months.0.0, tail.1.0 - tail.0.0)
        };
        assert_eq!(spans("2026-01-01", "2027-01-01"), (0, 12, 0));
        assert_eq!(spans("2026-01-31", "2026-04-02"), (1, 2, 1));
        assert_eq!(spans("2026-01-02", "2026-02-28"), (57, 0, 0), "not one whole month");
        assert_eq!(spans("2026-01-01", "2026-01-31"), (30, 0, 0));
        assert_eq!(spans("2026-01-15", "2026-01-15"), (0, 0, 0));
    }

    proptest! {
        /// Every moment is in exactly one day, in every zone, whatever clocks do.
        #[test]
        fn every_moment_has_one_day(at in 0_i64..4_102_444_800_000, place in 0..chrono_tz::TZ_VARIANTS.len()) {
            let zone = chrono_tz::TZ_VARIANTS[place];
            let day = Day::of(at, zone);
            prop_assert!(day.start(zone) <= at && at < day.plus(1).start(zone), "{day} in {zone}");
            prop_assert!((0..24).contains(&hour(at, zone)));
        }

        #[test]
        fn spans_hold_each_day_once(from in 0_i64..40_000, days in 0_i64..4_000) {
            let Spans { head, months, tail } = Spans::of(Day(from), Day(from + days));
            let inside = months.1.first().0 - months.0.first().0;
            prop_assert_eq!((head.1.0 - head.0.0) + inside + (tail.1.0 - tail.0.0), days);
            prop_assert!(head.0.0 == from && tail.1.0 == from + days && head.1 <= months.0.first().max(head.1));
        }
    }
}
