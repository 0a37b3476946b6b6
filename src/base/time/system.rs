//! The production clock. On PostgreSQL it is the database's clock, continued by the machine's monotonic clock between two
//! readings, so that a node with a wrong wall clock decides like the others. On SQLite it is the machine's wall clock.

use super::{Clock, Millis, SECOND};
use std::fmt::Debug;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Tolerated difference of two clocks. A step back of this size is absorbed by standing still; a larger one is followed.
pub const AGREE_WITHIN: Millis = 2 * SECOND;

/// A larger offset from the database's clock is a fault of the machine that needs attention.
pub const OFFSET_MAX: Millis = 5 * SECOND;

/// Readings of the machine's clocks at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The wall clock, which can be set.
    pub wall: Millis,
    /// The monotonic clock: time since some fixed moment.
    pub steady: Millis,
}

/// The clocks of a machine.
pub trait Machine: Send + Sync + Debug {
    /// Reads both clocks.
    fn read(&self) -> Reading;
}

/// The clocks of this machine.
#[derive(Debug)]
struct ThisMachine(std::time::Instant);

impl ThisMachine {
    fn new() -> Self {
        #[expect(clippy::disallowed_methods, reason = "the steady clock begins here")]
        Self(std::time::Instant::now())
    }
}

impl Machine for ThisMachine {
    fn read(&self) -> Reading {
        #[expect(clippy::disallowed_methods, reason = "this is the one place where the machine's clock is read")]
        let now = std::time::SystemTime::now();
        let millis = |time: std::time::Duration| i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        Reading { wall: now.duration_since(std::time::UNIX_EPOCH).map_or(0, millis), steady: millis(self.0.elapsed()) }
    }
}

/// The clocks of this machine, shifted to another time.
#[derive(Debug)]
struct AsIf {
    machine: ThisMachine,
    ahead: Millis,
}

impl Machine for AsIf {
    fn read(&self) -> Reading {
        let reading = self.machine.read();
        Reading { wall: reading.wall + self.ahead, ..reading }
    }
}

/// A step of a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Time before the step.
    pub from: Millis,
    /// Time after the step.
    pub to: Millis,
}

/// State of the clock since the process started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClockHealth {
    /// Lead of the database's clock over this machine's; `None` if the database has no clock of its own.
    pub offset: Option<Millis>,
    /// Number of times it went back.
    pub went_back: u64,
    /// The last step back.
    pub last_back: Option<Step>,
    /// Number of times it jumped ahead.
    pub jumped_ahead: u64,
}

impl ClockHealth {
    /// True if this machine's clock is too far from the database's.
    pub fn is_far_off(&self) -> bool {
        self.offset.is_some_and(|offset| offset.abs() > OFFSET_MAX)
    }
}

/// The production clock. If the clock it follows goes back, it goes back too and logs an error; during a step smaller than
/// [`AGREE_WITHIN`] it stands still.
#[derive(Debug)]
pub struct SystemClock {
    machine: Box<dyn Machine>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Time of the database's clock, with the monotonic clock at that moment.
    database: Option<(Millis, Millis)>,
    /// Time last returned, with the monotonic clock at that moment.
    told: Option<(Millis, Millis)>,
    health: ClockHealth,
}

impl State {
    fn shows(&self, reading: Reading) -> Millis {
        self.database.map_or(reading.wall, |(database, steady)| database + reading.steady - steady)
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::of(ThisMachine::new())
    }
}

impl SystemClock {
    /// The clock of another machine, for tests.
    pub fn of(machine: impl Machine + 'static) -> Self {
        Self { machine: Box::new(machine), state: Mutex::default() }
    }

    /// This machine's clock, shifted to `now`, for demos.
    pub fn at(now: Millis) -> Self {
        let machine = ThisMachine::new();
        let ahead = now - machine.read().wall;
        Self::of(AsIf { machine, ahead })
    }

    /// Reads the machine's clocks: call it before and after asking the database for its time.
    pub fn read(&self) -> Reading {
        self.machine.read()
    }

    /// Follows the database's clock, which showed `database` at some time between the two readings. This bounds the true
    /// time by an interval, however long the query took. A time inside the interval is left unchanged, so that a slow query
    /// does not move clocks that agree.
    pub fn follow(&self, database: Millis, before: Reading, after: Reading) {
        let mut state = self.state();
        // Each of the three values was truncated to milliseconds.
        let (least, most) = (database - 1, database + (after.steady - before.steady).max(0) + 1);
        let now = state.shows(after).max(least).min(most);
        state.database = Some((now, after.steady));
        let was_far_off = state.health.is_far_off();
        state.health.offset = Some(now - after.wall);
        match (was_far_off, state.health.is_far_off()) {
            (false, true) => tracing::warn!(
                offset_ms = now - after.wall,
                "this machine's clock is far from the database's, which is the one that counts: set it by NTP"
            ),
            (true, false) => tracing::info!(offset_ms = now - after.wall, "this machine's clock agrees with the database's again"),
            _ => {}
        }
    }

    /// State of the clock so far.
    pub fn health(&self) -> ClockHealth {
        self.state().health
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Millis {
        let mut state = self.state();
        let reading = self.machine.read();
        let now = state.shows(reading);
        if let Some((told, steady)) = state.told {
            if (now..=now + AGREE_WITHIN).contains(&told) {
                return told;
            }
            if told > now {
                state.health.went_back += 1;
                state.health.last_back = Some(Step { from: told, to: now });
                tracing::error!(back_ms = told - now, "the clock went back: work planned with the wrong time is planned again");
            } else if now - told > reading.steady - steady + AGREE_WITHIN {
                state.health.jumped_ahead += 1;
                let ahead_ms = now - told - (reading.steady - steady);
                tracing::warn!(ahead_ms, "the clock jumped ahead: it was set, or the machine slept");
            }
        }
        state.told = Some((now, reading.steady));
        now
    }

    fn by(&self, database: Option<Millis>) -> Millis {
        database.unwrap_or_else(|| self.now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    /// A machine whose clocks are set by the test: wall, monotonic.
    #[derive(Clone, Debug, Default)]
    struct Toy(Arc<Mutex<(Millis, Millis)>>);

    impl Machine for Toy {
        fn read(&self) -> Reading {
            let (wall, steady) = *self.0.lock().unwrap();
            Reading { wall, steady }
        }
    }

    impl Toy {
        fn pass(&self, by: Millis) {
            let mut shown = self.0.lock().unwrap();
            *shown = (shown.0 + by, shown.1 + by);
        }

        fn set(&self, by: Millis) {
            self.0.lock().unwrap().0 += by;
        }
    }

    const HOUR: Millis = 3_600_000;

    fn clock() -> (SystemClock, Toy) {
        let toy = Toy::default();
        toy.set(1_000_000);
        (SystemClock::of(toy.clone()), toy)
    }

    #[test]
    fn a_clock_that_is_put_right_is_followed_and_a_twitch_is_slept_over() {
        let (clock, toy) = clock();
        assert_eq!(clock.now(), 1_000_000);
        toy.set(2 * HOUR);
        toy.pass(8_000);
        assert_eq!(clock.now(), 1_008_000 + 2 * HOUR, "nobody can know yet which of the two is right");
        toy.set(-2 * HOUR);
        assert_eq!(clock.now(), 1_008_000);
        let health = clock.health();
        assert_eq!((health.went_back, health.jumped_ahead), (1, 1));
        assert_eq!(health.last_back, Some(Step { from: 1_008_000 + 2 * HOUR, to: 1_008_000 }));
        toy.set(-1_500);
        assert_eq!((clock.now(), clock.health().went_back), (1_008_000, 1), "a twitch: it stands still");
        toy.pass(1_600);
        assert_eq!(clock.now(), 1_008_100);
        toy.set(-HOUR);
        assert_eq!((clock.now(), clock.health().went_back), (1_008_100 - HOUR, 2));
        for _ in 0..5 {
            toy.set(60_000);
            clock.now();
            toy.set(-60_000);
            assert_eq!(clock.now(), 1_008_100 - HOUR, "a saw-tooth leaves nothing behind");
        }
    }

    #[test]
    fn beside_a_database_with_a_clock_the_machines_own_does_not_count() {
        let (clock, toy) = clock();
        toy.set(300_000);
        clock.follow(1_000_000, toy.read(), toy.read());
        assert_eq!(clock.now(), 1_000_001, "five minutes ahead, and nobody sees it");
        assert!(clock.health().is_far_off());
        toy.pass(5_000);
        toy.set(2 * HOUR);
        assert_eq!(clock.now(), 1_005_001, "what the wall shows from one moment to the next is nothing");
        toy.set(-2 * HOUR - 600_000);
        assert_eq!((clock.now(), clock.health().went_back), (1_005_001, 0));
        toy.set(300_000);
        clock.follow(1_005_001, toy.read(), toy.read());
        assert!(!clock.health().is_far_off());
        clock.follow(1_005_001 - HOUR, toy.read(), toy.read());
        assert_eq!((clock.now(), clock.health().went_back), (1_005_002 - HOUR, 1), "the database's own clock was put right");
        assert_eq!((clock.by(Some(7)), SystemClock::default().by(Some(7))), (7, 7), "its word is taken as it is");
    }

    #[test]
    fn a_slow_answer_does_not_set_clocks_apart_that_agree() {
        let (clock, toy) = clock();
        let ask = |database: Millis, before: Millis, took: Millis| {
            let now = toy.read();
            toy.set(before - now.wall);
            let before = toy.read();
            toy.pass(took);
            clock.follow(database, before, toy.read());
            clock.health().offset.unwrap()
        };
        assert_eq!(ask(10_000, 9_000, 1_001), 0, "it was asked at once and answered late, or asked late: both are possible");
        assert_eq!(ask(70_000, 10_000, 10), 59_989, "a minute ahead, less what the answer may have taken");
    }
}
