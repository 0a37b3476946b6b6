//! Lines and their settings.

pub mod alarms;
pub mod bitrix24;
pub mod experiments;
pub mod plan;

use super::request::fields::word;
use crate::auth::{Caller, LineCaller};
use crate::json::Body;
use crate::path::Path;
use crate::problem::{Code, Problem, Thing};
use crate::state::AppState;
use crate::timestamp::Timestamp;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use lastword_domain::access::api_key::Scope;
use lastword_domain::line::LineSettings;
use lastword_life::admin::change_line::{Changed, save_line_by, warnings};
use lastword_life::admin::delete_line::delete_line;
use lastword_life::engine::stop::Deleted;
use lastword_store::alert::recipient::{self, Recipient};
use lastword_store::line::{self, Line, LineChange};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use utoipa::ToSchema;

/// A line.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineOut {
    /// ID of the line.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Settings of the line.
    pub settings: LineSettings,
    /// Increases by one with each change. Send it with your next change.
    pub version: i64,
    /// True if the line is archived; it then asks no client.
    pub archived: bool,
    /// Time the line was created.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
    /// Problems of the settings, such as alerts without a reachable recipient. Empty if there are none.
    pub warnings: Vec<String>,
}

/// All lines.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinesOut {
    /// The lines, by ID.
    pub items: Vec<LineOut>,
}

/// A line to create or change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineBody {
    /// Display name.
    pub name: String,
    /// Settings; missing ones get their defaults.
    #[serde(default)]
    pub settings: LineSettings,
    /// The version you read; 0 creates a line.
    pub version: i64,
    /// True to archive the line; it then asks no client.
    #[serde(default)]
    pub archived: bool,
}

fn shown(app: &AppState, line: Line, recipients: &[Recipient]) -> LineOut {
    LineOut {
        warnings: warnings(&app.engine, &line, recipients),
        id: line.id.into(),
        name: line.name,
        settings: line.settings,
        version: line.version,
        archived: line.archived_at.is_some(),
        created_at: Timestamp(line.created_at),
        updated_at: Timestamp(line.updated_at),
    }
}

/// Lists all lines
#[utoipa::path(
    get, path = "/v1/lines", operation_id = "listLines", tag = "lines", security(("api_key" = ["lines:read"])),
    responses((status = 200, body = LinesOut))
)]
pub async fn list(caller: LineCaller<{ Scope::LinesRead as u8 }>, State(app): State<Arc<AppState>>) -> Result<Json<LinesOut>, Problem> {
    let recipients = recipient::all(&app.engine.db).await?;
    let items = line::all(&app.engine.db)
        .await?
        .into_iter()
        .filter(|line| caller.lines().admit(&line.id))
        .map(|line| shown(&app, line, &recipients))
        .collect();
    Ok(Json(LinesOut { items }))
}

/// Gets a line
#[utoipa::path(
    get, path = "/v1/lines/{id}", operation_id = "getLine", tag = "lines", security(("api_key" = ["lines:read"])),
    params(("id" = String, Path, description = "The line")),
    responses((status = 200, body = LineOut), (status = 404, body = Problem))
)]
pub async fn one(
    caller: LineCaller<{ Scope::LinesRead as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<Json<LineOut>, Problem> {
    let line = line::find(&app.engine.db, &id.as_str().into())
        .await?
        .filter(|line| caller.lines().admit(&line.id))
        .ok_or_else(|| Problem::missing(Thing::Line, &id))?;
    Ok(Json(shown(&app, line, &recipient::all(&app.engine.db).await?)))
}

/// Creates or changes a line
///
/// Earlier closes keep the settings that were in force at the time.
#[utoipa::path(
    put, path = "/v1/lines/{id}", operation_id = "putLine", tag = "lines", request_body = LineBody, security(("api_key" = ["lines:write"])),
    params(("id" = String, Path, description = "The line")),
    responses(
        (status = 200, description = "Changed", body = LineOut),
        (status = 201, description = "Created", body = LineOut),
        (status = 404, description = "A version other than 0 was sent, and there is no such line", body = Problem),
        (status = 409, description = "The line was changed since that version; `present` is its current state", body = Problem),
        (status = 422, body = Problem),
    )
)]
pub async fn put(
    caller: LineCaller<{ Scope::LinesWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
    Body(body): Body<LineBody>,
) -> Result<(StatusCode, Json<LineOut>), Problem> {
    let (id, db) = (word("id", id)?, &app.engine.db);
    caller.must_admit("id", &id)?;
    let missing = Problem::missing(Thing::Line, &id).field("version").remedy("Send version 0 to create a line.");
    if body.version != 0 && line::find(db, &id.as_str().into()).await?.is_none() {
        return Err(missing);
    }
    let status = if body.version == 0 { StatusCode::CREATED } else { StatusCode::OK };
    let change = LineChange {
        id: id.into(),
        name: word("name", body.name)?,
        settings: body.settings,
        archived: body.archived,
        seen_version: body.version,
        by: format!("API key {}", caller.name()),
        at: app.engine.now(),
    };
    match save_line_by(&app.engine, &caller.by(), change).await? {
        Changed::Outdated(None) => Err(missing),
        changed => Ok((status, Json(answered(&app, changed).await?))),
    }
}

/// Deletes a line that was never used
///
/// A line that has been used keeps its ratings; archive it instead, and it asks no more clients.
#[utoipa::path(
    delete, path = "/v1/lines/{id}", operation_id = "deleteLine", tag = "lines", security(("api_key" = ["lines:write"])),
    params(("id" = String, Path, description = "The line")),
    responses(
        (status = 204, description = "Deleted"),
        (status = 404, description = "No such line", body = Problem),
        (status = 409, description = "The line is still in use; `present.used_by` lists what uses it", body = Problem),
    )
)]
pub async fn delete(
    caller: Caller<{ Scope::LinesWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    match delete_line(&app.engine, &caller.by(), &id.as_str().into(), app.engine.now()).await? {
        Deleted::Done => Ok(StatusCode::NO_CONTENT),
        Deleted::Unknown => Err(Problem::missing(Thing::Line, &id)),
        Deleted::Hangs(hanging) => Err(hangs(&format!("The line {id}"), &hanging, "Archive it: then it asks nobody.")),
    }
}

/// The problem for deleting something that is still in use.
pub(super) fn hangs(what: &str, hanging: &[String], remedy: &str) -> Problem {
    let detail = format!("{what} cannot be deleted because of {}.", hanging.join("; "));
    Problem::new(Code::Conflict, detail).remedy(remedy).present(&json!({ "used_by": hanging }))
}

/// The line after a change.
///
/// # Errors
/// A conflict with the current line if it was changed in the meantime, or the invalid setting.
pub(super) async fn answered(app: &AppState, changed: Changed) -> Result<LineOut, Problem> {
    let recipients = recipient::all(&app.engine.db).await?;
    match changed {
        Changed::Saved(line) => Ok(shown(app, *line, &recipients)),
        Changed::Outdated(None) => Err(Problem::not_found().remedy("GET /v1/lines lists the lines.")),
        Changed::Outdated(Some(line)) => Err(Problem::new(Code::Conflict, format!("The line now has version {}.", line.version))
            .field("version")
            .remedy("Apply your change to present and send its version.")
            .present(&shown(app, *line, &recipients))),
        Changed::Bad(bad) => {
            let field = format!("settings.{}", bad.field);
            Err(Problem::new(Code::InvalidField, format!("{field}: {}.", bad.problem)).field(field))
        }
    }
}
