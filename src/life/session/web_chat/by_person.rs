//! A person who signed in answers and closes chats of our own web chat. Both are recorded in the audit log.

use super::{answered, body_of};
use crate::engine::Engine;
use crate::engine::notifications::Notification;
use crate::session::close::{ClosedAll, close_in};
use crate::session::close_batch::Closed;
use crate::session::close_known::close_of;
use crate::session::message::called;
use lastword_base::names::{Place, SessionKey};
use lastword_contract::Address;
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_domain::session::{ClosedBy, Operator, SessionStatus};
use lastword_store::access::audit;
use lastword_store::session::{self, Session, mail};
use lastword_store::{Millis, StoreError, Tx, document_or_said, transaction};
use std::sync::Arc;

/// A person who works on a chat: the actor, and the operator who is credited.
#[derive(Clone, Debug)]
pub struct Worker {
    /// The actor.
    pub by: By,
    /// The operator. The visitor sees the name.
    pub operator: Operator,
}

/// Result of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// The message is in the conversation. Also if it was there before, under the same key.
    Written,
    /// The chat is no longer open. Nothing was written.
    NotOpen,
}

/// The place of a session in the web chat, as far as it is known.
pub fn chat_of(session: &Session) -> Option<Place> {
    let address: Option<Address> =
        session.address.as_deref().and_then(|address| document_or_said("session", "address", &session.id, address));
    let connection = session.connection.clone();
    connection.zip(address).map(|(connection, address)| Place { connection, chat: address.chat.into() })
}

/// The person writes to the visitor of an open session, once per `key`.
#[lastword_base::boxed]
pub async fn answer(
    engine: &Engine,
    worker: &Worker,
    session: &SessionKey,
    key: &str,
    text: &str,
    now: Millis,
) -> Result<Answered, StoreError> {
    let about = session.clone();
    let key = format!("page:{key}");
    let written = transaction!(engine.db, [engine, worker, about, key, text], async |tx| {
        let Some((session, Place { connection, chat })) = open_chat(tx, &about).await? else { return Ok(None) };
        let told = Some(Notification::Mail { connection: connection.clone(), chat: chat.clone() });
        if mail::is_there(tx, &connection, &chat, &key).await? {
            return Ok(told);
        }
        let operator = called(tx, worker.operator, now).await?;
        let body = body_of(&operator, &text);
        if !session.operators.iter().any(|known| known.id == operator.id) {
            let entry = Entry::new(Act::ChatAnswered, &session.id).on_line(&session.line_id);
            audit::write(tx, engine.ids.next(now), now, &worker.by, &entry).await?;
        }
        session::save(tx, &[answered(session, operator, now)]).await?;
        mail::put(tx, &connection, &chat, &key, &body, now).await?;
        Ok(told)
    });
    Ok(match written.await? {
        Some(news) => {
            engine.tell(news);
            Answered::Written
        }
        None => Answered::NotOpen,
    })
}

/// The person closes an open session. `None` if it is not open.
#[lastword_base::boxed]
pub async fn close(engine: &Engine, worker: &Worker, session: &SessionKey, now: Millis) -> Result<Option<Closed>, StoreError> {
    let key = session.clone();
    let closed = transaction!(engine.db, [engine, worker, key], async |tx| {
        let Some((session, Place { connection, chat })) = open_chat(tx, &key).await? else { return Ok(None) };
        let close = close_of(&session, "close", ClosedBy::Operator, Some(worker.operator), now);
        let closed: ClosedAll = close_in(tx, &engine, Arc::new(vec![close]), now).await?;
        let entry = Entry::new(Act::ChatClosed, &session.id).on_line(&session.line_id);
        audit::write(tx, engine.ids.next(now), now, &worker.by, &entry).await?;
        Ok(Some((closed, Notification::Mail { connection, chat })))
    });
    let Some((closed, news)) = closed.await? else { return Ok(None) };
    engine.tell(news);
    Ok(closed.tell(engine).pop())
}

/// The session, locked, with the visitor's place; `None` if it is not open.
async fn open_chat(tx: &mut Tx, key: &SessionKey) -> Result<Option<(Session, Place)>, StoreError> {
    let session = session::load(tx, &[key]).await?.into_values().next();
    let session = session.filter(|session| session.status == SessionStatus::Open);
    Ok(session.and_then(|session| chat_of(&session).map(|place| (session, place))))
}
