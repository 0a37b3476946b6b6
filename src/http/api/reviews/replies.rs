//! Replies to ratings, and reply templates.

use super::{ReviewOut, take};
use crate::api::reports::query::known_line;
use crate::api::request::created::Created;
use crate::api::request::fields::word_or_none;
use crate::auth::LineCaller;
use crate::json::Body;
use crate::path::{Path, PathId};
use crate::problem::{Code, Problem, Thing};
use crate::state::AppState;
use crate::timestamp::Timestamp;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use lastword_base::names::{LineId, RequestId};
use lastword_domain::access::api_key::Scope;
use lastword_domain::access::rights::Lines;
use lastword_domain::line::macros::REPLIED;
use lastword_domain::review::BadText;
use lastword_life::review::Refused;
use lastword_life::review::act::ReviewAct;
use lastword_life::review::change_template::{self, Changed, Wanted};
use lastword_store::question::delivery::Delivery;
use lastword_store::review::reply::{self, Reply, Template};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use utoipa::ToSchema;

/// A version of the reply to a rating.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReplyOut {
    /// Version number, starting at 1.
    pub version: i64,
    /// Text of the reply.
    pub text: String,
    /// Author.
    pub by: String,
    /// Time it was written.
    pub written_at: Timestamp,
    /// ID of the delivery that carries it.
    pub delivery: Option<String>,
    /// State of the delivery: `scheduled`, `sent`, `delivered`, `unknown` …
    pub state: Option<String>,
    /// Reason why it is not sent to the client: `window_shut`, `blocked`, `no_address`, `no_connection`, `keeps_first` (the
    /// client has the first text and the channel cannot replace it) or `unsure` (it is unknown whether the first text
    /// arrived).
    pub not_sent: Option<String>,
}

impl From<(Reply, Option<Delivery>)> for ReplyOut {
    fn from((reply, delivery): (Reply, Option<Delivery>)) -> Self {
        Self {
            version: reply.version,
            text: reply.text,
            by: reply.by_name,
            written_at: Timestamp(reply.written_at),
            delivery: reply.delivery_id.map(|id| id.to_string()),
            state: delivery.map(|delivery| delivery.state.to_string()),
            not_sent: reply.not_sent,
        }
    }
}

/// The problem for a refused action on the rating `id`. `field` names the field that held the text.
pub(crate) fn refused(why: Refused, id: RequestId, field: &str) -> Problem {
    let conflict = |detail: &str| Problem::new(Code::Conflict, detail.to_owned());
    match why {
        Refused::Unknown => Problem::missing(Thing::Rating, id),
        Refused::Outdated(now) => conflict("Somebody else did something about this rating since you looked at it; nothing was changed.")
            .field("version")
            .remedy("Read the review again and send its current version.")
            .present(&json!({ "version": now.revision, "replied_at": now.replied_at.map(Timestamp), "settled_by": now.settled_by })),
        Refused::Text(bad) => bad_text(field, bad),
        Refused::TooLongForChannel(max) => Problem::invalid_field(
            field,
            format!("The client's channel takes at most {max} characters."),
            "Write a shorter text: a reply is never cut short.",
        ),
        Refused::Already => conflict("The same waits for a judgement already, or was upheld."),
        Refused::NothingToJudge => conflict("There is nothing to judge: it was judged, or never raised."),
        Refused::NoSuchPerson => Problem::invalid_field(
            field,
            "There is no such account with access to the ratings of this line.",
            "Name the id of an admin, or of a supervisor of this line.",
        ),
        Refused::NotAgain(reason) => conflict(&format!("The client is not asked once more: {}.", reason.as_str()))
            .remedy("Once for each low rating, after a reply, where the client can be asked at all."),
    }
}

fn bad_text(field: &str, bad: BadText) -> Problem {
    let (detail, remedy) = match bad {
        BadText::Empty => (format!("{field} is empty."), "Say something.".to_owned()),
        BadText::TooLong(max) => (format!("{field} is too long."), format!("Write at most {max} characters.")),
    };
    Problem::invalid_field(field, detail, remedy)
}

/// A reply.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyBody {
    /// Text for the client, at most 2,000 characters.
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
    /// The version of the review you read; `null` to skip the check.
    pub version: Option<i64>,
}

/// Replies to a rating, or edits the reply
///
/// A rating has one reply. It is sent to the client if the messaging window is open; otherwise `not_sent` gives the reason.
/// An edit replaces the text that the client has, if the channel supports it, and is never sent as a second message.
#[utoipa::path(
    put, path = "/v1/ratings/{rating_request}/reply", operation_id = "replyToRating", tag = "reviews", request_body = ReplyBody, security(("api_key" = ["reviews:write"])),
    params(("rating_request" = String, Path, description = "The rating request")),
    responses((status = 200, body = ReviewOut), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
pub async fn put(
    caller: LineCaller<{ Scope::ReviewsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    PathId(id): PathId<RequestId>,
    Body(body): Body<ReplyBody>,
) -> Result<Json<ReviewOut>, Problem> {
    take(&app, &caller, id, (ReviewAct::Reply(body.text), "text"), body.version).await
}

/// A reply template.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReplyTemplate)]
pub struct TemplateOut {
    /// ID of the template.
    pub id: String,
    /// The line it is for; `null` for all lines.
    pub line: Option<String>,
    /// Name of the template.
    pub name: String,
    /// The text, with the macros `#CLIENT#`, `#OPERATOR#`, `#LINE#`, `#ORGANISATION#` and `#SCORE#`.
    pub text: String,
    /// Time of the last change.
    pub updated_at: Timestamp,
    /// Who changed it last.
    pub updated_by: String,
}

impl From<Template> for TemplateOut {
    fn from(template: Template) -> Self {
        Self {
            id: template.id,
            line: template.line_id.map(String::from),
            name: template.name,
            text: template.text,
            updated_at: Timestamp(template.updated_at),
            updated_by: template.updated_by,
        }
    }
}

/// All reply templates.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReplyTemplates)]
pub struct TemplatesOut {
    /// The templates, by name.
    pub items: Vec<TemplateOut>,
}

/// Lists reply templates, by name
#[utoipa::path(
    get, path = "/v1/reply-templates", operation_id = "listReplyTemplates", tag = "reviews", security(("api_key" = ["ratings:read"])),
    responses((status = 200, body = TemplatesOut))
)]
pub async fn list_templates(
    caller: LineCaller<{ Scope::RatingsRead as u8 }>,
    State(app): State<Arc<AppState>>,
) -> Result<Json<TemplatesOut>, Problem> {
    let found = reply::templates(&app.engine.db, caller.lines()).await?;
    Ok(Json(TemplatesOut { items: found.into_iter().map(TemplateOut::from).collect() }))
}

/// A reply template to create or change.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ReplyTemplateBody)]
#[serde(deny_unknown_fields)]
pub struct TemplateBody {
    /// The line it is for; `null` for all lines.
    pub line: Option<String>,
    /// Name, at most 80 characters.
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// The text, at most 2,000 characters, with macros.
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
}

async fn save(
    app: &AppState,
    by: &lastword_domain::access::audit::By,
    lines: &Lines,
    id: Option<String>,
    body: TemplateBody,
) -> Result<Json<TemplateOut>, Problem> {
    let line_id = word_or_none("line", body.line)?;
    if let Some(line) = line_id.as_deref().filter(|line| !lines.admit(&LineId::from(*line))) {
        return Err(Problem::other_line("line", line));
    }
    known_line(app, line_id.as_deref()).await?;
    let named = id.clone().unwrap_or_default();
    let wanted = Wanted { id, line_id: line_id.map(LineId::from), name: body.name, text: body.text, seen: None };
    match change_template::save(&app.engine, by, lines, wanted, app.engine.now()).await? {
        Changed::Done(template) | Changed::Outdated(template) => Ok(Json(template.into())),
        Changed::Unknown => Err(Problem::missing(Thing::ReplyTemplate, &named)),
        Changed::BadName(bad) => Err(bad_text("name", bad)),
        Changed::BadText(bad) => Err(bad_text("text", bad)),
        Changed::UnknownMacro(name) => {
            let remedy = format!("Write {}, or the words themselves.", REPLIED.join(", "));
            Err(Problem::invalid_field("text", format!("There is no macro {name}."), remedy))
        }
    }
}

/// Creates a reply template
#[utoipa::path(
    post, path = "/v1/reply-templates", operation_id = "createReplyTemplate", tag = "reviews", request_body = TemplateBody, security(("api_key" = ["reviews:write"])),
    responses((status = 201, description = "Created", body = TemplateOut, headers(("Location" = String, description = "Path of the new object."))), (status = 422, body = Problem))
)]
pub async fn add_template(
    caller: LineCaller<{ Scope::ReviewsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Body(body): Body<TemplateBody>,
) -> Result<Created<TemplateOut>, Problem> {
    let Json(template) = save(&app, &caller.by(), caller.lines(), None, body).await?;
    Ok(Created(format!("/v1/reply-templates/{}", template.id), template))
}

/// Changes a reply template
#[utoipa::path(
    put, path = "/v1/reply-templates/{id}", operation_id = "updateReplyTemplate", tag = "reviews", request_body = TemplateBody, security(("api_key" = ["reviews:write"])),
    params(("id" = String, Path, description = "The template")),
    responses((status = 200, body = TemplateOut), (status = 404, body = Problem), (status = 422, body = Problem))
)]
pub async fn put_template(
    caller: LineCaller<{ Scope::ReviewsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
    Body(body): Body<TemplateBody>,
) -> Result<Json<TemplateOut>, Problem> {
    save(&app, &caller.by(), caller.lines(), Some(id), body).await
}

/// Deletes a reply template
///
/// Replies that were started from it do not change.
#[utoipa::path(
    delete, path = "/v1/reply-templates/{id}", operation_id = "deleteReplyTemplate", tag = "reviews", security(("api_key" = ["reviews:write"])),
    params(("id" = String, Path, description = "The template")),
    responses((status = 204, description = "Deleted"), (status = 404, body = Problem))
)]
pub async fn remove_template(
    caller: LineCaller<{ Scope::ReviewsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    match change_template::remove(&app.engine, &caller.by(), caller.lines(), &id, app.engine.now()).await? {
        Changed::Done(_) => Ok(StatusCode::NO_CONTENT),
        _ => Err(Problem::missing(Thing::ReplyTemplate, &id)),
    }
}
