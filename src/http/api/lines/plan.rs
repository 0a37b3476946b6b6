//! Dry run of a line over past closes.

use crate::api::request::page::limit;
use crate::auth::LineCaller;
use crate::path::Path;
use crate::problem::{Problem, Thing};
use crate::query::Query;
use crate::state::AppState;
use crate::timestamp::{DayOrTime, Timestamp};
use axum::Json;
use axum::extract::State;
use lastword_domain::access::api_key::Scope;
use lastword_life::admin::dry_run::{Planned, Summary, plan_line};
use lastword_store::line;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Period and size of a dry run.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PlanQuery {
    /// Closed at or after this time, or on or after this day (such as `2026-09-30`) in the organisation's time zone.
    #[param(value_type = String)]
    pub from: DayOrTime,
    /// Closed before this time, or up to and including this day; default: now.
    #[param(value_type = Option<String>)]
    pub until: Option<DayOrTime>,
    /// Maximum number of closes listed, newest first, 1 to 200; default 50. The summary covers all of them.
    pub limit: Option<u32>,
}

/// What would have happened to a close.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlannedClose)]
pub struct PlannedOut {
    /// Source of the session.
    pub source: String,
    /// ID of the session.
    pub session: String,
    /// Number of the close within the session, starting at 1.
    pub close: i64,
    /// Time of the close.
    pub closed_at: Timestamp,
    /// `in_time`, `early`, `template`, `fallback` or `window_unknown` (the window may be open); `null` if the client would
    /// not be asked.
    pub way: Option<&'static str>,
    /// Connection that would send the question.
    pub asked_through: Option<String>,
    /// Time the question would be sent.
    pub due_at: Option<Timestamp>,
    /// Time the reminder would be sent.
    pub reminder_at: Option<Timestamp>,
    /// Reason why the client would not be asked.
    pub reason: Option<&'static str>,
    /// Number of the line's ask rule that matches, starting at 1.
    pub rule: Option<usize>,
}

impl From<Planned> for PlannedOut {
    fn from(planned: Planned) -> Self {
        Self {
            source: planned.source.into(),
            session: planned.session.into(),
            close: planned.close,
            closed_at: Timestamp(planned.closed_at),
            way: planned.way,
            asked_through: planned.asked_through.map(String::from),
            due_at: planned.due_at.map(Timestamp),
            reminder_at: planned.reminder_at.map(Timestamp),
            reason: planned.reason,
            rule: planned.rule,
        }
    }
}

/// Result of a dry run.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinePlanOut {
    /// ID of the line.
    pub line: String,
    /// Version of the settings used.
    pub line_version: i64,
    /// Closed at or after.
    pub from: Timestamp,
    /// Closed before.
    pub until: Timestamp,
    /// Number of closes per result.
    pub summary: Summary,
    /// True if there were more closes than a dry run reads; the later ones are not included anywhere.
    pub truncated: bool,
    /// The newest closes.
    pub items: Vec<PlannedOut>,
}

/// Plans questions for past closes
///
/// Decides again about past closes, from the facts stored with each, as if the line were on. Nothing is sent.
#[utoipa::path(
    get, path = "/v1/lines/{id}/plan", operation_id = "planLine", tag = "lines", security(("api_key" = ["lines:read"])),
    params(("id" = String, Path, description = "The line"), PlanQuery),
    responses((status = 200, body = LinePlanOut), (status = 404, body = Problem), (status = 422, body = Problem))
)]
pub async fn plan(
    caller: LineCaller<{ Scope::LinesRead as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
    Query(query): Query<PlanQuery>,
) -> Result<Json<LinePlanOut>, Problem> {
    let shown = limit(query.limit)?;
    let zone = app.engine.db.zone();
    let until = query.until.map_or(app.engine.now(), |until| until.0.until(zone));
    let (from, until) = (Timestamp(query.from.0.since(zone)), Timestamp(until));
    if until <= from {
        return Err(Problem::invalid_field("until", "until is not after from.", "Send a later time, or leave it out to mean now."));
    }
    let line = line::find(&app.engine.db, &id.as_str().into())
        .await?
        .filter(|line| caller.lines().admit(&line.id))
        .ok_or_else(|| Problem::missing(Thing::Line, &id))?;
    let plan = plan_line(&app.engine, &line.id, &line.settings, from.0, until.0).await?;
    let items = plan.closes.into_iter().rev().take(shown).map(PlannedOut::from).collect();
    let (summary, truncated) = (plan.summary, plan.truncated);
    Ok(Json(LinePlanOut { line: line.id.into(), line_version: line.version, from, until, summary, truncated, items }))
}
