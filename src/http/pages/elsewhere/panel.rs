//! The panel beside a chat, inside a desk's own pages: the chat's history, earlier ratings of its client, and the available actions.
//!
//! Only the origin of its desk may frame the page. What the desk's page reports about the chat is unsigned and grants no
//! access: users sign in on the panel, and see and do what their account allows. No cookie is used, because browsers block
//! them in frames: the page keeps the login's secret while its tab is open, and sends it in a header that other sites
//! cannot send.

mod acts;
mod caller;
mod chat;
mod page;

use crate::Pages;
use axum::Router;
use axum::routing::{get, post};
use std::sync::Arc;

/// Panel routes of all desks that support one.
pub fn routes(pages: &Arc<Pages>) -> Router {
    Router::new()
        .route("/panel/{connection}", get(page::open).post(page::placed))
        .route("/panel/{connection}/sign-in", post(page::enter))
        .route("/panel/{connection}/sign-out", post(page::leave))
        .route("/panel/{connection}/chat", post(chat::show))
        .route("/panel/{connection}/act", post(acts::act))
        .with_state(pages.clone())
}
