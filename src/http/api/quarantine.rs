//! Quarantine: a database that came from a copy takes everything in and sends nothing, until somebody releases it.

use crate::json::Body;
use crate::middleware::auth::Caller;
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

/// Whether anything is sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuarantineOut {
    /// Whether the database is in quarantine.
    pub quarantine: bool,
    /// Why: `backup`, `restored`, `elsewhere`, `dump`, `older` or `asleep`.
    pub cause: Option<&'static str>,
    /// What was due by then may have been sent by another life of this database.
    pub since: Option<Timestamp>,
    /// How many messages are due (counted up to 10,000).
    pub due: i64,
}

/// What becomes of what waited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WaitingIn {
    /// What was due before `cancel_before` is canceled as `restored`.
    #[default]
    Cancel,
    /// All of it is sent.
    Keep,
    /// All of it is sent: the same installation moved house, and nothing was at work in between.
    Moved,
}

/// How the database is released.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseBody {
    /// What becomes of what waited; `cancel` where nothing is said.
    #[serde(default)]
    pub waiting: WaitingIn,
    /// With `cancel`: what was due before this moment is canceled; now where nothing is said.
    pub cancel_before: Option<Timestamp>,
}

/// What was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReleasedOut {
    /// Messages that do not leave any more.
    pub canceled: u64,
    /// Updates for desks behind shared accounts that were dropped.
    pub dropped: u64,
}

/// Whether anything is sent
#[utoipa::path(
    get, path = "/v1/quarantine", operation_id = "getQuarantine", tag = "deliveries", security(("api_key" = ["deliveries:read"])),
    responses((status = 200, description = "Whether the database is in quarantine", body = QuarantineOut))
)]
pub async fn show(_: Caller<{ Scope::DeliveriesRead as u8 }>, State(app): State<Arc<AppState>>) -> Result<Json<QuarantineOut>, Problem> {
    let engine = &app.engine;
    let found = installation::quarantine(&engine.db).await?;
    let (due, _) = delivery::due(&engine.db, engine.now()).await?;
    let (cause, since) = found.unzip();
    let (cause, since) = (cause.map(|cause| cause.as_str()), since.map(Timestamp));
    Ok(Json(QuarantineOut { quarantine: found.is_some(), cause, since, due }))
}

/// Release a restored database from quarantine, so that it sends again
#[utoipa::path(
    post, path = "/v1/quarantine/release", operation_id = "releaseQuarantine", tag = "deliveries", security(("api_key" = ["admin"])),
    request_body = ReleaseBody,
    responses(
        (status = 200, description = "The database sends again", body = ReleasedOut),
        (status = 409, description = "It is not in quarantine", body = Problem),
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
