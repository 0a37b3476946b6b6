//! Reports over the closes of a period. Dates are days in the organisation's time zone.

pub mod heat;
pub mod query;
pub mod reasons;
pub mod recovery;
pub mod trend;

use self::query::{ReportQuery, closes};
use crate::auth::LineCaller;
use crate::problem::Problem;
use crate::query::Query;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use lastword_domain::access::api_key::Scope;
use lastword_domain::access::rights::Lines;
use lastword_domain::answer::rating::Scale;
use lastword_domain::report::calendar::Day;
use lastword_domain::report::change::Change;
use lastword_domain::report::comparison::Compared;
use lastword_domain::report::period::Period;
use lastword_domain::report::rule::Rule;
use lastword_domain::report::stats::ALPHA;
use lastword_domain::report::stats::target::Reached;
use lastword_domain::report::{Funnel, Part, Report};
use lastword_life::report;
use lastword_life::report::targets::{Target, targets};
use lastword_store::report::labelled::is_counted_here;
use lastword_store::report::recount::other_clock;
use lastword_store::report::{By, Closes};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// Maximum number of groups in a report; those with most ratings are shown.
const GROUPS_MAX: usize = 200;

/// The days of a report.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReportPeriod)]
pub struct Days {
    /// First day.
    pub from: String,
    /// Last day.
    pub until: String,
    /// Time zone of the days.
    pub time_zone: &'static str,
    /// Time zone in which closes were counted into days, if it differs: the setting was changed and `lastword recount` has
    /// not run since.
    pub counted_time_zone: Option<String>,
}

impl Days {
    pub(super) async fn of(period: Period, app: &AppState) -> Result<Self, Problem> {
        let db = &app.engine.db;
        let (from, until) = (period.from.to_string(), period.last_day().to_string());
        Ok(Self { from, until, time_zone: db.zone().name(), counted_time_zone: other_clock(db).await? })
    }

    /// The days of another period of the same report.
    fn at(&self, period: Period) -> Self {
        Self { from: period.from.to_string(), until: period.last_day().to_string(), ..self.clone() }
    }
}

/// Number of closes that ended for a reason.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReasonCount)]
pub struct ReasonOut {
    /// `not_asked`, `canceled` or `unreachable`.
    pub outcome: &'static str,
    /// The reason.
    pub reason: String,
    /// Number of closes.
    pub count: i64,
}

/// Figures of the previous period.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PreviousPeriod)]
pub struct PreviousOut {
    /// Its days: the corresponding days of the previous month, quarter or year if the period starts with one, otherwise the
    /// same number of days immediately before.
    pub days: Days,
    /// Its figures.
    pub report: Report,
}

/// A report with a comparison to the previous period.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SummaryReport)]
pub struct SummaryOut {
    /// The days.
    pub days: Days,
    /// The rules for good, neutral and bad, by line and period: the rules in force at each answer. Only lines with ratings are named.
    pub rules: Vec<Rule>,
    /// The figures.
    pub report: Report,
    /// Reasons why clients were not asked, questions were canceled or clients were not reached.
    pub reasons: Vec<ReasonOut>,
    /// Figures of all days up to and including today, ten years at most. Their intervals treat all answers as independent.
    pub overall: Report,
    /// The previous period.
    pub previous: Option<PreviousOut>,
    /// Score compared with the previous period. Each client has one vote per period: the last rating whose question is over
    /// (its time for an answer has passed). Votes are compared within their line, channel and scale. `null` if there is no
    /// previous period.
    pub score_change: Option<Change>,
    /// True if lines are left out of `score_change` because their definition of good changed: the same score was good in some of
    /// the ratings and not in others.
    pub definition_changed: bool,
    /// Response rate, compared in the same way.
    pub response_change: Option<Change>,
    /// Share of questions that arrived, compared in the same way.
    pub delivery_change: Option<Change>,
    /// True if the split between people and programs differed in the previous period by ten percentage points of the
    /// ratings or more, which may explain a change. `handled_by` compares like with like.
    pub mixes_differ: bool,
}

/// Figures of a line, a channel, an operator, or a value of `handled_by`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReportGroup)]
pub struct GroupOut {
    /// ID or kind; empty for closes without one.
    pub id: String,
    /// Name, if known.
    pub name: Option<String>,
    /// The figures.
    pub report: Report,
    /// For an operator: comparison with the rest of the team, each client counted once. `null` for closes without an
    /// operator and for operators without ratings.
    pub compared: Option<Compared>,
    /// For a line with a target: its result. `null` with a filter that leaves out some of the line's closes.
    pub target: Option<TargetOut>,
    /// For an operator: share of their closes that were not asked because of `ask: false`.
    pub kept_back: Option<Part>,
}

/// Figures by line, channel, operator, or who handled the sessions.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GroupsReport)]
pub struct GroupsOut {
    /// The days.
    pub days: Days,
    /// The rules for good, neutral and bad.
    pub rules: Vec<Rule>,
    /// The groups, most ratings first. A shared close counts once for each operator.
    pub items: Vec<GroupOut>,
    /// Number of groups with fewer ratings that are left out.
    pub left_off: usize,
    /// For operators: number of clients compared, of how many ratings, and on which scales.
    pub counted: Option<CountedOut>,
    /// True if the split between people and programs differs between items by ten percentage points of the ratings or more,
    /// which may explain a difference. `handled_by` compares like with like.
    pub mixes_differ: bool,
}

/// Result of a line against its current target.
#[derive(Debug, Serialize, ToSchema)]
pub struct TargetOut {
    /// Target in percent.
    pub percent: u8,
    /// `reached` or `missed`, by the interval. It may be read every day: the chance of any wrong verdict, ever, is at most 5 %.
    pub verdict: Reached,
    /// Lower end of the interval of a 95 % confidence sequence (Robbins' mixture), in percent. It is wider than that of one look.
    pub low: Option<f64>,
    /// Upper end of the interval.
    pub high: Option<f64>,
    /// Total number of clients, each counted once, that would give a verdict if the share stays the same; `null` if there already is
    /// one, or there never would be.
    pub clients_needed: Option<i64>,
    /// True if the scale or the definition of good changed in these days: there is no verdict and no interval.
    pub definition_changed: bool,
}

impl From<&Target> for TargetOut {
    fn from(target: &Target) -> Self {
        let (low, high) = target.interval.unzip();
        let (clients_needed, definition_changed) = (target.answers, target.redefined);
        Self { percent: target.percent, verdict: target.verdict, low, high, clients_needed, definition_changed }
    }
}

/// Data behind a comparison of operators.
#[derive(Debug, Serialize, ToSchema)]
pub struct CountedOut {
    /// Number of clients, once for each operator they rated; the last rating counts.
    pub clients: i64,
    /// Number of ratings that are not voided, once for each operator they are credited to.
    pub ratings: i64,
    /// Scales of these ratings. Verdicts compare within each scale; `share`, `rest` and `raw` combine them.
    pub scales: Vec<Scale>,
    /// True if lines are left out of `compared` because their definition of good changed in these days: the same score was good in
    /// some of the ratings and not in others.
    pub definition_changed: bool,
}

/// Funnel from closes to answers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FunnelReport)]
pub struct FunnelOut {
    /// The days.
    pub days: Days,
    /// Number of closes at each stage.
    pub funnel: Funnel,
    /// Asked out of closed.
    pub asked: Part,
    /// Delivered out of asked.
    pub delivered: Part,
    /// Answered out of delivered and over: the response rate.
    pub answered: Part,
    /// Reasons why clients were not asked, questions were canceled or clients were not reached.
    pub reasons: Vec<ReasonOut>,
}

fn reasons_out(reasons: Vec<(lastword_domain::outcome::Outcome, String, i64)>) -> Vec<ReasonOut> {
    reasons.into_iter().map(|(outcome, reason, count)| ReasonOut { outcome: outcome.as_str(), reason, count }).collect()
}

/// The days of a report that is split by `by`. Reports by label read rows, and so are never of another time zone than the setting's.
async fn days(app: &AppState, closes: &Closes, by: By) -> Result<Days, Problem> {
    let days = Days::of(Period { from: closes.from, until: closes.until }, app).await?;
    Ok(if is_counted_here(closes, by) { Days { counted_time_zone: None, ..days } } else { days })
}

/// Gets the figures of a period, compared with the previous one
///
/// Every figure counts closes of these days, whenever they were answered. `GET /v1/rating-requests` with the same filters lists them.
#[utoipa::path(
    get, path = "/v1/reports/summary", operation_id = "getSummaryReport", tag = "reports", params(ReportQuery), security(("api_key" = ["reports:read"])),
    responses((status = 200, body = SummaryOut), (status = 422, body = Problem))
)]
pub async fn summary(
    caller: LineCaller<{ Scope::ReportsRead as u8 }>,
    State(app): State<Arc<AppState>>,
    Query(query): Query<ReportQuery>,
) -> Result<Json<SummaryOut>, Problem> {
    let closes = closes(&app, caller.lines(), query, By::Nothing).await?;
    let mut found = report::summary(&app.engine.db, &closes).await?;
    let today = Day::of(app.engine.now(), app.engine.db.zone());
    let claims = app.claims.about(&app.engine.db, &closes, &mut found, true, app.engine.now()).await?;
    let claims = claims.as_deref().and_then(Option::as_ref);
    let days = days(&app, &closes, By::Nothing).await?;
    let previous = found.previous.map(|(period, report)| PreviousOut { days: days.at(period), report });
    Ok(Json(SummaryOut {
        overall: report::overall(&app.engine.db, &closes, today).await?,
        days,
        rules: found.rules,
        report: found.report,
        reasons: reasons_out(found.reasons),
        previous,
        score_change: claims.map(|claims| claims.score.clone()),
        definition_changed: claims.is_some_and(|claims| claims.redefined),
        response_change: claims.map(|claims| claims.response.clone()),
        delivery_change: claims.map(|claims| claims.delivery.clone()),
        mixes_differ: found.mixes_differ,
    }))
}

async fn groups(app: &AppState, lines: &Lines, query: ReportQuery, by: By) -> Result<Json<GroupsOut>, Problem> {
    let closes = closes(app, lines, query, by).await?;
    let (rows, all) = report::groups(&app.engine.db, &closes, by, GROUPS_MAX).await?;
    let team = match by {
        By::Operator => Some(app.comparisons.of(&app.engine.db, &closes, app.engine.now()).await?),
        _ => None,
    };
    let targets = if by == By::Line { targets(&app.engine.db, &closes, ALPHA).await? } else { Vec::new() };
    let item = |row: report::Row| GroupOut {
        target: targets.iter().find(|target| target.line == row.id).map(TargetOut::from),
        compared: team.as_ref().and_then(|team| team.about(&row.id)).cloned(),
        id: row.id,
        name: row.name,
        report: row.report,
        kept_back: row.kept_back,
    };
    let counted = team.as_ref().map(|team| CountedOut {
        clients: team.clients,
        ratings: team.ratings,
        scales: team.scales.clone(),
        definition_changed: team.redefined,
    });
    let (left_off, mixes_differ) = (all - rows.len(), report::rows_differ(by, &rows));
    let rules = report::rules_of(&app.engine.db, &closes).await?;
    let items = rows.into_iter().map(item).collect();
    Ok(Json(GroupsOut { days: days(app, &closes, by).await?, rules, items, left_off, counted, mixes_differ }))
}

/// Gets the figures of each operator, with a comparison of operators
///
/// `compared` says whether an operator is above or below the rest of the team. It uses exact tests within each line,
/// channel and scale, with one rating per client (the last), corrected so that at most one report in twenty about teams
/// without differences names any operator. It always covers the whole team; a filter by operator does not change it.
/// Comparisons of more than 10,000 ratings are cached for ten minutes.
#[utoipa::path(
    get, path = "/v1/reports/operators", operation_id = "getOperatorsReport", tag = "reports", params(ReportQuery), security(("api_key" = ["reports:read"])),
    responses((status = 200, body = GroupsOut), (status = 422, body = Problem))
)]
pub async fn operators(
    caller: LineCaller<{ Scope::ReportsRead as u8 }>,
    State(app): State<Arc<AppState>>,
    Query(query): Query<ReportQuery>,
) -> Result<Json<GroupsOut>, Problem> {
    groups(&app, caller.lines(), query, By::Operator).await
}

/// Gets the figures of each line
#[utoipa::path(
    get, path = "/v1/reports/lines", operation_id = "getLinesReport", tag = "reports", params(ReportQuery), security(("api_key" = ["reports:read"])),
    responses((status = 200, body = GroupsOut), (status = 422, body = Problem))
)]
pub async fn lines(
    caller: LineCaller<{ Scope::ReportsRead as u8 }>,
    State(app): State<Arc<AppState>>,
    Query(query): Query<ReportQuery>,
) -> Result<Json<GroupsOut>, Problem> {
    groups(&app, caller.lines(), query, By::Line).await
}

/// Gets the figures of each kind of channel
#[utoipa::path(
    get, path = "/v1/reports/channels", operation_id = "getChannelsReport", tag = "reports", params(ReportQuery), security(("api_key" = ["reports:read"])),
    responses((status = 200, body = GroupsOut), (status = 422, body = Problem))
)]
pub async fn channels(
    caller: LineCaller<{ Scope::ReportsRead as u8 }>,
    State(app): State<Arc<AppState>>,
    Query(query): Query<ReportQuery>,
) -> Result<Json<GroupsOut>, Problem> {
    groups(&app, caller.lines(), query, By::Channel).await
}

/// Gets the figures of sessions handled by people, by programs, and by both
#[utoipa::path(
    get, path = "/v1/reports/handled-by", operation_id = "getHandledByReport", tag = "reports", params(ReportQuery), security(("api_key" = ["reports:read"])),
    responses((status = 200, body = GroupsOut), (status = 422, body = Problem))
)]
pub async fn handled_by(
    caller: LineCaller<{ Scope::ReportsRead as u8 }>,
    State(app): State<Arc<AppState>>,
    Query(query): Query<ReportQuery>,
) -> Result<Json<GroupsOut>, Problem> {
    groups(&app, caller.lines(), query, By::HandledBy).await
}

/// Gets the figures of sessions by label and field value
///
/// A session counts for each of its labels and fields, so the items do not add up to the total. For each field, the 20 most
/// frequent values are separate items (`topic:refund`) and all others are one item (`topic:`).
#[utoipa::path(
    get, path = "/v1/reports/labels", operation_id = "getLabelsReport", tag = "reports", params(ReportQuery), security(("api_key" = ["reports:read"])),
    responses((status = 200, body = GroupsOut), (status = 422, body = Problem))
)]
pub async fn labels(
    caller: LineCaller<{ Scope::ReportsRead as u8 }>,
    State(app): State<Arc<AppState>>,
    Query(query): Query<ReportQuery>,
) -> Result<Json<GroupsOut>, Problem> {
    groups(&app, caller.lines(), query, By::Label).await
}

/// Gets the funnel: closed, asked, delivered, answered
#[utoipa::path(
    get, path = "/v1/reports/funnel", operation_id = "getFunnelReport", tag = "reports", params(ReportQuery), security(("api_key" = ["reports:read"])),
    responses((status = 200, body = FunnelOut), (status = 422, body = Problem))
)]
pub async fn funnel(
    caller: LineCaller<{ Scope::ReportsRead as u8 }>,
    State(app): State<Arc<AppState>>,
    Query(query): Query<ReportQuery>,
) -> Result<Json<FunnelOut>, Problem> {
    let closes = closes(&app, caller.lines(), query, By::Nothing).await?;
    let found = report::summary(&app.engine.db, &closes).await?;
    let funnel = found.report.funnel;
    Ok(Json(FunnelOut {
        days: days(&app, &closes, By::Nothing).await?,
        funnel,
        asked: Part::new(funnel.asked, funnel.closed),
        delivered: Part::new(funnel.delivered, funnel.asked),
        answered: found.report.response,
        reasons: reasons_out(found.reasons),
    }))
}
