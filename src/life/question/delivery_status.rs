//! Delivery statuses reported by the platform: a message arrived, or will not arrive. A late refusal has the same effect as an
//! immediate one.

use super::record_end::record_quietly;
use super::send::failure;
use crate::engine::Engine;
use crate::engine::notifications::Notification;
use crate::report::watch::hear::PossibleCase;
use lastword_base::names::ConnectionId;
use lastword_contract::{DeliveryStatus, SendError};
use lastword_domain::answer::Disposition;
use lastword_domain::connection::pause::WARNED_FROM;
use lastword_domain::question::delivery::{Failure, State, Tried, after_later_refusal, costs_a_try, is_resent};
use lastword_store::question::delivery::Delivery;
use lastword_store::question::ending::{self, Try, TryEnd};
use lastword_store::question::rating_request;
use lastword_store::{Millis, StoreError, Tx, connection};

/// The message that a platform refers to.
pub(crate) struct Message<'a> {
    /// Its connection.
    pub(crate) connection: &'a ConnectionId,
    /// Our key, if the platform echoes it.
    pub(crate) key: Option<&'a str>,
    /// The platform's ID.
    pub(crate) id: Option<&'a str>,
}

/// Updates the delivery that the platform reports. The transaction has locked it with all rows that its end touches. Returns
/// `Repeated` if it already has the state, and `Unknown` if the message is not ours.
pub(crate) async fn hear(
    tx: &mut Tx,
    engine: &Engine,
    message: &Message<'_>,
    status: &DeliveryStatus,
    (now, cases): (Millis, &mut Vec<PossibleCase>),
) -> Result<(Disposition, Vec<Notification>), StoreError> {
    let Message { connection, key, id } = *message;
    let mut news = Vec::new();
    let moved = match status {
        DeliveryStatus::Sent => ending::platform_says(tx, connection, key, id, State::Sent, Some("proved_by_platform"), now).await?,
        DeliveryStatus::Delivered | DeliveryStatus::Read => {
            ending::platform_says(tx, connection, key, id, State::Delivered, None, now).await?
        }
        DeliveryStatus::Failed(error) => match ending::refusable(tx, connection, key, id).await? {
            Some(delivery) => refuse(tx, engine, message, &delivery, error, now, &mut news).await?,
            None => Vec::new(),
        },
    };
    let disposition = match moved.is_empty() {
        false => Disposition::Counted,
        true if ending::is_ours(tx, connection, key, id).await? => Disposition::Repeated,
        true => Disposition::Unknown,
    };
    news.extend(record_quietly(tx, engine, &moved, now, cases).await?);
    Ok((disposition, news))
}

/// The platform accepted a message and refuses it now: it was not delivered.
async fn refuse(
    tx: &mut Tx,
    engine: &Engine,
    message: &Message<'_>,
    delivery: &Delivery,
    error: &SendError,
    now: Millis,
    news: &mut Vec<Notification>,
) -> Result<Vec<ending::Ended>, StoreError> {
    let (failure, state) = (failure(error), delivery.state);
    let wanted = match delivery.request().filter(|_| delivery.kind.is_question()) {
        Some(subject) => rating_request::hold(tx, &[subject]).await?.iter().all(|request| request.outcome.is_none()),
        None => true,
    };
    let tried = Tried {
        attempts: delivery.attempts,
        resends: delivery.resends,
        resends_max: delivery.resends_max,
        give_up_at: delivery.give_up_at,
        window_closes_at: delivery.window_closes_at,
        hold: engine.options.unknown_hold,
        brought_from: delivery.brought_from,
    };
    let next = after_later_refusal(failure, tried, state, wanted, now, engine.ids.fraction());
    let end = TryEnd {
        id: delivery.id,
        token: delivery.token,
        state: State::Undeliverable,
        reason: None,
        due_at: None,
        resend_at: None,
        message_id: message.id.map(str::to_owned),
        detail: Some(error.to_string()),
        at: now,
        verdict: error.kind,
        counts: i64::from(costs_a_try(failure, tried, now)),
        repeats: i64::from(is_resent(failure, next)),
    };
    let end = end.failed(failure, error.kind, next);
    let moved = ending::refused_later(tx, delivery, &end).await?;
    if moved.is_empty() {
        return Ok(moved);
    }
    let (delivery_id, detail, intent_at) = (end.id, end.detail, delivery.intent_at);
    ending::keep_tries(tx, &[Try { delivery_id, token: end.token, intent_at, ended_at: now, verdict: end.verdict, detail }]).await?;
    match failure {
        Failure::RetryAfter(pause) => {
            if connection::pause(tx, message.connection, now + pause, now).await? && pause >= WARNED_FROM {
                let (connection, wait_secs) = (message.connection.as_str(), pause / 1_000);
                tracing::warn!(connection, wait_secs, "the platform asked us to wait: nothing is sent through this connection until then");
            }
        }
        Failure::ConnectionBroken => {
            if connection::stop(tx, message.connection, &error.to_string(), now).await? {
                news.push(Notification::Stopped { connection: message.connection.to_owned() });
            }
        }
        Failure::ChatRetryAfter(_)
        | Failure::RetryBackoff
        | Failure::WindowShut
        | Failure::TemplateMissing
        | Failure::TemplateRefused
        | Failure::NoForm
        | Failure::RecipientGone
        | Failure::Refused
        | Failure::CannotKnow => {}
    }
    Ok(moved)
}
