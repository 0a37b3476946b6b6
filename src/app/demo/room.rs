//! The demo's chat room in the composition: the connection to rooms may call this machine, and the room is a recipient of all alerts
//! and of a weekly letter.

use crate::app::KINDS;
use crate::domain::access::audit::By;
use crate::domain::report::letter::Every;
use crate::id::Ids;
use crate::life::Engine;
use crate::life::admin::change_letter::save_letter;
use crate::life::admin::change_line::{save_line, save_recipient};
use crate::life::recipient::room::{NamedRoom, ROOMS, at_room};
use crate::life::report::letter::send_trial;
use crate::store::StoreError;
use crate::store::alert::recipient::Recipient;
use crate::store::line::{self, LineChange};
use crate::store::report::letter::Letter;
use crate::time::Millis;
use lastword_demo::cast::{LINES, ROOM};
use lastword_demo::page::Room;
use std::sync::Arc;

/// The room, and the server that it is on.
pub(super) struct TeamRoom {
    base: String,
    room: Arc<Room>,
}

impl TeamRoom {
    /// Creates the room on the server at `base`; `None` if this build lacks the adapter.
    pub(super) fn new(base: String, ids: &Ids) -> Option<Self> {
        KINDS.contains(&"room").then(|| Self { base, room: Arc::new(Room::new(&hex::encode(ids.bytes::<16>()))) })
    }

    /// Settings of the connection to rooms.
    pub(super) fn settings() -> String {
        format!("[connections.{ROOMS}]\nkind = \"room\"\nallow_private_networks = true\n")
    }

    /// The stand-in.
    pub(super) fn open(&self) -> Arc<Room> {
        self.room.clone()
    }

    /// Makes the room a recipient. It joins after the history, so it shows only what is sent from now on: first a letter.
    pub(super) async fn join(&self, engine: &Engine, now: Millis) -> Result<(), StoreError> {
        let by = By::nobody("demo");
        let known = Recipient { id: ROOM.0.to_owned(), name: ROOM.1.to_owned(), created_at: now, ..Recipient::default() };
        let named = NamedRoom { service: "slack".to_owned(), url: self.room.hook(&self.base), token: None };
        let recipient = match at_room(engine, known, named) {
            Ok(recipient) => recipient,
            Err(bad) => {
                tracing::warn!(problem = bad.problem, "the demo's room could not be made; the demo works without it");
                return Ok(());
            }
        };
        save_recipient(engine, recipient).await?;
        for &(id, ..) in LINES {
            let Some(line) = line::find(&engine.db, &id.into()).await? else { continue };
            let mut settings = line.settings;
            settings.alerts.recipients.push(ROOM.0.to_owned());
            let (seen_version, by) = (line.version, by.name.clone());
            save_line(engine, LineChange { id: line.id, name: line.name, settings, archived: false, seen_version, by, at: now }).await?;
        }
        let letter = Letter {
            id: "room".to_owned(),
            recipient_id: ROOM.0.to_owned(),
            every: Every::Weekly,
            hour: 8,
            lines: None,
            created_at: now,
            changed_at: now,
            changed_by: by.name.clone(),
        };
        save_letter(engine, &by, letter.clone(), now).await?;
        send_trial(engine, &by, &letter, now).await.map(drop)
    }
}
