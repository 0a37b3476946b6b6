//! State of the review of one rating, for pages and programs.

use super::reply::foresee;
use crate::engine::Engine;
use crate::message::edits::edits;
use lastword_base::names::RequestId;
use lastword_domain::review::edit::{EditState, Edits, left};
use lastword_domain::review::{NotSent, ObjectionKind, ObjectionState, waits};
use lastword_store::answer::rating::{self, Rating};
use lastword_store::answer::rating_edit::{self, RatingEdit};
use lastword_store::question::delivery::{self, Delivery};
use lastword_store::question::rating_request::{self, RatingRequest};
use lastword_store::review::objection::{self, Objection};
use lastword_store::review::reply::{self, Reply};
use lastword_store::review::{self, Review};
use lastword_store::{Millis, StoreError};

/// A rating with everything that people did about it.
#[derive(Clone, Debug)]
pub struct Look {
    /// The rating request.
    pub request: RatingRequest,
    /// The rating.
    pub rating: Rating,
    /// The review.
    pub review: Review,
    /// True if it waits for attention.
    pub waits: bool,
    /// All versions of the reply, each with its delivery.
    pub replies: Vec<(Reply, Option<Delivery>)>,
    /// The end of the window in which a first reply would be sent now, or the reason why none would be sent.
    pub way: Result<Option<Millis>, NotSent>,
    /// Flags and appeals.
    pub objections: Vec<Objection>,
    /// The client's later edits.
    pub edits: Vec<RatingEdit>,
    /// Number of edits left to the client.
    pub edits_left: i64,
    /// The second rating request, and its rating.
    pub second: Option<(RatingRequest, Option<Rating>)>,
}

impl Look {
    /// The newest version of the reply, with its delivery.
    pub fn reply(&self) -> Option<&(Reply, Option<Delivery>)> {
        self.replies.last()
    }

    /// The held edit.
    pub fn held(&self) -> Option<&RatingEdit> {
        self.edits.iter().find(|edit| edit.state == EditState::Held)
    }

    /// The appeal that waits for a judgement.
    pub fn open_appeal(&self) -> Option<&Objection> {
        self.objections.iter().find(|one| one.kind == ObjectionKind::Appeal && one.state == ObjectionState::Open)
    }
}

/// State of the review of the rating of `request`; `None` if there is no such rating.
#[lastword_base::boxed]
pub async fn look(engine: &Engine, request: RequestId, now: Millis) -> Result<Option<Look>, StoreError> {
    let db = &engine.db;
    let Some(found) = rating_request::load(db, &[request]).await?.pop() else { return Ok(None) };
    let Some(rating) = rating::of_requests(db, &[request]).await?.remove(&request) else { return Ok(None) };
    let none = Review { request_id: found.id, line_id: found.line_id.clone(), ..Review::default() };
    let review = review::of_requests(db, &[request]).await?.remove(&request).unwrap_or(none);
    let versions = reply::versions(db, request).await?;
    let deliveries = if versions.is_empty() { Vec::new() } else { delivery::about(db, &[request]).await? };
    let carried = |reply: &Reply| deliveries.iter().find(|one| Some(&one.id) == reply.delivery_id.as_ref()).cloned();
    let replies = versions.into_iter().map(|reply| (reply.clone(), carried(&reply))).collect();
    let edited = rating_edit::of_requests(db, &[request]).await?;
    let edits: Edits = edits(&rating, &edited);
    let done = review::done_at(db, request).await?.is_some();
    Ok(Some(Look {
        waits: waits(rating.low == 1, rating.voided_at.is_some(), done),
        way: foresee(engine, &found, now).await?,
        objections: objection::of_request(db, request).await?,
        edits_left: left(edits, now),
        edits: edited,
        second: second(engine, &review).await?,
        request: found,
        rating,
        review,
        replies,
    }))
}

async fn second(engine: &Engine, review: &Review) -> Result<Option<(RatingRequest, Option<Rating>)>, StoreError> {
    let Some(id) = &review.asked_again else { return Ok(None) };
    let request = rating_request::load(&engine.db, &[*id]).await?.pop();
    let rating = rating::of_requests(&engine.db, &[*id]).await?.remove(id);
    Ok(request.map(|request| (request, rating)))
}
