//! `GET /widget/{connection}/socket`: frames in both directions. Notifications only wake the socket; it sends what it reads
//! from the mailbox, so no frame is lost or sent twice.

use super::Widgets;
use super::caller::{Page, SUBPROTOCOL, Visit};
use super::limits::Line;
use super::poll::{PollQuery, crowded, frames, mail_for};
use super::take::{Refused, error, id_in, take};
use crate::listener::Place;
use crate::middleware::client_ip::ClientIp;
use crate::problem::Problem;
use crate::query::Query;
use axum::Extension;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use lastword_base::names::ConnectionId;
use lastword_store::sql::Dialect;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

/// Room for a frame with a text of maximum length in any script.
const FRAME_MAX_BYTES: usize = 64 * 1024;
/// Time between pings; a widget that has not answered the last one is considered gone.
const PING_EVERY: Duration = Duration::from_secs(25);
/// Interval of reads for frames from other nodes, if there can be other nodes.
const LOOK_EVERY: Duration = Duration::from_secs(2);

pub(super) async fn open(
    State(widgets): State<Arc<Widgets>>,
    Path(connection): Path<ConnectionId>,
    ClientIp(ip): ClientIp,
    place: Option<Extension<Arc<Place>>>,
    headers: HeaderMap,
    asked: Result<Query<PollQuery>, Problem>,
    upgrade: Result<WebSocketUpgrade, axum::extract::ws::rejection::WebSocketUpgradeRejection>,
) -> Response {
    let known = || {
        let page = Page::find(&widgets, &connection, &headers)?;
        let Query(asked) = asked?;
        let visit = page.known(&widgets, &headers)?;
        let line = widgets.limits.line(&visit.who()).ok_or_else(crowded)?;
        Ok::<_, Problem>((visit, asked.after, line))
    };
    let (visit, after, line) = match known() {
        Ok(known) => known,
        Err(problem) => return problem.into_response(),
    };
    match upgrade {
        Ok(_) if place.is_some_and(|place| !place.becomes_socket(ip)) => {
            Problem::busy("All places for open pages are taken at the moment.", 5).into_response()
        }
        Ok(upgrade) => {
            let upgrade = upgrade.max_message_size(FRAME_MAX_BYTES).max_frame_size(FRAME_MAX_BYTES).protocols([SUBPROTOCOL]);
            upgrade.on_upgrade(move |socket| Talk { widgets, visit, after, _line: line }.run(socket))
        }
        Err(rejection) => rejection.into_response(),
    }
}

/// One open socket.
struct Talk {
    widgets: Arc<Widgets>,
    visit: Visit,
    after: i64,
    _line: Line,
}

impl Talk {
    async fn run(mut self, mut socket: WebSocket) {
        // Subscribed before the first read, so that no frame is missed between them.
        let mut news = self.widgets.app.engine.news.subscribe();
        let many_nodes = self.widgets.app.engine.db.dialect() == Dialect::Postgres;
        let mut look = tokio::time::interval(if many_nodes { LOOK_EVERY } else { PING_EVERY });
        let mut ping = tokio::time::interval(PING_EVERY);
        let (mut waiting_for_pong, mut news_over) = (false, false);
        ping.tick().await;
        loop {
            let goes_on = tokio::select! {
                () = self.widgets.stop.cancelled() => {
                    let leaving = CloseFrame { code: close_code::AWAY, reason: "the server is stopping".into() };
                    let _ = socket.send(Message::Close(Some(leaving))).await;
                    false
                }
                // Also the first read: an interval ticks immediately.
                _ = look.tick() => self.send_new(&mut socket).await,
                told = news.recv(), if !news_over => match mail_for(&self.visit, told) {
                    Some(true) => self.send_new(&mut socket).await,
                    Some(false) => true,
                    None => { news_over = true; true }
                },
                _ = ping.tick() => {
                    let alive = !std::mem::replace(&mut waiting_for_pong, true);
                    alive && socket.send(Message::Ping(axum::body::Bytes::new())).await.is_ok()
                }
                heard = socket.recv() => match heard {
                    Some(Ok(Message::Text(text))) => { waiting_for_pong = false; self.hear(&mut socket, text.as_str()).await }
                    Some(Ok(Message::Pong(_) | Message::Ping(_))) => { waiting_for_pong = false; true }
                    // The widget sends only text.
                    Some(Ok(Message::Binary(_) | Message::Close(_)) | Err(_)) | None => false,
                },
            };
            if !goes_on {
                break;
            }
        }
    }

    /// Sends new frames from the mailbox. Returns true if the socket is still open.
    async fn send_new(&mut self, socket: &mut WebSocket) -> bool {
        let found = match frames(&self.widgets, &self.visit, self.after).await {
            Ok(found) => found,
            // The widget reconnects and receives everything then.
            Err(error) => {
                tracing::warn!(%error, "web chat: a mailbox could not be read");
                return false;
            }
        };
        for frame in found {
            let seq = frame.get("seq").and_then(Value::as_i64).unwrap_or(self.after);
            if !say(socket, &frame).await {
                return false;
            }
            self.after = seq;
        }
        true
    }

    /// Processes one frame of the widget and acknowledges it once it is stored.
    async fn hear(&self, socket: &mut WebSocket, text: &str) -> bool {
        let answers = match take(&self.widgets, &self.visit, text.as_bytes().to_vec()).await {
            Ok(answers) => answers,
            Err(Refused::Unreadable(why)) => vec![error(id_in(text).as_deref(), "unreadable", &why)],
            Err(Refused::Busy(failure)) => {
                tracing::warn!(error = failure, "web chat: a frame could not be stored");
                vec![error(id_in(text).as_deref(), "busy", "try again a little later")]
            }
            Err(Refused::TooSoon(_)) => vec![error(id_in(text).as_deref(), "busy", "try again a little later")],
        };
        for answer in answers {
            if !say(socket, &answer).await {
                return false;
            }
        }
        true
    }
}

async fn say(socket: &mut WebSocket, frame: &Value) -> bool {
    socket.send(Message::Text(frame.to_string().into())).await.is_ok()
}
