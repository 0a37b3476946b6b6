//! Authenticates an API key and loads the program's scopes.

use crate::engine::Engine;
use lastword_base::names::KeyId;
use lastword_domain::access::api_key::Scope;
use lastword_domain::access::rights::Lines;
use lastword_store::access::api_key;
use lastword_store::{Millis, StoreError, transaction};
use std::collections::HashSet;

/// An authenticated program.
#[derive(Clone, Debug)]
pub struct Program {
    /// The key's ID.
    pub id: KeyId,
    /// Its name.
    pub name: String,
    /// Its scopes.
    pub scopes: Vec<Scope>,
    /// The lines that it is limited to.
    pub lines: Lines,
    /// Recorded last use of the key.
    pub last_used_at: Option<Millis>,
}

/// The program whose key has this hash. `None` if the key is unknown or revoked.
#[lastword_base::boxed]
pub async fn admit(engine: &Engine, hash: &str) -> Result<Option<Program>, StoreError> {
    let key = api_key::by_hash(&engine.db, hash).await?.filter(|key| key.revoked_at.is_none());
    Ok(key.map(|key| Program {
        // Scopes of a newer release are ignored.
        scopes: key.scopes.iter().filter_map(|word| Scope::parse(word)).collect(),
        id: key.id,
        name: key.name,
        lines: key.lines,
        last_used_at: key.last_used_at,
    }))
}

/// The hashes of all valid keys.
#[lastword_base::boxed]
pub async fn hashes(engine: &Engine) -> Result<HashSet<String>, StoreError> {
    api_key::hashes(&engine.db).await
}

/// Records the use of a key.
#[lastword_base::boxed]
pub async fn used(engine: &Engine, id: KeyId, now: Millis) -> Result<(), StoreError> {
    transaction!(engine.db, async |tx| { api_key::used(tx, id, now).await }).await
}
