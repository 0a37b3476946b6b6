//! The clock: the only source of time in the program. Everything else receives `now` as an argument.

mod alarm;
mod system;

pub use alarm::Alarm;
pub use system::{AGREE_WITHIN, ClockHealth, Machine, OFFSET_MAX, Reading, Step, SystemClock};

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

/// A source of time.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The current time.
    fn now(&self) -> Millis;

    /// The time used for decisions that nodes with a shared database must agree on: `database` if the database has a clock.
    /// Clocks of tests ignore it.
    fn by(&self, database: Option<Millis>) -> Millis {
        let _ = database;
        self.now()
    }
}

/// A clock that moves only when set, for tests, the simulation and the demo's made-up history.
#[derive(Debug, Clone, Default)]
pub struct SetClock(Arc<AtomicI64>);

impl SetClock {
    /// Creates a clock that shows `now`.
    pub fn at(now: Millis) -> Self {
        Self(Arc::new(AtomicI64::new(now)))
    }

    /// Sets the clock to `now`, also backwards.
    pub fn set(&self, now: Millis) {
        self.0.store(now, Ordering::Relaxed);
    }

    /// Advances the clock by `by`.
    pub fn advance(&self, by: Millis) -> Millis {
        self.0.fetch_add(by, Ordering::Relaxed) + by
    }
}

impl Clock for SetClock {
    fn now(&self) -> Millis {
        self.0.load(Ordering::Relaxed)
    }
}

/// Waits for `millis` of real time. Only the outermost loops wait, never steps.
pub async fn wait(millis: Millis) {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that sleeps")]
    tokio::time::sleep(std::time::Duration::from_millis(u64::try_from(millis).unwrap_or(0))).await;
}
