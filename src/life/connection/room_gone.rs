//! Notifies admins by another way that a room is gone: its hook was deleted, or the room was archived.

use crate::connection::admins::admins;
use crate::engine::Engine;
use crate::recipient::room::{ROOMS, plain_message};
use lastword_domain::connection::trouble::{Trouble, words};
use lastword_store::alert::recipient::{self, Recipient};
use lastword_store::connection::ConnectionState;
use lastword_store::question::delivery::{self, NewDelivery};
use lastword_store::{Millis, StoreError, line, transaction};
use serde_json::json;
use std::sync::Arc;

/// Notifies admins of rooms that are gone, once. Returns the number of scheduled messages.
pub(crate) async fn tell(engine: &Engine, states: &[ConnectionState], now: Millis) -> Result<usize, StoreError> {
    if engine.channels.get(&ROOMS.into()).is_none() {
        return Ok(0);
    }
    let recipients = recipient::all(&engine.db).await?;
    let gone: Vec<&Recipient> = recipients.iter().filter(|one| one.gone_at.is_some() && one.gone_notified_at.is_none()).collect();
    if gone.is_empty() {
        return Ok(0);
    }
    let (lines, mut told) = (line::all(&engine.db).await?, 0);
    for room in gone {
        // Through another connection if there is one, else through another room: this one is disabled.
        let elsewhere = admins(engine, &ROOMS.into(), states, (&recipients, &lines), now);
        let people = if elsewhere.is_empty() { admins(engine, &"".into(), states, (&recipients, &lines), now) } else { elsewhere };
        if people.is_empty() {
            tracing::error!(recipient = room.id, "a room is gone, and no recipient of alerts can be notified in another way");
        }
        let messages: Arc<Vec<NewDelivery>> = Arc::new(people.iter().map(|person| message(engine, room, person, now)).collect());
        let (id, count) = (room.id.clone(), messages.len());
        let step = transaction!(engine.db, [id, messages], async |tx| {
            let ours = recipient::gone_told(tx, &id, now).await?;
            if ours {
                delivery::schedule(tx, &messages).await?;
            }
            Ok(ours)
        });
        told += if step.await? { count } else { 0 };
    }
    engine.wake.ring();
    Ok(told)
}

fn message(engine: &Engine, room: &Recipient, person: &Recipient, now: Millis) -> NewDelivery {
    let language = person.language.as_deref().unwrap_or(&engine.options.language);
    let why = room.unreached_why.as_deref().unwrap_or_default();
    let mut text = words(language, Trouble::RoomGone, &room.name, why);
    if let Some(page) = engine.recipient_page(&room.id) {
        text = format!("{text}\n{page}");
    }
    let trouble = Trouble::RoomGone.as_str();
    let data = json!({ "recipient": room.id, "trouble": trouble, "reason": room.unreached_why, "since": room.gone_at });
    plain_message(engine, person, json!({ "kind": "recipient", "text": text, "data": data }).to_string(), now)
}
