//! Past events of a connection, sent again.

use crate::auth::Caller;
use crate::json::Body;
use crate::path::Path;
use crate::problem::{Code, Problem, Thing};
use crate::state::AppState;
use crate::timestamp::DayOrTime;
use axum::Json;
use axum::extract::State;
use lastword_base::names::ConnectionId;
use lastword_domain::access::api_key::Scope;
use lastword_life::admin::replay_events::replay;
use lastword_store::connection;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// The events to send again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplayBody {
    /// Events created at or after this time, or on or after this day (such as `2026-09-30`) in the organisation's time zone.
    #[schema(value_type = String, format = "day-or-time")]
    pub from: DayOrTime,
}

/// The result.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EventsReplayed)]
pub struct Replayed {
    /// Number of events that will be sent again.
    pub events: usize,
}

/// Sends a receiver its past events again
///
/// For a receiver that was rebuilt or lost data. All events since a time are sent again in their order, each with a new `webhook-id`, so the receiver
/// treats them as new. Events that were not sent yet, and earlier repeats, are not repeated.
#[utoipa::path(
    post, path = "/v1/connections/{name}/replay", operation_id = "replayEvents", tag = "connections", security(("api_key" = ["deliveries:write"])),
    params(("name" = String, Path, description = "The connection")),
    request_body = ReplayBody,
    responses(
        (status = 200, body = Replayed),
        (status = 404, body = Problem),
        (status = 409, description = "The connection carries no events", body = Problem),
    )
)]
pub async fn replay_events(
    caller: Caller<{ Scope::DeliveriesWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(name): Path<ConnectionId>,
    Body(body): Body<ReplayBody>,
) -> Result<Json<Replayed>, Problem> {
    let engine = &app.engine;
    match engine.channels.get(&name) {
        Some(channel) if channel.capabilities().events => {}
        Some(_) => return Err(Problem::new(Code::Conflict, "This connection carries no events.").remedy("Name one of the kind webhook.")),
        None if connection::all(&engine.db).await?.iter().any(|state| state.name == name) => {
            return Err(Problem::new(Code::Conflict, "No channel of this connection runs here.").remedy("Start it, or ask another node."));
        }
        None => return Err(Problem::missing(Thing::Connection, name.as_str())),
    }
    let events = replay(engine, &caller.by(), &name, body.from.0.since(engine.db.zone()), engine.now()).await?;
    Ok(Json(Replayed { events }))
}
