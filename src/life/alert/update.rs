//! The client adds a reason or a comment to a low rating, or gives another low score: the alerts that were told say so, in their own
//! place where the channel can edit, in one more message where it cannot.

use super::raise::{Low, Raising};
use crate::engine::Engine;
use crate::question::settle::{SettleMessage, Settling};
use lastword_domain::alert::AlertKind;
use lastword_domain::question::delivery::{Kind, State};
use lastword_store::alert::{self, Alert};
use lastword_store::answer::rating::Rating;
use lastword_store::question::delivery::{self, Delivery, NewDelivery};
use lastword_store::{Millis, StoreError, Tx};

/// How long an update is worth bringing.
const GIVE_UP_AFTER: Millis = 3_600_000;

/// Whether a rating says something else to whoever reads its alerts.
pub(super) fn says_more(before: &Rating, after: &Rating) -> bool {
    (before.score, &before.reasons, &before.comment) != (after.score, &after.reasons, &after.comment)
}

/// The alerts about ratings that stayed low and say more, each with its message where that may have been written without.
#[derive(Default)]
pub(super) struct Update {
    /// Those that are edited where they stand.
    in_place: Vec<(Alert, Delivery)>,
    /// Those that one more message follows.
    followed: Vec<Alert>,
}

impl Update {
    /// Reads which alerts about these rating requests were told, and makes way for what follows them.
    pub(super) async fn read(tx: &mut Tx, raising: &mut Raising<'_>, requests: &[&str]) -> Result<Self, StoreError> {
        let stands = |alert: &&Alert| {
            let told = alert.kind == AlertKind::Low && alert.state.is_told();
            requests.contains(&alert.request_id.as_str()) && told && alert.reason.as_deref() != Some("score_changed")
        };
        let alerts: Vec<Alert> = raising.about.iter().filter(stands).cloned().collect();
        let ids: Vec<&str> = alerts.iter().filter_map(|alert| alert.delivery_id.as_deref()).collect();
        if ids.is_empty() {
            return Ok(Self::default());
        }
        let messages = delivery::these_in(tx, &ids).await?;
        let message = |alert: &Alert| messages.iter().find(|message| Some(&message.id) == alert.delivery_id.as_ref()).cloned();
        let told = alerts.iter().filter_map(|alert| Some((alert.clone(), message(alert).filter(left)?)));
        let edits =
            |message: &Delivery| raising.engine.channels.get(&message.connection).is_some_and(|channel| channel.capabilities().edits);
        let (in_place, followed): (Vec<_>, Vec<_>) = told.partition(|(_, message)| edits(message));
        let followed: Vec<Alert> = followed.into_iter().map(|(alert, _)| alert).collect();
        let again: Vec<&str> = in_place.iter().map(|(alert, _)| alert.id.as_str()).collect();
        delivery::cancel(tx, &again, &[Kind::Settle.as_str()], "newer_answer", raising.now).await?;
        let requests: Vec<&str> = followed.iter().map(|alert| alert.request_id.as_str()).collect();
        let may_follow = alert::may_follow(tx, &requests).await?;
        for alert in raising.about.iter_mut().filter(|alert| may_follow.contains(&alert.id)) {
            alert.reason = Some("score_changed".to_owned());
        }
        Ok(Self { in_place, followed })
    }

    /// Tells whoever knows of a rating what it says now: where they read it, or in one more message, unless one is on its way
    /// that will say it all.
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

/// Whether a message may have been written without what is new.
pub(super) fn left(message: &Delivery) -> bool {
    matches!(message.state, State::Leased | State::Sending | State::Sent | State::Delivered | State::Unknown)
}

/// The message of an alert once more, in its place, as it is written then.
pub(super) fn in_its_place(engine: &Engine, alert: &Alert, message: &Delivery, replaces: Option<String>, now: Millis) -> NewDelivery {
    let settling = Settling { replaces, says: SettleMessage::Alert(message.id.clone()) };
    NewDelivery {
        id: engine.ids.next(now),
        kind: Kind::Settle,
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
