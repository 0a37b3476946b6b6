//! Quiet hours, in which clients are not asked. They follow local time, so that they stay correct when daylight saving begins and
//! ends.

use crate::Millis;
use crate::line::QuietHours;
use chrono::{DateTime, NaiveTime, Offset, TimeZone, Timelike};
use chrono_tz::Tz;

const DAY_SECS: i64 = 86_400;
const MINUTE: Millis = 60_000;
/// Maximum length of quiet hours, including a repeated hour.
const RUN_MINUTES_MAX: i64 = 26 * 60;

/// Parsed quiet hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    from: i64,
    to: i64,
    zone: Tz,
}

impl Quiet {
    /// The quiet hours of a line; times are in `organisation`'s zone unless the line has its own. `None` if there are none, or the
    /// stored ones are invalid.
    pub fn of(settings: Option<&QuietHours>, organisation: Tz) -> Option<Self> {
        let settings = settings?;
        let (from, to) = (time_of_day(&settings.from)?, time_of_day(&settings.to)?);
        let zone = settings.time_zone.as_deref().map_or(Some(organisation), zone)?;
        (from != to).then_some(Self { from, to, zone })
    }

    /// True if it is quiet at this time.
    pub fn holds(self, at: Millis) -> bool {
        let now = self.second_of_day(at);
        if self.from < self.to { (self.from..self.to).contains(&now) } else { now >= self.from || now < self.to }
    }

    /// The first time from `at` on that is not quiet.
    pub fn free_from(self, at: Millis) -> Millis {
        if !self.holds(at) {
            return at;
        }
        let second = at.div_euclid(1_000);
        let left = (self.to - self.second_of_day(at)).rem_euclid(DAY_SECS);
        let end = (second + left) * 1_000;
        if self.offset(at) == self.offset(end) {
            return end;
        }
        // Clocks change in between: check every minute, because clock changes and ends of quiet hours are on full minutes.
        let minute = at.div_euclid(MINUTE);
        (1..=RUN_MINUTES_MAX).map(|ahead| (minute + ahead) * MINUTE).find(|&at| !self.holds(at)).unwrap_or(end)
    }

    /// Start of the quiet hours that apply at `at`; `at` itself if none do.
    pub fn began(self, at: Millis) -> Millis {
        if !self.holds(at) {
            return at;
        }
        let second = at.div_euclid(1_000);
        let gone = (self.second_of_day(at) - self.from).rem_euclid(DAY_SECS);
        let start = (second - gone) * 1_000;
        if self.offset(at) == self.offset(start) && self.offset(at) == self.offset(start - 1) {
            return start;
        }
        let minute = at.div_euclid(MINUTE);
        let minutes = (0..=RUN_MINUTES_MAX).map(|back| (minute - back) * MINUTE);
        minutes.take_while(|&at| self.holds(at)).last().unwrap_or(start)
    }

    fn second_of_day(self, at: Millis) -> i64 {
        i64::from(self.local(at).num_seconds_from_midnight())
    }

    fn offset(self, at: Millis) -> i32 {
        self.zone.offset_from_utc_datetime(&utc(at).naive_utc()).fix().local_minus_utc()
    }

    fn local(self, at: Millis) -> NaiveTime {
        utc(at).with_timezone(&self.zone).time()
    }
}

fn utc(at: Millis) -> DateTime<chrono::Utc> {
    DateTime::from_timestamp_millis(at).unwrap_or_default()
}

/// Seconds since midnight of `HH:MM`, from 00:00 to 23:59.
pub fn time_of_day(text: &str) -> Option<i64> {
    let well_formed = text.len() == 5 && text.as_bytes()[2] == b':';
    let time = NaiveTime::parse_from_str(text, "%H:%M").ok().filter(|_| well_formed)?;
    Some(i64::from(time.num_seconds_from_midnight()))
}

/// The time zone of an IANA name.
pub fn zone(name: &str) -> Option<Tz> {
    name.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn quiet(from: &str, to: &str, zone: &str) -> Quiet {
        let settings = QuietHours { from: from.to_owned(), to: to.to_owned(), time_zone: Some(zone.to_owned()), ..QuietHours::default() };
        Quiet::of(Some(&settings), Tz::UTC).expect("makes sense")
    }

    fn at(text: &str) -> Millis {
        DateTime::parse_from_rfc3339(text).expect("a time").timestamp_millis()
    }

    #[test]
    fn a_night_is_quiet_over_midnight() {
        let night = quiet("22:00", "08:00", "Europe/Berlin");
        assert!(!night.holds(at("2026-06-01T21:59:59+02:00")));
        assert!(night.holds(at("2026-06-01T22:00:00+02:00")) && night.holds(at("2026-06-02T07:59:59+02:00")));
        assert_eq!(night.free_from(at("2026-06-01T23:30:00+02:00")), at("2026-06-02T08:00:00+02:00"));
        assert_eq!(night.began(at("2026-06-02T03:30:00+02:00")), at("2026-06-01T22:00:00+02:00"));
        assert_eq!(night.free_from(at("2026-06-02T12:00:00+02:00")), at("2026-06-02T12:00:00+02:00"));
        let lunch = quiet("12:00", "13:30", "America/New_York");
        assert_eq!(lunch.free_from(at("2026-06-01T12:10:05-04:00")), at("2026-06-01T13:30:00-04:00"));
    }

    #[test]
    fn the_clock_on_the_wall_counts_when_clocks_change() {
        // Berlin, 29 March 2026: 02:00 becomes 03:00. 25 October 2026: 03:00 becomes 02:00.
        let night = quiet("22:00", "08:00", "Europe/Berlin");
        assert_eq!(night.free_from(at("2026-03-28T23:00:00+01:00")), at("2026-03-29T08:00:00+02:00"));
        assert_eq!(night.free_from(at("2026-10-24T23:00:00+02:00")), at("2026-10-25T08:00:00+01:00"));
        assert_eq!(night.began(at("2026-10-25T07:00:00+01:00")), at("2026-10-24T22:00:00+02:00"));
        // Quiet hours that end or lie in the skipped hour.
        let end_in_gap = quiet("22:00", "02:30", "Europe/Berlin");
        assert_eq!(end_in_gap.free_from(at("2026-03-29T01:00:00+01:00")), at("2026-03-29T03:00:00+02:00"));
        let all_in_gap = quiet("02:15", "02:45", "Europe/Berlin");
        assert_eq!(all_in_gap.free_from(at("2026-03-29T01:59:00+01:00")), at("2026-03-29T01:59:00+01:00"));
        // In the repeated hour they end twice.
        assert_eq!(end_in_gap.free_from(at("2026-10-25T02:10:00+02:00")), at("2026-10-25T02:30:00+02:00"));
        assert_eq!(end_in_gap.free_from(at("2026-10-25T02:10:00+01:00")), at("2026-10-25T02:30:00+01:00"));
    }

    #[test]
    fn what_makes_no_sense_is_no_quiet() {
        assert_eq!(Quiet::of(None, Tz::UTC), None);
        for (from, to, zone) in
            [("22:00", "22:00", "UTC"), ("24:00", "08:00", "UTC"), ("9:00", "10:00", "UTC"), ("22:00", "08:00", "Mars/Base")]
        {
            let settings =
                QuietHours { from: from.to_owned(), to: to.to_owned(), time_zone: Some(zone.to_owned()), ..QuietHours::default() };
            assert_eq!(Quiet::of(Some(&settings), Tz::UTC), None, "{from} {to} {zone}");
        }
    }

    const ZONES: [Tz; 7] = [
        Tz::Europe__Berlin,
        Tz::America__New_York,
        Tz::Australia__Lord_Howe,
        Tz::Asia__Kolkata,
        Tz::Africa__Casablanca,
        Tz::Pacific__Chatham,
        Tz::UTC,
    ];

    proptest! {
        /// In every zone and season, the returned time is free, and everything before it is quiet.
        #[test]
        fn quiet_hours_end_at_the_first_free_moment(
            zone in 0_usize..7, from in 0_i64..1_440, length in 1_i64..1_440, minute in 0_i64..1_051_200, second in 0_i64..60_000,
        ) {
            let quiet = Quiet { from: from * 60, to: (from + length).rem_euclid(1_440) * 60, zone: ZONES[zone] };
            prop_assume!(quiet.from != quiet.to);
            let at = at("2026-01-01T00:00:00Z") + minute * MINUTE + second;
            let free = quiet.free_from(at);
            prop_assert!(free >= at && !quiet.holds(free));
            prop_assert!((at.div_euclid(MINUTE) + 1..free.div_euclid(MINUTE)).all(|minute| quiet.holds(minute * MINUTE)));
            let began = quiet.began(at);
            prop_assert!(began <= at);
            if quiet.holds(at) {
                prop_assert!(quiet.holds(began) && !quiet.holds(began - 1), "began at {}", began);
                prop_assert!((began.div_euclid(MINUTE)..at.div_euclid(MINUTE)).all(|minute| quiet.holds(minute * MINUTE)));
            }
        }
    }
}
