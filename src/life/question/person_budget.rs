//! One person, one budget: a client is asked at most once in the line's time, whatever name a close has for them. The desk's ID is
//! one name, each conversation (connection and address) is another; all forms of one address are one name. Once a close contains
//! both, the conversation is linked with the ID, so that a close with only one of them counts for the same person.

use crate::engine::channels::Channels;
use crate::engine::other_address::{OtherAddress, others};
use lastword_base::names::{ClientId, ConnectionId};
use lastword_contract::Address;
use lastword_store::question::rating_request::RatingRequest;
use lastword_store::session::client::{self, Client};
use lastword_store::{Millis, StoreError, Tx, document_or_said};
use std::collections::{BTreeSet, HashMap, HashSet};

/// The names of one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Names {
    /// The desk's ID of the person.
    desk: Option<ClientId>,
    /// Their conversations.
    conversations: Vec<ClientId>,
}

impl Names {
    /// The names from the desk's ID of a person and their addresses.
    pub(crate) fn new(
        channels: &Channels,
        desk: Option<ClientId>,
        here: Option<(&ConnectionId, &Address)>,
        others: &[OtherAddress],
    ) -> Self {
        Self { desk, conversations: conversations(channels, here, others) }
    }

    /// The names from a rating request.
    pub(crate) fn of_request(channels: &Channels, request: &RatingRequest) -> Result<Self, StoreError> {
        let address: Option<Address> =
            request.address().and_then(|address| document_or_said("rating_request", "address", request.id, &address));
        let conversations = conversations(channels, request.connection.as_ref().zip(address.as_ref()), &others(request)?);
        Ok(Self { desk: request.client_id.clone().filter(|client| !conversations.contains(client)), conversations })
    }

    /// All names.
    pub(crate) fn all(&self) -> impl Iterator<Item = &ClientId> {
        self.desk.iter().chain(&self.conversations)
    }

    /// The conversations that are not linked with the desk's ID yet, with that ID.
    pub(crate) fn unlinked<'a>(&'a self, clients: &'a HashMap<ClientId, Client>) -> impl Iterator<Item = (&'a ClientId, &'a ClientId)> {
        let linked = |name: &ClientId, desk: &ClientId| clients.get(name).and_then(|client| client.same_as.as_ref()) == Some(desk);
        let desk = self.desk.as_ref();
        let both = self.conversations.iter().filter_map(move |name| desk.map(|desk| (name, desk)));
        both.filter(move |(name, desk)| !linked(name, desk))
    }

    /// The names under which `clients` knows the person, with the names that they are linked with.
    pub(crate) fn known<'a>(&'a self, clients: &'a HashMap<ClientId, Client>) -> Vec<&'a ClientId> {
        let mut known: Vec<&ClientId> = self.all().flat_map(|name| linked(clients, name)).collect();
        known.sort_unstable();
        known.dedup();
        known
    }

    /// The one name for the person: the desk's ID, even if only a conversation is given that is linked with it.
    pub(crate) fn person<'a>(&'a self, clients: &'a HashMap<ClientId, Client>) -> Option<&'a ClientId> {
        let last = |name: &'a ClientId| linked(clients, name).last().filter(|last| *last != name);
        let conversation = || self.conversations.iter().find_map(last).or(self.conversations.first());
        self.desk.as_ref().or_else(conversation)
    }

    /// Earliest time at which the person may be asked again.
    pub(crate) fn next_ask_at(&self, clients: &HashMap<ClientId, Client>) -> Millis {
        self.rows(clients).map(|client| client.next_ask_at).max().unwrap_or(0)
    }

    /// True if one of the person's names is in `listed`, the opted-out names.
    pub(crate) fn opted_out(&self, clients: &HashMap<ClientId, Client>, listed: &HashSet<ClientId>) -> bool {
        self.known(clients).into_iter().any(|name| listed.contains(name))
    }

    /// The clients to store after the person was asked outside a close at `now`: under every name, also one without a row so far,
    /// they are not asked before `next_ask_at`. Empty if that is not in the future.
    pub(crate) fn asked(&self, clients: &HashMap<ClientId, Client>, next_ask_at: Millis, now: Millis) -> Vec<Client> {
        if next_ask_at <= now {
            return Vec::new();
        }
        let known = |name: &ClientId| clients.get(name).cloned().unwrap_or_else(|| Client { id: name.clone(), ..Client::default() });
        let asked = |known: Client| Client {
            next_ask_at: known.next_ask_at.max(next_ask_at),
            revision: known.revision + 1,
            updated_at: now,
            ..known
        };
        self.known(clients).into_iter().map(known).map(asked).collect()
    }

    fn rows<'a>(&'a self, clients: &'a HashMap<ClientId, Client>) -> impl Iterator<Item = &'a Client> {
        self.known(clients).into_iter().filter_map(|name| clients.get(name))
    }
}

/// A name with its linked names: the address that a conversation moved to, and the desk's ID of its client.
fn linked<'a>(clients: &'a HashMap<ClientId, Client>, name: &'a ClientId) -> impl Iterator<Item = &'a ClientId> {
    let next = |name: &&'a ClientId| clients.get(*name).and_then(|client| client.same_as.as_ref());
    std::iter::successors(Some(name), next).take(3)
}

fn conversations(channels: &Channels, here: Option<(&ConnectionId, &Address)>, others: &[OtherAddress]) -> Vec<ClientId> {
    let others = others.iter().map(|other| (&other.connection, &other.address));
    let mut names = Vec::new();
    for (connection, address) in here.into_iter().chain(others) {
        let name = channels.name_at(connection, &address.chat);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Loads these people under all their names.
pub(crate) async fn load(tx: &mut Tx, people: &[&Names]) -> Result<HashMap<ClientId, Client>, StoreError> {
    let names: BTreeSet<&ClientId> = people.iter().flat_map(|names| names.all()).collect();
    client::load(tx, &names.into_iter().collect::<Vec<_>>()).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_trait::async_trait;
    use lastword_contract::{Account, Capabilities, Channel, Outgoing, Receipt, SendError};
    use std::sync::Arc;

    /// A channel whose addresses ignore case.
    #[derive(Debug)]
    struct AnyCase;

    #[async_trait]
    impl Channel for AnyCase {
        fn kind(&self) -> &'static str {
            "any_case"
        }

        fn capabilities(&self) -> Capabilities {
            Capabilities::default()
        }

        fn identity(&self, address: &Address) -> String {
            address.chat.to_lowercase()
        }

        async fn send(&self, _: &Outgoing) -> Result<Receipt, SendError> {
            Ok(Receipt::default())
        }

        async fn check(&self) -> Result<Account, SendError> {
            Ok(Account::default())
        }
    }

    #[test]
    fn one_address_in_two_forms_has_one_budget() {
        let channels = Channels::default();
        channels.add("mail", Arc::new(AnyCase), Vec::new());
        let names = |connection: &str, chat: &str| Names::new(&channels, None, Some((&connection.into(), &Address::chat(chat))), &[]);
        assert_eq!(names("mail", "Anna@Example.org"), names("mail", "anna@example.org"));
        assert_ne!(names("gone", "Anna@Example.org"), names("gone", "anna@example.org"), "nobody knows the forms of that connection");
        let asked = names("mail", "Anna@Example.org").asked(&HashMap::new(), 90, 10);
        let known = asked.into_iter().map(|client| (client.id.clone(), client)).collect();
        assert_eq!(names("mail", "anna@example.org").next_ask_at(&known), 90);
        for (id, client) in [
            ("mail:Anna@Example.org", "mail:anna@example.org"),
            ("desk/mail:Anna", "desk/mail:Anna"),
            ("desk/Anna", "desk/Anna"),
            ("gone:Anna", "gone:Anna"),
        ] {
            assert_eq!(channels.client(&id.into()), client);
        }
    }
}
