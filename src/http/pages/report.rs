//! `/reports`: honest numbers over any days, filtered and split as somebody asks, each a link to what it counted.

pub mod ask;
pub mod charts;
pub mod figures;
pub mod lists;
pub mod table;
pub mod words;

use super::Pages;
use super::chart::Chart;
use super::frame::visit::SignedIn;
use super::frame::{Frame, html};
use crate::domain::access::audit::Act;
use crate::domain::answer::rating::Scale;
use crate::domain::report::Part;
use crate::domain::report::calendar::Day;
use crate::domain::report::stats::target::Reached;
use crate::http::export::{Given, csv, xlsx};
use crate::http::problem::Problem;
use crate::life::records::export_audit::{Export, note};
use crate::life::report;
use crate::life::report::targets::{Target, targets};
use crate::store::report::{By, Closes, hours, known};
use crate::store::session::operator;
use crate::store::{Db, StoreError, line};
use ask::{PRESETS, ReportQuery, SPLITS};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use figures::{Figure, Maker};
use lists::Lists;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most operators and channels to choose from.
const CHOICES_MAX: usize = 1_000;

/// A choice of a form: the word in the address, and what it is called.
pub type Choice = (String, String);

/// One click of the picker of periods: its address, its words, whether it is the one that is shown.
pub type Preset = (String, String, bool);

#[derive(Template)]
#[template(path = "pages/report/reports.html")]
struct ReportsPage {
    page: Frame,
    asked: ReportQuery,
    presets: Vec<Preset>,
    lines: Vec<Choice>,
    operators: Vec<Choice>,
    channels: Vec<Choice>,
    splits: Vec<Choice>,
    days: String,
    zone: &'static str,
    shown: Option<ReportView>,
}

/// The figures, where the question made sense.
struct ReportView {
    rules: Vec<String>,
    before: String,
    headline: Vec<Figure>,
    raw: String,
    few: bool,
    trend: Option<Chart>,
    charts: Vec<Chart>,
    heat: Chart,
    targets: Vec<Goal>,
    way: Vec<Figure>,
    reasons: Vec<Figure>,
    said: Vec<Figure>,
    more: Vec<Figure>,
    scores: Vec<(String, Vec<Figure>)>,
    first: String,
    heads: Vec<String>,
    rows: Vec<table::TableView>,
    left_off: usize,
}

/// A line beside its target.
struct Goal {
    line: String,
    target: String,
    share: String,
    verdict: String,
    tone: &'static str,
    more: String,
}

impl Goal {
    fn of(page: &Frame, target: Target) -> Self {
        let (key, tone) = match target.verdict {
            Reached::Reached => ("target-reached", "on"),
            Reached::Missed => ("target-missed", "bad"),
            Reached::CannotTell => ("target-cannot-tell", ""),
        };
        let ends = target.interval.map(|(low, high)| words::range(page, low, high)).unwrap_or_default();
        let share = Part::from(target.share);
        Self {
            line: target.name,
            target: page.t1("target-wanted", "percent", words::round_percent(page, f64::from(target.percent)).as_str()),
            share: format!("{} ({}) · {}", words::percent(page, share.percent), words::part(page, &share), ends),
            verdict: page.t(key),
            tone,
            more: target.answers.map(|n| page.t1("target-answers", "n", page.number(&n).as_str())).unwrap_or_default(),
        }
    }
}

/// The names of the lines that somebody sees.
///
/// # Errors
/// The database's error.
pub async fn seen_lines(db: &Db, person: &SignedIn) -> Result<BTreeMap<String, String>, StoreError> {
    Ok(line::names(db).await?.into_iter().filter(|(id, _)| person.rights.lines.admit(id)).collect())
}

/// Today, by the organisation's clock.
pub fn today(pages: &Pages) -> Day {
    Day::of(pages.app.engine.now(), pages.app.engine.db.zone())
}

/// `GET /reports`
pub(super) async fn show(State(pages): State<Arc<Pages>>, person: SignedIn, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let (page, db) = (Frame::of(&pages, &person.visit).await?, &pages.app.engine.db);
    let lines = seen_lines(db, &person).await?;
    let query = query.unwrap_or_default();
    let asked = ReportQuery::read(&query, "30", today(&pages), &person.rights.lines, &lines, page.language);
    let all = Closes { sees: person.rights.lines.clone(), ..Closes::of(asked.period) };
    let channels = known(db, &all, By::Channel, CHOICES_MAX).await?.into_iter().map(|kind| (kind.clone(), words::channel(&page, &kind)));
    let fine = asked.fields.fine();
    let shown = if fine { Some(shown(db, &page, &asked, &lines, today(&pages)).await?) } else { None };
    let template = ReportsPage {
        presets: presets(&page, &asked),
        operators: with_chosen(operators(db, &all).await?, asked.fields.value("operator")),
        channels: with_chosen(channels.collect(), asked.fields.value("channel")),
        lines: lines.into_iter().collect(),
        splits: SPLITS.iter().map(|(word, _)| ((*word).to_owned(), page.t(&format!("by-{word}")))).collect(),
        days: words::days(&page, asked.period),
        zone: db.zone().name(),
        page,
        asked,
        shown,
    };
    let status = if fine { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, html(&template)).into_response())
}

/// The operators of these closes, by name.
async fn operators(db: &Db, closes: &Closes) -> Result<Vec<Choice>, StoreError> {
    let ids = known(db, closes, By::Operator, CHOICES_MAX).await?;
    let mut names = operator::names(db, &ids.iter().map(String::as_str).collect::<Vec<_>>()).await?;
    Ok(ids.into_iter().map(|id| (id.clone(), names.remove(&id).unwrap_or(id))).collect())
}

/// The periods of one click.
pub fn presets(page: &Frame, asked: &ReportQuery) -> Vec<Preset> {
    PRESETS.iter().map(|(word, key)| (asked.preset_address(word), page.t(key), asked.preset == *word)).collect()
}

/// What is chosen stays among the choices, also where the period has nothing of it.
fn with_chosen(mut choices: Vec<Choice>, chosen: &str) -> Vec<Choice> {
    choices.sort_by(|a, b| a.1.cmp(&b.1));
    if !chosen.is_empty() && chosen != "-" && !choices.iter().any(|(id, _)| id == chosen) {
        choices.insert(0, (chosen.to_owned(), chosen.to_owned()));
    }
    choices
}

async fn shown(db: &Db, page: &Frame, asked: &ReportQuery, lines: &BTreeMap<String, String>, today: Day) -> Result<ReportView, StoreError> {
    let closes = &asked.closes;
    let summary = report::summary(db, closes).await?;
    let overall = report::overall(db, closes, today).await?;
    let trend = report::timeline(db, closes).await?;
    let trend = trend.map(|time| charts::over_time(page, &time, Some(closes), &summary.report, summary.score_before()));
    let rows = table::read(db, page, asked, lines).await?;
    let make = Maker { page, report: &summary.report, lists: Lists::of(page, closes) };
    let scales = [Scale::Binary, Scale::FiveStar];
    let mut small: Vec<Chart> = scales.iter().filter_map(|&scale| charts::scores(&make, scale, &summary.rules)).collect();
    small.push(charts::way(&make));
    let raw = &summary.report.score.raw.share;
    let voided = summary.report.score.voided;
    Ok(ReportView {
        rules: words::rules(page, &summary.rules, lines),
        before: summary.previous.as_ref().map(|(period, _)| words::days(page, *period)).unwrap_or_default(),
        headline: make.headline(&summary, &overall),
        raw: if voided > 0 { page.t2("raw-score", "score", words::percent(page, raw.percent), "n", voided) } else { String::new() },
        few: summary.report.score.few,
        trend,
        charts: small,
        targets: targets(db, closes).await?.into_iter().map(|target| Goal::of(page, target)).collect(),
        heat: charts::week(page, &hours(db, closes).await?, &make.lists),
        way: make.way(),
        reasons: make.reasons(&summary.reasons),
        said: make.said(Some(&overall)),
        more: make.more(),
        scores: scales
            .iter()
            .map(|&scale| (page.t(charts::title_of(scale)), make.scores(scale)))
            .filter(|(_, scores)| !scores.is_empty())
            .collect(),
        first: page.t(&format!("by-{}", asked.by)),
        heads: table::heads(page),
        rows: rows.rows.into_iter().map(|row| table::shown(page, row)).collect(),
        left_off: rows.left_off,
    })
}

/// `GET /reports/file`: the table of the report as `format=csv` or `xlsx`.
pub(super) async fn keep(State(pages): State<Arc<Pages>>, person: SignedIn, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let (page, db) = (Frame::of(&pages, &person.visit).await?, &pages.app.engine.db);
    let lines = seen_lines(db, &person).await?;
    let query = query.unwrap_or_default();
    let asked = ReportQuery::read(&query, "30", today(&pages), &person.rights.lines, &lines, page.language);
    if !asked.fields.fine() {
        let names = ["from", "until", "line", "scale", "by"];
        let (field, why) = names.iter().map(|name| (*name, asked.fields.error(name))).find(|(_, why)| !why.is_empty()).unwrap_or_default();
        return Err(Problem::invalid_field(field, why.to_owned(), "Go back to the report and choose again."));
    }
    let format = match url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "format").map(|(_, format)| format) {
        None => "csv",
        Some(format) if format == "csv" => "csv",
        Some(format) if format == "xlsx" => "xlsx",
        Some(other) => {
            let other: String = other.chars().take(20).collect();
            return Err(Problem::invalid_field("format", format!("There is no format \"{other}\"."), "Ask for csv or xlsx."));
        }
    };
    let columns = table::columns(&page, page.t(&format!("by-{}", asked.by)));
    let rows: Vec<_> = table::read(db, &page, &asked, &lines).await?.rows.into_iter().map(table::line).collect();
    let (from, until) = (asked.period.from.to_string(), asked.period.until.plus(-1).to_string());
    let of_form = ["line", "operator", "channel", "scale"].map(|name| (name, asked.fields.value(name)));
    let filter = [("from", &*from), ("until", &*until)].into_iter().chain(of_form);
    let export = Export::new(person.by(), Act::ReportExported, asked.by, format, filter);
    let name = format!("lastword-{}-{from}-{until}.{format}", asked.by);
    let (count, rows) = (rows.len() as u64, Box::new(Given::new(rows)));
    // A file that could not be made was not taken.
    let file = match format {
        "csv" => csv::response(&name, columns, rows),
        _ => xlsx::response(&name, xlsx::made_within(&page.t("nav-reports"), columns, rows, pages.file_within).await?.0),
    };
    note(&pages.app.engine, &export, count, true, pages.app.engine.now()).await?;
    Ok(file)
}
