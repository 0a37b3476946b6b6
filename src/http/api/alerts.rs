//! Alerts about low ratings and alarms: listing and acknowledging.

use super::request::fields::word;
use super::request::page::{Page, cursor, limit, page, rows};
use crate::api::openapi::words::AlertList;
use crate::auth::LineCaller;
use crate::json::Body;
use crate::path::PathId;
use crate::problem::{Problem, Thing};
use crate::query::Query;
use crate::state::AppState;
use crate::timestamp::{DayOrTime, Timestamp};
use axum::Json;
use axum::extract::State;
use chrono_tz::Tz;
use lastword_base::names::{AlertId, LineId};
use lastword_domain::access::api_key::Scope;
use lastword_domain::access::rights::Lines;
use lastword_domain::alert::AlertState;
use lastword_life::alert::acknowledge::by_hand_of;
use lastword_store::alert::{self, Alert, AlertFilter, Filter};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// An alert about one low rating or one alarm, for one recipient.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertOut {
    /// ID of the alert.
    pub id: String,
    /// The rating request; `null` for an alert about an alarm.
    pub rating_request: Option<String>,
    /// The alarm (`GET /v1/lines/{id}/alarms`); `null` for an alert about a rating.
    pub alarm: Option<String>,
    /// ID of the recipient; `null` if there is none to notify.
    pub recipient: Option<String>,
    /// Escalation level: 0 is the first notification, 1 and above are escalations.
    pub level: i64,
    /// `low`, `changed` (the rating is no longer low), `more` (the client added something), `late` (no reply before the
    /// deadline), `test`, `alarm` (a watched share has fallen) or `all_clear` (the share is back to normal).
    pub kind: String,
    /// ID of the line.
    pub line: String,
    /// `raised`, `digested` (sent in a digest with other alerts), `undeliverable` or `canceled`.
    pub state: String,
    /// Reason for the state.
    pub reason: Option<String>,
    /// ID of the delivery that carries the alert.
    pub delivery: Option<String>,
    /// Time the alert was raised.
    pub created_at: Timestamp,
    /// Time the platform accepted the message. The acknowledgement timeout starts here.
    pub sent_at: Option<Timestamp>,
    /// ID of the recipient who could not be reached and is replaced by this one.
    pub instead_of: Option<String>,
    /// Time the alert was acknowledged.
    pub acknowledged_at: Option<Timestamp>,
    /// Person who acknowledged it.
    pub acknowledged_by: Option<String>,
    /// Time the alert escalates to the next level.
    pub escalates_at: Option<Timestamp>,
}

impl From<Alert> for AlertOut {
    fn from(alert: Alert) -> Self {
        let (about_share, about) = (alert.kind.is_of_share(), Some(alert.request_id));
        let (alarm, rating_request) = if about_share { (about, None) } else { (None, about) };
        Self {
            id: alert.id.to_string(),
            rating_request: rating_request.map(|id| id.to_string()),
            alarm: alarm.map(|id| id.to_string()),
            recipient: Some(alert.recipient_id).filter(|id| !id.is_empty()),
            level: alert.level,
            kind: alert.kind.to_string(),
            line: alert.line_id.into(),
            state: alert.state.to_string(),
            reason: alert.reason,
            delivery: alert.delivery_id.map(|id| id.to_string()),
            created_at: Timestamp(alert.created_at),
            sent_at: alert.sent_at.map(Timestamp),
            instead_of: alert.instead_of,
            acknowledged_at: alert.acknowledged_at.map(Timestamp),
            acknowledged_by: alert.acknowledged_by,
            escalates_at: alert.escalate_at.map(Timestamp),
        }
    }
}

/// Filter and page of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AlertsQuery {
    /// Only alerts of this line.
    pub line: Option<String>,
    /// Only alerts in this state: `raised`, `digested`, `undeliverable` or `canceled`; or `waiting` for low ratings that
    /// are not acknowledged.
    #[param(value_type = Option<AlertList>)]
    pub state: Option<String>,
    /// Only alerts for this recipient.
    pub recipient: Option<String>,
    /// Raised at or after this time, or on or after this day (such as `2026-09-30`) in the organisation's time zone.
    #[param(value_type = Option<String>)]
    pub from: Option<DayOrTime>,
    /// Raised before this time, or up to and including this day.
    #[param(value_type = Option<String>)]
    pub until: Option<DayOrTime>,
    /// `next` of the previous page.
    pub cursor: Option<String>,
    /// Maximum number of items, 1 to 200; default 50.
    pub limit: Option<u32>,
}

/// Lists alerts, newest first
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
    let found = alert::page(
        &app.engine.db,
        &filter(app.engine.db.zone(), caller.lines(), &query)?,
        cursor(query.cursor.as_deref(), |sent| sent.parse().ok())?,
        rows(limit),
    )
    .await?;
    Ok(Json(page(found, limit, |alert| alert.id.to_string(), AlertOut::from)))
}

impl AlertList {
    /// The state of the listed alerts; `None` if they can differ.
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
        lines: lines.narrowed(query.line.as_deref().map(LineId::from).as_ref()),
        shown: if listed == Some(AlertList::Waiting) { AlertFilter::Waiting } else { AlertFilter::All },
        recipient: query.recipient.clone(),
        state: listed.and_then(AlertList::state),
        since: query.from.map(|from| from.0.since(zone)),
        until: query.until.map(|until| until.0.until(zone)),
    })
}

/// The person who acknowledges an alert.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeBody {
    /// Name of the person, stored with the alert.
    pub by: String,
}

/// Result of an acknowledgement.
#[derive(Debug, Serialize, ToSchema)]
pub struct Acknowledged {
    /// True if this call acknowledged the alert; false if it was already acknowledged.
    pub new: bool,
}

/// Acknowledges an alert
///
/// Acknowledges all alerts about the same rating and stops their escalation.
#[utoipa::path(
    post, path = "/v1/alerts/{id}/acknowledge", operation_id = "acknowledgeAlert", tag = "alerts", request_body = AcknowledgeBody, security(("api_key" = ["alerts:write"])),
    params(("id" = String, Path, description = "The alert")),
    responses((status = 200, body = Acknowledged), (status = 404, body = Problem), (status = 422, body = Problem))
)]
pub async fn acknowledge(
    caller: LineCaller<{ Scope::AlertsWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    PathId(id): PathId<AlertId>,
    Body(body): Body<AcknowledgeBody>,
) -> Result<Json<Acknowledged>, Problem> {
    let by = word("by", body.by)?;
    // Checked before the write: the line of an alert never changes.
    let theirs = alert::by_id(&app.engine.db, id).await?.filter(|alert| caller.lines().admit(&alert.line_id));
    if theirs.is_none() {
        return Err(Problem::missing(Thing::Alert, id));
    }
    let acknowledged = by_hand_of(&app.engine, Some(&caller.by()), id, &by, app.engine.now()).await?;
    acknowledged.map(|new| Json(Acknowledged { new })).ok_or_else(|| Problem::missing(Thing::Alert, id))
}
