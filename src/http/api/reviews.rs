//! Reviews: work with ratings. Programs act in the name of their key.

pub mod objections;
pub mod replies;

use self::objections::ObjectionOut;
use self::replies::{ReplyOut, refused};
use super::ratings::RatingOut;
use super::request::page::{Page, cursor, limit, read_place, write_place};
use crate::api::openapi::words;
use crate::auth::LineCaller;
use crate::json::Body;
use crate::path::PathId;
use crate::problem::{Problem, Thing};
use crate::query::Query;
use crate::state::AppState;
use crate::timestamp::{DayOrTime, Timestamp};
use axum::Json;
use axum::extract::State;
use lastword_base::names::{AccountId, LineId, OperatorId, RequestId};
use lastword_domain::access::api_key::Scope;
use lastword_domain::access::rights::Lines;
use lastword_domain::answer::rating::Scale;
use lastword_life::review::act::{self, ReviewAct};
use lastword_life::review::view::{Look, look};
use lastword_store::answer::rating_edit::RatingEdit;
use lastword_store::question::rating_request;
use lastword_store::review::low::{self, Low, LowFilter, Order, Show};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// An edit of a rating by its client, made after the first minutes in which a rating can be changed freely.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScoreEdit)]
pub struct EditOut {
    /// The previous score.
    pub before: i64,
    /// The score given by the client.
    pub score: i64,
    /// `applied`, `held` (a lower score counts after three days) or `withdrawn`.
    pub state: String,
    /// Time of the edit.
    pub made_at: Timestamp,
    /// Time at which a held edit counts.
    pub counts_at: Option<Timestamp>,
}

impl From<RatingEdit> for EditOut {
    fn from(edit: RatingEdit) -> Self {
        let (made_at, counts_at) = (Timestamp(edit.made_at), edit.due_at.map(Timestamp));
        Self { before: edit.before, score: edit.score, state: edit.state.as_str().to_owned(), made_at, counts_at }
    }
}

/// State of the review of a rating.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewOut {
    /// The rating, as given by the client.
    pub rating: RatingOut,
    /// Time an admin voided it. A voided rating is kept but excluded from the adjusted score.
    pub voided_at: Option<Timestamp>,
    /// True if it needs attention: low, not voided, without a reply, and not marked as resolved or acknowledged.
    pub waits: bool,
    /// Increases by one with each action. Send it with the next action to detect changes by others.
    pub version: i64,
    /// Account to which it is assigned.
    pub assigned_to: Option<String>,
    /// Name of that person.
    pub assigned_name: Option<String>,
    /// Time it was marked as resolved.
    pub settled_at: Option<Timestamp>,
    /// Who marked it.
    pub settled_by: Option<String>,
    /// What was done.
    pub note: Option<String>,
    /// All versions of the reply.
    pub replies: Vec<ReplyOut>,
    /// Reason why a reply would not be sent to the client now; `null` if it would be.
    pub not_sent: Option<&'static str>,
    /// Flags and appeals, oldest first.
    pub objections: Vec<ObjectionOut>,
    /// Later edits by the client.
    pub edits: Vec<EditOut>,
    /// Number of edits the client has left.
    pub edits_left: i64,
    /// The second rating request, if the client was asked again.
    pub asked_again: Option<String>,
    /// The rating that answers it.
    pub second_rating: Option<RatingOut>,
}

impl From<Look> for ReviewOut {
    fn from(look: Look) -> Self {
        let review = look.review;
        Self {
            voided_at: look.rating.voided_at.map(Timestamp),
            rating: RatingOut::new(look.rating, &look.request),
            waits: look.waits,
            version: review.revision,
            assigned_to: review.assigned_to.map(|id| id.to_string()),
            assigned_name: review.assigned_name,
            settled_at: review.settled_at.map(Timestamp),
            settled_by: review.settled_by,
            note: review.note,
            replies: look.replies.into_iter().map(ReplyOut::from).collect(),
            not_sent: look.way.err().map(|reason| reason.as_str()),
            objections: look.objections.into_iter().map(ObjectionOut::from).collect(),
            edits: look.edits.into_iter().map(EditOut::from).collect(),
            edits_left: look.edits_left,
            asked_again: review.asked_again.map(|id| id.to_string()),
            second_rating: look.second.and_then(|(request, rating)| Some(RatingOut::new(rating?, &request))),
        }
    }
}

/// Checks that the rating belongs to these lines. Ratings of other lines are reported as missing.
pub(super) async fn must_see(app: &AppState, lines: &Lines, id: RequestId) -> Result<(), Problem> {
    if *lines == Lines::All {
        return Ok(());
    }
    let request = rating_request::load(&app.engine.db, &[id]).await?.pop().filter(|request| lines.admit(&request.line_id));
    request.map(drop).ok_or_else(|| Problem::missing(Thing::Rating, id))
}

/// The current state of the review, as a response.
pub(super) async fn now_of(app: &AppState, id: RequestId) -> Result<Json<ReviewOut>, Problem> {
    let look = look(&app.engine, id, app.engine.now()).await?;
    look.map(|look| Json(look.into())).ok_or_else(|| Problem::missing(Thing::Rating, id))
}

/// Does `act` with a rating of the caller, who read `version`, and returns the review. `field` names the text of the act.
pub(super) async fn take<const SCOPE: u8>(
    app: &AppState,
    caller: &LineCaller<SCOPE>,
    id: RequestId,
    (act, field): (ReviewAct, &str),
    version: Option<i64>,
) -> Result<Json<ReviewOut>, Problem> {
    must_see(app, caller.lines(), id).await?;
    let done = act::act(&app.engine, &caller.by(), id, act, version, app.engine.now()).await?;
    done.map_err(|why| refused(why, id, field))?;
    now_of(app, id).await
}

/// Gets the review of a rating
#[utoipa::path(
    get, path = "/v1/ratings/{rating_request}/review", operation_id = "getReview", tag = "reviews", security(("api_key" = ["ratings:read"])),
    params(("rating_request" = String, Path, description = "The rating request")),
    responses((status = 200, body = ReviewOut), (status = 404, body = Problem))
)]
pub async fn one(
    caller: LineCaller<{ Scope::RatingsRead as u8 }>,
    State(app): State<Arc<AppState>>,
    PathId(id): PathId<RequestId>,
) -> Result<Json<ReviewOut>, Problem> {
    must_see(&app, caller.lines(), id).await?;
    now_of(&app, id).await
}

/// A low rating in the list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LowRating)]
pub struct LowOut {
    /// ID of the rating request.
    pub rating_request: String,
    /// ID of the line.
    pub line: String,
    /// ID of the responsible operator.
    pub operator: Option<String>,
    /// ID of the session.
    pub session: String,
    /// Name of the client, if the desk sent it.
    pub client_name: Option<String>,
    /// The scale.
    pub scale: Scale,
    /// The score.
    pub score: i64,
    /// Text written by the client.
    pub comment: Option<String>,
    /// Time of the rating.
    pub rated_at: Timestamp,
    /// Time when it was done, so that it no longer waits: by a reply, by marking it as resolved, or by acknowledging its alert.
    pub done_at: Option<Timestamp>,
    /// Time by which it must be replied to, if its line had a deadline when it became low.
    pub reply_due_at: Option<Timestamp>,
    /// Time it was replied to or marked as resolved, if it has a deadline.
    pub reply_met_at: Option<Timestamp>,
    /// Account to which it is assigned.
    pub assigned_to: Option<String>,
}

impl From<Low> for LowOut {
    fn from(low: Low) -> Self {
        Self {
            rating_request: low.request_id.to_string(),
            line: low.line_id.into(),
            operator: low.operator_id.map(String::from),
            session: low.session_id.into(),
            client_name: low.client_name,
            scale: low.scale,
            score: low.score,
            comment: low.comment,
            rated_at: Timestamp(low.rated_at),
            done_at: low.done_at.map(Timestamp),
            reply_due_at: low.due_at.map(Timestamp),
            reply_met_at: low.met_at.map(Timestamp),
            assigned_to: low.assigned_to.map(|id| id.to_string()),
        }
    }
}

/// Filter and page of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct LowQuery {
    /// `due` (with a deadline for the reply, due first), `waiting` (default), `nobody` (waiting and not assigned), `all` or `done`.
    #[param(value_type = Option<words::LowRatingList>)]
    pub show: Option<String>,
    /// `newest` (default) or `oldest` first. `due` and `done` have their own order.
    #[param(value_type = Option<words::LowRatingOrder>)]
    pub order: Option<String>,
    /// Only ratings of this line.
    pub line: Option<String>,
    /// Only ratings of this responsible operator.
    pub operator: Option<String>,
    /// Only ratings with this reason, chosen by the client or assigned by a keyword rule.
    pub reason: Option<String>,
    /// Rated before this time, or up to and including this day (such as `2026-09-30`) in the organisation's time zone.
    #[param(value_type = Option<String>)]
    pub rated_until: Option<DayOrTime>,
    /// `next` of the previous page.
    pub cursor: Option<String>,
    /// Maximum number of items, 1 to 200; default 50.
    pub limit: Option<u32>,
}

/// Lists low ratings to work on, newest first, or due first
///
/// With a filter that few ratings match, a page can have fewer items than `limit`, or none, and still have a `next`.
#[utoipa::path(
    get, path = "/v1/low-ratings", operation_id = "listLowRatings", tag = "reviews", params(LowQuery), security(("api_key" = ["ratings:read"])),
    responses((status = 200, body = Page<LowOut>), (status = 422, body = Problem))
)]
pub async fn list_low(
    caller: LineCaller<{ Scope::RatingsRead as u8 }>,
    State(app): State<Arc<AppState>>,
    Query(query): Query<LowQuery>,
) -> Result<Json<Page<LowOut>>, Problem> {
    let word = query.show.as_deref().unwrap_or(Show::Waiting.as_str());
    let show = Show::parse(word).filter(|show| *show != Show::Mine).ok_or_else(|| {
        let detail = format!("There is no list \"{}\".", word.chars().take(40).collect::<String>());
        Problem::invalid_field("show", detail, "Ask for due, waiting, nobody, all or done.")
    })?;
    let order = query.order.as_deref().map_or(Ok(Order::default()), |word| {
        let wrong = || format!("There is no order \"{}\".", word.chars().take(40).collect::<String>());
        Order::parse(word).ok_or_else(|| Problem::invalid_field("order", wrong(), "Ask for newest or oldest."))
    })?;
    let limit = limit(query.limit)?;
    let after = cursor(query.cursor.as_deref(), read_place)?;
    let filter = LowFilter {
        show,
        order,
        me: None,
        line: query.line.map(LineId::from),
        operator: query.operator.map(OperatorId::from),
        reason: query.reason,
        until: query.rated_until.map(|until| until.0.until(app.engine.db.zone())),
    };
    let found = low::page(&app.engine.db, caller.lines(), &filter, after.as_ref(), limit).await?;
    let (items, next) = (found.items.into_iter().map(LowOut::from).collect(), found.next.as_ref().map(write_place));
    Ok(Json(Page { items, next }))
}

/// Assignment of a rating.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignBody {
    /// The account; `null` to unassign.
    pub to: Option<String>,
    /// The version of the review you read; `null` to skip the check.
    pub version: Option<i64>,
}

/// Assigns a rating to a person
#[utoipa::path(
    post, path = "/v1/ratings/{rating_request}/assign", operation_id = "assignRating", tag = "reviews", request_body = AssignBody, security(("api_key" = ["reviews:write"])),
    params(("rating_request" = String, Path, description = "The rating request")),
    responses((status = 200, body = ReviewOut), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
pub async fn assign(
    caller: LineCaller<{ Scope::ReviewsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    PathId(id): PathId<RequestId>,
    Body(body): Body<AssignBody>,
) -> Result<Json<ReviewOut>, Problem> {
    let to = body.to.as_deref().map(AccountId::named);
    take(&app, &caller, id, (ReviewAct::Assign(to), "to"), body.version).await
}

/// Marks a low rating as resolved, or as open again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettleBody {
    /// `false` to reopen it; it then waits again, unless it was replied to.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub settled: bool,
    /// What was done.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub note: String,
    /// The version of the review you read; `null` to skip the check.
    pub version: Option<i64>,
}

fn yes() -> bool {
    true
}

/// Marks a low rating as resolved
#[utoipa::path(
    post, path = "/v1/ratings/{rating_request}/settle", operation_id = "settleRating", tag = "reviews", request_body = SettleBody, security(("api_key" = ["reviews:write"])),
    params(("rating_request" = String, Path, description = "The rating request")),
    responses((status = 200, body = ReviewOut), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
pub async fn settle(
    caller: LineCaller<{ Scope::ReviewsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    PathId(id): PathId<RequestId>,
    Body(body): Body<SettleBody>,
) -> Result<Json<ReviewOut>, Problem> {
    let act = if body.settled { ReviewAct::Settle(body.note) } else { ReviewAct::Reopen };
    take(&app, &caller, id, (act, "note"), body.version).await
}

/// The version of the review that the caller read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewVersionBody {
    /// The version of the review you read; `null` to skip the check.
    pub version: Option<i64>,
}

/// Asks the client of a low rating again
///
/// Possible once per low rating, after a reply. Opt-outs, blocks, messaging windows and quiet hours apply; the limit of one
/// question per day does not. The answer is a separate rating linked to the first and counted in no score.
#[utoipa::path(
    post, path = "/v1/ratings/{rating_request}/ask-again", operation_id = "askClientAgain", tag = "reviews", request_body = ReviewVersionBody, security(("api_key" = ["reviews:write"])),
    params(("rating_request" = String, Path, description = "The rating request")),
    responses((status = 200, body = ReviewOut), (status = 404, body = Problem), (status = 409, body = Problem))
)]
pub async fn ask_again(
    caller: LineCaller<{ Scope::ReviewsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    PathId(id): PathId<RequestId>,
    Body(body): Body<ReviewVersionBody>,
) -> Result<Json<ReviewOut>, Problem> {
    take(&app, &caller, id, (ReviewAct::AskAgain, "version"), body.version).await
}
