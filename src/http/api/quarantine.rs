//! Quarantine: a database that came from a copy accepts everything and sends nothing until it is released.

use crate::auth::Caller;
use crate::json::Body;
use crate::problem::{Code, Problem};
use crate::state::AppState;
use crate::timestamp::Timestamp;
use axum::Json;
use axum::extract::State;
use lastword_domain::access::api_key::Scope;
use lastword_life::records::release_quarantine::{Waiting, release};
use lastword_store::question::delivery;
use lastword_store::records::installation;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// Quarantine state of the database.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuarantineOut {
    /// True if the database is in quarantine.
    pub quarantine: bool,
    /// Cause: `backup`, `restored`, `elsewhere`, `dump`, `older` or `asleep`.
    pub cause: Option<&'static str>,
    /// Messages due before this time may have been sent by another copy of this database.
    pub since: Option<Timestamp>,
    /// Number of messages that are due, counted up to 10,000.
    pub due: i64,
}

/// What to do with waiting messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WaitingIn {
    /// Cancel messages due before `cancel_before`, with the reason `restored`.
    #[default]
    Cancel,
    /// Send all of them.
    Keep,
    /// Send all of them: the same installation was moved, and nothing ran in between.
    Moved,
}

/// How to release the database.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseBody {
    /// What to do with waiting messages; default `cancel`.
    #[serde(default)]
    pub waiting: WaitingIn,
    /// With `cancel`: messages due before this time are canceled; default: now.
    pub cancel_before: Option<Timestamp>,
}

/// Result of a release.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QuarantineReleased)]
pub struct ReleasedOut {
    /// Number of canceled messages.
    pub canceled: u64,
    /// Number of dropped updates for desks behind shared accounts.
    pub dropped: u64,
}

/// Gets the quarantine state
#[utoipa::path(
    get, path = "/v1/quarantine", operation_id = "getQuarantine", tag = "deliveries", security(("api_key" = ["deliveries:read"])),
    responses((status = 200, description = "Quarantine state of the database", body = QuarantineOut))
)]
pub async fn show(_: Caller<{ Scope::DeliveriesRead as u8 }>, State(app): State<Arc<AppState>>) -> Result<Json<QuarantineOut>, Problem> {
    let engine = &app.engine;
    let found = installation::quarantine(&engine.db).await?;
    let (due, _) = delivery::due(&engine.db, engine.now()).await?;
    let (cause, since) = found.unzip();
    let (cause, since) = (cause.map(|cause| cause.as_str()), since.map(Timestamp));
    Ok(Json(QuarantineOut { quarantine: found.is_some(), cause, since, due }))
}

/// Releases a database from quarantine, so that it sends again
#[utoipa::path(
    post, path = "/v1/quarantine/release", operation_id = "releaseQuarantine", tag = "deliveries", security(("api_key" = ["admin"])),
    request_body = ReleaseBody,
    responses(
        (status = 200, description = "The database sends again", body = ReleasedOut),
        (status = 409, description = "The database is not in quarantine", body = Problem),
    )
)]
pub async fn free(
    caller: Caller<{ Scope::Admin as u8 }>,
    State(app): State<Arc<AppState>>,
    Body(body): Body<ReleaseBody>,
) -> Result<Json<ReleasedOut>, Problem> {
    let engine = &app.engine;
    let now = engine.now();
    let waiting = match body.waiting {
        WaitingIn::Cancel => Waiting::CancelBefore(body.cancel_before.map_or(now, |at| at.0)),
        WaitingIn::Keep => Waiting::Keep,
        WaitingIn::Moved => Waiting::Moved,
    };
    match release(engine, &caller.by(), waiting, now).await? {
        Some(done) => Ok(Json(ReleasedOut { canceled: done.canceled, dropped: done.dropped })),
        None => Err(Problem::new(Code::Conflict, "The database is not in quarantine.")),
    }
}
