//! A dry run of a line over closes that have been.

use crate::api::request::page::limit;
use crate::middleware::auth::LineCaller;
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

/// Which closes a dry run looks at.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PlanQuery {
    /// Closed at or after this instant, or on or after this day (such as `2026-09-30`) of the organisation's calendar.
    #[param(value_type = String)]
    pub since: DayOrTime,
    /// Closed before this instant, or up to and including this day; default: now.
    #[param(value_type = Option<String>)]
    pub until: Option<DayOrTime>,
    /// How many of the newest closes are listed, 1 to 200; 50 where nothing is said. The summary is of all.
    pub limit: Option<u32>,
}

/// What would have become of one close.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlannedOut {
    /// Who told of the session.
    pub source: String,
    /// The session.
    pub session: String,
    /// Which close of the session, from 1.
    pub close: i64,
    /// When it was closed.
    pub closed_at: Timestamp,
    /// `in_time`, `early`, `template`, `fallback` or `window_unknown` (on the chance that the window is open); none when it would not be asked about.
    pub way: Option<&'static str>,
    /// The connection through which it would be asked.
    pub through: Option<String>,
    /// When the question would leave.
    pub due_at: Option<Timestamp>,
    /// When the reminder would leave.
    pub reminder_at: Option<Timestamp>,
    /// Why it would not be asked about.
    pub reason: Option<&'static str>,
    /// The number of the line's ask rule that fits, from 1.
    pub rule: Option<usize>,
}

impl From<Planned> for PlannedOut {
    fn from(planned: Planned) -> Self {
        Self {
            source: planned.source,
            session: planned.session,
            close: planned.close,
            closed_at: Timestamp(planned.closed_at),
            way: planned.way,
            through: planned.through,
            due_at: planned.due_at.map(Timestamp),
            reminder_at: planned.reminder_at.map(Timestamp),
            reason: planned.reason,
            rule: planned.rule,
        }
    }
}

/// A dry run.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinePlanOut {
    /// The line.
    pub line: String,
    /// The version of its settings that decided.
    pub line_version: i64,
    /// Closed at or after.
    pub since: Timestamp,
    /// Closed before.
    pub until: Timestamp,
    /// How many closes would have gone each way.
    pub summary: Summary,
    /// There were more closes than one dry run looks at: the later ones are left out of all this.
    pub truncated: bool,
    /// The newest of them.
    pub items: Vec<PlannedOut>,
}

/// What a line would have asked
///
/// Decides anew about past closes, from the facts kept at each of them, as if the line were on. Nothing is sent.
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
    let (since, until) = (Timestamp(query.since.0.since(zone)), Timestamp(until));
    if until <= since {
        return Err(Problem::invalid_field("until", "until is not after since.", "Send a later time, or leave it out to mean now."));
    }
    let line = line::find(&app.engine.db, &id)
        .await?
        .filter(|line| caller.lines().admit(&line.id))
        .ok_or_else(|| Problem::missing(Thing::Line, &id))?;
    let plan = plan_line(&app.engine, &line.id, &line.settings, since.0, until.0).await?;
    let items = plan.closes.into_iter().rev().take(shown).map(PlannedOut::from).collect();
    let (summary, truncated) = (plan.summary, plan.truncated);
    Ok(Json(LinePlanOut { line: line.id, line_version: line.version, since, until, summary, truncated, items }))
}
