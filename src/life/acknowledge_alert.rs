//! Somebody has seen the alerts about a low rating: nothing escalates any more, and the alert's message says so.

use super::engine::Engine;
use super::settle_question::{Says, Settling};
use crate::domain::delivery::Kind;
use crate::store::alert::{self, Alert};
use crate::store::delivery::{self, NewDelivery};
use crate::store::{Millis, StoreError, Tx};

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
    if let Some((connection, address, message_id)) = place {
        let edits = engine.channels.get(connection).is_some_and(|channel| channel.capabilities().edits);
        if edits && new {
            let settled = seen_message(engine, alert, (connection, address, message_id), by, now);
            delivery::schedule(tx, &[settled]).await?;
        }
    }
    Ok(new)
}

/// By a person through the API: `alert_id` is any alert of the rating request. `None` when there is no such alert.
///
/// # Errors
/// The database's error.
pub async fn by_hand(engine: &Engine, alert_id: &str, by: &str, now: Millis) -> Result<Option<bool>, StoreError> {
    let (steps, alert_id, by) = (engine.clone(), alert_id.to_owned(), by.to_owned());
    let acknowledged = engine
        .db
        .write(move |tx| {
            let (engine, alert_id, by) = (steps.clone(), alert_id.clone(), by.clone());
            Box::pin(async move {
                match alert::find(tx, &alert_id).await? {
                    Some(alert) => acknowledge(tx, &engine, &alert, &by, None, now).await.map(Some),
                    None => Ok::<_, StoreError>(None),
                }
            })
        })
        .await?;
    engine.wake.notify_one();
    Ok(acknowledged)
}

fn seen_message(engine: &Engine, alert: &Alert, place: (&str, &str, &str), by: &str, now: Millis) -> NewDelivery {
    let (connection, address, message_id) = place;
    let settling = Settling { replaces: Some(message_id.to_owned()), says: Says::Text(format!("✓ Seen by {by}")) };
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
