//! An admin creates a connection, changes it, or replaces one of its secrets. Every node applies it without a restart.

use crate::engine::Engine;
use crate::engine::adapters::draft::{self, Draft, plain, secret_keys};
use crate::engine::adapters::kind::Kind;
use lastword_base::names::ConnectionId;
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_store::access::audit;
use lastword_store::connection::forward_outbox;
use lastword_store::connection::stored::{self, StoredConnection};
use lastword_store::{Millis, StoreError, transaction};
use serde_json::{Map, Value, json};

/// Result of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Stored under this version and applied on this node.
    Done(i64),
    /// A connection of this name exists.
    Taken,
    /// There is no connection of this name in the database.
    Unknown,
    /// It was changed meanwhile.
    Changed {
        /// Author of that change.
        by: String,
        /// Time of that change.
        at: Millis,
        /// Present version.
        version: i64,
    },
}

/// The page of this name creates connections.
const RESERVED: &str = "new";

/// True if a connection cannot have this name, because another one has it or a page does.
#[lastword_base::boxed]
pub async fn is_taken(engine: &Engine, name: &ConnectionId) -> Result<bool, StoreError> {
    if *name == RESERVED || engine.adapters.is_configured(name) {
        return Ok(true);
    }
    // Other nodes may have a connection of this name in their settings.
    let known = lastword_store::connection::all(&engine.db).await?;
    Ok(known.iter().any(|state| state.name == *name) || stored::find(&engine.db, name).await?.is_some())
}

/// Creates a connection. The caller has checked its settings.
#[lastword_base::boxed]
pub async fn make(engine: &Engine, by: &By, kind: &Kind, draft: &Draft, now: Millis) -> Result<Kept, StoreError> {
    if is_taken(engine, &draft.name).await? {
        return Ok(Kept::Taken);
    }
    let (settings, secrets, sealed) = draft.sealed(kind, &engine.keys, &engine.ids)?;
    let new = StoredConnection {
        name: draft.name.clone(),
        kind: draft.kind.clone(),
        settings,
        secrets,
        sealed,
        version: 1,
        created_at: now,
        changed_at: now,
        changed_by: by.name.clone(),
    };
    let entry = Entry::new(Act::ConnectionMade, new.name.as_str()).with(&Value::Null, &told(&new, &Map::new())?);
    let added = transaction!(engine.db, [engine, by, new, entry], async |tx| {
        let added = stored::add(tx, &new).await?;
        if added {
            audit::write(tx, engine.ids.next(now), now, &by, &entry).await?;
        }
        Ok(added)
    });
    if !added.await? {
        return Ok(Kept::Taken);
    }
    take_up(engine).await;
    Ok(Kept::Done(1))
}

/// Changes the connection of this name, if it still has this version. The caller has checked its settings.
#[lastword_base::boxed]
pub async fn change(engine: &Engine, by: &By, kind: &Kind, draft: &Draft, version: i64, now: Millis) -> Result<Kept, StoreError> {
    let Some(before) = stored::find(&engine.db, &draft.name).await? else { return Ok(Kept::Unknown) };
    if before.version != version {
        return Ok(Kept::Changed { by: before.changed_by, at: before.changed_at, version: before.version });
    }
    let (settings, secrets, sealed) = draft.sealed(kind, &engine.keys, &engine.ids)?;
    let replaced = replaced(engine, &before, draft, kind)?;
    let after = StoredConnection {
        settings,
        secrets,
        sealed,
        version: version + 1,
        changed_at: now,
        changed_by: by.name.clone(),
        ..before.clone()
    };
    let entry = Entry::new(Act::ConnectionChanged, before.name.as_str()).with(&told(&before, &Map::new())?, &told(&after, &replaced)?);
    let passes_on = draft.passes_on();
    let changed = transaction!(engine.db, [engine, by, after, entry], async |tx| {
        let changed = stored::change(tx, &after, version).await?;
        if changed {
            if !passes_on {
                forward_outbox::take_out(tx, &after.name).await?;
            }
            audit::write(tx, engine.ids.next(now), now, &by, &entry).await?;
        }
        Ok(changed)
    });
    if changed.await? {
        take_up(engine).await;
        return Ok(Kept::Done(after.version));
    }
    Ok(match stored::find(&engine.db, &draft.name).await? {
        Some(now_there) => Kept::Changed { by: now_there.changed_by, at: now_there.changed_at, version: now_there.version },
        None => Kept::Unknown,
    })
}

/// Applies the stored change on this node immediately. If that fails, the node's next periodic check applies it.
pub(super) async fn take_up(engine: &Engine) {
    if let Err(error) = engine.adapters.reload().await {
        tracing::warn!(%error, "a change of a connection is stored but could not be applied yet; it will be retried");
    }
    engine.wake.ring();
}

/// The secrets that changed, as fields of the audit log. If the previous ones cannot be opened, all of them.
fn replaced(engine: &Engine, before: &StoredConnection, draft: &Draft, kind: &Kind) -> Result<Map<String, Value>, StoreError> {
    let former = draft::opened(before, &engine.keys)?.whole().map(|former| former.values).unwrap_or_default();
    let other = |key: &String| former.get(key) != draft.values.get(key);
    Ok(draft.secrets(kind).into_iter().filter(other).map(|key| (key, json!("replaced"))).collect())
}

/// A connection as shown in the audit log: for secrets only that they exist, or were replaced.
pub(super) fn told(stored: &StoredConnection, replaced: &Map<String, Value>) -> Result<Value, StoreError> {
    let mut told = plain(stored)?;
    told.extend(secret_keys(stored)?.into_iter().map(|key| (key, json!("set"))));
    told.extend(replaced.clone());
    told.insert("kind".to_owned(), json!(stored.kind));
    Ok(Value::Object(told))
}
