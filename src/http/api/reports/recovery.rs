//! Recovery report: how low ratings were handled, and whether in time.

use super::{Days, ReportQuery, closes};
use crate::auth::LineCaller;
use crate::problem::Problem;
use crate::query::Query;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use lastword_domain::access::api_key::Scope;
use lastword_domain::report::Part;
use lastword_domain::report::median::Median;
use lastword_domain::report::period::Period;
use lastword_life::report::replies::{Replies, replies};
use lastword_store::report::By;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// Time to the first reply.
#[derive(Debug, Serialize, ToSchema)]
pub struct FirstReplyOut {
    /// Number of low ratings with a reply.
    pub of: usize,
    /// Median, in seconds from the rating.
    pub median_secs: i64,
    /// Lower end of the 95 % interval; `null` for fewer than six replies.
    pub low_secs: Option<i64>,
    /// Upper end of the interval.
    pub high_secs: Option<i64>,
}

impl From<Median> for FirstReplyOut {
    fn from(found: Median) -> Self {
        let secs = |millis: i64| millis / 1_000;
        Self { of: found.of, median_secs: secs(found.median), low_secs: found.low.map(secs), high_secs: found.high.map(secs) }
    }
}

/// Recovery figures of a line.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineRecoveryOut {
    /// ID of the line.
    pub line: String,
    /// Name of the line.
    pub name: String,
    /// Low ratings with a reply, out of all its low ratings that are neither voided nor imported.
    pub replied: Part,
    /// Low ratings replied to or marked as resolved in time, out of those with a deadline that has passed or was met.
    pub in_time: Part,
    /// Number of low ratings that wait for a reply and are overdue.
    pub late: i64,
    /// Number of low ratings that wait for a reply and are not due yet.
    pub not_due: i64,
    /// Time to the first reply.
    pub first_reply: Option<FirstReplyOut>,
    /// Low ratings whose client was asked again, out of those with a reply.
    pub asked_again: Part,
    /// Clients who answered again, out of those asked again.
    pub answered_again: Part,
    /// Good second ratings, out of those who answered again.
    pub recovered: Part,
}

impl From<Replies> for LineRecoveryOut {
    fn from(found: Replies) -> Self {
        Self {
            line: found.line.into(),
            name: found.name,
            replied: found.replied,
            in_time: found.in_time,
            late: found.late,
            not_due: found.not_due,
            first_reply: found.first_reply.map(FirstReplyOut::from),
            asked_again: found.asked_again,
            answered_again: found.answered_again,
            recovered: found.recovered,
        }
    }
}

/// Recovery figures of all lines.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecoveryReport)]
pub struct RecoveryOut {
    /// The days of the closes.
    pub days: Days,
    /// Low ratings with a reply, out of all low ratings of these closes that are neither voided nor imported.
    pub replied: Part,
    /// Low ratings replied to or marked as resolved in time, out of those with a deadline (a line's setting) that has
    /// passed or was met.
    pub in_time: Part,
    /// Number of low ratings that wait for a reply and are overdue.
    pub late: i64,
    /// Number of low ratings that wait for a reply and are not due yet.
    pub not_due: i64,
    /// Time to the first reply.
    pub first_reply: Option<FirstReplyOut>,
    /// Low ratings whose client was asked again, out of those with a reply.
    pub asked_again: Part,
    /// Clients who answered again, out of those asked again.
    pub answered_again: Part,
    /// Good second ratings, out of those who answered again.
    pub recovered: Part,
    /// The same for each line with low ratings, by name.
    pub lines: Vec<LineRecoveryOut>,
}

/// Gets the recovery of low ratings: replied to, in time, asked again, and good
///
/// All filters but `operator` apply.
#[utoipa::path(
    get, path = "/v1/reports/recovery", operation_id = "getRecoveryReport", tag = "reports", params(ReportQuery), security(("api_key" = ["reports:read"])),
    responses((status = 200, body = RecoveryOut), (status = 422, body = Problem))
)]
pub async fn recovery(
    caller: LineCaller<{ Scope::ReportsRead as u8 }>,
    State(app): State<Arc<AppState>>,
    Query(query): Query<ReportQuery>,
) -> Result<Json<RecoveryOut>, Problem> {
    if query.operator.is_some() {
        let detail = "Recovery is not counted by operator.".to_owned();
        return Err(Problem::invalid_field("operator", detail, "Ask by line, or leave the filter out."));
    }
    let closes = closes(&app, caller.lines(), query, By::Nothing).await?;
    let (all, lines) = replies(&app.engine.db, &closes, app.engine.now()).await?;
    let all = LineRecoveryOut::from(all);
    Ok(Json(RecoveryOut {
        days: Days::of(Period { from: closes.from, until: closes.until }, &app).await?,
        replied: all.replied,
        in_time: all.in_time,
        late: all.late,
        not_due: all.not_due,
        first_reply: all.first_reply,
        asked_again: all.asked_again,
        answered_again: all.answered_again,
        recovered: all.recovered,
        lines: lines.into_iter().map(LineRecoveryOut::from).collect(),
    }))
}
