//! Somebody, by all that we know to call them.

use crate::question::other_address::others;
use lastword_domain::answer::opt_out::{MarkKey, place_name};
use lastword_store::StoreError;
use lastword_store::question::rating_request::RatingRequest;
use lastword_store::session::conversation::Conversation;
use std::collections::{BTreeSet, HashMap};

/// Somebody, by all that we know to call them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Person {
    client: Option<String>,
    places: BTreeSet<Conversation>,
}

impl Person {
    /// The client of a rating request; `known` are the places that are each client's alone.
    ///
    /// # Errors
    /// When the addresses that the rating request knows cannot be read.
    pub(super) fn of_request(request: &RatingRequest, known: &HashMap<String, Vec<Conversation>>) -> Result<Self, StoreError> {
        let mut person = request.client_id.as_deref().map(|client| Self::of_client(client, known)).unwrap_or_default();
        person
            .places
            .extend(others(request)?.into_iter().map(|other| Conversation { connection: other.connection, chat: other.address.chat }));
        Ok(person)
    }

    /// A client, with the places that are theirs alone.
    pub(super) fn of_client(client: &str, known: &HashMap<String, Vec<Conversation>>) -> Self {
        let places = known.get(client).into_iter().flatten().cloned().collect();
        Self { client: Some(client.to_owned()), places }
    }

    /// They are heard `here`.
    pub(super) fn heard(mut self, here: Conversation) -> Self {
        self.places.insert(here);
        self
    }

    /// The desk's name for them.
    pub(super) fn client(&self) -> Option<&str> {
        self.client.as_deref()
    }

    /// Where they are.
    pub(super) fn places(&self) -> impl Iterator<Item = &Conversation> {
        self.places.iter()
    }

    /// All their names.
    pub(super) fn names(&self) -> BTreeSet<String> {
        let places = self.places.iter().map(|place| place_name(&place.connection, &place.chat));
        self.client.iter().cloned().chain(places).collect()
    }

    /// The marks of all their names.
    pub(super) fn marks(&self, key: &MarkKey) -> Vec<String> {
        self.names().iter().map(|name| key.mark(name)).collect()
    }

    /// Whether a question about this rating request would ask them.
    pub(super) fn is_asked_by(&self, request: &RatingRequest) -> bool {
        let there = |(connection, chat)| self.places.iter().any(|place| place.connection == connection && place.chat == chat);
        (self.client.is_some() && request.client_id == self.client) || request.asked_conversation().is_some_and(there)
    }
}
