//! Deletes a line without dependent data: created by mistake, or never used. A line with any close cannot be deleted, only
//! archived.

use super::change_line::summary;
use crate::engine::Engine;
use crate::engine::stop::Deleted;
use lastword_base::names::LineId;
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_store::access::audit;
use lastword_store::records::line_deletion::{self, Hanging};
use lastword_store::{Millis, StoreError, line, transaction};
use serde_json::Value;

/// Dependent data of a line, as parts of a sentence; empty if there is none.
fn in_words(hanging: &Hanging) -> Vec<String> {
    let counted = |count: i64, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        1_000.. => Some(format!("1000 {many} or more")),
        _ => Some(format!("{count} {many}")),
    };
    let named = |names: &[String], what: &str| (!names.is_empty()).then(|| format!("{what} {}", names.join(", ")));
    let parts = [
        counted(hanging.closes, "close", "closes"),
        counted(hanging.sessions, "session", "sessions"),
        named(&hanging.people, "the people who see it:"),
        named(&hanging.templates, "its reply templates:"),
        named(&hanging.keys, "the API keys that are limited to it:"),
    ];
    parts.into_iter().flatten().collect()
}

/// Deletes a line without dependent data.
#[lastword_base::boxed]
pub async fn delete_line(engine: &Engine, by: &By, id: &LineId, now: Millis) -> Result<Deleted, StoreError> {
    transaction!(engine.db, [engine, by, id], async |tx| {
        let Some(found) = line::load(tx, &id).await? else { return Ok(Deleted::Unknown) };
        let hanging = in_words(&line_deletion::hanging(tx, &id).await?);
        if !hanging.is_empty() {
            return Ok(Deleted::Hangs(hanging));
        }
        line_deletion::delete(tx, &id).await?;
        let before = summary(&found.name, &found.settings, found.archived_at.is_some());
        let entry = Entry::new(Act::LineDeleted, id.as_str()).with(&before, &Value::Null).on_line(&id);
        audit::write(tx, engine.ids.next(now), now, &by, &entry).await?;
        Ok(Deleted::Done)
    })
    .await
}
