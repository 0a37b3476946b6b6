//! Connections and their health.

pub mod managed;
pub mod replay;

use crate::auth::Caller;
use crate::path::Path;
use crate::problem::{Problem, Thing};
use crate::state::AppState;
use crate::timestamp::Timestamp;
use axum::Json;
use axum::extract::State;
use lastword_base::names::ConnectionId;
use lastword_domain::access::api_key::Scope;
use lastword_domain::connection::pause;
use lastword_domain::connection::refusals::Refusals;
use lastword_life::connection::resume::resume;
use lastword_life::records::refused_call::refusals;
use lastword_store::connection::forward_outbox::{self, DeskState};
use lastword_store::connection::{self, ConnectionState};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;

/// A configured account of a channel.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConnectionOut {
    /// Name in the settings.
    pub name: String,
    /// Kind of channel.
    pub kind: String,
    /// True if the settings of the responding node contain the connection.
    pub configured: bool,
    /// Time it was stopped because the platform reported it as broken. Its deliveries wait.
    pub stopped_at: Option<Timestamp>,
    /// Reason given by the platform.
    pub stopped_reason: Option<String>,
    /// Time since which nothing can be received: another program fetches its updates, or the platform no longer calls the webhook.
    pub deaf_at: Option<Timestamp>,
    /// Reason, from the platform or from us.
    pub deaf_reason: Option<String>,
    /// Time something was last received, or a fetch last succeeded.
    pub heard_at: Option<Timestamp>,
    /// Time recipients were notified of the problem, through another connection.
    pub notified_at: Option<Timestamp>,
    /// End of a pause that the platform asked for.
    pub blocked_until: Option<Timestamp>,
    /// Problems that need attention, as sentences, such as a long pause asked for by the platform, or calls refused since the last
    /// accepted one.
    pub warnings: Vec<String>,
    /// Time a node with this connection last started.
    pub seen_at: Timestamp,
    /// True if it can carry alerts.
    pub alerts: bool,
    /// Scales on which it can ask: `binary`, `five_star`.
    pub scales: Vec<&'static str>,
    /// Backlog for the desk behind the connection, if updates that are not ours are passed on to one.
    pub pass_on: Option<PassOnOut>,
}

/// The desk behind a connection.
#[derive(Debug, Serialize, ToSchema)]
pub struct PassOnOut {
    /// Number of requests waiting for the desk.
    pub backlog: i64,
    /// Time the oldest of them was received.
    pub oldest_at: Option<Timestamp>,
    /// Number of consecutive failures of the oldest request.
    pub failures: i64,
    /// Time of the next attempt after a failure.
    pub next_try_at: Option<Timestamp>,
    /// Last error: the status returned by the desk, or the transport error.
    pub last_error: Option<String>,
    /// Time of the last error.
    pub last_error_at: Option<Timestamp>,
    /// Time the desk last accepted a request.
    pub last_passed_at: Option<Timestamp>,
    /// Number of requests that were dropped because they became too old.
    pub dropped: i64,
    /// Time of the last drop.
    pub last_dropped_at: Option<Timestamp>,
}

fn pass_on_shown(desk: Option<DeskState>) -> PassOnOut {
    let desk = desk.unwrap_or_default();
    PassOnOut {
        backlog: desk.backlog,
        oldest_at: desk.oldest_at.map(Timestamp),
        failures: desk.failures,
        next_try_at: Some(desk.next_try_at).filter(|_| desk.failures > 0).map(Timestamp),
        last_error: desk.error,
        last_error_at: desk.failed_at.map(Timestamp),
        last_passed_at: desk.passed_at.map(Timestamp),
        dropped: desk.dropped,
        last_dropped_at: desk.dropped_at.map(Timestamp),
    }
}

/// All connections.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConnectionsOut {
    /// The connections, by name.
    pub items: Vec<ConnectionOut>,
}

fn shown(app: &AppState, state: ConnectionState, desks: &mut Vec<DeskState>, refused: &BTreeMap<ConnectionId, Refusals>) -> ConnectionOut {
    let place = desks.iter().position(|desk| desk.connection == state.name);
    let desk = place.map(|place| desks.swap_remove(place));
    let shared = app.engine.channels.desk(&state.name).is_some() || desk.as_ref().is_some_and(|desk| desk.backlog > 0);

    let capabilities = app.engine.channels.get(&state.name).map(|channel| channel.capabilities());
    let scales = [lastword_contract::Scale::Binary, lastword_contract::Scale::FiveStar];
    let shows = |scale: &lastword_contract::Scale| capabilities.as_ref().is_some_and(|can| can.shows(*scale));
    let now = app.engine.now();
    let warning = state.waits_until(now).map(|until| pause::warning(&state.name, until, now, app.engine.options.time_zone));
    let refused = refused.get(&state.name).and_then(|refusals| Some((refusals.sentence()?, &refusals.cause)));
    let refused = refused.map(|(said, cause)| format!("Connection {}: {said}; the last one: {cause}.", state.name));
    ConnectionOut {
        warnings: warning.into_iter().chain(refused).collect(),
        scales: scales.into_iter().filter(shows).map(lastword_contract::Scale::as_str).collect(),
        configured: capabilities.is_some(),
        alerts: capabilities.as_ref().is_some_and(|can| can.alerts),
        name: state.name.into(),
        kind: state.kind,
        stopped_reason: state.stopped_reason.filter(|_| state.stopped_at.is_some()),
        stopped_at: state.stopped_at.map(Timestamp),
        deaf_at: state.deaf_at.map(Timestamp),
        deaf_reason: state.deaf_reason,
        heard_at: state.heard_at.map(Timestamp),
        notified_at: state.notified_at.map(Timestamp),
        blocked_until: Some(state.blocked_until).filter(|&until| until > now).map(Timestamp),
        seen_at: Timestamp(state.seen_at),
        pass_on: shared.then(|| pass_on_shown(desk)),
    }
}

/// Lists all connections and their health
#[utoipa::path(
    get, path = "/v1/connections", operation_id = "listConnections", tag = "connections", security(("api_key" = ["connections:read"])),
    responses((status = 200, body = ConnectionsOut))
)]
pub async fn list(_: Caller<{ Scope::ConnectionsRead as u8 }>, State(app): State<Arc<AppState>>) -> Result<Json<ConnectionsOut>, Problem> {
    let states = connection::all(&app.engine.db).await?;
    let mut desks = forward_outbox::desks(&app.engine.db).await?;
    let refused = refusals(&app.engine.db, &states, app.engine.now()).await?;
    Ok(Json(ConnectionsOut { items: states.into_iter().map(|state| shown(&app, state, &mut desks, &refused)).collect() }))
}

/// Resumes a stopped connection
#[utoipa::path(
    post, path = "/v1/connections/{name}/resume", operation_id = "resumeConnection", tag = "connections", security(("api_key" = ["connections:write"])),
    params(("name" = String, Path, description = "The connection")),
    responses((status = 200, body = ConnectionOut), (status = 404, body = Problem))
)]
pub async fn resume_one(
    caller: Caller<{ Scope::ConnectionsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(name): Path<ConnectionId>,
) -> Result<Json<ConnectionOut>, Problem> {
    if !resume(&app.engine, &caller.by(), &name, app.engine.now()).await? {
        return Err(Problem::missing(Thing::Connection, name.as_str()));
    }
    let state = connection::all(&app.engine.db).await?.into_iter().find(|state| state.name == name);
    let mut desks = forward_outbox::desks(&app.engine.db).await?;
    let state = state.ok_or_else(|| Problem::missing(Thing::Connection, name.as_str()))?;
    let refused = refusals(&app.engine.db, std::slice::from_ref(&state), app.engine.now()).await?;
    Ok(Json(shown(&app, state, &mut desks, &refused)))
}
