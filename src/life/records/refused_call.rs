//! Stores calls of platforms and desks that could not be used, with their body for some time, so that a person sees what was lost and why.

use crate::engine::Engine;
use lastword_base::names::ConnectionId;
use lastword_base::time::DAY;
use lastword_domain::connection::refusals::{NOT_SIGNED, Refusals};
use lastword_store::connection::ConnectionState;
use lastword_store::records::refused_call::{self, CallDetails, RefusedCall};
use lastword_store::{Db, Millis, StoreError, transaction};

/// Maximum stored length of a body, in characters.
const WORDS_MAX: usize = 4_000;
/// Maximum calls of one connection that are examined.
const CALLS_MAX: i64 = 100;

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
        RefusedCall { key_id: format!("connection:{connection}"), hash: fault.hash, at: now, told }
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
    keep_refused(engine, vec![RefusedCall { key_id: format!("connection:{connection}"), hash: format!("unsigned:{why}"), at: now, told }])
        .await
}

/// The cause as a sentence, with what to compare. `why` is the adapter's word.
pub fn cause(why: &str) -> String {
    let remedy = match why {
        "webhook-signature" => "the signature is not that of this body under this secret: compare the secret on both sides",
        "webhook-timestamp is more than five minutes from now" => "synchronise the clocks of both machines, and sign when you send",
        "X-Hub-Signature-256" => "compare app_secret with the app secret on the app's page at Meta (App settings, Basic)",
        "hub.verify_token" => "give Meta the verify_token of this connection, or save here what Meta sends",
        why if why.contains("clocks") || why.starts_with("webhook-timestamp") => "synchronise both clocks with NTP",
        _ => "compare what is sent with the settings of this connection",
    };
    format!("{why}: {remedy}.")
}

/// Calls to the address of a connection that were refused in the last day; `None` if none was.
///
/// # Errors
/// A database error.
#[lastword_base::boxed]
pub async fn refusals(db: &Db, state: &ConnectionState, now: Millis) -> Result<Option<Refusals>, StoreError> {
    let calls = refused_call::page(db, Some(&format!("connection:{}", state.name)), i64::MAX, CALLS_MAX).await?;
    let calls: Vec<RefusedCall> = calls.into_iter().filter(|call| call.at > now - DAY).collect();
    let Some(last) = calls.first() else { return Ok(None) };
    let heard_at = state.heard_at.unwrap_or(Millis::MIN);
    let since_accepted = calls.iter().filter(|call| call.at >= heard_at).map(|call| call.told.code.clone()).collect();
    let cause = last.told.detail.trim_end_matches('.').to_owned();
    Ok(Some(Refusals { since_accepted, in_all: calls.len(), cause }))
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
