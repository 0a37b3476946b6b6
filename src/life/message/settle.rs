//! Replaces the question with a thank-you: in place if the channel can edit, otherwise in another message. Its text is composed
//! when it is sent, from the rating at that time, so that many quick taps end in one correct message.

use crate::engine::Engine;
use lastword_base::names::{DeliveryId, RequestId};
use lastword_contract::SendError;
use lastword_domain::question::delivery::{Kind, State};
use lastword_store::question::client_message::{self, ClientMessages};
use lastword_store::question::delivery::{self, Delivery, NewDelivery};
use lastword_store::question::ending::Ended;
use lastword_store::question::rating_request::{self, RatingRequest};
use lastword_store::{Millis, StoreError, Tx, document_or_said};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Time after which a thank-you is no longer sent.
const GIVE_UP_AFTER: Millis = 3_600_000;

/// Content of a settling message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settling {
    /// The platform's ID of the message to replace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
    /// What the message says.
    pub says: SettleMessage,
}

/// Content of a settling message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettleMessage {
    /// Thank-you, and follow-up questions.
    #[default]
    Thanks,
    /// The question again, because the client wants to choose another score.
    Again,
    /// It is too late to choose again here, but not on the page behind a link.
    Later,
    /// There is nothing to rate any more: the question expired, or the conversation goes on.
    Expired,
    /// The client is opted out, and how to opt in again.
    OptedOut,
    /// The client may be asked again.
    OptedIn,
    /// This text.
    Text(String),
    /// The alert or digest of this delivery in its current state: the client added something, or it was acknowledged.
    Alert(DeliveryId),
}

/// A question to settle.
#[derive(Clone, Debug)]
pub struct Settle<'a> {
    /// The rating request.
    pub request: &'a RatingRequest,
    /// The message an answer came from: if a question was sent twice, both are replaced.
    pub pressed: Option<String>,
    /// What the message says.
    pub says: SettleMessage,
    /// True if it is sent as a message of its own if the channel cannot edit, because the client expects a response.
    pub aloud: bool,
}

/// The messages that settle these questions, each rating request at most once; `messages` are those sent to their clients so far.
/// Earlier pending settling messages are canceled, because the newest one is correct.
#[lastword_base::boxed]
pub async fn settle(
    tx: &mut Tx,
    engine: &Engine,
    questions: &[Settle<'_>],
    messages: &ClientMessages,
    now: Millis,
) -> Result<Vec<NewDelivery>, StoreError> {
    let ids: Vec<RequestId> = questions.iter().map(|question| question.request.id).collect();
    let taken_back = delivery::cancel(tx, &messages.settling(&ids), &[Kind::Settle.as_str()], "newer_answer", now).await?;
    let aloud = |question: &Settle<'_>| question.aloud || taken_back.contains(&question.request.id);
    let asked = |question: &Settle<'_>| messages.questions(question.request.id);
    Ok(questions.iter().flat_map(|question| one(engine, question, aloud(question), asked(question), now)).collect())
}

/// Replaces the questions that arrived with a note that they are over, or why, if the channel can edit.
pub(crate) async fn take_buttons(
    tx: &mut Tx,
    engine: &Engine,
    over: &[RequestId],
    says: &SettleMessage,
    now: Millis,
) -> Result<(), StoreError> {
    if over.is_empty() {
        return Ok(());
    }
    let requests = rating_request::hold(tx, over).await?;
    let edits = |request: &&RatingRequest| {
        let channel = request.asked_through().and_then(|name| engine.channels.get(name));
        channel.is_some_and(|channel| channel.capabilities().edits)
    };
    let over = requests.iter().filter(edits);
    let over: Vec<Settle<'_>> = over.map(|request| Settle { request, pressed: None, says: says.clone(), aloud: false }).collect();
    let messages = client_message::load(tx, &over.iter().map(|question| question.request.id).collect::<Vec<_>>()).await?;
    let settled = settle(tx, engine, &over, &messages, now).await?;
    delivery::schedule(tx, &settled).await
}

/// If the message to replace was deleted or can no longer be edited, its replacement is sent once as a message of its own; unless a
/// newer one is on its way, or another message was replaced.
pub(crate) async fn say_anew(tx: &mut Tx, engine: &Engine, ends: &[Ended], now: Millis) -> Result<(), StoreError> {
    let homeless =
        |end: &&Ended| end.kind == Kind::Settle && end.state == State::Failed && end.reason.as_deref() == Some(SendError::NOT_EDITABLE);
    let ids: Vec<DeliveryId> = ends.iter().filter(homeless).map(|end| end.id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let homeless = delivery::these_in(tx, &ids).await?;
    let subjects: BTreeSet<RequestId> = homeless.iter().filter_map(|one| one.request()).collect();
    let others = delivery::settling(tx, &subjects.iter().copied().collect::<Vec<_>>()).await?;
    let mut said = BTreeSet::new();
    let anew = homeless.iter().filter_map(|one| {
        let mut others = others.iter().filter(|other| other.subject == one.subject && other.created_at >= one.created_at);
        let settling: Settling = document_or_said("delivery", "payload", one.id, &one.payload)?;
        // A recipient who deleted an alert has read it.
        let client_waits = settling.replaces.is_some() && !matches!(settling.says, SettleMessage::Alert(_));
        let elsewhere = others.any(|other| other.state != State::Failed);
        (client_waits && !elsewhere && said.insert(one.subject.clone())).then(|| anew(engine, one, &settling.says, now))
    });
    let anew: Vec<NewDelivery> = anew.collect();
    delivery::schedule(tx, &anew).await
}

/// A settling message as a message of its own.
fn anew(engine: &Engine, was: &Delivery, says: &SettleMessage, now: Millis) -> NewDelivery {
    NewDelivery {
        id: engine.ids.next(now),
        kind: Kind::Settle,
        connection: was.connection.clone(),
        address: was.address.clone(),
        subject: was.subject.clone(),
        payload: serde_json::to_string(&Settling { replaces: None, says: says.clone() }).unwrap_or_default(),
        due_at: now,
        give_up_at: now + GIVE_UP_AFTER,
        window_closes_at: None,
        outside_window: 0,
        resends_max: engine.channels.resends_max(&was.connection, Kind::Settle, true),
        created_at: now,
    }
}

fn one(engine: &Engine, question: &Settle<'_>, aloud: bool, asked: &[String], now: Millis) -> Vec<NewDelivery> {
    let request = question.request;
    let Some((connection, _)) = request.asked_at() else { return Vec::new() };
    let Some(channel) = engine.channels.get(connection) else { return Vec::new() };
    let capabilities = channel.capabilities();
    let edits = capabilities.edits;
    // The page behind the link has already shown the thank-you.
    if capabilities.links && !edits {
        return Vec::new();
    }
    let mut places: Vec<&String> = asked.iter().filter(|_| edits).collect();
    places.extend(question.pressed.iter().filter(|pressed| edits && !asked.contains(pressed)));
    let places: Vec<Option<String>> = match (places.is_empty(), edits || aloud) {
        (false, _) => places.into_iter().cloned().map(Some).collect(),
        (true, true) => vec![None],
        (true, false) => Vec::new(),
    };
    places.into_iter().filter_map(|replaces| say(engine, request, replaces, &question.says, now)).collect()
}

/// One message to the client of a rating request: in place of an earlier one, or in addition.
pub(crate) fn say(
    engine: &Engine,
    request: &RatingRequest,
    replaces: Option<String>,
    says: &SettleMessage,
    now: Millis,
) -> Option<NewDelivery> {
    let (connection, address) = request.asked_at()?;
    Some(NewDelivery {
        id: engine.ids.next(now),
        kind: Kind::Settle,
        connection: connection.to_owned(),
        address: address.into_owned(),
        subject: Some(request.id.into()),
        payload: serde_json::to_string(&Settling { replaces, says: says.clone() }).unwrap_or_default(),
        due_at: now,
        give_up_at: now + GIVE_UP_AFTER,
        window_closes_at: None,
        outside_window: 0,
        resends_max: engine.channels.resends_max(connection, Kind::Settle, true),
        created_at: now,
    })
}
