//! API keys: create, list, revoke. Requires the `admin` scope; any other key could give itself more rights.

use super::reports::query::known_line;
use super::request::fields::word;
use crate::auth::Caller;
use crate::json::Body;
use crate::path::PathId;
use crate::problem::{Problem, Thing};
use crate::state::AppState;
use crate::timestamp::Timestamp;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use lastword_base::names::{KeyId, LineId};
use lastword_domain::access::api_key::Scope;
use lastword_domain::access::rights::Lines;
use lastword_life::access::change_key;
use lastword_store::access::api_key::{self, ApiKey};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// Maximum number of lines to which a key is limited.
const LINES_MAX: usize = 200;

/// An API key, without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub struct KeyOut {
    /// ID of the key.
    pub id: String,
    /// Name of the key.
    pub name: String,
    /// First characters of the secret, to identify the key.
    pub prefix: String,
    /// Granted scopes.
    pub scopes: Vec<String>,
    /// Lines to which the key is limited; `null` if it applies to all lines.
    pub lines: Option<Vec<String>>,
    /// Time the key was created.
    pub created_at: Timestamp,
    /// Time the key was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// Time the key was revoked.
    pub revoked_at: Option<Timestamp>,
}

impl From<ApiKey> for KeyOut {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id.to_string(),
            name: key.name,
            prefix: key.prefix,
            scopes: key.scopes,
            lines: match key.lines {
                Lines::All => None,
                Lines::Some(lines) => Some(lines.into_iter().map(String::from).collect()),
            },
            created_at: Timestamp(key.created_at),
            last_used_at: key.last_used_at.map(Timestamp),
            revoked_at: key.revoked_at.map(Timestamp),
        }
    }
}

/// All keys.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKeys)]
pub struct KeysOut {
    /// The keys, newest first, including revoked ones.
    pub items: Vec<KeyOut>,
}

/// A key to create.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ApiKeyBody)]
#[serde(deny_unknown_fields)]
pub struct KeyBody {
    /// Name of the key.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// Scopes to grant, such as `sessions:write`.
    #[schema(max_items = 50)]
    pub scopes: Vec<String>,
    /// Lines to which the key is limited. Such a key cannot make calls that concern the whole organisation.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub lines: Option<Vec<String>>,
}

/// A new key.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKeyCreated)]
pub struct KeyMade {
    /// The secret. It is not stored and never shown again.
    #[schema(example = "lw_…")]
    pub secret: String,
    /// The stored data of the key.
    pub key: KeyOut,
}

/// Lists all API keys
#[utoipa::path(
    get, path = "/v1/keys", operation_id = "listKeys", tag = "access", security(("api_key" = ["admin"])),
    responses((status = 200, body = KeysOut))
)]
pub async fn list(_: Caller<{ Scope::Admin as u8 }>, State(app): State<Arc<AppState>>) -> Result<Json<KeysOut>, Problem> {
    let items = api_key::all(&app.engine.db).await?.into_iter().map(KeyOut::from).collect();
    Ok(Json(KeysOut { items }))
}

/// Creates an API key
///
/// The response is the only place where the whole secret is shown.
#[utoipa::path(
    post, path = "/v1/keys", operation_id = "createKey", tag = "access", request_body = KeyBody, security(("api_key" = ["admin"])),
    responses((status = 201, body = KeyMade), (status = 422, body = Problem))
)]
pub async fn create(
    caller: Caller<{ Scope::Admin as u8 }>,
    State(app): State<Arc<AppState>>,
    Body(body): Body<KeyBody>,
) -> Result<(StatusCode, Json<KeyMade>), Problem> {
    let name = word("name", body.name)?;
    let mut scopes = Vec::new();
    for (at, word) in body.scopes.iter().enumerate() {
        let scope = Scope::parse(word).ok_or_else(|| {
            let words: Vec<&str> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
            let short: String = word.chars().take(40).collect();
            let remedy = format!("Choose among {}.", words.join(", "));
            Problem::invalid_field(&format!("scopes[{at}]"), format!("There is no scope \"{short}\"."), remedy)
        })?;
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    if scopes.is_empty() {
        return Err(Problem::invalid_field("scopes", "A key needs at least one scope.", "Name at least one scope."));
    }
    let lines = match body.lines {
        None => Lines::All,
        Some(lines) if lines.is_empty() || lines.len() > LINES_MAX => {
            let remedy = format!("Name 1 to {LINES_MAX} lines, or leave the field out for all of them.");
            return Err(Problem::invalid_field("lines", "A key cannot be limited to these lines.", remedy));
        }
        Some(lines) => {
            for line in &lines {
                known_line(&app, Some(line)).await.map_err(|problem| problem.field("lines"))?;
            }
            Lines::Some(lines.into_iter().map(LineId::from).collect())
        }
    };
    let made = change_key::create(&app.engine, &caller.by(), &name, &scopes, lines, app.engine.now()).await?;
    Ok((StatusCode::CREATED, Json(KeyMade { secret: made.key.text().to_owned(), key: made.row.into() })))
}

/// Revokes an API key
///
/// It stops working on all nodes within five seconds and stays in the list.
#[utoipa::path(
    delete, path = "/v1/keys/{id}", operation_id = "revokeKey", tag = "access", security(("api_key" = ["admin"])),
    params(("id" = String, Path, description = "ID of the key")),
    responses((status = 200, body = KeyOut), (status = 404, body = Problem))
)]
pub async fn revoke(
    caller: Caller<{ Scope::Admin as u8 }>,
    State(app): State<Arc<AppState>>,
    PathId(id): PathId<KeyId>,
) -> Result<Json<KeyOut>, Problem> {
    let find = async || -> Result<ApiKey, Problem> {
        let found = api_key::all(&app.engine.db).await?.into_iter().find(|key| key.id == id);
        found.ok_or_else(|| Problem::missing(Thing::Key, id))
    };
    // Only by ID: several keys can have the same prefix.
    find().await?;
    change_key::revoke(&app.engine, &caller.by(), &id.to_string(), app.engine.now()).await?;
    Ok(Json(find().await?.into()))
}
