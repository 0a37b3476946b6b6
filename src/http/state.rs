//! State shared by all handlers: the engine, and group commits that merge concurrent callers into one transaction.

use super::middleware::api_key_cache::ApiKeyCache;
use super::middleware::rate_limit::RateLimits;
use crate::site::Sites;
use lastword_base::metrics::Metrics;
use lastword_base::settings::Http;
use lastword_life::Engine;
use lastword_life::answer::accept::accept_shared;
use lastword_life::facts::inbound::{AcceptResult, Arrived};
use lastword_life::report::changed::KeptClaims;
use lastword_life::report::compare_operators::Comparisons;
use lastword_life::report::labelled_reports::LabelledReports;
use lastword_life::report::low_reasons::KeptReasons;
use lastword_life::session::close::close_sessions;
use lastword_life::session::close_batch::{Close, Closed};
use lastword_store::group_commit::GroupCommit;
use std::fmt;
use std::sync::Arc;

/// Maximum number of closes or answers in one commit; a longer list from one caller is not split.
const BATCH_MAX: usize = 512;

/// Maximum body sizes in bytes.
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
    /// The limits from the settings.
    pub fn of(settings: &Http) -> Self {
        Self { ordinary: settings.body_max_bytes, batch: settings.batch_body_max_bytes, hook: settings.hook_body_max_bytes }
    }
}

impl Default for BodyMax {
    fn default() -> Self {
        Self { ordinary: super::json::BODY_MAX_BYTES, batch: 4 << 20, hook: 1 << 20 }
    }
}

/// State shared by all handlers.
pub struct AppState {
    /// Dependencies of all steps.
    pub engine: Engine,
    /// Group commit of closes.
    pub closes: GroupCommit<Close, Closed>,
    /// Group commit of events from platforms.
    pub answers: GroupCommit<Arrived, AcceptResult>,
    /// The web chats, by connection.
    pub sites: Arc<Sites>,
    /// Cache of valid API keys.
    pub api_keys: ApiKeyCache,
    /// Metrics.
    pub metrics: Arc<Metrics>,
    /// Maximum body sizes.
    pub body_max: BodyMax,
    /// Cache of comparisons of operators.
    pub comparisons: Comparisons,
    /// Cache of comparisons with the previous period.
    pub claims: KeptClaims,
    /// Cache of reasons for low ratings.
    pub reasons: KeptReasons,
    /// Cache of reports by label.
    pub labelled: LabelledReports,
    /// Rate limits.
    pub limits: RateLimits,
}

impl fmt::Debug for AppState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppState").field("body_max", &self.body_max).finish_non_exhaustive()
    }
}

impl AppState {
    /// Creates the state and starts the group commit tasks. Requires a Tokio runtime.
    pub fn open(engine: &Engine, sites: Arc<Sites>, metrics: Arc<Metrics>, body_max: BodyMax, limits: RateLimits) -> Arc<Self> {
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
            reasons: KeptReasons::default(),
            labelled: LabelledReports::default(),
            limits,
        })
    }
}
