//! A connection as its card shows it: state, capabilities, waiting messages.

use crate::Pages;
use crate::frame::Frame;
use crate::frame::changes::said;
use crate::lines::part;
use lastword_life::engine::adapters::NotRunning;
use lastword_store::StoreError;
use lastword_store::connection::forward_outbox::{self, DeskState};
use lastword_store::connection::{self, ConnectionState, stored};
use lastword_store::question::delivery_list::{self, Waiting};

/// States, worst first.
const ORDER: [&str; 10] = ["locked", "unusable", "stopped", "deaf", "behind", "paused", "suspended", "overruled", "works", "gone"];

/// Content of a card.
pub(super) struct Shown {
    pub(super) state: ConnectionState,
    /// Name of its kind.
    pub(super) kind: String,
    /// Address of its page.
    pub(super) address: String,
    pub(super) health: &'static str,
    /// Reason why its settings cannot be used.
    pub(super) unusable: String,
    pub(super) waiting: Waiting,
    /// Its limit of calls per second, if we have one, with bursts of up to `burst`.
    pub(super) per_second: Option<f64>,
    pub(super) burst: u32,
    pub(super) asks: Vec<String>,
    pub(super) alerts: bool,
    pub(super) desk: Option<DeskState>,
    pub(super) blocked: Option<i64>,
    pub(super) served: Option<i64>,
    /// Time when a node last started with it. Imported and made-up closes may name a connection that no node ever had.
    pub(super) started: Option<i64>,
    pub(super) hook: Option<String>,
    /// True if it comes from the settings file or the environment of this node.
    pub(super) configured: bool,
}

/// State of a connection as a word; the worst one that applies.
fn health(state: &ConnectionState, runs: bool, why: Option<&NotRunning>, waiting: &Waiting, now: i64) -> &'static str {
    match why {
        Some(NotRunning::Locked) => return "locked",
        Some(NotRunning::Unusable(_)) => return "unusable",
        Some(NotRunning::Overruled) => return "overruled",
        None => {}
    }
    if state.suspended_at.is_some() {
        "suspended"
    } else if state.stopped_at.is_some() {
        "stopped"
    } else if !runs {
        "gone"
    } else if state.deaf_at.is_some() {
        "deaf"
    } else if state.blocked_until > now {
        "paused"
    } else if waiting.since.is_some_and(|since| now - since > 60_000) {
        "behind"
    } else {
        "works"
    }
}

/// All known connections, worst state first. `host` is the browser's `Host` header.
pub(super) async fn all(pages: &Pages, page: &Frame, host: Option<&str>) -> Result<Vec<Shown>, StoreError> {
    let engine = &pages.app.engine;
    let now = engine.now();
    let (mut desks, waiting) = (forward_outbox::desks(&engine.db).await?, delivery_list::waiting(&engine.db, now).await?);
    let made = stored::all(&engine.db).await?;
    let mut states = connection::all(&engine.db).await?;
    // A connection that no node could start yet has no row of its own.
    let missing: Vec<_> = made.iter().filter(|made| !states.iter().any(|state| state.name == made.name)).collect();
    states.extend(missing.into_iter().map(|made| ConnectionState::unseen(&made.name, &made.kind)));
    let mut all: Vec<Shown> = Vec::new();
    for state in states {
        let channel = engine.channels.get(&state.name);
        let can = channel.as_ref().map(|channel| channel.capabilities()).unwrap_or_default();
        let waiting = waiting.iter().find(|waiting| waiting.connection == state.name).cloned().unwrap_or_default();
        let place = desks.iter().position(|desk| desk.connection == state.name);
        let desk = place.map(|place| desks.swap_remove(place));
        let shared = engine.channels.desk(&state.name).is_some() || desk.as_ref().is_some_and(|desk| desk.backlog > 0);
        let scales = [(can.binary, "line-scale-binary"), (can.five_star, "line-scale-five-star")];
        let is_desk = engine.desks.get(&state.name).is_some();
        let hears = channel.as_ref().is_some_and(|channel| !channel.listens() && (can.free_text || is_desk));
        // The widget delivers messages of visitors.
        let hears = hears && pages.app.sites.get(state.name.as_str()).is_none();
        let why = engine.adapters.not_running(&state.name);
        all.push(Shown {
            health: health(&state, channel.is_some(), why.as_ref(), &waiting, now),
            unusable: if let Some(NotRunning::Unusable(words)) = why { words } else { String::new() },
            kind: said(page, &format!("connection-kind-{}", state.kind.replace('_', "-"))).unwrap_or_else(|| state.kind.clone()),
            address: address(state.name.as_str()),
            asks: scales.iter().filter(|(can, _)| *can).map(|(_, key)| page.t(key)).collect(),
            per_second: Some(can.rate.per_second).filter(|rate| *rate > 0.0),
            burst: can.rate.burst,
            alerts: can.alerts,
            desk: shared.then(|| desk.unwrap_or_default()),
            blocked: Some(state.blocked_until).filter(|until| *until > now),
            served: Some(state.last_served_at).filter(|at| *at > 0),
            started: Some(state.seen_at).filter(|at| *at > 0),
            hook: hears.then(|| pages.link(&format!("/hooks/{}", state.name), host)),
            configured: engine.adapters.is_configured(&state.name),
            waiting,
            state,
        });
    }
    all.sort_by_key(|shown| ORDER.iter().position(|word| *word == shown.health));
    Ok(all)
}

/// Address of the page of a connection.
pub(super) fn address(name: &str) -> String {
    format!("/connections/{}", part(name))
}
