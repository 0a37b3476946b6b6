//! A desk told us something that we could not take: its words are kept for some time, so that a person sees what was lost and
//! why.

use super::engine::Engine;
use crate::store::StoreError;
use crate::store::refused_call::{self, RefusedCall};

/// The most of a desk's words that is kept, in characters.
const WORDS_MAX: usize = 4_000;

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
