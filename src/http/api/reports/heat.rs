//! Heat report: closes by weekday and hour.

use super::query::{ReportQuery, closes};
use super::{Days, days};
use crate::auth::LineCaller;
use crate::problem::Problem;
use crate::query::Query;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use lastword_domain::access::api_key::Scope;
use lastword_domain::report::Part;
use lastword_domain::report::rule::Rule;
use lastword_life::report;
use lastword_store::report::{By, hours};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// Closes in one hour of the week.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HeatHour)]
pub struct HourOut {
    /// Day of the week: 1 for Monday to 7 for Sunday.
    pub weekday: i64,
    /// Hour of the day, 0 to 23.
    pub hour: i64,
    /// Number of closes.
    pub closes: i64,
    /// Answered questions out of delivered ones whose time for an answer has passed.
    pub response: Part,
    /// Good ratings out of all ratings, without voided ones.
    pub score: Part,
    /// Number of bad ratings, without voided ones.
    pub bad: i64,
}

/// Closes by weekday and hour.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HeatReport)]
pub struct HeatOut {
    /// The days.
    pub days: Days,
    /// The rules for good, neutral and bad.
    pub rules: Vec<Rule>,
    /// The hours that have closes.
    pub hours: Vec<HourOut>,
}

/// Gets closes by weekday and hour
#[utoipa::path(
    get, path = "/v1/reports/heat", operation_id = "getHeatReport", tag = "reports", params(ReportQuery), security(("api_key" = ["reports:read"])),
    responses((status = 200, body = HeatOut), (status = 422, body = Problem))
)]
pub async fn heat(
    caller: LineCaller<{ Scope::ReportsRead as u8 }>,
    State(app): State<Arc<AppState>>,
    Query(query): Query<ReportQuery>,
) -> Result<Json<HeatOut>, Problem> {
    let closes = closes(&app, caller.lines(), query, By::Nothing).await?;
    let found = hours(&app.engine.db, &closes).await?.into_iter().map(|hour| HourOut {
        weekday: hour.weekday + 1,
        hour: hour.hour,
        closes: hour.closes,
        response: Part::new(hour.answered_over, hour.over),
        score: Part::new(hour.good, hour.rated),
        bad: hour.bad,
    });
    let rules = report::rules_of(&app.engine.db, &closes).await?;
    Ok(Json(HeatOut { days: days(&app, &closes, By::Nothing).await?, rules, hours: found.collect() }))
}
