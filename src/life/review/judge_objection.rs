//! An admin judges a flag or an appeal, or restores a voided rating. A voided rating itself stays unchanged and is excluded from
//! the adjusted score; the counters are updated in the same transaction.

use super::{Acted, Held, Refused};
use crate::engine::Engine;
use crate::engine::stop::Stop;
use lastword_base::names::ObjectionId;
use lastword_domain::access::audit::{Act, By};
use lastword_domain::review::{ObjectionKind, ObjectionState};
use lastword_store::answer::rating::{self, Rating};
use lastword_store::review::objection;
use lastword_store::{Millis, StoreError, Tx};
use serde_json::json;

/// An admin's verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Upheld: an appeal voids the rating, a flag hides its comment from public pages.
    Uphold,
    /// Declined.
    Decline,
}

/// Judges an objection of this rating, with a reason as text.
pub(super) async fn judge(
    tx: &mut Tx,
    engine: &Engine,
    by: &By,
    held: &Held,
    (objection, verdict, reason): (ObjectionId, Verdict, &str),
    now: Millis,
) -> Result<Acted, Stop<Refused>> {
    let all = objection::of_request_in(tx, held.request.id).await?;
    let Some(open) = all.iter().find(|one| one.id == objection && one.state == ObjectionState::Open) else {
        return Err(Stop::Refused(Refused::NothingToJudge));
    };
    let state = if verdict == Verdict::Uphold { ObjectionState::Upheld } else { ObjectionState::Declined };
    objection::judge(tx, open.id, state, &by.name, reason, now).await?;
    if verdict == Verdict::Uphold && open.kind == ObjectionKind::Appeal {
        void(tx, held, Some(now)).await?;
    }
    let before = json!({ "kind": open.kind, "state": "open" });
    let after = json!({ "state": state.as_str(), "reason": reason, "kind": open.kind });
    Ok(held.keep(tx, engine, by, held.review.clone(), (Act::RatingJudged, before, after), now).await?)
}

/// Restores a voided rating, with a reason as text.
pub(super) async fn restore(tx: &mut Tx, engine: &Engine, by: &By, held: &Held, reason: &str, now: Millis) -> Result<Acted, Stop<Refused>> {
    if held.rating.voided_at.is_none() {
        return Err(Stop::Refused(Refused::NothingToJudge));
    }
    let all = objection::of_request_in(tx, held.request.id).await?;
    for upheld in all.iter().filter(|one| one.kind == ObjectionKind::Appeal && one.state == ObjectionState::Upheld) {
        objection::judge(tx, upheld.id, ObjectionState::TakenBack, &by.name, reason, now).await?;
    }
    void(tx, held, None).await?;
    let change = (Act::RatingRestored, json!({ "voided": true }), json!({ "state": "restored", "reason": reason }));
    Ok(held.keep(tx, engine, by, held.review.clone(), change, now).await?)
}

async fn void(tx: &mut Tx, held: &Held, voided_at: Option<Millis>) -> Result<(), StoreError> {
    let after = Rating { voided_at, ..held.rating.clone() };
    rating::save(tx, &[rating::Change { request: &held.request, before: Some(&held.rating), after: &after }]).await
}
