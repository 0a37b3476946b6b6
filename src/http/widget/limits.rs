//! How many sockets and polls one visitor may have open at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A connection and a visitor.
pub(super) type Who = (String, String);

/// How many sockets and polls are open.
pub(super) struct Limits {
    /// Of one visitor at once: a tab has one.
    max: usize,
    lines: Arc<Mutex<HashMap<Who, usize>>>,
}

impl Limits {
    /// So many of one visitor at once.
    pub(super) fn new(max: usize) -> Self {
        Self { max, lines: Arc::default() }
    }

    /// A place for one more socket or poll of this visitor, given back when it is dropped.
    pub(super) fn line(&self, who: &Who) -> Option<Line> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let count = lines.entry(who.clone()).or_default();
        if *count >= self.max {
            return None;
        }
        *count += 1;
        Some(Line { who: who.clone(), lines: self.lines.clone() })
    }
}

/// The place of one socket or poll.
pub(super) struct Line {
    who: Who,
    lines: Arc<Mutex<HashMap<Who, usize>>>,
}

impl Drop for Line {
    fn drop(&mut self) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = lines.get_mut(&self.who) {
            *count -= 1;
            if *count == 0 {
                lines.remove(&self.who);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_limited_and_given_back() {
        let limits = Limits::new(5);
        let who = ("site".to_owned(), "visitor".to_owned());
        let mut held: Vec<Line> = (0..5).filter_map(|_| limits.line(&who)).collect();
        assert_eq!(held.len(), 5);
        assert!(limits.line(&who).is_none());
        assert!(limits.line(&("site".to_owned(), "another".to_owned())).is_some());
        held.pop();
        assert!(limits.line(&who).is_some());
        held.clear();
        assert!(limits.lines.lock().unwrap().is_empty());
    }
}
