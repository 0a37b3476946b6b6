//! Objections to ratings: flags and appeals, an admin's decision, and restoring voided ratings.

use super::{ReviewOut, take};
use crate::auth::LineCaller;
use crate::json::Body;
use crate::path::PathId;
use crate::problem::Problem;
use crate::state::AppState;
use crate::timestamp::Timestamp;
use axum::Json;
use axum::extract::State;
use lastword_base::names::{ObjectionId, RequestId};
use lastword_domain::access::api_key::Scope;
use lastword_domain::review::FlagReason;
use lastword_life::review::act::ReviewAct;
use lastword_life::review::judge_objection::Verdict;
use lastword_store::review::objection::Objection;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// A flag or an appeal, and the decision about it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObjectionOut {
    /// ID of the objection.
    pub id: String,
    /// `flag` (the comment is abusive or off-topic) or `appeal` (the rating should be excluded from the score).
    pub kind: String,
    /// For a flag: `spam`, `profanity`, `offensive` or `other`.
    pub reason: Option<String>,
    /// Explanation.
    pub text: String,
    /// Who made it.
    pub by: String,
    /// Time it was made.
    pub at: Timestamp,
    /// `open`, `upheld`, `declined`, or `taken_back` (a voided rating was restored).
    pub state: String,
    /// Who decided.
    pub judged_by: Option<String>,
    /// Time of the decision.
    pub judged_at: Option<Timestamp>,
    /// Explanation of the decision.
    pub judgement: Option<String>,
}

impl From<Objection> for ObjectionOut {
    fn from(one: Objection) -> Self {
        Self {
            id: one.id.to_string(),
            kind: one.kind.to_string(),
            reason: Some(one.reason).filter(|reason| !reason.is_empty()),
            text: one.text,
            by: one.by_name,
            at: Timestamp(one.raised_at),
            state: one.state.to_string(),
            judged_by: one.judged_by,
            judged_at: one.judged_at.map(Timestamp),
            judgement: one.judgement,
        }
    }
}

/// A flag.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FlagBody {
    /// Reason.
    pub reason: FlagReason,
    /// Explanation.
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
}

/// Flags a rating
///
/// Flags an abusive or off-topic comment for an admin to review.
#[utoipa::path(
    post, path = "/v1/ratings/{rating_request}/flags", operation_id = "flagRating", tag = "reviews", request_body = FlagBody, security(("api_key" = ["reviews:write"])),
    params(("rating_request" = String, Path, description = "The rating request")),
    responses((status = 200, body = ReviewOut), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
pub async fn flag(
    caller: LineCaller<{ Scope::ReviewsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    PathId(id): PathId<RequestId>,
    Body(body): Body<FlagBody>,
) -> Result<Json<ReviewOut>, Problem> {
    take(&app, &caller, id, (ReviewAct::Flag(body.reason, body.text), "text"), None).await
}

/// An explanation.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ExplanationBody)]
#[serde(deny_unknown_fields)]
pub struct WordsBody {
    /// The explanation.
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
}

/// Appeals against a rating
///
/// Asks an admin to exclude the rating from the score.
#[utoipa::path(
    post, path = "/v1/ratings/{rating_request}/appeal", operation_id = "appealRating", tag = "reviews", request_body = WordsBody, security(("api_key" = ["reviews:write"])),
    params(("rating_request" = String, Path, description = "The rating request")),
    responses((status = 200, body = ReviewOut), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
pub async fn appeal(
    caller: LineCaller<{ Scope::ReviewsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    PathId(id): PathId<RequestId>,
    Body(body): Body<WordsBody>,
) -> Result<Json<ReviewOut>, Problem> {
    take(&app, &caller, id, (ReviewAct::Appeal(body.text), "text"), None).await
}

/// A decision about a flag or an appeal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgeBody {
    /// ID of the flag or appeal.
    pub objection: String,
    /// True to uphold it. Upholding an appeal voids the rating: it is kept but excluded from the adjusted score.
    pub upheld: bool,
    /// Explanation.
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
}

/// Decides about a flag or an appeal
#[utoipa::path(
    post, path = "/v1/ratings/{rating_request}/judge", operation_id = "judgeRating", tag = "reviews", request_body = JudgeBody, security(("api_key" = ["reviews:judge"])),
    params(("rating_request" = String, Path, description = "The rating request")),
    responses((status = 200, body = ReviewOut), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
pub async fn judge(
    caller: LineCaller<{ Scope::ReviewsJudge as u8 }>,
    State(app): State<Arc<AppState>>,
    PathId(id): PathId<RequestId>,
    Body(body): Body<JudgeBody>,
) -> Result<Json<ReviewOut>, Problem> {
    let verdict = if body.upheld { Verdict::Uphold } else { Verdict::Decline };
    let act = ReviewAct::Judge(ObjectionId::named(&body.objection), verdict, body.text);
    take(&app, &caller, id, (act, "text"), None).await
}

/// Restores a voided rating to the score
#[utoipa::path(
    post, path = "/v1/ratings/{rating_request}/restore", operation_id = "restoreRating", tag = "reviews", request_body = WordsBody, security(("api_key" = ["reviews:judge"])),
    params(("rating_request" = String, Path, description = "The rating request")),
    responses((status = 200, body = ReviewOut), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
pub async fn restore(
    caller: LineCaller<{ Scope::ReviewsJudge as u8 }>,
    State(app): State<Arc<AppState>>,
    PathId(id): PathId<RequestId>,
    Body(body): Body<WordsBody>,
) -> Result<Json<ReviewOut>, Problem> {
    take(&app, &caller, id, (ReviewAct::Restore(body.text), "text"), None).await
}
