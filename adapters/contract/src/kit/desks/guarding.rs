//! Forgeries are refused, no input causes a panic, and no secret is shown.

use super::{Act, DeskHarness, act, closes, hear};
use crate::kit::cases::ensure;
use crate::kit::receiving::garbage;
use crate::kit::{CaseResult, Passed, Played, Remote};
use crate::{CloseBy, DeskEventKind, Headers, Heard, RawRequest, Rejected, WriteBack};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A request without a valid signature is `Rejected::Unsigned`, whatever it contains.
pub async fn rejects_what_is_not_signed<H: DeskHarness>(harness: &H) -> CaseResult {
    for request in close(harness).await? {
        let forgeries = harness.forgeries(&request);
        ensure(!forgeries.is_empty(), || "the harness gives no forgeries".into())?;
        for (n, forgery) in forgeries.iter().enumerate() {
            match receive(harness, forgery)? {
                Err(Rejected::Unsigned(_)) => {}
                Err(other) => return Err(format!("forgery {n} has to be Unsigned, not {other:?}")),
                Ok(_) => return Err(format!("forgery {n} was taken")),
            }
        }
    }
    Ok(Passed::Held)
}

/// No bytes cause a panic, signed or not, and signed garbage is never read as a close.
pub async fn survives_garbage<H: DeskHarness>(harness: &H) -> CaseResult {
    for body in garbage() {
        let bare = RawRequest { method: "POST".into(), query: "%zz&=&&".into(), headers: Headers::default(), body, received_at: 0 };
        let _ = receive(harness, &bare)?;
        if let Ok(Heard { events, .. }) = receive(harness, &harness.signed(&bare.body))? {
            ensure(closes(&events).next().is_none(), || "nonsense was read as a close".into())?;
        }
    }
    // Slightly damaged requests get deeper into a parser than noise.
    for request in close(harness).await? {
        for at in 0..request.body.len() {
            let mut flipped = request.body.clone();
            flipped[at] ^= 1 << (at % 7);
            for body in [&request.body[..at], &flipped[..]] {
                let _ = receive(harness, &harness.signed(body))?;
            }
        }
    }
    Ok(Passed::Held)
}

/// An event of an unknown kind is `Other`, so that it is stored and counted and the desk gets a success.
pub async fn keeps_unknown_events<H: DeskHarness>(harness: &H) -> CaseResult {
    let request = harness.unknown_event();
    let heard = receive(harness, &request)?.map_err(|rejected| format!("an unknown event was rejected: {rejected}"))?;
    let named = heard.events.iter().all(|event| matches!(&event.kind, DeskEventKind::Other { kind } if !kind.is_empty()));
    ensure(named, || format!("an unknown event was read as {:?}", heard.events))?;
    Ok(Passed::Held)
}

/// No secret is in the desk's debug output, in an error, or in its description of itself.
pub async fn shows_no_secret<H: DeskHarness>(harness: &H) -> CaseResult {
    let hidden: Vec<String> = harness.secrets().into_iter().filter(|secret| !secret.is_empty()).collect();
    ensure(!hidden.is_empty(), || "the harness names no secret".into())?;
    let url = harness.hook_url();
    let mut shown = vec![("Debug", format!("{:?} {:#?}", harness.desk(), harness.desk()))];
    let troubles = [Remote::Ok, Remote::Blocked, Remote::Throttled(1_000), Remote::Down, Remote::Hang, Remote::Garbage, Remote::Refused];
    for remote in troubles {
        if harness.play(remote).await != Played::Ready {
            continue;
        }
        if let Err(error) = harness.desk().write_back(&WriteBack { session: "1".into(), ..WriteBack::default() }).await {
            shown.push(("an error", format!("{error} {error:?}")));
        }
        shown.push(("look", format!("{:?}", harness.desk().look(Some(&url)).await)));
    }
    for (place, text) in &shown {
        ensure(!hidden.iter().any(|secret| text.contains(secret.as_str())), || format!("{place} of this desk shows a secret"))?;
    }
    Ok(Passed::Held)
}

async fn close<H: DeskHarness>(harness: &H) -> Result<Vec<RawRequest>, String> {
    let (session, opening) = harness.open().await;
    hear(harness, &opening).await?;
    act(harness, &session, Act::Close(CloseBy::Operator)).await
}

fn receive<H: DeskHarness>(harness: &H, request: &RawRequest) -> Result<Result<Heard, Rejected>, String> {
    catch_unwind(AssertUnwindSafe(|| harness.desk().receive(request))).map_err(|_| {
        let start = String::from_utf8_lossy(&request.body[..request.body.len().min(80)]).into_owned();
        format!("receive panicked on {} bytes: {start:?}…", request.body.len())
    })
}
