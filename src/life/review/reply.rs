//! Replies to ratings: one reply for each rating, of which every version is stored. It is sent to the client if the window is open;
//! otherwise the reason is stored with it. The client never gets two texts.

use super::{Acted, Held, Refused};
use crate::alert::follow::{Step, follow};
use crate::engine::Engine;
use crate::engine::channels::window_fact;
use crate::engine::stop::Stop;
use crate::events::{self, LowEvent};
use crate::message::reply::Replying;
use crate::question::window;
use lastword_base::names::{ChatId, ConnectionId};
use lastword_contract::{Address, TextLimit};
use lastword_domain::access::audit::{Act, By};
use lastword_domain::question::delivery::Kind;
use lastword_domain::question::window::WindowFact;
use lastword_domain::review::{Earlier, NotSent, REPLY_GIVE_UP_AFTER, ReplyFacts, earlier, may_send};
use lastword_store::question::delivery::{self, Delivery, NewDelivery};
use lastword_store::question::rating_request::RatingRequest;
use lastword_store::review::Review;
use lastword_store::review::reply::{self, Reply};
use lastword_store::session::conversation::{self, Known};
use lastword_store::{Millis, StoreError, Tx, document_or_said};
use serde_json::json;
use std::borrow::Cow;

/// Stores a reply, and schedules it.
pub(super) async fn keep(tx: &mut Tx, engine: &Engine, by: &By, held: &Held, text: String, now: Millis) -> Result<Acted, Stop<Refused>> {
    let before = reply::versions_in(tx, held.request.id).await?.pop();
    if let Some(same) = before.as_ref().filter(|before| before.text == text) {
        return Ok(Acted { reply: Some(same.clone()), review: held.review.clone(), ..Acted::default() });
    }
    if let Some(max) = too_long(engine, held, &text) {
        return Err(Stop::Refused(Refused::TooLongForChannel(max)));
    }
    let version = before.as_ref().map_or(1, |before| before.version + 1);
    // Order of locks: alerts before messages.
    held.worked(tx, by, now).await?;
    let way = way(tx, engine, held, version, now).await?;
    let reply = Reply {
        request_id: held.request.id,
        version,
        text,
        by_id: by.id.clone(),
        by_name: by.name.clone(),
        written_at: now,
        delivery_id: way.as_ref().ok().map(|delivery| delivery.id),
        not_sent: way.as_ref().err().map(|reason| reason.as_str().to_owned()),
    };
    let mut messages: Vec<NewDelivery> = way.into_iter().collect();
    if version == 1 && held.rating.low == 1 {
        messages.extend(follow(tx, engine, Step::Done, &[(held.request.id, &by.name)], now).await?);
        messages.extend(events::low_rating(engine, LowEvent::Answered(&by.name), &held.request, &held.rating, now));
    }
    delivery::schedule(tx, &messages).await?;
    reply::add(tx, &reply).await?;
    let review = Review { replied_at: held.review.replied_at.or(Some(now)), ..held.review.clone() };
    // The text is personal data, stored only with the reply: the audit log records that it was written.
    let old = json!({ "version": before.map(|before| before.version) });
    let new = json!({ "version": version, "not_sent": reply.not_sent });
    let acted = held.keep(tx, engine, by, review, (Act::RatingReplied, old, new), now).await?;
    Ok(Acted { reply: Some(reply), ..acted })
}

/// Maximum length in the client's channel, if the text is longer. A reply is never cut.
fn too_long(engine: &Engine, held: &Held, text: &str) -> Option<usize> {
    let limit = held.request.asked_at().and_then(|(name, _)| engine.channels.get(name))?.capabilities().text_max?;
    let (TextLimit::Chars(max) | TextLimit::Bytes(max) | TextLimit::Utf16(max)) = limit;
    (!limit.admits(text)).then_some(max)
}

/// The delivery of this version to the client, or the reason why there is none.
async fn way(tx: &mut Tx, engine: &Engine, held: &Held, version: i64, now: Millis) -> Result<Result<NewDelivery, NotSent>, StoreError> {
    let before = delivery::replies(tx, held.request.id).await?;
    let state = |one: &Delivery| Some(one.state);
    for waiting in before.iter().filter(|one| earlier(state(one), false, false) == Earlier::Waits) {
        if !delivery::take_back(tx, waiting.id, "newer_text", now).await? {
            // It waits to be sent again, and may have arrived already.
            return Ok(Err(NotSent::Unsure));
        }
    }
    let there = |one: &&Delivery| !matches!(earlier(state(one), false, false), Earlier::NeverLeft | Earlier::Waits);
    let last = before.iter().rev().find(there);
    let edits = last.and_then(|last| engine.channels.get(&last.connection)).is_some_and(|channel| channel.capabilities().edits);
    let named = last.and_then(|last| last.message_id.clone());
    Ok(match (earlier(last.and_then(state), edits, named.is_some()), last) {
        (Earlier::Stays, _) => Err(NotSent::KeepsFirst),
        (Earlier::Unsure, _) => Err(NotSent::Unsure),
        // An existing message may be edited: windows apply to new ones.
        (Earlier::Replaced, Some(last)) => {
            let place = (last.connection.clone(), last.address.clone());
            Ok(message(engine, held, place, Replying { version, replaces: named }, None, now))
        }
        (Earlier::Replaced | Earlier::NeverLeft | Earlier::Waits, _) => {
            let way = open_way(tx, engine, held, now).await?;
            way.map(|(place, closes_at)| message(engine, held, place, Replying { version, replaces: None }, closes_at, now))
        }
    })
}

/// The client's current connection and address (as JSON) with the end of the window.
type Open = Result<((ConnectionId, String), Option<Millis>), NotSent>;

/// The place of a rating's client.
fn place_of(request: &RatingRequest) -> Option<(&ConnectionId, Cow<'_, str>, Address)> {
    let (connection, address) = request.asked_at()?;
    let to = document_or_said("rating_request", "address", request.id, &address)?;
    Some((connection, address, to))
}

async fn open_way(tx: &mut Tx, engine: &Engine, held: &Held, now: Millis) -> Result<Open, StoreError> {
    let known = match place_of(&held.request) {
        None => Known::default(),
        Some((connection, _, to)) => {
            let known = window::known(tx, &engine.channels, [(connection, ChatId::from(to.chat))]).await?;
            known.into_values().next().unwrap_or_default()
        }
    };
    Ok(judge_way(engine, &held.request, &known, now))
}

fn judge_way(engine: &Engine, request: &RatingRequest, known: &Known, now: Millis) -> Open {
    let (connection, address, to) = place_of(request).ok_or(NotSent::NoAddress)?;
    // The desk reported the time of the client's last message in the original conversation, which may be elsewhere.
    let here = request.connection.as_ref() == Some(connection);
    let wrote_at = known.last_client_message_at.max(request.last_client_message_at.filter(|_| here));
    let channel = engine.channels.get(connection);
    let window =
        channel.as_ref().map_or(WindowFact::Always, |channel| window_fact(channel.as_ref(), &to, wrote_at, known.window_expires_at, now));
    let facts = ReplyFacts { address: true, connection: channel.is_some(), blocked: known.blocked_at.is_some(), window };
    may_send(facts, now).map(|closes_at| ((connection.clone(), address.into_owned()), closes_at))
}

/// The end of the window in which a first reply would be sent now, or the reason why none would be sent.
#[lastword_base::boxed]
pub async fn foresee(engine: &Engine, request: &RatingRequest, now: Millis) -> Result<Result<Option<Millis>, NotSent>, StoreError> {
    let known = match place_of(request) {
        None => Known::default(),
        Some((connection, _, to)) => conversation::known(&engine.db, connection, &engine.channels.identity(connection, &to.chat)).await?,
    };
    Ok(judge_way(engine, request, &known, now).map(|(_, closes_at)| closes_at))
}

fn message(
    engine: &Engine,
    held: &Held,
    (connection, address): (ConnectionId, String),
    replying: Replying,
    window_closes_at: Option<Millis>,
    now: Millis,
) -> NewDelivery {
    NewDelivery {
        id: engine.ids.next(now),
        kind: Kind::Reply,
        resends_max: engine.channels.resends_max(&connection, Kind::Reply, engine.options.resend),
        connection,
        address,
        subject: Some(held.request.id.into()),
        payload: serde_json::to_string(&replying).unwrap_or_default(),
        due_at: now,
        give_up_at: now + REPLY_GIVE_UP_AFTER,
        window_closes_at,
        outside_window: 0,
        created_at: now,
    }
}
