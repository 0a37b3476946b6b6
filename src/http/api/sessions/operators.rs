//! Operators, as reported by desks and configured by admins.

use crate::api::request::fields::word;
use crate::auth::Caller;
use crate::json::Body;
use crate::path::Path;
use crate::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use lastword_domain::access::api_key::Scope;
use lastword_domain::session::OperatorKind;
use lastword_life::session::operator_kind::set_kind;
use lastword_store::session::operator::{self, KnownKind};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// Stored data of an operator.
#[derive(Debug, Serialize, ToSchema)]
pub struct OperatorOut {
    /// The desk's ID of the operator.
    pub id: String,
    /// Name last reported by the desk.
    pub name: Option<String>,
    /// A person or a program; a person by default.
    pub kind: OperatorKind,
    /// True if an admin set the kind. Reports from desks then do not change it.
    pub kind_set: bool,
}

/// An operator to change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OperatorBody {
    /// A person or a program; `null` to follow the desk's reports again.
    pub kind: Option<OperatorKind>,
}

/// Gets an operator
#[utoipa::path(
    get, path = "/v1/operators/{id}", operation_id = "getOperator", tag = "sessions", security(("api_key" = ["admin"])),
    params(("id" = String, Path, description = "The desk's ID of the operator")),
    responses((status = 200, body = OperatorOut))
)]
pub async fn one(
    _: Caller<{ Scope::Admin as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<Json<OperatorOut>, Problem> {
    let known = operator::kinds(&app.engine.db, &[&id.as_str().into()]).await?.remove(id.as_str());
    shown(&app, id, known).await
}

/// Sets whether an operator is a person or a program
///
/// Applies to chats closed from now on and takes precedence over reports from desks; earlier chats keep who handled them.
/// An operator can be set before any report mentions them.
#[utoipa::path(
    put, path = "/v1/operators/{id}", operation_id = "putOperator", tag = "sessions", request_body = OperatorBody, security(("api_key" = ["admin"])),
    params(("id" = String, Path, description = "The desk's ID of the operator")),
    responses((status = 200, body = OperatorOut), (status = 422, body = Problem))
)]
pub async fn put(
    caller: Caller<{ Scope::Admin as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
    Body(body): Body<OperatorBody>,
) -> Result<Json<OperatorOut>, Problem> {
    let id = word("id", id)?;
    let known = set_kind(&app.engine, &caller.by(), &id.as_str().into(), body.kind, app.engine.now()).await?;
    shown(&app, id, known).await
}

async fn shown(app: &AppState, id: String, known: Option<KnownKind>) -> Result<Json<OperatorOut>, Problem> {
    let name = operator::plain_names(&app.engine.db, &[&id.as_str().into()]).await?.remove(id.as_str());
    let (kind, kind_set) = known.map_or((OperatorKind::Human, false), |known| (known.kind, known.by_hand == 1));
    Ok(Json(OperatorOut { id, name, kind, kind_set }))
}
