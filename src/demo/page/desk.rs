//! A stand-in for Chatwoot, for the demo alone: as much of an account, its API and its webhooks as the adapter calls and hears, kept
//! in memory. It knows none of the engine's steps: a close takes the way of a real Chatwoot's, as a signed webhook to
//! `/hooks/chatwoot`, a look at the conversation by the API, and a rating that is written back by it.

mod account;
mod acts;
mod api;
mod conversation;
pub(super) mod scene;

use super::Stage;
use account::Account;
use axum::Router;
use axum::routing::{any, post};
use lastword_domain::session::Operator;
use lastword_life::{Engine, Notification};
use std::sync::{Arc, Mutex, PoisonError};
use subtle::ConstantTimeEq;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// A webhook that has to be posted, in the order in which things happened.
#[derive(Debug)]
pub struct Post {
    /// Where to.
    pub url: String,
    /// The body.
    pub body: String,
}

/// The stand-in.
pub struct Desk {
    /// The connection that it is to the engine.
    connection: String,
    /// The access token of the engine's user.
    token: String,
    account: Mutex<Account>,
    posts: UnboundedSender<Post>,
}

/// The token stays out of debug output.
impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("connection", &self.connection).finish_non_exhaustive()
    }
}

impl Desk {
    /// One in which `agent` works for `organisation`. Callers of the API show `token`; `secret` is that of webhooks.
    pub fn new(connection: &str, organisation: &str, agent: &Operator, token: &str, secret: &str) -> (Self, UnboundedReceiver<Post>) {
        let (posts, posted) = unbounded_channel();
        let account = Mutex::new(Account::new(organisation, agent, secret));
        (Self { connection: connection.to_owned(), token: token.to_owned(), account, posts }, posted)
    }

    /// Whether the engine hears of it: it was set up.
    pub(super) fn is_connected(&self) -> bool {
        self.with(|account| account.is_heard())
    }

    fn knows(&self, token: &str) -> bool {
        self.token.as_bytes().ct_eq(token.as_bytes()).into()
    }

    /// Does something in the account. What it brought about is posted in its order.
    fn with<T>(&self, act: impl FnOnce(&mut Account) -> T) -> T {
        let mut account = self.account.lock().unwrap_or_else(PoisonError::into_inner);
        let done = act(&mut account);
        for post in account.take_posts() {
            // Nobody carries any more when the demo stops.
            let _ = self.posts.send(post);
        }
        done
    }

    /// Wakes the pages that show it.
    fn tell(&self, engine: &Engine) {
        engine.tell(Notification::Mail { connection: self.connection.clone(), chat: String::new() });
    }
}

/// The API under the address of the installation, and what the page does.
pub(super) fn routes() -> Router<Arc<Stage>> {
    Router::new()
        .route("/demo/chatwoot/api/v1/{*path}", any(api::answer))
        .route("/demo/desk/write", post(acts::write))
        .route("/demo/desk/tap", post(acts::tap))
        .route("/demo/desk/reply", post(acts::reply))
        .route("/demo/desk/status", post(acts::set_status))
        .route("/demo/desk/enter", post(acts::enter))
}
