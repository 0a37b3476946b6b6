//! Asks a client who rated low and got a reply once more: on purpose, by a person, once for each low rating. The second rating is
//! linked to the first, and is not part of any score: it measures recovery.

use super::{Acted, Held, Refused};
use crate::engine::Engine;
use crate::engine::channels::contract_scale;
use crate::engine::other_address::{OtherAddress, others};
use crate::engine::stop::Stop;
use crate::facts::opted_out::is_listed;
use crate::question::person_budget::{self, Names};
use crate::question::reroute::question;
use crate::question::routes::{Client, place, ways};
use crate::question::window;
use lastword_base::names::{ChatId, ConnectionId, Place};
use lastword_contract::Address;
use lastword_domain::access::audit::{Act, By};
use lastword_domain::line::LineSettings;
use lastword_domain::line::quiet_hours::Quiet;
use lastword_domain::question::delivery::Kind;
use lastword_domain::question::plan::{self, Leaving, Span};
use lastword_domain::review::{AgainFacts, NotAgain, may_ask_again};
use lastword_store::line::Line;
use lastword_store::question::delivery;
use lastword_store::question::rating_request::{self, RatingRequest};
use lastword_store::review::Review;
use lastword_store::session::client;
use lastword_store::session::conversation::Known;
use lastword_store::{Millis, StoreError, Tx, document_or_said};
use serde_json::{Value, json};
use std::collections::HashMap;

const HOUR: Millis = 3_600_000;

/// Asks the client of a low rating once more.
pub(super) async fn ask(tx: &mut Tx, engine: &Engine, by: &By, held: &Held, now: Millis) -> Result<Acted, Stop<Refused>> {
    let first = &held.request;
    let not = |reason| Err(Stop::Refused(Refused::NotAgain(reason)));
    let lines = engine.lines.current(tx, &[&first.line_id]).await?;
    let Some(line) = lines.get(&first.line_id) else { return not(NotAgain::LineOff) };
    let names = Names::of_request(&engine.channels, first)?;
    let person = person_budget::load(tx, &[&names]).await?;
    let to: Option<Address> = first.address().and_then(|address| document_or_said("rating_request", "address", first.id, &address));
    let others = others(first)?;
    let known = known(tx, engine, first, to.as_ref(), &others).await?;
    // The scale stays that of the first question, so that the two can be compared.
    let settings = LineSettings { scale: first.scale, ..line.settings.clone() };
    let here = first.connection.as_ref().zip(to.as_ref());
    let there = |connection: &ConnectionId, to: &Address| known.get(&engine.channels.place(connection, &to.chat)).cloned();
    let conversation = here.and_then(|(connection, to)| there(connection, to)).unwrap_or_default();
    let capabilities = here.and_then(|(name, _)| engine.channels.get(name)).map(|channel| channel.capabilities());
    let facts = AgainFacts {
        low: held.rating.low == 1,
        voided: held.rating.voided_at.is_some(),
        replied: held.review.replied_at.is_some(),
        asked: held.review.asked_again.is_some(),
        second: first.again_of.is_some(),
        opted_out: is_listed(tx, engine, first).await?,
        blocked: conversation.blocked_at.is_some(),
        line_on: line.settings.enabled && line.archived_at.is_none(),
        channel_asks: capabilities.is_some_and(|can| can.shows(contract_scale(settings.scale))),
    };
    if let Err(reason) = may_ask_again(facts) {
        return not(reason);
    }
    let client = Client {
        place: here,
        wrote_at: conversation.last_client_message_at.max(first.last_client_message_at),
        window_expires_at: conversation.window_expires_at,
        others: &others,
    };
    let ways = ways(engine, &settings, &client, |other| there(&other.connection, &other.address), now);
    let until = now + Millis::from(settings.expires_after_hours) * HOUR;
    let quiet = Quiet::of(settings.quiet_hours.as_ref(), engine.options.time_zone);
    let Ok(leaving) = plan::find(&settings, quiet, &ways, Span { from: now, wanted: now, until }) else { return not(NotAgain::WindowShut) };
    let Some(asked) = place(leaving.way, &settings, &client) else { return not(NotAgain::ChannelOff) };
    let second = second(engine, first, line, leaving, asked, until, now);
    rating_request::insert(tx, std::slice::from_ref(&second)).await?;
    let message =
        second.asked_at().map(|(connection, address)| question(engine, &second, (connection, &address), Kind::Ask, leaving, until, now));
    delivery::schedule(tx, &message.into_iter().collect::<Vec<_>>()).await?;
    // Ordinary questions wait for this one, although this one did not wait for them.
    let next_ask_at = now + Millis::from(settings.once_per_client_hours) * HOUR;
    client::save(tx, &names.asked(&person, next_ask_at, now)).await?;
    let review = Review { asked_again: Some(second.id), asked_again_at: Some(now), ..held.review.clone() };
    let change = (Act::RatingAskedAgain, Value::Null, json!({ "rating_request": second.id, "way": second.way }));
    let acted = held.keep(tx, engine, by, review, change, now).await?;
    Ok(Acted { second: Some(second.id), ..acted })
}

async fn known(
    tx: &mut Tx,
    engine: &Engine,
    first: &RatingRequest,
    to: Option<&Address>,
    others: &[OtherAddress],
) -> Result<HashMap<Place, Known>, StoreError> {
    let here = first.connection.as_ref().zip(to.map(|to| ChatId::from(&to.chat)));
    let mut places: Vec<(&ConnectionId, ChatId)> =
        others.iter().map(|other| (&other.connection, ChatId::from(&other.address.chat))).collect();
    places.extend(here);
    window::known(tx, &engine.channels, places).await
}

/// The second rating request: a copy of the facts of the first, with a new question.
fn second(
    engine: &Engine,
    first: &RatingRequest,
    line: &Line,
    leaving: Leaving,
    (connection, to): (&ConnectionId, &Address),
    until: Millis,
    now: Millis,
) -> RatingRequest {
    let second = RatingRequest {
        id: engine.ids.of(first.closed_at),
        event_key: None,
        body_hash: None,
        line_version: line.version,
        created_at: now,
        due_at: Some(leaving.at),
        expires_at: Some(until),
        change_ms: i64::from(line.settings.change_minutes) * 60_000,
        outcome: None,
        reason: None,
        decided_at: None,
        way: Some(leaving.way),
        delivered_at: None,
        late_at: None,
        again_of: Some(first.id),
        typing_ended_at: None,
        held_at: None,
        ..first.clone()
    };
    second.asked_in(connection, serde_json::to_string(to).unwrap_or_default(), &engine.channels.identity(connection, &to.chat))
}
