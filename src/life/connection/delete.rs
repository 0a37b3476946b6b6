//! An admin deletes a connection that is not in use. One that clients know is paused instead.

use super::keep::{take_up, told};
use crate::engine::Engine;
use crate::engine::adapters::draft::plain;
use crate::engine::stop::Deleted;
use lastword_base::names::ConnectionId;
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_store::access::audit;
use lastword_store::alert::recipient;
use lastword_store::connection;
use lastword_store::connection::forward_outbox;
use lastword_store::connection::stored::{self, Hanging};
use lastword_store::{Millis, StoreError, line, transaction};
use serde_json::{Map, Value};

/// Deletes a connection that was made by an admin and is not in use.
#[lastword_base::boxed]
pub async fn delete(engine: &Engine, by: &By, name: &ConnectionId, now: Millis) -> Result<Deleted, StoreError> {
    let Some(found) = stored::find(&engine.db, name).await? else { return Ok(Deleted::Unknown) };
    let users = named_by(engine, name).await?;
    let entry = Entry::new(Act::ConnectionDeleted, name.as_str()).with(&told(&found, &Map::new())?, &Value::Null);
    let version = found.version;
    let deleted = transaction!(engine.db, [engine, by, name, users, entry], async |tx| {
        let hanging = [users, in_words(stored::hanging(tx, &name).await?)].concat();
        if !hanging.is_empty() {
            return Ok(Deleted::Hangs(hanging));
        }
        if !stored::delete(tx, &name, version).await? {
            return Ok(Deleted::Unknown);
        }
        forward_outbox::take_out(tx, &name).await?;
        connection::forget(tx, &name).await?;
        audit::write(tx, engine.ids.next(now), now, &by, &entry).await?;
        Ok(Deleted::Done)
    })
    .await?;
    if deleted == Deleted::Done {
        take_up(engine).await;
    }
    Ok(deleted)
}

/// Users of the connection, as parts of a sentence.
async fn named_by(engine: &Engine, name: &ConnectionId) -> Result<Vec<String>, StoreError> {
    let mut named = Vec::new();
    for recipient in recipient::all(&engine.db).await?.iter().filter(|recipient| recipient.connection.as_ref() == Some(name)) {
        named.push(format!("the recipient {}", recipient.name));
    }
    for line in line::all(&engine.db).await?.iter().filter(|line| line.settings.window.fallback.as_ref() == Some(name)) {
        named.push(format!("the line {}", line.name));
    }
    for other in stored::all(&engine.db).await?.iter().filter(|other| other.name != *name) {
        let asks_through = plain(other)?;
        let through = asks_through.get("ask_through").and_then(Value::as_object);
        if through.is_some_and(|through| through.values().any(|value| value.as_str() == Some(name.as_str()))) {
            named.push(format!("the connection {}", other.name));
        }
    }
    Ok(named)
}

fn in_words(hanging: Hanging) -> Vec<String> {
    let messages = (hanging.messages > 0).then(|| format!("{} messages that have not been sent yet", hanging.messages));
    let conversations = hanging.conversations.then(|| "conversations with clients".to_owned());
    messages.into_iter().chain(conversations).chain(hanging.chats.then(|| "chats that it reported".to_owned())).collect()
}
