//! Start of the period for which a person sees what is new: their last visit, or the end of the working week.

use crate::Millis;
use crate::report::calendar::Day;
use chrono_tz::Tz;

/// Maximum age of news, in days.
const DAYS_MAX: i64 = 7;
const HOUR: Millis = 60 * 60 * 1_000;
/// Friday, and the hour at which the working week ends.
const FRIDAY: i64 = 4;
const EVENING: i64 = 18;

/// Start of the period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// The person's last visit.
    LastLook(Millis),
    /// End of the last working week: the person's last visit is more than a week ago.
    WeekEnd(Millis),
}

impl Since {
    /// The time.
    pub fn at(self) -> Millis {
        match self {
            Since::LastLook(at) | Since::WeekEnd(at) => at,
        }
    }
}

/// Start of the period for a person whose last visit was `looked`, in the organisation's `zone`.
pub fn since(looked: Option<Millis>, now: Millis, zone: Tz) -> Since {
    if let Some(at) = looked.filter(|at| *at <= now && now - at <= DAYS_MAX * 24 * HOUR) {
        return Since::LastLook(at);
    }
    let friday = Day::of(now, zone).monday().plus(FRIDAY);
    let evening = |day: Day| day.start(zone) + EVENING * HOUR;
    Since::WeekEnd(if evening(friday) <= now { evening(friday) } else { evening(friday.plus(-7)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Millis {
        chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis()
    }

    #[test]
    fn it_is_the_last_look_of_a_week_or_the_last_friday_evening() {
        let (zone, monday) = (chrono_tz::Europe::Berlin, at("2026-11-23T08:00:00+01:00"));
        let weekend = Since::WeekEnd(at("2026-11-20T18:00:00+01:00"));
        assert_eq!(since(None, monday, zone), weekend);
        assert_eq!(since(Some(at("2026-11-16T07:59:00+01:00")), monday, zone), weekend, "longer ago than a week");
        let sunday = at("2026-11-22T22:00:00+01:00");
        assert_eq!(since(Some(sunday), monday, zone), Since::LastLook(sunday));
        assert_eq!(since(Some(monday + 1), monday, zone), weekend, "a clock that was put back");
        // On Friday before the evening: the previous week's end.
        assert_eq!(since(None, at("2026-11-20T17:59:00+01:00"), zone), Since::WeekEnd(at("2026-11-13T18:00:00+01:00")));
        assert_eq!(since(None, at("2026-11-20T18:00:00+01:00"), zone), weekend);
    }
}
