//! Connections made by admins: created, changed and deleted as on the pages. Secrets can be written, and are never returned.

use crate::api::lines::hangs;
use crate::api::request::created::Created;
use crate::auth::Caller;
use crate::json::Body;
use crate::path::Path;
use crate::problem::{Code, Problem, Thing};
use crate::state::AppState;
use crate::timestamp::Timestamp;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use lastword_base::names::ConnectionId;
use lastword_domain::access::api_key::Scope;
use lastword_life::connection::delete as deleting;
use lastword_life::connection::keep::{self, Kept};
use lastword_life::engine::adapters::DraftProblem;
use lastword_life::engine::adapters::draft::{Draft, opened, plain, secret_keys};
use lastword_life::engine::adapters::kind::Kind;
use lastword_life::engine::stop::Deleted;
use lastword_store::connection::stored::{self, StoredConnection};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::fmt;
use std::sync::Arc;
use utoipa::ToSchema;

/// Keys of a connection that have fields of their own, or are sections of the settings file.
const NOT_SETTINGS: [&str; 2] = ["kind", "pass_on"];

/// A connection to create.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConnectionBody {
    /// Name: 1 to 40 lower-case letters, digits and hyphens. It cannot be changed.
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z0-9-]+$")]
    pub name: String,
    /// Kind of channel or desk: `telegram`, `webchat`, `chatwoot` …
    pub kind: String,
    /// Settings as in `lastword.toml`, secrets included. Secrets are stored sealed and never returned.
    #[schema(value_type = Object)]
    pub settings: Map<String, Value>,
    /// False to save without asking the platform first.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub test: bool,
}

/// Changes of a connection.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConnectionChangeBody {
    /// The version you read.
    pub version: i64,
    /// Settings to change. A missing key stays as it is, `null` removes a setting.
    #[schema(value_type = Object)]
    pub settings: Map<String, Value>,
    /// False to save without asking the platform first.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub test: bool,
}

fn yes() -> bool {
    true
}

/// The settings, which may be secrets, stay out of debug output.
impl fmt::Debug for NewConnectionBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewConnectionBody").field("name", &self.name).field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// The settings, which may be secrets, stay out of debug output.
impl fmt::Debug for ConnectionChangeBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectionChangeBody").field("version", &self.version).finish_non_exhaustive()
    }
}

/// A connection made by an admin.
#[derive(Debug, Serialize, ToSchema)]
pub struct ManagedConnectionOut {
    /// Its name.
    pub name: String,
    /// Kind of channel or desk.
    pub kind: String,
    /// Its settings without secrets.
    #[schema(value_type = Object)]
    pub settings: Map<String, Value>,
    /// Keys of its secrets. Their values are never returned.
    pub secrets: Vec<String>,
    /// Increases by one with each change. Send it with your next change.
    pub version: i64,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub changed_at: Timestamp,
    /// Author of the last change.
    pub changed_by: String,
}

fn shown(stored: StoredConnection) -> Result<ManagedConnectionOut, Problem> {
    Ok(ManagedConnectionOut {
        settings: plain(&stored)?,
        secrets: secret_keys(&stored)?.into_iter().collect(),
        name: stored.name.into(),
        kind: stored.kind,
        version: stored.version,
        created_at: Timestamp(stored.created_at),
        changed_at: Timestamp(stored.changed_at),
        changed_by: stored.changed_by,
    })
}

/// Gets the settings of a connection, without its secrets
///
/// Only of connections that were created on the pages or by this API; those of the settings file are in that file.
#[utoipa::path(
    get, path = "/v1/connections/{name}", operation_id = "getConnection", tag = "connections", security(("api_key" = ["connections:manage"])),
    params(("name" = String, Path, description = "The connection")),
    responses((status = 200, body = ManagedConnectionOut), (status = 404, body = Problem))
)]
pub async fn one(
    _: Caller<{ Scope::ConnectionsManage as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(name): Path<ConnectionId>,
) -> Result<Json<ManagedConnectionOut>, Problem> {
    Ok(Json(shown(find(&app, &name).await?)?))
}

/// Creates a connection
///
/// The platform is asked first whether it accepts the settings. Every node applies the connection without a restart.
#[utoipa::path(
    post, path = "/v1/connections", operation_id = "createConnection", tag = "connections", request_body = NewConnectionBody, security(("api_key" = ["connections:manage"])),
    responses(
        (status = 201, description = "Created", body = ManagedConnectionOut, headers(("Location" = String, description = "Path of the new object."))),
        (status = 409, description = "A connection of this name exists", body = Problem),
        (status = 422, description = "A setting is missing or wrong, or the platform refuses it; `field` names it", body = Problem),
    )
)]
pub async fn create(
    caller: Caller<{ Scope::ConnectionsManage as u8 }>,
    State(app): State<Arc<AppState>>,
    Body(body): Body<NewConnectionBody>,
) -> Result<Created<ManagedConnectionOut>, Problem> {
    let engine = &app.engine;
    let kind = kind(&app, &body.kind)?;
    let mut draft = Draft { name: body.name.into(), kind: kind.name.to_owned(), values: Map::new() };
    apply(&mut draft, body.settings)?;
    let fresh = || json!(hex::encode(engine.ids.bytes::<24>()));
    for setting in kind.all().filter(|setting| setting.made) {
        draft.values.entry(setting.key).or_insert_with(fresh);
    }
    let taken = || Problem::new(Code::Conflict, format!("A connection \"{}\" exists.", draft.name)).field("name");
    if keep::is_taken(engine, &draft.name).await? {
        return Err(taken());
    }
    judge(&app, &draft, body.test).await?;
    match keep::make(engine, &caller.by(), &kind, &draft, engine.now()).await? {
        Kept::Done(_) => Ok(Created(format!("/v1/connections/{}", draft.name), shown(find(&app, &draft.name).await?)?)),
        Kept::Taken | Kept::Unknown | Kept::Changed { .. } => Err(taken()),
    }
}

/// Changes a connection, or replaces a secret
///
/// Settings that are not named stay as they are, secrets included.
#[utoipa::path(
    patch, path = "/v1/connections/{name}", operation_id = "updateConnection", tag = "connections", request_body = ConnectionChangeBody, security(("api_key" = ["connections:manage"])),
    params(("name" = String, Path, description = "The connection")),
    responses(
        (status = 200, description = "Changed", body = ManagedConnectionOut),
        (status = 404, description = "No such connection, or it is one of the settings file", body = Problem),
        (status = 409, description = "It was changed since that version; `present` is its current state", body = Problem),
        (status = 422, description = "A setting is missing or wrong, or the platform refuses it; `field` names it", body = Problem),
    )
)]
pub async fn change(
    caller: Caller<{ Scope::ConnectionsManage as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(name): Path<ConnectionId>,
    Body(body): Body<ConnectionChangeBody>,
) -> Result<Json<ManagedConnectionOut>, Problem> {
    let engine = &app.engine;
    let before = find(&app, &name).await?;
    if before.version != body.version {
        return Err(outdated(before)?);
    }
    let kind = kind(&app, &before.kind)?;
    // Without the key that sealed them, secrets have to be sent again.
    let values = opened(&before, &engine.keys)?.whole().map_or_else(|| plain(&before), |draft| Ok(draft.values))?;
    let mut draft = Draft { name: name.clone(), kind: before.kind.clone(), values };
    apply(&mut draft, body.settings)?;
    judge(&app, &draft, body.test).await?;
    match keep::change(engine, &caller.by(), &kind, &draft, body.version, engine.now()).await? {
        Kept::Done(_) => Ok(Json(shown(find(&app, &name).await?)?)),
        Kept::Changed { .. } => Err(outdated(find(&app, &name).await?)?),
        Kept::Unknown | Kept::Taken => Err(Problem::missing(Thing::Connection, name.as_str())),
    }
}

/// Deletes a connection that is not in use
///
/// One that clients know is paused instead, on the page *Connections*.
#[utoipa::path(
    delete, path = "/v1/connections/{name}", operation_id = "deleteConnection", tag = "connections", security(("api_key" = ["connections:manage"])),
    params(("name" = String, Path, description = "The connection")),
    responses(
        (status = 204, description = "Deleted"),
        (status = 404, description = "No such connection, or it is one of the settings file", body = Problem),
        (status = 409, description = "The connection is still in use; `present.used_by` lists what uses it", body = Problem),
    )
)]
pub async fn delete(
    caller: Caller<{ Scope::ConnectionsManage as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(name): Path<ConnectionId>,
) -> Result<StatusCode, Problem> {
    match deleting::delete(&app.engine, &caller.by(), &name, app.engine.now()).await? {
        Deleted::Done => Ok(StatusCode::NO_CONTENT),
        Deleted::Unknown => Err(Problem::missing(Thing::Connection, name.as_str())),
        Deleted::Hangs(used_by) => Err(hangs(&format!("The connection {name}"), &used_by, "Pause it on the page Connections instead.")),
    }
}

async fn find(app: &AppState, name: &ConnectionId) -> Result<StoredConnection, Problem> {
    stored::find(&app.engine.db, name).await?.ok_or_else(|| Problem::missing(Thing::Connection, name.as_str()))
}

fn kind(app: &AppState, name: &str) -> Result<Kind, Problem> {
    let kinds = app.engine.adapters.kinds();
    let known: Vec<&str> = kinds.iter().map(|kind| kind.name).collect();
    let remedy = format!("Use one of {}.", known.join(", "));
    let problem = || Problem::invalid_field("kind", format!("There is no kind \"{name}\" in this build."), remedy);
    kinds.iter().find(|kind| kind.name == name).copied().ok_or_else(problem)
}

/// The problem for a change of an outdated version, with the present state.
fn outdated(present: StoredConnection) -> Result<Problem, Problem> {
    let detail = format!("The connection \"{}\" was changed by {} since that version.", present.name, present.changed_by);
    let remedy = "Read `present`, and send the change with its version.";
    Ok(Problem::new(Code::Conflict, detail).field("version").remedy(remedy).present(&shown(present)?))
}

/// Applies the sent settings: `null` removes one.
fn apply(draft: &mut Draft, sent: Map<String, Value>) -> Result<(), Problem> {
    for (key, value) in sent {
        if NOT_SETTINGS.contains(&key.as_str()) {
            let detail = format!("{key} is no setting of a connection that is made here.");
            let remedy = if key == "kind" { "Leave it out." } else { "Send its keys alone: `pass_on.url`, `pass_on.give_up_after_hours`." };
            return Err(Problem::invalid_field(&format!("settings.{key}"), detail, remedy));
        }
        match value {
            Value::Null => drop(draft.values.remove(&key)),
            value => drop(draft.values.insert(key, value)),
        }
    }
    Ok(())
}

/// Checks the settings, and tries them out on the platform if `test`.
async fn judge(app: &AppState, draft: &Draft, test: bool) -> Result<(), Problem> {
    let adapters = &app.engine.adapters;
    let mut wrong = adapters.check(draft).await;
    let checked = wrong.is_empty();
    if checked && test {
        wrong = adapters.try_out(draft).await.err().unwrap_or_default();
    }
    let Some(first) = wrong.first() else { return Ok(()) };
    let field = match first.key.as_str() {
        "" => "settings".to_owned(),
        "name" => "name".to_owned(),
        key => format!("settings.{key}"),
    };
    let words = |one: &DraftProblem| if one.key.is_empty() { one.message.clone() } else { format!("{}: {}", one.key, one.message) };
    let detail = wrong.iter().map(words).collect::<Vec<_>>().join("; ");
    let remedy = if checked { "Correct it, or send `test: false` to save it anyway." } else { "Correct it and send the call again." };
    Err(Problem::invalid_field(&field, detail, remedy))
}
