//! Deadline for the reply to a low rating, in working hours of local time; days off have no working hours.

use super::BadSetting;
use super::days_off::{DAYS_OFF_MAX, DayOff};
use crate::Millis;
use crate::line::quiet_hours::{time_of_day, zone};
use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, TimeZone};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Maximum number of working hours: a month of days and nights.
pub const HOURS_MAX: u32 = 720;
const HOUR: Millis = 3_600_000;
const DAY_SECS: i64 = 86_400;
/// Number of days to look ahead: 720 hours of one hour a week take less.
const DAYS_MAX: u64 = 8 * 720;

/// Deadline for the reply to a low rating.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// Number of working hours.
    #[schema(minimum = 1, maximum = 720)]
    pub hours: u32,
    /// The working days, from 1 (Monday) to 7 (Sunday). Empty: every day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 7)]
    pub days: Vec<u8>,
    /// Days without working hours, such as holidays: `2026-12-24`, `2026-12-24/2026-12-31`, or `12-25` for every year.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1_000, example = json!(["2026-12-24/2026-12-31", "05-01"]))]
    pub days_off: Vec<String>,
    /// Start of work, as `HH:MM`. Default: midnight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 5, example = "09:00")]
    pub from: Option<String>,
    /// End of work, as `HH:MM`. Default: midnight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 5, example = "18:00")]
    pub to: Option<String>,
    /// Time zone, such as `Europe/Berlin`. Default: the organisation's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
}

impl Deadline {
    /// The deadline for a rating that is low since `since`. `organisation` is the default time zone.
    pub fn due_at(&self, organisation: Tz, since: Millis) -> Millis {
        let zone = self.time_zone.as_deref().and_then(zone).unwrap_or(organisation);
        let (from, to) = self.hours_of_day();
        let off: Vec<DayOff> = self.days_off.iter().filter_map(|text| DayOff::parse(text).ok()).collect();
        let first = DateTime::from_timestamp_millis(since).unwrap_or_default().with_timezone(&zone).date_naive();
        let mut left = Millis::from(self.hours) * HOUR;
        for ahead in 0..DAYS_MAX {
            let Some(day) = first.checked_add_days(Days::new(ahead)) else { break };
            if !self.works_on(day) || off.iter().any(|off| off.holds(day)) {
                continue;
            }
            let begins = moment(zone, day, from).max(since);
            let there_is = (moment(zone, day, to) - begins).max(0);
            if left <= there_is {
                return begins + left;
            }
            left -= there_is;
        }
        since + Millis::from(self.hours) * HOUR
    }

    fn works_on(&self, day: NaiveDate) -> bool {
        self.days.is_empty() || self.days.iter().any(|&works| u32::from(works) == day.weekday().number_from_monday())
    }

    /// Start and end of the working hours, in seconds of the day.
    fn hours_of_day(&self) -> (i64, i64) {
        let second = |text: &Option<String>| text.as_deref().and_then(time_of_day);
        (second(&self.from).unwrap_or(0), second(&self.to).filter(|&to| to > 0).unwrap_or(DAY_SECS))
    }

    /// Validates it.
    ///
    /// # Errors
    /// Names the field and the remedy.
    pub(super) fn check(&self) -> Result<(), BadSetting> {
        let bad = |field: &str, problem: String| Err(BadSetting { field: format!("deadline.{field}"), problem });
        if !(1..=HOURS_MAX).contains(&self.hours) {
            return bad("hours", format!("write 1 to {HOURS_MAX} working hours, or leave deadline out for none"));
        }
        if self.days.iter().any(|day| !(1..=7).contains(day)) {
            return bad("days", "write days as 1 (Monday) to 7 (Sunday)".to_owned());
        }
        if self.days_off.len() > DAYS_OFF_MAX {
            return bad("days_off", format!("write at most {DAYS_OFF_MAX} days off; a stretch such as 2026-12-24/2026-12-31 is one"));
        }
        if let Some(problem) = self.days_off.iter().find_map(|text| DayOff::parse(text).err()) {
            return bad("days_off", problem);
        }
        for (field, text) in [("from", &self.from), ("to", &self.to)] {
            if let Some(text) = text.as_deref().filter(|text| time_of_day(text).is_none()) {
                return bad(field, format!("\"{text}\" is not a time of day; write 00:00 to 23:59, for instance \"09:00\""));
            }
        }
        let (from, to) = self.hours_of_day();
        if from >= to {
            return bad("to", "work has to end after it begins, on the same day".to_owned());
        }
        match &self.time_zone {
            Some(name) if zone(name).is_none() => {
                bad("time_zone", format!("there is no time zone \"{name}\"; write for instance \"Europe/Berlin\", or leave it out"))
            }
            _ => Ok(()),
        }
    }
}

/// The time at which clocks show this second of the day. If it is skipped (daylight saving), the next one that they show.
fn moment(zone: Tz, day: NaiveDate, second: i64) -> Millis {
    let wanted = day.and_time(chrono::NaiveTime::MIN) + TimeDelta::seconds(second);
    let shown = |after: i64| zone.from_local_datetime(&(wanted + TimeDelta::minutes(after * 30))).earliest();
    (0..=6).find_map(shown).map_or(0, |at| at.timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Millis {
        DateTime::parse_from_rfc3339(text).expect("a time").timestamp_millis()
    }

    fn week(hours: u32) -> Deadline {
        let (from, to) = (Some("09:00".to_owned()), Some("18:00".to_owned()));
        Deadline { hours, days: vec![1, 2, 3, 4, 5], from, to, time_zone: Some("Europe/Berlin".to_owned()), ..Deadline::default() }
    }

    #[test]
    fn only_working_hours_count() {
        let due = |hours: u32, since: &str| week(hours).due_at(Tz::UTC, at(since));
        // Wednesday.
        assert_eq!(due(4, "2026-11-18T10:30:00+01:00"), at("2026-11-18T14:30:00+01:00"));
        assert_eq!(due(4, "2026-11-18T16:00:00+01:00"), at("2026-11-19T11:00:00+01:00"));
        assert_eq!(due(4, "2026-11-18T03:00:00+01:00"), at("2026-11-18T13:00:00+01:00"));
        // After Friday evening comes Monday; nine hours are a whole day.
        assert_eq!(due(4, "2026-11-20T19:00:00+01:00"), at("2026-11-23T13:00:00+01:00"));
        assert_eq!(due(9, "2026-11-20T09:00:00+01:00"), at("2026-11-20T18:00:00+01:00"));
        assert_eq!(due(10, "2026-11-20T09:00:00+01:00"), at("2026-11-23T10:00:00+01:00"));
    }

    #[test]
    fn days_off_have_no_working_hours() {
        let off = |days: &[&str]| Deadline { days_off: days.iter().map(|day| (*day).to_owned()).collect(), ..week(4) };
        let due = |days: &[&str], since: &str| off(days).due_at(Tz::UTC, at(since));
        // From Thursday, 24 December 2026, to Monday.
        let evening = "2026-12-24T16:00:00+01:00";
        assert_eq!(due(&[], evening), at("2026-12-25T11:00:00+01:00"));
        assert_eq!(due(&["2026-12-25"], evening), at("2026-12-28T11:00:00+01:00"));
        assert_eq!(due(&["12-25", "2026-12-28/2027-01-01"], evening), at("2027-01-04T11:00:00+01:00"));
        // For a rating that becomes low on a day off, the hours begin on the next working day.
        assert_eq!(due(&["12-25"], "2026-12-25T10:00:00+01:00"), at("2026-12-28T13:00:00+01:00"));
        // In the line's time zone: it is still the 24th in New York.
        let there = Deadline { time_zone: Some("America/New_York".to_owned()), ..off(&["12-25"]) };
        assert_eq!(there.due_at(Tz::UTC, at("2026-12-25T01:00:00+00:00")), at("2026-12-28T13:00:00-05:00"));
        // Without any working hours, all hours count.
        let never = Deadline { days: vec![5], ..off(&["2026-01-01/2026-12-31"]) };
        assert!(never.due_at(Tz::UTC, at(evening)) > at("2027-01-01T00:00:00+01:00"));
    }

    #[test]
    fn without_working_hours_every_hour_counts_also_when_clocks_change() {
        let plain = Deadline { hours: 24, ..Deadline::default() };
        assert_eq!(plain.due_at(Tz::Europe__Berlin, at("2026-11-20T19:00:00+01:00")), at("2026-11-21T19:00:00+01:00"));
        // Berlin, 25 October 2026: a day of 25 hours.
        assert_eq!(plain.due_at(Tz::Europe__Berlin, at("2026-10-24T12:00:00+02:00")), at("2026-10-25T11:00:00+01:00"));
        // Work that begins in the hour skipped on 29 March 2026 begins at the end of that hour.
        let night = Deadline { from: Some("02:30".to_owned()), to: Some("04:30".to_owned()), ..week(1) };
        let night = Deadline { days: Vec::new(), ..night };
        assert_eq!(night.due_at(Tz::UTC, at("2026-03-29T00:30:00+01:00")), at("2026-03-29T04:00:00+02:00"));
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        let field = |deadline: Deadline| deadline.check().map_err(|bad| bad.field);
        assert_eq!(field(week(8)), Ok(()));
        assert_eq!(field(Deadline { hours: 8, ..Deadline::default() }), Ok(()));
        assert_eq!(field(week(0)), Err("deadline.hours".to_owned()));
        assert_eq!(field(Deadline { days: vec![0], ..week(8) }), Err("deadline.days".to_owned()));
        let off = |day: &str| Deadline { days_off: vec!["12-25".into(), day.into()], ..week(8) };
        assert_eq!((field(off("2026-12-31")), field(off("31.12.2026"))), (Ok(()), Err("deadline.days_off".to_owned())));
        assert_eq!(field(Deadline { from: Some("9".into()), ..week(8) }), Err("deadline.from".to_owned()));
        assert_eq!(field(Deadline { to: Some("08:00".into()), ..week(8) }), Err("deadline.to".to_owned()));
        assert_eq!(field(Deadline { time_zone: Some("Mars/Base".into()), ..week(8) }), Err("deadline.time_zone".to_owned()));
    }
}
