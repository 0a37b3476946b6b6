//! An alarm wakes a sleeping task early only for work that is due before its planned wake-up. Most scheduled work is far in
//! the future; checking again for each item would cost more than the work.

use super::{Millis, wait};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// An alarm with one sleeping task.
#[derive(Debug, Default)]
pub struct Alarm {
    state: Mutex<State>,
    bell: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// The earliest due time reported since the sleeper began to look for work.
    earliest: Option<Millis>,
    /// While it sleeps, the time at which it wakes by itself.
    sleeps_until: Option<Millis>,
}

impl Alarm {
    /// Reports work due at `at`, which is already visible to the sleeper.
    pub fn set(&self, at: Millis) {
        let mut state = self.state();
        state.earliest = Some(state.earliest.map_or(at, |earliest| earliest.min(at)));
        if state.sleeps_until.is_some_and(|until| at < until) {
            self.bell.notify_one();
        }
    }

    /// Reports work that may be due immediately.
    pub fn ring(&self) {
        self.set(Millis::MIN);
    }

    /// The sleeper is about to look for its next work and will see everything reported before.
    pub fn looking(&self) {
        self.state().earliest = None;
    }

    /// Sleeps from `now` until `until`, or until work reported since [`Alarm::looking`] is due.
    pub async fn sleep(&self, now: Millis, until: Millis) {
        let until = {
            let mut state = self.state();
            let until = state.earliest.map_or(until, |earliest| earliest.min(until));
            state.sleeps_until = Some(until);
            until
        };
        // Always yields, so that a caller in a loop does not spin.
        tokio::select! { () = wait(until.saturating_sub(now).max(1)) => {} () = self.bell.notified() => {} }
        self.state().sleeps_until = None;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use tokio::task::JoinHandle;
    use tokio::time::{Duration, Instant, advance};

    /// A task that sleeps from 0 to 1000, and how many milliseconds it slept.
    #[expect(clippy::disallowed_methods, reason = "the test's time, which is paused")]
    async fn asleep(alarm: &Arc<Alarm>) -> JoinHandle<u128> {
        let alarm = alarm.clone();
        let began = Instant::now();
        let sleeper = tokio::spawn(async move {
            alarm.sleep(0, 1_000).await;
            began.elapsed().as_millis()
        });
        tokio::task::yield_now().await;
        sleeper
    }

    #[tokio::test(start_paused = true)]
    async fn only_what_comes_sooner_wakes() {
        let alarm = Arc::new(Alarm::default());
        let sleeper = asleep(&alarm).await;
        advance(Duration::from_millis(300)).await;
        alarm.set(1_000);
        alarm.set(5_000);
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished(), "nothing of it comes before it wakes by itself");
        alarm.set(999);
        assert_eq!(sleeper.await.unwrap(), 300);
        alarm.looking();
        assert_eq!(asleep(&alarm).await.await.unwrap(), 1_000, "no bell is left over");
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_said_while_it_looked_is_not_slept_over() {
        let alarm = Arc::new(Alarm::default());
        alarm.set(200);
        assert_eq!(asleep(&alarm).await.await.unwrap(), 200);
        alarm.looking();
        alarm.set(700);
        alarm.set(400);
        assert_eq!(asleep(&alarm).await.await.unwrap(), 400, "the earliest counts");
        alarm.ring();
        assert_eq!(asleep(&alarm).await.await.unwrap(), 1, "at once, but it never spins");
        alarm.looking();
        assert_eq!(asleep(&alarm).await.await.unwrap(), 1_000, "what it has seen for itself does not count again");
    }
}
