//! Everything about one client: found, handed out, or erased; and whether they are asked at all.

use super::request::fields::word;
use crate::middleware::auth::Caller;
use crate::path::Path;
use crate::problem::{Problem, Thing};
use crate::query::Query;
use crate::state::AppState;
use crate::timestamp::Timestamp;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use lastword_domain::access::api_key::Scope;
use lastword_domain::answer::opt_out::Wish;
use lastword_life::answer::opt_out;
use lastword_life::records::client_data;
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
    /// Since when they are not asked, where this id is on the list of those who are not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opted_out_at: Option<Timestamp>,
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

/// Whether a client is asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct OptOutOut {
    /// The client.
    #[schema(example = "desk/c-204")]
    pub client: String,
    /// True if anything else is stored about a client with this ID.
    pub known: bool,
    /// Whether they are on the list of those who are not asked.
    pub opted_out: bool,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opted_out_at: Option<Timestamp>,
    /// How that became known: `text`, `button`, `link` or `mail` by the client; `person`, `program` or `command` by us.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told_by: Option<String>,
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
    State(app): State<Arc<AppState>>,
    Query(query): Query<ClientsQuery>,
) -> Result<Json<ClientsOut>, Problem> {
    let found = client_data::find(&app.engine, &word("find", query.find)?).await?;
    let shown = |client: lastword_store::records::client_data::FoundClient| ClientOut {
        id: client.id,
        sessions: client.sessions,
        last_at: Timestamp(client.last_at),
        opted_out_at: client.opted_out_at.map(Timestamp),
    };
    Ok(Json(ClientsOut { items: found.into_iter().map(shown).collect() }))
}

/// Everything that is held about a client
///
/// For the client to see: by kind, each row as it is kept. The export is recorded in
/// the audit log, without the client's ID.
#[utoipa::path(
    get, path = "/v1/clients/{id}/export", operation_id = "exportClient", tag = "clients", security(("api_key" = ["clients:manage"])),
    params(("id" = String, Path, description = "The client, percent-encoded: `desk%2Fc-204`")),
    responses((status = 200, description = "Lists of rows, by kind", body = Value), (status = 404, body = Problem))
)]
pub async fn export(
    caller: Caller<{ Scope::ClientsManage as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let held = client_data::export(&app.engine, &caller.by(), &id, app.engine.now()).await?;
    held.map(|held| Json(Value::Object(held))).ok_or_else(|| Problem::missing(Thing::Client, &id))
}

/// Erases everything about a client
///
/// Open questions are canceled; who the client was, where they were written to and what they wrote is removed everywhere.
/// Scores and counters stay. It cannot be undone, and a client who comes back is new.
#[utoipa::path(
    post, path = "/v1/clients/{id}/erase", operation_id = "eraseClient", tag = "clients", security(("api_key" = ["clients:manage"])),
    params(("id" = String, Path, description = "The client, percent-encoded: `desk%2Fc-204`")),
    responses((status = 200, body = ErasedOut), (status = 404, description = "Nothing is stored about this client", body = Problem))
)]
pub async fn erase(
    caller: Caller<{ Scope::ClientsManage as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<Json<ErasedOut>, Problem> {
    let erased = client_data::erase(&app.engine, &caller.by(), &id, app.engine.now()).await?;
    let erased = erased.ok_or_else(|| Problem::missing(Thing::Client, &id))?;
    Ok(Json(ErasedOut { closes: erased.closes, canceled: erased.canceled, places: erased.places }))
}

async fn shown(app: &AppState, id: String) -> Result<Json<OptOutOut>, Problem> {
    let listed = opt_out::state(&app.engine, &id).await?;
    let (at, told_by) = (listed.as_ref().map(|listed| Timestamp(listed.opted_out_at)), listed.map(|listed| listed.told_by));
    let known = client_data::is_known(&app.engine, &id).await?;
    Ok(Json(OptOutOut { client: id, known, opted_out: at.is_some(), opted_out_at: at, told_by }))
}

/// A client's id that names one: a misspelt one would silently be nobody's.
fn whole(id: String) -> Result<String, Problem> {
    match id.contains(['/', ':']) {
        true => Ok(id),
        false => Err(Problem::invalid_field(
            "id",
            "This is the desk's own id of a person, without the desk.",
            "Write the source before it (desk/c-204), or the connection and the chat (bot:777); GET /v1/clients?find=… lists them.",
        )),
    }
}

/// Whether a client is asked
#[utoipa::path(
    get, path = "/v1/clients/{id}/opt-out", operation_id = "getClientOptOut", tag = "clients", security(("api_key" = ["clients:manage"])),
    params(("id" = String, Path, min_length = 3, pattern = "[/:]", description = "The client, percent-encoded: `desk%2Fc-204`")),
    responses((status = 200, description = "Whether they are on the list of those who are not asked", body = OptOutOut))
)]
pub async fn opt_out_of(
    _: Caller<{ Scope::ClientsManage as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<Json<OptOutOut>, Problem> {
    shown(&app, whole(id)?).await
}

/// Asks a client no more
///
/// For a client who said so elsewhere: on the phone, or in a form of yours. It holds for the person, on all channels on which
/// they are known, outlives the erasure of everything else, and works for a client who is not known yet: the response
/// is then 201, with `known` false, so that a misspelt ID is noticed. Open questions are taken back.
#[utoipa::path(
    put, path = "/v1/clients/{id}/opt-out", operation_id = "setClientOptOut", tag = "clients", security(("api_key" = ["clients:manage"])),
    params(("id" = String, Path, min_length = 3, pattern = "[/:]", description = "The client, percent-encoded: `desk%2Fc-204`")),
    responses(
        (status = 200, description = "They are on the list of those who are not asked", body = OptOutOut),
        (status = 201, description = "The same; nothing else is stored about a client with this ID", body = OptOutOut),
    )
)]
pub async fn ask_no_more(
    caller: Caller<{ Scope::ClientsManage as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<OptOutOut>), Problem> {
    let id = whole(id)?;
    opt_out::set(&app.engine, &caller.by(), &id, Wish::Stop, app.engine.now()).await?;
    let shown = shown(&app, id).await?;
    Ok((if shown.known { StatusCode::OK } else { StatusCode::CREATED }, shown))
}

/// Asks a client again
///
/// Only for a client who wants it: who is on the list has asked to be.
#[utoipa::path(
    delete, path = "/v1/clients/{id}/opt-out", operation_id = "deleteClientOptOut", tag = "clients", security(("api_key" = ["clients:manage"])),
    params(("id" = String, Path, min_length = 3, pattern = "[/:]", description = "The client, percent-encoded: `desk%2Fc-204`")),
    responses((status = 200, description = "They are not on the list", body = OptOutOut))
)]
pub async fn ask_again(
    caller: Caller<{ Scope::ClientsManage as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<Json<OptOutOut>, Problem> {
    let id = whole(id)?;
    opt_out::set(&app.engine, &caller.by(), &id, Wish::Start, app.engine.now()).await?;
    shown(&app, id).await
}
