//! The desks of this node, by connection: the line of each queue, and the connection through which clients are asked.

use crate::Millis;
use crate::engine::channels::Channels;
use crate::engine::other_address::OtherAddress;
use async_trait::async_trait;
use lastword_base::names::{ConnectionId, LineId};
use lastword_contract::phone::{self, Country};
use lastword_contract::{Account, Address, Capabilities, Channel, Desk, Means, Outgoing, Reach, Receipt, SendError, Verdict};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

/// In a routing: the desk itself.
const ITSELF: &str = "desk";
/// In a routing: all queues without an entry.
const ALL: &str = "*";
/// Maximum number of other addresses of one client; more are omitted.
const ADDRESSES_MAX: usize = 10;

/// Routing of a desk's chats to lines and connections.
#[derive(Clone, Debug, Default)]
pub struct Routing {
    /// The line of chats whose queue has no line of its own.
    pub line: Option<LineId>,
    /// The line of each queue.
    pub lines: BTreeMap<String, LineId>,
    /// The connection through which clients of a queue are asked.
    pub ask_through: BTreeMap<String, ConnectionId>,
    /// Interval of reconciliation in milliseconds; 0 for never.
    pub reconcile_every: Millis,
    /// Time for which a rating waits for a comment before it is shown to operators.
    pub note_after: Millis,
    /// Country of telephone numbers without a country code.
    pub country: Option<Country>,
}

/// The place where a client is asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Destination {
    /// The connection.
    pub connection: Option<ConnectionId>,
    /// The address there.
    pub address: Option<Address>,
    /// Other addresses of the client.
    pub others: Vec<OtherAddress>,
}

impl Routing {
    /// The lines that chats of `queue` may belong to, best first: the assigned one, one of the same name, the default.
    pub fn lines_of(&self, queue: Option<&str>) -> Vec<LineId> {
        let given = queue.and_then(|queue| self.lines.get(queue)).cloned();
        given.into_iter().chain(queue.map(LineId::from)).chain(self.line.clone()).collect()
    }

    /// Converts telephone numbers to the form that messengers expect. A number that cannot be parsed is dropped with a note in
    /// `notes`: a guess could reach another person.
    pub fn read_phones(&self, reach: &mut Vec<Reach>, notes: &mut Vec<String>) {
        reach.retain_mut(|way| {
            if way.by != Means::Phone {
                return true;
            }
            match phone::read(&way.address.chat, self.country) {
                Ok(digits) => way.address.chat = digits,
                Err(why) => {
                    notes.push(format!("A telephone number of the client was left out: {why}."));
                    return false;
                }
            }
            true
        });
    }

    /// The place where the client of a chat in `queue` of the desk `own` is asked, among all their addresses.
    pub fn place(&self, own: &ConnectionId, queue: Option<&str>, reach: &[Reach], channels: &Channels) -> Destination {
        let chosen = queue.and_then(|queue| self.ask_through.get(queue)).or_else(|| self.ask_through.get(ALL));
        let chosen = chosen.map(|name| if *name == ITSELF { own } else { name });
        let named = reach.iter().filter_map(|way| match &way.by {
            Means::Connection(name) => admitted(&name.into(), &way.address, channels),
            _ => None,
        });
        let all = channels.names();
        let all = all.iter().filter(|name| finds_by_itself(name, own, channels));
        let mut others: Vec<OtherAddress> = Vec::new();
        for way in named.chain(all.filter_map(|name| way_through(name, own, reach, channels))) {
            if Some(&way.connection) != chosen && others.iter().all(|known| known.connection != way.connection) {
                others.push(way);
            }
        }
        // A named connection is used even if the client has no address there: then the outcome says so.
        let (connection, address) = match chosen {
            Some(name) => (Some(name.to_owned()), way_through(name, own, reach, channels).map(|way| way.address)),
            None if others.is_empty() => (None, None),
            None => {
                let OtherAddress { connection, address } = others.remove(0);
                (Some(connection), Some(address))
            }
        };
        others.truncate(ADDRESSES_MAX);
        Destination { connection, address, others }
    }
}

/// True for connections whose addresses mean the same everywhere: the desk itself, mail and phone numbers.
fn finds_by_itself(name: &ConnectionId, own: &ConnectionId, channels: &Channels) -> bool {
    name == own || channels.get(name).is_some_and(|channel| matches!(channel.kind(), "email" | "whatsapp"))
}

/// The client's address on the connection `name`.
fn way_through(name: &ConnectionId, own: &ConnectionId, reach: &[Reach], channels: &Channels) -> Option<OtherAddress> {
    let means = |wanted: &Means| reach.iter().find(|way| way.by == *wanted).map(|way| &way.address);
    let channel = channels.get(name)?;
    let address = if name == own {
        let capabilities = channel.capabilities();
        let asks = capabilities.free_text || capabilities.binary || capabilities.five_star || capabilities.links;
        means(&Means::Desk).filter(|_| asks)
    } else {
        means(&Means::Connection(name.to_string())).or_else(|| match channel.kind() {
            "email" => means(&Means::Email),
            "whatsapp" => means(&Means::Phone).or_else(|| means(&Means::Messenger)),
            // Whatever the receiver sends on to: a messenger, text messages or mail.
            "webhook" => means(&Means::Messenger).or_else(|| means(&Means::Phone)).or_else(|| means(&Means::Email)),
            _ => means(&Means::Messenger),
        })
    };
    admitted(name, address?, channels)
}

fn admitted(name: &ConnectionId, address: &Address, channels: &Channels) -> Option<OtherAddress> {
    let address = channels.get(name)?.admit(address.clone()).ok()?;
    Some(OtherAddress { connection: name.to_owned(), address })
}

/// A desk and its routing.
#[derive(Clone, Debug)]
pub struct AtDesk {
    /// The desk.
    pub desk: Arc<dyn Desk>,
    /// Its routing.
    pub routing: Routing,
}

/// The desks of this node, by connection. They can change while the node runs, as [`Channels`] do.
#[derive(Debug, Default)]
pub struct Desks(RwLock<Arc<BTreeMap<ConnectionId, Arc<AtDesk>>>>);

impl Desks {
    /// Adds a desk, or replaces the one of that connection.
    pub fn add(&self, name: impl Into<ConnectionId>, desk: Arc<dyn Desk>, routing: Routing) {
        self.put(name, Arc::new(AtDesk { desk, routing }));
    }

    /// Like [`Desks::add`].
    pub fn put(&self, name: impl Into<ConnectionId>, desk: Arc<AtDesk>) {
        drop(Arc::make_mut(&mut *self.0.write().unwrap_or_else(PoisonError::into_inner)).insert(name.into(), desk));
    }

    /// Removes the desk of a connection.
    pub fn remove(&self, name: &ConnectionId) {
        drop(Arc::make_mut(&mut *self.0.write().unwrap_or_else(PoisonError::into_inner)).remove(name));
    }

    /// The desk of a connection.
    pub fn get(&self, name: &ConnectionId) -> Option<Arc<AtDesk>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// The present desks by connection.
    pub fn iter(&self) -> impl Iterator<Item = (ConnectionId, Arc<AtDesk>)> + use<> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        all.iter().map(|(name, desk)| (name.clone(), desk.clone())).collect::<Vec<_>>().into_iter()
    }
}

/// A desk without messages to clients, as the channel that every connection needs: clients are not asked through it.
#[derive(Debug)]
pub struct DeskAlone(pub Arc<dyn Desk>);

#[async_trait]
impl Channel for DeskAlone {
    fn kind(&self) -> &'static str {
        self.0.kind()
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { rate: self.0.abilities().rate, ..Capabilities::default() }
    }

    async fn send(&self, _: &Outgoing) -> Result<Receipt, SendError> {
        Err(SendError::new(Verdict::Refused, "not_carried", "this desk carries no messages to clients; see ask_through"))
    }

    async fn check(&self) -> Result<Account, SendError> {
        self.0.look(None).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct OfKind(&'static str, bool);

    #[async_trait]
    impl Channel for OfKind {
        fn kind(&self) -> &'static str {
            self.0
        }

        fn capabilities(&self) -> Capabilities {
            Capabilities { free_text: self.1, ..Capabilities::default() }
        }

        fn admit(&self, to: Address) -> Result<Address, &'static str> {
            if self.0 == "email" && !to.chat.contains('@') { Err("a mail address") } else { Ok(to) }
        }

        async fn send(&self, _: &Outgoing) -> Result<Receipt, SendError> {
            Ok(Receipt::default())
        }

        async fn check(&self) -> Result<Account, SendError> {
            Ok(Account::default())
        }
    }

    fn channels() -> Channels {
        let channels = Channels::default();
        for (name, kind, asks) in [("cw", "chatwoot", true), ("bot", "telegram", true), ("mail", "email", true), ("sms", "webhook", true)] {
            channels.add(name, Arc::new(OfKind(kind, asks)), Vec::new());
        }
        channels
    }

    #[test]
    fn telephone_numbers_are_read_or_left_out_and_never_guessed() {
        let numbers = ["0151 23456789", "+44 7911 123456", "+49 151 23456789 ext. 12"];
        let read = |country: Option<&str>| {
            let routing = Routing { country: country.and_then(Country::parse), ..Routing::default() };
            let mut ways: Vec<Reach> = numbers.iter().map(|number| reach(Means::Phone, number)).collect();
            ways.push(reach(Means::Messenger, "0151 23456789"));
            let mut notes = Vec::new();
            routing.read_phones(&mut ways, &mut notes);
            (ways.into_iter().map(|way| way.address.chat).collect::<Vec<_>>(), notes)
        };
        let (ways, notes) = read(Some("DE"));
        assert_eq!((ways, notes.len()), (["4915123456789", "447911123456", "0151 23456789"].map(str::to_owned).to_vec(), 1));
        let (ways, notes) = read(None);
        assert_eq!(ways, ["447911123456", "0151 23456789"], "another means is none of a telephone");
        assert!(notes.len() == 2 && notes[0].contains("default_country") && notes[1].contains("extension"), "{notes:?}");
    }

    fn reach(by: Means, chat: &str) -> Reach {
        Reach { by, address: Address::chat(chat) }
    }

    fn through(place: &Destination) -> (Option<&str>, Option<&str>, Vec<&str>) {
        let others = place.others.iter().map(|other| other.connection.as_str()).collect();
        (place.connection.as_ref().map(ConnectionId::as_str), place.address.as_ref().map(|address| address.chat.as_str()), others)
    }

    #[test]
    fn a_client_is_asked_through_what_the_queue_is_given_to() {
        let ask_through = [("3", "bot"), ("*", "desk")].map(|(queue, name)| (queue.to_owned(), name.into())).into();
        let routing = Routing { ask_through, ..Routing::default() };
        let reach = [reach(Means::Desk, "17"), reach(Means::Messenger, "555"), reach(Means::Email, "jane@example.com")];
        let bot = routing.place(&"cw".into(), Some("3"), &reach, &channels());
        assert_eq!(through(&bot), (Some("bot"), Some("555"), vec!["cw", "mail"]));
        let desk = routing.place(&"cw".into(), Some("4"), &reach, &channels());
        assert_eq!(through(&desk), (Some("cw"), Some("17"), vec!["mail"]), "a bot may be any bot: nobody is guessed there");
        let alone = routing.place(&"cw".into(), Some("3"), &reach[..1], &channels());
        assert_eq!(through(&alone), (Some("bot"), None, vec!["cw"]), "named, and there is no way: the outcome says so");
    }

    #[test]
    fn a_receiver_that_is_chosen_gets_the_number_or_the_mail_address() {
        let routing = Routing { ask_through: [("*".to_owned(), "sms".into())].into(), ..Routing::default() };
        let all = [reach(Means::Email, "jane@example.com"), reach(Means::Phone, "447911123456")];
        let asked = |reach: &[Reach]| routing.place(&"desk".into(), None, reach, &channels()).address.map(|address| address.chat);
        assert_eq!(asked(&all).as_deref(), Some("447911123456"));
        assert_eq!(asked(&all[..1]).as_deref(), Some("jane@example.com"));
        assert_eq!(
            through(&Routing::default().place(&"desk".into(), None, &all[1..], &channels())),
            (None, None, vec![]),
            "never by itself"
        );
    }

    #[test]
    fn without_a_word_a_client_is_asked_where_they_can_be_reached() {
        let (routing, channels) = (Routing::default(), channels());
        let named = [reach(Means::Connection("bot".to_owned()), "555"), reach(Means::Email, "not an address")];
        assert_eq!(through(&routing.place(&"cw".into(), None, &named, &channels)), (Some("bot"), Some("555"), vec![]));
        assert_eq!(through(&routing.place(&"cw".into(), None, &[], &channels)), (None, None, vec![]));
    }

    #[test]
    fn a_queue_belongs_to_the_line_it_is_given_to_or_to_its_namesake() {
        let lines = [("3".to_owned(), "sales".into())].into();
        let routing = Routing { line: Some("support".into()), lines, ..Routing::default() };
        assert_eq!(routing.lines_of(Some("3")), ["sales", "3", "support"]);
        assert_eq!(routing.lines_of(Some("billing")), ["billing", "support"]);
        assert_eq!(routing.lines_of(None), ["support"]);
    }
}
