//! Acknowledges the alerts about a low rating: escalation stops, and the alert's message shows who has seen it.

use crate::alert::follow::{Step, follow};
use crate::engine::Engine;
use crate::events::{self, LowEvent};
use crate::message::settle::{SettleMessage, Settling};
use lastword_base::names::{AlertId, ConnectionId, RequestId};
use lastword_contract::Address;
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_domain::alert::AlertKind;
use lastword_domain::alert::words::words;
use lastword_domain::question::delivery::Kind;
use lastword_store::access::audit;
use lastword_store::alert::{self, Alert, SeenBy};
use lastword_store::answer::rating;
use lastword_store::question::delivery::{self, NewDelivery};
use lastword_store::question::rating_request;
use lastword_store::{Millis, StoreError, Tx, transaction};

/// The message whose button was pressed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PressedMessage<'a> {
    /// The connection.
    pub(crate) connection: &'a ConnectionId,
    /// The person who pressed it, and the chat.
    pub(crate) address: &'a Address,
    /// The platform's ID of the message.
    pub(crate) message_id: &'a str,
}

/// Records who has seen the alert. The rating stays open until it is replied to or marked as resolved.
async fn acknowledge(tx: &mut Tx, alert: &Alert, by: &str, now: Millis) -> Result<bool, StoreError> {
    let seen = SeenBy { request_id: alert.request_id, name: by.to_owned() };
    Ok(alert::acknowledge(tx, &[seen], now).await? > 0)
}

/// Schedules events to programs and services that keep the state: who has seen the alerts about these rating requests.
pub(crate) async fn tell_seen(tx: &mut Tx, engine: &Engine, seen: &[SeenBy], now: Millis) -> Result<(), StoreError> {
    if seen.is_empty() {
        return Ok(());
    }
    let steps: Vec<(RequestId, &str)> = seen.iter().map(|seen| (seen.request_id, seen.name.as_str())).collect();
    let mut told = follow(tx, engine, Step::Seen, &steps, now).await?;
    if engine.channels.wanting("low_rating.seen", None).is_empty() {
        return delivery::schedule(tx, &told).await;
    }
    let ids: Vec<RequestId> = seen.iter().map(|seen| seen.request_id).collect();
    let ratings = rating::load(tx, &ids).await?;
    for request in rating_request::these_in(tx, &ids).await? {
        let by = seen.iter().find(|seen| seen.request_id == request.id);
        let (Some(by), Some(rating)) = (by, ratings.get(&request.id).filter(|rating| rating.low == 1)) else { continue };
        told.extend(events::low_rating(engine, LowEvent::Seen(&by.name), &request, rating, now));
    }
    delivery::schedule(tx, &told).await
}

/// Acknowledges in the name of `by`. `alert_id` is any alert of the rating request. Returns `None` if there is no such alert, and true if
/// it was not acknowledged before.
#[lastword_base::boxed]
pub async fn by_hand(engine: &Engine, alert_id: AlertId, by: &str, now: Millis) -> Result<Option<bool>, StoreError> {
    by_hand_of(engine, None, alert_id, by, now).await
}

/// Same as [`by_hand`], and records in the audit log who did it: a person on a page, or a program in the name of `by`.
#[lastword_base::boxed]
pub async fn by_hand_of(engine: &Engine, who: Option<&By>, alert_id: AlertId, by: &str, now: Millis) -> Result<Option<bool>, StoreError> {
    let who = who.cloned();
    let acknowledged = transaction!(engine.db, [engine, who, by], async |tx| {
        let Some(alert) = alert::find(tx, alert_id).await? else { return Ok(None) };
        rating_request::hold(tx, &[alert.request_id]).await?;
        let new = acknowledge(tx, &alert, &by, now).await?;
        if new {
            tell_seen(tx, &engine, &[SeenBy { request_id: alert.request_id, name: by.clone() }], now).await?;
        }
        if let (true, Some(who)) = (new, who) {
            let entry = Entry::new(Act::AlertAcknowledged, alert.request_id).on_line(&alert.line_id);
            audit::write(tx, engine.ids.next(now), now, &who, &entry).await?;
        }
        Ok(Some(new))
    })
    .await?;
    engine.wake.ring();
    Ok(acknowledged)
}

/// The message that replaces an alert's message and shows who has seen it; `None` if the channel cannot edit.
pub(crate) fn seen_message(engine: &Engine, alert: &Alert, place: PressedMessage<'_>, by: &str, now: Millis) -> Option<NewDelivery> {
    let PressedMessage { connection, address, message_id } = place;
    engine.channels.get(connection).filter(|channel| channel.capabilities().edits)?;
    let says = match &alert.delivery_id {
        // A test has nothing to recompose from: only the name is shown.
        Some(_) if alert.kind == AlertKind::Test => SettleMessage::Text(words(&engine.options.language).seen_by.replace("{}", by)),
        Some(delivery) => SettleMessage::Alert(*delivery),
        None => SettleMessage::Text(words(&engine.options.language).seen_by.replace("{}", by)),
    };
    let settling = Settling { replaces: Some(message_id.to_owned()), says };
    Some(NewDelivery {
        id: engine.ids.next(now),
        kind: Kind::Settle,
        connection: connection.to_owned(),
        address: serde_json::to_string(address).unwrap_or_default(),
        subject: Some(alert.id.into()),
        payload: serde_json::to_string(&settling).unwrap_or_default(),
        due_at: now,
        give_up_at: now + 3_600_000,
        window_closes_at: None,
        outside_window: 0,
        resends_max: engine.channels.resends_max(connection, Kind::Settle, true),
        created_at: now,
    })
}
