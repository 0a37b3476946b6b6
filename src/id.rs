//! The ids and all other randomness: the only door through which chance enters. A seeded source makes a whole run
//! repeatable.

use crate::time::Millis;
use rand::rngs::StdRng;
use rand::{Rng, RngCore, SeedableRng};
use std::sync::{Mutex, PoisonError};

/// Letters of an id, in the order of ASCII, so that ids sort as their numbers do.
const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The length of an id: 128 bits in base 62.
pub const LENGTH: usize = 22;

/// A source of ids and of randomness.
#[derive(Debug)]
pub struct Ids(Mutex<Source>);

#[derive(Debug)]
struct Source {
    rng: StdRng,
    last: u128,
}

impl Ids {
    /// Unpredictable, for production.
    pub fn random() -> Self {
        Self::from(StdRng::from_os_rng())
    }

    /// The same sequence for the same seed.
    pub fn seeded(seed: u64) -> Self {
        Self::from(StdRng::seed_from_u64(seed))
    }

    fn from(rng: StdRng) -> Self {
        Self(Mutex::new(Source { rng, last: 0 }))
    }

    /// A new id: 48 bits of time, then 80 random bits, as 22 letters of `[0-9A-Za-z]`.
    ///
    /// Every id sorts after the one before, also within a millisecond, so that an index is written at its end: with
    /// random ids a batch touches as many pages as it has rows.
    pub fn next(&self, now: Millis) -> String {
        let mut source = self.lock();
        let random = u128::from(source.rng.next_u64()) | (u128::from(source.rng.next_u32() & 0xffff) << 64);
        let fresh = ((now.max(0) as u128 & 0xffff_ffff_ffff) << 80) | random;
        // A step of 2^40 and more keeps ids of different nodes apart while this one counts on.
        let step = (1 << 40) | (random & ((1 << 40) - 1));
        source.last = if fresh >> 80 > source.last >> 80 { fresh & !(1 << 79) } else { source.last + step };
        encode(source.last)
    }

    /// Random bytes, for secrets.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.lock().rng.fill_bytes(&mut bytes);
        bytes
    }

    /// A random share of one, for jitter: at least 0 and less than 1.
    pub fn fraction(&self) -> f64 {
        self.lock().rng.random::<f64>()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Source> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The id of something that was at `at`, made from what it is: the same thing has the same id, and ids sort by time.
pub fn made_from(at: Millis, digest: &[u8; 32]) -> String {
    let mut low = [0; 16];
    low[6..].copy_from_slice(&digest[..10]);
    encode(((at.max(0) as u128 & 0xffff_ffff_ffff) << 80) | u128::from_be_bytes(low))
}

/// The least id of a moment: what sorts before all ids made then and after all made before.
pub fn first_of(at: Millis) -> String {
    encode((at.max(0) as u128 & 0xffff_ffff_ffff) << 80)
}

/// `number` as 22 letters.
pub fn encode(mut number: u128) -> String {
    let mut letters = [b'0'; LENGTH];
    for letter in letters.iter_mut().rev() {
        *letter = LETTERS[(number % 62) as usize];
        number /= 62;
    }
    letters.iter().map(|&letter| char::from(letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_later_times_sort_later_and_are_22_letters() {
        let ids = Ids::seeded(1);
        let (a, b) = (ids.next(1_700_000_000_000), ids.next(1_700_000_000_001));
        assert!(a < b);
        let many: Vec<String> = (0..1_000).map(|_| ids.next(1_700_000_000_001)).collect();
        assert!(many.is_sorted() && many[0] > b, "also within one millisecond");
        assert!(a.len() == LENGTH && a.chars().all(|letter| letter.is_ascii_alphanumeric()));
    }

    #[test]
    fn the_same_thing_has_the_same_id_in_its_time() {
        let (id, other) = (made_from(1_700_000_000_000, &[7; 32]), made_from(1_700_000_000_000, &[8; 32]));
        assert_eq!(id, made_from(1_700_000_000_000, &[7; 32]));
        assert!(id != other && id > first_of(1_700_000_000_000) && id < first_of(1_700_000_000_001) && id.len() == LENGTH);
    }

    #[test]
    fn the_same_seed_gives_the_same_ids() {
        assert_eq!(Ids::seeded(7).next(5), Ids::seeded(7).next(5));
    }
}
