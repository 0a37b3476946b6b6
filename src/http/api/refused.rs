//! Recently refused calls of desks and platforms with their bodies: what was lost and why.

use super::request::page::{Page, limit, rows};
use crate::auth::LineCaller;
use crate::json::hash;
use crate::problem::Problem;
use crate::query::Query;
use crate::state::AppState;
use crate::timestamp::Timestamp;
use axum::Json;
use axum::extract::State;
use lastword_domain::access::api_key::Scope;
use lastword_life::access::admit_program::Program;
use lastword_life::records::refused_call::keep_refused;
use lastword_store::records::refused_call::{self, CallDetails, RefusedCall};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Counts a refused call and stores its body. Calls that the desk retries on its own are skipped: the fault is ours, or the
/// call came too soon. The response waits for at most one commit and does not fail if storing does.
pub(super) async fn note(app: &AppState, program: &Program, call: &'static str, refused: &[(&Problem, &[u8])]) {
    let now = app.engine.now();
    let mut kept = Vec::new();
    for (problem, words) in refused.iter().filter(|(problem, _)| problem.status != 429 && problem.status < 500) {
        let code = problem.code.word();
        app.metrics.call_refused(call, &code);
        if app.limits.refusals.take(program.id.to_string().as_str(), now).is_err() {
            continue;
        }
        let told = CallDetails {
            key: program.name.clone(),
            call: call.to_owned(),
            status: problem.status,
            code,
            field: problem.field.clone(),
            detail: problem.detail.clone(),
            words: String::from_utf8_lossy(words).into_owned(),
        };
        kept.push(RefusedCall { key_id: program.id.to_string(), hash: hash(words), at: now, told });
    }
    if let Err(error) = keep_refused(&app.engine, kept).await {
        tracing::warn!(%error, call, "could not store the bodies of refused calls");
    }
}

/// A refused call.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefusedCallOut {
    /// Time it was last sent.
    pub at: Timestamp,
    /// Name of the key that sent it.
    pub key: String,
    /// The call, such as `POST /v1/sessions/close`.
    pub call: String,
    /// The HTTP status.
    pub status: u16,
    /// Error code of the problem.
    pub code: String,
    /// The invalid field.
    pub field: Option<String>,
    /// What was wrong.
    pub detail: String,
    /// Your request body, cut after 4,000 characters.
    pub words: String,
}

impl From<RefusedCall> for RefusedCallOut {
    fn from(refused: RefusedCall) -> Self {
        let CallDetails { key, call, status, code, field, detail, words } = refused.told;
        Self { at: Timestamp(refused.at), key, call, status, code, field, detail, words }
    }
}

/// Page of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RefusedCallsQuery {
    /// `next` of the previous page.
    pub cursor: Option<Timestamp>,
    /// Maximum number of items, 1 to 200; default 50.
    pub limit: Option<u32>,
}

/// Lists refused calls of desks and platforms, newest first
///
/// Refused closes and other events of this key; with the scope `admin`, of all keys and of all connections. Contains the last thousand of the last
/// 30 days, each once however often it was sent.
#[utoipa::path(
    get, path = "/v1/refused-calls", operation_id = "listRefusedCalls", tag = "sessions", params(RefusedCallsQuery), security(("api_key" = ["sessions:write"])),
    responses((status = 200, body = Page<RefusedCallOut>))
)]
pub async fn list(
    caller: LineCaller<{ Scope::SessionsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Query(query): Query<RefusedCallsQuery>,
) -> Result<Json<Page<RefusedCallOut>>, Problem> {
    let limit = limit(query.limit)?;
    let program = caller.program();
    let everything = program.scopes.contains(&Scope::Admin) && *caller.lines() == lastword_domain::access::rights::Lines::All;
    let own = (!everything).then(|| program.id.to_string());
    let before = query.cursor.map_or(i64::MAX, |cursor| cursor.0);
    let mut found = refused_call::page(&app.engine.db, own.as_deref(), before, rows(limit)).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|last| Timestamp(last.at).to_string());
    Ok(Json(Page { items: found.into_iter().map(RefusedCallOut::from).collect(), next }))
}
