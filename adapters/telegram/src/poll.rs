//! Long polling that confirms only committed updates.
//!
//! A `getUpdates` call with a higher offset confirms earlier updates, so the next call is made only after the intake has
//! stored the last batch. After a crash in between, the batch is fetched again with the same keys.

use crate::{account::Wanted, api::Api, error, receive};
use lastword_contract::{DeskHook, Fetched, Headers, Intake, Millis, RawRequest, SendError, Verdict};
use serde_json::value::RawValue;
use std::time::Duration;
use teloxide::payloads::{GetUpdates, GetUpdatesSetters};

/// Time for which Telegram delays an empty response. The maximum is 50.
const WAIT_SECS: u32 = 50;

/// Minimum pause, in milliseconds, that is logged as a warning.
const LONG_WAIT: Millis = 60_000;

const PAUSE_MIN: Duration = Duration::from_millis(250);
const PAUSE_MAX: Duration = Duration::from_secs(30);

/// Fetches updates until `intake` stops it or Telegram refuses permanently.
pub(crate) async fn listen(api: &Api, intake: &dyn Intake, cursor: Option<String>, wanted: &Wanted) -> Result<(), SendError> {
    let mut last = cursor.and_then(|cursor| cursor.parse::<u32>().ok());
    let mut pause = PAUSE_MIN;
    loop {
        let fetched = tokio::select! {
            biased;
            () = intake.stopped() => return Ok(()),
            fetched = fetch(api, intake, last, wanted) => fetched,
        };
        if fetched.is_ok() {
            intake.alive();
        }
        let wait = match fetched {
            Ok(None) => {
                pause = PAUSE_MIN;
                continue;
            }
            Ok(Some((events, newest))) => match intake.take(events, newest.to_string()).await {
                Ok(()) => {
                    last = Some(newest);
                    pause = PAUSE_MIN;
                    continue;
                }
                Err(error) => {
                    tracing::warn!(%error, "could not store Telegram's updates; they will be fetched again");
                    pause
                }
            },
            Err(error) => {
                intake.failing(&error);
                pause_after(error, pause)?
            }
        };
        if stopped_within(intake, wait).await {
            return Ok(());
        }
        pause = (pause * 2).min(PAUSE_MAX);
    }
}

/// The pause after `error`, or the error itself if waiting does not help. Fetching has no side effect, so an unknown result is harmless.
fn pause_after(error: SendError, pause: Duration) -> Result<Duration, SendError> {
    match error.verdict {
        Verdict::RetryAfter(wait) => {
            if wait >= LONG_WAIT {
                tracing::warn!(wait_secs = wait / 1_000, "Telegram asked us to wait; no updates are fetched until then");
            }
            Ok(duration(wait).max(pause))
        }
        Verdict::RetryBackoff | Verdict::CannotKnow => {
            tracing::debug!(error.kind = error.kind, "could not fetch Telegram's updates; trying again");
            Ok(pause)
        }
        Verdict::WindowShut | Verdict::RecipientGone | Verdict::ConnectionBroken | Verdict::Refused => Err(error),
    }
}

fn duration(wait: Millis) -> Duration {
    Duration::from_millis(u64::try_from(wait).unwrap_or_default())
}

/// Waits; returns true if listening has to end.
async fn stopped_within(intake: &dyn Intake, wait: Duration) -> bool {
    tokio::time::timeout(wait, intake.stopped()).await.is_ok()
}

/// Makes one call. Returns the events after `last` and the newest `update_id`, or `None` if there are none.
async fn fetch(api: &Api, intake: &dyn Intake, last: Option<u32>, wanted: &Wanted) -> Result<Option<(Vec<Fetched>, u32)>, SendError> {
    let mut call = GetUpdates::new().timeout(WAIT_SECS).allowed_updates(wanted.0.iter().copied());
    // Telegram's IDs have 31 bits, so larger numbers do not occur.
    call.offset = last.map(|last| i32::try_from(last).unwrap_or(i32::MAX).saturating_add(1));
    let answer = api.call_raw(&call).await.map_err(|failure| error::classify(&failure))?;
    let updates: Vec<&RawValue> = serde_json::from_str(answer.get()).map_err(|_| garbled("the answer is not a list"))?;
    let mut events = Vec::with_capacity(updates.len());
    let mut newest = None;
    for update in &updates {
        let raw = update.get().as_bytes();
        // Without a number it cannot be confirmed. Those beside it are, and it does not come again after them.
        let Ok((id, read)) = receive::read_update(raw) else {
            tracing::warn!("an update of Telegram has no number and was skipped");
            continue;
        };
        newest = newest.max(Some(id));
        let posted = intake.desk().map(|desk| as_posted(raw, desk, intake.now()));
        events.extend(read.into_iter().map(|inbound| Fetched { inbound, as_posted: posted.clone() }));
    }
    if newest.is_none() && !updates.is_empty() {
        return Err(garbled("no update has a number"));
    }
    Ok(newest.map(|newest| (events, newest)))
}

/// The request with which Telegram would post this update to a webhook.
fn as_posted(update: &[u8], desk: DeskHook<'_>, now: Millis) -> RawRequest {
    let secret = desk.secret.map(|secret| (receive::SECRET_HEADER, secret));
    RawRequest {
        method: "POST".to_owned(),
        query: String::new(),
        headers: Headers::new([("content-type", "application/json")].into_iter().chain(secret)),
        body: update.to_vec(),
        received_at: now,
    }
}

fn garbled(detail: &str) -> SendError {
    SendError::new(Verdict::CannotKnow, "garbled_answer", detail)
}
