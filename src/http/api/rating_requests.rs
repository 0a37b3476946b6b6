//! Rating requests: how each close ended.

use super::ratings::{RatingRequestOut, all, filter, find};
use super::request::fields::word_or_none;
use super::request::page::{Page, cursor, limit};
use crate::api::openapi::words;
use crate::auth::{Caller, LineCaller};
use crate::json::Body;
use crate::path::PathId;
use crate::problem::{Code, Problem, Thing};
use crate::query::{RepeatedQuery, Repeats};
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use lastword_base::names::RequestId;
use lastword_domain::access::api_key::Scope;
use lastword_domain::answer::rating::Scale;
use lastword_domain::session::HandledBy;
use lastword_life::asking::by_hand::{AskedByHand, ask_by_hand};
use lastword_store::report::rating_list::{self, RatingCursor};
use serde::Deserialize;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Filter and page of the list: the filters of `GET /v1/ratings`, and the outcome.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RatingRequestsQuery {
    /// Only this outcome: `answered`, `expired`, `not_asked`, `canceled`, `unreachable` or `unsure`; `open` for requests without one.
    #[param(value_type = Option<words::OutcomeFilter>)]
    pub outcome: Option<String>,
    /// Only requests that ended for this reason, such as `line_off`. Can be repeated to match any of several, like line,
    /// operator and channel.
    pub reason: Option<Vec<String>>,
    /// Only these lines.
    pub line: Option<Vec<String>>,
    /// Only closes credited to one of these operators; `-` for closes credited to none.
    pub operator: Option<Vec<String>>,
    /// Only these kinds of channels, such as `telegram`; `-` for unknown.
    pub channel: Option<Vec<String>>,
    /// `binary` or `five_star`.
    #[param(value_type = Option<Scale>)]
    pub scale: Option<String>,
    /// Who handled the session: `human` (only people), `program` (only programs), `both`, or `nobody` (unknown).
    #[param(value_type = Option<HandledBy>)]
    pub handled_by: Option<String>,
    /// Only sessions with this label (`vip`) or with this value of a field (`topic:refund`; `topic` for any value).
    pub label: Option<String>,
    /// Closed at or after this time, or on or after this day (such as `2026-09-30`) in the organisation's time zone.
    pub from: Option<String>,
    /// Closed before this time, or up to and including this day.
    pub until: Option<String>,
    /// `next` of the previous page.
    pub cursor: Option<String>,
    /// Maximum number of items, 1 to 200; default 50.
    pub limit: Option<u32>,
}

impl Repeats for RatingRequestsQuery {
    const NAMES: &'static [&'static str] = &["reason", "line", "operator", "channel"];

    fn add(&mut self, name: &str, value: String) {
        let values = match name {
            "reason" => &mut self.reason,
            "line" => &mut self.line,
            "operator" => &mut self.operator,
            _ => &mut self.channel,
        };
        values.get_or_insert_default().push(value);
    }
}

impl RatingRequestsQuery {
    /// The values of a parameter by name. Without `outcome`, requests of any outcome are listed.
    fn values(&self, name: &str) -> Vec<&str> {
        let value = match name {
            "reason" => return all(self.reason.as_deref()),
            "line" => return all(self.line.as_deref()),
            "operator" => return all(self.operator.as_deref()),
            "channel" => return all(self.channel.as_deref()),
            "outcome" => return vec![self.outcome.as_deref().unwrap_or("all")],
            "scale" => &self.scale,
            "handled_by" => &self.handled_by,
            "label" => &self.label,
            "from" => &self.from,
            "until" => &self.until,
            _ => return Vec::new(),
        };
        value.as_deref().into_iter().collect()
    }
}

/// Lists rating requests, newest close first
///
/// Every close has one, and each ends in exactly one outcome. Follow-up questions about a low rating belong to no close and
/// are not listed; get them by ID. A page can have fewer items than `limit`, even none, and still have a `next`: few
/// requests match the filter, and the next page continues the search.
#[utoipa::path(
    get, path = "/v1/rating-requests", operation_id = "listRatingRequests", tag = "ratings", params(RatingRequestsQuery), security(("api_key" = ["ratings:read"])),
    responses((status = 200, body = Page<RatingRequestOut>))
)]
pub async fn list(
    caller: LineCaller<{ Scope::RatingsRead as u8 }>,
    State(app): State<Arc<AppState>>,
    RepeatedQuery(query): RepeatedQuery<RatingRequestsQuery>,
) -> Result<Json<Page<RatingRequestOut>>, Problem> {
    let limit = limit(query.limit)?;
    let filter = filter(&app, |name| query.values(name)).await?;
    let after = cursor(query.cursor.as_deref(), RatingCursor::parse)?;
    let found = rating_list::page(&app.engine.db, &filter, caller.lines(), after.as_ref(), limit).await?;
    let items = found.items.into_iter().map(|item| RatingRequestOut::new(item.request, item.rating)).collect();
    Ok(Json(Page { items, next: found.next.map(|place| place.cursor()) }))
}

/// Gets a rating request
#[utoipa::path(
    get, path = "/v1/rating-requests/{id}", operation_id = "getRatingRequest", tag = "ratings", security(("api_key" = ["ratings:read"])),
    params(("id" = String, Path, description = "The rating request")),
    responses((status = 200, body = RatingRequestOut), (status = 404, body = Problem))
)]
pub async fn one(
    caller: LineCaller<{ Scope::RatingsRead as u8 }>,
    State(app): State<Arc<AppState>>,
    PathId(id): PathId<RequestId>,
) -> Result<Json<RatingRequestOut>, Problem> {
    let (request, rating) = find(&app, caller.lines(), id).await?;
    Ok(Json(RatingRequestOut::new(request, rating)))
}

/// Request to ask a client by hand.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskByHandBody {
    /// Reason, up to 200 characters.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Asks a client who was not asked about a close
///
/// Applies to rating requests that ended as `not_asked`. Overrides the line's preferences. Opt-outs, blocks, messaging
/// windows and the limit of questions per client still apply, and no client is asked twice.
#[utoipa::path(
    post, path = "/v1/rating-requests/{id}/ask", operation_id = "askByHand", tag = "ratings", request_body = AskByHandBody, security(("api_key" = ["reviews:write"])),
    params(("id" = String, Path, description = "The rating request")),
    responses(
        (status = 200, description = "The client is asked; the current rating request", body = RatingRequestOut),
        (status = 404, description = "No such rating request", body = Problem),
        (status = 409, description = "The client is not asked; `detail` says why. Nothing was changed", body = Problem),
    )
)]
pub async fn ask(
    caller: Caller<{ Scope::ReviewsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    PathId(id): PathId<RequestId>,
    Body(body): Body<AskByHandBody>,
) -> Result<Json<RatingRequestOut>, Problem> {
    let engine = &app.engine;
    let why = word_or_none("reason", body.reason)?.unwrap_or_default();
    match ask_by_hand(engine, &caller.by(), id, &why, engine.now()).await? {
        AskedByHand::Asked(request) => Ok(Json(RatingRequestOut::new(*request, None))),
        AskedByHand::Unknown => Err(Problem::missing(Thing::RatingRequest, id)),
        AskedByHand::Not(reason) => Err(not_asked(reason.as_str())),
    }
}

/// The problem for a client who is not asked, with the reason.
pub(in crate::api) fn not_asked(reason: &str) -> Problem {
    let detail = format!("The client is not asked: {}.", reason.replace('_', " "));
    Problem::new(Code::Conflict, detail).remedy(format!("The reason is {reason}. Look at the session's story, and at the line's settings."))
}
