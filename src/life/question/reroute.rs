//! Handles a question whose window is closed: detected before sending, by the platform's refusal, or by its later report. It takes
//! another route, in the line's order: a template, then the fallback channel. Never if a copy of it may have arrived.

use super::routes::{Client, place, ways};
use crate::engine::Engine;
use crate::engine::other_address::{OtherAddress, others};
use crate::question::window;
use lastword_base::names::{ChatId, ConnectionId, LineId, Place, RequestId};
use lastword_contract::Address;
use lastword_domain::line::LineSettings;
use lastword_domain::line::quiet_hours::Quiet;
use lastword_domain::outcome::NotAsked;
use lastword_domain::question::delivery::{Kind, State, is_refused};
use lastword_domain::question::plan::{Leaving, Span, Tried, Way, Ways, next, reminder};
use lastword_domain::question::window::WindowFact;
use lastword_store::line::Line;
use lastword_store::question::delivery::{self, Delivery, NewDelivery};
use lastword_store::question::ending::Ended;
use lastword_store::question::rating_request::place::{OtherWay, go_another_way};
use lastword_store::question::rating_request::{self, RatingRequest};
use lastword_store::session::conversation::Known;
use lastword_store::{Millis, StoreError, Tx, document_or_said};
use std::collections::{BTreeSet, HashMap};

/// Sends questions with a closed window by another route. Returns the rating requests that have one; the others end.
pub(crate) async fn reroute(tx: &mut Tx, engine: &Engine, ends: &[Ended], now: Millis) -> Result<BTreeSet<RequestId>, StoreError> {
    let mut ids: Vec<RequestId> = ends.iter().filter(|end| may_go_on(end)).filter_map(|end| end.request()).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut requests = rating_request::hold(tx, &ids).await?;
    requests.retain(|request| request.outcome.is_none());
    let asks = delivery::asks(tx, &ids).await?;
    let mut lines: Vec<&LineId> = requests.iter().map(|request| &request.line_id).collect();
    lines.sort_unstable();
    lines.dedup();
    let lines = engine.lines.current(tx, &lines).await?;
    let known = known(tx, engine, &requests).await?;
    let (mut rerouted, mut deliveries) = (Vec::new(), Vec::new());
    for request in &requests {
        let Some(line) = lines.get(&request.line_id) else { continue };
        let asks: Vec<&Delivery> = asks.iter().filter(|ask| ask.request() == Some(request.id)).collect();
        if let Some((other, messages)) = other_way(engine, request, line, (&asks, &others(request)?), &known, now) {
            rerouted.push(other);
            deliveries.extend(messages);
        }
    }
    let gone: BTreeSet<RequestId> = rerouted.iter().map(|other| other.id).collect();
    if !rerouted.is_empty() {
        let ids: Vec<RequestId> = gone.iter().copied().collect();
        delivery::cancel(tx, &ids, &[Kind::Reminder.as_str()], "asked_another_way", now).await?;
        go_another_way(tx, &rerouted).await?;
        delivery::schedule(tx, &deliveries).await?;
    }
    Ok(gone)
}

/// True if a question may take another route after this end: its window was closed, or its template was refused.
fn may_go_on(end: &Ended) -> bool {
    let by_window = end.reason.as_deref().and_then(NotAsked::parse).is_some_and(NotAsked::is_by_window);
    match end.state {
        _ if end.kind != Kind::Ask => false,
        State::Skipped => by_window,
        state @ (State::Failed | State::Undeliverable) => by_window || is_refused(state, end.reason.as_deref()),
        _ => false,
    }
}

/// State of the clients' conversations, and of those at their other addresses.
async fn known(tx: &mut Tx, engine: &Engine, requests: &[RatingRequest]) -> Result<HashMap<Place, Known>, StoreError> {
    let others = requests.iter().map(others).collect::<Result<Vec<_>, _>>()?.concat();
    let here = requests.iter().filter_map(|request| Some((request.connection.as_ref()?, request.chat.clone()?)));
    let elsewhere = others.iter().map(|other| (&other.connection, ChatId::from(&other.address.chat)));
    window::known(tx, &engine.channels, elsewhere.chain(here)).await
}

fn other_way(
    engine: &Engine,
    request: &RatingRequest,
    line: &Line,
    (asks, others): (&[&Delivery], &[OtherAddress]),
    known: &HashMap<Place, Known>,
    now: Millis,
) -> Option<(OtherWay, Vec<NewDelivery>)> {
    let over = |ask: &&Delivery| matches!(ask.state, State::Skipped | State::Undeliverable | State::Failed);
    let tried = Tried {
        template: asks.iter().any(|ask| ask.outside_window == 1),
        fallback: asks.iter().any(|ask| Some(&ask.connection) != request.connection.as_ref()),
    };
    let refused = asks.iter().any(|ask| is_refused(ask.state, ask.reason.as_deref()));
    // A copy that may have arrived, or a plain question that was refused for another reason than its window, ends it here.
    if !asks.iter().all(over) || (refused && !tried.template) {
        return None;
    }
    let address: Address = document_or_said("rating_request", "address", request.id, &request.address()?)?;
    // The scale of the question stays that of its close.
    let settings = LineSettings { scale: request.scale, ..line.settings.clone() };
    let here = request.connection.as_ref().zip(request.chat.as_ref());
    let here = here.and_then(|(connection, chat)| known.get(&engine.channels.place(connection, chat))).cloned().unwrap_or_default();
    // A template for sending outside the window has a window, too.
    let client = Client {
        place: request.connection.as_ref().zip(Some(&address)),
        wrote_at: here.last_client_message_at.max(request.facts.wrote_at).max(request.last_client_message_at),
        window_expires_at: here.window_expires_at.max(request.facts.window_expires_at),
        others,
    };
    let known = |other: &OtherAddress| known.get(&engine.channels.place(&other.connection, &other.address.chat)).cloned();
    // Whatever its window was assumed to be: it is closed.
    let ways = Ways { window: WindowFact::Until(now), ..ways(engine, &settings, &client, known, now) };
    let until = request.expires_at?;
    let quiet = Quiet::of(settings.quiet_hours.as_ref(), engine.options.time_zone);
    let leaving = next(&settings, quiet, &ways, tried, Span { from: now, wanted: now, until })?;
    let (connection, to) = place(leaving.way, &settings, &client)?;
    let address = serde_json::to_string(to).unwrap_or_default();
    let message = |kind: Kind, leaving: Leaving| question(engine, request, (connection, address.as_str()), kind, leaving, until, now);
    let reminder = reminder(&settings, quiet, &ways, leaving, until).map(|leaving| message(Kind::Reminder, leaving));
    let messages = std::iter::once(message(Kind::Ask, leaving)).chain(reminder).collect();
    let RatingRequest { id, asked_connection, asked_long_address, asked_chat, .. } =
        request.clone().asked_in(connection, address, &engine.channels.identity(connection, &to.chat));
    Some((OtherWay { id, way: leaving.way.as_str(), asked_connection, asked_long_address, asked_chat }, messages))
}

/// The delivery of a question, or its reminder, by this route to this place.
pub(crate) fn question(
    engine: &Engine,
    request: &RatingRequest,
    place: (&ConnectionId, &str),
    kind: Kind,
    leaving: Leaving,
    give_up_at: Millis,
    now: Millis,
) -> NewDelivery {
    let (connection, address) = place;
    NewDelivery {
        id: engine.ids.next(now),
        kind,
        connection: connection.clone(),
        address: address.to_owned(),
        subject: Some(request.id.into()),
        payload: "{}".to_owned(),
        due_at: leaving.at,
        give_up_at,
        window_closes_at: leaving.window_closes_at,
        outside_window: i64::from(leaving.way == Way::Template),
        resends_max: engine.channels.resends_max(connection, kind, engine.options.resend),
        created_at: now,
    }
}
