//! Stores calls of platforms and desks that could not be used, with their body for some time, so that a person sees what was lost and why.

use crate::engine::Engine;
use lastword_base::names::ConnectionId;
use lastword_base::time::DAY;
use lastword_domain::connection::refusals::{NOT_SIGNED, Refusals, cause};
use lastword_store::connection::ConnectionState;
use lastword_store::records::refused_call::{self, CallDetails, RefusedCall};
use lastword_store::{Db, Millis, StoreError, transaction};
use std::collections::BTreeMap;

/// Maximum stored length of a body, in characters.
const WORDS_MAX: usize = 4_000;
/// Before the name of a connection whose address was called, in place of the ID of a key.
const KEY_OF_CONNECTION: &str = "connection:";

/// A call, or an event that a desk reported or that was found there, that could not be used.
#[derive(Clone, Debug)]
pub struct Unusable {
    /// Code of the problem.
    pub code: &'static str,
    /// The field with the problem.
    pub field: Option<&'static str>,
    /// Description of the problem.
    pub detail: String,
    /// The body.
    pub words: String,
    /// SHA-256 of the body in hex, or another unique value.
    pub hash: String,
}

/// Stores what arrived for `connection` and could not be used.
#[lastword_base::boxed]
pub async fn keep_unusable(engine: &Engine, connection: &ConnectionId, faults: Vec<Unusable>, now: Millis) -> Result<(), StoreError> {
    let call = |fault: Unusable| {
        let told = CallDetails {
            key: connection.to_string(),
            call: format!("POST /hooks/{connection}"),
            status: 200,
            code: fault.code.to_owned(),
            field: fault.field.map(str::to_owned),
            detail: fault.detail,
            words: fault.words,
        };
        RefusedCall { key_id: format!("{KEY_OF_CONNECTION}{connection}"), hash: fault.hash, at: now, told }
    };
    keep_refused(engine, faults.into_iter().map(call).collect()).await
}

/// Stores that a call to the address of `connection` was not authenticated. The body is not stored, because the caller is unknown. `why` names
/// the cause.
#[lastword_base::boxed]
pub async fn keep_unsigned(engine: &Engine, connection: &ConnectionId, why: &'static str, now: Millis) -> Result<(), StoreError> {
    let told = CallDetails {
        key: connection.to_string(),
        call: format!("POST /hooks/{connection}"),
        status: 401,
        code: NOT_SIGNED.to_owned(),
        field: None,
        detail: cause(why),
        words: String::new(),
    };
    keep_refused(
        engine,
        vec![RefusedCall { key_id: format!("{KEY_OF_CONNECTION}{connection}"), hash: format!("unsigned:{why}"), at: now, told }],
    )
    .await
}

/// Calls to the addresses of these connections that were refused in the last day, by connection; none for those without any.
///
/// # Errors
/// A database error.
#[lastword_base::boxed]
pub async fn refusals(db: &Db, states: &[ConnectionState], now: Millis) -> Result<BTreeMap<ConnectionId, Refusals>, StoreError> {
    let mut found: BTreeMap<ConnectionId, Refusals> = BTreeMap::new();
    for (key, code, at) in refused_call::since(db, now - DAY).await? {
        let called = key.strip_prefix(KEY_OF_CONNECTION).and_then(|name| states.iter().find(|state| state.name == name));
        let Some(state) = called else { continue };
        if !found.contains_key(&state.name) {
            let last = refused_call::page(db, Some(&key), i64::MAX, 1).await?.pop();
            let cause = last.map(|last| last.told.detail.trim_end_matches('.').to_owned()).unwrap_or_default();
            found.insert(state.name.clone(), Refusals { cause, ..Refusals::default() });
        }
        found.entry(state.name.clone()).or_default().add(code, at, state.heard_at);
    }
    Ok(found)
}

/// Stores refused calls.
#[lastword_base::boxed]
pub async fn keep_refused(engine: &Engine, mut calls: Vec<RefusedCall>) -> Result<(), StoreError> {
    if calls.is_empty() {
        return Ok(());
    }
    for call in &mut calls {
        // PostgreSQL's text type cannot store this character.
        call.told.words = call.told.words.chars().take(WORDS_MAX).collect::<String>().replace('\0', "\u{fffd}");
    }
    transaction!(engine.db, [calls], async |tx| { refused_call::keep(tx, &calls).await }).await
}
