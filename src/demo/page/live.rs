//! The page's live part: server-sent events. Whenever something happened, the scene is read again; what is sent is the
//! scene as it is, so a page that missed something catches up with the next event.

use super::{Stage, desk, scene};
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

/// Some news is told a moment before its commit: the scene is looked at again anyway.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Everything that the page shows at one moment.
#[derive(Serialize)]
struct LiveView {
    #[serde(flatten)]
    scene: scene::Scene,
    /// The desk, where there is one.
    desk: Option<desk::scene::DeskScene>,
}

async fn look(stage: &Stage) -> Result<LiveView, StoreError> {
    let desk = match stage.desk() {
        Some(desk) => Some(desk::scene::read(stage, desk).await?),
        None => None,
    };
    Ok(LiveView { scene: scene::read(stage).await?, desk })
}

struct Watch {
    stage: Arc<Stage>,
    news: Receiver<Notification>,
    look: Interval,
    last: String,
}

pub(super) async fn watch(State(stage): State<Arc<Stage>>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    // Heard before the first look, so that nothing falls between.
    let news = stage.engine.news.subscribe();
    let watch = Watch { stage, news, look: tokio::time::interval(LOOK_EVERY), last: String::new() };
    let stream = unfold(watch, |mut watch| async move { watch.next().await.map(|event| (Ok(event), watch)) });
    Sse::new(stream).keep_alive(KeepAlive::default())
}

impl Watch {
    /// The next scene that differs from the last; `None` when the server stops.
    async fn next(&mut self) -> Option<Event> {
        loop {
            tokio::select! {
                () = self.stage.stop.cancelled() => return None,
                // Also the first look: an interval ticks at once.
                _ = self.look.tick() => {}
                told = self.news.recv() => if matches!(told, Err(RecvError::Closed)) { return None },
            }
            // One tap is many pieces of news, and one look.
            while self.news.try_recv().is_ok() {}
            let scene = match look(&self.stage).await {
                Ok(scene) => serde_json::to_string(&scene).unwrap_or_default(),
                Err(error) => {
                    tracing::warn!(%error, "demo: the scene could not be read");
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
