//! Shared by the steps of reviews: a rating with its review, locked for one action, and the reasons for refusing an action.

pub mod act;
mod ask_again;
mod assign;
pub mod change_template;
pub mod judge_objection;
mod object;
pub mod overdue;
pub mod reply;
mod resolve;
pub mod showcase;
pub mod supervisor_score;
pub mod view;

use super::engine::Engine;
use crate::engine::stop::Stop;
use lastword_base::names::{ObjectionId, RequestId};
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_domain::review::{BadText, NotAgain};
use lastword_store::access::audit;
use lastword_store::alert::{self, SeenBy};
use lastword_store::answer::rating::{self, Rating};
use lastword_store::question::rating_request::{self, RatingRequest};
use lastword_store::review::reply::Reply;
use lastword_store::review::{self, Review, deadline};
use lastword_store::{Millis, StoreError, Tx};
use serde_json::Value;

/// Reason why an action was refused. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no such rating.
    Unknown,
    /// The review was changed in the meantime: its current state.
    Outdated(Box<Review>),
    /// A text is invalid.
    Text(BadText),
    /// The channel does not accept a text of this length: maximum number of characters.
    TooLongForChannel(usize),
    /// The same objection already waits for a judgement.
    Already,
    /// There is nothing to judge, or it was already judged.
    NothingToJudge,
    /// There is no such account, or it may not see this line.
    NoSuchPerson,
    /// The client is not asked once more.
    NotAgain(NotAgain),
}

/// Result of an action.
pub type Done<T> = Result<T, Refused>;

/// What an action left behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acted {
    /// The review of the rating.
    pub review: Review,
    /// The new version of the reply, for a reply.
    pub reply: Option<Reply>,
    /// The objection, for a flag or an appeal.
    pub objection: Option<ObjectionId>,
    /// The second rating request, if the client is asked once more.
    pub second: Option<RequestId>,
}

/// A rating, locked until the end of the transaction.
pub(super) struct Held {
    pub(super) request: RatingRequest,
    pub(super) rating: Rating,
    pub(super) review: Review,
}

/// Locks a rating. `seen` is the revision that the person saw; `None` skips the check.
pub(super) async fn hold(tx: &mut Tx, id: RequestId, seen: Option<i64>) -> Result<Held, Stop<Refused>> {
    let Some(request) = rating_request::hold(tx, &[id]).await?.pop() else { return Err(Stop::Refused(Refused::Unknown)) };
    let Some(rating) = rating::load(tx, &[id]).await?.remove(&id) else { return Err(Stop::Refused(Refused::Unknown)) };
    let none = Review { request_id: request.id, line_id: request.line_id.clone(), ..Review::default() };
    let review = review::find(tx, id).await?.unwrap_or(none);
    if seen.is_some_and(|seen| seen != review.revision) {
        return Err(Stop::Refused(Refused::Outdated(Box::new(review))));
    }
    Ok(Held { request, rating, review })
}

impl Held {
    /// Stores the review, with the next revision, and writes the action to the audit log.
    pub(super) async fn keep(
        &self,
        tx: &mut Tx,
        engine: &Engine,
        by: &By,
        review: Review,
        (act, before, after): (Act, Value, Value),
        now: Millis,
    ) -> Result<Acted, StoreError> {
        let review = Review { revision: self.review.revision + 1, ..review };
        review::save(tx, &review).await?;
        let entry = Entry::new(act, self.request.id).on_line(&self.request.line_id).with(&before, &after);
        audit::write(tx, engine.ids.next(now), now, by, &entry).await?;
        Ok(Acted { review, ..Acted::default() })
    }

    /// Marks the rating as worked on: it no longer waits, and its alerts are not escalated further.
    pub(super) async fn worked(&self, tx: &mut Tx, by: &By, now: Millis) -> Result<(), StoreError> {
        review::worked(tx, &[self.request.id], now).await?;
        deadline::meet(tx, self.request.id, now).await?;
        alert::acknowledge(tx, &[SeenBy { request_id: self.request.id, name: by.name.clone() }], now).await.map(drop)
    }
}
