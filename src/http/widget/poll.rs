//! Long polling, for networks that break sockets; also reads the mailbox for both transports.

use super::caller::{Page, Visit};
use super::register::unavailable;
use super::take::{Refused, take};
use super::{BACKLOG_MAX, Widgets};
use crate::json;
use crate::listener::Place;
use crate::problem::{Code, Problem};
use crate::query::Query;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use lastword_base::names::ConnectionId;
use lastword_life::Notification;
use lastword_store::StoreError;
use lastword_store::session::mail;
use serde::Deserialize;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::{Receiver, error::RecvError};

/// Maximum wait in seconds: proxies cut silent connections after thirty seconds or later.
const HOLD_MAX: u64 = 25;

/// Query of a poll or socket. The visitor is identified by a header, because proxies log addresses.
#[derive(Deserialize)]
pub(super) struct PollQuery {
    #[serde(default)]
    pub(super) after: i64,
    /// Seconds to wait if there is no frame.
    #[serde(default)]
    wait: u64,
}

/// `GET …/frames`: returns the frames after `after`, and waits for one if there is none.
pub(super) async fn wait_for_frames(
    State(widgets): State<Arc<Widgets>>,
    Path(connection): Path<ConnectionId>,
    place: Option<Extension<Arc<Place>>>,
    headers: HeaderMap,
    asked: Result<Query<PollQuery>, Problem>,
) -> Response {
    let page = match Page::find(&widgets, &connection, &headers) {
        Ok(page) => page,
        Err(problem) => return problem.into_response(),
    };
    let visit = asked.and_then(|Query(asked)| page.known(&widgets, &headers).map(|visit| (visit, asked)));
    let (visit, asked) = match visit {
        Ok(known) => known,
        Err(problem) => return page.may_read(problem),
    };
    if let Err(too_soon) = widgets.app.limits.polls.take(&visit.who(), widgets.app.engine.now()) {
        return page.may_read(too_soon.problem("Frames are asked for too often."));
    }
    let Some(line) = widgets.limits.line(&visit.who()) else { return page.may_read(crowded()) };
    // Subscribed before the first read, so that no frame is missed between them.
    let news = widgets.app.engine.news.subscribe();
    match frames(&widgets, &visit, asked.after).await {
        Ok(frames) if frames.is_empty() && asked.wait > 0 => {
            // A call on a spare connection does not wait.
            let most = if place.is_some_and(|place| place.is_spare()) { 0 } else { HOLD_MAX };
            let hold = Duration::from_secs(asked.wait.min(most));
            let held = async move {
                let _line = line;
                let frames = hold_on(&widgets, &visit, asked.after, hold, news).await;
                Ok::<_, Infallible>(Bytes::from(json!({ "frames": frames }).to_string()))
            };
            // The response head is sent immediately: the time until a response begins is limited.
            let body = Body::from_stream(futures_util::stream::once(held));
            page.may_read(([(header::CONTENT_TYPE, "application/json")], body))
        }
        Ok(frames) => page.may_read(Json(json!({ "frames": frames }))),
        Err(error) => page.may_read(unavailable(&error)),
    }
}

/// The problem for more tabs than allowed.
pub(super) fn crowded() -> Problem {
    Problem::rate_limited("Too many open pages of one visitor.", 5)
}

async fn hold_on(widgets: &Widgets, visit: &Visit, after: i64, hold: Duration, mut news: Receiver<Notification>) -> Vec<Value> {
    let arrives = async {
        while let Some(may_be_ours) = mail_for(visit, news.recv().await) {
            if may_be_ours
                && let Ok(found) = frames(widgets, visit, after).await
                && !found.is_empty()
            {
                return found;
            }
        }
        Vec::new()
    };
    tokio::select! {
        found = arrives => found,
        () = widgets.stop.cancelled() => Vec::new(),
        // The last read finds frames written by another node.
        _ = tokio::time::timeout(hold, std::future::pending::<()>()) => frames(widgets, visit, after).await.unwrap_or_default(),
    }
}

/// True if there may be frames for this visitor; `None` if the sender is gone.
pub(super) fn mail_for(visit: &Visit, news: Result<Notification, RecvError>) -> Option<bool> {
    match news {
        Ok(Notification::Mail { connection, chat }) => Some(connection == visit.connection && chat == visit.visitor),
        Ok(_) => Some(false),
        // The missed notifications may have been for this visitor.
        Err(RecvError::Lagged(_)) => Some(true),
        Err(RecvError::Closed) => None,
    }
}

/// Frames of a visitor after the position `after`.
pub(super) async fn frames(widgets: &Widgets, visit: &Visit, after: i64) -> Result<Vec<Value>, StoreError> {
    let mail = mail::after(&widgets.app.engine.db, &visit.connection, &visit.visitor, after.max(0), BACKLOG_MAX).await?;
    Ok(mail.iter().filter_map(frame).collect())
}

/// A frame as sent to the widget: the stored frame with its position, key and time.
fn frame(mail: &mail::Mail) -> Option<Value> {
    let mut frame: Value = serde_json::from_str(&mail.body).ok()?;
    let fields = frame.as_object_mut()?;
    fields.insert("seq".to_owned(), mail.seq.into());
    fields.entry("key").or_insert_with(|| mail.key.clone().into());
    fields.entry("at").or_insert_with(|| mail.put_at.into());
    Some(frame)
}

/// `POST …/frames`: accepts frames from a widget without a socket.
pub(super) async fn take_frames(
    State(widgets): State<Arc<Widgets>>,
    Path(connection): Path<ConnectionId>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let page = match Page::find(&widgets, &connection, &headers) {
        Ok(page) => page,
        Err(problem) => return problem.into_response(),
    };
    let answers = async {
        let visit = page.known(&widgets, &headers)?;
        let body = json::bytes(request).await?;
        match take(&widgets, &visit, body.to_vec()).await {
            Ok(acks) => Ok(Json(json!({ "acks": acks }))),
            Err(Refused::Unreadable(why)) => Err(Problem::new(Code::InvalidField, why)),
            Err(Refused::Busy(error)) => Err(unavailable(&error)),
            Err(Refused::TooSoon(too_soon)) => Err(too_soon.problem("Too many frames at once.")),
        }
    };
    page.may_read(answers.await)
}
