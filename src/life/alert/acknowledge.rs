//! Somebody has seen the alerts about a low rating: nothing escalates any more, and the alert's message says so.

use crate::domain::access::audit::{Act, By, Entry};
use crate::domain::alert::words::words;
use crate::domain::question::delivery::Kind;
use crate::life::engine::Engine;
use crate::life::question::settle::{Says, Settling};
use crate::store::access::audit;
use crate::store::alert::{self, Alert};
use crate::store::question::delivery::{self, NewDelivery};
use crate::store::{Millis, StoreError, Tx, review};

/// Acknowledges the alerts of the rating request behind `alert`, by the word of `by`.
///
/// # Errors
/// The database's error.
pub async fn acknowledge(
    tx: &mut Tx,
    engine: &Engine,
    alert: &Alert,
    by: &str,
    place: Option<(&str, &str, &str)>,
    now: Millis,
) -> Result<bool, StoreError> {
    let new = alert::acknowledge(tx, &alert.request_id, by, now).await? > 0;
    review::worked(tx, &[&alert.request_id], now).await?;
    if let Some((connection, address, message_id)) = place {
        let edits = engine.channels.get(connection).is_some_and(|channel| channel.capabilities().edits);
        if edits && new {
            delivery::schedule(tx, &[seen_message(engine, alert, (connection, address, message_id), by, now)]).await?;
        }
    }
    Ok(new)
}

/// By the word of `by`, whoever brings it: `alert_id` is any alert of the rating request. `None` when there is no such
/// alert.
///
/// # Errors
/// The database's error.
pub async fn by_hand(engine: &Engine, alert_id: &str, by: &str, now: Millis) -> Result<Option<bool>, StoreError> {
    by_hand_of(engine, None, alert_id, by, now).await
}

/// As [`by_hand`], and notes in the trail who did it: a person on a page, or a program for the person `by`.
///
/// # Errors
/// The database's error.
pub async fn by_hand_of(engine: &Engine, who: Option<&By>, alert_id: &str, by: &str, now: Millis) -> Result<Option<bool>, StoreError> {
    let (steps, who, alert_id, by) = (engine.clone(), who.cloned(), alert_id.to_owned(), by.to_owned());
    let acknowledged = engine
        .db
        .write(move |tx| {
            let (engine, who, alert_id, by) = (steps.clone(), who.clone(), alert_id.clone(), by.clone());
            Box::pin(async move {
                let Some(alert) = alert::find(tx, &alert_id).await? else { return Ok::<_, StoreError>(None) };
                let new = acknowledge(tx, &engine, &alert, &by, None, now).await?;
                if let (true, Some(who)) = (new, who) {
                    let entry = Entry::new(Act::AlertAcknowledged, &alert.request_id).on_line(&alert.line_id);
                    audit::write(tx, &engine.ids.next(now), now, &who, &entry).await?;
                }
                Ok(Some(new))
            })
        })
        .await?;
    engine.wake.ring();
    Ok(acknowledged)
}

fn seen_message(engine: &Engine, alert: &Alert, place: (&str, &str, &str), by: &str, now: Millis) -> NewDelivery {
    let (connection, address, message_id) = place;
    let says = match &alert.delivery_id {
        // A test has nothing more to say.
        Some(_) if alert.kind == "test" => Says::Text(words(&engine.options.language).seen_by.replace("{}", by)),
        Some(delivery) => Says::Alert(delivery.clone()),
        None => Says::Text(words(&engine.options.language).seen_by.replace("{}", by)),
    };
    let settling = Settling { replaces: Some(message_id.to_owned()), says };
    NewDelivery {
        id: engine.ids.next(now),
        kind: Kind::Settle.as_str(),
        connection: connection.to_owned(),
        address: address.to_owned(),
        subject: Some(alert.id.clone()),
        payload: serde_json::to_string(&settling).unwrap_or_default(),
        due_at: now,
        give_up_at: now + 3_600_000,
        window_closes_at: None,
        outside_window: 0,
        resends_max: engine.channels.resends_max(connection, Kind::Settle, true),
        created_at: now,
    }
}
