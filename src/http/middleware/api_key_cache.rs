//! The keys that were right a moment ago, so that not every call asks the database.

use crate::life::access::admit_program::Program;
use crate::store::Millis;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// How long a key that was right is believed. Only right keys are remembered: wrong ones would fill the memory.
const API_KEY_CACHED_FOR: Millis = 5_000;
/// More keys than an organisation has.
const REMEMBERED_MAX: usize = 10_000;

/// The keys that were right a moment ago, by hash.
#[derive(Debug, Default)]
pub struct ApiKeyCache(RwLock<HashMap<String, (Arc<Program>, Millis)>>);

impl ApiKeyCache {
    pub(super) fn get(&self, hash: &str, now: Millis) -> Option<Arc<Program>> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        // One that was kept by a clock that was ahead is not believed for longer.
        kept.get(hash).filter(|(_, until)| (now + 1..=now + API_KEY_CACHED_FOR).contains(until)).map(|(program, _)| program.clone())
    }

    /// Whether it was right once, also if that is no longer believed.
    pub(super) fn knows(&self, hash: &str) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).contains_key(hash)
    }

    pub(super) fn forget(&self, hash: &str) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(hash);
    }

    pub(super) fn keep(&self, hash: String, program: Arc<Program>, now: Millis) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= REMEMBERED_MAX {
            kept.clear();
        }
        kept.insert(hash, (program, now + API_KEY_CACHED_FOR));
    }
}
