//! Experiments of a line: the trial, the results of both variants, and the conclusions they allow, valid on any day.

use super::super::frame::{Frame, html};
use super::super::{Pages, done};
use super::{address, theirs};
use crate::frame::form::{Fields, Form};
use crate::frame::visit::SignedIn;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lastword_domain::access::rights::Right;
use lastword_domain::answer::rating::Scale;
use lastword_domain::line::LineSettings;
use lastword_domain::line::experiment::{CLIENTS_MAX_DEFAULT, MARGIN_DEFAULT, Trial, Variant};
use lastword_domain::line::texts::words;
use lastword_domain::report::experiment::{ExperimentVerdict, Figures, Outcome};
use lastword_domain::report::share::Share;
use lastword_http::locale::format;
use lastword_http::problem::{Code, Problem};
use lastword_life::admin::change_experiment::{self, ExperimentChange, Wanted};
use lastword_store::line::Line;
use lastword_store::line::experiment::{self, Experiment};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Maximum number of experiments shown.
const SHOWN: i64 = 10;

/// A variant as a row.
struct VariantView {
    variant: Variant,
    words: String,
    /// Settings in which this variant differs from the other.
    asks: Vec<String>,
    asked: String,
    matured: String,
    response: String,
    interval: String,
    score: String,
    kept: bool,
}

struct ExperimentView {
    runs: bool,
    started_at: i64,
    started_by: String,
    ended_at: Option<i64>,
    ended_by: String,
    verdict: ExperimentVerdict,
    words: String,
    between: String,
    more: String,
    split: String,
    variants: Vec<VariantView>,
}

/// The question of variant B in one language, with the line's own as placeholder.
struct Question {
    language: String,
    own: String,
    value: String,
}

#[derive(Template)]
#[template(path = "pages/lines/experiments.html")]
struct ExperimentsPage {
    page: Frame,
    address: String,
    name: String,
    archived: bool,
    may_change: bool,
    runs: bool,
    experiments: Vec<ExperimentView>,
    fields: Fields,
    wrong: String,
    questions: Vec<Question>,
    other_scale: Scale,
    delay: u32,
}

/// `GET /lines/{id}/experiments`
pub async fn show(State(pages): State<Arc<Pages>>, person: SignedIn, Path(id): Path<String>) -> Result<Response, Problem> {
    let line = theirs(&pages, &person, &id).await?;
    let fields = Fields::default().with("margin", MARGIN_DEFAULT.to_string()).with("clients_max", CLIENTS_MAX_DEFAULT.to_string());
    Ok(html(&draw(&pages, &person, &line, fields, String::new()).await?))
}

async fn draw(pages: &Pages, person: &SignedIn, line: &Line, fields: Fields, wrong: String) -> Result<ExperimentsPage, Problem> {
    let engine = &pages.app.engine;
    let page = Frame::of(pages, &person.visit).await?;
    let mut experiments = Vec::new();
    for one in experiment::of_line(&engine.db, &line.id, SHOWN).await? {
        let found = change_experiment::figures(engine, &one, engine.now()).await?;
        experiments.push(view(&page, line, &one, &found));
    }
    let question = |language: &String| Question {
        own: words(&line.settings, Some(language)).question,
        value: fields.value(&format!("question.{language}")).to_owned(),
        language: language.clone(),
    };
    Ok(ExperimentsPage {
        address: address(line.id.as_str()),
        name: line.name.clone(),
        archived: line.archived_at.is_some(),
        may_change: person.rights.may(Right::ChangeLines),
        runs: line.experiment.is_some(),
        questions: languages(&line.settings).iter().map(question).collect(),
        other_scale: if line.settings.scale == Scale::Binary { Scale::FiveStar } else { Scale::Binary },
        delay: line.settings.delay_secs,
        experiments,
        fields,
        wrong,
        page,
    })
}

/// Languages with question texts of the line, the default language first.
fn languages(settings: &LineSettings) -> Vec<String> {
    let others: BTreeSet<&String> = settings.texts.keys().filter(|language| **language != settings.language).collect();
    std::iter::once(&settings.language).chain(others).cloned().collect()
}

/// `POST /lines/{id}/experiments`: starts an experiment.
pub async fn start(State(pages): State<Arc<Pages>>, person: SignedIn, Path(id): Path<String>, form: Form) -> Result<Response, Problem> {
    let line = theirs(&pages, &person, &id).await?;
    let engine = &pages.app.engine;
    let text = |language: &String| {
        let question = form.get(&format!("question.{language}")).trim().replace("\r\n", "\n");
        (!question.is_empty()).then(|| (language.clone(), question))
    };
    let trial = Trial {
        questions: languages(&line.settings).iter().filter_map(text).collect(),
        delay_secs: form.get("delay_secs").parse().ok(),
        scale: Scale::parse(form.get("scale")),
    };
    let (margin, clients_max) = (form.get("margin").parse().unwrap_or(0), form.get("clients_max").parse().unwrap_or(0));
    let wanted = Wanted { trial, margin, clients_max };
    match change_experiment::start(engine, &person.by(), &line, wanted, engine.now()).await? {
        ExperimentChange::Done(_) => {
            Ok(done(&pages, &format!("{}/experiments", address(line.id.as_str())), "done-experiment-started", &line.name))
        }
        ExperimentChange::Conflict => Err(Problem::new(Code::Conflict, "An experiment runs already, or the line is archived.")),
        ExperimentChange::Bad(bad) => {
            let key = match bad.field.as_str() {
                "trial" => "experiment-bad-same",
                "margin" | "clients_max" => "experiment-bad-number",
                _ => "",
            };
            let wrong = if key.is_empty() { bad.problem } else { person.visit.language.text(key, &[]) };
            let page = draw(&pages, &person, &line, Fields::of(&form), wrong).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)).into_response())
        }
    }
}

/// `POST /lines/{id}/experiments/end`: ends the experiment.
pub async fn end(State(pages): State<Arc<Pages>>, person: SignedIn, Path(id): Path<String>, form: Form) -> Result<Response, Problem> {
    let line = theirs(&pages, &person, &id).await?;
    let engine = &pages.app.engine;
    let kept = Variant::parse(form.get("keep")).ok_or_else(Problem::not_found)?;
    match change_experiment::end(engine, &person.by(), &line, kept, engine.now()).await? {
        ExperimentChange::Done(_) => {
            Ok(done(&pages, &format!("{}/experiments", address(line.id.as_str())), "done-experiment-ended", &line.name))
        }
        ExperimentChange::Conflict | ExperimentChange::Bad(_) => {
            Err(Problem::new(Code::Conflict, "The experiment was ended, or the line changed, in the meantime."))
        }
    }
}

fn view(page: &Frame, line: &Line, one: &Experiment, found: &Outcome) -> ExperimentView {
    let verdict = one.verdict.unwrap_or(found.verdict);
    let points = |share: f64| format::decimal(page.language, share * 100.0, 1);
    let between = (found.between.low > -1.0 || found.between.high < 1.0)
        .then(|| page.t2("experiment-between", "low", points(found.between.low), "high", points(found.between.high)));
    let more = match found.clients_needed.filter(|_| one.ended_at.is_none()) {
        Some(clients) => page.t1("experiment-would-tell", "n", clients),
        None if verdict == ExperimentVerdict::GoOn => page.t1("experiment-few", "n", one.clients_max),
        None => String::new(),
    };
    let key = format!("experiment-verdict-{}", verdict.as_str().replace('_', "-"));
    let own = one.control.scale.unwrap_or(line.settings.scale);
    ExperimentView {
        runs: one.ended_at.is_none(),
        started_at: one.started_at,
        started_by: one.started_by.clone(),
        ended_at: one.ended_at,
        ended_by: one.ended_by.clone().unwrap_or_default(),
        words: page.t1(&key, "margin", one.margin),
        between: between.unwrap_or_default(),
        more,
        split: if found.split.off { page.t2("experiment-split", "a", found.split.a, "b", found.split.b) } else { String::new() },
        variants: vec![
            variant(page, one, Variant::A, &one.control, own, &found.a),
            variant(page, one, Variant::B, &one.trial, one.trial.scale.unwrap_or(own), &found.b),
        ],
        verdict,
    }
}

fn variant(page: &Frame, one: &Experiment, variant: Variant, asks: &Trial, scale: Scale, figures: &Figures) -> VariantView {
    let number = |number: i64| format::number(page.language, number);
    let percent = |share: Share| share.percent().map(|percent| page.percent(&percent)).unwrap_or_default();
    let mut said: Vec<String> = asks.questions.iter().map(|(language, question)| format!("{language}: {question}")).collect();
    said.extend(asks.delay_secs.map(|secs| page.t1("experiment-delay", "n", i64::from(secs))));
    said.extend(asks.scale.map(|scale| page.t(&format!("line-scale-{}", scale.as_str().replace('_', "-")))));
    let interval = figures.response().interval();
    VariantView {
        variant,
        words: page.t(if variant == Variant::A { "experiment-variant-a" } else { "experiment-variant-b" }),
        asks: said,
        asked: number(figures.asked),
        matured: number(figures.matured),
        response: percent(figures.response()),
        interval: interval.map(|(low, high)| format!("{}–{}", page.percent(&low), page.percent(&high))).unwrap_or_default(),
        score: match figures.rated {
            0 => String::new(),
            rated => format!("{} · {} / {}", scale.show(scale.top()), number(figures.good), number(rated)),
        },
        kept: one.kept == Some(variant),
    }
}
