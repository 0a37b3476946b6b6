//! `/reports`: figures with their uncertainty over any period, filtered and split; each figure links to the closes it counts.

pub mod ask;
pub mod cases;
mod changes;
pub mod charts;
pub mod choices;
pub mod figures;
pub(crate) mod latest;
pub mod lists;
pub mod own;
pub mod reasons;
mod replies;
pub mod table;
pub(crate) mod verdict;
pub mod wait;
pub mod words;
pub mod xray;

use super::Pages;
use super::chart::Chart;
use super::frame::visit::SignedIn;
use super::frame::{Frame, html};
use ask::{PRESETS, ReportQuery, SPLITS, Tab};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use changes::ChangesView;
use choices::Choices;
use figures::{Figure, Maker};
use lastword_base::names::LineId;
use lastword_domain::access::audit::Act;
use lastword_domain::answer::rating::Scale;
use lastword_domain::report::calendar::Day;
use lastword_domain::report::stats::ALPHA;
use lastword_domain::report::stats::target::Reached;
use lastword_domain::report::{Part, Report};
use lastword_http::export::{Given, csv, xlsx};
use lastword_http::problem::Problem;
use lastword_life::records::export_audit::{Export, note};
use lastword_life::report::by_hour::worse_hours;
use lastword_life::report::changed::{Claims, reads_many};
use lastword_life::report::targets::{Target, targets};
use lastword_life::report::timeline::timeline;
use lastword_life::report::{self, Summary};
use lastword_store::report::{Closes, hours};
use lastword_store::{Db, StoreError, line};
use lists::Lists;
use reasons::ReasonsView;
use replies::{RepliesView, replies};
use std::collections::BTreeMap;
use std::sync::Arc;

/// An option of a form: value in the address and label.
pub type Choice = (String, String);

/// A period preset: address, label, and true if it is shown.
pub type Preset = (String, String, bool);

#[derive(Template)]
#[template(path = "pages/report/reports.html")]
struct ReportsPage {
    page: Frame,
    asked: ReportQuery,
    presets: Vec<Preset>,
    choices: Choices,
    splits: Vec<Choice>,
    days: String,
    zone: &'static str,
    shown: Option<ReportView>,
}

/// The requested part, if the query is valid.
struct ReportView {
    /// True if nothing was closed in the period.
    empty: bool,
    headline: Vec<Figure>,
    rules: Vec<String>,
    /// The previous period, where something is compared with it.
    before: String,
    raw: String,
    /// A note if there are few ratings, or none; empty otherwise, and if nothing was closed.
    few: String,
    mixes_differ: bool,
    part: PartView,
}

/// Content of the tab below the rules.
enum PartView {
    Overview { changes: Option<ChangesView>, follows: String, trend: Option<Chart>, targets: Vec<Goal>, replies: Vec<RepliesView> },
    Compare(Box<CompareView>),
    Reasons { first: String, why: Option<ReasonsView> },
    Week { heat: Box<Chart>, follows: String },
    Details(Box<DetailsView>),
}

/// Comparison of groups.
struct CompareView {
    title: String,
    first: String,
    columns: Vec<table::Column>,
    rows: Vec<table::TableView>,
    left_off: usize,
    rows_differ: bool,
}

/// Outcomes of the questions and content of the answers.
struct DetailsView {
    charts: Vec<Chart>,
    way: Vec<Figure>,
    reasons: Vec<Figure>,
    said: Vec<Figure>,
    more: Vec<Figure>,
    scores: Vec<(String, Vec<Figure>)>,
}

/// A line with its target.
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
            _ if target.redefined || target.share.whole == 0 => ("target-none", ""),
            Reached::Reached => ("target-reached", "on"),
            Reached::Missed => ("target-missed", "bad"),
            Reached::CannotTell => ("target-cannot-tell", ""),
        };
        let ends = target.interval.map(|(low, high)| words::range(page, low, high)).unwrap_or_default();
        let share = Part::from(target.share);
        Self {
            line: target.name,
            target: page.t1("target-wanted", "percent", words::round_percent(page, f64::from(target.percent)).as_str()),
            share: [format!("{} ({})", words::percent(page, share.percent), words::part(page, &share)), ends]
                .into_iter()
                .filter(|words| !words.is_empty())
                .collect::<Vec<_>>()
                .join(" · "),
            verdict: page.t(key),
            tone,
            more: match target.answers {
                _ if target.redefined => page.t("target-redefined"),
                _ if target.share.whole == 0 => page.t("target-no-cases"),
                Some(n) => page.t1("target-answers", "n", page.number(&n).as_str()),
                None => String::new(),
            },
        }
    }
}

/// Names of the lines that the person sees.
pub async fn seen_lines(db: &Db, person: &SignedIn) -> Result<BTreeMap<LineId, String>, StoreError> {
    Ok(line::names(db).await?.into_iter().filter(|(id, _)| person.rights.lines.admit(id)).collect())
}

/// Today in the organisation's time zone.
pub fn today(pages: &Pages) -> Day {
    Day::of(pages.app.engine.now(), pages.app.engine.db.zone())
}

/// `GET /reports`
pub(super) async fn show(State(pages): State<Arc<Pages>>, person: SignedIn, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let (page, db) = (Frame::of(&pages, &person.visit).await?, &pages.app.engine.db);
    let lines = seen_lines(db, &person).await?;
    let query = query.unwrap_or_default();
    let mut asked = ReportQuery::read(&query, "30", today(&pages), &person.rights.lines, &lines, page.language);
    if wait::takes_long(&pages, &mut asked, &query).await? {
        let title = page.t("reports-title");
        return Ok(wait::shown(page, title, "/reports", &query, &asked));
    }
    let fine = asked.fields.fine();
    let shown = if fine { Some(shown(&pages, &page, &asked, &lines, &query).await?) } else { None };
    let template = ReportsPage {
        presets: presets(&page, &asked),
        choices: Choices::of(db, &page, &asked, &lines).await?,
        splits: SPLITS.iter().map(|(word, _)| ((*word).to_owned(), page.t(&format!("by-{}", word.replace('_', "-"))))).collect(),
        days: words::days(&page, asked.period),
        zone: db.zone().name(),
        page,
        asked,
        shown,
    };
    let status = if fine { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, html(&template)).into_response())
}

/// The period presets.
pub fn presets(page: &Frame, asked: &ReportQuery) -> Vec<Preset> {
    PRESETS.iter().map(|(word, key)| (asked.preset_address(word), page.t(key), asked.preset == *word)).collect()
}

async fn shown(
    pages: &Pages,
    page: &Frame,
    asked: &ReportQuery,
    lines: &BTreeMap<LineId, String>,
    query: &str,
) -> Result<ReportView, StoreError> {
    let (closes, db, today) = (&asked.closes, &pages.app.engine.db, today(pages));
    let mut summary = report::summary(db, closes).await?;
    let claimed = match asked.tab {
        Tab::Overview | Tab::Details => pages.app.claims.about(db, closes, &mut summary, wait::waits(query), page.now).await?,
        Tab::Compare | Tab::Reasons | Tab::Week => None,
    };
    let make = Maker { page, report: &summary.report, lists: Lists::of(page, closes) };
    let first = page.t(&format!("by-{}", asked.by.replace('_', "-")));
    let raw = &summary.report.score.raw.share;
    let voided = summary.report.score.voided;
    let mut headline = Vec::new();
    let part = match asked.tab {
        Tab::Overview => {
            let claims = claimed.as_deref().and_then(Option::as_ref);
            let (overall, trend, changes, targets, replies) = tokio::try_join!(
                report::overall(db, closes, today),
                timeline(db, closes),
                changes(pages, page, asked, claims),
                async { if claimed.is_some() { targets(db, closes, ALPHA).await } else { Ok(Vec::new()) } },
                // Over many closes they follow with the claims: both read rows.
                async { if claimed.is_some() { replies(page, db, closes, page.now).await } else { Ok(Vec::new()) } },
            )?;
            headline = make.headline(&summary, &overall, claims);
            let before = claims.and_then(|claims| claims.score_before(&summary));
            PartView::Overview {
                changes,
                follows: if claimed.is_none() { format!("/reports?{query}&wait=1") } else { String::new() },
                trend: trend.map(|time| charts::over_time(page, &time, Some(closes), &summary.report, before)),
                targets: targets.into_iter().map(|target| Goal::of(page, target)).collect(),
                replies,
            }
        }
        Tab::Compare => {
            let rows = table::read(db, page, asked, lines).await?;
            let columns = table::columns_of(page, &table::COLUMNS, &table::USUAL, asked);
            PartView::Compare(Box::new(CompareView {
                title: page.t(&format!("split-by-{}", asked.by.replace('_', "-"))),
                first,
                left_off: rows.left_off,
                rows_differ: rows.mixes_differ,
                rows: rows.rows.into_iter().map(|row| table::narrow(&columns, table::shown(page, row))).collect(),
                columns,
            }))
        }
        Tab::Reasons => PartView::Reasons { first, why: reasons::shown(page, asked, lines, reasons::read(pages, asked, page.now).await?) },
        Tab::Week => week(db, &make, closes, query).await?,
        Tab::Details => PartView::Details(Box::new(details(&make, &summary, &report::overall(db, closes, today).await?))),
    };
    let compares = matches!(part, PartView::Overview { .. } | PartView::Reasons { why: Some(_), .. });
    Ok(ReportView {
        empty: summary.report.funnel.closed == 0,
        headline,
        rules: words::rules(db, page, &summary.rules, lines).await?,
        before: summary.previous.as_ref().filter(|_| compares).map(|(period, _)| words::days(page, *period)).unwrap_or_default(),
        raw: if voided > 0 { page.t2("raw-score", "score", words::percent(page, raw.percent), "n", voided) } else { String::new() },
        few: few_note(page, &summary.report),
        mixes_differ: summary.mixes_differ && compares,
        part,
    })
}

/// A note on few ratings, or on none at all; empty if there are enough, or no chats.
fn few_note(page: &Frame, report: &Report) -> String {
    match report.score.adjusted.rated {
        _ if report.funnel.closed == 0 || !report.score.few => String::new(),
        0 => page.t("trend-none"),
        _ => page.t("num-few-hint"),
    }
}

/// Hours of the week. Each client counts once, so the test of hours reads rows: of many closes it is loaded after the page.
async fn week(db: &Db, make: &Maker<'_>, closes: &Closes, query: &str) -> Result<PartView, StoreError> {
    let tested = wait::waits(query) || !reads_many(db, closes, make.report.funnel.closed).await?;
    let worse = if tested { Some(worse_hours(db, closes).await?) } else { None };
    let heat = charts::week(make.page, &hours(db, closes).await?, worse.as_ref(), &make.lists);
    Ok(PartView::Week { heat: Box::new(heat), follows: if tested { String::new() } else { format!("/reports?{query}&wait=1") } })
}

async fn changes(pages: &Pages, page: &Frame, asked: &ReportQuery, claims: Option<&Claims>) -> Result<Option<ChangesView>, StoreError> {
    match claims {
        Some(claims) => ChangesView::of(pages, page, asked, claims).await,
        None => Ok(None),
    }
}

fn details(make: &Maker<'_>, summary: &Summary, overall: &Report) -> DetailsView {
    let scales = [Scale::Binary, Scale::FiveStar];
    let mut small: Vec<Chart> = scales.iter().filter_map(|&scale| charts::scores(make, scale, &summary.rules)).collect();
    small.push(charts::way(make));
    let scores = scales.iter().map(|&scale| (make.page.t(charts::title_of(scale)), make.scores(scale)));
    DetailsView {
        charts: small,
        way: make.way(),
        reasons: make.reasons(&summary.reasons),
        said: make.said(Some(overall)),
        more: make.more(),
        scores: scores.filter(|(_, scores)| !scores.is_empty()).collect(),
    }
}

/// `GET /reports/file`: the table of the report, or with `what=reasons` the reasons of low ratings, as `format=csv` or `xlsx`.
pub(super) async fn keep(State(pages): State<Arc<Pages>>, person: SignedIn, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let (page, db) = (Frame::of(&pages, &person.visit).await?, &pages.app.engine.db);
    let lines = seen_lines(db, &person).await?;
    let query = query.unwrap_or_default();
    let asked = ReportQuery::read(&query, "30", today(&pages), &person.rights.lines, &lines, page.language);
    if !asked.fields.fine() {
        let names = ["from", "until", "line", "scale", "handled_by", "label", "by"];
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
    let what = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "what").map(|(_, what)| what.into_owned());
    let (what, first) = (what.unwrap_or_default(), page.t(&format!("by-{}", asked.by.replace('_', "-"))));
    let (name, columns, rows) = match what.as_str() {
        "" => {
            let rows: Vec<_> = table::read(db, &page, &asked, &lines).await?.rows.into_iter().map(table::line).collect();
            (asked.by.to_owned(), table::columns(&page, first), rows)
        }
        "reasons" => {
            let found = reasons::read(&pages, &asked, page.now).await?;
            (format!("reasons-{}", asked.by), reasons::columns(&page, first), reasons::lines_of(&page, &asked, &lines, &found))
        }
        other => {
            let other: String = other.chars().take(20).collect();
            return Err(Problem::invalid_field("what", format!("There is no file of \"{other}\"."), "Ask for reasons, or leave it out."));
        }
    };
    let (from, until) = (asked.period.from.to_string(), asked.period.last_day().to_string());
    let of_form = ["line", "operator", "channel", "scale", "handled_by", "label"].map(|name| (name, asked.fields.value(name)));
    let filter = [("from", &*from), ("until", &*until)].into_iter().chain(of_form);
    let export = Export::new(person.by(), Act::ReportExported, &name, format, filter);
    let name = format!("lastword-{name}-{from}-{until}.{format}");
    let (count, rows) = (rows.len() as u64, Box::new(Given::new(rows)));
    // The export is recorded only after the file was made.
    let file = match format {
        "csv" => csv::response(&name, columns, rows),
        _ => xlsx::response(&name, xlsx::made_within(&page.t("nav-reports"), columns, rows, pages.file_within).await?.0),
    };
    note(&pages.app.engine, &export, count, true, pages.app.engine.now()).await?;
    Ok(file)
}
