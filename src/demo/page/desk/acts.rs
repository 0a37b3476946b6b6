//! Actions of the visitor and the agent on the page. The engine is notified only by webhooks.

use super::Desk;
use super::conversation::Status;
use crate::page::acts::own_page;
use crate::page::{Stage, enter};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lastword_http::json::Body;
use lastword_http::middleware::client_ip::ClientIp;
use lastword_http::problem::{Code, Problem};
use lastword_pages::sign_in::entered;
use serde::Deserialize;
use std::sync::Arc;

/// Maximum length of a message, in characters.
const CHARS_MAX: usize = 4_000;

/// The desk, accessible only from the demo's own page.
fn desk<'a>(stage: &'a Stage, headers: &HeaderMap) -> Result<&'a Desk, Problem> {
    own_page(stage, headers)?;
    stage.desk.as_deref().ok_or_else(Problem::not_found)
}

/// A non-empty text.
fn said(text: &str) -> Result<&str, Problem> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > CHARS_MAX || text.contains('\0') {
        return Err(Problem::invalid_field("text", "has to have 1 to 4000 characters", "Write something shorter."));
    }
    Ok(text)
}

/// A visitor ID created by the page, as Chatwoot's widget does.
fn visitor(id: &str) -> Result<&str, Problem> {
    let is_id = (8..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_id.then_some(id).ok_or_else(|| Problem::invalid_field("visitor", "has to be 8 to 64 letters and digits", "Reload the page."))
}

/// The response to an action that succeeded or failed.
fn done(stage: &Stage, desk: &Desk, done: bool) -> Result<StatusCode, Problem> {
    if !done {
        return Err(Problem::new(Code::Conflict, "This conversation does not allow it any more."));
    }
    desk.tell(&stage.engine);
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Write {
    visitor: String,
    text: String,
    /// ID of the message that it replies to.
    #[serde(default)]
    reply_to: Option<u64>,
    /// True to start a new conversation if the last one is resolved.
    #[serde(default)]
    begin: bool,
}

pub(super) async fn write(State(stage): State<Arc<Stage>>, headers: HeaderMap, Body(sent): Body<Write>) -> Result<StatusCode, Problem> {
    let (desk, visitor, text) = (desk(&stage, &headers)?, visitor(&sent.visitor)?, said(&sent.text)?);
    let written = desk.with(|account| account.visitor_writes(visitor, text, sent.reply_to, sent.begin, stage.engine.now()));
    done(&stage, desk, written.is_some())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tap {
    visitor: String,
    conversation: u64,
    message: u64,
    /// Index of the choice.
    item: usize,
}

pub(super) async fn tap(State(stage): State<Arc<Stage>>, headers: HeaderMap, Body(tap): Body<Tap>) -> Result<StatusCode, Problem> {
    let (desk, visitor) = (desk(&stage, &headers)?, visitor(&tap.visitor)?);
    let tapped = desk.with(|account| account.tap(visitor, tap.conversation, tap.message, tap.item));
    done(&stage, desk, tapped)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reply {
    conversation: u64,
    text: String,
    /// True for a note that only agents see.
    #[serde(default)]
    private: bool,
}

pub(super) async fn reply(State(stage): State<Arc<Stage>>, headers: HeaderMap, Body(reply): Body<Reply>) -> Result<StatusCode, Problem> {
    let (desk, text) = (desk(&stage, &headers)?, said(&reply.text)?);
    let written = desk.with(|account| account.agent_writes(reply.conversation, text, reply.private, stage.engine.now()));
    done(&stage, desk, written.is_some())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SetStatus {
    conversation: u64,
    resolved: bool,
}

pub(super) async fn set_status(
    State(stage): State<Arc<Stage>>,
    headers: HeaderMap,
    Body(wanted): Body<SetStatus>,
) -> Result<StatusCode, Problem> {
    let desk = desk(&stage, &headers)?;
    let status = if wanted.resolved { Status::Resolved } else { Status::Open };
    let changed = desk.with(|account| {
        let name = account.agent_name().to_owned();
        account.set_status_by(wanted.conversation, status, &name, stage.engine.now())
    });
    done(&stage, desk, changed)
}

/// Signs the page's visitor in to the panel, as the demo's admin: returns the secret that the panel stores for its tab, and
/// the cookie for our own pages, to which the panel links.
pub(super) async fn enter(State(stage): State<Arc<Stage>>, ClientIp(ip): ClientIp, headers: HeaderMap) -> Result<Response, Problem> {
    desk(&stage, &headers)?;
    let secret = enter::begin(&stage, &stage.people.0, ip, &headers).await?;
    let cookies = entered(&stage.pages, &secret, "/").into_parts().0.headers;
    let mut response = enter::begin_panel(&stage, &stage.people.0, ip, &headers).await?.into_response();
    response.headers_mut().extend(cookies.get_all(header::SET_COOKIE).iter().map(|cookie| (header::SET_COOKIE, cookie.clone())));
    Ok(response)
}
