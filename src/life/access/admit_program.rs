//! A program shows its API key: who it is, and what it may do.

use crate::engine::Engine;
use lastword_domain::access::api_key::Scope;
use lastword_domain::access::rights::Lines;
use lastword_store::access::api_key;
use lastword_store::{Millis, StoreError};
use std::collections::HashSet;

/// A program that may call.
#[derive(Clone, Debug)]
pub struct Program {
    /// The key's id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// The lines that it is limited to.
    pub lines: Lines,
    /// When the key was last used, as far as that is written down.
    pub last_used_at: Option<Millis>,
}

/// Whose key has this hash. `None` for an unknown or revoked one.
///
/// # Errors
/// The database's error.
pub async fn admit(engine: &Engine, hash: &str) -> Result<Option<Program>, StoreError> {
    let key = api_key::by_hash(&engine.db, hash).await?.filter(|key| key.revoked_at.is_none());
    Ok(key.map(|key| Program {
        // A scope of a newer release is no scope here.
        scopes: key.scopes.iter().filter_map(|word| Scope::parse(word)).collect(),
        id: key.id,
        name: key.name,
        lines: key.lines,
        last_used_at: key.last_used_at,
    }))
}

/// The hashes of all keys in use.
///
/// # Errors
/// The database's error.
pub async fn hashes(engine: &Engine) -> Result<HashSet<String>, StoreError> {
    api_key::hashes(&engine.db).await
}

/// Writes down that a key was used.
///
/// # Errors
/// The database's error.
pub async fn used(engine: &Engine, id: &str, now: Millis) -> Result<(), StoreError> {
    let id = id.to_owned();
    engine
        .db
        .write(move |tx| {
            let id = id.clone();
            Box::pin(async move { api_key::used(tx, &id, now).await })
        })
        .await
}
