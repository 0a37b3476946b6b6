//! Clients who opted out are not asked, on any channel, until they opt in again (invariant 12).

mod by_people;
mod linked;
mod said;

use crate::rig::world::World;
use lastword::life::session::close_batch::{Close, Closed};
use lastword::names::RequestId;
use lastword::store::question::rating_request;
use lastword_contract::{Address, InboundKind, Outgoing, Purpose, TextMessage};

/// Result of a close: due time of the question, or the reason for not asking.
pub(crate) async fn decided(world: &World, close: Close) -> Result<i64, String> {
    let Closed::Kept { decision, .. } = world.tell(close).await else { panic!("kept") };
    decision
}

/// The close of another session with the client of `session`, in the same chat.
pub(crate) fn later(world: &World, session: &str) -> Close {
    let close = world.close_of(session);
    Close { session_id: format!("{session}-{}", close.event_key).into(), ..close }
}

/// The outcome and reason of a rating request.
pub(crate) async fn outcome(world: &World, request: &str) -> (Option<String>, Option<String>) {
    let request = rating_request::load(&world.engine.db, &[RequestId::named(request)]).await.unwrap().remove(0);
    (request.outcome.map(|outcome| outcome.to_string()), request.reason)
}

/// An outcome with a reason, as returned by [`outcome`].
pub(crate) fn ended(outcome: &str, reason: &str) -> (Option<String>, Option<String>) {
    (Some(outcome.to_owned()), Some(reason.to_owned()))
}

/// Types a text in the chat of a session.
pub(crate) async fn types(
    world: &World,
    session: &str,
    text: &str,
    reply_to: Option<&Outgoing>,
) -> lastword::life::facts::inbound::AcceptResult {
    let reply_to = reply_to.map(|message| format!("m-{}", message.key));
    let what = InboundKind::Text(TextMessage::new(text, Address::chat(format!("chat-{session}"))).about(reply_to.into()));
    let taken = world.happens("bot", what).await;
    world.work().await;
    taken
}

/// Number of events about ordinary messages since the last call.
pub(crate) fn messages(world: &World) -> usize {
    let is_one = |message: &Outgoing| message.purpose == Purpose::Event("message.received".to_owned());
    world.staff.take().iter().filter(|message| is_one(message)).count()
}
