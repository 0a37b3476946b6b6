//! Reports: honest numbers over closes of a period. Dates are days of the organisation's time zone.

pub mod query;
pub mod reasons;
pub mod recovery;

use self::query::{ReportQuery, TrendQuery, closes};
use crate::middleware::auth::LineCaller;
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
use lastword_domain::report::period::{POINTS_MAX, Period, Step};
use lastword_domain::report::rule::Rule;
use lastword_domain::report::stats::ALPHA;
use lastword_domain::report::stats::target::Reached;
use lastword_domain::report::{Funnel, Part, Report};
use lastword_life::report;
use lastword_life::report::targets::{Target, targets};
use lastword_life::report::timeline::rolling_line;
use lastword_store::report::recount::other_clock;
use lastword_store::report::{By, Closes, hours};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// The most groups a report shows: those with most ratings.
const GROUPS_MAX: usize = 200;

/// The days of a report.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Days {
    /// The first day.
    pub from: String,
    /// The last day.
    pub until: String,
    /// By whose clock days begin and end.
    pub time_zone: &'static str,
    /// The time zone by which closes were counted into days, if it is another one: the setting was changed, and `lastword recount`
    /// has not run since.
    pub counted_time_zone: Option<String>,
}

impl Days {
    pub(super) async fn of(period: Period, app: &AppState) -> Result<Self, Problem> {
        let db = &app.engine.db;
        let (from, until) = (period.from.to_string(), period.last_day().to_string());
        Ok(Self { from, until, time_zone: db.zone().name(), counted_time_zone: other_clock(db).await? })
    }

    /// Other days of the same report.
    fn at(&self, period: Period) -> Self {
        Self { from: period.from.to_string(), until: period.last_day().to_string(), ..self.clone() }
    }
}

/// How often closes ended with one reason.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReasonOut {
    /// `not_asked`, `canceled` or `unreachable`.
    pub outcome: &'static str,
    /// The reason.
    pub reason: String,
    /// How often.
    pub count: i64,
}

/// The same figures of the period before.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreviousOut {
    /// Its days: the same days of the month, quarter or year before where the period begins with one, else as many days right
    /// before.
    pub days: Days,
    /// Its figures.
    pub report: Report,
}

/// A report beside the period before.
#[derive(Debug, Serialize, ToSchema)]
pub struct SummaryOut {
    /// Its days.
    pub days: Days,
    /// What is good, neutral and bad, where and when: the rule at each answer.
    pub rules: Vec<Rule>,
    /// Its figures.
    pub report: Report,
    /// Why closes were not asked about, taken back or not reached.
    pub reasons: Vec<ReasonOut>,
    /// The figures of all days so far, today among them: ten years at most.
    pub overall: Report,
    /// The period before.
    pub previous: Option<PreviousOut>,
    /// The score compared with the period before. Each client has one vote in each period: the last rating whose question is over (its
    /// time for an answer has passed). Votes are compared within their line, channel and scale. Null if there is no period before.
    pub score_change: Option<Change>,
    /// The response rate, compared in the same way.
    pub response_change: Option<Change>,
    /// The share of questions that arrived, compared in the same way.
    pub delivery_change: Option<Change>,
    /// Whether people and programs shared the work otherwise in the period before (by ten percentage points of the ratings): what
    /// changed may be that. `handled_by` compares like with like.
    pub mixes_differ: bool,
}

/// One line, channel, operator, or way of being handled.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupOut {
    /// Its id or kind; empty for closes that have none.
    pub id: String,
    /// Its name, where one is known.
    pub name: Option<String>,
    /// Its figures.
    pub report: Report,
    /// Of an operator: what the data say beside the rest of the team, each client counted once. None for closes of nobody, and
    /// for operators without ratings.
    pub compared: Option<Compared>,
    /// Of a line with a target: how it stands to it.
    pub target: Option<TargetOut>,
    /// Of an operator: closes kept from being asked by the choice of whoever closed (`ask: false`), of all closes of theirs.
    pub kept_back: Option<Part>,
}

/// Figures by line, channel, operator, or who handled the sessions.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupsOut {
    /// The days.
    pub days: Days,
    /// What is good, neutral and bad.
    pub rules: Vec<Rule>,
    /// Those with most ratings first. A shared close counts once for each operator.
    pub items: Vec<GroupOut>,
    /// How many with fewer ratings are left off.
    pub left_off: usize,
    /// Of operators: how many clients are compared, of how many ratings, and on which scales.
    pub counted: Option<CountedOut>,
    /// Whether people and programs share the work otherwise from one item to another (by ten percentage points of the ratings):
    /// what differs between them may be that. `handled_by` compares like with like.
    pub mixes_differ: bool,
}

/// How a line stands to the target it has now.
#[derive(Debug, Serialize, ToSchema)]
pub struct TargetOut {
    /// What it is to reach, in percent.
    pub percent: u8,
    /// `reached` and `missed` by the exact tails of the binomial distribution, 2.5 % error to either side.
    pub verdict: Reached,
    /// The lower end of the 95 % interval of Clopper and Pearson, in percent, which never contradicts the verdict.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// How many ratings in all would tell if the share stays as it is; none where it tells already, or would never.
    pub answers_that_tell: Option<i64>,
}

impl From<&Target> for TargetOut {
    fn from(target: &Target) -> Self {
        let (low, high) = target.interval.unzip();
        Self { percent: target.percent, verdict: target.verdict, low, high, answers_that_tell: target.answers }
    }
}

/// What a comparison of operators is made of.
#[derive(Debug, Serialize, ToSchema)]
pub struct CountedOut {
    /// Clients, once for each operator they rated: the last rating counts.
    pub clients: i64,
    /// All ratings that are not voided, for each operator they count for.
    pub ratings: i64,
    /// The scales among them. Verdicts compare within each; `share`, `rest` and `raw` throw them together.
    pub scales: Vec<Scale>,
}

/// One step of a trend.
#[derive(Debug, Serialize, ToSchema)]
pub struct PointOut {
    /// Its first day.
    pub from: String,
    /// Its last day.
    pub until: String,
    /// Its figures.
    pub report: Report,
    /// Good of rated over the `rolling_days` that end with its last day, voided ones left out; none of fewer than 30 ratings.
    pub rolling: Option<Part>,
}

/// Figures step by step.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrendOut {
    /// The days.
    pub days: Days,
    /// What is good, neutral and bad.
    pub rules: Vec<Rule>,
    /// The step.
    pub step: Step,
    /// How many days `rolling` looks back over: three steps that hold enough answers to be read. None where no step does, and over
    /// more than 800 days.
    pub rolling_days: Option<usize>,
    /// The steps, oldest first, also those without closes; the first and the last may be cut.
    pub points: Vec<PointOut>,
}

/// Closes of one hour of one weekday.
#[derive(Debug, Serialize, ToSchema)]
pub struct HourOut {
    /// 1 for Monday to 7 for Sunday.
    pub weekday: i64,
    /// 0 to 23.
    pub hour: i64,
    /// Closes.
    pub closes: i64,
    /// Answered of delivered questions whose time for an answer has passed.
    pub response: Part,
    /// Good of rated, without voided ratings.
    pub score: Part,
    /// Bad ratings, without voided ones.
    pub bad: i64,
}

/// Closes by weekday and hour.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeatOut {
    /// The days.
    pub days: Days,
    /// What is good, neutral and bad.
    pub rules: Vec<Rule>,
    /// Hours with closes.
    pub hours: Vec<HourOut>,
}

/// The way of closes to answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct FunnelOut {
    /// The days.
    pub days: Days,
    /// What became of the closes.
    pub funnel: Funnel,
    /// Asked of closed.
    pub asked: Part,
    /// Delivered of asked.
    pub delivered: Part,
    /// Answered of delivered and over: the response rate.
    pub answered: Part,
    /// Why closes were not asked about, taken back or not reached.
    pub reasons: Vec<ReasonOut>,
}

fn reasons_out(reasons: Vec<(lastword_domain::question::outcome::Outcome, String, i64)>) -> Vec<ReasonOut> {
    reasons.into_iter().map(|(outcome, reason, count)| ReasonOut { outcome: outcome.as_str(), reason, count }).collect()
}

async fn days(app: &AppState, closes: &Closes) -> Result<Days, Problem> {
    Days::of(Period { from: closes.from, until: closes.until }, app).await
}

/// The figures of a period beside those of the period before
///
/// Every number is a count of closes of these days, whenever they were answered; `GET /v1/rating-requests` with the same filters lists them.
#[utoipa::path(
    get, path = "/v1/reports/summary", operation_id = "getSummaryReport", tag = "reports", params(ReportQuery), security(("api_key" = ["reports:read"])),
    responses((status = 200, body = SummaryOut), (status = 422, body = Problem))
)]
pub async fn summary(
    caller: LineCaller<{ Scope::ReportsRead as u8 }>,
    State(app): State<Arc<AppState>>,
    Query(query): Query<ReportQuery>,
) -> Result<Json<SummaryOut>, Problem> {
    let closes = closes(&app, caller.lines(), query).await?;
    let mut found = report::summary(&app.engine.db, &closes).await?;
    let today = Day::of(app.engine.now(), app.engine.db.zone());
    let claims = app.claims.about(&app.engine.db, &closes, &mut found, true, app.engine.now()).await?;
    let claims = claims.as_deref().and_then(Option::as_ref);
    let days = days(&app, &closes).await?;
    let previous = found.previous.map(|(period, report)| PreviousOut { days: days.at(period), report });
    Ok(Json(SummaryOut {
        overall: report::overall(&app.engine.db, &closes, today).await?,
        days,
        rules: found.rules,
        report: found.report,
        reasons: reasons_out(found.reasons),
        previous,
        score_change: claims.map(|claims| claims.score.clone()),
        response_change: claims.map(|claims| claims.response.clone()),
        delivery_change: claims.map(|claims| claims.delivery.clone()),
        mixes_differ: found.mixes_differ,
    }))
}

async fn groups(app: &AppState, lines: &Lines, query: ReportQuery, by: By) -> Result<Json<GroupsOut>, Problem> {
    let closes = closes(app, lines, query).await?;
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
    let counted = team.as_ref().map(|team| CountedOut { clients: team.clients, ratings: team.ratings, scales: team.scales.clone() });
    let (left_off, mixes_differ) = (all - rows.len(), report::rows_differ(by, &rows));
    let rules = report::rules_of(&app.engine.db, &closes).await?;
    let items = rows.into_iter().map(item).collect();
    Ok(Json(GroupsOut { days: days(app, &closes).await?, rules, items, left_off, counted, mixes_differ }))
}

/// The figures of each operator, and what can be said of them beside each other
///
/// `compared` says whether an operator is above or below the rest of the team: exact tests within each line, channel and scale,
/// one rating of each client (the last), joined so that of all reports about teams of equals at most one in twenty calls
/// anybody anything. It is always of the whole team: a filter by operator leaves it as it is. Comparisons of more than 20,000
/// ratings are kept for ten minutes.
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

/// The figures of each line
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

/// The figures of each kind of channel
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

/// The figures of sessions handled by people, by programs, and by both
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

/// The figures of sessions by label, and by value of a field
///
/// A session counts for each label and field that it has, so that the items do not add up to the whole. Of a field the 20 most
/// frequent values are items of their own (`topic:refund`), and the others together are one (`topic:`).
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

/// The figures by day, week or month
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
    let closes = closes(&app, caller.lines(), ReportQuery { from, until, line, operator, channel, scale, handled_by, label }).await?;
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
    Ok(Json(TrendOut { days: days(&app, &closes).await?, rules, step, rolling_days, points: points.into_iter().map(point).collect() }))
}

/// Closes by weekday and hour
#[utoipa::path(
    get, path = "/v1/reports/heat", operation_id = "getHeatReport", tag = "reports", params(ReportQuery), security(("api_key" = ["reports:read"])),
    responses((status = 200, body = HeatOut), (status = 422, body = Problem))
)]
pub async fn heat(
    caller: LineCaller<{ Scope::ReportsRead as u8 }>,
    State(app): State<Arc<AppState>>,
    Query(query): Query<ReportQuery>,
) -> Result<Json<HeatOut>, Problem> {
    let closes = closes(&app, caller.lines(), query).await?;
    let found = hours(&app.engine.db, &closes).await?.into_iter().map(|hour| HourOut {
        weekday: hour.weekday + 1,
        hour: hour.hour,
        closes: hour.closes,
        response: Part::new(hour.answered_over, hour.over),
        score: Part::new(hour.good, hour.rated),
        bad: hour.bad,
    });
    let rules = report::rules_of(&app.engine.db, &closes).await?;
    Ok(Json(HeatOut { days: days(&app, &closes).await?, rules, hours: found.collect() }))
}

/// The way of closes to answers: closed, asked, delivered, answered
#[utoipa::path(
    get, path = "/v1/reports/funnel", operation_id = "getFunnelReport", tag = "reports", params(ReportQuery), security(("api_key" = ["reports:read"])),
    responses((status = 200, body = FunnelOut), (status = 422, body = Problem))
)]
pub async fn funnel(
    caller: LineCaller<{ Scope::ReportsRead as u8 }>,
    State(app): State<Arc<AppState>>,
    Query(query): Query<ReportQuery>,
) -> Result<Json<FunnelOut>, Problem> {
    let closes = closes(&app, caller.lines(), query).await?;
    let found = report::summary(&app.engine.db, &closes).await?;
    let funnel = found.report.funnel;
    Ok(Json(FunnelOut {
        days: days(&app, &closes).await?,
        funnel,
        asked: Part::new(funnel.asked, funnel.closed),
        delivered: Part::new(funnel.delivered, funnel.asked),
        answered: found.report.response,
        reasons: reasons_out(found.reasons),
    }))
}
