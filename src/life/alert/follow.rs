//! Reports the state of low ratings to services that keep the state of an alert themselves, such as PagerDuty: who has seen it, and that
//! it is done.

use crate::engine::Engine;
use crate::message::alert::language_of;
use crate::recipient::room::plain_message;
use lastword_base::names::RequestId;
use lastword_contract::Address;
use lastword_domain::alert::words::words;
use lastword_domain::alert::{AlertKind, AlertState};
use lastword_store::alert::recipient::{self, Recipient};
use lastword_store::question::delivery::NewDelivery;
use lastword_store::{Millis, StoreError, Tx, alert, document_or_said};
use serde_json::json;
use std::collections::BTreeSet;

/// What happened to a low rating.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// An alert about it was acknowledged.
    Seen,
    /// It was replied to, or marked as resolved.
    Done,
}

/// The messages about a step that `by` has taken with these ratings, one for each recipient whose service keeps the state and has an
/// alert of its own about the rating.
pub(crate) async fn follow(
    tx: &mut Tx,
    engine: &Engine,
    step: Step,
    steps: &[(RequestId, &str)],
    now: Millis,
) -> Result<Vec<NewDelivery>, StoreError> {
    let mut keeping = recipient::all_in(tx).await?;
    keeping.retain(|recipient| recipient.disabled_at.is_none() && keeps_state(engine, recipient));
    if keeping.is_empty() {
        return Ok(Vec::new());
    }
    let requests: Vec<RequestId> = steps.iter().map(|(request, _)| *request).collect();
    let told = alert::about(tx, &requests).await?;
    let told = told.iter().filter(|alert| alert.kind == AlertKind::Low && alert.state == AlertState::Raised);
    let told: BTreeSet<(RequestId, &str)> = told.map(|alert| (alert.request_id, alert.recipient_id.as_str())).collect();
    let mut messages = Vec::new();
    for (request, by) in steps {
        for recipient in keeping.iter().filter(|recipient| told.contains(&(*request, recipient.id.as_str()))) {
            let text = words(language_of(engine, Some(recipient))).seen_by.replace("{}", by);
            let kind = match step {
                Step::Seen => "seen",
                Step::Done => "done",
            };
            let data = json!({ "kind": kind, "rating_request": { "id": request } });
            let payload = json!({ "kind": "state", "text": text, "data": data }).to_string();
            messages.push(plain_message(engine, recipient, payload, now));
        }
    }
    Ok(messages)
}

fn keeps_state(engine: &Engine, recipient: &Recipient) -> bool {
    let channel = recipient.connection.as_ref().and_then(|name| engine.channels.get(name));
    let address = || document_or_said::<Address>("recipient", "address", &recipient.id, recipient.address.as_deref()?);
    channel.is_some_and(|channel| address().is_some_and(|address| channel.keeps_state(&address)))
}
