//! Withdraws an open question, because its conversation goes on: the session was reopened or merged, or the client wrote about
//! something else and the line then cancels open questions. If it was not sent, it is not asked. If it was sent, it expires without
//! an answer: its buttons are removed if the channel can edit, and a later tap gets this as its response.

use super::record_end::end_quietly;
use crate::engine::Engine;
use crate::engine::notifications::Notification;
use crate::message::settle::{SettleMessage, take_buttons};
use crate::question::person_budget::{self, Names};
use crate::report::watch::hear::hear;
use lastword_base::names::{ClientId, LineId, RequestId};
use lastword_base::time::HOUR;
use lastword_domain::outcome::{Outcome, Withdrawn};
use lastword_store::locks::{self, Open};
use lastword_store::question::delivery;
use lastword_store::question::rating_request::{self, Ending, Progress, RatingRequest};
use lastword_store::session::client::{self, Client};
use lastword_store::{Millis, StoreError, Tx};
use std::collections::{BTreeMap, BTreeSet};

/// Withdraws the questions of these open rating requests, which this transaction has locked.
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
    let ids: Vec<RequestId> = requests.iter().map(|request| request.id).collect();
    locks::hold_open(tx, Open { requests: &ids, ..Open::default() }).await?;
    let progress = rating_request::progress(tx, &ids).await?;
    delivery::cancel(tx, &ids, &["ask", "reminder"], why.as_str(), now).await?;
    let endings: Vec<Ending> = progress.iter().map(|request| ending(request, why, now)).collect();
    let mut cases = Vec::new();
    let news = end_quietly(tx, engine, &endings, now, &mut cases).await?;
    let kept_back = |id: RequestId| progress.iter().any(|request| request.id == id && !request.was_sent && !request.may_have_left);
    let kept_back: Vec<&RatingRequest> = requests.iter().copied().filter(|request| kept_back(request.id)).collect();
    ask_again_soon(tx, engine, &kept_back, now).await?;
    let sent: Vec<RequestId> = progress.iter().filter(|request| request.was_sent).map(|request| request.id).collect();
    take_buttons(tx, engine, &sent, &SettleMessage::Expired, now).await?;
    hear(tx, engine, &cases, now).await?;
    Ok(news)
}

/// The end of a rating request whose question is withdrawn.
pub(crate) fn ending(request: &Progress, why: Withdrawn, now: Millis) -> Ending {
    let outcome = match (why, request.was_sent, request.may_have_left) {
        (_, true, _) => Outcome::Expired,
        (Withdrawn::ClientWrote, false, true) => Outcome::Unsure,
        // If it arrived after all, this is recorded as soon as the platform reports it.
        (Withdrawn::Reopened | Withdrawn::Merged, false, true) | (_, false, false) => Outcome::Canceled,
    };
    Ending { id: request.id, outcome, reason: Some(why.as_str().to_owned()), at: now }
}

/// Their clients were not asked after all, so they may be asked again; unless they were asked about something else since, which
/// sets its own waiting time.
pub(crate) async fn ask_again_soon(tx: &mut Tx, engine: &Engine, requests: &[&RatingRequest], now: Millis) -> Result<(), StoreError> {
    if requests.is_empty() {
        return Ok(());
    }
    let ids: BTreeSet<&LineId> = requests.iter().map(|request| &request.line_id).collect();
    let lines = engine.lines.current(tx, &ids.into_iter().collect::<Vec<_>>()).await?;
    let pause =
        |request: &RatingRequest| lines.get(&request.line_id).map_or(0, |line| Millis::from(line.settings.once_per_client_hours) * HOUR);
    let waiting: Vec<(Names, Millis)> = requests
        .iter()
        .filter(|request| pause(request) > 0)
        .map(|request| Ok((Names::of_request(&engine.channels, request)?, request.created_at + pause(request))))
        .collect::<Result<_, StoreError>>()?;
    if waiting.is_empty() {
        return Ok(());
    }
    let mut known = person_budget::load(tx, &waiting.iter().map(|(names, _)| names).collect::<Vec<_>>()).await?;
    let mut freed: BTreeMap<ClientId, Client> = BTreeMap::new();
    for (names, waits_until) in waiting {
        for name in names.known(&known).into_iter().cloned().collect::<Vec<_>>() {
            let Some(client) = known.get_mut(&name).filter(|client| client.next_ask_at == waits_until) else { continue };
            *client = Client { next_ask_at: now, revision: client.revision + 1, updated_at: now, ..client.clone() };
            freed.insert(name, client.clone());
        }
    }
    client::save(tx, &freed.into_values().collect::<Vec<_>>()).await
}
