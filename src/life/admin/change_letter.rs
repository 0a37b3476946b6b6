//! Creates, changes and deletes letters.

use crate::engine::Engine;
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_domain::line::BadSetting;
use lastword_store::access::audit;
use lastword_store::alert::recipient;
use lastword_store::report::letter::{self, Letter};
use lastword_store::{Millis, StoreError, line, transaction};
use serde_json::{Value, json};
use std::sync::Arc;

/// Result of saving a letter.
#[derive(Debug)]
pub enum Saved {
    /// Saved.
    Letter(Box<Letter>),
    /// Invalid: the field and the remedy.
    Bad(BadSetting),
}

/// Saves a letter, and records the change in the audit log.
#[lastword_base::boxed]
pub async fn save_letter(engine: &Engine, by: &By, letter: Letter, now: Millis) -> Result<Saved, StoreError> {
    if let Some(bad) = check(engine, &letter).await? {
        return Ok(Saved::Bad(bad));
    }
    let before = letter::all(&engine.db).await?.into_iter().find(|known| known.id == letter.id);
    let facts = Arc::new((engine.clone(), by.clone(), letter.clone(), before));
    transaction!(engine.db, [facts], async |tx| {
        let (engine, by, letter, before) = &*facts;
        letter::save(tx, letter).await?;
        let before = before.as_ref().map_or(Value::Null, told_of);
        let entry = Entry::new(Act::LetterSaved, &letter.id).with(&before, &told_of(letter));
        audit::write(tx, engine.ids.next(now), now, by, &entry).await?;
        Ok(())
    })
    .await?;
    Ok(Saved::Letter(Box::new(letter)))
}

async fn check(engine: &Engine, letter: &Letter) -> Result<Option<BadSetting>, StoreError> {
    let bad = |field: &str, problem: String| Ok(Some(BadSetting { field: field.to_owned(), problem }));
    let fits = (1..=64).contains(&letter.id.len()) && letter.id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b));
    if !fits {
        return bad("id", "write 1 to 64 letters, digits and - _ . :".to_owned());
    }
    if !(0..24).contains(&letter.hour) {
        return bad("hour", "write an hour of the day, 0 to 23".to_owned());
    }
    if !recipient::all(&engine.db).await?.iter().any(|recipient| recipient.id == letter.recipient_id) {
        return bad("recipient", format!("there is no recipient \"{}\"; name one of GET /v1/recipients", letter.recipient_id));
    }
    let names = line::names(&engine.db).await?;
    match letter.lines.as_deref() {
        Some([]) => bad("lines", "name at least one line, or leave it out for all of them".to_owned()),
        Some(lines) => match lines.iter().find(|id| !names.contains_key(*id)) {
            Some(unknown) => bad("lines", format!("there is no line \"{unknown}\"; name one of GET /v1/lines")),
            None => Ok(None),
        },
        None => Ok(None),
    }
}

/// Deletes a letter. Returns whether it existed.
#[lastword_base::boxed]
pub async fn delete_letter(engine: &Engine, by: &By, id: &str, now: Millis) -> Result<bool, StoreError> {
    let facts = Arc::new((engine.clone(), by.clone(), id.to_owned()));
    transaction!(engine.db, [facts], async |tx| {
        let (engine, by, id) = &*facts;
        let there = letter::delete(tx, id).await?;
        if there {
            audit::write(tx, engine.ids.next(now), now, by, &Entry::new(Act::LetterDeleted, id)).await?;
        }
        Ok(there)
    })
    .await
}

/// Summary of a letter for the audit log.
fn told_of(letter: &Letter) -> Value {
    json!({ "recipient": letter.recipient_id, "every": letter.every, "hour": letter.hour, "lines": letter.lines })
}
