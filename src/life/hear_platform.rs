//! The platform tells what became of a message: it arrived, or it will not.

use super::dispatch::failure;
use super::engine::Engine;
use super::news::News;
use super::record_end::record;
use crate::domain::answer::Disposition;
use crate::domain::delivery::{Failure, State};
use crate::domain::outcome::NotAsked;
use crate::store::{Millis, StoreError, Tx, ending};
use lastword_contract::DeliveryStatus;

/// Moves the delivery that the platform speaks of. Gives whether there was one to move, one that stood there already, or
/// none: then the message is not ours.
///
/// # Errors
/// The database's error.
pub async fn hear(
    tx: &mut Tx,
    engine: &Engine,
    connection: &str,
    key: Option<&str>,
    message_id: Option<&str>,
    status: &DeliveryStatus,
    now: Millis,
) -> Result<(Disposition, Vec<News>), StoreError> {
    let (state, reason) = match status {
        DeliveryStatus::Sent => (State::Sent, Some("proved_by_platform")),
        DeliveryStatus::Delivered | DeliveryStatus::Read => (State::Delivered, None),
        DeliveryStatus::Failed(error) => (State::Undeliverable, Some(why(failure(error)))),
    };
    let moved = ending::platform_says(tx, connection, key, message_id, state.as_str(), reason, now).await?;
    let disposition = match moved.is_empty() {
        false => Disposition::Counted,
        true if ending::is_ours(tx, connection, key, message_id).await? => Disposition::Repeated,
        true => Disposition::Unknown,
    };
    Ok((disposition, record(tx, engine, &moved, now).await?))
}

fn why(failure: Failure) -> &'static str {
    match failure {
        Failure::WindowShut => NotAsked::WindowShut.as_str(),
        Failure::TemplateMissing => NotAsked::TemplateMissing.as_str(),
        Failure::TemplateRefused => NotAsked::TemplateRefused.as_str(),
        Failure::NoForm => NotAsked::NoForm.as_str(),
        Failure::RecipientGone => "recipient_gone",
        Failure::RetryAfter(_) | Failure::RetryBackoff | Failure::ConnectionBroken | Failure::Refused | Failure::CannotKnow => "refused",
    }
}
