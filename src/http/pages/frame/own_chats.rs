//! Chats of our own web chat that wait for an answer: the number beside *Chats* on every page.

use super::visit::Visit;
use crate::Pages;
use lastword_base::names::Source;
use lastword_domain::access::rights::Right;
use lastword_life::session::web_chat::source;
use lastword_store::session::web_chat;
use lastword_store::{Millis, StoreError};

/// The sources of the chats of our own web chats on this node.
pub(crate) fn sources(pages: &Pages) -> Vec<Source> {
    let sites = &pages.app.sites;
    let own = sites.names().into_iter().filter(|name| sites.get(name).is_some_and(|site| site.own_chat()));
    own.map(|name| source(&name.into())).collect()
}

/// Number of waiting chats that this person may answer, and the time of the newest message in them. `None` without a web chat of our
/// own, or without the right.
pub(super) async fn waiting(pages: &Pages, visit: &Visit) -> Result<Option<(i64, Millis)>, StoreError> {
    let sources = sources(pages);
    let sources: Vec<&Source> = sources.iter().collect();
    match &visit.person {
        Some(person) if person.rights.may(Right::AnswerChats) && !sources.is_empty() => {
            web_chat::waiting(&pages.app.engine.db, &sources, &person.rights.lines).await.map(Some)
        }
        _ => Ok(None),
    }
}
