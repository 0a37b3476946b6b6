//! Watched shares of a line, and alarms about them.

use crate::auth::LineCaller;
use crate::json::Body;
use crate::path::Path;
use crate::problem::{Problem, Thing};
use crate::state::AppState;
use crate::timestamp::Timestamp;
use axum::Json;
use axum::extract::State;
use lastword_domain::access::api_key::Scope;
use lastword_domain::report::watch::{AlarmEnd, Watched, matures_after};
use lastword_life::report::watch::learn::{Anew, look};
use lastword_store::line::{self, Line};
use lastword_store::report::alarm::{self, ShareAlarm};
use lastword_store::report::watch::{self, ShareWatch};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// Maximum number of alarms listed.
const ALARMS: i64 = 50;
/// Maximum number of chats listed per alarm.
const CHATS: i64 = 100;

/// The baseline of a watched share, and the false alarm rate it guarantees.
#[derive(Debug, Serialize, ToSchema)]
pub struct BaselineOut {
    /// Time the baseline was learnt. It is valid for a year, unless the question or its scale is changed.
    pub learnt_at: Timestamp,
    /// Upper end (90 %) of the usual share of bad cases, in percent. The interval widens as the shares of single days vary more.
    pub usual_percent: f64,
    /// Lower end of the usual share. The distance between both ends shows how certain the baseline is.
    pub usual_low_percent: f64,
    /// Minimum average number of cases between two false alarms, while nothing changes and days differ as before. All watched shares of
    /// the installation together raise at most twelve false alarms a year, and one alone at most one.
    pub cases_between_false_alarms: i64,
    /// Added to the sum by a bad case.
    pub adds: i64,
    /// Subtracted from the sum by any other case; the sum does not fall below zero.
    pub takes: i64,
    /// Sum at which the alarm is raised.
    pub limit: i64,
    /// Current sum.
    pub sum: i64,
}

/// A watched share.
#[derive(Debug, Serialize, ToSchema)]
pub struct WatchOut {
    /// Kind of channel; empty if unknown.
    pub channel: String,
    /// `score` (low ratings), `response` (questions not answered within a day of the close, or before they expire) or
    /// `delivery` (questions that did not arrive).
    pub share: Watched,
    /// Number of clients from which the baseline was or can be learnt; for `delivery`, number of questions. At least 500 are needed.
    pub clients: i64,
    /// Number of cases; a client counts once a week.
    pub cases: i64,
    /// Number of bad cases.
    pub bad: i64,
    /// Number of days with these cases; at least 14 are needed.
    pub days: i64,
    /// The baseline; `null` if there is too little data, and then no alarm is raised.
    pub baseline: Option<BaselineOut>,
    /// ID of the active alarm.
    pub alarm: Option<String>,
}

/// An alarm.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlarmOut {
    /// ID of the alarm.
    pub id: String,
    /// Kind of channel; empty if unknown.
    pub channel: String,
    /// The share that fell.
    pub share: Watched,
    /// Time the alarm was raised.
    pub raised_at: Timestamp,
    /// Time of the first case that contributed.
    pub first_case_at: Timestamp,
    /// Time of the last case that contributed.
    pub last_case_at: Timestamp,
    /// Number of cases.
    pub cases: i64,
    /// Number of bad cases.
    pub bad: i64,
    /// Upper end of the usual share of bad cases, in percent.
    pub usual_percent: f64,
    /// Time the alarm ended; `null` while it is active.
    pub ended_at: Option<Timestamp>,
    /// How the alarm ended.
    pub end_reason: Option<AlarmEnd>,
    /// Rating requests of the newest chats that contributed, at most 100.
    pub rating_requests: Vec<String>,
}

/// Watched shares of a line, and its alarms.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlarmsOut {
    /// The watched shares, by channel.
    pub watches: Vec<WatchOut>,
    /// The alarms, newest first, at most 50.
    pub alarms: Vec<AlarmOut>,
    /// The reason why no alarm can be raised; present while no share has a baseline.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub note: Option<&'static str>,
}

/// The reason why no alarm can be raised; `None` as soon as a share has a baseline.
fn note(watches: &[WatchOut]) -> Option<&'static str> {
    match watches {
        [] => Some(
            "Nothing is watched yet: channels appear here within six hours of their first closes, and raise alarms once 500 clients \
             (of delivery: 500 questions) of the last 180 days give a baseline.",
        ),
        some if some.iter().all(|watch| watch.baseline.is_none()) => Some(
            "No share has a baseline yet, so no alarm can be raised: 500 clients (of delivery: 500 questions) of the last 180 days are \
             needed on a channel; clients and cases say how many there are.",
        ),
        _ => None,
    }
}

/// Converts millionths to percent.
fn percent(millionths: i64) -> f64 {
    millionths as f64 / 10_000.0
}

impl From<ShareWatch> for WatchOut {
    fn from(watch: ShareWatch) -> Self {
        let baseline = watch.learnt_at.map(|learnt_at| BaselineOut {
            learnt_at: Timestamp(learnt_at),
            usual_percent: percent(watch.usual),
            usual_low_percent: percent(watch.usual_low),
            cases_between_false_alarms: watch.promise,
            adds: watch.adds,
            takes: watch.takes,
            limit: watch.sum_limit,
            sum: watch.sum,
        });
        let ShareWatch { channel, kind: share, clients, cases, bad, days, alarm_id: alarm, .. } = watch;
        Self { channel, share, clients, cases, bad, days, baseline, alarm: alarm.map(|id| id.to_string()) }
    }
}

fn shown(alarm: ShareAlarm, rating_requests: Vec<String>) -> AlarmOut {
    AlarmOut {
        id: alarm.id.to_string(),
        channel: alarm.channel,
        share: alarm.kind,
        raised_at: Timestamp(alarm.raised_at),
        first_case_at: Timestamp(alarm.from_at),
        last_case_at: Timestamp(alarm.until_at),
        cases: alarm.cases,
        bad: alarm.bad,
        usual_percent: percent(alarm.usual),
        ended_at: alarm.ended_at.map(Timestamp),
        end_reason: alarm.end_reason,
        rating_requests,
    }
}

async fn of(app: &AppState, line: &Line) -> Result<AlarmsOut, Problem> {
    let db = &app.engine.db;
    let watches: Vec<WatchOut> = watch::all(db, Some(&line.id)).await?.into_iter().map(WatchOut::from).collect();
    let mut alarms = Vec::new();
    for found in alarm::of_line(db, &line.id, ALARMS).await? {
        let chats = alarm::behind(db, &found, matures_after(&line.settings), CHATS).await?;
        alarms.push(shown(found, chats.into_iter().map(|chat| chat.rating_request).collect()));
    }
    let note = note(&watches);
    Ok(AlarmsOut { watches, alarms, note })
}

async fn theirs(app: &AppState, lines: &lastword_domain::access::rights::Lines, id: &str) -> Result<Line, Problem> {
    let found = line::find(&app.engine.db, &id.into()).await?.filter(|line| lines.admit(&line.id));
    found.ok_or_else(|| Problem::missing(Thing::Line, id))
}

/// Gets the watched shares of a line and its alarms
///
/// Three shares are watched per channel, case by case: low ratings, questions without an answer, and questions that did not
/// arrive. While nothing changes, all watched shares of the installation together raise at most about twelve false alarms a
/// year.
#[utoipa::path(
    get, path = "/v1/lines/{id}/alarms", operation_id = "getLineAlarms", tag = "lines", security(("api_key" = ["lines:read"])),
    params(("id" = String, Path, description = "The line")),
    responses((status = 200, body = AlarmsOut), (status = 404, body = Problem))
)]
pub async fn show(
    caller: LineCaller<{ Scope::LinesRead as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<Json<AlarmsOut>, Problem> {
    let line = theirs(&app, caller.lines(), &id).await?;
    Ok(Json(of(&app, &line).await?))
}

/// The share whose baseline is to be learnt again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LearnBody {
    /// Kind of channel, as listed.
    pub channel: String,
    /// The share.
    pub share: Watched,
}

/// Learns a baseline again
///
/// Uses the last 180 days, but nothing from before the question was last changed. An active alarm ends.
#[utoipa::path(
    post, path = "/v1/lines/{id}/alarms/learn", operation_id = "learnLineBaseline", tag = "lines", request_body = LearnBody,
    security(("api_key" = ["lines:write"])), params(("id" = String, Path, description = "The line")),
    responses((status = 200, body = AlarmsOut), (status = 404, body = Problem), (status = 422, body = Problem))
)]
pub async fn learn(
    caller: LineCaller<{ Scope::LinesWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
    Body(body): Body<LearnBody>,
) -> Result<Json<AlarmsOut>, Problem> {
    let line = theirs(&app, caller.lines(), &id).await?;
    let known = watch::all(&app.engine.db, Some(&line.id)).await?;
    let LearnBody { channel, share: kind } = body;
    if !known.iter().any(|watch| watch.kind == kind && watch.channel == channel) {
        let detail = format!("This share is not watched on the channel \"{}\".", channel.chars().take(40).collect::<String>());
        return Err(Problem::invalid_field("channel", detail, "Send a channel and a share as GET /v1/lines/{id}/alarms lists them."));
    }
    look(&app.engine, &line, Some(Anew { channel, kind, by: caller.by() }), app.engine.now()).await?;
    Ok(Json(of(&app, &line).await?))
}
