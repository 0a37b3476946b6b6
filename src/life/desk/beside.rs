//! The session beside a desk's panel: the chat by its ID or, if the desk does not say which it was, the last one of a client.

use crate::engine::Engine;
use crate::session::close_batch::person;
use lastword_base::names::{ClientId, ConnectionId, SessionId, Source};
use lastword_contract::Beside;
use lastword_store::{StoreError, session};

/// Number of a client's sessions that are searched for one of the queue.
const LAST: i64 = 50;

/// The session beside a panel, if known: for a client the last one in the queue's line, otherwise the last one.
#[lastword_base::boxed]
pub async fn session_beside(engine: &Engine, connection: &ConnectionId, beside: Beside) -> Result<Option<SessionId>, StoreError> {
    let (client, queue) = match beside {
        Beside::Chat(session) => return Ok(Some(session.into())),
        Beside::Client { id, queue } => (ClientId::from(id), queue),
    };
    let source = Source::from(connection);
    let (Some(at_desk), Some(client)) = (engine.desks.get(connection), person(&engine.channels, &source, Some(&client), None)) else {
        return Ok(None);
    };
    let lines = at_desk.routing.lines_of(queue.as_deref());
    let known = session::of_client(&engine.db, &source, &client, LAST).await?;
    let in_line = known.iter().find(|(_, line)| lines.contains(line));
    Ok(in_line.or(known.first()).map(|(session, _)| session.clone()))
}
