//! Live updates of the page by server-sent events. After every change the content is read again and sent in full, so a page
//! that missed an event catches up with the next one.

use super::{Stage, desk, room, scene};
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use futures_util::stream::unfold;
use lastword_life::Notification;
use lastword_store::StoreError;
use serde::Serialize;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Interval;

/// Some notifications are sent just before their commit, so the content is also read periodically.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Current content of the page.
#[derive(Serialize)]
struct LiveView {
    #[serde(flatten)]
    scene: scene::Scene,
    /// The desk, if there is one.
    desk: Option<desk::scene::DeskScene>,
    /// Messages in the chat room, newest first.
    room: Vec<room::Post>,
}

async fn look(stage: &Stage) -> Result<LiveView, StoreError> {
    let desk = match stage.desk() {
        Some(desk) => Some(desk::scene::read(stage, desk).await?),
        None => None,
    };
    let room = stage.room.as_ref().map(|room| room.posts()).unwrap_or_default();
    Ok(LiveView { scene: scene::read(stage).await?, desk, room })
}

struct Watch {
    stage: Arc<Stage>,
    news: Receiver<Notification>,
    look: Interval,
    last: String,
}

pub(super) async fn watch(State(stage): State<Arc<Stage>>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    // Subscribe before the first read, so that no change is missed.
    let news = stage.engine.news.subscribe();
    let watch = Watch { stage, news, look: tokio::time::interval(LOOK_EVERY), last: String::new() };
    let stream = unfold(watch, |mut watch| async move { watch.next().await.map(|event| (Ok(event), watch)) });
    Sse::new(stream).keep_alive(KeepAlive::default())
}

impl Watch {
    /// The next content that differs from the last; `None` when the server stops.
    async fn next(&mut self) -> Option<Event> {
        loop {
            tokio::select! {
                () = self.stage.stop.cancelled() => return None,
                // Also the first read: an interval ticks immediately.
                _ = self.look.tick() => {}
                told = self.news.recv() => if matches!(told, Err(RecvError::Closed)) { return None },
            }
            // One tap causes many notifications; read once.
            while self.news.try_recv().is_ok() {}
            let scene = match look(&self.stage).await {
                Ok(scene) => serde_json::to_string(&scene).unwrap_or_default(),
                Err(error) => {
                    tracing::warn!(%error, "demo: could not read the scene");
                    continue;
                }
            };
            if scene != self.last {
                self.last = scene;
                return Some(Event::default().event("scene").data(&self.last));
            }
        }
    }
}
