//! The panel beside a chat, inside a desk's own pages: this chat's story, what its client said before, and what can be done about it.
//!
//! The page may be framed by the origin of its desk alone. What the desk's page tells of the chat is unsigned, and shows nothing by
//! itself: whoever looks signs in here, and sees and does what their account may. No cookie is used, since browsers keep them from
//! frames: the page holds the login's secret for as long as its tab is open, and sends it in a header that other sites cannot send.

mod acts;
mod caller;
mod chat;
mod page;

use crate::Pages;
use axum::Router;
use axum::routing::{get, post};
use std::sync::Arc;

/// The panels of all desks that have a place for one.
pub fn routes(pages: &Arc<Pages>) -> Router {
    Router::new()
        .route("/panel/{connection}", get(page::open).post(page::placed))
        .route("/panel/{connection}/sign-in", post(page::enter))
        .route("/panel/{connection}/sign-out", post(page::leave))
        .route("/panel/{connection}/chat", post(chat::show))
        .route("/panel/{connection}/act", post(acts::act))
        .with_state(pages.clone())
}
