//! A client, or a recipient of alerts, has another address: their number changed, or their group became a supergroup. Open
//! questions, pending messages and the state of the conversation follow, and buttons sent to the old address stay valid. A repeated
//! report changes nothing.

use crate::engine::Engine;
use lastword_base::names::{ClientId, ConnectionId};
use lastword_contract::Address;
use lastword_domain::answer::opt_out::place_name;
use lastword_domain::session::SessionEventKind;
use lastword_store::session::address_move::{self, AskedThere, Earlier, NewAddress, There};
use lastword_store::session::{self, SessionEvent, opt_out};
use lastword_store::{Millis, StoreError, Tx, document_or_said};
use std::collections::BTreeMap;

/// An address change, with its source.
#[derive(Clone, Copy)]
pub struct Move<'a> {
    /// The connection.
    pub connection: &'a ConnectionId,
    /// The old address.
    pub from: &'a Address,
    /// The new one.
    pub to: &'a Address,
    /// The source: the event's key or the delivery's ID.
    pub told_by: &'a str,
}

impl Move<'_> {
    /// New address of a person who was at `old`; `None` if this change does not concern them.
    fn leads(&self, old: &Address) -> Option<Address> {
        if old.chat == self.from.chat {
            let named = |user: &String| if *user == self.from.chat { self.to.chat.clone() } else { user.clone() };
            // An address without a user still admits everyone in its chat.
            let user = old.user.as_ref().map(|user| self.to.user.clone().unwrap_or_else(|| named(user)));
            return Some(Address { chat: self.to.chat.clone(), user, via: self.to.via.clone().or_else(|| old.via.clone()) });
        }
        // The same chat, with another ID of the person in it.
        let renamed = old.user.as_ref() == Some(&self.from.chat);
        renamed.then(|| Address { user: Some(self.to.chat.clone()), ..old.clone() })
    }
}

/// Applies the change everywhere. Returns whether it changed anything.
#[lastword_base::boxed]
pub async fn follow(tx: &mut Tx, engine: &Engine, moved: &Move<'_>, now: Millis) -> Result<bool, StoreError> {
    let (connection, from, to) = (moved.connection, moved.from.chat.as_str(), moved.to.chat.as_str());
    if from == to || from.is_empty() || to.is_empty() {
        return Ok(false);
    }
    let asked = address_move::asked_there(tx, connection, from).await?;
    let requests = new_addresses("rating_request", asked.iter().map(|one| &one.asked), moved);
    let recipients = address_move::recipients_there(tx, connection, from).await?;
    let told = new_addresses("recipient", recipients.iter(), moved);
    let subjects: Vec<&str> = requests.keys().map(String::as_str).collect();
    let waiting = address_move::deliveries_there(tx, connection, from, &subjects).await?;
    let deliveries = new_addresses("delivery", waiting.iter(), moved);

    hold_person(tx, engine, moved, &asked).await?;

    let mut earlier = Vec::new();
    for there in asked.iter().map(|one| &one.asked).chain(&recipients) {
        let new = requests.get(&there.id).or_else(|| told.get(&there.id));
        earlier.extend(new.and_then(|new| left(there, new, connection, now)));
    }
    address_move::remember(tx, &earlier).await?;
    let named = rows(&requests).into_iter().map(|new| NewAddress { chat: engine.channels.identity(connection, &new.chat), ..new });
    address_move::move_requests(tx, &named.collect::<Vec<_>>()).await?;
    address_move::move_recipients(tx, &rows(&told)).await?;
    address_move::move_deliveries(tx, &rows(&deliveries)).await?;
    follow_person(tx, engine, moved, now).await?;
    tell(tx, &asked, &requests, moved, now).await?;
    Ok(!requests.is_empty() || !told.is_empty() || !deliveries.is_empty())
}

/// Locks the rows that move with the person, without waiting: a move may follow any other event in a transaction.
async fn hold_person(tx: &mut Tx, engine: &Engine, moved: &Move<'_>, asked: &[AskedThere]) -> Result<(), StoreError> {
    let key = engine.mark_key(tx).await?;
    let identities = [moved.from, moved.to].map(|address| engine.channels.identity(moved.connection, &address.chat));
    let names = identities.each_ref().map(|identity| ClientId::from(place_name(moved.connection, identity)));
    let marks = names.each_ref().map(|name| key.mark(name.as_str()));
    let names = names.each_ref();
    address_move::hold_rest(tx, moved.connection, asked, (&identities, &names, &marks.each_ref().map(String::as_str))).await
}

/// Moves the state of the conversation, the time of the next question, and the opt-out. Another form of the same address is already
/// the same person.
async fn follow_person(tx: &mut Tx, engine: &Engine, moved: &Move<'_>, now: Millis) -> Result<(), StoreError> {
    let (connection, from, to) = (moved.connection, moved.from.chat.as_str(), moved.to.chat.as_str());
    let (left, here) = (engine.channels.identity(connection, from), engine.channels.identity(connection, to));
    if left == here {
        return Ok(());
    }
    address_move::move_conversation(tx, connection, &left, (&here, &to.into()), now).await?;
    let (left, name) = (ClientId::from(place_name(connection, &left)), ClientId::from(place_name(connection, &here)));
    address_move::move_client(tx, &left, &name, now).await?;
    let key = engine.mark_key(tx).await?;
    opt_out::rename(tx, &key.mark(left.as_str()), &key.mark(name.as_str())).await
}

fn new_addresses<'a>(table: &'static str, there: impl Iterator<Item = &'a There>, moved: &Move<'_>) -> BTreeMap<String, NewAddress> {
    let new = there.filter_map(|there| {
        let address = moved.leads(&document_or_said(table, "address", &there.id, &there.address)?)?;
        let text = serde_json::to_string(&address).ok()?;
        Some((there.id.clone(), NewAddress { id: there.id.clone(), address: text, chat: address.chat.into() }))
    });
    new.collect()
}

fn rows(moved: &BTreeMap<String, NewAddress>) -> Vec<NewAddress> {
    moved.values().cloned().collect()
}

/// The earlier address, if the chat is a different one now: tokens are bound to the chat.
fn left(there: &There, new: &NewAddress, connection: &ConnectionId, now: Millis) -> Option<Earlier> {
    // One that cannot be parsed was not changed.
    let Ok(old) = serde_json::from_str::<Address>(&there.address) else { return None };
    let (subject, connection, address) = (there.id.as_str().into(), connection.to_owned(), there.address.clone());
    (new.chat != old.chat).then_some(Earlier { subject, connection, chat: old.chat.into(), address, moved_at: now })
}

/// Records it in the histories of the sessions, and gives them the new address.
async fn tell(
    tx: &mut Tx,
    asked: &[AskedThere],
    requests: &BTreeMap<String, NewAddress>,
    moved: &Move<'_>,
    now: Millis,
) -> Result<(), StoreError> {
    let mut story = Vec::new();
    for one in asked {
        let Some(new) = requests.get(&one.asked.id) else { continue };
        address_move::move_session(tx, &one.source, &one.session_id, &one.asked.address, &new.address).await?;
        story.push(SessionEvent {
            source: one.source.clone(),
            session_id: one.session_id.clone(),
            occurred_at: now,
            event_key: format!("moved:{}:{}", moved.connection, moved.told_by),
            kind: SessionEventKind::Moved,
            detail: moved.connection.to_string(),
            received_at: now,
        });
    }
    session::tell(tx, &story).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(chat: &str, user: Option<&str>) -> Address {
        Address { chat: chat.into(), user: user.map(str::to_owned), via: None }
    }

    fn leads(from: &Address, to: &Address, old: &Address) -> Option<Address> {
        Move { connection: &"bot".into(), from, to, told_by: "1" }.leads(old)
    }

    #[test]
    fn only_what_was_there_moves_and_nobody_else_is_admitted_after() {
        let (from, to) = (Address::chat("49111"), address("49222", Some("US.2")));
        for (old, expected) in [
            (Address::chat("49111"), Some(Address::chat("49222"))),
            (address("49111", Some("US.1")), Some(address("49222", Some("US.2")))),
            (address("49333", Some("US.1")), None),
            (address("US.1", Some("49111")), Some(address("US.1", Some("49222")))),
        ] {
            assert_eq!(leads(&from, &to, &old), expected);
        }
        // A private chat has the ID of its person; the business connection stays.
        let private = Address { via: Some("b1".into()), ..address("7", Some("7")) };
        let expected = Address { via: Some("b1".into()), ..address("8", Some("8")) };
        assert_eq!(leads(&Address::chat("7"), &Address::chat("8"), &private), Some(expected));
    }
}
