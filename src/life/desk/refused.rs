//! A desk told us something that we could not take: its words are kept for some time, so that a person sees what was lost and
//! why.

use crate::engine::Engine;
use lastword_store::records::refused_call::{self, CallDetails, RefusedCall};
use lastword_store::{Millis, StoreError};

/// The most of a desk's words that is kept, in characters.
const WORDS_MAX: usize = 4_000;

/// The code of a call that did not prove who made it.
pub const NOT_SIGNED: &str = "not_signed";
/// The code of a call that could not be read.
pub const UNREADABLE: &str = "unreadable";

/// What a desk told, or was found at it, and could not be used.
#[derive(Clone, Debug)]
pub struct Unusable {
    /// What was wrong, as a stable word.
    pub code: &'static str,
    /// The field that is meant.
    pub field: Option<&'static str>,
    /// What was wrong, for people.
    pub detail: String,
    /// The desk's words.
    pub words: String,
    /// SHA-256 of those words in hex, or whatever tells them from others.
    pub hash: String,
}

/// Keeps what the desk of `connection` told in vain.
///
/// # Errors
/// The database's error.
pub async fn keep_unusable(engine: &Engine, connection: &str, faults: Vec<Unusable>, now: Millis) -> Result<(), StoreError> {
    let call = |fault: Unusable| {
        let told = CallDetails {
            key: connection.to_owned(),
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

/// Keeps that a call at the address of the desk of `connection` did not prove who made it. `why` names the cause.
///
/// # Errors
/// The database's error.
pub async fn keep_unsigned(engine: &Engine, connection: &str, why: &'static str, now: Millis) -> Result<(), StoreError> {
    let told = CallDetails {
        key: connection.to_owned(),
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

/// The cause in a sentence, with what to compare.
fn cause(why: &str) -> String {
    let remedy = match why {
        "webhook-signature" => "the signature is not that of this body under this secret: compare the secret on both sides",
        "webhook-timestamp is more than five minutes from now" => "synchronise the clocks of both machines, and sign when you send",
        why if why.contains("clocks") => "synchronise both clocks with NTP",
        _ => "compare what the desk sends with the settings of this connection",
    };
    format!("{why}: {remedy}.")
}

/// Keeps refused calls.
///
/// # Errors
/// The database's error.
pub async fn keep_refused(engine: &Engine, mut calls: Vec<RefusedCall>) -> Result<(), StoreError> {
    if calls.is_empty() {
        return Ok(());
    }
    for call in &mut calls {
        // A text of PostgreSQL cannot hold this character.
        call.told.words = call.told.words.chars().take(WORDS_MAX).collect::<String>().replace('\0', "\u{fffd}");
    }
    engine
        .db
        .write(move |tx| {
            let calls = calls.clone();
            Box::pin(async move { refused_call::keep(tx, &calls).await })
        })
        .await
}
