//! Letters to owners: schedule, preview and trial.

use crate::api::request::fields::word;
use crate::auth::Caller;
use crate::json::Body;
use crate::path::Path;
use crate::problem::{Problem, Thing};
use crate::state::AppState;
use crate::timestamp::Timestamp;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use lastword_base::names::LineId;
use lastword_domain::access::api_key::Scope;
use lastword_domain::report::letter::Every;
use lastword_life::admin::change_letter::{Saved, delete_letter, save_letter};
use lastword_life::report::letter::{last_period, send_trial, text};
use lastword_store::report::letter::{self, Letter, Sent};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// A letter schedule.
#[derive(Debug, Serialize, ToSchema)]
pub struct LetterOut {
    /// ID of the letter.
    pub id: String,
    /// The recipient or group that receives it.
    pub recipient: String,
    /// `daily`, `weekly` (on Mondays) or `monthly` (on the first).
    pub every: Every,
    /// Hour in the organisation's time zone.
    pub hour: i64,
    /// Lines it covers; `null` for all lines.
    pub lines: Option<Vec<String>>,
    /// Time the letter was created.
    pub created_at: Timestamp,
    /// Time it was last sent on schedule.
    pub sent_at: Option<Timestamp>,
    /// Number of people it was last sent to.
    pub sent_to: Option<i64>,
}

fn shown(letter: Letter, sent: Option<&Sent>) -> LetterOut {
    let Letter { id, recipient_id: recipient, every, hour, lines, created_at, .. } = letter;
    let (sent_at, sent_to) = (sent.map(|sent| Timestamp(sent.sent_at)), sent.map(|sent| sent.people));
    LetterOut {
        id,
        recipient,
        every,
        hour,
        lines: lines.map(|lines| lines.into_iter().map(String::from).collect()),
        created_at: Timestamp(created_at),
        sent_at,
        sent_to,
    }
}

/// All letters.
#[derive(Debug, Serialize, ToSchema)]
pub struct LettersOut {
    /// The letters, by ID.
    pub items: Vec<LetterOut>,
}

/// A letter to create or change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LetterBody {
    /// The recipient or group that receives it.
    pub recipient: String,
    /// How often it is sent.
    pub every: Every,
    /// Hour in the organisation's time zone; default 8.
    #[serde(default = "morning")]
    #[schema(default = 8, minimum = 0, maximum = 23)]
    pub hour: i64,
    /// Lines it covers; all lines if missing.
    pub lines: Option<Vec<String>>,
}

fn morning() -> i64 {
    8
}

async fn find(app: &AppState, id: &str) -> Result<Letter, Problem> {
    let found = letter::all(&app.engine.db).await?.into_iter().find(|letter| letter.id == id);
    found.ok_or_else(|| Problem::missing(Thing::Letter, id))
}

/// Lists all letters
#[utoipa::path(
    get, path = "/v1/letters", operation_id = "listLetters", tag = "letters", security(("api_key" = ["recipients:write"])),
    responses((status = 200, body = LettersOut))
)]
pub async fn list(_: Caller<{ Scope::RecipientsWrite as u8 }>, State(app): State<Arc<AppState>>) -> Result<Json<LettersOut>, Problem> {
    let sent = letter::last_sent(&app.engine.db).await?;
    let all = letter::all(&app.engine.db).await?.into_iter();
    Ok(Json(LettersOut { items: all.map(|letter| (sent.get(&letter.id), letter)).map(|(sent, letter)| shown(letter, sent)).collect() }))
}

/// Creates or changes a letter
///
/// A letter covers the last whole day, week or month, in the recipient's language, once per recipient. It contains the
/// score with its interval, changes that the data can show (or that there were none), the reasons of low ratings, low
/// ratings without a reply, comments of clients, and lines compared with their targets.
#[utoipa::path(
    put, path = "/v1/letters/{id}", operation_id = "putLetter", tag = "letters", request_body = LetterBody,
    security(("api_key" = ["recipients:write"])), params(("id" = String, Path, description = "The letter")),
    responses((status = 200, body = LetterOut), (status = 201, body = LetterOut), (status = 422, body = Problem))
)]
pub async fn put(
    caller: Caller<{ Scope::RecipientsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
    Body(body): Body<LetterBody>,
) -> Result<(StatusCode, Json<LetterOut>), Problem> {
    let (id, now) = (word("id", id)?, app.engine.now());
    let known = letter::all(&app.engine.db).await?.into_iter().find(|letter| letter.id == id);
    let status = if known.is_some() { StatusCode::OK } else { StatusCode::CREATED };
    let letter = Letter {
        id,
        recipient_id: word("recipient", body.recipient)?,
        every: body.every,
        hour: body.hour,
        lines: body.lines.map(|lines| lines.into_iter().map(LineId::from).collect()),
        created_at: known.map_or(now, |known| known.created_at),
        changed_at: now,
        changed_by: format!("API key {}", caller.name()),
    };
    match save_letter(&app.engine, &caller.by(), letter, now).await? {
        Saved::Letter(letter) => Ok((status, Json(shown(*letter, None)))),
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

/// Preview of a letter.
#[derive(Debug, Serialize, ToSchema)]
pub struct LetterPreviewOut {
    /// First day covered.
    pub from: String,
    /// Last day covered.
    pub until: String,
    /// Text in the organisation's language.
    pub text: String,
}

/// Previews a letter about the last whole day, week or month
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

/// Number of people who get the trial.
#[derive(Debug, Serialize, ToSchema)]
pub struct LetterTrialOut {
    /// Number of people; 0 if the recipient cannot be notified.
    pub people: usize,
}

/// Sends a letter now, as a trial
///
/// Covers the last whole day, week or month. The scheduled letter is still sent.
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
