//! Seals secrets with the present key that were sealed with the previous one, so that the previous key can be removed from
//! the settings.

use crate::engine::Engine;
use crate::engine::adapters::draft::bound_to;
use crate::recipient::room::sealed_as;
use lastword_domain::access::sealed::{open, seal};
use lastword_store::alert::{push_browser, recipient};
use lastword_store::connection::{secret, stored};
use lastword_store::{StoreError, transaction};

/// Reseals secrets of connections, renewed or entered by admins, and addresses of browsers that the present key does not
/// open. Returns the number of resealed values.
#[lastword_base::boxed]
pub async fn reseal(engine: &Engine) -> Result<usize, StoreError> {
    // With one key there is nothing to do.
    if engine.keys.each().nth(1).is_none() {
        return Ok(0);
    }
    let mut done = 0;
    for kept in secret::all(&engine.db).await? {
        let Some(sealed) = anew(engine, kept.connection.as_str(), &kept.sealed) else { continue };
        transaction!(engine.db, [kept, sealed], async |tx| { secret::reseal(tx, &kept.connection, &kept.sealed, &sealed).await }).await?;
        done += 1;
    }
    for kept in stored::all(&engine.db).await? {
        let Some(sealed) = anew(engine, &bound_to(&kept.name), &kept.sealed) else { continue };
        transaction!(engine.db, [kept, sealed], async |tx| { stored::reseal(tx, &kept.name, &kept.sealed, &sealed).await }).await?;
        done += 1;
    }
    for (id, before) in push_browser::sealed(&engine.db).await? {
        let Some(sealed) = anew(engine, &id.to_string(), &before) else { continue };
        transaction!(engine.db, [before, sealed], async |tx| { push_browser::reseal(tx, id, &before, &sealed).await }).await?;
        done += 1;
    }
    for (id, before) in recipient::sealed(&engine.db).await? {
        let Some(sealed) = anew(engine, &sealed_as(&id), &before) else { continue };
        transaction!(engine.db, [id, before, sealed], async |tx| { recipient::reseal(tx, &id, &before, &sealed).await }).await?;
        done += 1;
    }
    if done > 0 {
        tracing::info!(count = done, "sealed secrets with security.key that were sealed with security.previous_key");
    }
    Ok(done)
}

/// The same text sealed with the present key; `None` if it already is, or if no key opens it.
fn anew(engine: &Engine, name: &str, sealed: &str) -> Option<String> {
    let present = engine.keys.each().next()?;
    if open(std::iter::once(present), name, sealed).is_some() {
        return None;
    }
    let text = open(engine.keys.each(), name, sealed)?;
    Some(seal(present, name, engine.ids.bytes(), &text))
}
