//! Objections to a rating: a flag (the comment is abusive or off-topic) or an appeal (the rating should be excluded from the
//! score). An admin judges it; see `judge_objection`.

use super::{Done, Refused, hold};
use crate::engine::Engine;
use crate::engine::notifications::Notification;
use crate::engine::stop::Stop;
use lastword_base::names::RequestId;
use lastword_domain::access::audit::{Act, By};
use lastword_domain::review::{FlagReason, ObjectionKind, ObjectionState, REASON_CHARS_MAX, clean};
use lastword_store::review::objection::{self, Objection};
use lastword_store::{Millis, StoreError, transaction};
use serde_json::{Value, json};

/// The objection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectionInput {
    /// The client's comment is abusive or off-topic, for this reason.
    Flag(FlagReason),
    /// The rating should be excluded from the score.
    Appeal,
}

/// Stores an objection of `by`, with its text.
pub async fn object(
    engine: &Engine,
    by: &By,
    request: RequestId,
    says: ObjectionInput,
    text: &str,
    now: Millis,
) -> Result<Done<Objection>, StoreError> {
    let text = match clean(text, REASON_CHARS_MAX) {
        Ok(text) => text,
        Err(bad) => return Ok(Err(Refused::Text(bad))),
    };
    let step = transaction!(engine.db, [engine, by, text], async |tx| -> Result<_, Stop<Refused>> {
        let held = hold(tx, request, None).await?;
        let (kind, reason, act) = match says {
            ObjectionInput::Flag(reason) => (ObjectionKind::Flag, reason.as_str(), Act::RatingFlagged),
            ObjectionInput::Appeal => (ObjectionKind::Appeal, "", Act::RatingAppealed),
        };
        let open =
            objection::of_request_in(tx, request).await?.into_iter().filter(|one| one.state == ObjectionState::Open && one.kind == kind);
        let same = |one: &Objection| kind == ObjectionKind::Appeal || one.by_id == by.id;
        // A voided rating cannot be appealed again.
        if open.into_iter().any(|one| same(&one)) || (kind == ObjectionKind::Appeal && held.rating.voided_at.is_some()) {
            return Err(Stop::Refused(Refused::Already));
        }
        let new = Objection {
            id: engine.ids.next(now),
            request_id: request,
            line_id: held.request.line_id.clone(),
            kind,
            reason: reason.to_owned(),
            text,
            by_id: by.id.clone(),
            by_name: by.name.clone(),
            raised_at: now,
            state: ObjectionState::Open,
            ..Objection::default()
        };
        objection::raise(tx, &new).await?;
        let said = json!({ "reason": Some(reason).filter(|reason| !reason.is_empty()), "text": new.text });
        held.keep(tx, &engine, &by, held.review.clone(), (act, Value::Null, said), now).await?;
        Ok(new)
    });
    let done = Stop::split(step.await)?;
    if let Ok(new) = &done {
        engine.tell(Notification::Reviewed { rating_request: new.request_id });
    }
    Ok(done)
}
