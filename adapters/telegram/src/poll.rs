//! Long polling that tells Telegram only of what is committed.
//!
//! An update is confirmed by the next `getUpdates` with a higher offset, so the next call is made only after the
//! intake kept the last batch. A crash in between fetches the batch again, under the same keys.

use crate::{account::Wanted, api::Api, error, receive};
use lastword_contract::{DeskHook, Fetched, Headers, Intake, Millis, RawRequest, SendError, Verdict};
use serde_json::value::RawValue;
use std::time::Duration;
use teloxide::payloads::{GetUpdates, GetUpdatesSetters};

/// How long Telegram holds an empty answer back. It allows 50.
const WAIT_SECS: u32 = 50;

/// A pause that Telegram asks for is said aloud from here on, in milliseconds.
const LONG_WAIT: Millis = 60_000;

const PAUSE_MIN: Duration = Duration::from_millis(250);
const PAUSE_MAX: Duration = Duration::from_secs(30);

/// Fetches updates until `intake` says stop or Telegram refuses for good.
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
                    tracing::warn!(%error, "Telegram's updates were not kept and will be fetched again");
                    pause
                }
            },
            Err(error) => pause_after(error, pause)?,
        };
        if stopped_within(intake, wait).await {
            return Ok(());
        }
        pause = (pause * 2).min(PAUSE_MAX);
    }
}

/// How long to wait after `error`; the error itself if waiting does not help. Fetching has no effect, so not knowing
/// how it ended is harmless.
fn pause_after(error: SendError, pause: Duration) -> Result<Duration, SendError> {
    match error.verdict {
        Verdict::RetryAfter(wait) => {
            if wait >= LONG_WAIT {
                tracing::warn!(wait_secs = wait / 1_000, "Telegram asked us to wait: its updates are not fetched before");
            }
            Ok(duration(wait).max(pause))
        }
        Verdict::RetryBackoff | Verdict::CannotKnow => {
            tracing::debug!(error.kind = error.kind, "Telegram's updates could not be fetched; trying again");
            Ok(pause)
        }
        Verdict::WindowShut | Verdict::RecipientGone | Verdict::ConnectionBroken | Verdict::Refused => Err(error),
    }
}

fn duration(wait: Millis) -> Duration {
    Duration::from_millis(u64::try_from(wait).unwrap_or_default())
}

/// Waits, and says whether listening has to end instead.
async fn stopped_within(intake: &dyn Intake, wait: Duration) -> bool {
    tokio::time::timeout(wait, intake.stopped()).await.is_ok()
}

/// One call: the events after `last` and the newest `update_id`, or `None` if nothing happened.
async fn fetch(api: &Api, intake: &dyn Intake, last: Option<u32>, wanted: &Wanted) -> Result<Option<(Vec<Fetched>, u32)>, SendError> {
    let mut call = GetUpdates::new().timeout(WAIT_SECS).allowed_updates(wanted.0.iter().copied());
    // Numbers beyond i32 do not occur: Telegram's own are 31 bits.
    call.offset = last.map(|last| i32::try_from(last).unwrap_or(i32::MAX).saturating_add(1));
    let answer = api.call_raw(&call).await.map_err(|failure| error::classify(&failure))?;
    let updates: Vec<&RawValue> = serde_json::from_str(answer.get()).map_err(|_| garbled("the answer is not a list"))?;
    let mut events = Vec::with_capacity(updates.len());
    let mut newest = None;
    for update in updates {
        let raw = update.get().as_bytes();
        let (id, read) = receive::read_update(raw).map_err(|_| garbled("an update has no number"))?;
        newest = newest.max(Some(id));
        let posted = intake.desk().map(|desk| as_posted(raw, desk, intake.now()));
        events.extend(read.into_iter().map(|inbound| Fetched { inbound, as_posted: posted.clone() }));
    }
    Ok(newest.map(|newest| (events, newest)))
}

/// The request with which Telegram posts this update to a webhook.
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
