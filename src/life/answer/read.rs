//! Reads everything that a batch of answers refers to before anything is decided, in a fixed number of round trips. Rows that may
//! change are locked until the end of the transaction.

use super::batch::{Batch, EVENT_KEY_PREFIX, PressedAlerts, Questions, Said, through_link};
use super::opt_out_list::OptOutList;
use super::person::Person;
use super::platform::spoken_of;
use crate::alert::audience::Audience;
use crate::engine::Engine;
use crate::engine::channels::Channels;
use crate::facts::inbound::Arrived;
use crate::question::hold_ends::others;
use lastword_base::names::{AlertId, ChatId, ClientId, ConnectionId, DeliveryId, EventKey, LineId, Place, RequestId};
use lastword_contract::{Address, InboundKind, Reaction, TextMessage};
use lastword_domain::answer::Disposition;
use lastword_domain::answer::opt_out::Wish;
use lastword_domain::question::token::{self, Claimed, Purpose, TokenValue};
use lastword_store::answer::batch::{self, About, Keys};
use lastword_store::locks::Open;
use lastword_store::question::client_message;
use lastword_store::question::ending::MessageId;
use lastword_store::question::rating_request::{self, RatingRequest};
use lastword_store::records::personal;
use lastword_store::session::address_move::OnConnection;
use lastword_store::session::opt_out;
use lastword_store::{Millis, StoreError, Tx, alert, document_or_said, inbox};
use std::collections::{BTreeSet, HashSet};

/// The unverified token of an event, and its sender.
pub(super) fn claimed(kind: &InboundKind) -> Option<(Claimed, &Address)> {
    match kind {
        InboundKind::Press { token, by, .. } | InboundKind::Comment { token, by, .. } | InboundKind::Form { token, by, .. } => {
            token::read(token).map(|claimed| (claimed, by))
        }
        InboundKind::Text(_)
        | InboundKind::Reaction(_)
        | InboundKind::Edited(_)
        | InboundKind::Deleted { .. }
        | InboundKind::Wrote { .. }
        | InboundKind::Moved { .. }
        | InboundKind::Status { .. }
        | InboundKind::Reachable { .. }
        | InboundKind::Other { .. } => None,
    }
}

/// The sender of an event that may be an opt-out or opt-in.
fn wishes(kind: &InboundKind) -> Option<&Address> {
    if let InboundKind::Text(TextMessage { text, by, .. }) | InboundKind::Edited(TextMessage { text, by, .. }) = kind {
        return Wish::read(text).map(|_| by);
    }
    claimed(kind).filter(|(claimed, _)| matches!(claimed.value, TokenValue::Stop | TokenValue::Start)).map(|(_, by)| by)
}

/// Conversation of an event, under the identity that all forms of the address share.
pub(super) fn place(channels: &Channels, one: &Arrived, by: &Address) -> Place {
    Place { connection: one.connection.clone(), chat: channels.identity(&one.connection, &by.chat) }
}

/// True if we respond to all taps on this connection, including those with unknown tokens. A desk behind the account, or beside us,
/// would respond to those.
pub(super) fn answers_all(engine: &Engine, connection: &ConnectionId) -> bool {
    engine.channels.desk(connection).is_none() && engine.channels.get(connection).is_some_and(|channel| !channel.shares_presses())
}

/// Data that the events of a batch refer to.
#[derive(Default)]
struct Wanted {
    claimed: BTreeSet<RequestId>,
    alerts: BTreeSet<AlertId>,
    places: BTreeSet<Place>,
    messages: BTreeSet<MessageId>,
    /// Clients' messages that were edited or deleted.
    changed: BTreeSet<MessageId>,
    /// Those messages, and messages that arrived for the first time.
    said: BTreeSet<MessageId>,
    /// Conversations with an edit or deletion.
    corrected: BTreeSet<Place>,
    wishes: BTreeSet<Place>,
    /// Conversations with a tap, and its time.
    tapped: Vec<Place>,
    answers: HashSet<(ConnectionId, ChatId, Option<Millis>)>,
    /// The rating requests that links refer to.
    by_link: BTreeSet<RequestId>,
    texts: bool,
}

impl Wanted {
    fn of(channels: &Channels, arrived: &[Arrived]) -> Self {
        let mut wanted = Self::default();
        arrived.iter().for_each(|one| wanted.add(channels, one));
        wanted
    }

    fn add(&mut self, channels: &Channels, one: &Arrived) {
        let there = |by: &Address| place(channels, one, by);
        let message = |id: &str| MessageId { connection: one.connection.clone(), message: id.to_owned() };
        match &one.inbound.kind {
            InboundKind::Text(TextMessage { text, by, context, message_id, .. }) => {
                self.texts = true;
                self.said.extend(message_id.as_deref().map(message));
                self.places.insert(there(by));
                self.messages.extend(context.replied_to().map(message));
                self.wishes.extend(Wish::read(text).map(|_| there(by)));
            }
            InboundKind::Wrote { by, .. } => drop(self.places.insert(there(by))),
            InboundKind::Press { by, .. } | InboundKind::Comment { by, .. } | InboundKind::Form { by, .. } => self.tapped.push(there(by)),
            InboundKind::Reaction(Reaction { by, message_id, .. }) => {
                self.messages.insert(message(message_id));
                self.reacted(one, by, there(by));
            }
            InboundKind::Edited(TextMessage { by, message_id: Some(id), .. }) | InboundKind::Deleted { by, message_id: id } => {
                if let InboundKind::Edited(TextMessage { text, context, .. }) = &one.inbound.kind {
                    self.messages.extend(context.replied_to().map(message));
                    self.wishes.extend(Wish::read(text).map(|_| there(by)));
                }
                self.changed.insert(message(id));
                self.said.insert(message(id));
                self.places.insert(there(by));
                self.corrected.insert(there(by));
            }
            InboundKind::Edited(_) => {}
            InboundKind::Moved { .. } | InboundKind::Status { .. } | InboundKind::Reachable { .. } | InboundKind::Other { .. } => {}
        }
        let Some((claimed, by)) = claimed(&one.inbound.kind) else { return };
        match claimed.purpose {
            Purpose::Acknowledge => self.alerts.extend(claimed.subject.as_id()),
            Purpose::Rate => {
                self.answers.insert((one.connection.clone(), ChatId::from(&by.chat), one.inbound.at));
                let request = claimed.subject.as_id();
                if through_link(&one.inbound.key) {
                    self.by_link.extend(request);
                }
                self.claimed.extend(request);
            }
        }
    }

    /// A text of the client that is reported together with a reaction is part of it: it is no message of its own.
    fn reacted(&mut self, one: &Arrived, by: &Address, here: Place) {
        self.tapped.push(here);
        self.answers.insert((one.connection.clone(), ChatId::from(&by.chat), one.inbound.at));
    }
}

fn keys<'k>(wanted: &'k Wanted, events: &'k [EventKey]) -> Keys<'k> {
    Keys {
        events: events.iter().collect(),
        claimed: wanted.claimed.iter().copied().collect(),
        places: wanted.places.iter().cloned().collect(),
        messages: wanted.messages.iter().cloned().collect(),
        wishes: wanted.wishes.union(&wanted.corrected).cloned().collect(),
        changed: wanted.changed.iter().cloned().collect(),
        alerts: wanted.alerts.iter().copied().collect(),
    }
}

fn strs<'s>(texts: impl IntoIterator<Item = &'s String>) -> Vec<&'s str> {
    texts.into_iter().map(String::as_str).collect()
}

impl<'a> Batch<'a> {
    /// Locks everything that `arrived` touches, in the order of all locks, if it has delivery statuses: they are applied before the
    /// answers of clients are read.
    pub(super) async fn hold_first(tx: &mut Tx, engine: &Engine, arrived: &[Arrived]) -> Result<(), StoreError> {
        if tx.has_one_writer() || !arrived.iter().any(|one| matches!(one.inbound.kind, InboundKind::Status { .. })) {
            return Ok(());
        }
        let (spoken_of, refused) = spoken_of(tx, arrived).await?;
        let carriers: Vec<DeliveryId> = spoken_of.iter().filter(|one| one.kind.carries_alerts()).map(|one| one.id).collect();
        let alerts = alert::carried_in(tx, &carriers).await?;
        let mut wanted = Wanted::of(&engine.channels, arrived);
        let about: Vec<RequestId> = wanted.claimed.iter().copied().collect();
        let questions = spoken_of.iter().filter(|one| one.kind.is_question()).filter_map(|one| one.request());
        wanted.claimed.extend(questions.chain(alerts.iter().map(|alert| alert.request_id)));
        let events: Vec<EventKey> = arrived.iter().map(Arrived::event).collect();
        let named = batch::read_named(tx, &keys(&wanted, &events)).await?;
        let texts = !wanted.places.is_empty() || !wanted.messages.is_empty() || !wanted.changed.is_empty();
        let told: Vec<&RatingRequest> = named.requests.iter().filter(|request| texts || about.contains(&request.id)).collect();
        let lines: BTreeSet<&LineId> = told.iter().map(|request| &request.line_id).collect();
        let lines = engine.lines.current(tx, &lines.into_iter().collect::<Vec<_>>()).await?;
        let concerned: Vec<_> = told.into_iter().filter_map(|request| Some((request, lines.get(&request.line_id)?.as_ref()))).collect();
        let lost: Vec<DeliveryId> = carriers.iter().copied().filter(|id| refused.contains(id)).collect();
        let mut more: BTreeSet<String> = others(tx, engine, &lost).await?;
        more.extend(alerts.into_iter().map(|alert| alert.recipient_id));
        let requests: Vec<RequestId> = named.requests.iter().map(|request| request.id).collect();
        let messages: Vec<DeliveryId> = spoken_of.iter().map(|one| one.id).collect();
        let open = Open { requests: &requests, messages: &messages, ..Open::default() };
        Audience::hold(tx, engine, &concerned, &strs(&more), open).await.map(drop)
    }

    /// Reads the data that `arrived` refers to.
    pub(super) async fn read(tx: &mut Tx, engine: &'a Engine, arrived: &[Arrived], now: Millis) -> Result<Self, StoreError> {
        let wanted = Wanted::of(&engine.channels, arrived);
        let events: Vec<EventKey> = arrived.iter().map(Arrived::event).collect();
        let named = batch::read_named(tx, &keys(&wanted, &events)).await?;
        let mut batch = Self::new(engine, now);
        batch.seen = named.seen.into_iter().map(|(key, seen)| was_ours(engine, key, &seen)).collect();
        batch.requests = named.requests.into_iter().map(|request| (request.id, request)).collect();
        batch.questions = Questions { open: named.open, behind: named.behind, last_asked: named.last_asked, tapped: wanted.tapped.clone() };
        batch.answers.clone_from(&wanted.answers);
        batch.alerts.about = named.alerts;
        batch.read_wishes(tx, arrived).await?;
        batch.read_known(tx, arrived, &wanted).await?;
        Ok(batch)
    }

    /// Reads the people who may opt out or in in this batch.
    async fn read_wishes(&mut self, tx: &mut Tx, arrived: &[Arrived]) -> Result<(), StoreError> {
        let said: Vec<(&Arrived, &Address)> = arrived.iter().filter_map(|one| Some((one, wishes(&one.inbound.kind)?))).collect();
        if said.is_empty() {
            return Ok(());
        }
        let about: BTreeSet<RequestId> = said.iter().flat_map(|(one, by)| self.wished_about(one, by)).collect();
        let requests: Vec<&RatingRequest> = about.iter().filter_map(|id| self.requests.get(id)).collect();
        let clients: BTreeSet<&ClientId> = requests.iter().filter_map(|request| request.client_id.as_ref()).collect();
        let known = personal::places_of_clients(tx, &clients.into_iter().collect::<Vec<_>>()).await?;
        let channels = &self.engine.channels;
        let clients = requests.into_iter().map(|request| Ok((request.id, Person::of_request(channels, request, &known)?)));
        self.people.clients = clients.collect::<Result<_, StoreError>>()?;
        let here = said.iter().map(|(one, by)| Person::default().with_sender(channels, one, by));
        let people: Vec<Person> = self.people.clients.values().cloned().chain(here).collect();
        self.read_people(tx, &people).await
    }

    /// The rating requests to which a wish may refer.
    fn wished_about(&self, one: &Arrived, by: &Address) -> Vec<RequestId> {
        let (InboundKind::Text(TextMessage { context, .. }) | InboundKind::Edited(TextMessage { context, .. })) = &one.inbound.kind else {
            return claimed(&one.inbound.kind).and_then(|(claimed, _)| claimed.subject.as_id()).into_iter().collect();
        };
        let there = place(&self.engine.channels, one, by);
        let here = self.questions.open.iter().filter(|open| open.place == there);
        let replied =
            self.questions.behind.iter().filter(|behind| {
                behind.message.connection == one.connection && context.replied_to() == Some(behind.message.message.as_str())
            });
        let about = here.map(|open| open.id).chain(replied.map(|behind| behind.subject));
        about.chain(self.questions.last_asked.get(&there).copied()).collect()
    }

    /// Reads whether these people have opted out, and their open questions.
    pub(super) async fn read_people(&mut self, tx: &mut Tx, people: &[Person]) -> Result<(), StoreError> {
        let key = self.engine.mark_key(tx).await?.clone();
        let marks: BTreeSet<String> = people.iter().flat_map(|person| person.marks(&key)).collect();
        self.people.list = OptOutList::of(opt_out::find(tx, &strs(&marks)).await?);
        self.people.key = Some(key);
        let clients: BTreeSet<ClientId> = people.iter().flat_map(Person::names).collect();
        let places: BTreeSet<&Place> = people.iter().flat_map(Person::places).collect();
        let places: Vec<Place> = places.into_iter().cloned().collect();
        let open = opt_out::open_questions(tx, &clients.iter().collect::<Vec<_>>(), &places).await?;
        let missing: Vec<RequestId> = open.into_iter().filter(|id| !self.requests.contains_key(id)).collect();
        if !missing.is_empty() {
            let held = rating_request::hold_late(tx, &missing).await?;
            self.requests.extend(held.into_iter().map(|request| (request.id, request)));
        }
        Ok(())
    }

    /// Reads the data of people who have opted out or do so now; `held` are rating requests that the transaction has already
    /// locked.
    pub(super) async fn of_people(
        tx: &mut Tx,
        engine: &'a Engine,
        people: &[Person],
        held: Vec<RatingRequest>,
        now: Millis,
    ) -> Result<Self, StoreError> {
        let mut batch = Self::new(engine, now);
        batch.requests = held.into_iter().map(|request| (request.id, request)).collect();
        batch.read_people(tx, people).await?;
        let open = batch.requests.values().filter(|request| request.outcome.is_none());
        let open: Vec<RequestId> = open.map(|request| request.id).collect();
        if !open.is_empty() {
            let progress = rating_request::progress(tx, &open).await?;
            batch.progress = progress.into_iter().map(|progress| (progress.id, progress)).collect();
            batch.messages = client_message::load(tx, &open).await?;
        }
        Ok(batch)
    }

    async fn read_known(&mut self, tx: &mut Tx, arrived: &[Arrived], wanted: &Wanted) -> Result<(), StoreError> {
        let moved: BTreeSet<OnConnection> = arrived.iter().filter_map(|one| self.may_have_moved(one)).collect();
        let lines: BTreeSet<&LineId> = self.requests.values().map(|request| &request.line_id).collect();
        let withdrawn = !wanted.wishes.is_empty() || self.people.key.is_some() || (wanted.texts && !self.questions.open.is_empty());
        let open = self.requests.values().filter(|request| withdrawn && request.outcome.is_none());
        let pressed: BTreeSet<RequestId> = self.alerts.about.iter().map(|alert| alert.request_id).collect();
        let about = About {
            requests: self.requests.keys().copied().collect(),
            lines: lines.into_iter().collect(),
            said: wanted.said.iter().cloned().collect(),
            by_link: (!wanted.by_link.is_empty()).then(|| (wanted.by_link.iter().copied().collect(), EVENT_KEY_PREFIX)),
            moved: moved.into_iter().collect(),
            withdrawable: open.map(|request| request.id).collect(),
            pressed: pressed.into_iter().collect(),
            recipients: arrived.iter().filter_map(|one| self.presser(one)).collect::<BTreeSet<_>>().into_iter().collect(),
        };
        let known = batch::read_known(tx, &about).await?;
        self.kept.clone_from(&known.ratings);
        self.ratings = known.ratings;
        self.messages = known.messages;
        self.lines = self.engine.lines.of_versions(tx, known.versions).await?;
        self.said = Said { answers: known.said, changes: known.changes };
        self.edits = known.edits;
        (self.given, self.asked_at) = (known.given, known.asked_at);
        let earlier = known.earlier.into_iter().map(|(whose, were)| {
            let row = &whose.subject;
            let were = were.iter().filter_map(|address| document_or_said("earlier_address", "address", row, address)).collect();
            (whose, were)
        });
        self.earlier = earlier.collect();
        self.progress = known.progress.into_iter().map(|progress| (progress.id, progress)).collect();
        self.alerts = PressedAlerts { about: known.alerts, names: known.names, earlier_chats: known.earlier_chats };
        Ok(())
    }

    /// The alert whose recipient's earlier chats are needed to judge a tap.
    fn presser(&self, one: &Arrived) -> Option<OnConnection> {
        let (claimed, _) = claimed(&one.inbound.kind).filter(|(claimed, _)| claimed.purpose == Purpose::Acknowledge)?;
        let alert = self.alerts.about.iter().find(|alert| Some(alert.id) == claimed.subject.as_id())?;
        Some(OnConnection { subject: alert.recipient_id.as_str().into(), connection: one.connection.clone() })
    }
}

fn was_ours(engine: &Engine, key: EventKey, seen: &inbox::Seen) -> (EventKey, bool) {
    let forged = seen.disposition.as_deref().and_then(Disposition::parse) == Some(Disposition::Forged);
    let ours = !forged || answers_all(engine, &key.source.as_connection());
    (key, ours)
}
