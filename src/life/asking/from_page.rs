//! A page of the customer asks for the question at a time of its choice, for example once the client has said that it helped. The
//! session is proved to be this visitor's: it is their own chat, or the site's server has signed it.

use super::by_hand::{AskedByHand, ask_by_hand};
use super::while_talking::{AskedTalking, NotWhileTalking, ask_while_talking};
use crate::engine::Engine;
use crate::session::web_chat::current_session;
use lastword_base::names::{ChatId, ConnectionId, SessionId};
use lastword_domain::access::audit::By;
use lastword_domain::outcome::NotAsked;
use lastword_domain::question::by_hand::unserved;
use lastword_domain::session::SessionStatus;
use lastword_store::question::rating_request;
use lastword_store::session::{self, Session};
use lastword_store::{Millis, StoreError};

/// Result of asking from a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedFromPage {
    /// The client is asked now.
    Asked,
    /// The question was already sent, and is not answered yet.
    Waiting,
    /// The client is not asked, for this reason. Nothing was changed.
    Not(&'static str),
}

/// Asks the visitor of `connection` about `signed`, a session of another desk, or else about their own chat.
///
/// Clients who were not served by an operator are never asked, whatever the line's settings. About an open session they are asked if
/// its line asks while talking; about a closed one only if it was closed with the choice not to ask. All other reasons not to ask
/// apply, or pages would choose whose ratings count.
///
/// # Errors
/// A database error; then nothing was changed.
#[lastword_base::boxed]
pub async fn ask_from_page(
    engine: &Engine,
    connection: &ConnectionId,
    visitor: &ChatId,
    signed: Option<&SessionId>,
    now: Millis,
) -> Result<AskedFromPage, StoreError> {
    let session = match signed {
        Some(id) => shown(engine, connection, id).await?,
        None => current_session(engine, connection, visitor).await?,
    };
    let Some(session) = session else { return Ok(AskedFromPage::Not("unknown_session")) };
    let last = rating_request::of_session(&engine.db, &session.source, &session.id).await?.pop();
    if last.as_ref().is_some_and(|request| request.outcome.is_none()) {
        return Ok(AskedFromPage::Waiting);
    }
    let by = By::nobody(&format!("page with the web chat {connection}"));
    if session.status == SessionStatus::Open {
        if let Some(reason) = unserved(session.operator_id.is_some() || !session.operators.is_empty(), None) {
            return Ok(AskedFromPage::Not(reason.as_str()));
        }
        return Ok(match ask_while_talking(engine, &by, &session.source, &session.id, now).await? {
            AskedTalking::Asked(_) => AskedFromPage::Asked,
            AskedTalking::Not(reason) => AskedFromPage::Not(reason.as_str()),
            AskedTalking::Unknown => AskedFromPage::Not(NotWhileTalking::SessionNotOpen.as_str()),
        });
    }
    let kept_back = last.filter(|request| request.reason.as_deref() == Some(NotAsked::ByChoice.as_str()));
    let Some(request) = kept_back else { return Ok(AskedFromPage::Not(NotWhileTalking::SessionNotOpen.as_str())) };
    if let Some(reason) = unserved(request.operator_id.is_some() || !request.operators.is_empty(), request.operator_messages) {
        return Ok(AskedFromPage::Not(reason.as_str()));
    }
    Ok(match ask_by_hand(engine, &by, request.id, "", now).await? {
        AskedByHand::Asked(_) => AskedFromPage::Asked,
        AskedByHand::Not(reason) => AskedFromPage::Not(reason.as_str()),
        AskedByHand::Unknown => AskedFromPage::Not("unknown_session"),
    })
}

/// The session of another desk that uses this connection; the latest, if several desks use the same ID.
async fn shown(engine: &Engine, connection: &ConnectionId, id: &SessionId) -> Result<Option<Session>, StoreError> {
    let sessions = session::find(&engine.db, id).await?;
    let here = sessions.into_iter().filter(|session| session.connection.as_ref() == Some(connection));
    Ok(here.max_by_key(|session| session.last_event_at))
}
