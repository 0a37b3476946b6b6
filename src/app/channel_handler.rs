//! Implements the queue's handler with the steps of a rating's life.

use crate::domain::connection::refusals::UNREADABLE;
use crate::domain::question::delivery::{Failure, Kind};
use crate::life::answer::opt_out;
use crate::life::desk::read_chat::read_chat;
use crate::life::desk::write_back;
use crate::life::message::compose::{self, Composed};
use crate::life::question::address_change::{Move, follow};
use crate::life::question::hold_ends::hold_before_ends;
use crate::life::question::record_end::record;
use crate::life::question::send::{self, Tried};
use crate::life::{Engine, Notification};
use crate::metrics::Metrics;
use crate::names::{ConnectionId, RequestId};
use crate::queue::handler::{Chat, Ended, Written};
use crate::queue::{ConnectionLimit, Handler, TryResult};
use crate::store::question::delivery::Delivery;
use crate::store::{StoreError, Tx, document_in, document_or_said};
use crate::time::Millis;
use async_trait::async_trait;
use lastword_contract::{Address, Outgoing, WriteBack};
use std::sync::Arc;

/// Sends messages through their channels.
pub struct ChannelHandler {
    engine: Engine,
    timeout: Millis,
    metrics: Option<Arc<Metrics>>,
}

impl ChannelHandler {
    /// Creates a handler whose calls time out after `timeout`.
    pub fn new(engine: Engine, timeout: Millis, metrics: Option<Arc<Metrics>>) -> Self {
        Self { engine, timeout, metrics }
    }
}

/// Content of a delivery.
#[derive(Clone, Debug)]
pub enum Letter {
    /// A message, to a client, a recipient or a program.
    Message(Box<Outgoing>),
    /// A rating for its desk.
    WriteBack(Box<WriteBack>),
    /// No content: a chat has to be read.
    Look,
    /// No content: a required row cannot be read, for this reason. The delivery ends as failed.
    Unreadable(String),
}

/// Logs the error, so that the row can be repaired, and lets the delivery fail instead of ending as empty.
fn unreadable(error: &StoreError, delivery: &Delivery) -> Written<Letter> {
    tracing::error!(%error, delivery = delivery.id.to_string(), kind = delivery.kind.as_str(), "could not compose a delivery; it fails");
    Written::Message(Letter::Unreadable(error.to_string()))
}

impl ChannelHandler {
    /// Messages of deliveries that have one.
    async fn messages(&self, deliveries: &[Delivery], now: Millis) -> Result<Vec<Written<Letter>>, StoreError> {
        if deliveries.is_empty() {
            return Ok(Vec::new());
        }
        let written = compose::compose(&self.engine, deliveries, now).await?;
        let unwanted = deliveries.iter().zip(&written).filter(|(_, composed)| matches!(composed, Composed::OptedOut));
        let unwanted: Vec<RequestId> = unwanted.filter_map(|(delivery, _)| delivery.request()).collect();
        if !unwanted.is_empty() {
            opt_out::hold_back(&self.engine, &unwanted, now).await?;
        }
        Ok(written
            .into_iter()
            .zip(deliveries)
            .map(|(composed, delivery)| match composed {
                Composed::Message(message) => Written::Message(Letter::Message(message)),
                Composed::Unreadable(error) => unreadable(&error, delivery),
                Composed::Nothing | Composed::OptedOut => Written::Nothing,
                Composed::NotBefore(at) => Written::NotBefore(at),
            })
            .collect())
    }

    async fn notes(&self, deliveries: &[&Delivery]) -> Result<Vec<Written<Letter>>, StoreError> {
        let notes = write_back::compose(&self.engine, deliveries).await?;
        let note = |(note, delivery): (Result<Option<WriteBack>, StoreError>, &&Delivery)| match note {
            Ok(Some(note)) => Written::Message(Letter::WriteBack(Box::new(note))),
            Ok(None) => Written::Nothing,
            Err(error) => unreadable(&error, delivery),
        };
        Ok(notes.into_iter().zip(deliveries).map(note).collect())
    }
}

#[async_trait]
impl Handler for ChannelHandler {
    type Message = Letter;

    fn connection_limits(&self) -> Vec<ConnectionLimit> {
        let limit = |(name, connection): (ConnectionId, crate::life::engine::channels::Connection)| {
            let rate = connection.channel.capabilities().rate;
            ConnectionLimit { name, per_second: rate.per_second, burst: rate.burst }
        };
        self.engine.channels.iter().map(limit).collect()
    }

    fn chat(&self, delivery: &Delivery) -> Option<Chat> {
        let channel = self.engine.channels.get(&delivery.connection)?;
        // A delivery whose address cannot be read has no chat; it fails without a call.
        let Ok(to) = document_in::<Address>("delivery", "address", &delivery.id, &delivery.address) else { return None };
        let between = channel.capabilities().rate.between(channel.is_group(&to));
        (between > 0).then_some(Chat { name: to.chat.into(), between })
    }

    fn chats_apart(&self, connection: &ConnectionId) -> bool {
        self.engine.channels.get(connection).is_some_and(|channel| channel.capabilities().chats_apart)
    }

    async fn prepare(&self, deliveries: &[Delivery], now: Millis) -> Result<Vec<Written<Letter>>, StoreError> {
        let to_desk = |delivery: &Delivery| matches!(delivery.kind, Kind::WriteBack | Kind::Look);
        if !deliveries.iter().any(to_desk) {
            return self.messages(deliveries, now).await;
        }
        let notes: Vec<&Delivery> = deliveries.iter().filter(|delivery| delivery.kind == Kind::WriteBack).collect();
        let others: Vec<Delivery> = deliveries.iter().filter(|delivery| !to_desk(delivery)).cloned().collect();
        let (mut notes, mut messages) = (self.notes(&notes).await?.into_iter(), self.messages(&others, now).await?.into_iter());
        let each = deliveries.iter().map(|delivery| match delivery.kind {
            Kind::Look => Written::Message(Letter::Look),
            Kind::WriteBack => notes.next().unwrap_or(Written::Nothing),
            _ => messages.next().unwrap_or(Written::Nothing),
        });
        Ok(each.collect())
    }

    async fn send(&self, delivery: &Delivery, letter: &Letter) -> TryResult {
        let tried = match letter {
            Letter::Message(message) => send::send(&self.engine, &delivery.connection, message, self.timeout).await,
            Letter::WriteBack(rating) => write_back::show(&self.engine, &delivery.connection, rating, self.timeout).await,
            // In a function of its own, because its future is much larger than that of a call, and hundreds of calls run concurrently.
            Letter::Unreadable(why) => {
                return TryResult::Failed { failure: Failure::Refused, kind: UNREADABLE, detail: why.clone() };
            }
            Letter::Look => Box::pin(read_chat(&self.engine, delivery, self.timeout, self.engine.now())).await,
        };
        match tried {
            Tried::Sent { message_id, moved_to } => {
                TryResult::Sent { message_id, moved_to: moved_to.and_then(|address| serde_json::to_string(&address).ok()) }
            }
            Tried::Failed { failure, kind, detail } => TryResult::Failed { failure, kind, detail },
        }
    }

    async fn moved(&self, tx: &mut Tx, delivery: &Delivery, to: &str, now: Millis) -> Result<(), StoreError> {
        let Ok(to) = serde_json::from_str(to) else { return Ok(()) };
        let Some(from) = document_or_said("delivery", "address", delivery.id, &delivery.address) else { return Ok(()) };
        let moved = Move { connection: &delivery.connection, from: &from, to: &to, told_by: &delivery.id.to_string() };
        follow(tx, &self.engine, &moved, now).await.map(drop)
    }

    async fn ending(&self, tx: &mut Tx, deliveries: &[&Delivery], lost: &[&Delivery]) -> Result<(), StoreError> {
        hold_before_ends(tx, &self.engine, deliveries, lost).await
    }

    async fn ended(&self, tx: &mut Tx, ended: &[Ended], now: Millis) -> Result<(), StoreError> {
        // Notified before the commit; watchers also check the database periodically.
        record(tx, &self.engine, ended, now).await?.into_iter().for_each(|news| self.engine.tell(news));
        Ok(())
    }

    fn tried(&self, delivery: &Delivery, result: &TryResult, late: Millis) {
        let (connection, kind, verdict) = (delivery.connection.clone(), delivery.kind, result.verdict());
        if let Some(metrics) = &self.metrics {
            metrics.send(connection.as_str(), kind.as_str(), verdict);
            metrics.delivery_lateness(late);
        }
        // Deliveries to a desk do not wait for a client's answer.
        let to_desk = matches!(delivery.kind, Kind::WriteBack | Kind::Look);
        if matches!(result, TryResult::Sent { .. }) && !to_desk {
            self.engine.hearing.sent(&connection, self.engine.now());
        }
        self.engine.tell(Notification::Tried { connection, kind, verdict, late });
    }

    fn stopped(&self, connection: &ConnectionId) {
        self.engine.tell(Notification::Stopped { connection: connection.to_owned() });
    }
}
