//! Watched shares of a line, and its alarms.

use crate::json::Body;
use crate::middleware::auth::LineCaller;
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

/// The newest alarms that are listed.
const ALARMS: i64 = 50;
/// The newest chats of each.
const CHATS: i64 = 100;

/// What is usual, and what an alarm promises.
#[derive(Debug, Serialize, ToSchema)]
pub struct BaselineOut {
    /// When it was learnt. It holds for a year, unless the question or its scale is changed.
    pub learnt_at: Timestamp,
    /// Upper end (90 %) of the usual share of bad cases, in percent. The interval is the wider, the more the shares of days differ.
    pub usual_percent: f64,
    /// Lower end of the usual share. The distance between both ends shows how certain the baseline is.
    pub usual_low_percent: f64,
    /// Minimum average number of cases between two false alarms, while nothing changes and days differ as before. All watched shares of
    /// the installation together raise at most twelve false alarms a year, and one alone at most one.
    pub cases_between_false_alarms: i64,
    /// What a bad case adds to the sum.
    pub adds: i64,
    /// What any other case takes off it, down to nothing.
    pub takes: i64,
    /// The alarm is raised when the sum reaches this.
    pub limit: i64,
    /// The sum now.
    pub sum: i64,
}

/// A watched share.
#[derive(Debug, Serialize, ToSchema)]
pub struct WatchOut {
    /// The kind of channel; empty where it is not known.
    pub channel: String,
    /// `score` (ratings that are low), `response` (questions without an answer a day after the close, or when they are over) or `delivery`
    /// (questions that did not arrive).
    pub share: Watched,
    /// Of how many clients a baseline was learnt, or could be; of `delivery`, of how many questions. At least 500 are needed.
    pub clients: i64,
    /// How many cases they are: a client counts once a week.
    pub cases: i64,
    /// How many of them are bad.
    pub bad: i64,
    /// Number of days with these cases; at least 14 are needed.
    pub days: i64,
    /// What is usual; none where there is too little to know, so that there are no alarms.
    pub baseline: Option<BaselineOut>,
    /// The alarm that stands.
    pub alarm: Option<String>,
}

/// An alarm.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlarmOut {
    /// Its id.
    pub id: String,
    /// The kind of channel; empty where it is not known.
    pub channel: String,
    /// The share that fell.
    pub share: Watched,
    /// When it was raised.
    pub raised_at: Timestamp,
    /// The first of the cases that drove it.
    pub from: Timestamp,
    /// The last of them.
    pub until: Timestamp,
    /// How many cases there were.
    pub cases: i64,
    /// How many of them were bad.
    pub bad: i64,
    /// Up to this share of bad cases was usual, in percent.
    pub usual_percent: f64,
    /// When it ended; none while it stands.
    pub ended_at: Option<Timestamp>,
    /// How it ended.
    pub end_reason: Option<AlarmEnd>,
    /// The rating requests of the newest chats that drove it, at most 100.
    pub rating_requests: Vec<String>,
}

/// What is watched on a line.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlarmsOut {
    /// By channel.
    pub watches: Vec<WatchOut>,
    /// The newest alarms, at most 50, newest first.
    pub alarms: Vec<AlarmOut>,
    /// The reason why no alarm can be raised; present while no share has a baseline.
    #[serde(skip_serializing_if = "Option::is_none")]
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

/// Millionths in percent.
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
        Self { channel, share, clients, cases, bad, days, baseline, alarm }
    }
}

fn shown(alarm: ShareAlarm, rating_requests: Vec<String>) -> AlarmOut {
    AlarmOut {
        id: alarm.id,
        channel: alarm.channel,
        share: alarm.kind,
        raised_at: Timestamp(alarm.raised_at),
        from: Timestamp(alarm.from_at),
        until: Timestamp(alarm.until_at),
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
    let found = line::find(&app.engine.db, id).await?.filter(|line| lines.admit(&line.id));
    found.ok_or_else(|| Problem::missing(Thing::Line, id))
}

/// What is watched on a line, and its alarms
///
/// On each channel the share of low ratings, of questions without an answer and of questions that did not arrive is watched, case by
/// case. While nothing changes, all shares of the installation together raise at most about twelve false alarms a year.
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

/// The share that is to be learnt anew.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LearnBody {
    /// The kind of channel, as it is listed.
    pub channel: String,
    /// Which share.
    pub share: Watched,
}

/// Learns anew what is usual
///
/// From the last 180 days, but not from before the question was changed last. An alarm that stands ends.
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
