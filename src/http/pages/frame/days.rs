//! The days between which a list is looked at: both may be left out, both belong to it.

use chrono_tz::Tz;
use lastword_domain::report::calendar::Day;
use lastword_life::Millis;

/// From a day to a day, as a form asks for them.
#[derive(Debug)]
pub(crate) struct Days {
    /// What stands in the form.
    pub(crate) from: Option<String>,
    /// What stands in the form.
    pub(crate) to: Option<String>,
    /// One of them is no day, or they are in the wrong order.
    pub(crate) wrong: bool,
    /// When the first day begins.
    pub(crate) since: Option<Millis>,
    /// When the last day is over.
    pub(crate) until: Option<Millis>,
}

impl Days {
    /// Reads the two fields by the clock of `zone`.
    pub(crate) fn of(from: &Option<String>, to: &Option<String>, zone: Tz) -> Self {
        let text = |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let (from, to) = (text(from), text(to));
        let day = |text: &Option<String>| text.as_deref().and_then(Day::parse);
        let (first, last) = (day(&from), day(&to));
        let wrong = (from.is_some() && first.is_none()) || (to.is_some() && last.is_none()) || first.zip(last).is_some_and(|(a, b)| a > b);
        Self { wrong, since: first.map(|day| day.start(zone)), until: last.map(|day| day.plus(1).start(zone)), from, to }
    }
}
