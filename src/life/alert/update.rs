//! The client adds a reason or a comment to a low rating, or gives another low score: the alerts that were told say so, in their own
//! place where the channel can edit, in one more message where it cannot.

use super::raise::{Low, raise_for};
use crate::domain::question::delivery::{Kind, State};
use crate::life::engine::Engine;
use crate::life::notifications::Notification;
use crate::life::question::settle::{Says, Settling};
use crate::store::alert::{self, Alert, recipient};
use crate::store::answer::rating::Rating;
use crate::store::question::delivery::{self, Delivery, NewDelivery};
use crate::store::{Millis, StoreError, Tx};

/// How long an update is worth bringing.
const GIVE_UP_AFTER: Millis = 3_600_000;

/// Whether a rating says something else to whoever reads its alerts.
fn says_more(before: &Rating, after: &Rating) -> bool {
    (before.score, &before.reasons, &before.comment) != (after.score, &after.reasons, &after.comment)
}

/// Brings the alerts about a rating that stayed low up to date.
///
/// # Errors
/// The database's error.
pub(crate) async fn update(
    tx: &mut Tx,
    engine: &Engine,
    low: &Low<'_>,
    before: &Rating,
    now: Millis,
) -> Result<Vec<Notification>, StoreError> {
    if !says_more(before, low.rating) {
        return Ok(Vec::new());
    }
    let stands = |alert: &Alert| {
        alert.kind == "low" && matches!(alert.state.as_str(), "raised" | "digested") && alert.reason.as_deref() != Some("score_changed")
    };
    let alerts: Vec<Alert> = alert::about(tx, &[&low.request.id]).await?.into_iter().filter(stands).collect();
    let ids: Vec<&str> = alerts.iter().filter_map(|alert| alert.delivery_id.as_deref()).collect();
    let messages = delivery::load(tx, &ids).await?;
    let told =
        |alert: &Alert| messages.iter().find(|message| Some(&message.id) == alert.delivery_id.as_ref()).filter(|message| left(message));
    let edits = |message: &Delivery| engine.channels.get(&message.connection).is_some_and(|channel| channel.capabilities().edits);
    let (in_place, followed): (Vec<_>, Vec<_>) =
        alerts.iter().filter_map(|alert| Some((alert, told(alert)?))).partition(|(_, message)| edits(message));
    let again: Vec<&str> = in_place.iter().map(|(alert, _)| alert.id.as_str()).collect();
    delivery::cancel(tx, &again, &[Kind::Settle.as_str()], "newer_answer", now).await?;
    let updates: Vec<NewDelivery> = in_place.iter().map(|(alert, message)| in_its_place(engine, alert, message, now)).collect();
    delivery::schedule(tx, &updates).await?;
    follow_up(tx, engine, low, followed.into_iter().map(|(alert, _)| alert), now).await
}

/// Whether a message may have been written without what is new.
fn left(message: &Delivery) -> bool {
    matches!(State::parse(&message.state), Some(State::Leased | State::Sending | State::Sent | State::Delivered | State::Unknown))
}

fn in_its_place(engine: &Engine, alert: &Alert, message: &Delivery, now: Millis) -> NewDelivery {
    let settling = Settling { replaces: None, says: Says::Alert(message.id.clone()) };
    NewDelivery {
        id: engine.ids.next(now),
        kind: Kind::Settle.as_str(),
        connection: message.connection.clone(),
        address: message.address.clone(),
        subject: Some(alert.id.clone()),
        payload: serde_json::to_string(&settling).unwrap_or_default(),
        due_at: now,
        give_up_at: now + GIVE_UP_AFTER,
        window_closes_at: None,
        outside_window: 0,
        resends_max: engine.channels.resends_max(&message.connection, Kind::Settle, true),
        created_at: now,
    }
}

/// One more message for each who was told, unless one is on its way that will say it all.
async fn follow_up<'a>(
    tx: &mut Tx,
    engine: &Engine,
    low: &Low<'_>,
    told: impl Iterator<Item = &'a Alert>,
    now: Millis,
) -> Result<Vec<Notification>, StoreError> {
    let mut who: Vec<String> = told.map(|alert| alert.recipient_id.clone()).collect();
    who.sort_unstable();
    who.dedup();
    if who.is_empty() {
        return Ok(Vec::new());
    }
    alert::may_follow(tx, &low.request.id).await?;
    let mut recipients = recipient::hold_all(tx).await?;
    let low = Low { kind: "more", level: 0, instead_of: None, ..*low };
    Ok(raise_for(tx, engine, &low, who.into_iter().map(Ok).collect(), &mut recipients, now).await?.news)
}
