//! An admin judges a flag or an appeal, or restores a voided rating. A voided rating itself stays unchanged and is excluded from
//! the adjusted score; the counters are updated in the same transaction.

use super::{Done, Held, Refused, hold};
use crate::engine::Engine;
use crate::engine::notifications::Notification;
use crate::engine::stop::Stop;
use lastword_base::names::{ObjectionId, RequestId};
use lastword_domain::access::audit::{Act, By};
use lastword_domain::review::{ObjectionKind, ObjectionState, REASON_CHARS_MAX, clean};
use lastword_store::answer::rating::{self, Rating};
use lastword_store::review::objection::{self, Objection};
use lastword_store::{Millis, StoreError, Tx, transaction};
use serde_json::json;

/// An admin's verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Upheld: an appeal voids the rating, a flag hides its comment from public pages.
    Uphold,
    /// Declined.
    Decline,
}

/// Judges the objection with this ID, of this rating, with a reason as text.
pub async fn judge(
    engine: &Engine,
    by: &By,
    request: RequestId,
    objection: ObjectionId,
    verdict: Verdict,
    reason: &str,
    now: Millis,
) -> Result<Done<()>, StoreError> {
    let wanted = Wanted { objection: Some((objection, verdict)) };
    act(engine, by, request, wanted, reason, now).await
}

/// Restores a voided rating, with a reason as text.
pub async fn restore(engine: &Engine, by: &By, request: RequestId, reason: &str, now: Millis) -> Result<Done<()>, StoreError> {
    act(engine, by, request, Wanted { objection: None }, reason, now).await
}

/// The objection to judge and the verdict; `None` restores the rating.
#[derive(Clone)]
struct Wanted {
    objection: Option<(ObjectionId, Verdict)>,
}

async fn act(engine: &Engine, by: &By, request: RequestId, wanted: Wanted, reason: &str, now: Millis) -> Result<Done<()>, StoreError> {
    let reason = match clean(reason, REASON_CHARS_MAX) {
        Ok(reason) => reason,
        Err(bad) => return Ok(Err(Refused::Text(bad))),
    };
    let id = request;
    let done = transaction!(engine.db, [engine, by, wanted, reason], async |tx| -> Result<_, Stop<Refused>> {
        let held = hold(tx, id, None).await?;
        decide(tx, &engine, &by, &held, wanted, &reason, now).await
    })
    .await;
    let done = Stop::split(done)?;
    if done.is_ok() {
        engine.tell(Notification::Reviewed { rating_request: request });
    }
    Ok(done)
}

async fn decide(
    tx: &mut Tx,
    engine: &Engine,
    by: &By,
    held: &Held,
    wanted: Wanted,
    reason: &str,
    now: Millis,
) -> Result<(), Stop<Refused>> {
    let all = objection::of_request_in(tx, held.request.id).await?;
    let said = |state: &str| json!({ "state": state, "reason": reason });
    match wanted.objection {
        Some((id, verdict)) => {
            let Some(open) = all.iter().find(|one| one.id == id && one.state == ObjectionState::Open) else {
                return Err(Stop::Refused(Refused::NothingToJudge));
            };
            let state = if verdict == Verdict::Uphold { ObjectionState::Upheld } else { ObjectionState::Declined };
            objection::judge(tx, open.id, state, &by.name, reason, now).await?;
            if verdict == Verdict::Uphold && open.kind == ObjectionKind::Appeal {
                void(tx, held, Some(now)).await?;
            }
            let before = json!({ "kind": open.kind, "state": "open" });
            let mut after = said(state.as_str());
            after["kind"] = json!(open.kind);
            held.keep(tx, engine, by, held.review.clone(), (Act::RatingJudged, before, after), now).await?;
        }
        None => {
            if held.rating.voided_at.is_none() {
                return Err(Stop::Refused(Refused::NothingToJudge));
            }
            let upheld: Vec<&Objection> =
                all.iter().filter(|one| one.kind == ObjectionKind::Appeal && one.state == ObjectionState::Upheld).collect();
            for one in upheld {
                objection::judge(tx, one.id, ObjectionState::TakenBack, &by.name, reason, now).await?;
            }
            void(tx, held, None).await?;
            held.keep(tx, engine, by, held.review.clone(), (Act::RatingRestored, json!({ "voided": true }), said("restored")), now).await?;
        }
    }
    Ok(())
}

async fn void(tx: &mut Tx, held: &Held, voided_at: Option<Millis>) -> Result<(), StoreError> {
    let after = Rating { voided_at, ..held.rating.clone() };
    rating::save(tx, &[rating::Change { request: &held.request, before: Some(&held.rating), after: &after }]).await
}
