//! Identifies the clients of a file by their IDs on the connections, so that one client has one ID however the file spells it.

use crate::life::engine::channels::Channels;
use crate::names::Place;
use lastword_contract::Address;
use lastword_contract::phone::{self, Country};
use lastword_import::PastClose;
use std::sync::Arc;

/// The connections, and the country of phone numbers without a country code.
#[derive(Clone, Debug)]
pub(super) struct People {
    pub(super) channels: Arc<Channels>,
    pub(super) country: Option<Country>,
}

impl People {
    /// Sets the client of a close. Returns the reason if the chat of its row cannot belong to the connection and is left out.
    pub(super) fn know(&self, close: &mut PastClose) -> Option<String> {
        if let Some(contact) = close.contact.take() {
            close.client = Some(self.contact(contact).into());
        }
        let Place { connection, chat } = close.place.take()?;
        let address = match self.channels.get(&connection) {
            Some(channel) => channel.admit(Address::chat(String::from(chat))),
            None => Ok(Address::chat(String::from(chat))),
        };
        match address {
            Ok(Address { chat, .. }) => {
                close.person = Some((self.channels.name_at(&connection, &chat), self.channels.identity(&connection, &chat)));
                close.place = Some(Place { connection, chat: chat.into() });
                None
            }
            Err(remedy) => Some(format!("the chat cannot be one of the connection {connection} and was left out. {remedy}")),
        }
    }

    /// An email address or a phone number by which a desk identifies a client, normalized.
    fn contact(&self, text: String) -> String {
        if text.contains('@') {
            return text.to_lowercase();
        }
        phone::read(&text, self.country).map_or(text, |digits| format!("+{digits}"))
    }
}
