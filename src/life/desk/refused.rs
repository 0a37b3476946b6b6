//! Stores desk events that could not be used, with their body for some time, so that a person sees what was lost and why.

use crate::engine::Engine;
use lastword_base::names::ConnectionId;
use lastword_store::records::refused_call::{self, CallDetails, RefusedCall};
use lastword_store::{Millis, StoreError, transaction};

/// Maximum stored length of a desk's body, in characters.
const WORDS_MAX: usize = 4_000;

/// Code of a call without valid authentication.
pub const NOT_SIGNED: &str = "not_signed";
/// Code of a call that could not be parsed.
pub const UNREADABLE: &str = "unreadable";

/// An event that a desk reported, or that was found there, and could not be used.
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

/// Stores events of the desk of `connection` that could not be used.
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

/// Stores that a call to the desk address of `connection` was not authenticated. `why` names the cause.
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

/// The cause as a sentence, with what to compare.
fn cause(why: &str) -> String {
    let remedy = match why {
        "webhook-signature" => "the signature is not that of this body under this secret: compare the secret on both sides",
        "webhook-timestamp is more than five minutes from now" => "synchronise the clocks of both machines, and sign when you send",
        why if why.contains("clocks") => "synchronise both clocks with NTP",
        _ => "compare what the desk sends with the settings of this connection",
    };
    format!("{why}: {remedy}.")
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
