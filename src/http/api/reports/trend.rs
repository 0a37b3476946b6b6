//! Trend report: figures by day, week or month.

use super::query::{ReportQuery, TrendQuery, closes};
use super::{Days, days};
use crate::auth::LineCaller;
use crate::problem::Problem;
use crate::query::Query;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use lastword_domain::access::api_key::Scope;
use lastword_domain::report::period::{POINTS_MAX, Period, Step};
use lastword_domain::report::rule::Rule;
use lastword_domain::report::{Part, Report};
use lastword_life::report;
use lastword_life::report::timeline::rolling_line;
use lastword_store::report::By;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// A step of a trend.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrendPoint)]
pub struct PointOut {
    /// First day of the step.
    pub from: String,
    /// Last day of the step.
    pub until: String,
    /// The figures.
    pub report: Report,
    /// Good ratings out of all ratings in the `rolling_days` up to its last day, without voided ones; `null` for fewer than 30 ratings.
    pub rolling: Option<Part>,
}

/// Figures by step.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrendReport)]
pub struct TrendOut {
    /// The days.
    pub days: Days,
    /// The rules for good, neutral and bad.
    pub rules: Vec<Rule>,
    /// The step.
    pub step: Step,
    /// Number of days that `rolling` covers: three steps of the smallest size with enough answers. `null` if no step has
    /// enough, and for periods of more than 800 days.
    pub rolling_days: Option<usize>,
    /// The steps, oldest first, including those without closes. The first and the last may be partial.
    pub points: Vec<PointOut>,
}

/// Gets the figures by day, week or month
#[utoipa::path(
    get, path = "/v1/reports/trend", operation_id = "getTrendReport", tag = "reports", params(TrendQuery), security(("api_key" = ["reports:read"])),
    responses((status = 200, body = TrendOut), (status = 422, body = Problem))
)]
pub async fn trend(
    caller: LineCaller<{ Scope::ReportsRead as u8 }>,
    State(app): State<Arc<AppState>>,
    Query(query): Query<TrendQuery>,
) -> Result<Json<TrendOut>, Problem> {
    let TrendQuery { from, until, line, operator, channel, scale, handled_by, label, step } = query;
    let closes =
        closes(&app, caller.lines(), ReportQuery { from, until, line, operator, channel, scale, handled_by, label }, By::Nothing).await?;
    let step = match step.as_deref() {
        None => Step::of(Period { from: closes.from, until: closes.until }),
        Some("day") => Step::Day,
        Some("week") => Step::Week,
        Some("month") => Step::Month,
        Some(other) => {
            let detail = format!("There is no step \"{}\".", other.chars().take(40).collect::<String>());
            return Err(Problem::invalid_field("step", detail, "Ask for day, week or month."));
        }
    };
    let points = report::trend(&app.engine.db, &closes, step).await?.ok_or_else(|| {
        let detail = format!("These days would be more than {POINTS_MAX} points.");
        Problem::invalid_field("step", detail, "Ask for week or month, or for a shorter period.")
    })?;
    let line = rolling_line(&app.engine.db, &closes).await?;
    let point = |point: report::Point| PointOut {
        rolling: line.as_ref().and_then(|line| line.before(point.period.until)).map(|rolling| Part::from(rolling.good)),
        from: point.period.from.to_string(),
        until: point.period.last_day().to_string(),
        report: point.report,
    };
    let rules = report::rules_of(&app.engine.db, &closes).await?;
    let rolling_days = line.as_ref().map(|line| line.window);
    Ok(Json(TrendOut {
        days: days(&app, &closes, By::Nothing).await?,
        rules,
        step,
        rolling_days,
        points: points.into_iter().map(point).collect(),
    }))
}
