//! Connections and how they are.

use crate::domain::api_key::Scope;
use crate::http::auth::Caller;
use crate::http::doors::Doors;
use crate::http::problem::Problem;
use crate::http::timestamp::Timestamp;
use crate::life::resume_connection::resume;
use crate::store::connection::{self, ConnectionState};
use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// A configured account of a channel.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConnectionOut {
    /// Its name in the settings.
    pub name: String,
    /// The kind of channel.
    pub kind: String,
    /// Whether the settings of the node that answers have it.
    pub configured: bool,
    /// Stopped since then, because the platform says that it is broken: its deliveries wait.
    pub stopped_at: Option<Timestamp>,
    /// The platform's own words.
    pub stopped_reason: Option<String>,
    /// The platform asked for a pause until then.
    pub blocked_until: Option<Timestamp>,
    /// A node with this connection started last then.
    pub seen_at: Timestamp,
    /// Carries alerts.
    pub alerts: bool,
    /// Can ask on these scales: `binary`, `five_star`.
    pub scales: Vec<&'static str>,
}

/// All connections.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConnectionsOut {
    /// By name.
    pub items: Vec<ConnectionOut>,
}

fn shown(doors: &Doors, state: ConnectionState) -> ConnectionOut {
    let capabilities = doors.engine.channels.get(&state.name).map(|channel| channel.capabilities());
    let scales = [lastword_contract::Scale::Binary, lastword_contract::Scale::FiveStar];
    let shows = |scale: &lastword_contract::Scale| capabilities.as_ref().is_some_and(|can| can.shows(*scale));
    ConnectionOut {
        scales: scales.into_iter().filter(shows).map(lastword_contract::Scale::as_str).collect(),
        configured: capabilities.is_some(),
        alerts: capabilities.as_ref().is_some_and(|can| can.alerts),
        name: state.name,
        kind: state.kind,
        stopped_at: state.stopped_at.map(Timestamp),
        stopped_reason: state.stopped_reason,
        blocked_until: Some(state.blocked_until).filter(|&until| until > doors.engine.now()).map(Timestamp),
        seen_at: Timestamp(state.seen_at),
    }
}

/// All connections and how they are
#[utoipa::path(
    get, path = "/v1/connections", operation_id = "listConnections", tag = "connections", security(("api_key" = ["connections:read"])),
    responses((status = 200, body = ConnectionsOut))
)]
pub async fn list(_: Caller<{ Scope::ConnectionsRead as u8 }>, State(doors): State<Arc<Doors>>) -> Result<Json<ConnectionsOut>, Problem> {
    let states = connection::all(&doors.engine.db).await?;
    Ok(Json(ConnectionsOut { items: states.into_iter().map(|state| shown(&doors, state)).collect() }))
}

/// Lets a stopped connection run again
#[utoipa::path(
    post, path = "/v1/connections/{name}/resume", operation_id = "resumeConnection", tag = "connections", security(("api_key" = ["connections:write"])),
    params(("name" = String, Path, description = "The connection")),
    responses((status = 200, body = ConnectionOut), (status = 404, body = Problem))
)]
pub async fn resume_one(
    _: Caller<{ Scope::ConnectionsWrite as u8 }>,
    State(doors): State<Arc<Doors>>,
    Path(name): Path<String>,
) -> Result<Json<ConnectionOut>, Problem> {
    if !resume(&doors.engine, &name).await? {
        return Err(Problem::not_found());
    }
    let state = connection::all(&doors.engine.db).await?.into_iter().find(|state| state.name == name);
    state.map(|state| Json(shown(&doors, state))).ok_or_else(Problem::not_found)
}
