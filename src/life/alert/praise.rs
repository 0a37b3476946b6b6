//! Praise: sends the best score with a comment to its operators, once. The message is edited if the client changes the comment, or if the
//! praise is withdrawn or erased.

use super::audience::Audience;
use super::raise::{Low, Raising};
use super::update::{in_its_place, left};
use crate::engine::Engine;
use crate::engine::notifications::Notification;
use crate::recipient::choose::{Choice, reach_of};
use lastword_base::names::{AlertId, DeliveryId, RequestId};
use lastword_domain::alert::AlertKind;
use lastword_domain::question::delivery::Kind;
use lastword_store::alert::{self, Alert};
use lastword_store::answer::rating::Rating;
use lastword_store::line::Line;
use lastword_store::question::delivery::{self, Delivery};
use lastword_store::question::rating_request::RatingRequest;
use lastword_store::{Millis, StoreError, Tx};

/// A rating that changed.
#[derive(Clone, Copy)]
pub(super) struct Given<'a> {
    /// The rating request.
    pub(super) request: &'a RatingRequest,
    /// Its line.
    pub(super) line: &'a Line,
    /// The previous rating; `None` if this is the first score.
    pub(super) before: Option<&'a Rating>,
    /// The current rating.
    pub(super) after: &'a Rating,
}

/// Sends new praise among these changes, and edits messages about praise that changed or was withdrawn.
pub(super) async fn praise(
    tx: &mut Tx,
    engine: &Engine,
    audience: &mut Audience,
    changes: &[Given<'_>],
    now: Millis,
) -> Result<Vec<Notification>, StoreError> {
    let was = |change: &Given<'_>| change.before.is_some_and(Rating::is_praise);
    let is_new = |change: &Given<'_>| change.line.settings.praise && change.after.is_praise() && !was(change);
    let is_other = |change: &Given<'_>| {
        let comment = |rating: &Rating| rating.is_praise().then(|| rating.comment.clone());
        was(change) && change.before.map(comment) != Some(comment(change.after))
    };
    let new: Vec<&Given<'_>> = changes.iter().filter(|change| is_new(change)).collect();
    let other: Vec<RequestId> = changes.iter().filter(|change| is_other(change)).map(|change| change.request.id).collect();
    // Praise that was withdrawn and given again: the earlier message is edited.
    let again: Vec<RequestId> = new.iter().filter(|change| change.before.is_some()).map(|change| change.request.id).collect();
    write_anew(tx, engine, &[other, again].concat(), now).await?;
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<RequestId> = new.iter().map(|change| change.request.id).collect();
    let mut raising = Raising::read(tx, engine, audience, &ids, now).await?;
    for change in new {
        let low =
            Low { request: change.request, rating: change.after, line: change.line, level: 0, kind: AlertKind::Praise, instead_of: None };
        let told = operators(&raising, change);
        raising.raise_for(&low, told);
    }
    raising.write(tx, audience).await
}

/// Recipients linked to the operators of the rating that can be notified. An operator that cannot be reached is no error for praise.
fn operators(raising: &Raising<'_>, change: &Given<'_>) -> Vec<Choice> {
    let its = change.request.belongs().operators;
    let stands = raising.recipients.iter().filter(|recipient| recipient.operator_id.as_ref().is_some_and(|id| its.contains(id)));
    let chosen = stands.map(|recipient| Ok(recipient.id.clone()));
    chosen.filter(|choice| reach_of(raising.engine, choice, &raising.recipients).is_ok()).collect()
}

/// Edits the sent messages of praise about these rating requests, if their channel can edit.
pub(crate) async fn write_anew(tx: &mut Tx, engine: &Engine, requests: &[RequestId], now: Millis) -> Result<(), StoreError> {
    if requests.is_empty() {
        return Ok(());
    }
    let mut told: Vec<Alert> = alert::about(tx, requests).await?;
    told.retain(|alert| alert.kind == AlertKind::Praise && alert.state.is_told());
    let ids: Vec<DeliveryId> = told.iter().filter_map(|alert| alert.delivery_id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let messages = delivery::these_in(tx, &ids).await?;
    let edits = |message: &&Delivery| engine.channels.get(&message.connection).is_some_and(|channel| channel.capabilities().edits);
    let there = |alert: &&Alert| {
        messages.iter().filter(|message| left(message)).filter(edits).find(|message| alert.delivery_id == Some(message.id))
    };
    let anew: Vec<_> = told.iter().filter_map(|alert| Some((alert, there(&alert)?))).collect();
    let before: Vec<AlertId> = anew.iter().map(|(alert, _)| alert.id).collect();
    delivery::cancel(tx, &before, &[Kind::Settle.as_str()], "newer_answer", now).await?;
    // The message ID is copied now: erasure deletes it with the personal data.
    let place = |message: &Delivery| message.message_id.clone();
    let anew: Vec<_> = anew.into_iter().map(|(alert, message)| in_its_place(engine, alert, message, place(message), now)).collect();
    delivery::schedule(tx, &anew).await
}
