//! Objections to a rating: a flag (the comment is abusive or off-topic) or an appeal (the rating should be excluded from the
//! score). An admin judges it; see `judge_objection`.

use super::{Acted, Held, Refused};
use crate::engine::Engine;
use crate::engine::stop::Stop;
use lastword_domain::access::audit::{Act, By};
use lastword_domain::review::{ObjectionKind, ObjectionState};
use lastword_store::review::objection::{self, Objection};
use lastword_store::{Millis, Tx};
use serde_json::{Value, json};

/// Stores an objection of `by`: its kind, its reason and its text.
pub(super) async fn object(
    tx: &mut Tx,
    engine: &Engine,
    by: &By,
    held: &Held,
    (kind, reason, text): (ObjectionKind, &'static str, String),
    now: Millis,
) -> Result<Acted, Stop<Refused>> {
    let all = objection::of_request_in(tx, held.request.id).await?;
    let is_same =
        |one: &Objection| one.state == ObjectionState::Open && one.kind == kind && (kind == ObjectionKind::Appeal || one.by_id == by.id);
    // A voided rating cannot be appealed again.
    if all.iter().any(is_same) || (kind == ObjectionKind::Appeal && held.rating.voided_at.is_some()) {
        return Err(Stop::Refused(Refused::Already));
    }
    let new = Objection {
        id: engine.ids.next(now),
        request_id: held.request.id,
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
    let act = if kind == ObjectionKind::Flag { Act::RatingFlagged } else { Act::RatingAppealed };
    let said = json!({ "reason": Some(reason).filter(|reason| !reason.is_empty()), "text": new.text });
    let acted = held.keep(tx, engine, by, held.review.clone(), (act, Value::Null, said), now).await?;
    Ok(Acted { objection: Some(new.id), ..acted })
}
