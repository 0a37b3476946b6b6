//! One end of a period, as a person or a program specifies it.

use super::calendar::Day;
use crate::Millis;
use chrono_tz::Tz;

/// A day or an instant. A period includes the whole day with which it begins or ends. It includes the instant with which it begins, and
/// ends before the instant with which it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// A day of the organisation's calendar, as people write it.
    Day(Day),
    /// An instant, as programs pass it.
    At(Millis),
}

impl Bound {
    /// First instant of a period that begins here.
    pub fn since(self, zone: Tz) -> Millis {
        match self {
            Self::Day(day) => day.start(zone),
            Self::At(at) => at,
        }
    }

    /// First instant after a period that ends here.
    pub fn until(self, zone: Tz) -> Millis {
        match self {
            Self::Day(day) => day.plus(1).start(zone),
            Self::At(at) => at,
        }
    }
}
