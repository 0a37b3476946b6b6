//! Alerts: who was told of a low rating, and who has seen it.

use super::request::fields::word;
use super::request::page::{Page, limit, page, rows};
use crate::api::openapi::words::AlertList;
use crate::json::Body;
use crate::middleware::auth::LineCaller;
use crate::path::Path;
use crate::problem::{Problem, Thing};
use crate::query::Query;
use crate::state::AppState;
use crate::timestamp::{DayOrTime, Timestamp};
use axum::Json;
use axum::extract::State;
use chrono_tz::Tz;
use lastword_domain::access::api_key::Scope;
use lastword_domain::access::rights::Lines;
use lastword_domain::alert::AlertState;
use lastword_life::alert::acknowledge::by_hand_of;
use lastword_store::alert::{self, Alert, AlertFilter, Filter};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// One low rating, or one alarm, told to one recipient.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertOut {
    /// Its id.
    pub id: String,
    /// The rating request; none of an alert about a watched share.
    pub rating_request: Option<String>,
    /// The alarm, of an alert about a watched share (`GET /v1/lines/{id}/alarms`).
    pub alarm: Option<String>,
    /// Who is told; none when there is nobody.
    pub recipient: Option<String>,
    /// 0: told at once; 1, 2 …: escalated.
    pub level: i64,
    /// `low`, `changed` (it is no longer low), `more` (the client added something), `late` (nobody replied in time), `test`, `alarm` (a
    /// watched share has fallen) or `all_clear` (it is as usual again).
    pub kind: String,
    /// The line.
    pub line: String,
    /// `raised`, `digested` (told together with others), `undeliverable` or `canceled`.
    pub state: String,
    /// Why.
    pub reason: Option<String>,
    /// The delivery that carries it.
    pub delivery: Option<String>,
    /// When it was raised.
    pub created_at: Timestamp,
    /// When the platform took its message; the time to acknowledge it counts from here.
    pub told_at: Option<Timestamp>,
    /// The recipient who could not be told, so that this one is.
    pub instead_of: Option<String>,
    /// When somebody said that they had seen it.
    pub acknowledged_at: Option<Timestamp>,
    /// Who said so.
    pub acknowledged_by: Option<String>,
    /// When it goes on to the next level.
    pub escalates_at: Option<Timestamp>,
}

impl From<Alert> for AlertOut {
    fn from(alert: Alert) -> Self {
        let (about_share, about) = (alert.kind.is_of_share(), Some(alert.request_id));
        let (alarm, rating_request) = if about_share { (about, None) } else { (None, about) };
        Self {
            id: alert.id,
            rating_request,
            alarm,
            recipient: Some(alert.recipient_id).filter(|id| !id.is_empty()),
            level: alert.level,
            kind: alert.kind.to_string(),
            line: alert.line_id,
            state: alert.state.to_string(),
            reason: alert.reason,
            delivery: alert.delivery_id,
            created_at: Timestamp(alert.created_at),
            told_at: alert.told_at.map(Timestamp),
            instead_of: alert.instead_of,
            acknowledged_at: alert.acknowledged_at.map(Timestamp),
            acknowledged_by: alert.acknowledged_by,
            escalates_at: alert.escalate_at.map(Timestamp),
        }
    }
}

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AlertsQuery {
    /// Only those of this line.
    pub line: Option<String>,
    /// Only those in this state: `raised`, `digested`, `undeliverable` or `canceled`; or `waiting` for low ratings that nobody has
    /// acknowledged.
    #[param(value_type = Option<AlertList>)]
    pub state: Option<String>,
    /// Only those to this recipient.
    pub recipient: Option<String>,
    /// Raised at or after this instant, or on or after this day (such as `2026-09-30`) of the organisation's calendar.
    #[param(value_type = Option<String>)]
    pub since: Option<DayOrTime>,
    /// Raised before this instant, or up to and including this day.
    #[param(value_type = Option<String>)]
    pub until: Option<DayOrTime>,
    /// The `next` of the page before.
    pub cursor: Option<String>,
    /// How many items, 1 to 200; 50 where nothing is said.
    pub limit: Option<u32>,
}

/// Alerts, newest first
#[utoipa::path(
    get, path = "/v1/alerts", operation_id = "listAlerts", tag = "alerts", params(AlertsQuery), security(("api_key" = ["alerts:read"])),
    responses((status = 200, body = Page<AlertOut>))
)]
pub async fn list(
    caller: LineCaller<{ Scope::AlertsRead as u8 }>,
    State(app): State<Arc<AppState>>,
    Query(query): Query<AlertsQuery>,
) -> Result<Json<Page<AlertOut>>, Problem> {
    let limit = limit(query.limit)?;
    query.line.iter().try_for_each(|line| caller.must_admit("line", line))?;
    let found =
        alert::page(&app.engine.db, &filter(app.engine.db.zone(), caller.lines(), &query)?, query.cursor.as_deref(), rows(limit)).await?;
    Ok(Json(page(found, limit, |alert| &alert.id, AlertOut::from)))
}

impl AlertList {
    /// The state of those alerts, where they all have one.
    fn state(self) -> Option<AlertState> {
        match self {
            AlertList::Raised => Some(AlertState::Raised),
            AlertList::Digested => Some(AlertState::Digested),
            AlertList::Undeliverable => Some(AlertState::Undeliverable),
            AlertList::Canceled => Some(AlertState::Canceled),
            AlertList::Waiting => None,
        }
    }
}

fn filter(zone: Tz, lines: &Lines, query: &AlertsQuery) -> Result<Filter, Problem> {
    let unknown = |word: &str| {
        let detail = format!("There is no state \"{}\".", word.chars().take(40).collect::<String>());
        Problem::invalid_field("state", detail, format!("Ask for one of {}.", AlertList::ALL.map(AlertList::as_str).join(", ")))
    };
    let listed = query.state.as_deref().map(|word| AlertList::parse(word).ok_or_else(|| unknown(word))).transpose()?;
    Ok(Filter {
        lines: lines.narrowed(query.line.as_deref()),
        shown: if listed == Some(AlertList::Waiting) { AlertFilter::Waiting } else { AlertFilter::All },
        recipient: query.recipient.clone(),
        state: listed.and_then(AlertList::state),
        since: query.since.map(|since| since.0.since(zone)),
        until: query.until.map(|until| until.0.until(zone)),
    })
}

/// Who has seen it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeBody {
    /// The person, for the record.
    pub by: String,
}

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Acknowledged {
    /// Whether it is news: false when somebody had acknowledged it before.
    pub new: bool,
}

/// Somebody has seen it
///
/// All alerts about the same rating count as seen; nothing escalates any more.
#[utoipa::path(
    post, path = "/v1/alerts/{id}/acknowledge", operation_id = "acknowledgeAlert", tag = "alerts", request_body = AcknowledgeBody, security(("api_key" = ["alerts:write"])),
    params(("id" = String, Path, description = "The alert")),
    responses((status = 200, body = Acknowledged), (status = 404, body = Problem), (status = 422, body = Problem))
)]
pub async fn acknowledge(
    caller: LineCaller<{ Scope::AlertsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
    Body(body): Body<AcknowledgeBody>,
) -> Result<Json<Acknowledged>, Problem> {
    let by = word("by", body.by)?;
    // An alert's line never changes.
    let theirs = alert::by_id(&app.engine.db, &id).await?.filter(|alert| caller.lines().admit(&alert.line_id));
    if theirs.is_none() {
        return Err(Problem::missing(Thing::Alert, &id));
    }
    let acknowledged = by_hand_of(&app.engine, Some(&caller.by()), &id, &by, app.engine.now()).await?;
    acknowledged.map(|new| Json(Acknowledged { new })).ok_or_else(|| Problem::missing(Thing::Alert, &id))
}
