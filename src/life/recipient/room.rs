//! Chat rooms and push services as recipients, all through one connection. The hook and the token of a room are sealed. Messages contain
//! the ID of the room, and get its address when they are sent.

use crate::engine::Engine;
pub use crate::engine::channels::ROOMS;
use lastword_base::names::DeliveryId;
use lastword_contract::Address;
use lastword_domain::access::sealed::{open, seal};
use lastword_domain::alert::{GIVE_UP_AFTER, RecipientKind};
use lastword_domain::question::delivery::{Kind, State};
use lastword_store::alert::recipient::{self, Recipient};
use lastword_store::question::delivery::{Delivery, NewDelivery};
use lastword_store::question::ending::Ended;
use lastword_store::{Millis, StoreError, Tx, document_in, document_or_said};
use url::Url;

/// Number of last characters of a secret that are shown, to distinguish two hooks.
const SHOWN_CHARS: usize = 4;

/// A room as entered.
#[derive(Clone)]
pub struct NamedRoom {
    /// The service: `slack`, `teams` …
    pub service: String,
    /// The address of its hook, topic or room.
    pub url: String,
    /// A token, if the service requires one.
    pub token: Option<String>,
}

/// Hides the hook and the token, which are secrets.
impl std::fmt::Debug for NamedRoom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NamedRoom").field("service", &self.service).finish_non_exhaustive()
    }
}

/// A problem with a room as entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRoom {
    /// `service`, `url` or `token`.
    pub field: &'static str,
    /// A sentence with the remedy.
    pub problem: String,
}

/// The visible part of a room's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownRoom {
    /// The service.
    pub service: String,
    /// Its host, and the end of its secret.
    pub place: String,
}

/// Returns the recipient `known` as a room at this address. Writes nothing.
///
/// # Errors
/// The part of the address and the remedy.
pub fn at_room(engine: &Engine, known: Recipient, room: NamedRoom) -> Result<Recipient, BadRoom> {
    let Some(channel) = engine.channels.get(&ROOMS.into()) else {
        return Err(BadRoom { field: "service", problem: "This build has no rooms: build it with the feature \"rooms\".".to_owned() });
    };
    let typed = Address { chat: room.url, user: room.token, via: Some(room.service) };
    let address = channel.admit(typed).map_err(bad)?;
    let shown = Address { chat: known.id.clone(), user: Some(shown_place(&address)), via: address.via.clone() };
    let key = engine.keys.each().next().unwrap_or_default();
    let text = serde_json::to_string(&address).unwrap_or_default();
    Ok(Recipient {
        kind: RecipientKind::Room,
        connection: Some(ROOMS.into()),
        address: serde_json::to_string(&shown).ok(),
        sealed: Some(seal(key, &sealed_as(&known.id), engine.ids.bytes(), &text)),
        gone_at: None,
        gone_notified_at: None,
        ..known
    })
}

/// The visible part of a recipient that is a room.
pub fn shown(recipient: &Recipient) -> Option<ShownRoom> {
    let address = recipient.address.as_deref().filter(|_| recipient.kind == RecipientKind::Room)?;
    let address: Address = document_or_said("recipient", "address", &recipient.id, address)?;
    Some(ShownRoom { service: address.via?, place: address.user? })
}

/// The context that an address is sealed for.
pub(crate) fn sealed_as(id: &str) -> String {
    format!("room:{id}")
}

/// The part that an error of the channel is about, and its sentence.
fn bad(error: &'static str) -> BadRoom {
    let (field, problem) = error.split_once(": ").unwrap_or(("url", error));
    let field = ["service", "url", "token"].into_iter().find(|known| *known == field).unwrap_or("url");
    BadRoom { field, problem: problem.to_owned() }
}

fn shown_place(address: &Address) -> String {
    let host = Url::parse(&address.chat).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    let secret = address.user.as_deref().unwrap_or(&address.chat);
    let end: String = secret.chars().skip(secret.chars().count().saturating_sub(SHOWN_CHARS)).collect();
    format!("{host} …{end}")
}

/// Address of the room that a message goes to; `None` if the room no longer exists.
///
/// # Errors
/// If no key of this installation opens it.
pub(crate) fn address_of(engine: &Engine, room: Option<&Recipient>) -> Result<Option<Address>, StoreError> {
    let Some((id, sealed)) = room.and_then(|room| Some((&room.id, room.sealed.as_deref()?))) else { return Ok(None) };
    let text = open(engine.keys.each(), &sealed_as(id), sealed).ok_or_else(|| StoreError::Inconsistent {
        table: "recipient",
        column: "sealed",
        found: format!("row {id}, a room whose address security.key does not open; give it its address again on the page Recipients"),
    })?;
    document_in("recipient", "sealed", id, &text).map(Some)
}

/// `true` if this message goes to a room.
pub(crate) fn goes_to_room(delivery: &Delivery) -> bool {
    delivery.connection == ROOMS
}

/// Disables rooms whose service reported them as gone.
pub(crate) async fn disable_gone(tx: &mut Tx, engine: &Engine, ends: &[Ended], now: Millis) -> Result<(), StoreError> {
    let gone = |end: &&Ended| end.kind.carries_alerts() && end.state == State::Failed && end.reason.as_deref() == Some("recipient_gone");
    let gone: Vec<DeliveryId> = ends.iter().filter(gone).map(|end| end.id).collect();
    if gone.is_empty() || engine.channels.get(&ROOMS.into()).is_none() {
        return Ok(());
    }
    recipient::rooms_gone(tx, &ROOMS.into(), &gone, now).await
}

/// A message to `person`, to be scheduled.
pub(crate) fn plain_message(engine: &Engine, person: &Recipient, payload: String, now: Millis) -> NewDelivery {
    let connection = person.connection.clone().unwrap_or_default();
    NewDelivery {
        id: engine.ids.next(now),
        kind: Kind::Alert,
        resends_max: engine.channels.resends_max(&connection, Kind::Alert, true),
        connection,
        address: person.address.clone().unwrap_or_default(),
        subject: None,
        payload,
        due_at: now,
        give_up_at: now + GIVE_UP_AFTER,
        window_closes_at: None,
        outside_window: 0,
        created_at: now,
    }
}
