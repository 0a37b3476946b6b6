//! Exchange of a line's settings with Bitrix24, under its field names.

use super::{LineOut, answered};
use crate::auth::LineCaller;
use crate::json::Body;
use crate::path::Path;
use crate::problem::{Problem, Thing};
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use lastword_domain::access::api_key::Scope;
use lastword_domain::line::bitrix24::{self, FieldResult};
use lastword_life::admin::change_line::save_line_by;
use lastword_store::line::{self, LineChange};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::sync::Arc;
use utoipa::ToSchema;

/// Settings of a line as Bitrix24 fields.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Bitrix24Settings)]
pub struct BitrixOut {
    /// Fields for `imopenlines.config.update`; all values are strings.
    #[schema(value_type = Object)]
    pub fields: Map<String, Value>,
    /// How each setting was converted.
    pub fates: Vec<FieldResult>,
}

/// Bitrix24 settings to import.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = Bitrix24ImportBody)]
#[serde(deny_unknown_fields)]
pub struct BitrixBody {
    /// Fields as returned by `imopenlines.config.get`; the whole response is accepted too.
    #[schema(value_type = Object)]
    pub fields: Map<String, Value>,
    /// The version of the line you read.
    pub version: i64,
    /// True to report how each field would be converted without storing anything.
    #[serde(default)]
    pub dry_run: bool,
}

/// Result of an import.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Bitrix24Import)]
pub struct BitrixImport {
    /// How each field was converted.
    pub fates: Vec<FieldResult>,
    /// The line after the import; `null` in a dry run.
    pub line: Option<LineOut>,
}

/// Exports a line's settings as Bitrix24 fields
#[utoipa::path(
    get, path = "/v1/lines/{id}/bitrix24", operation_id = "exportLineToBitrix24", tag = "lines", security(("api_key" = ["lines:read"])),
    params(("id" = String, Path, description = "The line")),
    responses((status = 200, body = BitrixOut), (status = 404, body = Problem))
)]
pub async fn export(
    caller: LineCaller<{ Scope::LinesRead as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<Json<BitrixOut>, Problem> {
    let line = line::find(&app.engine.db, &id.as_str().into())
        .await?
        .filter(|line| caller.lines().admit(&line.id))
        .ok_or_else(|| Problem::missing(Thing::Line, &id))?;
    let (fields, fates) = bitrix24::export(&line.name, &line.settings);
    Ok(Json(BitrixOut { fields, fates }))
}

/// Imports Bitrix24 settings into a line
///
/// Settings without a counterpart stay unchanged. The response lists how each field was converted.
#[utoipa::path(
    post, path = "/v1/lines/{id}/bitrix24", operation_id = "importLineFromBitrix24", tag = "lines", request_body = BitrixBody, security(("api_key" = ["lines:write"])),
    params(("id" = String, Path, description = "The line")),
    responses(
        (status = 200, body = BitrixImport),
        (status = 404, body = Problem),
        (status = 409, description = "The line was changed since that version; `present` is its current state", body = Problem),
        (status = 422, body = Problem),
    )
)]
pub async fn import(
    caller: LineCaller<{ Scope::LinesWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
    Body(body): Body<BitrixBody>,
) -> Result<Json<BitrixImport>, Problem> {
    let line = line::find(&app.engine.db, &id.as_str().into())
        .await?
        .filter(|line| caller.lines().admit(&line.id))
        .ok_or_else(|| Problem::missing(Thing::Line, &id))?;
    let imported = bitrix24::import(&Value::Object(body.fields), &line.settings).ok_or_else(|| {
        let remedy = "Send what imopenlines.config.get answers for the line.";
        Problem::invalid_field("fields", "These are not the settings of a Bitrix24 line: no field is called VOTE_….", remedy)
    })?;
    if body.dry_run {
        return Ok(Json(BitrixImport { fates: imported.fates, line: None }));
    }
    let change = LineChange {
        id: line.id,
        name: imported.name.unwrap_or(line.name),
        settings: imported.settings,
        archived: line.archived_at.is_some(),
        seen_version: body.version,
        by: format!("API key {}", caller.name()),
        at: app.engine.now(),
    };
    let changed = save_line_by(&app.engine, &caller.by(), change).await?;
    Ok(Json(BitrixImport { fates: imported.fates, line: Some(answered(&app, changed).await?) }))
}
