//! Pauses that a platform asks for (`Retry-After`): from which length on people are notified, and the text.

use crate::Millis;
use chrono::DateTime;
use chrono_tz::Tz;
use lastword_base::names::ConnectionId;

/// Minimum length of a pause that causes a warning; shorter ones are normal pacing.
pub const WARNED_FROM: Millis = 60_000;

/// Minimum length of a pause that is reported to recipients through another connection: alerts wait for its end, too.
pub const TOLD_FROM: Millis = 15 * 60_000;

/// The time `until` for display at `now`, in `zone`: `07:57` on the same day, otherwise with the date.
pub fn clock(until: Millis, now: Millis, zone: Tz) -> String {
    let at = |millis| DateTime::from_timestamp_millis(millis).unwrap_or_default().with_timezone(&zone);
    let (until, now) = (at(until), at(now));
    let form = if until.date_naive() == now.date_naive() { "%H:%M" } else { "%Y-%m-%d %H:%M" };
    until.format(form).to_string()
}

/// A sentence in English: the platform behind the connection `name` asked us to wait until `until`.
pub fn warning(name: &ConnectionId, until: Millis, now: Millis, zone: Tz) -> String {
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
        let said = warning(&"shop".into(), now + 60_000, now, Tz::Europe__Berlin);
        assert_eq!(said, "The platform of the connection shop asked us to wait until 16:14: nothing leaves through it before.");
    }
}
