//! Experiments on a line: two ways to ask, and their comparison.

use crate::auth::LineCaller;
use crate::json::Body;
use crate::path::Path;
use crate::problem::{Code, Problem, Thing};
use crate::state::AppState;
use crate::timestamp::Timestamp;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use lastword_domain::access::api_key::Scope;
use lastword_domain::answer::rating::Scale;
use lastword_domain::line::experiment::{CLIENTS_MAX_DEFAULT, MARGIN_DEFAULT, Trial, Variant};
use lastword_domain::report::experiment::{ExperimentVerdict, Figures};
use lastword_life::admin::change_experiment::{self, ExperimentChange, Wanted};
use lastword_store::line::experiment::{self, Experiment};
use lastword_store::line::{self, Line};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// Maximum number of experiments listed.
const LISTED: i64 = 20;

/// Figures of a variant. Each client counts once, with their last question.
#[derive(Debug, Serialize, ToSchema)]
pub struct VariantOut {
    /// `a`: the line as it is; `b`: the trial.
    pub variant: Variant,
    /// Scale of the question. Scores on different scales are never added up.
    pub scale: Scale,
    /// Number of questions that arrived.
    pub asked: i64,
    /// Number of those questions that are mature: a day has passed since, or they have expired.
    pub matured: i64,
    /// Number of clients with a mature question.
    pub clients: i64,
    /// Number of those clients who answered in time.
    pub answered: i64,
    /// Response rate in percent; `null` if there are no clients.
    pub response_percent: Option<f64>,
    /// Number of clients whose rating counts.
    pub rated: i64,
    /// Number of clients whose rating is good.
    pub good: i64,
    /// Number of clients whose rating is low.
    pub low: i64,
}

/// An experiment.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExperimentOut {
    /// ID of the experiment.
    pub id: String,
    /// The line's settings for what the trial changes.
    pub control: Trial,
    /// How variant B differs from the line.
    pub trial: Trial,
    /// Difference of the response rates that would not matter, in percentage points.
    pub margin: i64,
    /// Planned number of clients per variant.
    pub clients_max: i64,
    /// Start of the experiment.
    pub started_at: Timestamp,
    /// Who started it.
    pub started_by: String,
    /// End of the experiment; `null` while it runs.
    pub ended_at: Option<Timestamp>,
    /// Who ended it.
    pub ended_by: Option<String>,
    /// The variant that the line adopted.
    pub kept: Option<Variant>,
    /// Verdict at the end.
    pub verdict_at_end: Option<ExperimentVerdict>,
    /// Figures of both variants.
    pub variants: Vec<VariantOut>,
    /// Lower end of the interval for the true difference of the response rates (B minus A), in percentage points. The
    /// intervals of all looks together hold the true difference in 95 of 100 experiments.
    pub difference_low: f64,
    /// Upper end of the interval.
    pub difference_high: f64,
    /// `a_better`, `b_better`, `no_larger` (no difference larger than the margin), `cannot_tell` (the planned number of
    /// clients is reached without a result) or `go_on`. It may be read every day: if both variants are equally good, one is
    /// called better in at most 5 of 100 experiments.
    pub verdict: ExperimentVerdict,
    /// Number of clients per variant that would give a result if the shares stay the same; `null` if there already is one
    /// or the plan ends earlier.
    pub clients_needed: Option<i64>,
    /// Number of clients whose question arrived, in A and in B, counting only chats after which either question had time to be sent.
    pub divided: [i64; 2],
    /// True if the two parts are not halves: something other than chance decides who is asked in which way or whose question arrives, and
    /// the variants cannot be compared. Wrongly true for at most one in a hundred experiments, however often read.
    pub division_off: bool,
}

/// Experiments of a line.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExperimentsOut {
    /// The experiments, newest first, at most 20. At most one is running.
    pub items: Vec<ExperimentOut>,
}

/// An experiment to start.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExperimentBody {
    /// How variant B differs from the line: its question, its delay, its scale, or several of them.
    pub trial: Trial,
    /// Difference of the response rates that would not matter, in percentage points.
    #[serde(default = "margin")]
    #[schema(minimum = 1, maximum = 50, default = 5)]
    pub margin: u8,
    /// Planned number of clients per variant.
    #[serde(default = "clients_max")]
    #[schema(minimum = 200, maximum = 50000, default = 6000)]
    pub clients_max: u32,
}

fn margin() -> u8 {
    MARGIN_DEFAULT
}

fn clients_max() -> u32 {
    CLIENTS_MAX_DEFAULT
}

/// How to end an experiment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndBody {
    /// The variant that the line adopts: `a` leaves the line unchanged, `b` writes the trial into its settings.
    pub keep: Variant,
}

fn variant(variant: Variant, scale: Scale, figures: &Figures) -> VariantOut {
    let Figures { asked, matured, clients, answered, rated, good, low } = *figures;
    VariantOut { variant, scale, asked, matured, clients, answered, response_percent: figures.response().percent(), rated, good, low }
}

async fn shown(app: &AppState, line: &Line, one: Experiment) -> Result<ExperimentOut, Problem> {
    let found = change_experiment::figures(&app.engine, &one, app.engine.now()).await?;
    let own = one.control.scale.unwrap_or(line.settings.scale);
    let tried = one.trial.scale.unwrap_or(own);
    Ok(ExperimentOut {
        variants: vec![variant(Variant::A, own, &found.a), variant(Variant::B, tried, &found.b)],
        id: one.id.to_string(),
        control: one.control,
        trial: one.trial,
        margin: one.margin,
        clients_max: one.clients_max,
        started_at: Timestamp(one.started_at),
        started_by: one.started_by,
        ended_at: one.ended_at.map(Timestamp),
        ended_by: one.ended_by,
        kept: one.kept,
        verdict_at_end: one.verdict,
        difference_low: found.between.low * 100.0,
        difference_high: found.between.high * 100.0,
        verdict: found.verdict,
        clients_needed: found.clients_needed,
        divided: [found.split.a, found.split.b],
        division_off: found.split.off,
    })
}

async fn theirs(app: &AppState, lines: &lastword_domain::access::rights::Lines, id: &str) -> Result<Line, Problem> {
    let found = line::find(&app.engine.db, &id.into()).await?.filter(|line| lines.admit(&line.id));
    found.ok_or_else(|| Problem::missing(Thing::Line, id))
}

/// Lists the experiments of a line
///
/// An experiment compares two ways to ask, each for half of all clients, divided by a hash of the client. Shows how many
/// questions arrived and were answered, and which variant does better.
#[utoipa::path(
    get, path = "/v1/lines/{id}/experiments", operation_id = "listLineExperiments", tag = "lines", security(("api_key" = ["lines:read"])),
    params(("id" = String, Path, description = "The line")),
    responses((status = 200, body = ExperimentsOut), (status = 404, body = Problem))
)]
pub async fn list(
    caller: LineCaller<{ Scope::LinesRead as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<Json<ExperimentsOut>, Problem> {
    let line = theirs(&app, caller.lines(), &id).await?;
    let mut items = Vec::new();
    for one in experiment::of_line(&app.engine.db, &line.id, LISTED).await? {
        items.push(shown(&app, &line, one).await?);
    }
    Ok(Json(ExperimentsOut { items }))
}

/// Starts an experiment
///
/// What the line asks cannot be changed until the experiment ends. Only one experiment per line runs at a time.
#[utoipa::path(
    post, path = "/v1/lines/{id}/experiments", operation_id = "startLineExperiment", tag = "lines", request_body = ExperimentBody,
    security(("api_key" = ["lines:write"])), params(("id" = String, Path, description = "The line")),
    responses(
        (status = 201, body = ExperimentOut),
        (status = 404, body = Problem),
        (status = 409, description = "An experiment is already running, or the line is archived", body = Problem),
        (status = 422, body = Problem),
    )
)]
pub async fn start(
    caller: LineCaller<{ Scope::LinesWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
    Body(body): Body<ExperimentBody>,
) -> Result<(StatusCode, Json<ExperimentOut>), Problem> {
    let line = theirs(&app, caller.lines(), &id).await?;
    let wanted = Wanted { trial: body.trial, margin: body.margin, clients_max: body.clients_max };
    let done = change_experiment::start(&app.engine, &caller.by(), &line, wanted, app.engine.now()).await?;
    Ok((StatusCode::CREATED, Json(changed(&app, &line, done, "An experiment runs already, or the line is archived.").await?)))
}

/// Ends the running experiment
///
/// The line then asks as the chosen variant does.
#[utoipa::path(
    post, path = "/v1/lines/{id}/experiments/end", operation_id = "endLineExperiment", tag = "lines", request_body = EndBody,
    security(("api_key" = ["lines:write"])), params(("id" = String, Path, description = "The line")),
    responses(
        (status = 200, body = ExperimentOut),
        (status = 404, body = Problem),
        (status = 409, description = "No experiment is running", body = Problem),
        (status = 422, body = Problem),
    )
)]
pub async fn end(
    caller: LineCaller<{ Scope::LinesWrite as u8 }>,
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
    Body(body): Body<EndBody>,
) -> Result<Json<ExperimentOut>, Problem> {
    let line = theirs(&app, caller.lines(), &id).await?;
    let done = change_experiment::end(&app.engine, &caller.by(), &line, body.keep, app.engine.now()).await?;
    Ok(Json(changed(&app, &line, done, "No experiment runs on this line.").await?))
}

async fn changed(app: &AppState, line: &Line, done: ExperimentChange, conflict: &str) -> Result<ExperimentOut, Problem> {
    match done {
        ExperimentChange::Done(one) => shown(app, line, *one).await,
        ExperimentChange::Conflict => Err(Problem::new(Code::Conflict, conflict).remedy("GET /v1/lines/{id}/experiments shows how it is.")),
        ExperimentChange::Bad(bad) => Err(Problem::new(Code::InvalidField, format!("{}: {}.", bad.field, bad.problem)).field(bad.field)),
    }
}
