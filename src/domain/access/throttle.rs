//! Delays after wrong passwords: none at first, then doubling. They stay short enough not to lock a person out.
//!
//! Failures are counted twice: per place (an address, or a browser that signed in before), which slows down one attacker, and over
//! all unknown places, which slows down many attackers together, but only briefly: a person with the right password gets in from
//! another place.

use crate::Millis;

/// Failures from one place without a delay.
const FREE: i64 = 5;
/// The first delay.
const FIRST: Millis = 1_000;
/// Maximum delay.
pub const LONGEST: Millis = 15 * 60_000;
/// Time without a failure after which counting starts from zero.
pub const FORGOTTEN_AFTER: Millis = 24 * 3_600_000;

/// Failures from all unknown places without a delay.
const FREE_EVERYWHERE: i64 = 100;
/// Maximum delay between two tries from unknown places.
pub const LONGEST_EVERYWHERE: Millis = 5_000;

/// Delay after this many failures from all unknown places.
pub fn wait_everywhere(failures: i64) -> Millis {
    wait_after(failures - FREE_EVERYWHERE + FREE).min(LONGEST_EVERYWHERE)
}

/// Delay after this many consecutive failures from one place.
pub fn wait_after(failures: i64) -> Millis {
    match failures - FREE {
        ..0 => 0,
        more => FIRST.checked_shl(u32::try_from(more).unwrap_or(u32::MAX).min(30)).unwrap_or(LONGEST).min(LONGEST),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_wait_doubles_and_ends_at_a_quarter_of_an_hour() {
        let waits: Vec<Millis> = (0..=8).map(wait_after).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 1_000, 2_000, 4_000, 8_000]);
        assert_eq!((wait_after(14), wait_after(15), wait_after(i64::MAX)), (512_000, LONGEST, LONGEST));
    }

    #[test]
    fn many_places_together_wait_a_moment_at_most() {
        let waits: Vec<Millis> = [99, 100, 101, 102, 103, i64::MAX].into_iter().map(wait_everywhere).collect();
        assert_eq!(waits, [0, 1_000, 2_000, 4_000, 5_000, 5_000]);
    }

    proptest! {
        #[test]
        fn more_failures_never_shorten_the_wait(failures in 0..i64::MAX - 1) {
            prop_assert!(wait_after(failures) <= wait_after(failures + 1));
        }
    }
}
