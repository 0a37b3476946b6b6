//! The client went on writing about something else, and the line does not keep a question open then: it is withdrawn. One
//! that has not left is not asked; one that has left is over, as if its time were.

use super::engine::Engine;
use super::expire_request::take_buttons;
use super::news::News;
use super::record_end::end_requests;
use super::reopen_session::ask_again_soon;
use super::settle_question::Says;
use crate::domain::outcome::Outcome;
use crate::store::rating_request::{self, Ending, Progress, RatingRequest};
use crate::store::{Millis, StoreError, Tx, delivery};

/// Why it ended.
const REASON: &str = "client_wrote";

/// Withdraws the questions of these open rating requests, which this transaction holds.
///
/// # Errors
/// The database's error.
pub(super) async fn withdraw(tx: &mut Tx, engine: &Engine, requests: &[&RatingRequest], now: Millis) -> Result<Vec<News>, StoreError> {
    let ids: Vec<&str> = requests.iter().map(|request| request.id.as_str()).collect();
    let progress = rating_request::progress(tx, &ids).await?;
    delivery::cancel(tx, &ids, &["ask", "reminder"], REASON, now).await?;
    let endings: Vec<Ending> = progress.iter().map(|request| ending(request, now)).collect();
    let news = end_requests(tx, engine, &endings, now).await?;
    for request in requests.iter().filter(|request| endings.iter().any(|end| end.id == request.id && end.outcome == "canceled")) {
        ask_again_soon(tx, engine, request, now).await?;
    }
    let sent: Vec<&str> = progress.iter().filter(|request| request.was_sent).map(|request| request.id.as_str()).collect();
    take_buttons(tx, engine, &sent, &Says::Expired, now).await?;
    Ok(news)
}

fn ending(request: &Progress, now: Millis) -> Ending {
    let outcome = match (request.was_sent, request.may_have_left) {
        (true, _) => Outcome::Expired,
        (false, true) => Outcome::Unsure,
        (false, false) => Outcome::Canceled,
    };
    Ending { id: request.id.clone(), outcome: outcome.as_str(), reason: Some(REASON.to_owned()), at: now }
}
