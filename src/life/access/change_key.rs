//! API keys of programs: create and revoke. A new key is shown once.

use crate::engine::Engine;
use lastword_domain::access::api_key::{ApiKey, Scope};
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_domain::access::rights::Lines;
use lastword_store::access::api_key::{self, ApiKey as Row};
use lastword_store::access::audit;
use lastword_store::{Millis, StoreError, transaction};
use serde_json::{Value, json};

/// A new key.
pub struct Made {
    /// Its row.
    pub row: Row,
    /// The whole key: not stored.
    pub key: ApiKey,
}

/// Creates a key for some lines or all of them.
#[lastword_base::boxed]
pub async fn create(engine: &Engine, by: &By, name: &str, scopes: &[Scope], lines: Lines, now: Millis) -> Result<Made, StoreError> {
    let key = ApiKey::generate(engine.ids.bytes());
    let row = Row {
        id: engine.ids.next(now),
        name: name.to_owned(),
        prefix: key.prefix().to_owned(),
        hash: key.hash(),
        scopes: scopes.iter().map(|scope| scope.as_str().to_owned()).collect(),
        lines,
        created_at: now,
        last_used_at: None,
        revoked_at: None,
    };
    transaction!(engine.db, [engine, by, row], async |tx| {
        api_key::insert(tx, &row).await?;
        let lines = match &row.lines {
            Lines::All => Value::Null,
            Lines::Some(lines) => json!(lines),
        };
        let after = json!({ "name": row.name, "prefix": row.prefix, "scopes": row.scopes, "lines": lines });
        let entry = Entry::new(Act::KeyCreated, row.id).with(&Value::Null, &after);
        audit::write(tx, engine.ids.next(now), now, &by, &entry).await
    })
    .await?;
    Ok(Made { row, key })
}

/// Revokes a key by its ID. Returns whether there was a valid one.
#[lastword_base::boxed]
pub async fn revoke(engine: &Engine, by: &By, id: &str, now: Millis) -> Result<bool, StoreError> {
    transaction!(engine.db, [engine, by, id], async |tx| {
        let revoked = api_key::revoke(tx, &id, now).await? > 0;
        if revoked {
            let entry = Entry::new(Act::KeyRevoked, &id).with(&json!({ "works": true }), &json!({ "works": false }));
            audit::write(tx, engine.ids.next(now), now, &by, &entry).await?;
        }
        Ok(revoked)
    })
    .await
}
