//! Parsing of the platform's requests.

use super::cases::{MANY_SCRIPTS, claimed_scales, ensure, longest_token};
use super::{CaseResult, Harness, Passed};
use crate::{Address, DeliveryStatus, Headers, Inbound, InboundKind, RawRequest, Received, Rejected, TextMessage, WindowRule};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A token of maximum length comes back from a press byte for byte, with its message.
pub async fn reads_the_longest_token_back<H: Harness>(harness: &H) -> CaseResult {
    let token = longest_token('q');
    let Some(request) = harness.press(&token, &harness.client(), Some("77")) else {
        return if harness.text("5", &harness.client()).is_some() {
            Ok(Passed::NotClaimed("answers are typed"))
        } else {
            receives_nothing(harness)
        };
    };
    match only_event(harness, &request)?.kind {
        InboundKind::Press { token: read, message_id, .. } => {
            ensure(read == token, || format!("pressed {token}, read {read}"))?;
            ensure(message_id.is_none() || message_id.as_deref() == Some("77"), || {
                format!("the press names message {message_id:?}, not 77")
            })?;
            Ok(Passed::Held)
        }
        other => Err(format!("a press was read as {other:?}")),
    }
}

/// The same event sent again has the same key and order; another event has another key and no earlier order.
pub async fn gives_one_event_one_key<H: Harness>(harness: &H) -> CaseResult {
    let (Some(first), Some(second)) = (answer(harness, "r1_kit_1", &harness.client()), answer(harness, "r1_kit_0", &harness.client()))
    else {
        return receives_nothing(harness);
    };
    let event = only_event(harness, &first)?;
    ensure(!event.key.is_empty(), || "an event has no key".into())?;

    let mut redelivered = first.clone();
    redelivered.received_at += 1_000;
    let again = only_event(harness, &redelivered)?;
    ensure(again == event, || "the same bytes, delivered again, were read differently".into())?;

    let other = only_event(harness, &second)?;
    ensure(other.key != event.key, || format!("two different events have the same key {:?}", event.key))?;
    ensure(other.order >= event.order, || "a later event has an earlier place in the order".into())?;
    Ok(Passed::Held)
}

/// An answer names its author, so that the addressee's is accepted and a stranger's is not.
pub async fn tells_who_tapped<H: Harness>(harness: &H) -> CaseResult {
    let client = harness.client();
    let Some(request) = answer(harness, "r1_kit_1", &client) else {
        return receives_nothing(harness);
    };
    let by = answered_by(harness, &request)?;
    ensure(client.admits(&by), || "the addressee's own answer is not admitted by the address we wrote to".into())?;
    let Some(stranger) = harness.stranger() else {
        return Ok(Passed::NotClaimed("the platform knows no unauthenticated here"));
    };
    let foreign = answer(harness, "r1_kit_1", &stranger).ok_or("the harness gives no answer by its stranger")?;
    let by = answered_by(harness, &foreign)?;
    ensure(!client.admits(&by), || "a stranger's answer is admitted as the addressee's".into())?;
    Ok(Passed::Held)
}

/// Typed texts arrive unchanged.
pub async fn reads_what_clients_type<H: Harness>(harness: &H) -> CaseResult {
    if !harness.channel().capabilities().free_text {
        return Ok(Passed::NotClaimed("free text is not claimed"));
    }
    let request = harness.text(MANY_SCRIPTS, &harness.client()).ok_or("claims free_text, but the harness gives no text")?;
    match only_event(harness, &request)?.kind {
        InboundKind::Text(TextMessage { text, by, .. }) => {
            ensure(text == MANY_SCRIPTS, || "the text was changed on its way in".into())?;
            ensure(harness.client().admits(&by), || "the writer is not recognised as the addressee".into())?;
            Ok(Passed::Held)
        }
        other => Err(format!("a text was read as {other:?}")),
    }
}

/// A comment arrives with its box's token.
pub async fn reads_comments<H: Harness>(harness: &H) -> CaseResult {
    if !harness.channel().capabilities().comment_box {
        return Ok(Passed::NotClaimed("a comment box is not claimed"));
    }
    let Some(request) = harness.comment("c1_kit", MANY_SCRIPTS, &harness.client()) else {
        return receives_nothing(harness);
    };
    match only_event(harness, &request)?.kind {
        InboundKind::Comment { token, text, .. } if token == "c1_kit" && text == MANY_SCRIPTS => Ok(Passed::Held),
        InboundKind::Comment { .. } => Err("the comment or its token was changed on its way in".into()),
        other => Err(format!("a comment was read as {other:?}")),
    }
}

/// A native form arrives with its token, its score and its comment.
pub async fn reads_forms<H: Harness>(harness: &H) -> CaseResult {
    if harness.channel().capabilities().native_form.is_empty() {
        return Ok(Passed::NotClaimed("a native form is not claimed"));
    }
    let form = longest_token('f');
    let request = harness.form(&form, 4, MANY_SCRIPTS, &harness.client()).ok_or("claims native_form, but the harness gives no form")?;
    match only_event(harness, &request)?.kind {
        InboundKind::Form { token, by, score, comment } => {
            ensure(token == form && score == 4, || "the form's token or score was changed on its way in".into())?;
            ensure(comment.as_deref() == Some(MANY_SCRIPTS), || "what was written beside the score was lost".into())?;
            ensure(harness.client().admits(&by), || "who sent the form is not recognised as the addressee".into())?;
            Ok(Passed::Held)
        }
        other => Err(format!("a form was read as {other:?}")),
    }
}

/// If a client's message opens a window, a press reports its time: as a separate [`InboundKind::Wrote`] with its own key,
/// by the platform's clock.
pub async fn tells_when_the_client_wrote<H: Harness>(harness: &H) -> CaseResult {
    let WindowRule::AfterClient(_) = harness.channel().capabilities().window else {
        return Ok(Passed::NotClaimed("no window that every client's message opens"));
    };
    let Some(request) = answer(harness, "r1_kit_1", &harness.client()) else {
        return receives_nothing(harness);
    };
    let later = RawRequest { received_at: request.received_at + 1_000, ..request.clone() };
    let events = received(harness, &request)?;
    ensure(events == received(harness, &later)?, || "the same bytes, delivered again, were read differently".into())?;
    let wrote = |event: &&Inbound| matches!(&event.kind, InboundKind::Wrote { by, .. } if harness.client().admits(by));
    let wrote = events.iter().find(wrote).ok_or("a press opens the window, but nothing says that the client wrote")?;
    let alone = events.iter().filter(|event| event.key == wrote.key).count() == 1;
    ensure(alone, || format!("two events of one request have the same key {:?}", wrote.key))?;
    Ok(Passed::Held)
}

/// The platform's report about a message of ours identifies it, by its ID or by our key.
pub async fn reads_proof_of_delivery<H: Harness>(harness: &H) -> CaseResult {
    if !harness.channel().capabilities().proof_of_delivery {
        return Ok(Passed::NotClaimed("proof of delivery is not claimed"));
    }
    let request = harness.delivered("77", "dlv_kit_1").ok_or("claims proof_of_delivery, but the harness gives no proof")?;
    match only_event(harness, &request)?.kind {
        InboundKind::Status { message_id, key, status } => {
            ensure(key.as_deref() == Some("dlv_kit_1"), || format!("the proof names the key {key:?}, not ours"))?;
            ensure(message_id.is_none() || message_id.as_deref() == Some("77"), || format!("the proof names message {message_id:?}"))?;
            ensure(!matches!(status, DeliveryStatus::Failed(_)), || "an arrival was read as a failure".into())?;
            Ok(Passed::Held)
        }
        other => Err(format!("a proof of delivery was read as {other:?}")),
    }
}

/// A request without a valid signature is `Rejected::Unsigned`, whatever it contains.
pub async fn rejects_what_is_not_signed<H: Harness>(harness: &H) -> CaseResult {
    let Some(request) = answer(harness, "r1_kit_1", &harness.client()) else {
        return receives_nothing(harness);
    };
    let forgeries = harness.forgeries(&request);
    ensure(!forgeries.is_empty(), || "the harness gives no forgeries".into())?;
    for (n, forgery) in forgeries.iter().enumerate() {
        match receive(harness, forgery)? {
            Err(Rejected::Unsigned(_)) => {}
            Err(other) => return Err(format!("forgery {n} has to be Unsigned, not {other:?}")),
            Ok(_) => return Err(format!("forgery {n} was taken")),
        }
    }
    Ok(Passed::Held)
}

/// No bytes cause a panic, signed or not, and signed garbage is never read as an answer.
pub async fn survives_garbage<H: Harness>(harness: &H) -> CaseResult {
    for body in garbage() {
        let bare = RawRequest { method: "POST".into(), query: "%zz&=&&".into(), headers: Headers::default(), body, received_at: 0 };
        let _ = receive(harness, &bare)?;
        let Some(signed) = harness.signed(&bare.body) else { continue };
        if let Ok(Received { events, .. }) = receive(harness, &signed)? {
            let answer = events.iter().any(|event| !matches!(event.kind, InboundKind::Other { .. }));
            ensure(!answer, || "nonsense was read as an event with a meaning".into())?;
        }
    }
    let Some(press) = answer(harness, "r1_kit_1", &harness.client()) else {
        return receives_nothing(harness);
    };
    // Slightly damaged requests get deeper into a parser than noise.
    for at in 0..press.body.len() {
        let mut flipped = press.body.clone();
        flipped[at] ^= 1 << (at % 7);
        for body in [&press.body[..at], &flipped[..]] {
            if let Some(signed) = harness.signed(body) {
                let _ = receive(harness, &signed)?;
            }
        }
    }
    Ok(Passed::Held)
}

/// An event of an unknown kind is `Other`, so that it is stored and counted and the platform gets a success.
pub async fn keeps_unknown_events<H: Harness>(harness: &H) -> CaseResult {
    let Some(request) = harness.unknown_event() else {
        return match answer(harness, "r1_kit_1", &harness.client()) {
            None => receives_nothing(harness),
            Some(_) => Err("the channel receives, but the harness gives no unknown event".into()),
        };
    };
    match only_event(harness, &request)?.kind {
        InboundKind::Other { kind } if !kind.is_empty() => Ok(Passed::Held),
        other => Err(format!("an unknown event was read as {other:?} instead of a named Other")),
    }
}

/// A channel that receives no requests says so, and claims nothing that requires them.
fn receives_nothing<H: Harness>(harness: &H) -> CaseResult {
    let request =
        RawRequest { method: "POST".into(), query: String::new(), headers: Headers::default(), body: b"{}".to_vec(), received_at: 0 };
    match receive(harness, &request)? {
        Err(Rejected::NotHere) if claimed_scales(harness).is_empty() => Ok(Passed::NotClaimed("nothing is received, nothing is asked")),
        Err(Rejected::NotHere) => Ok(Passed::NotClaimed("answers come through links")),
        other => Err(format!("the harness gives nothing to receive, so the channel has to say NotHere, not {other:?}")),
    }
}

fn receive<H: Harness>(harness: &H, request: &RawRequest) -> Result<Result<Received, Rejected>, String> {
    catch_unwind(AssertUnwindSafe(|| harness.channel().receive(request))).map_err(|_| {
        format!(
            "receive panicked on {} bytes: {:?}…",
            request.body.len(),
            String::from_utf8_lossy(&request.body[..request.body.len().min(80)])
        )
    })
}

fn received<H: Harness>(harness: &H, request: &RawRequest) -> Result<Vec<Inbound>, String> {
    Ok(receive(harness, request)?.map_err(|rejected| format!("the platform's own request was rejected: {rejected}"))?.events)
}

/// The only event of a request, besides a report that the client wrote.
pub(super) fn only_event<H: Harness>(harness: &H, request: &RawRequest) -> Result<Inbound, String> {
    let mut events = received(harness, request)?;
    events.retain(|event| !matches!(event.kind, InboundKind::Wrote { .. }));
    ensure(events.len() == 1, || format!("one event was read as {}", events.len()))?;
    Ok(events.remove(0))
}

/// A press on `token`; if there are no buttons, `token` typed.
fn answer<H: Harness>(harness: &H, token: &str, by: &Address) -> Option<RawRequest> {
    harness.press(token, by, None).or_else(|| harness.text(token, by))
}

fn answered_by<H: Harness>(harness: &H, request: &RawRequest) -> Result<Address, String> {
    match only_event(harness, request)?.kind {
        InboundKind::Press { by, .. } | InboundKind::Text(TextMessage { by, .. }) => Ok(by),
        other => Err(format!("an answer was read as {other:?}")),
    }
}

/// Garbage of many shapes, the same in every run.
pub(super) fn garbage() -> Vec<Vec<u8>> {
    let mut bodies: Vec<Vec<u8>> =
        ["", "{", "{}", "[]", "null", "true", "0", "1e999", "\"\"", "{\"type\":1}", "{\"data\":[]}", "\u{0}", "a=b&c", "<html>"]
            .iter()
            .map(|text| text.as_bytes().to_vec())
            .collect();
    bodies.push(vec![b'['; 100_000]);
    bodies.push(b"{\"a\":".repeat(50_000));
    bodies.push(vec![0xff; 4_096]);
    bodies.push(b"{\"update_id\":99999999999999999999,\"entry\":[{\"changes\":null}],\"object\":\"page\"}".to_vec());
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for length in [1, 7, 64, 1_000] {
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[0]
        };
        bodies.push((0..length).map(|_| next()).collect());
    }
    bodies
}
