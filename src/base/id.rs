//! IDs and all other randomness: the only source of randomness in the program. A seeded source makes a whole run reproducible.

use crate::time::Millis;
use rand::rngs::StdRng;
use rand::{Rng, RngCore, SeedableRng};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

/// Characters of an ID in ASCII order, so that IDs sort like their numbers.
const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Length of an ID: 100 bits in base 62.
pub const LENGTH: usize = 17;

/// Number of bits after the time.
const CHANCE: u32 = 52;

/// Source of IDs and randomness.
#[derive(Debug)]
pub struct Ids(Mutex<Source>);

#[derive(Debug)]
struct Source {
    rng: StdRng,
    /// The last ID made for the present, and the last one made for another time.
    last: [u128; 2],
}

impl Ids {
    /// An unpredictable source, for production.
    pub fn random() -> Self {
        Self::from(StdRng::from_os_rng())
    }

    /// A source that returns the same sequence for the same seed.
    pub fn seeded(seed: u64) -> Self {
        Self::from(StdRng::seed_from_u64(seed))
    }

    fn from(rng: StdRng) -> Self {
        Self(Mutex::new(Source { rng, last: [0; 2] }))
    }

    /// Returns a new ID: 48 bits of time, then 52 random bits, as 17 characters of `[0-9A-Za-z]`.
    ///
    /// Every ID sorts after the previous one, also within a millisecond, so that indexes grow at their end. With random
    /// IDs, a batch would touch as many index pages as it has rows.
    pub fn next<K>(&self, now: Millis) -> Id<K> {
        let mut source = self.lock();
        let at = source.last[0].max(number(now));
        Id::from_bits(source.made(0, at))
    }

    /// Returns an ID for something that happened at `at`, now or at another time. IDs of different times sort by time.
    pub fn of<K>(&self, at: Millis) -> Id<K> {
        Id::from_bits(self.lock().made(1, number(at)))
    }

    /// Returns a text that is like no other, for what has no kind of ID: written as an ID from [`Ids::next`].
    pub fn text(&self, now: Millis) -> String {
        self.next::<()>(now).to_string()
    }

    /// Returns random bytes, for secrets.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.lock().rng.fill_bytes(&mut bytes);
        bytes
    }

    /// Returns a random number for jitter, at least 0 and less than 1.
    pub fn fraction(&self) -> f64 {
        self.lock().rng.random::<f64>()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Source> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Source {
    /// Returns an ID of the time encoded in `least`, after the last one of the same time.
    fn made(&mut self, which: usize, least: u128) -> u128 {
        let random = u128::from(self.rng.next_u64() >> (64 - CHANCE));
        // A step of at least 2^28 keeps the IDs of different nodes apart while this one counts up.
        let step = (1 << 28) | (random & ((1 << 28) - 1));
        let last = &mut self.last[which];
        let same = least >> CHANCE == *last >> CHANCE;
        *last = if same { *last + step } else { least | (random >> 1) };
        *last
    }
}

/// A kind of thing that has an ID or a name.
pub trait Kind {
    /// What it is called in an error, such as `line`.
    const NAME: &'static str;
}

/// An ID that Lastword made: 48 bits of time, then 52 bits that tell apart what was made at one time. Written as 17 characters of
/// `[0-9A-Za-z]`, which sort like the IDs.
pub struct Id<K>(u128, PhantomData<fn() -> K>);

impl<K> Id<K> {
    pub(crate) const fn from_bits(bits: u128) -> Self {
        Self(bits, PhantomData)
    }

    /// The same bits as the ID of another kind, for what is named after something else: a question's delivery has the ID of its
    /// rating request.
    pub const fn named_as<Other>(self) -> Id<Other> {
        Id::from_bits(self.0)
    }

    /// The ID that a caller wrote. A text that is no ID becomes the ID of nothing, so that it is answered as an unknown ID is.
    pub fn named(text: &str) -> Self {
        decode(text).map(Self::from_bits).unwrap_or_default()
    }

    /// Its time, as milliseconds since 1970.
    pub fn moment(self) -> Millis {
        moment_of(self.0)
    }
}

/// A text that is no ID of the kind asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAnId {
    kind: &'static str,
}

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no ID of kind {}: {} characters of 0-9, A-Z and a-z are expected", self.kind, LENGTH)
    }
}

impl std::error::Error for NotAnId {}

impl<K: Kind> FromStr for Id<K> {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        decode(text).map(Self::from_bits).ok_or(NotAnId { kind: K::NAME })
    }
}

impl<K> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&encode(self.0))
    }
}

impl<K> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&encode(self.0))
    }
}

/// An ID of nothing, which sorts before all others: for rows that are filled in afterwards.
impl<K> Default for Id<K> {
    fn default() -> Self {
        Self::from_bits(0)
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K> Copy for Id<K> {}

impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<K> Eq for Id<K> {}

impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<K> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, K: Kind> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl<K> Id<K> {
    /// Derives an ID from a time and a digest: equal input results in the same ID, and IDs sort by time.
    pub fn made_from(at: Millis, digest: &[u8; 32]) -> Self {
        let mut low = [0; 8];
        low.copy_from_slice(&digest[..8]);
        Self::from_bits(number(at) | u128::from(u64::from_be_bytes(low) >> (64 - CHANCE)))
    }

    /// The smallest ID of a time: sorts before all IDs of that time and after all earlier ones.
    pub fn first_of(at: Millis) -> Self {
        Self::from_bits(number(at))
    }
}

/// The time of an ID.
pub(crate) fn moment_of(bits: u128) -> Millis {
    Millis::try_from(bits >> CHANCE).unwrap_or_default()
}

/// Reads what [`encode`] wrote: `None` if `text` is no ID.
pub(crate) fn decode(text: &str) -> Option<u128> {
    let letter = |byte: u8| LETTERS.binary_search(&byte).ok().map(|place| place as u128);
    let number = text.bytes().try_fold(0_u128, |number, byte| Some(number.checked_mul(62)? + letter(byte)?))?;
    (text.len() == LENGTH && number >> (48 + CHANCE) == 0).then_some(number)
}

/// The time bits of an ID. Times before 1970 count as 1970.
fn number(at: Millis) -> u128 {
    (at.clamp(0, (1 << 48) - 1) as u128) << CHANCE
}

/// Encodes `number` as 17 characters.
pub(crate) fn encode(mut number: u128) -> String {
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
    use crate::names::{AlertId, RequestId};

    const THEN: Millis = 1_700_000_000_000;

    #[test]
    fn ids_of_later_times_sort_later_and_are_17_letters() {
        let ids = Ids::seeded(1);
        let (a, b): (RequestId, RequestId) = (ids.next(THEN), ids.next(THEN + 1));
        assert!(a < b);
        let many: Vec<RequestId> = (0..1_000).map(|_| ids.next(THEN + 1)).collect();
        assert!(many.is_sorted() && many[0] > b, "also within one millisecond");
        assert!(ids.next(THEN - 5) > many[999], "also where a clock goes back");
        assert!(a.to_string().len() == LENGTH && a.to_string().chars().all(|letter| letter.is_ascii_alphanumeric()));
    }

    #[test]
    fn what_was_at_different_moments_sorts_by_them() {
        let ids = Ids::seeded(1);
        let many: Vec<(Millis, RequestId)> = (0..5_000_i64).map(|n| (THEN + n * 7_919 % 13, ids.of(THEN + n * 7_919 % 13))).collect();
        for (at, id) in &many {
            assert!(RequestId::first_of(*at) <= *id && *id < RequestId::first_of(at + 1) && id.moment() == *at, "{id} is of {at}");
        }
        let different: std::collections::BTreeSet<RequestId> = many.iter().map(|&(_, id)| id).collect();
        assert_eq!(different.len(), many.len());
        let at_once: Vec<RequestId> = (0..1_000).map(|_| ids.of(THEN)).collect();
        assert!(at_once.is_sorted(), "in the order in which they were made, within a moment");
    }

    #[test]
    fn moments_outside_of_what_an_id_holds_are_its_ends() {
        let (least, most) = (RequestId::first_of(Millis::MIN), RequestId::first_of(Millis::MAX));
        assert_eq!((least, most.moment()), (RequestId::first_of(0), (1 << 48) - 1));
    }

    #[test]
    fn the_same_thing_has_the_same_id_in_its_time() {
        let (id, other) = (RequestId::made_from(THEN, &[7; 32]), RequestId::made_from(THEN, &[8; 32]));
        assert_eq!(id, RequestId::made_from(THEN, &[7; 32]));
        assert!(id != other && id > RequestId::first_of(THEN) && id < RequestId::first_of(THEN + 1));
    }

    #[test]
    fn the_same_seed_gives_the_same_ids() {
        assert_eq!(Ids::seeded(7).text(5), Ids::seeded(7).text(5));
    }

    #[test]
    fn an_id_is_read_as_it_was_written() {
        let id = RequestId::from_bits((1_700_000_000_000 << 52) | 42);
        let written = id.to_string();
        assert_eq!(written.parse(), Ok(id));
        assert_eq!(serde_json::from_str::<RequestId>(&serde_json::to_string(&id).unwrap()).unwrap(), id);
        assert_eq!(id.moment(), 1_700_000_000_000);
        assert!(id < RequestId::from_bits((1_700_000_000_001 << 52) | 1), "sorts by time");
    }

    #[test]
    fn a_text_that_is_no_id_is_refused_with_its_kind() {
        for text in ["", "1", "not an ID at all!", "00000000000000000000", "zzzzzzzzzzzzzzzzz\u{e9}", "-0000000000000001"] {
            let error = text.parse::<AlertId>().unwrap_err().to_string();
            assert_eq!(error, "no ID of kind alert: 17 characters of 0-9, A-Z and a-z are expected", "{text}");
        }
    }
}
