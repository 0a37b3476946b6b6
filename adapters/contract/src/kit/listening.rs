//! Events of a channel that fetches them.

use super::cases::ensure;
use super::{CaseResult, Harness, Passed};
use crate::{DeskHook, Fetched, Intake, IntakeError, Millis};
use async_trait::async_trait;
use std::sync::Mutex;
use std::time::Duration;
use tokio::sync::Notify;

/// Far beyond the pause before any fetch.
const LISTEN_MAX: Duration = Duration::from_secs(30);

/// Secret by which the desk's webhook is verified.
const DESK_SECRET: &str = "desk-secret-of-the-kit";

/// If there is a desk behind a connection, each event comes with the request that the platform would have posted: its exact
/// bytes, and the desk's secret. Otherwise it comes without.
pub async fn hands_over_what_it_fetched<H: Harness>(harness: &H) -> CaseResult {
    if !harness.channel().listens() {
        return Ok(Passed::NotClaimed("it does not listen"));
    }
    for desk in [true, false] {
        let offered = harness.offer().await.ok_or("the channel listens, but the harness offers nothing to fetch")?;
        let taken = listen(harness, desk).await?;
        ensure(!taken.is_empty(), || "an update was offered, and no event was handed over".into())?;
        let posted: Vec<_> = taken.iter().filter_map(|fetched| fetched.as_posted.as_ref()).collect();
        if !desk {
            ensure(posted.is_empty(), || "nobody is behind the connection, and a request was made up for them".into())?;
            continue;
        }
        let request = posted.iter().find(|request| request.body == offered);
        let request = request.ok_or("no event came with the platform's own bytes")?;
        ensure(request.method == "POST", || format!("a platform posts, and this is {}", request.method))?;
        let mut values = request.headers.iter().map(|(_, value)| value);
        ensure(values.any(|value| value.contains(DESK_SECRET)), || "the desk's secret is not in the request".into())?;
    }
    Ok(Passed::Held)
}

/// Listens until events are accepted.
async fn listen<H: Harness>(harness: &H, desk: bool) -> Result<Vec<Fetched>, String> {
    let taker = Taker { desk, taken: Mutex::default(), stop: Notify::new() };
    let listening = tokio::time::timeout(LISTEN_MAX, harness.channel().listen(&taker, None));
    let ended = listening.await.map_err(|_| format!("listening handed over nothing, or did not stop, within {LISTEN_MAX:?}"))?;
    ended.map_err(|error| format!("listening failed: {error}"))?;
    Ok(taker.taken.into_inner().unwrap_or_default())
}

struct Taker {
    desk: bool,
    taken: Mutex<Vec<Fetched>>,
    stop: Notify,
}

#[async_trait]
impl Intake for Taker {
    async fn take(&self, events: Vec<Fetched>, _: String) -> Result<(), IntakeError> {
        if let Ok(mut taken) = self.taken.lock() {
            taken.extend(events);
        }
        self.stop.notify_one();
        Ok(())
    }

    fn desk(&self) -> Option<DeskHook<'_>> {
        self.desk.then_some(DeskHook { secret: Some(DESK_SECRET) })
    }

    async fn stopped(&self) {
        self.stop.notified().await;
        // Another caller gets the stop again.
        self.stop.notify_one();
    }

    fn now(&self) -> Millis {
        0
    }
}
