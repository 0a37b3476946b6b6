//! A person, with all names and places under which they are known.

use crate::engine::channels::Channels;
use crate::engine::other_address::others;
use crate::facts::inbound::Arrived;
use lastword_base::names::{ChatId, ClientId, ConnectionId, Place};
use lastword_contract::Address;
use lastword_domain::answer::opt_out::MarkKey;
use lastword_store::StoreError;
use lastword_store::question::rating_request::RatingRequest;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A person, with all names and places under which they are known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Person {
    client: Option<ClientId>,
    /// Their conversations, each with the name of the person there.
    places: BTreeMap<Place, ClientId>,
}

impl Person {
    /// Their id, where one is known.
    pub(super) fn client(&self) -> Option<&ClientId> {
        self.client.as_ref()
    }

    /// The client of a rating request; `known` are the places that belong to one client only.
    ///
    /// # Errors
    /// If the stored addresses of the rating request cannot be parsed.
    pub(super) fn of_request(
        channels: &Channels,
        request: &RatingRequest,
        known: &HashMap<ClientId, Vec<Place>>,
    ) -> Result<Self, StoreError> {
        let person = request.client_id.as_ref().map(|client| Self::of_client(channels, client, known)).unwrap_or_default();
        let others = others(request)?.into_iter();
        let others = others.map(|other| Place { connection: other.connection, chat: other.address.chat.into() });
        Ok(others.fold(person, |person, place| person.heard(channels, place)))
    }

    /// A client, with the places that belong only to them.
    pub(super) fn of_client(channels: &Channels, client: &ClientId, known: &HashMap<ClientId, Vec<Place>>) -> Self {
        let person = Self { client: Some(client.clone()), ..Self::default() };
        known.get(client).into_iter().flatten().cloned().fold(person, |person, place| person.heard(channels, place))
    }

    /// Adds the conversation in which they were heard.
    pub(super) fn heard(mut self, channels: &Channels, here: Place) -> Self {
        let name = channels.name_at(&here.connection, &here.chat);
        let chat = channels.identity(&here.connection, &here.chat);
        self.places.insert(Place { chat, ..here }, name);
        self
    }

    /// Adds the sender of an event: the conversation, and the person's own ID if the platform sends it. WhatsApp knows a client by
    /// number and by an ID, and a later event may contain only one of them. In a group only the conversation is added.
    pub(super) fn with_sender(self, channels: &Channels, one: &Arrived, by: &Address) -> Self {
        let in_group = channels.get(&one.connection).is_some_and(|channel| channel.is_group(by));
        let own = by.user.clone().filter(|_| !in_group);
        let person = self.heard(channels, Place { connection: one.connection.clone(), chat: ChatId::from(&by.chat) });
        own.into_iter().fold(person, |person, id| person.heard(channels, Place { connection: one.connection.clone(), chat: id.into() }))
    }

    /// Their conversations.
    pub(super) fn places(&self) -> impl Iterator<Item = &Place> {
        self.places.keys()
    }

    /// All their names.
    pub(super) fn names(&self) -> BTreeSet<ClientId> {
        self.client.iter().chain(self.places.values()).cloned().collect()
    }

    /// The marks of all their names.
    pub(super) fn marks(&self, key: &MarkKey) -> Vec<String> {
        self.names().iter().map(|name| key.mark(name.as_str())).collect()
    }

    /// True if a question about this rating request would ask them.
    pub(super) fn is_asked_by(&self, request: &RatingRequest) -> bool {
        let there = |(connection, chat): (&ConnectionId, &ChatId)| {
            self.places().any(|place| place.connection == *connection && place.chat == *chat)
        };
        request.client_id.as_ref().is_some_and(|client| self.names().contains(client)) || request.asked_conversation().is_some_and(there)
    }
}
