//! What takes long to work out of closes is kept for a while, for whoever asks the same again.

use lastword_base::time::{MINUTE, Millis};
use lastword_store::report::Closes;
use lastword_store::report::labelled::Memo;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// For so long.
const KEPT: Millis = 10 * MINUTE;
/// So many of them.
const KEPT_MAX: usize = 32;

/// What was worked out of closes not long ago.
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
    /// What was worked out of these closes.
    pub fn known(&self, closes: &Closes, now: Millis) -> Option<Arc<T>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|kept| (0..KEPT).contains(&(now - kept.at)));
        kept.iter().find(|kept| kept.closes == *closes).map(|kept| kept.what.clone())
    }

    /// Keeps what was worked out of them.
    pub fn keep(&self, closes: &Closes, now: Millis, what: Arc<T>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.truncate(KEPT_MAX - 1);
        kept.push_front(One { closes: Closes { memo: Memo::default(), ..closes.clone() }, at: now, what });
    }
}
