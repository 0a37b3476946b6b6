//! Data of one client: find, export, erase, and opt out of questions.

use super::request::fields::word;
use crate::auth::Caller;
use crate::path::Path;
use crate::problem::{Problem, Thing};
use crate::query::Query;
use crate::state::AppState;
use crate::timestamp::Timestamp;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use lastword_domain::access::api_key::Scope;
use lastword_domain::access::rights::Lines;
use lastword_domain::answer::opt_out::Wish;
use lastword_life::answer::opt_out;
use lastword_life::facts::opted_out;
use lastword_life::records::client_data;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// A client.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClientOut {
    /// ID of the client: source and the desk's ID of the person, or connection and chat.
    #[schema(example = "desk/c-204")]
    pub id: String,
    /// The newest name that a desk reported for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub name: Option<String>,
    /// Number of sessions.
    pub sessions: i64,
    /// Time of the latest event of their newest session.
    pub last_at: Timestamp,
    /// Time since which the client is not asked, if this ID is opted out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Timestamp, required = false)]
    pub opted_out_at: Option<Timestamp>,
}

/// The clients found.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClientsOut {
    /// The clients, newest first, at most 50.
    pub items: Vec<ClientOut>,
}

/// Result of an erasure.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClientErased)]
pub struct ErasedOut {
    /// Number of closes whose personal data was removed.
    pub closes: usize,
    /// Number of open questions that were canceled.
    pub canceled: usize,
    /// Number of conversations that were erased.
    pub places: usize,
}

/// Opt-out state of a client.
#[derive(Debug, Serialize, ToSchema)]
pub struct OptOutOut {
    /// ID of the client.
    #[schema(example = "desk/c-204")]
    pub client: String,
    /// True if anything else is stored about a client with this ID.
    pub known: bool,
    /// True if the client has opted out of questions.
    pub opted_out: bool,
    /// Time of the opt-out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Timestamp, required = false)]
    pub opted_out_at: Option<Timestamp>,
    /// How the opt-out was reported: by the client (`text`, `button`, `link` or `mail`) or by you (`person`, `program` or `command`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub opted_out_by: Option<String>,
}

/// Search for a client.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ClientsQuery {
    /// A client ID, the desk's ID of the person, words of their name (the beginnings are enough), or a chat in which they were contacted.
    pub q: String,
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
    let found = client_data::find(&app.engine, &word("q", query.q)?, &Lines::All).await?;
    let shown = |client: lastword_store::records::client_data::FoundClient| ClientOut {
        id: client.id.into(),
        name: client.name,
        sessions: client.sessions,
        last_at: Timestamp(client.last_at),
        opted_out_at: client.opted_out_at.map(Timestamp),
    };
    Ok(Json(ClientsOut { items: found.into_iter().map(shown).collect() }))
}

/// Exports everything stored about a client
///
/// Returns the stored rows grouped by kind, to hand to the client. The export is recorded in the audit log, without the client's ID.
#[utoipa::path(
    get, path = "/v1/clients/{id}/export", operation_id = "exportClient", tag = "clients", security(("api_key" = ["clients:manage"])),
    params(("id" = String, Path, description = "The client, percent-encoded: `desk%2Fc-204`")),
    responses(
        (status = 200, description = "Rows grouped by kind", body = Value, example = json!({
            "client": "desk/c-204", "exported_at": "2026-11-26T17:45:51.957Z",
            "sessions": [{ "source": "desk", "id": "chat-8123", "line_id": "support", "closed_at": "2026-11-26T17:20:00.000Z" }],
            "ratings": [{ "request_id": "0AW66aVJ7w4eu6kt6", "scale": "binary", "score": 1, "comment": "Quick and friendly." }]
        })),
        (status = 404, body = Problem)
    )
)]
pub async fn export(
    caller: Caller<{ Scope::ClientsManage as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let held = client_data::export(&app.engine, &caller.by(), &id.as_str().into(), app.engine.now()).await?;
    held.map(|held| Json(Value::Object(held))).ok_or_else(|| Problem::missing(Thing::Client, &id))
}

/// Erases everything about a client
///
/// Cancels open questions and removes the client's identity, addresses and texts everywhere. Scores and counters are kept.
/// This cannot be undone. A returning client is treated as new, except that an opt-out still applies.
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
    let erased = client_data::erase(&app.engine, &caller.by(), &id.as_str().into(), app.engine.now()).await?;
    let erased = erased.ok_or_else(|| Problem::missing(Thing::Client, &id))?;
    Ok(Json(ErasedOut { closes: erased.closes, canceled: erased.canceled, places: erased.places }))
}

async fn shown(app: &AppState, id: String) -> Result<Json<OptOutOut>, Problem> {
    let listed = opted_out::state(&app.engine, &id.as_str().into()).await?;
    let (at, by) = (listed.as_ref().map(|listed| Timestamp(listed.opted_out_at)), listed.map(|listed| listed.opted_out_by));
    let known = client_data::is_known(&app.engine, &id.as_str().into()).await?;
    Ok(Json(OptOutOut { client: id, known, opted_out: at.is_some(), opted_out_at: at, opted_out_by: by }))
}

/// Checks that an ID has the form of a client ID, so that a misspelled one is not accepted silently.
fn whole(id: String) -> Result<String, Problem> {
    match id.contains(['/', ':']) {
        true => Ok(id),
        false => Err(Problem::invalid_field(
            "id",
            "This is the desk's own id of a person, without the desk.",
            "Write the source before it (desk/c-204), or the connection and the chat (bot:777); GET /v1/clients?q=… lists them.",
        )),
    }
}

/// Gets the opt-out state of a client
#[utoipa::path(
    get, path = "/v1/clients/{id}/opt-out", operation_id = "getClientOptOut", tag = "clients", security(("api_key" = ["clients:manage"])),
    params(("id" = String, Path, min_length = 3, pattern = "[/:]", description = "The client, percent-encoded: `desk%2Fc-204`")),
    responses((status = 200, description = "Opt-out state of the client", body = OptOutOut))
)]
pub async fn opt_out_of(
    _: Caller<{ Scope::ClientsManage as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<Json<OptOutOut>, Problem> {
    shown(&app, whole(id)?).await
}

/// Opts a client out of questions
///
/// For clients who opted out elsewhere, such as on the phone or in a form of yours. The opt-out applies to the person on
/// all their known channels and survives erasure. An unknown client is accepted: the response is then 201 with `known`
/// false, so that you notice a misspelled ID. Open questions are canceled.
#[utoipa::path(
    put, path = "/v1/clients/{id}/opt-out", operation_id = "setClientOptOut", tag = "clients", security(("api_key" = ["clients:manage"])),
    params(("id" = String, Path, min_length = 3, pattern = "[/:]", description = "The client, percent-encoded: `desk%2Fc-204`")),
    responses(
        (status = 200, description = "The client has opted out", body = OptOutOut),
        (status = 201, description = "The client has opted out; nothing else is stored about a client with this ID", body = OptOutOut),
    )
)]
pub async fn ask_no_more(
    caller: Caller<{ Scope::ClientsManage as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<OptOutOut>), Problem> {
    let id = whole(id)?;
    opt_out::set(&app.engine, &caller.by(), &id.as_str().into(), Wish::Stop, app.engine.now()).await?;
    let shown = shown(&app, id).await?;
    Ok((if shown.known { StatusCode::OK } else { StatusCode::CREATED }, shown))
}

/// Ends the opt-out of a client
///
/// Use only at the client's request.
#[utoipa::path(
    delete, path = "/v1/clients/{id}/opt-out", operation_id = "deleteClientOptOut", tag = "clients", security(("api_key" = ["clients:manage"])),
    params(("id" = String, Path, min_length = 3, pattern = "[/:]", description = "The client, percent-encoded: `desk%2Fc-204`")),
    responses((status = 200, description = "The client is not opted out", body = OptOutOut))
)]
pub async fn ask_again(
    caller: Caller<{ Scope::ClientsManage as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<Json<OptOutOut>, Problem> {
    let id = whole(id)?;
    opt_out::set(&app.engine, &caller.by(), &id.as_str().into(), Wish::Start, app.engine.now()).await?;
    shown(&app, id).await
}
