//! An open question is withdrawn, because its conversation goes on: the session was reopened or merged, or the client went on
//! writing about something else and the line keeps no question open then. One that has not left is not asked. One that has
//! left is over: its buttons are taken off where the channel can edit, and a tap that comes later is told so.

use super::record_end::end_requests;
use super::settle::{Says, take_buttons};
use crate::domain::question::outcome::{Outcome, Withdrawn};
use crate::life::engine::Engine;
use crate::life::notifications::Notification;
use crate::life::session::person_budget::{self, Names};
use crate::store::question::delivery;
use crate::store::question::rating_request::{self, Ending, Progress, RatingRequest};
use crate::store::session::client::{self, Client};
use crate::store::{Millis, StoreError, Tx};
use crate::time::HOUR;

/// Withdraws the questions of these open rating requests, which this transaction holds.
///
/// # Errors
/// The database's error.
pub(crate) async fn withdraw(
    tx: &mut Tx,
    engine: &Engine,
    requests: &[&RatingRequest],
    why: Withdrawn,
    now: Millis,
) -> Result<Vec<Notification>, StoreError> {
    if requests.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<&str> = requests.iter().map(|request| request.id.as_str()).collect();
    let progress = rating_request::progress(tx, &ids).await?;
    delivery::cancel(tx, &ids, &["ask", "reminder"], why.as_str(), now).await?;
    let endings: Vec<Ending> = progress.iter().map(|request| ending(request, why, now)).collect();
    let news = end_requests(tx, engine, &endings, now).await?;
    let kept_back = progress.iter().filter(|request| !request.was_sent && !request.may_have_left);
    for progress in kept_back {
        if let Some(request) = requests.iter().find(|request| request.id == progress.id) {
            ask_again_soon(tx, engine, request, now).await?;
        }
    }
    let sent: Vec<&str> = progress.iter().filter(|request| request.was_sent).map(|request| request.id.as_str()).collect();
    take_buttons(tx, engine, &sent, &Says::Expired, now).await?;
    Ok(news)
}

fn ending(request: &Progress, why: Withdrawn, now: Millis) -> Ending {
    let outcome = match (why, request.was_sent, request.may_have_left) {
        (Withdrawn::Reopened | Withdrawn::Merged, _, _) => Outcome::Canceled,
        (Withdrawn::ClientWrote, true, _) => Outcome::Expired,
        (Withdrawn::ClientWrote, false, true) => Outcome::Unsure,
        (Withdrawn::ClientWrote, false, false) => Outcome::Canceled,
    };
    Ending { id: request.id.clone(), outcome: outcome.as_str(), reason: Some(why.as_str().to_owned()), at: now }
}

/// The client was not asked after all, so they may be asked again: unless they were asked since about something else, and
/// wait for that.
async fn ask_again_soon(tx: &mut Tx, engine: &Engine, request: &RatingRequest, now: Millis) -> Result<(), StoreError> {
    let lines = engine.lines.current(tx, &[&request.line_id]).await?;
    let pause = lines.get(&request.line_id).map_or(0, |line| Millis::from(line.settings.once_per_client_hours) * HOUR);
    if pause == 0 {
        return Ok(());
    }
    let known = person_budget::load(tx, &Names::of_request(request)?).await?;
    let waiting = known.into_values().filter(|known| known.next_ask_at == request.created_at + pause);
    let freed: Vec<Client> =
        waiting.map(|known| Client { next_ask_at: now, revision: known.revision + 1, updated_at: now, ..known }).collect();
    client::save(tx, &freed).await
}
