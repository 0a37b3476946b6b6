//! What all handlers share: the engine, and where callers that come together are merged into one commit.

use super::middleware::api_key_cache::ApiKeyCache;
use super::middleware::rate_limit::RateLimits;
use super::widget::site::Site;
use lastword_base::metrics::Metrics;
use lastword_base::settings::Http;
use lastword_life::Engine;
use lastword_life::answer::accept::accept_shared;
use lastword_life::answer::batch::{AcceptResult, Arrived};
use lastword_life::report::changed::KeptClaims;
use lastword_life::report::compare_operators::Comparisons;
use lastword_life::report::labelled_reports::LabelledReports;
use lastword_life::session::close::close_sessions;
use lastword_life::session::close_batch::{Close, Closed};
use lastword_store::group_commit::GroupCommit;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The most closes or answers in one commit; a longer list of one caller is not divided.
const BATCH_MAX: usize = 512;

/// The longest bodies, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct BodyMax {
    /// Of an ordinary call.
    pub ordinary: usize,
    /// Of a call with many items.
    pub batch: usize,
    /// Of a webhook.
    pub hook: usize,
}

impl BodyMax {
    /// The limits of the settings.
    pub fn of(settings: &Http) -> Self {
        Self { ordinary: settings.body_max_bytes, batch: settings.batch_body_max_bytes, hook: settings.hook_body_max_bytes }
    }
}

impl Default for BodyMax {
    fn default() -> Self {
        Self { ordinary: super::json::BODY_MAX_BYTES, batch: 4 << 20, hook: 1 << 20 }
    }
}

/// What all handlers share.
pub struct AppState {
    /// What every step needs.
    pub engine: Engine,
    /// Closes of all callers.
    pub closes: GroupCommit<Close, Closed>,
    /// What platforms tell.
    pub answers: GroupCommit<Arrived, AcceptResult>,
    /// The web chats, by connection.
    pub sites: BTreeMap<String, Arc<dyn Site>>,
    /// API keys that were right a moment ago.
    pub api_keys: ApiKeyCache,
    /// The numbers.
    pub metrics: Arc<Metrics>,
    /// The longest bodies.
    pub body_max: BodyMax,
    /// Comparisons of operators that were worked out not long ago.
    pub comparisons: Comparisons,
    /// Comparisons of many closes with the period before that were computed not long ago.
    pub claims: KeptClaims,
    /// Reports by label that were counted not long ago.
    pub labelled: LabelledReports,
    /// How often callers may call.
    pub limits: RateLimits,
}

impl fmt::Debug for AppState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppState").field("body_max", &self.body_max).finish_non_exhaustive()
    }
}

impl AppState {
    /// Starts the tasks that commit. Inside a Tokio runtime only.
    pub fn open(
        engine: &Engine,
        sites: BTreeMap<String, Arc<dyn Site>>,
        metrics: Arc<Metrics>,
        body_max: BodyMax,
        limits: RateLimits,
    ) -> Arc<Self> {
        let (workers, db) = (engine.db.writers(), engine.db.clone());
        metrics.count_commits_by(move || db.commits());
        let (steps, counted) = (engine.clone(), metrics.clone());
        let closes = GroupCommit::start(workers, BATCH_MAX, move |closes: Arc<Vec<Close>>| {
            let (engine, metrics) = (steps.clone(), counted.clone());
            Box::pin(async move {
                let kept = close_sessions(&engine, closes, engine.now()).await?;
                metrics.group_commit("closes", kept.len() as u64);
                Ok(kept)
            })
        });
        let (steps, counted) = (engine.clone(), metrics.clone());
        let answers = GroupCommit::start(workers, BATCH_MAX, move |arrived: Arc<Vec<Arrived>>| {
            let (engine, metrics) = (steps.clone(), counted.clone());
            Box::pin(async move {
                let taken = accept_shared(&engine, arrived, None, engine.now()).await?;
                metrics.group_commit("answers", taken.len() as u64);
                Ok(taken)
            })
        });
        Arc::new(Self {
            engine: engine.clone(),
            closes,
            answers,
            sites,
            api_keys: ApiKeyCache::default(),
            metrics,
            body_max,
            comparisons: Comparisons::default(),
            claims: KeptClaims::default(),
            labelled: LabelledReports::default(),
            limits,
        })
    }
}
