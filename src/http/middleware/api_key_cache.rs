//! Cache of valid API keys, so that not every call queries the database.

use lastword_life::Engine;
use lastword_life::access::admit_program::{self, Program};
use lastword_store::{Millis, StoreError};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Mutex;

/// Time for which a valid key is cached. Invalid keys are not cached, because they would fill the memory.
const API_KEY_CACHED_FOR: Millis = 5_000;
/// Maximum number of cached keys, more than an organisation has.
const REMEMBERED_MAX: usize = 10_000;

/// Minimum time between two reads of the list of keys, however many calls with unknown keys arrive.
const LISTED_FOR: Millis = 1_000;

/// Valid keys, by hash.
#[derive(Debug, Default)]
pub struct ApiKeyCache {
    right: RwLock<HashMap<String, (Arc<Program>, Millis)>>,
    /// Hashes of all keys, and the time they were read.
    listed: Mutex<(HashSet<String>, Millis)>,
}

impl ApiKeyCache {
    pub(crate) fn get(&self, hash: &str, now: Millis) -> Option<Arc<Program>> {
        let kept = self.right.read().unwrap_or_else(PoisonError::into_inner);
        kept.get(hash).filter(|(_, until)| is_fresh(*until, now)).map(|(program, _)| program.clone())
    }

    /// True if there was a key with this hash at most a second ago. Concurrent callers share one read of the database.
    pub(crate) async fn is_listed(&self, engine: &Engine, hash: &str) -> Result<bool, StoreError> {
        let mut listed = self.listed.lock().await;
        let now = engine.now();
        if !(listed.1..listed.1 + LISTED_FOR).contains(&now) {
            *listed = (admit_program::hashes(engine).await?, now);
        }
        Ok(listed.0.contains(hash))
    }

    /// True if the key was valid before, even if its entry has expired.
    pub(crate) fn knows(&self, hash: &str) -> bool {
        self.right.read().unwrap_or_else(PoisonError::into_inner).contains_key(hash)
    }

    pub(crate) fn forget(&self, hash: &str) {
        self.right.write().unwrap_or_else(PoisonError::into_inner).remove(hash);
    }

    /// Caches a key. True if no other call cached it a moment ago: of many concurrent calls, one is the first.
    pub(crate) fn keep(&self, hash: String, program: Arc<Program>, now: Millis) -> bool {
        let mut kept = self.right.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= REMEMBERED_MAX {
            kept.clear();
        }
        let before = kept.insert(hash, (program, now + API_KEY_CACHED_FOR));
        !before.is_some_and(|(_, until)| is_fresh(until, now))
    }
}

/// Checks the expiry. An entry written while the clock was ahead is not valid for longer than others.
fn is_fresh(until: Millis, now: Millis) -> bool {
    (now + 1..=now + API_KEY_CACHED_FOR).contains(&until)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lastword_base::names::KeyId;
    use lastword_domain::access::rights::Lines;

    #[test]
    fn a_key_is_believed_for_a_while_and_one_of_many_callers_is_the_first() {
        let (keys, hash) = (ApiKeyCache::default(), || "hash".to_owned());
        let program =
            Arc::new(Program { id: KeyId::default(), name: String::new(), scopes: Vec::new(), lines: Lines::All, last_used_at: None });
        let keep = |at| keys.keep(hash(), program.clone(), at);
        assert_eq!([keep(1_000), keep(1_000), keep(1_900)], [true, false, false]);
        assert!(keys.get("hash", 6_899).is_some() && keys.get("hash", 6_900).is_none() && keys.get("hash", 1_899).is_none());
        assert!(keep(6_900), "what is no longer believed is looked up anew");
        keys.forget("hash");
        assert!(!keys.knows("hash") && keep(6_901));
    }
}
