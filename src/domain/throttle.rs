//! How long somebody who mistypes a password has to wait: not at all at first, then twice as long each time, and never so
//! long that trying becomes a way to lock somebody out.

use super::Millis;

/// Tries that cost nothing: people mistype.
const FREE: i64 = 5;
/// The first wait.
const FIRST: Millis = 1_000;
/// The longest wait.
pub const LONGEST: Millis = 15 * 60_000;
/// After this long without a try, everything begins anew.
pub const FORGOTTEN_AFTER: Millis = 24 * 3_600_000;

/// The wait after so many failures in a row.
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

    proptest! {
        #[test]
        fn more_failures_never_shorten_the_wait(failures in 0..i64::MAX - 1) {
            prop_assert!(wait_after(failures) <= wait_after(failures + 1));
        }
    }
}
