//! A range of days for a list. Both ends are optional and included.

use chrono_tz::Tz;
use lastword_domain::report::calendar::Day;
use lastword_life::Millis;

/// A range of days from a form.
#[derive(Debug)]
pub(crate) struct Days {
    /// Text of the form field.
    pub(crate) from: Option<String>,
    /// Text of the form field.
    pub(crate) until: Option<String>,
    /// One of them is not a date, or they are in the wrong order.
    pub(crate) wrong: bool,
    /// Start of the first day.
    pub(crate) starts_at: Option<Millis>,
    /// End of the last day.
    pub(crate) ends_at: Option<Millis>,
}

impl Days {
    /// Parses the two fields in the time zone `zone`.
    pub(crate) fn of(from: &Option<String>, until: &Option<String>, zone: Tz) -> Self {
        let text = |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let (from, until) = (text(from), text(until));
        let day = |text: &Option<String>| text.as_deref().and_then(Day::parse);
        let (first, last) = (day(&from), day(&until));
        let wrong =
            (from.is_some() && first.is_none()) || (until.is_some() && last.is_none()) || first.zip(last).is_some_and(|(a, b)| a > b);
        Self { wrong, starts_at: first.map(|day| day.start(zone)), ends_at: last.map(|day| day.plus(1).start(zone)), from, until }
    }
}
