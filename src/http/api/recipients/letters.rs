//! Letters to owners: who gets one how often, what it would say, and a trial.

use crate::api::request::fields::word;
use crate::json::Body;
use crate::middleware::auth::Caller;
use crate::path::Path;
use crate::problem::{Problem, Thing};
use crate::state::AppState;
use crate::timestamp::Timestamp;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use lastword_domain::access::api_key::Scope;
use lastword_domain::report::letter::Every;
use lastword_life::admin::change_letter::{Saved, delete_letter, save_letter};
use lastword_life::report::letter::{last_period, send_trial, text};
use lastword_store::report::letter::{self, Letter, Sent};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// A letter.
#[derive(Debug, Serialize, ToSchema)]
pub struct LetterOut {
    /// Its id.
    pub id: String,
    /// The recipient who gets it, or the group.
    pub recipient: String,
    /// `daily`, `weekly` (on Mondays) or `monthly` (on the first).
    pub every: Every,
    /// At which hour of the organisation's clock.
    pub hour: i64,
    /// The lines it is about; none for all of them.
    pub lines: Option<Vec<String>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last sent by itself.
    pub sent_at: Option<Timestamp>,
    /// To how many people.
    pub sent_to: Option<i64>,
}

fn shown(letter: Letter, sent: Option<&Sent>) -> LetterOut {
    let Letter { id, recipient_id: recipient, every, hour, lines, created_at, .. } = letter;
    let (sent_at, sent_to) = (sent.map(|sent| Timestamp(sent.sent_at)), sent.map(|sent| sent.people));
    LetterOut { id, recipient, every, hour, lines, created_at: Timestamp(created_at), sent_at, sent_to }
}

/// All letters.
#[derive(Debug, Serialize, ToSchema)]
pub struct LettersOut {
    /// By id.
    pub items: Vec<LetterOut>,
}

/// A letter as you want it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LetterBody {
    /// The recipient who gets it, or the group.
    pub recipient: String,
    /// How often.
    pub every: Every,
    /// At which hour of the organisation's clock; 8 where nothing is said.
    #[serde(default = "morning")]
    #[schema(default = 8, minimum = 0, maximum = 23)]
    pub hour: i64,
    /// The lines it is about; all of them where nothing is said.
    pub lines: Option<Vec<String>>,
}

fn morning() -> i64 {
    8
}

async fn find(app: &AppState, id: &str) -> Result<Letter, Problem> {
    let found = letter::all(&app.engine.db).await?.into_iter().find(|letter| letter.id == id);
    found.ok_or_else(|| Problem::missing(Thing::Letter, id))
}

/// All letters
#[utoipa::path(
    get, path = "/v1/letters", operation_id = "listLetters", tag = "letters", security(("api_key" = ["recipients:write"])),
    responses((status = 200, body = LettersOut))
)]
pub async fn list(_: Caller<{ Scope::RecipientsWrite as u8 }>, State(app): State<Arc<AppState>>) -> Result<Json<LettersOut>, Problem> {
    let sent = letter::last_sent(&app.engine.db).await?;
    let all = letter::all(&app.engine.db).await?.into_iter();
    Ok(Json(LettersOut { items: all.map(|letter| (sent.get(&letter.id), letter)).map(|(sent, letter)| shown(letter, sent)).collect() }))
}

/// Makes or changes a letter
///
/// It says the score with its interval, what changed that the data can show, or that nothing did, why ratings were low, which of them
/// have no reply, what clients wrote, and how lines stand to their targets: about the last whole day, week or month, in the
/// recipient's language, once for each.
#[utoipa::path(
    put, path = "/v1/letters/{id}", operation_id = "putLetter", tag = "letters", request_body = LetterBody,
    security(("api_key" = ["recipients:write"])), params(("id" = String, Path, description = "The letter")),
    responses((status = 200, body = LetterOut), (status = 422, body = Problem))
)]
pub async fn put(
    caller: Caller<{ Scope::RecipientsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
    Body(body): Body<LetterBody>,
) -> Result<Json<LetterOut>, Problem> {
    let (id, now) = (word("id", id)?, app.engine.now());
    let known = letter::all(&app.engine.db).await?.into_iter().find(|letter| letter.id == id);
    let letter = Letter {
        id,
        recipient_id: word("recipient", body.recipient)?,
        every: body.every,
        hour: body.hour,
        lines: body.lines,
        created_at: known.map_or(now, |known| known.created_at),
        changed_at: now,
        changed_by: format!("API key {}", caller.name()),
    };
    match save_letter(&app.engine, &caller.by(), letter, now).await? {
        Saved::Letter(letter) => Ok(Json(shown(*letter, None))),
        Saved::Bad(bad) => Err(Problem::invalid_field(&bad.field, format!("{}: {}.", bad.field, bad.problem), bad.problem)),
    }
}

/// Deletes a letter
#[utoipa::path(
    delete, path = "/v1/letters/{id}", operation_id = "deleteLetter", tag = "letters", security(("api_key" = ["recipients:write"])),
    params(("id" = String, Path, description = "The letter")),
    responses((status = 204, description = "Deleted"), (status = 404, body = Problem))
)]
pub async fn delete(
    caller: Caller<{ Scope::RecipientsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    match delete_letter(&app.engine, &caller.by(), &id, app.engine.now()).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Problem::missing(Thing::Letter, &id)),
    }
}

/// What a letter would say.
#[derive(Debug, Serialize, ToSchema)]
pub struct LetterPreviewOut {
    /// The first of the days that it is about.
    pub from: String,
    /// The last of them.
    pub until: String,
    /// Its text, in the language of the organisation.
    pub text: String,
}

/// What a letter would say about the last whole day, week or month
#[utoipa::path(
    get, path = "/v1/letters/{id}/preview", operation_id = "previewLetter", tag = "letters", security(("api_key" = ["recipients:write"])),
    params(("id" = String, Path, description = "The letter")),
    responses((status = 200, body = LetterPreviewOut), (status = 404, body = Problem))
)]
pub async fn preview(
    _: Caller<{ Scope::RecipientsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<Json<LetterPreviewOut>, Problem> {
    let (letter, engine, now) = (find(&app, &id).await?, &app.engine, app.engine.now());
    let period = last_period(engine, letter.every, now);
    let text = text(engine, &letter, period, &engine.options.language, now).await?;
    Ok(Json(LetterPreviewOut { from: period.from.to_string(), until: period.last_day().to_string(), text }))
}

/// How many people get it.
#[derive(Debug, Serialize, ToSchema)]
pub struct LetterTrialOut {
    /// So many; 0 where its recipient cannot be told.
    pub people: usize,
}

/// Sends a letter now, as a trial
///
/// About the last whole day, week or month; the one that comes by itself still comes.
#[utoipa::path(
    post, path = "/v1/letters/{id}/send", operation_id = "sendLetter", tag = "letters", security(("api_key" = ["recipients:write"])),
    params(("id" = String, Path, description = "The letter")),
    responses((status = 200, body = LetterTrialOut), (status = 404, body = Problem))
)]
pub async fn send(
    caller: Caller<{ Scope::RecipientsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<Json<LetterTrialOut>, Problem> {
    let letter = find(&app, &id).await?;
    Ok(Json(LetterTrialOut { people: send_trial(&app.engine, &caller.by(), &letter, app.engine.now()).await? }))
}
