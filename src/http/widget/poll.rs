//! Long polling, for networks that break sockets; and reading the mailbox, for both ways.

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
use lastword_life::Notification;
use lastword_store::StoreError;
use lastword_store::session::mail;
use serde::Deserialize;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::{Receiver, error::RecvError};

/// The longest hold: proxies cut silent calls after thirty seconds, or later.
const HOLD_MAX: u64 = 25;

/// The question of a poll or of a socket. Who asks is said in a header: what stands in an address, proxies write down.
#[derive(Deserialize)]
pub(super) struct PollQuery {
    #[serde(default)]
    pub(super) after: i64,
    /// Seconds to wait for a frame when none is there.
    #[serde(default)]
    wait: u64,
}

/// `GET …/frames`: the frames after `after`, waiting for one if there is none.
pub(super) async fn wait_for_frames(
    State(widgets): State<Arc<Widgets>>,
    Path(connection): Path<String>,
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
    // Heard before the first look, so that nothing falls between.
    let news = widgets.app.engine.news.subscribe();
    match frames(&widgets, &visit, asked.after).await {
        Ok(frames) if frames.is_empty() && asked.wait > 0 => {
            // A place that is spare is not held on to.
            let most = if place.is_some_and(|place| place.is_spare()) { 0 } else { HOLD_MAX };
            let hold = Duration::from_secs(asked.wait.min(most));
            let held = async move {
                let _line = line;
                let frames = hold_on(&widgets, &visit, asked.after, hold, news).await;
                Ok::<_, Infallible>(Bytes::from(json!({ "frames": frames }).to_string()))
            };
            // The head goes at once: a call may take only so long to begin its answer.
            let body = Body::from_stream(futures_util::stream::once(held));
            page.may_read(([(header::CONTENT_TYPE, "application/json")], body))
        }
        Ok(frames) => page.may_read(Json(json!({ "frames": frames }))),
        Err(error) => page.may_read(unavailable(&error)),
    }
}

/// More tabs than a person has.
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
        // The last look is for frames that another node put there.
        _ = tokio::time::timeout(hold, std::future::pending::<()>()) => frames(widgets, visit, after).await.unwrap_or_default(),
    }
}

/// Whether there may be mail for this visitor. `None` when nobody speaks any more.
pub(super) fn mail_for(visit: &Visit, news: Result<Notification, RecvError>) -> Option<bool> {
    match news {
        Ok(Notification::Mail { connection, chat }) => Some(connection == visit.connection && chat == visit.visitor),
        Ok(_) => Some(false),
        // What was missed may have been ours.
        Err(RecvError::Lagged(_)) => Some(true),
        Err(RecvError::Closed) => None,
    }
}

/// The frames of a visitor after the place `after`.
pub(super) async fn frames(widgets: &Widgets, visit: &Visit, after: i64) -> Result<Vec<Value>, StoreError> {
    let mail = mail::after(&widgets.app.engine.db, &visit.connection, &visit.visitor, after.max(0), BACKLOG_MAX).await?;
    Ok(mail.iter().filter_map(frame).collect())
}

/// A frame as the widget knows it: what the mailbox keeps, with its place, its key and its time.
fn frame(mail: &mail::Mail) -> Option<Value> {
    let mut frame: Value = serde_json::from_str(&mail.body).ok()?;
    let fields = frame.as_object_mut()?;
    fields.insert("seq".to_owned(), mail.seq.into());
    fields.entry("key").or_insert_with(|| mail.key.clone().into());
    fields.entry("at").or_insert_with(|| mail.put_at.into());
    Some(frame)
}

/// `POST …/frames`: frames from a widget without a socket.
pub(super) async fn take_frames(
    State(widgets): State<Arc<Widgets>>,
    Path(connection): Path<String>,
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
