//! Limits the number of sockets and polls that one visitor has open at a time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A connection and a visitor.
pub(super) type Who = (String, String);

/// Counts open sockets and polls.
pub(super) struct Limits {
    /// Maximum per visitor; a tab has one.
    max: usize,
    lines: Arc<Mutex<HashMap<Who, usize>>>,
}

impl Limits {
    /// Limits each visitor to `max`.
    pub(super) fn new(max: usize) -> Self {
        Self { max, lines: Arc::default() }
    }

    /// A slot for one more socket or poll of this visitor, released on drop; `None` if the limit is reached.
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

/// The slot of one socket or poll.
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
