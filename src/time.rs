//! The clock: the only door through which time enters. Everything else gets `now` as an argument.

mod alarm;

pub use alarm::Alarm;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = i64;

/// One second, in [`Millis`].
pub const SECOND: Millis = 1_000;
/// One minute, in [`Millis`].
pub const MINUTE: Millis = 60 * SECOND;
/// One hour, in [`Millis`].
pub const HOUR: Millis = 60 * MINUTE;
/// One day, in [`Millis`].
pub const DAY: Millis = 24 * HOUR;

/// Tells the time.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The time now.
    fn now(&self) -> Millis;
}

/// The clock of production: the machine's wall clock, corrected by the measured offset to the database's clock so
/// that all nodes agree, and never running backwards within one process.
#[derive(Debug, Default)]
pub struct SystemClock {
    offset: AtomicI64,
    last: AtomicI64,
}

impl SystemClock {
    /// Follows the database's clock, which showed `database` at some time after ours showed `before` and before it showed
    /// `after`. What this says of the offset is an interval, however long the answer took; an offset inside it stays, so
    /// that two clocks that agree are not set apart by a slow answer.
    pub fn follow(&self, database: Millis, before: Millis, after: Millis) {
        // Each of the three was cut to whole milliseconds.
        let (least, most) = (database - after - 1, database - before + 1);
        let offset = self.offset().max(least).min(most);
        self.offset.store(offset, Ordering::Relaxed);
    }

    /// The machine's own wall clock, without the offset.
    pub fn wall(&self) -> Millis {
        #[expect(clippy::disallowed_methods, reason = "this is the one place where the machine's clock is read")]
        let now = std::time::SystemTime::now();
        now.duration_since(std::time::UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    /// The measured offset to the database's clock.
    pub fn offset(&self) -> Millis {
        self.offset.load(Ordering::Relaxed)
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Millis {
        let now = self.wall() + self.offset();
        self.last.fetch_max(now, Ordering::Relaxed).max(now)
    }
}

/// A clock that stands still until it is told to move: tests, the simulation and the demo's made-up history.
#[derive(Debug, Clone, Default)]
pub struct SetClock(Arc<AtomicI64>);

impl SetClock {
    /// A clock that shows `now`.
    pub fn at(now: Millis) -> Self {
        Self(Arc::new(AtomicI64::new(now)))
    }

    /// Moves the clock to `now`, also backwards.
    pub fn set(&self, now: Millis) {
        self.0.store(now, Ordering::Relaxed);
    }

    /// Moves the clock by `by`.
    pub fn advance(&self, by: Millis) -> Millis {
        self.0.fetch_add(by, Ordering::Relaxed) + by
    }
}

impl Clock for SetClock {
    fn now(&self) -> Millis {
        self.0.load(Ordering::Relaxed)
    }
}

/// Waits for `millis` of real time. Only loops at the edge wait; steps never do.
pub async fn wait(millis: Millis) {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that sleeps")]
    tokio::time::sleep(std::time::Duration::from_millis(u64::try_from(millis).unwrap_or(0))).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_answer_does_not_set_clocks_apart_that_agree() {
        let clock = SystemClock::default();
        clock.follow(10_000, 9_000, 10_001);
        assert_eq!(clock.offset(), 0, "it was asked at once and answered late, or asked late: both are possible");
        clock.follow(70_000, 10_000, 10_010);
        assert_eq!(clock.offset(), 59_989, "a minute ahead, less what the answer may have taken");
        clock.follow(80_000, 20_000, 20_000);
        assert_eq!(clock.offset(), 59_999);
        clock.follow(90_500, 30_000, 31_000);
        assert_eq!(clock.offset(), 59_999, "nothing of this is new");
        clock.follow(40_000, 40_000, 40_004);
        assert_eq!(clock.offset(), 1, "set right by somebody");
    }
}
