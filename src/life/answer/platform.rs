//! Delivery statuses and address changes reported by platforms. They are processed before the clients' events of the same batch,
//! because a client's answer is stronger evidence about a question than a status.

use crate::engine::Engine;
use crate::engine::notifications::Notification;
use crate::facts::inbound::Arrived;
use crate::question::address_change::{Move, follow};
use crate::question::delivery_status::{Message, hear};
use crate::report::watch::hear::PossibleCase;
use lastword_base::names::{DeliveryId, EventKey};
use lastword_contract::{DeliveryStatus, InboundKind};
use lastword_domain::answer::Disposition;
use lastword_store::question::delivery::Delivery;
use lastword_store::question::ending::{self, MessageId};
use lastword_store::{Millis, StoreError, Tx, inbox};
use std::collections::BTreeSet;

/// Results of the platform events.
#[derive(Default)]
pub(super) struct PlatformResults {
    /// For each event of the batch; `None` for events of clients, and for events received before.
    pub(super) became: Vec<Option<Disposition>>,
    /// For live updates.
    pub(super) news: Vec<Notification>,
    /// Cases of watched shares, for [`crate::report::watch::hear`] at the end.
    pub(super) cases: Vec<PossibleCase>,
}

/// The deliveries whose status is reported in `arrived`, and the IDs of those that the platform refused. Read before any lock.
pub(super) async fn spoken_of(tx: &mut Tx, arrived: &[Arrived]) -> Result<(Vec<Delivery>, BTreeSet<DeliveryId>), StoreError> {
    let (mut keys, mut messages, mut refused) = (Vec::new(), Vec::new(), BTreeSet::new());
    for one in arrived {
        let InboundKind::Status { message_id, key, status } = &one.inbound.kind else { continue };
        let message = message_id.as_ref().map(|message| MessageId { connection: one.connection.clone(), message: message.clone() });
        if matches!(status, DeliveryStatus::Failed(_)) {
            refused.extend(key.iter().chain(message_id).cloned());
        }
        match key {
            Some(key) => keys.extend(key.parse::<DeliveryId>()),
            None => messages.extend(message),
        }
    }
    if keys.is_empty() && messages.is_empty() {
        return Ok((Vec::new(), BTreeSet::new()));
    }
    let found = ending::spoken_of(tx, &keys, &messages).await?;
    let is_refused =
        |one: &&Delivery| refused.contains(&one.id.to_string()) || one.message_id.as_ref().is_some_and(|id| refused.contains(id));
    let refused = found.iter().filter(is_refused).map(|one| one.id).collect();
    Ok((found, refused))
}

/// Processes the platform events among `arrived`, in their order.
pub(super) async fn hear_all(tx: &mut Tx, engine: &Engine, arrived: &[Arrived], now: Millis) -> Result<PlatformResults, StoreError> {
    let mut told = PlatformResults { became: arrived.iter().map(|_| None).collect(), ..PlatformResults::default() };
    let by_platform = |one: &Arrived| matches!(one.inbound.kind, InboundKind::Status { .. } | InboundKind::Moved { .. });
    let said: Vec<(usize, &Arrived)> = arrived.iter().enumerate().filter(|(_, one)| by_platform(one)).collect();
    if said.is_empty() {
        return Ok(told);
    }
    let events: Vec<EventKey> = said.iter().map(|(_, one)| one.event()).collect();
    let known = inbox::seen(tx, &events.iter().collect::<Vec<_>>()).await?;
    let mut seen: BTreeSet<EventKey> = known.into_keys().collect();
    for (at, one) in said {
        if !seen.insert(one.event()) {
            continue;
        }
        told.became[at] = match &one.inbound.kind {
            InboundKind::Status { message_id, key, status } => {
                let message = Message { connection: &one.connection, key: key.as_deref(), id: message_id.as_deref() };
                let (disposition, news) = hear(tx, engine, &message, status, (now, &mut told.cases)).await?;
                told.news.extend(news);
                Some(disposition)
            }
            InboundKind::Moved { from, to } => {
                let moved = Move { connection: &one.connection, from, to, told_by: &one.inbound.key };
                let followed = follow(tx, engine, &moved, now).await?;
                Some(if followed { Disposition::Counted } else { Disposition::NotAnAnswer })
            }
            _ => None,
        };
    }
    Ok(told)
}
