//! Moments as files of others write them.

use crate::domain::Millis;
use chrono::{NaiveDate, NaiveDateTime, TimeZone};
use chrono_tz::Tz;

/// Which of the two numbers of `03/04/2026` is the day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateOrder {
    /// Month, day, year.
    #[default]
    MonthFirst,
    /// Day, month, year.
    DayFirst,
}

/// Reads `2026-03-04 10:15:00`, `2026-03-04T10:15:00+03:00`, `04.03.2026 10:15`, `03/04/2026 10:15:00 am`, or a number of
/// seconds or milliseconds since 1970. Without a clock of its own it is a time of `zone`.
///
/// # Errors
/// What is wrong with it, and the remedy.
pub(super) fn moment(text: &str, zone: Tz, order: DateOrder) -> Result<Millis, String> {
    let bad = || format!("\"{}\" is no moment; write it as 2026-03-04 10:15:00", short(text));
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return match text.parse::<i64>() {
            // Seconds until the year 5138, milliseconds from 1973.
            Ok(secs @ 100_000_000..100_000_000_000) => Ok(secs * 1_000),
            Ok(millis @ 100_000_000_000..100_000_000_000_000) => Ok(millis),
            _ => Err(bad()),
        };
    }
    let end = text.find([' ', 'T', '\u{a0}', ',']).unwrap_or(text.len());
    let date = date(&text[..end], order).ok_or_else(|| no_date(&text[..end], order))?;
    let rest = text[end..].trim_start_matches([' ', 'T', '\u{a0}', ',']);
    let end = rest.find(|letter: char| !letter.is_ascii_digit() && letter != ':' && letter != '.').unwrap_or(rest.len());
    let (clock, tail) = (&rest[..end], rest[end..].trim());
    let (mut hour, minute, second) = time(clock).ok_or_else(bad)?;
    let half = tail.to_ascii_lowercase();
    if matches!(half.as_str(), "am" | "pm") {
        if !(1..=12).contains(&hour) {
            return Err(bad());
        }
        hour = hour % 12 + if half == "pm" { 12 } else { 0 };
    }
    let local = date.and_hms_opt(hour, minute, second).ok_or_else(bad)?;
    match half.as_str() {
        "" | "am" | "pm" => here(local, zone).ok_or_else(bad),
        "z" | "utc" | "gmt" => Ok(local.and_utc().timestamp_millis()),
        offset => Ok(local.and_utc().timestamp_millis() - minutes(offset).ok_or_else(bad)? * 60_000),
    }
}

fn no_date(text: &str, order: DateOrder) -> String {
    let hint = match order {
        DateOrder::MonthFirst if text.contains('/') => "; where the day comes first, add --dates dmy",
        DateOrder::DayFirst if text.contains('/') => "; where the month comes first, leave out --dates dmy",
        _ => "; write it as 2026-03-04",
    };
    format!("\"{}\" is no date{hint}", short(text))
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

fn date(text: &str, order: DateOrder) -> Option<NaiveDate> {
    let separator = text.bytes().find(|byte| !byte.is_ascii_digit()).map(char::from)?;
    let mut parts = text.split(separator);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let (year, month, day) = match (first.len(), separator) {
        (4, '-' | '.' | '/') => (first, second, third),
        (1 | 2, '/') if order == DateOrder::MonthFirst => (third, first, second),
        (1 | 2, '-' | '.' | '/') => (third, second, first),
        _ => return None,
    };
    NaiveDate::from_ymd_opt(year.parse().ok().filter(|_| year.len() == 4)?, month.parse().ok()?, day.parse().ok()?)
}

fn time(text: &str) -> Option<(u32, u32, u32)> {
    if text.is_empty() {
        return Some((0, 0, 0));
    }
    let mut parts = text.split(':');
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next().unwrap_or("0"));
    let second = second.split('.').next()?;
    if parts.next().is_some() { None } else { Some((hour.parse().ok()?, minute.parse().ok()?, second.parse().ok()?)) }
}

/// The minutes of `+0300` or `-03:00`.
fn minutes(offset: &str) -> Option<i64> {
    let (sign, digits) = match offset.as_bytes().first()? {
        b'+' => (1, &offset[1..]),
        b'-' => (-1, &offset[1..]),
        _ => return None,
    };
    let digits = digits.replace(':', "");
    if digits.len() != 4 {
        return None;
    }
    Some(sign * (digits[..2].parse::<i64>().ok()? * 60 + digits[2..].parse::<i64>().ok()?))
}

/// A time of day that a change of clocks left out is an hour later; one that came twice is the first.
fn here(local: NaiveDateTime, zone: Tz) -> Option<Millis> {
    let earliest = |local: &NaiveDateTime| zone.from_local_datetime(local).earliest();
    let at = earliest(&local).or_else(|| earliest(&(local + chrono::Duration::hours(1))))?;
    Some(at.timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, String> {
        let at = moment(text, chrono_tz::Europe::Moscow, DateOrder::MonthFirst)?;
        Ok(chrono::DateTime::from_timestamp_millis(at).unwrap().format("%Y-%m-%d %H:%M:%S").to_string())
    }

    #[test]
    fn moments_are_read_as_people_and_programs_write_them() {
        for (text, expected) in [
            ("2026-03-04 13:15:00", "2026-03-04 10:15:00"),
            ("2026-03-04T13:15:00+03:00", "2026-03-04 10:15:00"),
            ("2026-03-04T10:15:00.250Z", "2026-03-04 10:15:00"),
            ("2026-03-04 10:15:00 UTC", "2026-03-04 10:15:00"),
            ("2026-03-04 10:15:00 +0000", "2026-03-04 10:15:00"),
            ("04.03.2026 13:15", "2026-03-04 10:15:00"),
            ("03/04/2026 01:15:00 pm", "2026-03-04 10:15:00"),
            ("03/04/2026 12:15 am", "2026-03-03 21:15:00"),
            ("1772619300", "2026-03-04 10:15:00"),
            ("1772619300000", "2026-03-04 10:15:00"),
            ("2026-03-04", "2026-03-03 21:00:00"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_says_what_would_be_one() {
        assert_eq!(read("31.02.2026 10:00").unwrap_err(), "\"31.02.2026\" is no date; write it as 2026-03-04");
        assert_eq!(read("13/04/2026 10:00").unwrap_err(), "\"13/04/2026\" is no date; where the day comes first, add --dates dmy");
        assert!(read("yesterday").is_err() && read("2026-03-04 25:00").is_err() && read("7").is_err() && read("").is_err());
        assert!(moment("13/04/2026", Tz::UTC, DateOrder::DayFirst).is_ok());
    }

    #[test]
    fn a_time_that_clocks_left_out_is_an_hour_later() {
        let at = moment("2026-03-29 02:30:00", chrono_tz::Europe::Berlin, DateOrder::MonthFirst).unwrap();
        assert_eq!(at, moment("2026-03-29 01:30:00 UTC", Tz::UTC, DateOrder::MonthFirst).unwrap());
    }
}
