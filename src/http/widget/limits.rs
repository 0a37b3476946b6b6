//! How much one visitor, and one address, may ask of us.

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};

/// Sockets and polls of one visitor at once: a tab has one.
const LINES_MAX: usize = 12;
/// Beyond this many remembered callers, those who have been quiet are forgotten.
const REMEMBERED_MAX: usize = 10_000;

/// A connection and a visitor.
pub(super) type Who = (String, String);

/// How much one visitor, and one address, may ask of us.
pub(super) struct Limits {
    frames: DefaultKeyedRateLimiter<Who>,
    visits: DefaultKeyedRateLimiter<IpAddr>,
    lines: Arc<Mutex<HashMap<Who, usize>>>,
}

fn quota(per_second: u32, burst: u32) -> Quota {
    let some = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
    Quota::per_second(some(per_second)).allow_burst(some(burst))
}

impl Default for Limits {
    fn default() -> Self {
        // A person taps a few times in a second at most; an outbox after an outage comes at once. Many visitors share
        // the address of one office.
        let (frames, visits) = (RateLimiter::keyed(quota(4, 40)), RateLimiter::keyed(quota(10, 100)));
        Self { frames, visits, lines: Arc::default() }
    }
}

impl Limits {
    /// Whether this visitor may post a frame now.
    pub(super) fn frame(&self, who: &Who) -> bool {
        if self.frames.len() > REMEMBERED_MAX {
            self.frames.retain_recent();
        }
        self.frames.check_key(who).is_ok()
    }

    /// Whether this address may register a visitor now.
    pub(super) fn visit(&self, ip: IpAddr) -> bool {
        if self.visits.len() > REMEMBERED_MAX {
            self.visits.retain_recent();
        }
        self.visits.check_key(&ip).is_ok()
    }

    /// A place for one more socket or poll of this visitor, given back when it is dropped.
    pub(super) fn line(&self, who: &Who) -> Option<Line> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let count = lines.entry(who.clone()).or_default();
        if *count >= LINES_MAX {
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
        let limits = Limits::default();
        let who = ("site".to_owned(), "visitor".to_owned());
        let mut held: Vec<Line> = (0..LINES_MAX).filter_map(|_| limits.line(&who)).collect();
        assert_eq!(held.len(), LINES_MAX);
        assert!(limits.line(&who).is_none());
        assert!(limits.line(&("site".to_owned(), "another".to_owned())).is_some());
        held.pop();
        assert!(limits.line(&who).is_some());
        held.clear();
        assert!(limits.lines.lock().unwrap().is_empty());
    }

    #[test]
    fn a_flood_of_frames_is_slowed_down() {
        let limits = Limits::default();
        let who = ("site".to_owned(), "visitor".to_owned());
        assert!((0..200).filter(|_| limits.frame(&who)).count() < 60);
    }
}
