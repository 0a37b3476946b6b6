//! Our own minimal web chat, for sites without one: visitors and operators exchange messages through the engine, and its
//! closes are ordinary closes.

pub mod by_person;

use super::close::close_sessions;
use super::close_batch::Closed;
use super::close_known::close_of;
use super::message::{called, with_operator};
use crate::engine::Engine;
use crate::engine::notifications::Notification;
use lastword_base::names::{ChatId, ConnectionId, LineId, SessionId, SessionKey, Source};
use lastword_contract::Address;
use lastword_domain::session::{ClosedBy, Operator, SessionStatus};
use lastword_store::session::{self, Session, mail, visitor};
use lastword_store::{Db, Millis, StoreError, Tx, line, transaction};
use serde_json::json;
use tokio::sync::broadcast;

/// Maximum length of a message in characters.
pub const TEXT_CHARS_MAX: usize = 4_000;

/// Source of the sessions of our web chat.
pub fn source(connection: &ConnectionId) -> Source {
    format!("webchat:{connection}").into()
}

/// Adds a message to a conversation, once per key, and wakes its readers.
#[lastword_base::boxed]
pub async fn put(
    db: &Db,
    news: &broadcast::Sender<Notification>,
    connection: &ConnectionId,
    chat: &ChatId,
    key: &str,
    body: &serde_json::Value,
    now: Millis,
) -> Result<(), StoreError> {
    let (name, visitor, body) = (connection.to_owned(), chat.to_owned(), body.to_string());
    transaction!(db, [name, visitor, key, body], async |tx| { mail::put(tx, &name, &visitor, &key, &body, now).await }).await?;
    let _ = news.send(Notification::Mail { connection: connection.to_owned(), chat: chat.to_owned() });
    Ok(())
}

/// A visitor opened a page with the chat on it.
#[lastword_base::boxed]
pub async fn visitor_came(
    engine: &Engine,
    connection: &ConnectionId,
    id: &ChatId,
    language: Option<&str>,
    now: Millis,
) -> Result<(), StoreError> {
    let language = language.map(str::to_owned);
    transaction!(engine.db, [connection, id, language], async |tx| { visitor::came(tx, &connection, &id, language.as_deref(), now).await })
        .await
}

/// A visitor wrote: the message is sent to the operators, and a session is opened if none is open. A message that is
/// already stored changes nothing: repeated after the close, it must not open a session.
#[lastword_base::boxed]
pub async fn visitor_writes(
    engine: &Engine,
    connection: &ConnectionId,
    line: &LineId,
    id: &ChatId,
    key: &str,
    text: &str,
    now: Millis,
) -> Result<(), StoreError> {
    let (name, visitor_id) = (connection.to_owned(), id.to_owned());
    let body = json!({ "kind": "message", "from": "visitor", "text": text }).to_string();
    let new = transaction!(engine.db, [name, line, visitor_id, key, body], async |tx| {
        if mail::is_there(tx, &name, &visitor_id, &key).await? {
            return Ok(false);
        }
        visitor::came(tx, &name, &visitor_id, None, now).await?;
        open_or_touch(tx, &name, &line, &visitor_id, now).await?;
        mail::put(tx, &name, &visitor_id, &key, &body, now).await?;
        Ok(true)
    })
    .await?;
    if new {
        engine.tell(Notification::Mail { connection: connection.to_owned(), chat: id.to_owned() });
    }
    Ok(())
}

async fn open_or_touch(
    tx: &mut Tx,
    connection: &ConnectionId,
    line_id: &LineId,
    visitor_id: &ChatId,
    now: Millis,
) -> Result<(), StoreError> {
    let source = source(connection);
    let known = visitor::hold(tx, connection, visitor_id).await?;
    let number = known.as_ref().map_or(0, |visitor| visitor.session_number);
    let current = SessionKey { source: source.clone(), session: session_id(visitor_id, number) };
    let session = session::load(tx, &[&current]).await?.into_values().next();
    let session = match session {
        Some(session) if session.status == SessionStatus::Open => {
            Session { last_client_message_at: Some(now), last_event_at: now, active_at: now, ..session }
        }
        _ => {
            // The settings of the chat may name a line that does not exist.
            if line::versions(tx, &[line_id]).await?.is_empty() {
                return Err(StoreError::Inconsistent { table: "line", column: "id", found: line_id.to_string() });
            }
            visitor::began(tx, connection, visitor_id, number + 1).await?;
            Session {
                source: source.clone(),
                id: session_id(visitor_id, number + 1),
                line_id: line_id.clone(),
                status: SessionStatus::Open,
                opened_at: Some(now),
                last_event_at: now,
                operators: Vec::new(),
                client_id: Some(format!("{connection}:{visitor_id}").into()),
                connection: Some(connection.to_owned()),
                address: serde_json::to_string(&Address::chat(visitor_id.as_str())).ok(),
                language: known.and_then(|visitor| visitor.language),
                last_client_message_at: Some(now),
                active_at: now,
                ..Session::default()
            }
        }
    };
    session::save(tx, &[Session { revision: session.revision + 1, ..session }]).await
}

fn session_id(visitor_id: &ChatId, number: i64) -> SessionId {
    format!("{visitor_id}-{number}").into()
}

/// The visitor's present session, if they ever wrote.
#[lastword_base::boxed]
pub async fn current_session(engine: &Engine, connection: &ConnectionId, visitor_id: &ChatId) -> Result<Option<Session>, StoreError> {
    let Some(visitor) = visitor::find(&engine.db, connection, visitor_id).await? else { return Ok(None) };
    let sessions = session::find(&engine.db, &session_id(visitor_id, visitor.session_number)).await?;
    Ok(sessions.into_iter().find(|session| session.source == source(connection)))
}

/// An operator wrote to a visitor.
#[lastword_base::boxed]
pub async fn operator_writes(
    engine: &Engine,
    connection: &ConnectionId,
    visitor_id: &ChatId,
    operator: &Operator,
    key: &str,
    text: &str,
    now: Millis,
) -> Result<(), StoreError> {
    let (name, visitor) = (connection.to_owned(), visitor_id.to_owned());
    let written = transaction!(engine.db, [name, visitor, operator, key, text], async |tx| {
        if mail::is_there(tx, &name, &visitor, &key).await? {
            return Ok(());
        }
        let operator = called(tx, operator, now).await?;
        let body = body_of(&operator, &text);
        touch(tx, &name, &visitor, operator, now).await?;
        mail::put(tx, &name, &visitor, &key, &body, now).await.map(drop)
    })
    .await;
    written?;
    engine.tell(Notification::Mail { connection: connection.to_owned(), chat: visitor_id.to_owned() });
    Ok(())
}

/// Records the last operator and time in the visitor's open session.
async fn touch(tx: &mut Tx, connection: &ConnectionId, visitor_id: &ChatId, operator: Operator, now: Millis) -> Result<(), StoreError> {
    let number = visitor::hold(tx, connection, visitor_id).await?.map_or(0, |visitor| visitor.session_number);
    let key = SessionKey { source: source(connection), session: session_id(visitor_id, number) };
    let session = session::load(tx, &[&key]).await?.into_values().next();
    let Some(session) = session.filter(|session| session.status == SessionStatus::Open) else { return Ok(()) };
    session::save(tx, &[answered(session, operator, now)]).await
}

/// The session after an operator wrote. It is active later than the client's last message, so that the chat does not wait any more.
fn answered(session: Session, operator: Operator, now: Millis) -> Session {
    let active_at = session.last_client_message_at.map_or(now, |at| now.max(at + 1));
    with_operator(Session { active_at, revision: session.revision + 1, ..session }, Some(operator))
}

/// A message of an operator, as visitors see it.
fn body_of(operator: &Operator, text: &str) -> String {
    json!({ "kind": "message", "from": "operator", "name": operator.name, "text": text }).to_string()
}

/// An operator closes the visitor's session. `None` if none is open.
#[lastword_base::boxed]
pub async fn operator_closes(
    engine: &Engine,
    connection: &ConnectionId,
    visitor_id: &ChatId,
    operator: &Operator,
    now: Millis,
) -> Result<Option<Closed>, StoreError> {
    let Some(session) = current_session(engine, connection, visitor_id).await?.filter(|session| session.status == SessionStatus::Open)
    else {
        return Ok(None);
    };
    let close = close_of(&session, "close", ClosedBy::Operator, Some(operator.clone()), now);
    let closed = close_sessions(engine, vec![close], now).await?.pop();
    engine.tell(Notification::Mail { connection: connection.to_owned(), chat: visitor_id.to_owned() });
    Ok(closed)
}
