//! Ratings given by clients.

use super::reports::query::known_line;
use super::request::page::{Page, cursor, limit};
use crate::auth::LineCaller;
use crate::locale::language::Language;
use crate::path::PathId;
use crate::problem::{Problem, Thing};
use crate::query::{RepeatedQuery, Repeats};
use crate::state::AppState;
use crate::timestamp::Timestamp;
use axum::Json;
use axum::extract::State;
use lastword_base::names::{ConnectionId, RequestId};
use lastword_domain::access::api_key::Scope;
use lastword_domain::access::rights::Lines;
use lastword_domain::answer::rating::{Grade, Scale};
use lastword_domain::answer::reason::Reason;
use lastword_domain::report::rating_filter::{self, Filter};
use lastword_domain::session::label::Fields;
use lastword_domain::session::{ClosedBy, HandledBy, Operator};
use lastword_store::answer::rating::{self, Rating};
use lastword_store::answer::{self, AnswerEvent, signal};
use lastword_store::question::rating_request::{self, RatingRequest};
use lastword_store::report::rating_list::{self, RatingCursor};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// The current rating of a rating request.
#[derive(Debug, Serialize, ToSchema)]
pub struct RatingOut {
    /// ID of the rating request it answers, also the ID of the rating.
    pub rating_request: String,
    /// Source of the session.
    pub source: String,
    /// Your ID of the session.
    pub session: String,
    /// The line at the close.
    pub line: String,
    /// The responsible operator at the close.
    pub operator: Option<String>,
    /// Kind of channel.
    pub channel: Option<String>,
    /// `binary` (0 or 1) or `five_star` (1 to 5).
    pub scale: Scale,
    /// The score.
    pub score: i64,
    /// True if the score was low by the line's rule at the time of the answer.
    pub low: bool,
    /// Text written by the client.
    pub comment: Option<String>,
    /// Reasons chosen by the client, each with its code and its wording at that time.
    pub reasons: Vec<Reason>,
    /// Codes that keyword rules of the line assigned to the comment, separate from the reasons chosen by the client. `null`
    /// if there is no comment, or no rules existed when it arrived.
    pub tags: Option<Vec<String>>,
    /// True if the issue was resolved, according to the client.
    pub resolved: Option<bool>,
    /// Increases by one with each change.
    pub revision: i64,
    /// Time of the close.
    pub closed_at: Timestamp,
    /// Time the first score arrived.
    pub rated_at: Timestamp,
    /// Time of the last change.
    pub changed_at: Timestamp,
}

impl RatingOut {
    /// Combines the rating with the request it answers.
    pub(super) fn new(rating: Rating, request: &RatingRequest) -> Self {
        Self {
            rating_request: rating.request_id.to_string(),
            source: request.source.to_string(),
            session: request.session_id.to_string(),
            line: rating.line_id.into(),
            operator: rating.operator_id.map(String::from),
            channel: rating.channel,
            scale: rating.scale,
            score: rating.score,
            low: rating.low == 1,
            comment: rating.comment,
            reasons: rating.reasons,
            tags: rating.tags,
            resolved: rating.resolved.map(|resolved| resolved == 1),
            revision: rating.revision,
            closed_at: Timestamp(rating.closed_at),
            rated_at: Timestamp(rating.rated_at),
            changed_at: Timestamp(rating.changed_at),
        }
    }
}

/// The question about one close of a session, with the facts as of the close.
#[derive(Debug, Serialize, ToSchema)]
pub struct RatingRequestOut {
    /// ID of the rating request.
    pub id: String,
    /// Source of the session.
    pub source: String,
    /// ID of the session.
    pub session: String,
    /// Number of the close within the session, starting at 1.
    pub close: i64,
    /// For a follow-up question about a low rating: the rating request of that rating. Reports do not count it.
    pub asked_again_about: Option<String>,
    /// ID of the line.
    pub line: String,
    /// Version of the line's settings used.
    pub line_version: i64,
    /// Scale of the question.
    pub scale: Scale,
    /// Who handled the session, as of the close.
    pub handled_by: HandledBy,
    /// Labels of the session, as of the close.
    pub labels: Vec<String>,
    /// Values of its fields, as of the close.
    pub fields: Fields,
    /// The connection; `null` if unknown.
    pub connection: Option<String>,
    /// Kind of channel.
    pub channel: Option<String>,
    /// ID of the responsible operator.
    pub operator: Option<String>,
    /// All operators who wrote.
    pub operators: Vec<Operator>,
    /// Who closed the session.
    pub closed_by: String,
    /// Time the session was opened.
    pub opened_at: Option<Timestamp>,
    /// Time of the close.
    pub closed_at: Timestamp,
    /// How the question reaches the client: `in_time`, `early` (before the messaging window closes or quiet hours begin),
    /// `template` (outside the window) or `fallback` (through another channel); `null` if the client is not asked.
    pub way: Option<String>,
    /// Connection through which the client is asked.
    pub asked_through: Option<String>,
    /// Time the question is or was sent; `null` if the client is not asked.
    pub due_at: Option<Timestamp>,
    /// Time after which an answer is late.
    pub expires_at: Option<Timestamp>,
    /// `answered`, `expired`, `not_asked`, `canceled`, `unreachable` or `unsure`; `null` while it is open.
    pub outcome: Option<String>,
    /// Reason for the outcome.
    pub reason: Option<String>,
    /// Time since which answers by link wait for a confirming tap, because a program may have sent them; `null` once an answer counts.
    pub held_at: Option<Timestamp>,
    /// The closer's reason for asking or not asking.
    pub ask_reason: Option<String>,
    /// URL of the chat at the desk.
    pub link: Option<String>,
    /// Time of the outcome.
    pub decided_at: Option<Timestamp>,
    /// The rating, if the request was answered.
    pub rating: Option<RatingOut>,
}

impl RatingRequestOut {
    pub(super) fn new(request: RatingRequest, rating: Option<Rating>) -> Self {
        let (ask_reason, asked_through) = (request.wish_reason.clone(), request.asked_through().map(ConnectionId::to_string));
        Self {
            held_at: request.held_at.filter(|_| rating.is_none()).map(Timestamp),
            rating: rating.map(|rating| RatingOut::new(rating, &request)),
            ask_reason,
            id: request.id.to_string(),
            source: request.source.into(),
            session: request.session_id.into(),
            close: request.epoch,
            asked_again_about: request.again_of.map(|id| id.to_string()),
            line: request.line_id.into(),
            line_version: request.line_version,
            scale: request.scale,
            handled_by: request.handled_by,
            labels: request.labels,
            fields: request.fields,
            connection: request.connection.map(String::from),
            channel: request.channel,
            operator: request.operator_id.map(String::from),
            operators: request.operators.clone(),
            closed_by: request.closed_by.map_or("open", ClosedBy::as_str).to_owned(),
            opened_at: request.opened_at.map(Timestamp),
            closed_at: Timestamp(request.closed_at),
            way: request.way.map(|way| way.to_string()),
            asked_through,
            due_at: request.due_at.map(Timestamp),
            expires_at: request.expires_at.map(Timestamp),
            outcome: request.outcome.map(|outcome| outcome.to_string()),
            reason: request.reason,
            link: request.desk_page,
            decided_at: request.decided_at.map(Timestamp),
        }
    }
}

/// One action of the client on a rating request.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnswerOut {
    /// Time it was received.
    pub at: Timestamp,
    /// `score`, `reason`, `resolved` or `comment`.
    pub kind: String,
    /// Its value.
    pub value: String,
    /// How it was treated: `counted`, `changed`, `late`, `foreign`, `unconfirmed` (by link, on hold until a confirming tap) …
    pub disposition: String,
}

impl From<AnswerEvent> for AnswerOut {
    fn from(event: AnswerEvent) -> Self {
        let (kind, disposition) = (event.kind.as_str().to_owned(), event.disposition.as_str().to_owned());
        Self { at: Timestamp(event.received_at), kind, value: event.value, disposition }
    }
}

/// A rating with the answers that led to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RatingWithAnswers {
    /// The rating request, which contains the rating.
    pub rating_request: RatingRequestOut,
    /// All actions of the client, in order of arrival.
    pub answers: Vec<AnswerOut>,
    /// Signs that an answer by link came from a program that opens links, for a person to judge: `too_soon` (before the
    /// message could have been read), `every_score` (every score within seconds), `unopened` (no browser had opened the
    /// form), `outweighed` (it contradicts an answer with stronger evidence of a person). The last two wait for a
    /// confirming tap.
    pub signals: Vec<String>,
}

/// Filter and page of the list; the same filters as on the page of ratings.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RatingsQuery {
    /// Only these lines. Can be repeated to match any of several, like operator, channel, score, chosen and tagged.
    pub line: Option<Vec<String>>,
    /// Only closes credited to one of these operators; `-` for closes credited to none.
    pub operator: Option<Vec<String>>,
    /// Only these kinds of channels, such as `telegram`; `-` for unknown.
    pub channel: Option<Vec<String>>,
    /// `true`: only low ratings.
    pub low: Option<bool>,
    /// `binary` or `five_star`.
    #[param(value_type = Option<Scale>)]
    pub scale: Option<String>,
    /// Who handled the session: `human` (only people), `program` (only programs), `both`, or `nobody` (unknown).
    #[param(value_type = Option<HandledBy>)]
    pub handled_by: Option<String>,
    /// Only sessions with this label (`vip`) or with this value of a field (`topic:refund`; `topic` for any value).
    pub label: Option<String>,
    /// 0 to 5.
    pub score: Option<Vec<String>>,
    /// `good`, `neutral` or `bad`.
    #[param(value_type = Option<Grade>)]
    pub grade: Option<String>,
    /// `true`: only if the issue was resolved, according to the client; `false`: only if it was not.
    pub resolved: Option<bool>,
    /// `true`: only ratings excluded from the score by an admin; `false`: only the others.
    pub voided: Option<bool>,
    /// `true`: only closes that a supervisor scored too.
    pub supervised: Option<bool>,
    /// Only closes in this hour of the week in the organisation's time zone: `1-14` is Monday from 14:00.
    pub hour: Option<String>,
    /// `true`: only ratings with a comment.
    pub commented: Option<bool>,
    /// `true`: only ratings that wait for a reply.
    pub unanswered: Option<bool>,
    /// Only with one of these reasons, chosen by the client: codes, such as `slow`; `*` for any, `-` for none.
    pub chosen: Option<Vec<String>>,
    /// Only with one of these reasons, assigned by keyword rules: codes; `*` for any, `-` if the rules found none.
    pub tagged: Option<Vec<String>>,
    /// Words in the comment: all must match, the last one as a prefix.
    pub q: Option<String>,
    /// Closed at or after this time, or on or after this day (such as `2026-09-30`) in the organisation's time zone.
    #[param(value_type = Option<String>)]
    pub from: Option<String>,
    /// Closed before this time, or up to and including this day.
    #[param(value_type = Option<String>)]
    pub until: Option<String>,
    /// `next` of the previous page.
    pub cursor: Option<String>,
    /// Maximum number of items, 1 to 200; default 50.
    pub limit: Option<u32>,
}

/// Lists ratings, newest close first
///
/// A page can have fewer items than `limit`, even none, and still have a `next`: few ratings match the filter, and the next
/// page continues the search.
#[utoipa::path(
    get, path = "/v1/ratings", operation_id = "listRatings", tag = "ratings", params(RatingsQuery), security(("api_key" = ["ratings:read"])),
    responses((status = 200, body = Page<RatingOut>))
)]
pub async fn list(
    caller: LineCaller<{ Scope::RatingsRead as u8 }>,
    State(app): State<Arc<AppState>>,
    RepeatedQuery(query): RepeatedQuery<RatingsQuery>,
) -> Result<Json<Page<RatingOut>>, Problem> {
    let (limit, db) = (limit(query.limit)?, &app.engine.db);
    let filter = filter(&app, |name| query.values(name)).await?;
    let filter = Filter { grade: filter.grade.or((query.low == Some(true)).then_some(Grade::Bad)), ..filter };
    let after = cursor(query.cursor.as_deref(), RatingCursor::parse)?;
    let found = rating_list::page(db, &filter, caller.lines(), after.as_ref(), limit).await?;
    let items = found.items.into_iter().filter_map(|item| Some(RatingOut::new(item.rating?, &item.request))).collect();
    Ok(Json(Page { items, next: found.next.map(|place| place.cursor()) }))
}

/// Parses the filter of a query. `from` and `until` may be times instead of days.
pub(super) async fn filter<'q>(app: &AppState, values: impl Fn(&str) -> Vec<&'q str>) -> Result<Filter, Problem> {
    let moment = |name: &str| values(name).first().and_then(|text| Timestamp::parse(text).ok()).map(|at| at.0);
    let (from, until) = (moment("from"), moment("until"));
    let days = |name: &str| match name {
        "from" if from.is_some() => Vec::new(),
        "until" if until.is_some() => Vec::new(),
        name => values(name),
    };
    let (filter, wrong) = rating_filter::read(days, app.engine.db.zone());
    if let Some((name, why)) = wrong.first() {
        let detail = format!("{name} is not valid: {}", Language::En.text(why.key(), &[]));
        return Err(Problem::invalid_field(name, detail, "Look at the description of this call, at /docs."));
    }
    for line in &filter.lines {
        known_line(app, Some(line.as_str())).await?;
    }
    let (from, until) = (from.or(filter.from), until.or(filter.until));
    if from.zip(until).is_some_and(|(from, until)| from >= until) {
        let detail = "until is not after from, so there is nothing between them.";
        return Err(Problem::invalid_field("until", detail, "Send a later until, or leave it out."));
    }
    Ok(Filter { from, until, ..filter })
}

impl Repeats for RatingsQuery {
    const NAMES: &'static [&'static str] = &["line", "operator", "channel", "score", "chosen", "tagged"];

    fn add(&mut self, name: &str, value: String) {
        let values = match name {
            "line" => &mut self.line,
            "operator" => &mut self.operator,
            "channel" => &mut self.channel,
            "score" => &mut self.score,
            "chosen" => &mut self.chosen,
            _ => &mut self.tagged,
        };
        values.get_or_insert_default().push(value);
    }
}

impl RatingsQuery {
    /// The values of a parameter by name.
    fn values(&self, name: &str) -> Vec<&str> {
        let value = match name {
            "line" => return all(self.line.as_deref()),
            "operator" => return all(self.operator.as_deref()),
            "channel" => return all(self.channel.as_deref()),
            "score" => return all(self.score.as_deref()),
            "chosen" => return all(self.chosen.as_deref()),
            "tagged" => return all(self.tagged.as_deref()),
            "resolved" => return self.resolved.map(yes_or_no).into_iter().collect(),
            "voided" => return self.voided.map(yes_or_no).into_iter().collect(),
            "supervised" => return ticked(self.supervised),
            "commented" => return ticked(self.commented),
            "unanswered" => return ticked(self.unanswered),
            "from" => &self.from,
            "until" => &self.until,
            "scale" => &self.scale,
            "handled_by" => &self.handled_by,
            "label" => &self.label,
            "grade" => &self.grade,
            "hour" => &self.hour,
            "q" => &self.q,
            _ => return Vec::new(),
        };
        value.as_deref().into_iter().collect()
    }
}

/// A boolean as the filter of the pages has it.
fn yes_or_no(is: bool) -> &'static str {
    if is { "yes" } else { "no" }
}

/// A condition that can only be added, as the filter of the pages has it.
fn ticked(is: Option<bool>) -> Vec<&'static str> {
    if is == Some(true) { vec!["1"] } else { Vec::new() }
}

/// All values of a repeatable parameter.
pub(super) fn all(values: Option<&[String]>) -> Vec<&str> {
    values.into_iter().flatten().map(String::as_str).collect()
}

/// Gets a rating with the answers that led to it
#[utoipa::path(
    get, path = "/v1/ratings/{rating_request}", operation_id = "getRating", tag = "ratings", security(("api_key" = ["ratings:read"])),
    params(("rating_request" = String, Path, description = "The rating request that it answers")),
    responses((status = 200, body = RatingWithAnswers), (status = 404, body = Problem))
)]
pub async fn one(
    caller: LineCaller<{ Scope::RatingsRead as u8 }>,
    State(app): State<Arc<AppState>>,
    PathId(id): PathId<RequestId>,
) -> Result<Json<RatingWithAnswers>, Problem> {
    let (request, rating) = find(&app, caller.lines(), id).await?;
    let Some(rating) = rating else { return Err(Problem::missing(Thing::Rating, id)) };
    let answers = answer::about(&app.engine.db, &[id]).await?.into_iter().map(AnswerOut::from).collect();
    let signals = signal::about(&app.engine.db, &[id]).await?.into_iter().map(|signal| signal.kind.as_str().to_owned()).collect();
    Ok(Json(RatingWithAnswers { rating_request: RatingRequestOut::new(request, Some(rating)), answers, signals }))
}

/// Finds a rating request of these lines and its rating.
pub(super) async fn find(app: &AppState, lines: &Lines, id: RequestId) -> Result<(RatingRequest, Option<Rating>), Problem> {
    let request = rating_request::load(&app.engine.db, &[id])
        .await?
        .pop()
        .filter(|request| lines.admit(&request.line_id))
        .ok_or_else(|| Problem::missing(Thing::RatingRequest, id))?;
    let rating = rating::of_requests(&app.engine.db, &[id]).await?.remove(&id);
    Ok((request, rating))
}

/// The ratings of these requests, by request ID.
pub(in crate::api) async fn ratings_of(app: &AppState, requests: &[RatingRequest]) -> Result<HashMap<RequestId, Rating>, Problem> {
    let ids: Vec<RequestId> = requests.iter().map(|request| request.id).collect();
    Ok(rating::of_requests(&app.engine.db, &ids).await?)
}
