//! Keys of programs: made, listed, taken back. Only a key that may do everything manages keys, or it could make itself a
//! better one.

use super::reports::query::known_line;
use super::request::fields::word;
use crate::json::Body;
use crate::middleware::auth::Caller;
use crate::path::Path;
use crate::problem::{Problem, Thing};
use crate::state::AppState;
use crate::timestamp::Timestamp;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use lastword_domain::access::api_key::Scope;
use lastword_domain::access::rights::Lines;
use lastword_life::access::change_key;
use lastword_store::access::api_key::{self, ApiKey};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;
use utoipa::ToSchema;

/// The most lines that one key is limited to.
const LINES_MAX: usize = 200;

/// A key, without the key itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyOut {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Its first letters, to tell keys apart.
    pub prefix: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// The lines that it is limited to; none where it is for all of them.
    pub lines: Option<Vec<String>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

impl From<ApiKey> for KeyOut {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id,
            name: key.name,
            prefix: key.prefix,
            scopes: key.scopes,
            lines: match key.lines {
                Lines::All => None,
                Lines::Some(lines) => Some(lines.into_iter().collect()),
            },
            created_at: Timestamp(key.created_at),
            last_used_at: key.last_used_at.map(Timestamp),
            revoked_at: key.revoked_at.map(Timestamp),
        }
    }
}

/// All keys.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeysOut {
    /// The newest first, also those that were taken back.
    pub items: Vec<KeyOut>,
}

/// A key as you want it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyBody {
    /// What people call it.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// What it may do, such as `sessions:write`.
    #[schema(max_items = 50)]
    pub scopes: Vec<String>,
    /// The lines that it is limited to. Such a key cannot do what concerns the whole organisation.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub lines: Option<Vec<String>>,
}

/// A key that was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyMade {
    /// The whole key. It is kept nowhere, and never shown again.
    #[schema(example = "lw_…")]
    pub secret: String,
    /// What is kept of it.
    pub key: KeyOut,
}

/// All keys of programs
#[utoipa::path(
    get, path = "/v1/keys", operation_id = "listKeys", tag = "access", security(("api_key" = ["admin"])),
    responses((status = 200, body = KeysOut))
)]
pub async fn list(_: Caller<{ Scope::Admin as u8 }>, State(app): State<Arc<AppState>>) -> Result<Json<KeysOut>, Problem> {
    let items = api_key::all(&app.engine.db).await?.into_iter().map(KeyOut::from).collect();
    Ok(Json(KeysOut { items }))
}

/// Makes a key
///
/// The answer is the only place where the whole key stands.
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
            Lines::Some(BTreeSet::from_iter(lines))
        }
    };
    let made = change_key::create(&app.engine, &caller.by(), &name, &scopes, lines, app.engine.now()).await?;
    Ok((StatusCode::CREATED, Json(KeyMade { secret: made.key.text().to_owned(), key: made.row.into() })))
}

/// Takes a key back
///
/// It works nowhere any more within five seconds, and stays in the list.
#[utoipa::path(
    delete, path = "/v1/keys/{id}", operation_id = "revokeKey", tag = "access", security(("api_key" = ["admin"])),
    params(("id" = String, Path, description = "The key's id")),
    responses((status = 200, body = KeyOut), (status = 404, body = Problem))
)]
pub async fn revoke(
    caller: Caller<{ Scope::Admin as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<Json<KeyOut>, Problem> {
    let find = async || -> Result<ApiKey, Problem> {
        let found = api_key::all(&app.engine.db).await?.into_iter().find(|key| key.id == id);
        found.ok_or_else(|| Problem::missing(Thing::Key, &id))
    };
    // By its id alone: a prefix may be that of several keys.
    find().await?;
    change_key::revoke(&app.engine, &caller.by(), &id, app.engine.now()).await?;
    Ok(Json(find().await?.into()))
}
