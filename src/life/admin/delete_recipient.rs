//! Deletes a recipient that no line and no group names. Its alerts stay in the list of alerts.

use super::change_line::told_of;
use crate::engine::Engine;
use crate::engine::stop::Deleted;
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_store::access::audit;
use lastword_store::alert::end;
use lastword_store::alert::recipient::{self, Recipient};
use lastword_store::line::{self, Line};
use lastword_store::{Millis, StoreError, transaction};
use serde_json::Value;

/// Deletes a recipient without dependent data.
#[lastword_base::boxed]
pub async fn delete_recipient(engine: &Engine, by: &By, id: &str, now: Millis) -> Result<Deleted, StoreError> {
    let lines = line::all(&engine.db).await?;
    transaction!(engine.db, [engine, by, id, lines], async |tx| {
        let Some(found) = recipient::hold(tx, &[&id]).await?.pop() else { return Ok(Deleted::Unknown) };
        let mut hanging = named_by(&id, &lines, &recipient::all_in(tx).await?);
        let under_way = end::under_way(tx, &id).await?;
        hanging.extend((under_way > 0).then(|| format!("{under_way} messages that have not been sent yet")));
        if !hanging.is_empty() {
            return Ok(Deleted::Hangs(hanging));
        }
        recipient::delete(tx, &id).await?;
        let entry = Entry::new(Act::RecipientDeleted, &id).with(&told_of(&found), &Value::Null);
        audit::write(tx, engine.ids.next(now), now, &by, &entry).await?;
        Ok(Deleted::Done)
    })
    .await
}

fn named_by(id: &str, lines: &[Line], recipients: &[Recipient]) -> Vec<String> {
    let names = |line: &&Line| line.settings.alerts.named().any(|name| name == id);
    let lines = lines.iter().filter(names).map(|line| format!("the line {}", line.id));
    let groups = recipients.iter().filter(|group| group.members.iter().any(|member| member == id));
    lines.chain(groups.map(|group| format!("the group {}", group.id))).collect()
}
