//! Recovery: what became of low ratings that somebody worked on.

use super::{Days, ReportQuery, closes};
use crate::domain::access::api_key::Scope;
use crate::domain::report::Part;
use crate::domain::report::period::Period;
use crate::http::middleware::auth::LineCaller;
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::http::state::AppState;
use crate::store::review;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// What became of low ratings that were replied to.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecoveryOut {
    /// The days of the closes.
    pub days: Days,
    /// Of all low ratings of these closes that are not voided: those that were replied to.
    pub replied: Part,
    /// Of those: whose clients were asked once more.
    pub asked_again: Part,
    /// Of those: who answered.
    pub answered_again: Part,
    /// Of those: whose second rating is good.
    pub recovered: Part,
}

/// What became of low ratings: replied to, asked once more, and good
#[utoipa::path(
    get, path = "/v1/reports/recovery", operation_id = "getRecoveryReport", tag = "reports", params(ReportQuery), security(("api_key" = ["reports:read"])),
    responses((status = 200, body = RecoveryOut), (status = 422, body = Problem))
)]
pub async fn recovery(
    caller: LineCaller<{ Scope::ReportsRead as u8 }>,
    State(app): State<Arc<AppState>>,
    Query(query): Query<ReportQuery>,
) -> Result<Json<RecoveryOut>, Problem> {
    for (field, filter) in [("operator", &query.operator), ("channel", &query.channel), ("scale", &query.scale)] {
        if filter.is_some() {
            let detail = format!("Recovery is not counted by {field}.");
            return Err(Problem::invalid_field(field, detail, "Ask by line, or leave the filter out."));
        }
    }
    let closes = closes(&app, caller.lines(), query).await?;
    let (db, zone) = (&app.engine.db, app.engine.db.zone());
    let bad = crate::life::report::summary(db, &closes).await?.report.score.adjusted.bad;
    let found = review::recovery(db, caller.lines(), closes.line.as_deref(), closes.from.start(zone), closes.until.start(zone)).await?;
    Ok(Json(RecoveryOut {
        days: Days::of(Period { from: closes.from, until: closes.until }, &app),
        replied: Part::new(found.replied, bad),
        asked_again: Part::new(found.asked_again, found.replied),
        answered_again: Part::new(found.answered_again, found.asked_again),
        recovered: Part::new(found.recovered, found.answered_again),
    }))
}
