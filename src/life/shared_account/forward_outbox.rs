//! For a shared bot, everything that is not ours is passed on to the desk behind the connection: stored here, in the transaction
//! that judged it, and sent by [`super::forward`].
//!
//! Ours are: taps, comments and forms with one of our tokens, including late ones and those of other people; texts that are only an
//! answer; and statuses of our own messages. A request with several events is passed on whole unless all of them are ours.

use crate::engine::Engine;
use crate::engine::channels::DeskBehind;
use crate::facts::inbound::{AcceptResult, Arrived};
use lastword_base::names::ConnectionId;
use lastword_contract::{Headers, InboundKind, RawRequest, Reaction, TextMessage};
use lastword_domain::answer::Disposition;
use lastword_store::connection::forward_outbox::{self, Kept};
use lastword_store::{StoreError, Tx, transaction};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;

/// Headers for a single hop (RFC 9110, section 7.6.1), and those that the HTTP client sets itself.
const NOT_PASSED_ON: &[&str] = &[
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// A stored header: its value, or the name of the setting that holds it if it is a secret.
#[derive(Serialize, Deserialize)]
pub(super) struct KeptHeader {
    pub(crate) name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) setting: Option<String>,
}

/// True if an event with this result is ours, and of no interest to a desk.
pub(crate) fn is_ours(what: &InboundKind, taken: &AcceptResult) -> bool {
    let disposition = taken.disposition;
    match what {
        InboundKind::Press { .. } | InboundKind::Comment { .. } | InboundKind::Form { .. } => disposition != Disposition::Forged,
        // A late text is not accepted as an answer: a person should read it.
        InboundKind::Text(_) => {
            let answered = matches!(
                disposition,
                Disposition::Counted
                    | Disposition::Changed
                    | Disposition::Repeated
                    | Disposition::Superseded
                    | Disposition::OptedOut
                    | Disposition::OptedIn
            );
            answered && !taken.also_message
        }
        InboundKind::Status { .. } => disposition != Disposition::Unknown,
        InboundKind::Reaction(_) => disposition != Disposition::NotAnAnswer,
        // The desk gets all changes of what it has received as a message.
        InboundKind::Edited(_) | InboundKind::Deleted { .. } => disposition != Disposition::NotAnAnswer && !taken.also_message,
        InboundKind::Wrote { .. } | InboundKind::Moved { .. } | InboundKind::Reachable { .. } | InboundKind::Other { .. } => false,
    }
}

/// Stores the requests behind `arrived` that a desk has to get, each once.
pub(crate) async fn keep(tx: &mut Tx, engine: &Engine, arrived: &[Arrived], taken: &[AcceptResult]) -> Result<(), StoreError> {
    let events: Vec<(&Arrived, &AcceptResult)> = arrived.iter().zip(taken).collect();
    let mut kept = Vec::new();
    for told in events.chunk_by(|(one, _), (next, _)| same_request(one, next)) {
        let one = told[0].0;
        if let (Some(request), Some(desk)) = (&one.came, engine.channels.desk(&one.connection))
            && is_for_desk(told)
        {
            kept.push(as_kept(&one.connection, request, &desk));
        }
    }
    forward_outbox::keep(tx, &kept).await
}

/// Stores a request without readable events for the desk behind the connection, which may be able to read it.
pub(super) async fn keep_whole(tx: &mut Tx, engine: &Engine, connection: &ConnectionId, request: &RawRequest) -> Result<(), StoreError> {
    let Some(desk) = engine.channels.desk(connection) else { return Ok(()) };
    forward_outbox::keep(tx, &[as_kept(connection, request, &desk)]).await
}

/// Stores a signed request without events that a channel knows.
///
/// # Errors
/// A database error; then the platform has to send it again.
#[lastword_base::boxed]
pub async fn keep_empty(engine: &Engine, connection: &ConnectionId, request: RawRequest) -> Result<(), StoreError> {
    if engine.channels.desk(connection).is_none() {
        return Ok(());
    }
    let kept =
        transaction!(engine.db, [engine, connection, request], async |tx| { keep_whole(tx, &engine, &connection, &request).await }).await;
    engine.pass_on.notify_waiters();
    kept
}

fn same_request(one: &Arrived, next: &Arrived) -> bool {
    match (&one.came, &next.came) {
        (Some(one), Some(next)) => Arc::ptr_eq(one, next),
        (Some(_), None) | (None, Some(_)) | (None, None) => false,
    }
}

/// True if one of these events, all of one request, is new and not ours.
fn is_for_desk(told: &[(&Arrived, &AcceptResult)]) -> bool {
    // A tap can be accompanied by a text of its client: that text is part of the tap.
    let mut said: HashMap<&str, usize> = HashMap::new();
    for (one, _) in told.iter().filter(|(one, taken)| taken.repeated || is_ours(&one.inbound.kind, taken)) {
        if let InboundKind::Press { by, .. }
        | InboundKind::Comment { by, .. }
        | InboundKind::Form { by, .. }
        | InboundKind::Reaction(Reaction { by, .. })
        | InboundKind::Text(TextMessage { by, .. }) = &one.inbound.kind
        {
            *said.entry(by.chat.as_str()).or_default() += 1;
        }
    }
    let mut foreign = told.iter().filter(|(one, taken)| match (&one.inbound.kind, taken.repeated) {
        (_, true) => false,
        (InboundKind::Wrote { by, .. }, false) => match said.get_mut(by.chat.as_str()) {
            Some(left) if *left > 0 => {
                *left -= 1;
                false
            }
            _ => true,
        },
        (what, false) => !is_ours(what, taken),
    });
    foreign.next().is_some()
}

fn as_kept(connection: &ConnectionId, request: &RawRequest, desk: &DeskBehind) -> Kept {
    Kept {
        connection: connection.to_owned(),
        method: request.method.clone(),
        query: request.query.clone(),
        headers: serde_json::to_string(&kept_headers(&request.headers, desk)).unwrap_or_default(),
        body: request.body.clone(),
        received_at: request.received_at,
    }
}

/// The headers to pass on, with our secrets replaced by the names of their settings: the database stores none.
fn kept_headers(headers: &Headers, desk: &DeskBehind) -> Vec<KeptHeader> {
    let named: Vec<String> =
        headers.get("connection").into_iter().flat_map(|names| names.split(',')).map(|name| name.trim().to_ascii_lowercase()).collect();
    let stays = |name: &str| NOT_PASSED_ON.contains(&name) || named.iter().any(|other| other == name);
    let kept = headers.iter().filter(|(name, _)| !stays(name)).map(|(name, value)| match desk.setting_of(value) {
        Some(setting) => KeptHeader { name: name.to_owned(), value: None, setting: Some(setting.to_owned()) },
        None => KeptHeader { name: name.to_owned(), value: Some(value.to_owned()), setting: None },
    });
    kept.collect()
}
