//! Locks all rows that the ends of messages touch before the first end is recorded, in the order of all locks
//! (`lastword_store::locks`).

use crate::engine::Engine;
use crate::recipient::choose::concerned;
use lastword_base::names::{DeliveryId, LineId, RequestId, Subject};
use lastword_store::alert::{self, recipient};
use lastword_store::locks::{self, Open};
use lastword_store::question::delivery::Delivery;
use lastword_store::question::rating_request;
use lastword_store::{StoreError, Tx};
use std::collections::BTreeSet;

/// Locks all rows that the ends of these deliveries touch. `lost` are those that may not have arrived: their alerts may go to other
/// recipients.
#[lastword_base::boxed]
pub async fn hold_before_ends(tx: &mut Tx, engine: &Engine, deliveries: &[&Delivery], lost: &[&Delivery]) -> Result<(), StoreError> {
    if tx.has_one_writer() {
        return Ok(());
    }
    let questions = deliveries.iter().filter(|delivery| delivery.kind.is_question());
    let questions: Vec<RequestId> = questions.filter_map(|delivery| delivery.request()).collect();
    let carriers = carriers(deliveries);
    let requests = locks::hold_requests(tx, &questions, &carriers).await?;
    if carriers.is_empty() && lost.is_empty() {
        // Messages that arrived touch no other rows that could cause a deadlock.
        return Ok(());
    }
    let others = others(tx, engine, &self::carriers(lost)).await?;
    let others: Vec<&str> = others.iter().map(String::as_str).collect();
    let gathering: Vec<Subject> = others.iter().map(|&id| id.into()).collect();
    let messages: Vec<DeliveryId> = deliveries.iter().map(|delivery| delivery.id).collect();
    let open = Open { requests: &requests, gathering: &gathering, messages: &messages };
    locks::hold_before_ends(tx, &carriers, &others, open).await
}

fn carriers(deliveries: &[&Delivery]) -> Vec<DeliveryId> {
    deliveries.iter().filter(|delivery| delivery.kind.carries_alerts()).map(|delivery| delivery.id).collect()
}

/// IDs of the recipients who may be notified instead of the recipients of these messages.
pub(crate) async fn others(tx: &mut Tx, engine: &Engine, lost: &[DeliveryId]) -> Result<BTreeSet<String>, StoreError> {
    let mut others = BTreeSet::new();
    if lost.is_empty() {
        return Ok(others);
    }
    let alerts = alert::carried_in(tx, lost).await?;
    let requests: BTreeSet<RequestId> = alerts.iter().map(|alert| alert.request_id).collect();
    let requests = rating_request::these_in(tx, &requests.into_iter().collect::<Vec<_>>()).await?;
    let lines: BTreeSet<&LineId> = requests.iter().map(|request| &request.line_id).collect();
    let lines = engine.lines.current(tx, &lines.into_iter().collect::<Vec<_>>()).await?;
    let recipients = recipient::all_in(tx).await?;
    for request in &requests {
        if let Some(line) = lines.get(&request.line_id) {
            others.extend(concerned(request, line, &recipients));
        }
    }
    Ok(others)
}
