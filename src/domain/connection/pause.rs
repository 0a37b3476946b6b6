//! Pauses that a platform asks for (`Retry-After`): how long one is before people are told of it, and in which words.

use crate::Millis;
use chrono::DateTime;
use chrono_tz::Tz;

/// A pause of at least this long is worth a warning; shorter ones are how a platform paces us.
pub const WARNED_FROM: Millis = 60_000;

/// A pause of at least this long is told to recipients, through another connection: alerts wait in it too.
pub const TOLD_FROM: Millis = 15 * 60_000;

/// The moment `until` as people read it at `now` on the clock of `zone`: `07:57` on the same day, else with the date.
pub fn clock(until: Millis, now: Millis, zone: Tz) -> String {
    let at = |millis| DateTime::from_timestamp_millis(millis).unwrap_or_default().with_timezone(&zone);
    let (until, now) = (at(until), at(now));
    let form = if until.date_naive() == now.date_naive() { "%H:%M" } else { "%Y-%m-%d %H:%M" };
    until.format(form).to_string()
}

/// That the platform behind the connection `name` asked us to wait until `until`, as a sentence in English.
pub fn warning(name: &str, until: Millis, now: Millis, zone: Tz) -> String {
    format!("The platform of the connection {name} asked us to wait until {}: nothing leaves through it before.", clock(until, now, zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_pause_has_a_date_where_it_is_another_day() {
        let now = 1_790_000_000_000; // 2026-09-21 14:13:20 UTC
        assert_eq!(clock(now + 3_600_000, now, Tz::UTC), "15:13");
        assert_eq!(clock(now + 3_600_000, now, Tz::Asia__Tokyo), "2026-09-22 00:13");
        assert_eq!(clock(now + 34_567_000, now, Tz::Asia__Tokyo), "2026-09-22 08:49");
        let said = warning("shop", now + 60_000, now, Tz::Europe__Berlin);
        assert_eq!(said, "The platform of the connection shop asked us to wait until 16:14: nothing leaves through it before.");
    }
}
