//! Stores what a listening channel fetched: by the same step as for a webhook, with the cursor in the same commit.

use crate::life::Engine;
use crate::life::answer::accept::accept;
use crate::life::engine::channels::DeskBehind;
use crate::life::facts::inbound::Arrived;
use crate::names::ConnectionId;
use crate::time::{Millis, wait};
use async_trait::async_trait;
use lastword_contract::{Channel, DeskHook, Fetched, Intake, IntakeError, RawRequest, SendError};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// The intake of one connection.
pub struct EngineIntake {
    engine: Engine,
    connection: ConnectionId,
    desk: Option<Arc<DeskBehind>>,
    stop: CancellationToken,
}

/// Maximum pause after a channel's listener failed.
const PAUSE_MAX: Millis = 60_000;

impl EngineIntake {
    /// Listens on the connection `name`, if its channel fetches, until `stop`.
    pub fn listen_on(engine: &Engine, name: &ConnectionId, stop: &CancellationToken) -> Option<tokio::task::JoinHandle<()>> {
        let channel = engine.channels.get(name).filter(|channel| channel.listens())?;
        let (engine, connection, stop) = (engine.clone(), name.to_owned(), stop.clone());
        let desk = engine.channels.desk(name);
        let intake = Self { engine, connection, desk, stop };
        Some(tokio::spawn(async move { intake.listen(channel).await }))
    }

    async fn listen(self, channel: Arc<dyn Channel>) {
        let mut pause = 1_000;
        while !self.stop.is_cancelled() {
            let started_at = self.engine.now();
            let cursor = match self.cursor().await {
                Ok(cursor) => cursor,
                Err(error) => {
                    tracing::warn!(connection = self.connection.as_str(), %error, "listening: could not read the cursor");
                    None
                }
            };
            if let Err(error) = channel.listen(&self, cursor).await {
                tracing::warn!(
                    connection = self.connection.as_str(),
                    kind = error.kind,
                    detail = error.detail,
                    "listening failed; trying again"
                );
                self.engine.hearing.deaf(&self.connection, &error.to_string(), self.engine.now());
            }
            if self.stop.is_cancelled() {
                break;
            }
            pause = if self.engine.now() - started_at > PAUSE_MAX { 1_000 } else { (pause * 2).min(PAUSE_MAX) };
            tokio::select! { () = wait(pause) => {}, () = self.stop.cancelled() => {} }
        }
    }

    async fn cursor(&self) -> Result<Option<String>, crate::store::StoreError> {
        let all = crate::store::connection::all(&self.engine.db).await?;
        Ok(all.into_iter().find(|state| state.name == self.connection).and_then(|state| state.cursor))
    }
}

#[async_trait]
impl Intake for EngineIntake {
    async fn take(&self, events: Vec<Fetched>, cursor: String) -> Result<(), IntakeError> {
        // Events of one update are forwarded to the desk as one request.
        let mut last: Option<Arc<RawRequest>> = None;
        let arrived = events.into_iter().map(|Fetched { inbound, as_posted }| {
            let came = as_posted.map(|posted| match &last {
                Some(same) if same.body == posted.body => same.clone(),
                _ => Arc::new(posted),
            });
            last.clone_from(&came);
            Arrived { connection: self.connection.clone(), inbound, body_hash: String::new(), came, form: None }
        });
        let cursor = Some((self.connection.clone(), cursor));
        let taken =
            accept(&self.engine, arrived.collect(), cursor, self.engine.now()).await.map_err(|error| IntakeError(error.to_string()))?;
        if let Some(channel) = self.engine.channels.get(&self.connection) {
            for (press_id, word) in taken.into_iter().filter_map(|taken| taken.acknowledge) {
                let channel = channel.clone();
                tokio::spawn(async move { channel.acknowledge(&press_id, &word).await });
            }
        }
        Ok(())
    }

    fn alive(&self) {
        self.engine.hearing.heard(&self.connection, self.engine.now());
    }

    fn failing(&self, error: &SendError) {
        self.engine.hearing.failed(&self.connection, error.to_string(), self.engine.now());
    }

    fn desk(&self) -> Option<DeskHook<'_>> {
        let desk = self.desk.as_ref()?;
        Some(DeskHook { secret: desk.secret.and_then(|setting| desk.value_of(setting)) })
    }

    async fn stopped(&self) {
        self.stop.cancelled().await;
    }

    fn now(&self) -> Millis {
        self.engine.now()
    }
}
