//! Cache of results over closes that take long to compute.

use lastword_base::time::{MINUTE, Millis};
use lastword_store::report::Closes;
use lastword_store::report::labelled::Memo;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Lifetime of an entry.
const KEPT: Millis = 10 * MINUTE;
/// Maximum number of entries.
const KEPT_MAX: usize = 32;

/// Recent results, by closes.
#[derive(Debug)]
pub struct Kept<T>(Mutex<VecDeque<One<T>>>);

#[derive(Debug)]
struct One<T> {
    closes: Closes,
    at: Millis,
    what: Arc<T>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Kept<T> {
    /// Recent result over these closes.
    pub fn known(&self, closes: &Closes, now: Millis) -> Option<Arc<T>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|kept| (0..KEPT).contains(&(now - kept.at)));
        kept.iter().find(|kept| kept.closes == *closes).map(|kept| kept.what.clone())
    }

    /// Stores the result over these closes.
    pub fn keep(&self, closes: &Closes, now: Millis, what: Arc<T>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.truncate(KEPT_MAX - 1);
        kept.push_front(One { closes: Closes { memo: Memo::default(), ..closes.clone() }, at: now, what });
    }
}
