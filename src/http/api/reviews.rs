//! Reviews: what people do about ratings. Programs do it in the name of their key.

pub mod objections;
pub mod replies;

use self::objections::ObjectionOut;
use self::replies::{ReplyOut, refused};
use super::ratings::RatingOut;
use super::request::page::{Page, limit};
use crate::api::openapi::words;
use crate::json::Body;
use crate::middleware::auth::LineCaller;
use crate::path::Path;
use crate::problem::{Problem, Thing};
use crate::query::Query;
use crate::state::AppState;
use crate::timestamp::{DayOrTime, Timestamp};
use axum::Json;
use axum::extract::State;
use lastword_domain::access::api_key::Scope;
use lastword_domain::access::rights::Lines;
use lastword_domain::answer::rating::Scale;
use lastword_life::review::ask_again::ask_once_more;
use lastword_life::review::view::{Look, look};
use lastword_life::review::{assign, resolve};
use lastword_store::answer::rating_edit::RatingEdit;
use lastword_store::question::rating_request;
use lastword_store::review::low::{self, Low, LowCursor, LowFilter, Order, Show};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// An edit of a rating by its client, after the minutes in which it may simply be changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct EditOut {
    /// The score that counted.
    pub before: i64,
    /// The score that the client gave.
    pub score: i64,
    /// `applied`, `held` (a lower score counts after three days) or `withdrawn`.
    pub state: String,
    /// When the client made it.
    pub made_at: Timestamp,
    /// When a held one counts.
    pub counts_at: Option<Timestamp>,
}

impl From<RatingEdit> for EditOut {
    fn from(edit: RatingEdit) -> Self {
        let (made_at, counts_at) = (Timestamp(edit.made_at), edit.due_at.map(Timestamp));
        Self { before: edit.before, score: edit.score, state: edit.state.as_str().to_owned(), made_at, counts_at }
    }
}

/// How the review of one rating stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewOut {
    /// The rating, as the client gave it.
    pub rating: RatingOut,
    /// When an admin voided it: it stays as it is, and leaves the adjusted score.
    pub voided_at: Option<Timestamp>,
    /// Whether it waits for somebody: low, not voided, without a reply, and not marked as resolved or acknowledged.
    pub waits: bool,
    /// One more with each act: send it as `seen` to be told when somebody else was faster.
    pub revision: i64,
    /// The account whose work it is.
    pub assigned_to: Option<String>,
    /// Their name.
    pub assigned_name: Option<String>,
    /// When it was marked as resolved.
    pub settled_at: Option<Timestamp>,
    /// By whom.
    pub settled_by: Option<String>,
    /// What was done.
    pub note: Option<String>,
    /// The reply, in all its versions.
    pub replies: Vec<ReplyOut>,
    /// Why a reply would not go to the client now; none where it would.
    pub not_sent: Option<&'static str>,
    /// Flags and appeals, oldest first.
    pub objections: Vec<ObjectionOut>,
    /// What the client edited later.
    pub edits: Vec<EditOut>,
    /// How often the client may still edit.
    pub edits_left: i64,
    /// The second rating request, after the client was asked once more.
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
            revision: review.revision,
            assigned_to: review.assigned_to,
            assigned_name: review.assigned_name,
            settled_at: review.settled_at.map(Timestamp),
            settled_by: review.settled_by,
            note: review.note,
            replies: look.replies.into_iter().map(ReplyOut::from).collect(),
            not_sent: look.way.err().map(|reason| reason.as_str()),
            objections: look.objections.into_iter().map(ObjectionOut::from).collect(),
            edits: look.edits.into_iter().map(EditOut::from).collect(),
            edits_left: look.edits_left,
            asked_again: review.asked_again,
            second_rating: look.second.and_then(|(request, rating)| Some(RatingOut::new(rating?, &request))),
        }
    }
}

/// Whether the rating is of these lines: what is of others is as if it were not there.
pub(super) async fn must_see(app: &AppState, lines: &Lines, id: &str) -> Result<(), Problem> {
    if *lines == Lines::All {
        return Ok(());
    }
    let request = rating_request::load(&app.engine.db, &[id]).await?.pop().filter(|request| lines.admit(&request.line_id));
    request.map(drop).ok_or_else(|| Problem::missing(Thing::Rating, id))
}

/// How it stands now, as an answer.
pub(super) async fn now_of(app: &AppState, id: &str) -> Result<Json<ReviewOut>, Problem> {
    let look = look(&app.engine, id, app.engine.now()).await?;
    look.map(|look| Json(look.into())).ok_or_else(|| Problem::missing(Thing::Rating, id))
}

/// How the review of a rating stands
#[utoipa::path(
    get, path = "/v1/ratings/{rating_request}/review", operation_id = "getReview", tag = "reviews", security(("api_key" = ["ratings:read"])),
    params(("rating_request" = String, Path, description = "The rating request")),
    responses((status = 200, body = ReviewOut), (status = 404, body = Problem))
)]
pub async fn one(
    caller: LineCaller<{ Scope::RatingsRead as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<Json<ReviewOut>, Problem> {
    must_see(&app, caller.lines(), &id).await?;
    now_of(&app, &id).await
}

/// A low rating in the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct LowOut {
    /// The rating request.
    pub rating_request: String,
    /// The line.
    pub line: String,
    /// The responsible operator.
    pub operator: Option<String>,
    /// The session.
    pub session: String,
    /// The client's name, where the desk told it.
    pub client_name: Option<String>,
    /// The scale.
    pub scale: Scale,
    /// The score.
    pub score: i64,
    /// What the client wrote.
    pub comment: Option<String>,
    /// When it was given.
    pub given_at: Timestamp,
    /// When somebody took care of it.
    pub worked_at: Option<Timestamp>,
    /// By when it is to be replied to, where its line had a deadline when it became low.
    pub reply_due_at: Option<Timestamp>,
    /// When somebody replied or marked it as resolved, where it has a deadline.
    pub reply_met_at: Option<Timestamp>,
    /// The account whose work it is.
    pub assigned_to: Option<String>,
}

impl From<Low> for LowOut {
    fn from(low: Low) -> Self {
        Self {
            rating_request: low.request_id,
            line: low.line_id,
            operator: low.operator_id,
            session: low.session_id,
            client_name: low.client_name,
            scale: low.scale,
            score: low.score,
            comment: low.comment,
            given_at: Timestamp(low.first_at),
            worked_at: low.worked_at.map(Timestamp),
            reply_due_at: low.due_at.map(Timestamp),
            reply_met_at: low.met_at.map(Timestamp),
            assigned_to: low.assigned_to,
        }
    }
}

/// Which low ratings a list shows.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct LowQuery {
    /// `due` (to be replied to by a deadline, due first), `waiting` (where nothing is said), `nobody` (waiting, and assigned to nobody),
    /// `all` or `done`.
    #[param(value_type = Option<words::LowRatingList>)]
    pub show: Option<String>,
    /// `newest` (where nothing is said) or `oldest` first. What is `due`, and what is `done`, has an order of its own.
    #[param(value_type = Option<words::LowRatingOrder>)]
    pub order: Option<String>,
    /// Of one line.
    pub line: Option<String>,
    /// Of one responsible operator.
    pub operator: Option<String>,
    /// With a reason of this code, chosen by the client or tagged by a keyword rule.
    pub reason: Option<String>,
    /// Given before this instant, or up to and including this day (such as `2026-09-30`) of the organisation's calendar.
    #[param(value_type = Option<String>)]
    pub given_until: Option<DayOrTime>,
    /// The `next` of the page before.
    pub cursor: Option<String>,
    /// How many items, 1 to 200; 50 where nothing is said.
    pub limit: Option<u32>,
}

/// Low ratings to work off, newest first, or due first
///
/// A page of a filter that leaves much out may have fewer items than `limit`, or none, and still a `next`.
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
    let after = query.cursor.as_deref().map(read_place).transpose()?;
    let filter = LowFilter {
        show,
        order,
        me: String::new(),
        line: query.line,
        operator: query.operator,
        reason: query.reason,
        until: query.given_until.map(|until| until.0.until(app.engine.db.zone())),
    };
    let found = low::page(&app.engine.db, caller.lines(), &filter, after.as_ref(), limit).await?;
    let (items, next) = (found.items.into_iter().map(LowOut::from).collect(), found.next.as_ref().map(write_place));
    Ok(Json(Page { items, next }))
}

/// A place in a list as a word of an address.
pub(crate) fn write_place((at, id): &LowCursor) -> String {
    format!("{at}.{id}")
}

/// Reads [`write_place`] back.
pub(crate) fn read_place(word: &str) -> Result<LowCursor, Problem> {
    let place = word.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned())));
    place.ok_or_else(|| {
        Problem::invalid_field("cursor", "This is not a cursor of this list.", "Send the `next` of the previous page unchanged.")
    })
}

/// Whose work a rating is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignBody {
    /// An account; none gives it to nobody.
    pub to: Option<String>,
    /// The revision that you looked at; none does not ask.
    pub seen: Option<i64>,
}

/// Give a rating to a person
#[utoipa::path(
    post, path = "/v1/ratings/{rating_request}/assign", operation_id = "assignRating", tag = "reviews", request_body = AssignBody, security(("api_key" = ["reviews:write"])),
    params(("rating_request" = String, Path, description = "The rating request")),
    responses((status = 200, body = ReviewOut), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
pub async fn assign(
    caller: LineCaller<{ Scope::ReviewsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
    Body(body): Body<AssignBody>,
) -> Result<Json<ReviewOut>, Problem> {
    must_see(&app, caller.lines(), &id).await?;
    let engine = &app.engine;
    let done = assign::assign(engine, &caller.by(), &id, body.to.as_deref(), body.seen, engine.now()).await?;
    done.map_err(|why| refused(why, &id, "to"))?;
    now_of(&app, &id).await
}

/// What was done about a low rating.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettleBody {
    /// `false`: it waits again, unless it was replied to.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub settled: bool,
    /// What was done.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub note: String,
    /// The revision that you looked at; none does not ask.
    pub seen: Option<i64>,
}

fn yes() -> bool {
    true
}

/// Mark a low rating as resolved
#[utoipa::path(
    post, path = "/v1/ratings/{rating_request}/settle", operation_id = "settleRating", tag = "reviews", request_body = SettleBody, security(("api_key" = ["reviews:write"])),
    params(("rating_request" = String, Path, description = "The rating request")),
    responses((status = 200, body = ReviewOut), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
pub async fn settle(
    caller: LineCaller<{ Scope::ReviewsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
    Body(body): Body<SettleBody>,
) -> Result<Json<ReviewOut>, Problem> {
    must_see(&app, caller.lines(), &id).await?;
    let engine = &app.engine;
    let done = resolve::settle(engine, &caller.by(), &id, body.settled, &body.note, body.seen, engine.now()).await?;
    done.map_err(|why| refused(why, &id, "note"))?;
    now_of(&app, &id).await
}

/// Which picture the caller has.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeenBody {
    /// The revision that you looked at; none does not ask.
    pub seen: Option<i64>,
}

/// Ask the client of a low rating once more
///
/// Once for each low rating, after a reply. Opting out, blocking, windows and quiet hours hold it; the limit of one question
/// a day does not. The answer is a rating of its own, linked to the first; no score counts it.
#[utoipa::path(
    post, path = "/v1/ratings/{rating_request}/ask-again", operation_id = "askClientAgain", tag = "reviews", request_body = SeenBody, security(("api_key" = ["reviews:write"])),
    params(("rating_request" = String, Path, description = "The rating request")),
    responses((status = 200, body = ReviewOut), (status = 404, body = Problem), (status = 409, body = Problem))
)]
pub async fn ask_again(
    caller: LineCaller<{ Scope::ReviewsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
    Body(body): Body<SeenBody>,
) -> Result<Json<ReviewOut>, Problem> {
    must_see(&app, caller.lines(), &id).await?;
    let done = ask_once_more(&app.engine, &caller.by(), &id, body.seen, app.engine.now()).await?;
    done.map_err(|why| refused(why, &id, "seen"))?;
    now_of(&app, &id).await
}
