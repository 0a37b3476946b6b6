//! Errors of a channel when the remote refuses, is slow, down, unreachable or returns garbage.
//!
//! The queue trusts these errors: a definite verdict means that the message did not arrive, so a wrong one loses it or asks
//! a client twice.

use super::cases::{check, ensure, send, send_to, usual};
use super::{CaseResult, Harness, Passed, Played, Remote};
use crate::{Receipt, SendError, Verdict};

/// One call of send makes at most one message, whatever the remote does: retries would stack, so only the queue makes them.
pub async fn never_retries_by_itself<H: Harness>(harness: &H) -> CaseResult {
    for remote in [Remote::Throttled(1_000), Remote::Down, Remote::Garbage, Remote::Hang, Remote::Blocked] {
        let before = harness.calls().await.len();
        match send_to(harness, remote).await {
            Ok(_) | Err(Ok(_)) => {}
            Err(failed) => return failed,
        }
        let made = harness.calls().await.len() - before;
        ensure(made <= 1, || format!("one send to a remote that is {remote:?} made {made} messages"))?;
    }
    Ok(Passed::Held)
}

/// A rate limit is `RetryAfter` with the remote's own delay (and at most a second more).
pub async fn passes_on_the_delay_when_throttled<H: Harness>(harness: &H) -> CaseResult {
    // Two delays, to detect a fixed answer.
    for wait in [3_000, 7_000] {
        let verdict = match verdict_of(harness, Remote::Throttled(wait)).await {
            Ok(verdict) => verdict,
            Err(ended) => return ended,
        };
        ensure(matches!(verdict, Verdict::RetryAfter(ms) if (wait..=wait + 1_000).contains(&ms)), || {
            format!("the remote asked for {wait} ms, but the verdict is {verdict:?}")
        })?;
    }
    Ok(Passed::Held)
}

/// A client who blocked us is gone: neither a retry nor a broken connection.
pub async fn tells_when_the_recipient_is_gone<H: Harness>(harness: &H) -> CaseResult {
    expect(harness, Remote::Blocked, &[Verdict::RecipientGone]).await
}

/// A server error may occur after the message was accepted: a retry with pauses, or an unknown result.
pub async fn takes_a_server_error_for_a_retry_or_unknown<H: Harness>(harness: &H) -> CaseResult {
    expect(harness, Remote::Down, &[Verdict::RetryBackoff, Verdict::CannotKnow]).await
}

/// No response in time after the bytes were sent: the message may have arrived.
pub async fn takes_silence_for_unknown<H: Harness>(harness: &H) -> CaseResult {
    expect(harness, Remote::Hang, &[Verdict::CannotKnow]).await
}

/// No bytes were sent, so it is safe to retry.
pub async fn takes_a_refused_connection_for_a_retry<H: Harness>(harness: &H) -> CaseResult {
    expect(harness, Remote::Refused, &[Verdict::RetryBackoff]).await
}

/// A 200 response that makes no sense is a success or an unknown result; a retry could ask twice.
pub async fn does_not_resend_after_a_garbled_answer<H: Harness>(harness: &H) -> CaseResult {
    match send_to(harness, Remote::Garbage).await {
        Err(ended) => ended,
        Ok(Ok(Receipt { .. }) | Err(SendError { verdict: Verdict::CannotKnow, .. })) => Ok(Passed::Held),
        Ok(Err(error)) => Err(format!("a garbled 200 is a success or CannotKnow, not {:?}", error.verdict)),
    }
}

async fn expect<H: Harness>(harness: &H, remote: Remote, allowed: &[Verdict]) -> CaseResult {
    match verdict_of(harness, remote).await {
        Err(ended) => ended,
        Ok(verdict) if allowed.contains(&verdict) => Ok(Passed::Held),
        Ok(verdict) => Err(format!("the remote is {remote:?}: expected one of {allowed:?}, got {verdict:?}")),
    }
}

async fn verdict_of<H: Harness>(harness: &H, remote: Remote) -> Result<Verdict, CaseResult> {
    match send_to(harness, remote).await? {
        Err(error) => {
            let word =
                !error.kind.is_empty() && error.kind.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
            ensure(word, || format!("the kind {:?} is not a snake_case word", error.kind)).map_err(Err)?;
            Ok(error.verdict)
        }
        Ok(_) => Err(Err(format!("the remote is {remote:?}, but send says that the message was taken"))),
    }
}

/// The errors in every failure that this platform can have.
pub(super) async fn errors_of<H: Harness>(harness: &H) -> Result<Vec<SendError>, String> {
    let remotes = [Remote::Blocked, Remote::Throttled(1_000), Remote::Down, Remote::Hang, Remote::Garbage, Remote::Refused];
    let mut errors = Vec::new();
    for remote in remotes {
        if harness.play(remote).await == Played::Ready {
            errors.extend(send(harness, &usual(harness, "How was it?")).await?.err());
            errors.extend(check(harness).await?.err());
        }
    }
    Ok(errors)
}
