//! Days, months and hours in the organisation's time zone. A day is the time between two local midnights: 23 to 25 hours if clocks
//! change, and no time at all if a calendar skips it.

pub mod shifts;

use crate::Millis;
use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Timelike};
use chrono_tz::Tz;
use std::fmt;

/// Days since 1970-01-01 on the local calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i64);

/// Months since January 1970 on the local calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub i64);

/// Reports support days from 1970 to 9999; a day outside counts as the nearest one.
const LAST: i64 = 2_932_896;

impl Day {
    /// The day that contains this time.
    pub fn of(at: Millis, zone: Tz) -> Self {
        let mut day = Self::from(local(at, zone).date());
        // If clocks go back over midnight, a date occurs twice: a day begins at its first midnight and ends at that of the next.
        while day.0 > 0 && at < day.start(zone) {
            day = day.plus(-1);
        }
        while day.0 < LAST && at >= day.plus(1).start(zone) {
            day = day.plus(1);
        }
        day
    }

    /// Parses `2026-09-30`.
    pub fn parse(text: &str) -> Option<Self> {
        let date = (text.len() == 10).then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten()?;
        (1970..=9999).contains(&date.year()).then(|| Self::from(date))
    }

    /// Start of the day.
    pub fn start(self, zone: Tz) -> Millis {
        let mut midnight = self.date().and_time(chrono::NaiveTime::MIN);
        // A skipped midnight is the time of the skip; a calendar that skips a whole day skips 24 hours.
        for _ in 0..=100 {
            if let Some(at) = zone.from_local_datetime(&midnight).earliest() {
                return at.timestamp_millis();
            }
            midnight += TimeDelta::minutes(15);
        }
        midnight.and_utc().timestamp_millis()
    }

    /// This many days later.
    #[must_use]
    pub fn plus(self, days: i64) -> Self {
        Self((self.0.saturating_add(days)).clamp(0, LAST))
    }

    /// Splits the days from this one up to `until` (exclusive) into ranges of `days` days, the last one shorter. Each range is its
    /// first day and the day after its last.
    pub fn stretches(self, until: Day, days: i64) -> impl Iterator<Item = (Day, Day)> {
        let firsts = std::iter::successors(Some(self), move |first| Some(first.plus(days))).take_while(move |first| *first < until);
        firsts.map(move |first| (first, first.plus(days).min(until)))
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

    /// This many months later.
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

/// The hour of the day, 0 to 23, in local time.
pub fn hour(at: Millis, zone: Tz) -> i64 {
    i64::from(local(at, zone).hour())
}

/// The start of the next hour of the day in local time; in zones with half hours, not that of an hour in UTC.
pub fn next_hour(at: Millis, zone: Tz) -> Millis {
    let local = local(at, zone);
    let gone = i64::from(local.minute() * 60 + local.second()) * 1_000 + at.rem_euclid(1_000);
    at - gone + 3_600_000
}

fn local(at: Millis, zone: Tz) -> NaiveDateTime {
    let utc = chrono::DateTime::from_timestamp_millis(at.clamp(0, LAST * 86_400_000)).unwrap_or_default();
    utc.with_timezone(&zone).naive_local()
}

/// Length of the period that one counter covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grain {
    /// A day.
    Day,
    /// A month.
    Month,
    /// A year.
    Year,
}

impl Grain {
    /// All grains, the finest first.
    pub const ALL: [Self; 3] = [Self::Day, Self::Month, Self::Year];

    /// Its text in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// Parses [`Grain::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grain| grain.as_str() == word)
    }

    /// Number, since 1970, of the day, month or year that contains this day.
    pub fn holding(self, day: Day) -> i64 {
        match self {
            Self::Day => day.0,
            Self::Month => day.month().0,
            Self::Year => day.month().0.div_euclid(12),
        }
    }

    /// The first day of that period.
    pub fn first_day(self, period: i64) -> Day {
        match self {
            Self::Day => Day(period),
            Self::Month => Month(period).first(),
            Self::Year => Month(period.saturating_mul(12)).first(),
        }
    }
}

/// A range of days, months or years, added or subtracted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The unit.
    pub grain: Grain,
    /// The first of them, counted from 1970.
    pub first: i64,
    /// The one after the last.
    pub after: i64,
    /// 1 to add them, -1 to subtract them.
    pub times: i64,
}

impl Span {
    /// The range between two borders: added if `to` is the later one, otherwise subtracted. `None` if they are equal.
    fn between(grain: Grain, from: i64, to: i64) -> Option<Self> {
        (from != to).then(|| Self { grain, first: from.min(to), after: from.max(to), times: (to - from).signum() })
    }

    fn len(self) -> i64 {
        self.after - self.first
    }
}

/// Covers the days from `from` up to `until` (exclusive) with few ranges, none coarser than `coarsest`. Most of a year is computed
/// as the year minus the rest, so that at most half a month and half a year remain at each end.
pub fn spans(from: Day, until: Day, coarsest: Grain) -> Vec<Span> {
    cut(Grain::Day, from.0, until.max(from).0, coarsest)
}

fn cut(grain: Grain, from: i64, until: i64, coarsest: Grain) -> Vec<Span> {
    let as_they_are: Vec<Span> = Span::between(grain, from, until).into_iter().collect();
    let longer = match grain {
        Grain::Day => Grain::Month,
        Grain::Month => Grain::Year,
        Grain::Year => return as_they_are,
    };
    if longer > coarsest {
        return as_they_are;
    }
    let (first, after) = (nearest(grain, longer, from), nearest(grain, longer, until));
    let ends = [Span::between(grain, from, first.1), Span::between(grain, after.1, until)];
    let mut pieces = cut(longer, first.0, after.0, coarsest);
    pieces.extend(ends.into_iter().flatten());
    let cost: i64 = pieces.iter().map(|span| span.len()).sum();
    if cost < until - from { pieces } else { as_they_are }
}

/// The start of a longer period that is nearest to a border: its number, and the same border in the shorter grain.
fn nearest(grain: Grain, longer: Grain, border: i64) -> (i64, i64) {
    let day = grain.first_day(border);
    let (before, next) = (longer.holding(day), longer.holding(day) + 1);
    let start = |period: i64| grain.holding(longer.first_day(period));
    if border - start(before) <= start(next) - border { (before, start(before)) } else { (next, start(next)) }
}

/// The days from `from` up to `until` (exclusive) by month: whole months, and the days before and after them.
pub fn by_month(from: Day, until: Day) -> Vec<Span> {
    let first = if from.month().first() == from { from.month() } else { from.month().plus(1) };
    let last = until.month();
    if first >= last {
        return Span::between(Grain::Day, from.0, until.max(from).0).into_iter().collect();
    }
    let pieces = [
        Span::between(Grain::Day, from.0, first.first().0),
        Span::between(Grain::Month, first.0, last.0),
        Span::between(Grain::Day, last.first().0, until.0),
    ];
    pieces.into_iter().flatten().collect()
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
        // Beirut changes clocks at midnight; Samoa had no 30 December 2011.
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
    fn a_period_is_read_in_few_pieces() {
        let read = |from, until, coarsest| {
            let pieces = spans(day(from), day(until), coarsest);
            pieces
                .iter()
                .map(|span| format!("{}{} {}", if span.times < 0 { "-" } else { "" }, span.len(), span.grain.as_str()))
                .collect::<Vec<_>>()
        };
        assert_eq!(read("2024-01-01", "2027-01-01", Grain::Year), ["3 year"]);
        assert_eq!(read("2024-01-01", "2027-01-01", Grain::Month), ["36 month"]);
        assert_eq!(read("2026-01-01", "2026-12-01", Grain::Year), ["1 year", "-1 month"]);
        assert_eq!(read("2026-01-31", "2026-04-02", Grain::Year), ["2 month", "1 day", "1 day"]);
        assert_eq!(read("2026-01-02", "2026-02-27", Grain::Year), ["2 month", "-1 day", "-2 day"]);
        assert_eq!(read("2026-01-05", "2026-01-12", Grain::Year), ["7 day"]);
        assert_eq!(read("2026-01-15", "2026-01-15", Grain::Year), [""; 0]);
        let months = |from, until| by_month(day(from), day(until)).iter().map(|span| span.len()).collect::<Vec<_>>();
        assert_eq!(months("2026-01-31", "2026-04-02"), [1, 2, 1]);
        assert_eq!(months("2026-01-02", "2026-02-28"), [57], "not one whole month");
        assert_eq!(months("2026-01-01", "2027-01-01"), [12]);
    }

    proptest! {
        /// In every zone, every time belongs to exactly one day.
        #[test]
        fn every_moment_has_one_day(at in 0_i64..4_102_444_800_000, place in 0..chrono_tz::TZ_VARIANTS.len()) {
            let zone = chrono_tz::TZ_VARIANTS[place];
            let day = Day::of(at, zone);
            prop_assert!(day.start(zone) <= at && at < day.plus(1).start(zone), "{day} in {zone}");
            prop_assert!((0..24).contains(&hour(at, zone)));
        }

        /// However a period is split, each of its days is counted once, and no other.
        #[test]
        fn spans_hold_each_day_once(from in 0_i64..40_000, days in 0_i64..4_000, coarsest in proptest::sample::select(Grain::ALL.to_vec())) {
            let (from, until) = (Day(from), Day(from + days));
            for (pieces, most) in [(spans(from, until, coarsest), 16 * 2 + 6 * 2 + 11), (by_month(from, until), 31 * 2 + 132)] {
                let mut counted = std::collections::BTreeMap::new();
                for span in &pieces {
                    for day in span.grain.first_day(span.first).0..span.grain.first_day(span.after).0 {
                        *counted.entry(day).or_insert(0) += span.times;
                    }
                }
                counted.retain(|_, times| *times != 0);
                let inside = counted.keys().all(|&day| (from.0..until.0).contains(&day)) && counted.values().all(|&times| times == 1);
                prop_assert!(inside && counted.len() as i64 == days, "{pieces:?}");
                prop_assert!(coarsest != Grain::Year || pieces.iter().map(|span| span.len()).sum::<i64>() <= most, "{pieces:?}");
            }
        }

        #[test]
        fn stretches_hold_each_day_once_in_their_order(from in 0_i64..40_000, days in 0_i64..400, long in 1_i64..40) {
            let stretches: Vec<(Day, Day)> = Day(from).stretches(Day(from + days), long).collect();
            let held: Vec<i64> = stretches.iter().flat_map(|(first, after)| first.0..after.0).collect();
            prop_assert_eq!(held, (from..from + days).collect::<Vec<_>>());
            prop_assert!(stretches.iter().all(|(first, after)| (1..=long).contains(&(after.0 - first.0))));
        }
    }
}
