//! Days without working hours, on any day of the week: holidays, and days on which a shop is closed.

use chrono::{Datelike, NaiveDate};

/// Maximum number of entries of a line: ten years of the holidays of a country with many.
pub const DAYS_OFF_MAX: usize = 1_000;
/// Maximum length of a range in days: longer ones are typing errors in the year.
const STRETCH_MAX: i64 = 366;

/// One entry: a range of days, or a day of each year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DayOff {
    /// From the first day to the last.
    Stretch(NaiveDate, NaiveDate),
    /// Month and day of the month, each year.
    EachYear(u32, u32),
}

impl DayOff {
    /// Parses `2026-12-24`, `2026-12-24/2026-12-31` or `12-25`.
    ///
    /// # Errors
    /// The problem with its remedy.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let shown: String = text.chars().take(40).collect();
        let unknown = || format!("\"{shown}\" is no day off; write 2026-12-24, 2026-12-24/2026-12-31, or 12-25 for every year");
        let day = |text: &str| NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").map_err(|_| unknown());
        if let Some((first, last)) = text.split_once('/') {
            let (first, last) = (day(first)?, day(last)?);
            return match last.signed_duration_since(first).num_days() {
                ..0 => Err(format!("\"{shown}\" ends before it begins; write the first day, /, and the last")),
                0..STRETCH_MAX => Ok(Self::Stretch(first, last)),
                _ => Err(format!("\"{shown}\" is longer than a year; write the days that are off, or 12-25 for every year")),
            };
        }
        if text.len() <= 5 {
            let (month, of_month) = text.split_once('-').ok_or_else(unknown)?;
            let (month, of_month) = (month.parse().map_err(|_| unknown())?, of_month.parse().map_err(|_| unknown())?);
            // 2000 was a leap year: 02-29 is valid.
            return NaiveDate::from_ymd_opt(2_000, month, of_month).map(|_| Self::EachYear(month, of_month)).ok_or_else(unknown);
        }
        day(text).map(|day| Self::Stretch(day, day))
    }

    /// True if `day` is off.
    pub fn holds(self, day: NaiveDate) -> bool {
        match self {
            Self::Stretch(first, last) => (first..=last).contains(&day),
            Self::EachYear(month, of_month) => (day.month(), day.day()) == (month, of_month),
        }
    }
}

impl std::fmt::Display for DayOff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Stretch(first, last) if first == last => write!(f, "{first}"),
            Self::Stretch(first, last) => write!(f, "{first}/{last}"),
            Self::EachYear(month, day) => write!(f, "{month:02}-{day:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn days_off_are_read_and_written() {
        for text in ["2026-12-24", "2026-12-24/2027-01-01", "12-25", "02-29"] {
            assert_eq!(DayOff::parse(&format!(" {text} ")).map(|day| day.to_string()), Ok(text.to_owned()));
        }
        assert_eq!(DayOff::parse("5-1").unwrap().to_string(), "05-01");
        let holds = |text: &str, day: &str| DayOff::parse(text).unwrap().holds(date(day));
        assert!(holds("2026-12-24/2027-01-01", "2026-12-31") && holds("2026-12-24/2027-01-01", "2027-01-01"));
        assert!(!holds("2026-12-24/2027-01-01", "2027-01-02") && !holds("2026-12-24", "2027-12-24"));
        assert!(holds("12-25", "2026-12-25") && holds("12-25", "2031-12-25") && !holds("12-25", "2031-12-26"));
    }

    #[test]
    fn what_is_no_day_is_named_with_its_remedy() {
        for (text, why) in [
            ("24.12.2026", "write 2026-12-24"),
            ("2026-13-01", "is no day off"),
            ("02-30", "is no day off"),
            ("", "is no day off"),
            ("Christmas", "is no day off"),
            ("2026-12-31/2026-12-24", "ends before it begins"),
            ("2026-12-24/2062-12-31", "longer than a year"),
        ] {
            let said = DayOff::parse(text).unwrap_err();
            assert!(said.contains(why) && said.contains(text), "{text}: {said}");
        }
    }
}
