//! A stand-in for a chat room: it accepts what Lastword posts to a Slack webhook, and the page shows it.

use super::acts::own_page;
use super::{Stage, unavailable};
use crate::cast::HEAD;
use crate::silent::Silent;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use lastword_domain::access::audit::By;
use lastword_http::problem::Problem;
use lastword_life::alert::test_alert::raise_test;
use lastword_life::{Engine, Millis, Notification};
use serde::Serialize;
use serde_json::Value;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use subtle::ConstantTimeEq;

/// Route of the webhook. Slack's begin like this.
pub(super) const ROUTE: &str = "/services/demo/{secret}";
/// Maximum number of messages shown.
const SHOWN: usize = 20;

/// A chat room.
pub struct Room {
    /// The last part of its address.
    secret: String,
    posts: Mutex<VecDeque<Post>>,
}

/// Omits the secret.
impl std::fmt::Debug for Room {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Room").finish_non_exhaustive()
    }
}

/// A message in the room.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Post {
    /// Its place among all messages.
    seq: usize,
    at: Millis,
    title: String,
    text: String,
    quote: String,
    /// Colour of its edge.
    colour: String,
}

impl Room {
    /// Creates an empty room at this secret address.
    pub fn new(secret: &str) -> Self {
        Self { secret: secret.to_owned(), posts: Mutex::default() }
    }

    /// Address of its webhook on a server.
    pub fn hook(&self, server: &str) -> String {
        format!("{server}{}", ROUTE.replace("{secret}", &self.secret))
    }

    /// The newest messages, newest first.
    pub(super) fn posts(&self) -> Vec<Post> {
        self.posts.lock().unwrap_or_else(PoisonError::into_inner).iter().rev().cloned().collect()
    }

    /// Adds a message; `None` if Slack would not understand it.
    fn post(&self, body: &Value, at: Millis) -> Option<()> {
        let attachment = &body["attachments"][0];
        let block = |kind: &str| attachment["blocks"].as_array().and_then(|all| all.iter().find(|block| block["type"] == kind));
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(unescaped);
        let mut post = Post {
            seq: 1,
            at,
            title: text(block("header")?.pointer("/text/text"))?,
            text: text(block("section").and_then(|block| block.pointer("/text/text"))).unwrap_or_default(),
            quote: text(block("rich_text").and_then(|block| block.pointer("/elements/0/elements/0/text"))).unwrap_or_default(),
            colour: text(attachment.get("color")).unwrap_or_default(),
        };
        let mut posts = self.posts.lock().unwrap_or_else(PoisonError::into_inner);
        post.seq += posts.back().map_or(0, |last| last.seq);
        posts.push_back(post);
        if posts.len() > SHOWN {
            posts.pop_front();
        }
        Some(())
    }

    fn tell(engine: &Engine) {
        engine.tell(Notification::Mail { connection: "".into(), chat: "".into() });
    }
}

/// Slack shows its escapes as the characters that they stand for.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// `POST` to the webhook, answered as by Slack.
pub(super) async fn accept(State(stage): State<Arc<Stage>>, Path(secret): Path<String>, Json(body): Json<Value>) -> Response {
    let Some(room) = stage.room.as_ref().filter(|room| room.secret.as_bytes().ct_eq(secret.as_bytes()).into()) else {
        return (StatusCode::NOT_FOUND, "no_service").into_response();
    };
    match room.post(&body, stage.engine.now()) {
        Some(()) => {
            Room::tell(&stage.engine);
            "ok".into_response()
        }
        None => (StatusCode::BAD_REQUEST, "invalid_payload").into_response(),
    }
}

/// The visitor's button: the connection through which the head of service is notified fails once, by a test alert. Admins are told
/// through the others.
pub(super) async fn break_connection(State(stage): State<Arc<Stage>>, headers: HeaderMap) -> Result<StatusCode, Problem> {
    own_page(&stage, &headers)?;
    let (engine, (recipient, connection, _)) = (&stage.engine, HEAD);
    engine.channels.add(connection, Arc::new(Silent::failing("telegram")), Vec::new());
    let raised = raise_test(engine, &By::nobody("demo"), recipient, None, engine.now()).await;
    raised.map_err(|error| unavailable(&error))?;
    Ok(StatusCode::NO_CONTENT)
}
