//! Actions of the operator and the supervisor on the page.

use super::{Stage, unavailable};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use lastword_base::names::{ChatId, Place};
use lastword_contract::InboundKind;
use lastword_domain::answer::rating::Scale;
use lastword_http::json::Body;
use lastword_http::problem::{Code, Problem};
use lastword_life::admin::change_line::{Changed, save_line};
use lastword_life::answer::accept::accept;
use lastword_life::facts::inbound::Arrived;
use lastword_life::session::web_chat;
use lastword_store::line::{self, LineChange};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

/// Allows only the demo's own page; refuses pages of other sites.
pub(super) fn own_page(stage: &Stage, headers: &HeaderMap) -> Result<(), Problem> {
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok()).unwrap_or_default();
    if stage.site.admits_origin(origin) { Ok(()) } else { Err(Problem::forbidden("the demo's own page")) }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reply {
    visitor: ChatId,
    text: String,
    /// Created by the page; stays the same for every retry.
    id: String,
}

pub(super) async fn reply(State(stage): State<Arc<Stage>>, headers: HeaderMap, Body(reply): Body<Reply>) -> Result<StatusCode, Problem> {
    own_page(&stage, &headers)?;
    let text = reply.text.trim();
    if text.is_empty() || text.chars().count() > 4_000 || text.contains('\0') {
        return Err(Problem::invalid_field("text", "has to have 1 to 4000 characters", "Write something shorter."));
    }
    let (engine, key) = (&stage.engine, format!("operator:{}", reply.id));
    let written = web_chat::operator_writes(engine, &stage.connection, &reply.visitor, &stage.operator, &key, text, engine.now());
    written.await.map_err(|error| unavailable(&error))?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Close {
    visitor: ChatId,
}

pub(super) async fn close(State(stage): State<Arc<Stage>>, headers: HeaderMap, Body(close): Body<Close>) -> Result<StatusCode, Problem> {
    own_page(&stage, &headers)?;
    let engine = &stage.engine;
    let closed = web_chat::operator_closes(engine, &stage.connection, &close.visitor, &stage.operator, engine.now()).await;
    match closed.map_err(|error| unavailable(&error))? {
        Some(_) => Ok(StatusCode::NO_CONTENT),
        None => Err(Problem::new(Code::Conflict, "This chat is not open.")),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Acknowledge {
    token: String,
    /// The alert's message on the screen.
    message: String,
}

/// The supervisor's button, received by the screen's own adapter like a tap in any widget.
pub(super) async fn acknowledge(
    State(stage): State<Arc<Stage>>,
    headers: HeaderMap,
    Body(seen): Body<Acknowledge>,
) -> Result<StatusCode, Problem> {
    own_page(&stage, &headers)?;
    let engine = &stage.engine;
    let Place { connection, chat } = &stage.supervisor;
    let now = engine.now();
    let frame = json!({ "kind": "press", "id": engine.ids.text(now), "token": seen.token }).to_string();
    let unreadable = |_| Problem::invalid_field("token", "is not that of a button", "Reload the page.");
    let mut events = stage.screen.receive(chat.as_str(), frame.into_bytes(), now).map_err(unreadable)?;
    for event in &mut events {
        if let InboundKind::Press { message_id, .. } = &mut event.kind {
            // "Seen" replaces the button in the same message.
            *message_id = Some(seen.message.clone());
        }
    }
    let arrived = |inbound| Arrived { connection: connection.clone(), inbound, body_hash: String::new(), came: None, form: None };
    accept(engine, events.into_iter().map(arrived).collect(), None, now).await.map_err(|error| unavailable(&error))?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SetScale {
    scale: Scale,
}

/// Changes the line's scale as the line's page does: it applies from the next close.
pub(super) async fn set_scale(
    State(stage): State<Arc<Stage>>,
    headers: HeaderMap,
    Body(set): Body<SetScale>,
) -> Result<StatusCode, Problem> {
    own_page(&stage, &headers)?;
    let engine = &stage.engine;
    let line = line::find(&engine.db, &stage.site.line().into()).await.map_err(|error| unavailable(&error))?;
    let Some(line) = line else { return Err(Problem::unknown_line("scale", stage.site.line())) };
    let mut settings = line.settings;
    settings.scale = set.scale;
    let change = LineChange {
        id: line.id,
        name: line.name,
        settings,
        archived: false,
        seen_version: line.version,
        by: "demo".to_owned(),
        at: engine.now(),
    };
    match save_line(engine, change).await.map_err(|error| unavailable(&error))? {
        Changed::Saved(_) => Ok(StatusCode::NO_CONTENT),
        Changed::Outdated(_) | Changed::Bad(_) => Err(Problem::new(Code::Conflict, "The line was changed at the same moment.")),
    }
}
