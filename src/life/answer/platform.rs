//! What a platform says of our messages and of addresses, worked off before what clients say in the same batch: their
//! answer proves more about a question than a word of the platform.

use super::batch::Arrived;
use crate::engine::Engine;
use crate::notifications::Notification;
use crate::question::address_change::{Move, follow};
use crate::question::delivery_status::{Message, hear};
use lastword_contract::InboundKind;
use lastword_domain::answer::Disposition;
use lastword_store::records::inbox;
use lastword_store::{Millis, StoreError, Tx};
use std::collections::BTreeSet;

/// What became of what a platform said.
#[derive(Default)]
pub(super) struct PlatformResults {
    /// For each event of the batch; none for what clients said, and for what was told before.
    pub(super) became: Vec<Option<Disposition>>,
    /// For those who watch.
    pub(super) news: Vec<Notification>,
}

/// Works off what the platform said among `arrived`, in its order.
///
/// # Errors
/// The database's error.
pub(super) async fn hear_all(tx: &mut Tx, engine: &Engine, arrived: &[Arrived], now: Millis) -> Result<PlatformResults, StoreError> {
    let mut told = PlatformResults { became: arrived.iter().map(|_| None).collect(), news: Vec::new() };
    let by_platform = |one: &Arrived| matches!(one.inbound.kind, InboundKind::Status { .. } | InboundKind::Moved { .. });
    let said: Vec<(usize, &Arrived)> = arrived.iter().enumerate().filter(|(_, one)| by_platform(one)).collect();
    if said.is_empty() {
        return Ok(told);
    }
    let keys: Vec<(&str, &str)> = said.iter().map(|(_, one)| (one.connection.as_str(), one.inbound.key.as_str())).collect();
    let known = inbox::seen(tx, &keys).await?;
    let mut seen: BTreeSet<(String, String)> = known.into_keys().collect();
    for (at, one) in said {
        if !seen.insert((one.connection.clone(), one.inbound.key.clone())) {
            continue;
        }
        told.became[at] = match &one.inbound.kind {
            InboundKind::Status { message_id, key, status } => {
                let message = Message { connection: &one.connection, key: key.as_deref(), id: message_id.as_deref() };
                let (disposition, news) = hear(tx, engine, &message, status, now).await?;
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
