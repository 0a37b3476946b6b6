//! The question gives way to thanks: in its own place where the channel can edit, as one more message where it cannot.
//! What the message says is worked out when it leaves, from the rating as it is then, so that many quick taps end in
//! one right picture.

use crate::engine::Engine;
use lastword_contract::SendError;
use lastword_domain::question::delivery::{Kind, State};
use lastword_store::question::client_message::{self, ClientMessages};
use lastword_store::question::delivery::{self, Delivery, NewDelivery};
use lastword_store::question::ending::Ended;
use lastword_store::question::rating_request::{self, RatingRequest};
use lastword_store::{Millis, StoreError, Tx, document_or_said};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How long thanks are worth bringing.
const GIVE_UP_AFTER: Millis = 3_600_000;

/// What a settling message is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settling {
    /// The platform's id of the message that gives way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
    /// What the message says.
    pub says: SettleMessage,
}

/// What a settling message says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettleMessage {
    /// Thanks, and what is asked next.
    #[default]
    Thanks,
    /// The question again, because the client wants to choose another score.
    Again,
    /// It is too late to choose again here, but not through the page behind a link.
    Later,
    /// Nothing is to rate any more: the time is over, or the conversation goes on.
    Expired,
    /// The client is not asked any more, and how to take that back.
    OptedOut,
    /// The client may be asked again.
    OptedIn,
    /// This very text.
    Text(String),
    /// The alert or digest of this delivery, as it is now: the client added something, or somebody has seen it.
    Alert(String),
}

/// A question to settle.
#[derive(Clone, Debug)]
pub struct Settle<'a> {
    /// The rating request.
    pub request: &'a RatingRequest,
    /// The message an answer came from: when a question was sent twice, both give way.
    pub pressed: Option<String>,
    /// What the message says.
    pub says: SettleMessage,
    /// Whether it is worth a message of its own where the channel cannot edit: the client waits for a word.
    pub aloud: bool,
}

/// The messages that settle these questions, one rating request each at most once; `messages` are those to their clients so far.
/// What was still to settle before is taken back: the newest picture is the right one.
///
/// # Errors
/// The database's error.
pub async fn settle(
    tx: &mut Tx,
    engine: &Engine,
    questions: &[Settle<'_>],
    messages: &ClientMessages,
    now: Millis,
) -> Result<Vec<NewDelivery>, StoreError> {
    let ids: Vec<&str> = questions.iter().map(|question| question.request.id.as_str()).collect();
    let taken_back = delivery::cancel(tx, &messages.settling(&ids), &[Kind::Settle.as_str()], "newer_answer", now).await?;
    let aloud = |question: &Settle<'_>| question.aloud || taken_back.contains(&question.request.id);
    let asked = |question: &Settle<'_>| messages.questions(&question.request.id);
    Ok(questions.iter().flat_map(|question| one(engine, question, aloud(question), asked(question), now)).collect())
}

/// The questions that arrived give way to a word that they are over, or why, where the channel can edit.
///
/// # Errors
/// The database's error.
pub(crate) async fn take_buttons(tx: &mut Tx, engine: &Engine, over: &[&str], says: &SettleMessage, now: Millis) -> Result<(), StoreError> {
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
    let messages = client_message::load(tx, &over.iter().map(|question| question.request.id.as_str()).collect::<Vec<_>>()).await?;
    let settled = settle(tx, engine, &over, &messages, now).await?;
    delivery::schedule(tx, &settled).await
}

/// What was to stand in the place of a message that is gone, or that nobody can change any more, is said once in a message of its
/// own; unless a newer picture is on its way, or another place took it.
///
/// # Errors
/// The database's error.
pub(super) async fn say_anew(tx: &mut Tx, engine: &Engine, ends: &[Ended], now: Millis) -> Result<(), StoreError> {
    let homeless =
        |end: &&Ended| end.kind == Kind::Settle && end.state == State::Failed && end.reason.as_deref() == Some(SendError::NOT_EDITABLE);
    let ids: Vec<&str> = ends.iter().filter(homeless).map(|end| end.id.as_str()).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let homeless = delivery::these_in(tx, &ids).await?;
    let subjects: BTreeSet<&str> = homeless.iter().filter_map(|one| one.subject.as_deref()).collect();
    let others = delivery::settling(tx, &subjects.iter().copied().collect::<Vec<_>>()).await?;
    let mut said = BTreeSet::new();
    let anew = homeless.iter().filter_map(|one| {
        let mut others = others.iter().filter(|other| other.subject == one.subject && other.created_at >= one.created_at);
        let settling: Settling = document_or_said("delivery", "payload", &one.id, &one.payload)?;
        // Whoever deleted an alert has read it.
        let client_waits = settling.replaces.is_some() && !matches!(settling.says, SettleMessage::Alert(_));
        let elsewhere = others.any(|other| other.state != State::Failed);
        (client_waits && !elsewhere && said.insert(one.subject.clone())).then(|| anew(engine, one, &settling.says, now))
    });
    let anew: Vec<NewDelivery> = anew.collect();
    delivery::schedule(tx, &anew).await
}

/// What a settling message says, in a message of its own.
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
    // Behind a link is a page that has thanked already.
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

/// One message to the client of a rating request: in place of an earlier one, or beside it.
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
        subject: Some(request.id.clone()),
        payload: serde_json::to_string(&Settling { replaces, says: says.clone() }).unwrap_or_default(),
        due_at: now,
        give_up_at: now + GIVE_UP_AFTER,
        window_closes_at: None,
        outside_window: 0,
        resends_max: engine.channels.resends_max(connection, Kind::Settle, true),
        created_at: now,
    })
}
