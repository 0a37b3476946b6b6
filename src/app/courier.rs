//! The courier: what the queue asks, answered by the steps of a rating's life.

use crate::life::compose_message::Composed;
use crate::life::dispatch::{self, Tried};
use crate::life::follow_move::{Move, follow};
use crate::life::record_end::{is_question, record};
use crate::life::{Engine, News, compose_message};
use crate::metrics::Metrics;
use crate::queue::handler::{Chat, Ended, Written};
use crate::queue::{Handler, Lane, TryResult};
use crate::store::delivery::Delivery;
use crate::store::{StoreError, Tx, arrival};
use crate::time::Millis;
use async_trait::async_trait;
use lastword_contract::{Address, Outgoing};
use std::sync::Arc;

/// The courier.
pub struct Courier {
    engine: Engine,
    timeout: Millis,
    metrics: Option<Arc<Metrics>>,
}

impl Courier {
    /// A courier whose calls end after `timeout`.
    pub fn new(engine: Engine, timeout: Millis, metrics: Option<Arc<Metrics>>) -> Self {
        Self { engine, timeout, metrics }
    }
}

#[async_trait]
impl Handler for Courier {
    type Message = Outgoing;

    fn lanes(&self) -> Vec<Lane> {
        let lane = |(name, connection): (&str, &crate::life::channels::Connection)| {
            let rate = connection.channel.capabilities().rate;
            Lane { name: name.to_owned(), per_second: rate.per_second, burst: rate.burst }
        };
        self.engine.channels.iter().map(lane).collect()
    }

    fn chat(&self, delivery: &Delivery) -> Option<Chat> {
        let channel = self.engine.channels.get(&delivery.connection)?;
        let to: Address = serde_json::from_str(&delivery.address).ok()?;
        let between = channel.capabilities().rate.between(channel.is_group(&to));
        (between > 0).then_some(Chat { name: to.chat, between })
    }

    async fn prepare(&self, deliveries: &[Delivery], now: Millis) -> Result<Vec<Written<Outgoing>>, StoreError> {
        let written = compose_message::compose(&self.engine, deliveries, now).await?.into_iter();
        Ok(written
            .map(|composed| match composed {
                Composed::Message(message) => Written::Message(*message),
                Composed::Nothing => Written::Nothing,
                Composed::NotBefore(at) => Written::NotBefore(at),
            })
            .collect())
    }

    async fn send(&self, delivery: &Delivery, message: &Outgoing) -> TryResult {
        match dispatch::send(&self.engine, &delivery.connection, message, self.timeout).await {
            Tried::Sent { message_id, moved_to } => {
                TryResult::Sent { message_id, moved_to: moved_to.and_then(|address| serde_json::to_string(&address).ok()) }
            }
            Tried::Failed { failure, kind, detail } => TryResult::Failed { failure, kind, detail },
        }
    }

    async fn moved(&self, tx: &mut Tx, delivery: &Delivery, to: &str, now: Millis) -> Result<(), StoreError> {
        let (Ok(from), Ok(to)) = (serde_json::from_str(&delivery.address), serde_json::from_str(to)) else { return Ok(()) };
        let moved = Move { connection: &delivery.connection, from: &from, to: &to, told_by: &delivery.id };
        follow(tx, &moved, now).await.map(drop)
    }

    async fn ending(&self, tx: &mut Tx, deliveries: &[&Delivery]) -> Result<(), StoreError> {
        let questions = deliveries.iter().filter(|delivery| is_question(&delivery.kind));
        arrival::hold_first(tx, &questions.filter_map(|delivery| delivery.subject.as_deref()).collect::<Vec<_>>()).await
    }

    async fn ended(&self, tx: &mut Tx, ended: &[Ended], now: Millis) -> Result<(), StoreError> {
        // Told before the commit: watchers look again in the database anyway.
        record(tx, &self.engine, ended, now).await?.into_iter().for_each(|news| self.engine.tell(news));
        Ok(())
    }

    fn tried(&self, delivery: &Delivery, result: &TryResult, late: Millis) {
        let (connection, kind, verdict) = (delivery.connection.clone(), delivery.kind.clone(), result.verdict());
        if let Some(metrics) = &self.metrics {
            metrics.send(&connection, &kind, verdict);
            metrics.delivery_lateness(late);
        }
        if matches!(result, TryResult::Sent { .. }) {
            self.engine.hearing.sent(&connection, self.engine.now());
        }
        self.engine.tell(News::Tried { connection, kind, verdict, late });
    }

    fn stopped(&self, connection: &str) {
        self.engine.tell(News::Stopped { connection: connection.to_owned() });
    }
}
