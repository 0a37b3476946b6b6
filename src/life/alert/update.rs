//! Updates sent alerts when the client adds a reason or a comment to a low rating or changes it to another low score: edits the message if
//! the channel can, else sends one more.

use super::raise::{Low, Raising};
use crate::engine::Engine;
use crate::message::settle::{SettleMessage, Settling};
use lastword_base::names::{AlertId, DeliveryId, RequestId};
use lastword_domain::alert::AlertKind;
use lastword_domain::question::delivery::{Kind, State};
use lastword_store::alert::{self, Alert};
use lastword_store::answer::rating::Rating;
use lastword_store::question::delivery::{self, Delivery, NewDelivery};
use lastword_store::{Millis, StoreError, Tx};

/// Time for which an update is worth sending.
const GIVE_UP_AFTER: Millis = 3_600_000;

/// True if the rating's content changed in a way that its alerts show.
pub(super) fn says_more(before: &Rating, after: &Rating) -> bool {
    (before.score, &before.reasons, &before.comment) != (after.score, &after.reasons, &after.comment)
}

/// Alerts about ratings that stayed low with more content. Each has a message that may lack the new content.
#[derive(Default)]
pub(super) struct Update {
    /// Alerts whose messages are edited.
    in_place: Vec<(Alert, Delivery)>,
    /// Alerts followed by one more message.
    followed: Vec<Alert>,
}

impl Update {
    /// Reads which alerts about these rating requests were sent, and cancels earlier edits that were not.
    pub(super) async fn read(tx: &mut Tx, raising: &mut Raising<'_>, requests: &[RequestId]) -> Result<Self, StoreError> {
        let stands = |alert: &&Alert| {
            let told = alert.kind == AlertKind::Low && alert.state.is_told();
            requests.contains(&alert.request_id) && told && alert.reason.as_deref() != Some("score_changed")
        };
        let alerts: Vec<Alert> = raising.about.iter().filter(stands).cloned().collect();
        let ids: Vec<DeliveryId> = alerts.iter().filter_map(|alert| alert.delivery_id).collect();
        if ids.is_empty() {
            return Ok(Self::default());
        }
        let messages = delivery::these_in(tx, &ids).await?;
        let message = |alert: &Alert| messages.iter().find(|message| Some(message.id) == alert.delivery_id).cloned();
        let told = alerts.iter().filter_map(|alert| Some((alert.clone(), message(alert).filter(left)?)));
        let edits =
            |message: &Delivery| raising.engine.channels.get(&message.connection).is_some_and(|channel| channel.capabilities().edits);
        let (in_place, followed): (Vec<_>, Vec<_>) = told.partition(|(_, message)| edits(message));
        let followed: Vec<Alert> = followed.into_iter().map(|(alert, _)| alert).collect();
        let again: Vec<AlertId> = in_place.iter().map(|(alert, _)| alert.id).collect();
        delivery::cancel(tx, &again, &[Kind::Settle.as_str()], "newer_answer", raising.now).await?;
        let requests: Vec<RequestId> = followed.iter().map(|alert| alert.request_id).collect();
        let may_follow = alert::may_follow(tx, &requests).await?;
        for alert in raising.about.iter_mut().filter(|alert| may_follow.contains(&alert.id)) {
            alert.reason = Some("score_changed".to_owned());
        }
        Ok(Self { in_place, followed })
    }

    /// Sends the update to everyone notified of the rating: an edit, or one more message unless one is scheduled that will include it.
    pub(super) fn tell(&self, raising: &mut Raising<'_>, low: &Low<'_>) {
        for (alert, message) in self.in_place.iter().filter(|(alert, _)| alert.request_id == low.request.id) {
            raising.deliver(in_its_place(raising.engine, alert, message, None, raising.now));
        }
        let followed = self.followed.iter().filter(|alert| alert.request_id == low.request.id);
        let mut who: Vec<String> = followed.map(|alert| alert.recipient_id.clone()).collect();
        who.sort_unstable();
        who.dedup();
        raising.raise_for(low, who.into_iter().map(Ok).collect());
    }
}

/// True if the message was or may have been sent, so it may lack the new content.
pub(super) fn left(message: &Delivery) -> bool {
    matches!(message.state, State::Leased | State::Sending | State::Sent | State::Delivered | State::Unknown)
}

/// An edit of an alert's message, composed when it is sent.
pub(super) fn in_its_place(engine: &Engine, alert: &Alert, message: &Delivery, replaces: Option<String>, now: Millis) -> NewDelivery {
    let settling = Settling { replaces, says: SettleMessage::Alert(message.id) };
    NewDelivery {
        id: engine.ids.next(now),
        kind: Kind::Settle,
        connection: message.connection.clone(),
        address: message.address.clone(),
        subject: Some(alert.id.into()),
        payload: serde_json::to_string(&settling).unwrap_or_default(),
        due_at: now,
        give_up_at: now + GIVE_UP_AFTER,
        window_closes_at: None,
        outside_window: 0,
        resends_max: engine.channels.resends_max(&message.connection, Kind::Settle, true),
        created_at: now,
    }
}
