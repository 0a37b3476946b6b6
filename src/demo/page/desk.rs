//! A stand-in for Chatwoot in the demo: the parts of an account, its API and its webhooks that the adapter uses, in memory.
//! It calls none of the engine's steps: as with a real Chatwoot, a close is a signed webhook to `/hooks/chatwoot`, the
//! conversation is read by the API, and the rating is written back by it.

mod account;
mod acts;
mod api;
mod conversation;
pub(super) mod scene;

use super::Stage;
use account::Account;
use axum::Router;
use axum::routing::{any, post};
use lastword_base::names::ConnectionId;
use lastword_domain::session::Operator;
use lastword_life::{Engine, Notification};
use std::sync::{Arc, Mutex, PoisonError};
use subtle::ConstantTimeEq;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// A webhook to post, in the order of events.
#[derive(Debug)]
pub struct Post {
    /// URL of the webhook.
    pub url: String,
    /// The body.
    pub body: String,
}

/// The stand-in desk.
pub struct Desk {
    /// The engine's connection to it.
    connection: ConnectionId,
    /// Access token of the engine's user.
    token: String,
    account: Mutex<Account>,
    posts: UnboundedSender<Post>,
}

/// Omits the token.
impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("connection", &self.connection).finish_non_exhaustive()
    }
}

impl Desk {
    /// Creates a desk in which `agent` works for `organisation`. API calls need `token`; `secret` signs webhooks.
    pub fn new(connection: &str, organisation: &str, agent: &Operator, token: &str, secret: &str) -> (Self, UnboundedReceiver<Post>) {
        let (posts, posted) = unbounded_channel();
        let account = Mutex::new(Account::new(organisation, agent, secret));
        (Self { connection: connection.into(), token: token.to_owned(), account, posts }, posted)
    }

    /// True if the engine receives its webhooks, after the setup.
    pub(super) fn is_connected(&self) -> bool {
        self.with(|account| account.is_heard())
    }

    fn knows(&self, token: &str) -> bool {
        self.token.as_bytes().ct_eq(token.as_bytes()).into()
    }

    /// Changes the account. The resulting webhooks are posted in order.
    fn with<T>(&self, act: impl FnOnce(&mut Account) -> T) -> T {
        let mut account = self.account.lock().unwrap_or_else(PoisonError::into_inner);
        let done = act(&mut account);
        for post in account.take_posts() {
            // The receiver is gone when the demo stops.
            let _ = self.posts.send(post);
        }
        done
    }

    /// Notifies the pages that show it.
    fn tell(&self, engine: &Engine) {
        engine.tell(Notification::Mail { connection: self.connection.clone(), chat: "".into() });
    }
}

/// Routes of the API, and of the page's actions.
pub(super) fn routes() -> Router<Arc<Stage>> {
    Router::new()
        .route("/demo/chatwoot/api/v1/{*path}", any(api::answer))
        .route("/demo/desk/write", post(acts::write))
        .route("/demo/desk/tap", post(acts::tap))
        .route("/demo/desk/reply", post(acts::reply))
        .route("/demo/desk/status", post(acts::set_status))
        .route("/demo/desk/enter", post(acts::enter))
}
