//! One end of a stretch of time, as a person or a program writes it.

use super::calendar::Day;
use crate::Millis;
use chrono_tz::Tz;

/// A day or an instant. What begins with a day has all of it, and what ends with a day has all of it; an instant is the first
/// millisecond inside where it begins a stretch, and the first one outside where it ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// A day of the organisation's calendar, as people write it.
    Day(Day),
    /// An instant, as programs pass it.
    At(Millis),
}

impl Bound {
    /// The first instant of what begins here.
    pub fn since(self, zone: Tz) -> Millis {
        match self {
            Self::Day(day) => day.start(zone),
            Self::At(at) => at,
        }
    }

    /// The first instant after what ends here.
    pub fn until(self, zone: Tz) -> Millis {
        match self {
            Self::Day(day) => day.plus(1).start(zone),
            Self::At(at) => at,
        }
    }
}
