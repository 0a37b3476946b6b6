//! Times in the API: RFC 3339 in responses; RFC 3339 or milliseconds since 1970 in requests, and also days in filters.

use chrono::DateTime;
use lastword_domain::moment::{self, LATEST};
use lastword_domain::report::bound::Bound;
use lastword_domain::report::calendar::Day;
use lastword_life::Millis;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use utoipa::ToSchema;

/// A time in RFC 3339 (`2026-05-01T12:00:00.000Z`). Requests may also use milliseconds since 1970 as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-05-01T12:00:00.000Z")]
pub struct Timestamp(pub Millis);

/// About three years after 1970. Smaller numbers are seconds sent by mistake.
const SECONDS_BELOW: Millis = 100_000_000_000;

impl Timestamp {
    /// Parses a time from a body or a query.
    ///
    /// # Errors
    /// A sentence about the expected format.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Ok(number) = text.parse::<i64>() {
            return Self::of_millis(number);
        }
        let wrong = || "is not a time; write RFC 3339 with its zone, such as 2026-05-01T12:00:00Z, or milliseconds since 1970".to_owned();
        let at = DateTime::parse_from_rfc3339(text).map_err(|_| wrong())?.timestamp_millis();
        (0..=LATEST).contains(&at).then_some(Self(at)).ok_or_else(wrong)
    }

    fn of_millis(number: i64) -> Result<Self, String> {
        match number {
            0..SECONDS_BELOW => Err(format!("{number} looks like seconds; write milliseconds since 1970, or RFC 3339")),
            SECONDS_BELOW..=LATEST => Ok(Self(number)),
            _ => Err(format!("{number} is outside the years 1970 to 9999 in milliseconds")),
        }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&moment::rfc3339(self.0))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Moment;
        impl Visitor<'_> for Moment {
            type Value = Timestamp;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time: RFC 3339 with its zone, or milliseconds since 1970")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Timestamp, E> {
                Timestamp::parse(text).map_err(E::custom)
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Timestamp, E> {
                Timestamp::of_millis(number).map_err(E::custom)
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Timestamp, E> {
                self.visit_i64(i64::try_from(number).unwrap_or(i64::MAX))
            }
        }
        deserializer.deserialize_any(Moment)
    }
}

/// One end of a period in a filter: a day in the organisation's time zone (`2026-09-30`), which is included in the period,
/// or a time as in [`Timestamp`], at which the period begins or before which it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayOrTime(pub Bound);

impl DayOrTime {
    /// Parses a day or a time.
    ///
    /// # Errors
    /// A sentence about both formats.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some(day) = Day::parse(text) {
            return Ok(Self(Bound::Day(day)));
        }
        Timestamp::parse(text).map(|at| Self(Bound::At(at.0))).map_err(|why| format!("{why}, or a day such as 2026-05-01"))
    }
}

impl<'de> Deserialize<'de> for DayOrTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_the_same_moment() {
        let read = |text: &str| serde_json::from_str::<Timestamp>(text).unwrap();
        let at = Timestamp(1_777_636_800_000);
        for text in ["\"2026-05-01T12:00:00Z\"", "\"2026-05-01T14:00:00.000+02:00\"", "1777636800000", "\"1777636800000\""] {
            assert_eq!(read(text), at, "{text}");
        }
        assert_eq!(serde_json::to_string(&at).unwrap(), "\"2026-05-01T12:00:00.000Z\"");
    }

    #[test]
    fn what_is_no_moment_is_refused_with_the_remedy() {
        let table = [
            ("1777636800", "looks like seconds"),
            ("\"2026-05-01\"", "RFC 3339"),
            ("-1", "outside the years"),
            ("18446744073709551615", "outside the years"),
            ("\"1900-01-01T00:00:00Z\"", "is not a time"),
            ("true", "a time: RFC 3339"),
        ];
        for (text, words) in table {
            let error = serde_json::from_str::<Timestamp>(text).unwrap_err().to_string();
            assert!(error.contains(words), "{text}: {error}");
        }
    }
}
