//! Everything about one client: found, handed out, or erased.

use super::fields::word;
use crate::domain::api_key::Scope;
use crate::http::auth::Caller;
use crate::http::doors::Doors;
use crate::http::path::Path;
use crate::http::problem::{Problem, Thing};
use crate::http::query::Query;
use crate::http::timestamp::Timestamp;
use crate::life::client_data;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// A client.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClientOut {
    /// Their id: the source and the desk's id of the person, or the connection and the chat.
    #[schema(example = "desk/c-204")]
    pub id: String,
    /// How many sessions they have.
    pub sessions: i64,
    /// When the newest of them was last heard of.
    pub last_at: Timestamp,
}

/// The clients that were found.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClientsOut {
    /// The newest first, at most 50.
    pub items: Vec<ClientOut>,
}

/// What was erased.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErasedOut {
    /// Closes that lost their personal data.
    pub closes: usize,
    /// Open questions that were canceled.
    pub canceled: usize,
    /// Places where the client was talked to.
    pub places: usize,
}

/// Whom to look for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ClientsQuery {
    /// An id, the desk's own id of the person, or a chat they were talked to in.
    pub find: String,
}

/// Finds a client
#[utoipa::path(
    get, path = "/v1/clients", operation_id = "findClients", tag = "clients", params(ClientsQuery), security(("api_key" = ["clients:manage"])),
    responses((status = 200, body = ClientsOut))
)]
pub async fn list(
    _: Caller<{ Scope::ClientsManage as u8 }>,
    State(doors): State<Arc<Doors>>,
    Query(query): Query<ClientsQuery>,
) -> Result<Json<ClientsOut>, Problem> {
    let found = client_data::find(&doors.engine, &word("find", query.find)?).await?;
    let shown = |client: crate::store::client_data::FoundClient| ClientOut {
        id: client.id,
        sessions: client.sessions,
        last_at: Timestamp(client.last_at),
    };
    Ok(Json(ClientsOut { items: found.into_iter().map(shown).collect() }))
}

/// Everything that is held about a client
///
/// For the client to see: by kind, each row as it is kept. That it was handed out goes into
/// the trail of changes, without the client's id.
#[utoipa::path(
    get, path = "/v1/clients/{id}/export", operation_id = "exportClient", tag = "clients", security(("api_key" = ["clients:manage"])),
    params(("id" = String, Path, description = "The client, percent-encoded: `desk%2Fc-204`")),
    responses((status = 200, description = "Lists of rows, by kind", body = Value), (status = 404, body = Problem))
)]
pub async fn export(
    caller: Caller<{ Scope::ClientsManage as u8 }>,
    State(doors): State<Arc<Doors>>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let held = client_data::export(&doors.engine, &caller.by(), &id, doors.engine.now()).await?;
    held.map(|held| Json(Value::Object(held))).ok_or_else(|| Problem::missing(Thing::Client, &id))
}

/// Erases everything about a client
///
/// Open questions are canceled; who the client was, where they were written to and what they wrote is removed everywhere.
/// Scores and counters stay. It cannot be undone, and a client who comes back is new.
#[utoipa::path(
    post, path = "/v1/clients/{id}/erase", operation_id = "eraseClient", tag = "clients", security(("api_key" = ["clients:manage"])),
    params(("id" = String, Path, description = "The client, percent-encoded: `desk%2Fc-204`")),
    responses((status = 200, body = ErasedOut), (status = 404, description = "Nothing is held about such a client", body = Problem))
)]
pub async fn erase(
    caller: Caller<{ Scope::ClientsManage as u8 }>,
    State(doors): State<Arc<Doors>>,
    Path(id): Path<String>,
) -> Result<Json<ErasedOut>, Problem> {
    let erased = client_data::erase(&doors.engine, &caller.by(), &id, doors.engine.now()).await?;
    let erased = erased.ok_or_else(|| Problem::missing(Thing::Client, &id))?;
    Ok(Json(ErasedOut { closes: erased.closes, canceled: erased.canceled, places: erased.places }))
}
