//! Report of reasons for low ratings, compared with the previous period, by line, operator, channel or step.

use super::query::{ReasonsQuery, ReportQuery, closes};
use super::{Days, days};
use crate::auth::LineCaller;
use crate::problem::Problem;
use crate::query::Query;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use lastword_domain::access::api_key::Scope;
use lastword_domain::report::low_reasons::LowReasons;
use lastword_domain::report::period::{POINTS_MAX, Step};
use lastword_life::report::low_reasons::{Labels, Row, by_group, by_step};
use lastword_store::report::{By, Closes};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;

/// Maximum number of groups shown; those with most low ratings are shown.
const GROUPS_MAX: usize = 200;

/// Reasons for low ratings in a group.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReasonGroupOut {
    /// ID or kind of the group, empty for closes without one; for a step, its first day.
    pub id: String,
    /// Name, if known.
    pub name: Option<String>,
    /// For a step: the day after its last day.
    pub until: Option<String>,
    /// The reasons, without a comparison.
    pub reasons: LowReasons,
}

/// Reasons for low ratings.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReasonsReport)]
pub struct ReasonsOut {
    /// The days.
    pub days: Days,
    /// The previous period, used for the comparison.
    pub previous: Option<Days>,
    /// Texts of the codes: the line's wording in its language if the report is about one line, otherwise English.
    pub texts: BTreeMap<String, String>,
    /// The reasons.
    pub reasons: LowReasons,
    /// True if lines are left out of the changes, because other scores counted as low there in the previous period.
    pub definition_changed: bool,
    /// The lines, operators or channels with low ratings, most first; or the steps, oldest first.
    pub groups: Vec<ReasonGroupOut>,
    /// Number of groups with fewer low ratings that are left out.
    pub left_off: usize,
}

/// Gets the reasons for low ratings, compared with the previous period
///
/// Counts low ratings (by the line's rule at the answer) that are not voided, each reason once per rating. Reasons chosen
/// by clients (`chosen`) are a share of the low ratings whose client chose at least one reason. Reasons found in comments
/// by keyword rules (`tagged`) are a share of the low ratings whose comment was matched against rules. The two are never
/// added up. Changes are found by exact tests whose error of 5 % is shared by all reasons. `GET
/// /v1/ratings?grade=bad&voided=false&chosen=CODE` lists the ratings behind a number.
#[utoipa::path(
    get, path = "/v1/reports/reasons", operation_id = "getReasonsReport", tag = "reports", params(ReasonsQuery), security(("api_key" = ["reports:read"])),
    responses((status = 200, body = ReasonsOut), (status = 422, body = Problem))
)]
pub async fn reasons(
    caller: LineCaller<{ Scope::ReportsRead as u8 }>,
    State(app): State<Arc<AppState>>,
    Query(query): Query<ReasonsQuery>,
) -> Result<Json<ReasonsOut>, Problem> {
    let ReasonsQuery { from, until, line, operator, channel, scale, handled_by, label, by } = query;
    let closes =
        closes(&app, caller.lines(), ReportQuery { from, until, line, operator, channel, scale, handled_by, label }, By::Nothing).await?;
    let db = &app.engine.db;
    let (reasons, before) = (*app.reasons.of(db, &closes, app.engine.now()).await?).clone();
    let (rows, all) = rows(&app, &closes, by.as_deref()).await?;
    let labels = Labels::of(db, &closes).await?;
    let language = closes.line.as_ref().and(labels.language()).unwrap_or("en");
    let codes = rows.iter().map(|row| &row.reasons).chain([&reasons]).flat_map(|reasons| &reasons.items);
    let texts = codes.map(|item| (item.code.clone(), labels.label(language, &item.code))).collect();
    let left_off = all - rows.len();
    let group = |row: Row| ReasonGroupOut {
        id: row.period.map_or(row.id, |period| period.from.to_string()),
        name: row.name,
        until: row.period.map(|period| period.last_day().to_string()),
        reasons: row.reasons,
    };
    let groups = rows.into_iter().map(group).collect();
    let days = days(&app, &closes, By::Nothing).await?;
    let previous = before.map(|before| days.at(before));
    Ok(Json(ReasonsOut { previous, days, texts, definition_changed: reasons.redefined, reasons, groups, left_off }))
}

async fn rows(app: &AppState, closes: &Closes, by: Option<&str>) -> Result<(Vec<Row>, usize), Problem> {
    let db = &app.engine.db;
    let step = match by {
        None => return Ok((Vec::new(), 0)),
        Some("operator") => return Ok(by_group(db, closes, By::Operator, GROUPS_MAX).await?),
        Some("line") => return Ok(by_group(db, closes, By::Line, GROUPS_MAX).await?),
        Some("channel") => return Ok(by_group(db, closes, By::Channel, GROUPS_MAX).await?),
        Some("handled_by") => return Ok(by_group(db, closes, By::HandledBy, GROUPS_MAX).await?),
        Some("label") => return Ok(by_group(db, closes, By::Label, GROUPS_MAX).await?),
        Some("day") => Step::Day,
        Some("week") => Step::Week,
        Some("month") => Step::Month,
        Some(other) => {
            let detail = format!("\"{}\" is nothing to split by.", other.chars().take(40).collect::<String>());
            return Err(Problem::invalid_field("by", detail, "Ask for operator, line, channel, handled_by, label, day, week or month."));
        }
    };
    let rows = by_step(db, closes, step).await?.ok_or_else(|| {
        let detail = format!("These days would be more than {POINTS_MAX} steps.");
        Problem::invalid_field("by", detail, "Ask for week or month, or for a shorter period.")
    })?;
    let all = rows.len();
    Ok((rows, all))
}
