//! A time zone as numbers, so that SQL of both databases can compute the day of a close: its time in UTC plus the shift of the last
//! entry before it, divided by the length of a day. Exactly [`Day::of`], also when clocks go back over midnight.

use super::Day;
use crate::Millis;
use chrono_tz::Tz;

const DAY: Millis = 86_400_000;
/// Days until 2100: later ones count by the last shift.
const DAYS: i64 = 47_482;

/// The shifts of a time zone, each with the time from which it applies; the first one applies to all earlier times too.
pub fn shifts(zone: Tz) -> Vec<(Millis, Millis)> {
    let mut shifts: Vec<(Millis, Millis)> = Vec::new();
    let mut before = 0;
    for day in 0..=DAYS {
        let start = Day(day).start(zone);
        let shift = day * DAY - start;
        // A day of more than 24 hours would reach into the next one: its second half already counts by that one's shift.
        let long = day > 0 && start - before > DAY;
        before = start;
        if shifts.last().is_none_or(|(_, last)| *last != shift) {
            let from = if shifts.is_empty() { -DAY * DAYS } else { start - if long { DAY / 2 } else { 0 } };
            shifts.retain(|(at, _)| *at < from);
            shifts.push((from, shift));
        }
    }
    shifts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    /// The day that SQL computes.
    fn day(at: Millis, shifts: &[(Millis, Millis)]) -> i64 {
        let (_, shift) = shifts[shifts.partition_point(|(from, _)| *from <= at) - 1];
        (at + shift).div_euclid(DAY)
    }

    /// Zones with daylight saving time, without it, with a skipped day, and with a midnight that occurs twice or not at all.
    const ZONES: [Tz; 9] = [
        Tz::UTC,
        Tz::Europe__Berlin,
        Tz::America__New_York,
        Tz::Asia__Kolkata,
        Tz::Pacific__Apia,
        Tz::America__Havana,
        Tz::America__Sao_Paulo,
        Tz::Australia__Lord_Howe,
        Tz::Asia__Beirut,
    ];

    proptest! {
        #[test]
        fn sql_finds_the_same_day(zone in 0..ZONES.len(), at in 0_i64..4_000_000_000_000) {
            static SHIFTS: LazyLock<Vec<Vec<(Millis, Millis)>>> = LazyLock::new(|| ZONES.map(shifts).into());
            prop_assert_eq!(day(at, &SHIFTS[zone]), Day::of(at, ZONES[zone]).0);
        }
    }

    #[test]
    fn sql_finds_the_same_day_around_every_change_of_clocks() {
        for zone in ZONES {
            let shifts = shifts(zone);
            assert!(shifts.len() < 400, "{zone}: {} shifts", shifts.len());
            assert!(shifts.is_sorted_by(|(one, _), (other, _)| one < other), "{zone}");
            for (from, _) in &shifts[1..] {
                for quarters in -200..200 {
                    let at = from + quarters * DAY / 96;
                    assert_eq!(day(at, &shifts), Day::of(at, zone).0, "{zone} at {at}");
                }
                for at in [from - 1, *from, from + DAY / 2 - 1, from + DAY / 2] {
                    assert_eq!(day(at, &shifts), Day::of(at, zone).0, "{zone} at {at}");
                }
            }
        }
    }
}
