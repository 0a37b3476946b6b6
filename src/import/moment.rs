//! Parses times in other programs' files.

use crate::number;
use chrono::{NaiveDate, NaiveDateTime, TimeDelta, TimeZone};
use chrono_tz::Tz;
use lastword_domain::Millis;

/// Order of day and month in `03/04/2026`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateOrder {
    /// Month, day, year.
    #[default]
    MonthFirst,
    /// Day, month, year.
    DayFirst,
}

/// Evidence for the order of the dates in a file. A single date may be ambiguous: `03/04/2026`.
#[derive(Clone, Debug, Default)]
pub struct DateOrderEvidence {
    day_first: Option<(u64, String)>,
    month_first: Option<(u64, String)>,
    either: Option<(u64, String)>,
}

impl DateOrderEvidence {
    /// Adds the time in a line of the file.
    pub fn look(&mut self, line: u64, moment: &str) {
        let (date, _) = split(moment);
        let reads = |order| self::date(date, order).is_some();
        let kind = match (date.contains('/'), reads(DateOrder::DayFirst), reads(DateOrder::MonthFirst)) {
            (true, true, false) => &mut self.day_first,
            (true, false, true) => &mut self.month_first,
            (true, true, true) if self::date(date, DateOrder::DayFirst) != self::date(date, DateOrder::MonthFirst) => &mut self.either,
            _ => return,
        };
        kind.get_or_insert_with(|| (line, short(date)));
    }

    /// The order of all dates of the file.
    ///
    /// # Errors
    /// If they contradict each other, or all are ambiguous; with the remedy.
    pub fn order(&self) -> Result<DateOrder, String> {
        match (&self.day_first, &self.month_first, &self.either) {
            (Some((first, day)), Some((second, month)), _) => Err(format!(
                "{day} in line {first} has the day first and {month} in line {second} the month; make them alike, or give --dates dmy or \
                 --dates mdy, and rows that do not fit are left out"
            )),
            (Some(_), None, _) => Ok(DateOrder::DayFirst),
            (None, None, Some((line, date))) => Err(format!(
                "{date} in line {line} can be read in two ways, and no date in the file says which; give --dates dmy where the day comes \
                 first, --dates mdy where the month does"
            )),
            (None, _, _) => Ok(DateOrder::MonthFirst),
        }
    }
}

/// True if a text is a time, in either order of the date.
pub(super) fn is_moment(text: &str) -> bool {
    [DateOrder::MonthFirst, DateOrder::DayFirst].into_iter().any(|order| moment(text, Tz::UTC, order).is_ok())
}

/// The date of a time, and the rest.
fn split(text: &str) -> (&str, &str) {
    const BETWEEN: [char; 4] = [' ', 'T', '\u{a0}', ','];
    let end = text.find(BETWEEN).unwrap_or(text.len());
    (&text[..end], text[end..].trim_start_matches(BETWEEN))
}

/// 2099-12-31, in days since 1899-12-30, the epoch of spreadsheets. Larger numbers are not days; nor are numbers with fewer
/// digits, such as a year.
const LAST_DAY: i64 = 73_050;

/// The time of a number of days since 1899-12-30, to the second: `45123.5` is 2023-07-16 12:00 (ECMA-376, part 1,
/// 18.17.4.1: the 1900 date system).
pub(super) fn day_count(text: &str) -> Option<NaiveDateTime> {
    let (days, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let is_number = |text: &str| !text.is_empty() && text.len() <= 16 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(days) || !is_number(fraction) || days.len() != 5 {
        return None;
    }
    let days = days.parse::<i64>().ok().filter(|days| *days <= LAST_DAY)?;
    let (parts, whole) = (fraction.parse::<i128>().ok()?, 10_i128.pow(u32::try_from(fraction.len()).ok()?));
    let seconds = i64::try_from((parts * 86_400 * 2 + whole) / (whole * 2)).ok()?;
    NaiveDate::from_ymd_opt(1899, 12, 30)?.and_hms_opt(0, 0, 0)?.checked_add_signed(TimeDelta::seconds(days * 86_400 + seconds))
}

/// Parses `2026-03-04 10:15:00`, `2026-03-04T10:15:00+03:00`, `04.03.2026 10:15`, `03/04/2026 10:15:00 am`, seconds or
/// milliseconds since 1970, or days as spreadsheets store them. Without an offset it is a time in `zone`.
///
/// # Errors
/// The problem, and its remedy.
pub(super) fn moment(text: &str, zone: Tz, order: DateOrder) -> Result<Millis, String> {
    let bad = || format!("\"{}\" is no moment; write it as 2026-03-04 10:15:00", short(text));
    if let Some(local) = day_count(text) {
        return here(local, zone);
    }
    let count = number::whole(text).unwrap_or(text);
    if count.bytes().all(|byte| byte.is_ascii_digit()) {
        return match count.parse::<i64>() {
            // Seconds until the year 5138, milliseconds from 1973.
            Ok(secs @ 100_000_000..100_000_000_000) => Ok(secs * 1_000),
            Ok(millis @ 100_000_000_000..100_000_000_000_000) => Ok(millis),
            _ => Err(bad()),
        };
    }
    let (day, rest) = split(text);
    let date = date(day, order).ok_or_else(|| no_date(day, order))?;
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
        "" | "am" | "pm" => here(local, zone),
        "z" | "utc" | "gmt" => Ok(local.and_utc().timestamp_millis()),
        offset => Ok(local.and_utc().timestamp_millis() - minutes(offset).ok_or_else(bad)? * 60_000),
    }
}

fn no_date(text: &str, order: DateOrder) -> String {
    let hint = match order {
        DateOrder::MonthFirst if text.contains('/') => "; where the day comes first, give --dates dmy",
        DateOrder::DayFirst if text.contains('/') => "; where the month comes first, give --dates mdy",
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

/// Minutes of `+0300` or `-03:00`.
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

/// A local time to instant. If it occurs twice when clocks go back, the first one.
fn here(local: NaiveDateTime, zone: Tz) -> Result<Millis, String> {
    let at = zone.from_local_datetime(&local).earliest();
    at.map(|at| at.timestamp_millis()).ok_or_else(|| {
        format!(
            "{local} does not exist in {zone}: clocks were put forward over it; correct it, write its offset (+01:00) behind it, or look at \
             --time-zone"
        )
    })
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
            ("1772619300.0", "2026-03-04 10:15:00"),
            ("45123.5", "2023-07-16 09:00:00"),
            ("45123,5", "2023-07-16 09:00:00"),
            ("45123", "2023-07-15 21:00:00"),
            ("46085.5520833333", "2026-03-04 10:15:00"),
            ("2026-03-04", "2026-03-03 21:00:00"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_says_what_would_be_one() {
        assert_eq!(read("31.02.2026 10:00").unwrap_err(), "\"31.02.2026\" is no date; write it as 2026-03-04");
        assert_eq!(read("13/04/2026 10:00").unwrap_err(), "\"13/04/2026\" is no date; where the day comes first, give --dates dmy");
        assert!(
            read("yesterday").is_err()
                && read("2026-03-04 25:00").is_err()
                && read("7").is_err()
                && read("73051").is_err()
                && read("12.5").is_err()
                && read("2026").is_err()
                && read("").is_err()
        );
        assert!(moment("13/04/2026", Tz::UTC, DateOrder::DayFirst).is_ok());
    }

    #[test]
    fn a_time_that_clocks_left_out_is_said_and_one_that_came_twice_is_the_first() {
        let berlin = |text| moment(text, chrono_tz::Europe::Berlin, DateOrder::MonthFirst);
        let gap = berlin("2026-03-29 02:30:00").unwrap_err();
        assert!(gap.starts_with("2026-03-29 02:30:00 does not exist in Europe/Berlin") && gap.contains("--time-zone"), "{gap}");
        assert!(berlin("2026-03-29 02:30:00+01:00").is_ok());
        assert_eq!(berlin("2026-10-25 02:30:00"), berlin("2026-10-25 02:30:00+02:00"));
    }

    fn order(dates: &[&str]) -> Result<DateOrder, String> {
        let mut evidence = DateOrderEvidence::default();
        dates.iter().zip(2..).for_each(|(date, line)| evidence.look(line, date));
        evidence.order()
    }

    #[test]
    fn the_order_of_dates_is_that_of_the_whole_file() {
        assert_eq!(order(&["03/04/2026 10:15", "13/04/2026"]), Ok(DateOrder::DayFirst));
        assert_eq!(order(&["03/04/2026 10:15", "04/13/2026"]), Ok(DateOrder::MonthFirst));
        assert_eq!(order(&["2026-03-04", "04.03.2026", "05/05/2026", "never", ""]), Ok(DateOrder::MonthFirst), "nothing to decide");
        let unknown = order(&["05/05/2026", "03/04/2026 10:15"]).unwrap_err();
        assert!(unknown.starts_with("03/04/2026 in line 3 can be read in two ways") && unknown.contains("--dates dmy"), "{unknown}");
        let both = order(&["13/04/2026", "04/13/2026"]).unwrap_err();
        assert!(both.starts_with("13/04/2026 in line 2 has the day first and 04/13/2026 in line 3 the month"), "{both}");
    }
}
