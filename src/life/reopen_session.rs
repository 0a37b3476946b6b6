//! A closed session is reopened: a question that has not left is taken back, and the client may be asked again at the
//! next close. A question that has left stays: an answer to it still counts for its own close.

use super::engine::Engine;
use super::record_end::end_requests;
use super::session_event::{Taken, Told, keep, session_of, told_before};
use crate::domain::outcome::Outcome;
use crate::domain::session::is_stale;
use crate::store::rating_request::{self, Ending, RatingRequest};
use crate::store::session::Session;
use crate::store::{Millis, StoreError, Tx, client, delivery};
use crate::time::HOUR;

/// A session is reopened.
///
/// # Errors
/// The database's error.
pub async fn reopen_session(engine: &Engine, told: Told, now: Millis) -> Result<Taken, StoreError> {
    let steps = engine.clone();
    let (taken, news) = engine
        .db
        .write(move |tx| {
            let (engine, told) = (steps.clone(), told.clone());
            Box::pin(async move {
                if let Some(taken) = told_before(tx, &told).await? {
                    return Ok::<_, StoreError>((taken, Vec::new()));
                }
                let Some(session) = session_of(tx, &told).await? else { return Ok((Taken::UnknownSession, Vec::new())) };
                let mut news = Vec::new();
                if !is_stale(told.occurred_at, session.last_event_at) {
                    news = take_back(tx, &engine, &session, "reopened", now).await?;
                }
                let session = Session { status: "open".to_owned(), active_at: session.active_at.max(told.occurred_at), ..session };
                Ok((keep(tx, &told, "reopened", String::new(), Some(session), now).await?, news))
            })
        })
        .await?;
    news.into_iter().for_each(|news| engine.tell(news));
    Ok(taken)
}

/// Takes back the questions of a session that have not left, and ends their rating requests as canceled.
///
/// # Errors
/// The database's error.
pub(super) async fn take_back(
    tx: &mut Tx,
    engine: &Engine,
    session: &Session,
    reason: &str,
    now: Millis,
) -> Result<Vec<super::News>, StoreError> {
    let open = rating_request::open_of(tx, &session.source, &session.id).await?;
    let open: Vec<&str> = open.iter().map(String::as_str).collect();
    let taken_back = delivery::cancel(tx, &open, &["ask"], reason, now).await?;
    // Of those that have left, nothing more follows: no reminder, no second try.
    delivery::cancel(tx, &open, &["reminder"], reason, now).await?;
    delivery::try_no_more(tx, &open).await?;
    let ending = |id: &String| Ending { id: id.clone(), outcome: Outcome::Canceled.as_str(), reason: Some(reason.to_owned()), at: now };
    let endings: Vec<Ending> = taken_back.iter().map(ending).collect();
    let taken_back: Vec<&str> = taken_back.iter().map(String::as_str).collect();
    for request in rating_request::hold(tx, &taken_back).await? {
        ask_again_soon(tx, engine, &request, now).await?;
    }
    end_requests(tx, engine, &endings, now).await
}

/// The client was not asked after all, so they may be asked again: unless they were asked since about something else, and
/// wait for that.
pub(super) async fn ask_again_soon(tx: &mut Tx, engine: &Engine, request: &RatingRequest, now: Millis) -> Result<(), StoreError> {
    let Some(client_id) = request.client_id.as_deref() else { return Ok(()) };
    let lines = engine.lines.current(tx, &[&request.line_id]).await?;
    let pause = lines.get(&request.line_id).map_or(0, |line| Millis::from(line.settings.once_per_client_hours) * HOUR);
    let known = client::load(tx, &[client_id]).await?.remove(client_id);
    if let Some(known) = known.filter(|known| pause > 0 && known.next_ask_at == request.created_at + pause) {
        client::save(tx, &[client::Client { next_ask_at: now, revision: known.revision + 1, updated_at: now, ..known }]).await?;
    }
    Ok(())
}
