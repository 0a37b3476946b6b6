//! No secrets in outputs, checks without side effects, dropped sends without damage.

use super::cases::{check, ensure, send_ok, usual};
use super::failing::errors_of;
use super::{CaseResult, Harness, Passed, Played, Remote};
use std::time::Duration;

/// Neither a secret nor the client's address is in the channel's debug output or in an error.
pub async fn shows_no_secret<H: Harness>(harness: &H) -> CaseResult {
    let client = harness.client();
    // A short address may be part of any word.
    let people = [Some(client.chat), client.user].into_iter().flatten().filter(|name| name.len() >= 5);
    let hidden: Vec<String> = harness.secrets().into_iter().chain(people).filter(|secret| !secret.is_empty()).collect();
    let mut shown = vec![("Debug", format!("{:?} {:#?}", harness.channel(), harness.channel()))];
    for error in errors_of(harness).await? {
        shown.push(("an error", format!("{error} {error:?}")));
    }
    harness.play(Remote::Ok).await;
    if let Ok(account) = check(harness).await? {
        shown.push(("check", format!("{account:?}")));
    }
    for (place, text) in &shown {
        ensure(!hidden.iter().any(|secret| text.contains(secret.as_str())), || {
            format!("{place} of this channel shows a secret or an address")
        })?;
    }
    Ok(Passed::Held)
}

/// `check` works and sends no message.
pub async fn checks_without_sending<H: Harness>(harness: &H) -> CaseResult {
    check(harness).await?.map_err(|error| format!("all is well, but check says: {error}"))?;
    ensure(harness.calls().await.is_empty(), || "check sent a message".into())?;
    Ok(Passed::Held)
}

/// A send that is dropped half-way (at a shutdown) leaves the channel usable.
pub async fn survives_a_dropped_send<H: Harness>(harness: &H) -> CaseResult {
    if let Played::CannotHappen(why) = harness.play(Remote::Hang).await {
        return Ok(Passed::NotClaimed(why));
    }
    let outgoing = usual(harness, "How was it?");
    {
        let send = harness.channel().send(&outgoing);
        // Dropped as soon as the stub has the message, or soon after if it shows it only at the end.
        let arrived = async {
            while harness.calls().await.is_empty() {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            _ = send => {}
            () = arrived => {}
            () = tokio::time::sleep(Duration::from_millis(300)) => {}
        }
    }
    harness.play(Remote::Ok).await;
    send_ok(harness, &outgoing).await.map_err(|why| format!("after a dropped send: {why}"))?;
    Ok(Passed::Held)
}

/// A close may contain an address reported by the platform, unchanged: presses are compared with it.
pub async fn admits_its_clients<H: Harness>(harness: &H) -> CaseResult {
    for client in [Some(harness.client()), harness.stranger(), harness.group()].into_iter().flatten() {
        let admitted = harness.channel().admit(client.clone());
        ensure(admitted.as_ref() == Ok(&client), || format!("a client whom the stub knows is not admitted as they are: {admitted:?}"))?;
    }
    Ok(Passed::Held)
}
