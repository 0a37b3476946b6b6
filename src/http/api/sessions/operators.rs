//! Operators: the desk has them, we only know what was told of them.

use crate::api::request::fields::word;
use crate::json::Body;
use crate::middleware::auth::Caller;
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

/// What is known of an operator.
#[derive(Debug, Serialize, ToSchema)]
pub struct OperatorOut {
    /// The desk's id of the operator.
    pub id: String,
    /// The name, as the desk told it last.
    pub name: Option<String>,
    /// A person or a program. An operator of whom nobody said anything is a person.
    pub kind: OperatorKind,
    /// Whether an admin said so: what desks tell changes nothing then.
    pub kind_set: bool,
}

/// An operator as you want it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OperatorBody {
    /// A person or a program; null leaves it to the desk again.
    pub kind: Option<OperatorKind>,
}

/// What is known of an operator
#[utoipa::path(
    get, path = "/v1/operators/{id}", operation_id = "getOperator", tag = "sessions", security(("api_key" = ["admin"])),
    params(("id" = String, Path, description = "The desk's id of the operator")),
    responses((status = 200, body = OperatorOut))
)]
pub async fn one(
    _: Caller<{ Scope::Admin as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<Json<OperatorOut>, Problem> {
    let known = operator::kinds(&app.engine.db, &[&id]).await?.remove(&id);
    shown(&app, id, known).await
}

/// Says what an operator is
///
/// It counts for chats that are closed from now on, before whatever desks tell: who handled earlier ones is frozen. An operator of
/// whom nothing was told yet can be named in advance.
#[utoipa::path(
    put, path = "/v1/operators/{id}", operation_id = "putOperator", tag = "sessions", request_body = OperatorBody, security(("api_key" = ["admin"])),
    params(("id" = String, Path, description = "The desk's id of the operator")),
    responses((status = 200, body = OperatorOut), (status = 422, body = Problem))
)]
pub async fn put(
    caller: Caller<{ Scope::Admin as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
    Body(body): Body<OperatorBody>,
) -> Result<Json<OperatorOut>, Problem> {
    let id = word("id", id)?;
    let known = set_kind(&app.engine, &caller.by(), &id, body.kind, app.engine.now()).await?;
    shown(&app, id, known).await
}

async fn shown(app: &AppState, id: String, known: Option<KnownKind>) -> Result<Json<OperatorOut>, Problem> {
    let name = operator::names(&app.engine.db, &[&id]).await?.remove(&id);
    let (kind, kind_set) = known.map_or((OperatorKind::Human, false), |known| (known.kind, known.by_hand == 1));
    Ok(Json(OperatorOut { id, name, kind, kind_set }))
}
