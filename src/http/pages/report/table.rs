//! A report split by operator, line, channel or time: one row per group, with links from figures to lists.

use super::ask::{ReportQuery, Split};
use super::charts::operator_name;
use super::figures::{Figure, Maker};
use super::lists::Lists;
use super::words;
use crate::frame::Frame;
use lastword_base::names::{LineId, OperatorId};
use lastword_domain::answer::rating::Scale;
use lastword_domain::outcome::{NotAsked, Outcome};
use lastword_domain::report::{Average, Part, Report};
use lastword_domain::session::HandledBy;
use lastword_http::export::{self, Cell, Kind};
use lastword_life::report;
use lastword_store::report::{By, Closes};
use lastword_store::{Db, StoreError};
use std::collections::BTreeMap;

/// Maximum number of rows, those with the most ratings.
const ROWS_MAX: usize = 200;

/// One row.
#[derive(Debug)]
pub struct Row {
    /// Key for programs.
    pub key: String,
    /// Name.
    pub name: String,
    /// Address of its page; empty if there is none.
    pub href: String,
    /// Its figures.
    pub report: Report,
    /// For an operator: closes that someone chose not to ask about.
    pub kept_back: Option<Part>,
    /// Its closes, if a list can show them.
    pub closes: Option<Closes>,
}

/// The rows, and the number of rows left out.
#[derive(Debug, Default)]
pub struct Rows {
    /// The rows.
    pub rows: Vec<Row>,
    /// Number of rows with fewer ratings that are left out.
    pub left_off: usize,
    /// True if the shares of work done by humans and programs differ between rows.
    pub mixes_differ: bool,
}

/// Loads the requested rows.
pub async fn read(db: &Db, page: &Frame, asked: &ReportQuery, lines: &BTreeMap<LineId, String>) -> Result<Rows, StoreError> {
    match asked.split() {
        Split::By(by) => {
            let (groups, all) = report::groups(db, &asked.closes, by, ROWS_MAX).await?;
            let (left_off, mixes_differ) = (all - groups.len(), report::rows_differ(by, &groups));
            let rows = groups.into_iter().map(|group| of_group(page, asked, by, group, lines)).collect();
            Ok(Rows { rows, left_off, mixes_differ })
        }
        Split::Step(step) => {
            let points = report::trend(db, &asked.closes, step).await?.unwrap_or_default();
            let row = |point: report::Point| Row {
                key: point.period.from.to_string(),
                name: words::step(page, step, point.period).0,
                href: String::new(),
                report: point.report,
                kept_back: None,
                closes: Some(Closes { from: point.period.from, until: point.period.until, ..asked.closes.clone() }),
            };
            Ok(Rows { rows: points.into_iter().map(row).collect(), ..Rows::default() })
        }
    }
}

/// Converts a group of a report to a row.
pub fn of_group(page: &Frame, asked: &ReportQuery, by: By, group: report::Row, lines: &BTreeMap<LineId, String>) -> Row {
    let id = Some(group.id.clone());
    let closes = asked.closes.clone();
    let (name, href, closes) = match by {
        By::Line => (
            lines.get(group.id.as_str()).unwrap_or(&group.id).clone(),
            String::new(),
            Some(Closes { line: id.map(LineId::from), ..closes }),
        ),
        By::Channel => (words::channel(page, &group.id), String::new(), Some(Closes { channel: id, ..closes })),
        By::HandledBy => {
            let handled_by = HandledBy::parse(&group.id);
            (words::handled_by(page, &group.id), String::new(), Some(Closes { handled_by, ..closes }))
        }
        By::Label => (words::label(page, &group.id), String::new(), words::of_label(&group.id, closes)),
        _ => {
            let to = if group.id.is_empty() { String::new() } else { operator_page(&group.id, asked) };
            (operator_name(page, &group), to, Some(Closes { operator: id.map(OperatorId::from), ..closes }))
        }
    };
    Row { key: group.id, name, href, report: group.report, kept_back: group.kept_back, closes }
}

/// Address of an operator's page for the same period.
pub fn operator_page(id: &str, asked: &ReportQuery) -> String {
    let id: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect::<String>().replace('+', "%20");
    format!("/operators/{id}?{}", asked.address(&[("operator", ""), ("by", "")]))
}

/// One row for display.
#[derive(Debug)]
pub struct TableView {
    /// Key for programs.
    pub key: String,
    /// Name.
    pub name: String,
    /// Address of its page; empty if there is none.
    pub href: String,
    /// Cells after the first.
    pub cells: Vec<Figure>,
}

/// Converts a row for display.
pub fn shown(page: &Frame, row: Row) -> TableView {
    TableView { cells: cells(page, &row), key: row.key, name: row.name, href: row.href }
}

/// A column after the first.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its key in addresses.
    pub key: &'static str,
    /// Its heading.
    pub label: String,
    /// True if it is shown.
    pub shown: bool,
}

/// Keys and headings of the columns after the first: the score and its parts.
pub const COLUMNS: [(&str, &str); 10] = [
    ("score", "figure-score"),
    ("closed", "figure-closed"),
    ("asked", "figure-asked"),
    ("delivered", "figure-delivered"),
    ("answered", "figure-answered"),
    ("response", "figure-response"),
    ("good", "figure-good"),
    ("neutral", "figure-neutral"),
    ("bad", "figure-bad"),
    ("stars", "head-stars"),
];

/// The columns shown by default.
pub const USUAL: [&str; 5] = ["score", "answered", "response", "bad", "stars"];

/// These columns, of which those in the query are shown, or the usual ones if it names none of them.
pub fn columns_of(page: &Frame, all: &[(&'static str, &'static str)], usual: &[&str], asked: &ReportQuery) -> Vec<Column> {
    let wanted = |key: &str| asked.columns.iter().any(|wanted| wanted == key);
    let own = all.iter().any(|(key, _)| wanted(key));
    let shown = |key| if own { wanted(key) } else { usual.contains(&key) };
    all.iter().map(|&(key, label)| Column { key, label: page.t(label), shown: shown(key) }).collect()
}

/// Headings of the columns that are shown.
pub fn shown_heads(columns: &[Column]) -> Vec<&str> {
    columns.iter().filter(|column| column.shown).map(|column| column.label.as_str()).collect()
}

/// Removes the cells of columns that are not shown.
pub fn narrow(columns: &[Column], mut row: TableView) -> TableView {
    let mut shown = columns.iter().map(|column| column.shown);
    row.cells.retain(|_| shown.next().unwrap_or(true));
    row
}

/// Cells of a row after the first, in the order of [`COLUMNS`].
fn cells(page: &Frame, row: &Row) -> Vec<Figure> {
    let make = Maker { page, report: &row.report, lists: Lists::of_some(page, row.closes.as_ref()) };
    let (funnel, adjusted) = (&row.report.funnel, &row.report.score.adjusted);
    let mut response = make.response();
    (response.of, response.href) = (String::new(), String::new());
    let mut score = make.score();
    score.of = words::interval(page, &row.report.score.adjusted.share);
    score.bar = row.report.score.adjusted.share.percent;
    let stars = row.report.on(Scale::FiveStar).and_then(|stars| stars.adjusted_average);
    vec![
        score,
        make.count("closed", "figure-closed", funnel.closed, Some(&[("outcome", "all")])),
        make.count("asked", "figure-asked", funnel.asked, Some(&[("outcome", "asked")])),
        make.count("delivered", "figure-delivered", funnel.delivered, Some(&[("outcome", "delivered")])),
        make.count("answered", "figure-answered", funnel.answered, Some(&[])),
        response,
        make.graded("good", adjusted.good),
        make.graded("neutral", adjusted.neutral),
        make.graded("bad", adjusted.bad),
        average(page, stars.as_ref()),
    ]
}

/// Average of stars with its interval and number of ratings.
fn average(page: &Frame, stars: Option<&Average>) -> Figure {
    let Some(stars) = stars else { return Figure { value: words::NONE.to_owned(), ..Figure::default() } };
    let ends = format!("{}–{}", words::stars(page, stars.low), words::stars(page, stars.high));
    let of = format!("{ends} ({})", page.number(&stars.of));
    Figure { value: words::stars(page, stars.mean), of, ..Figure::default() }
}

/// Closes that someone chose not to ask about, with the interval of their share and the link to the list.
pub fn kept_back(page: &Frame, part: &Part, closes: Option<&Closes>) -> Figure {
    let list = [("outcome", Outcome::NotAsked.as_str()), ("reason", NotAsked::ByChoice.as_str())];
    Figure {
        key: "kept_back".to_owned(),
        label: page.t("figure-kept-back"),
        value: words::percent(page, part.percent),
        of: if part.of == 0 { String::new() } else { format!("{} · {}", words::part(page, part), words::interval(page, part)) },
        href: if part.part > 0 { Lists::of_some(page, closes).to(&list) } else { String::new() },
        ..Figure::default()
    }
}

/// Columns of the table as a file: figures as numbers, with intervals in separate columns.
pub fn columns(page: &Frame, first: String) -> Vec<export::Column> {
    let number = |key: &'static str| export::Column::new(key, page.t(key), Kind::Number, 14);
    let counts = [
        "figure-closed",
        "figure-asked",
        "figure-delivered",
        "figure-answered",
        "figure-open",
        "figure-expired",
        "figure-unreachable",
        "figure-unsure",
        "figure-not-asked",
        "figure-canceled",
        "figure-late",
    ];
    let shares = ["head-response-percent", "figure-good", "figure-neutral", "figure-bad", "head-score-percent", "head-low", "head-high"];
    let more = [
        "head-stars",
        "head-stars-low",
        "head-stars-high",
        "head-stars-of",
        "head-raw-percent",
        "head-raw-good",
        "head-raw-neutral",
        "head-raw-bad",
        "figure-voided",
        "head-resolved-percent",
        "figure-commented",
        "head-took-secs",
        "figure-supervised",
        "figure-kept-back",
        "head-kept-back-percent",
        "head-kept-back-low",
        "head-kept-back-high",
    ];
    let named = [export::Column::new("name", first, Kind::Text, 28), export::Column::new("id", page.t("head-id"), Kind::Text, 14)];
    named.into_iter().chain(counts.into_iter().chain(shares).chain(more).map(number)).collect()
}

/// A row with the columns of [`columns`].
pub fn line(row: Row) -> Vec<Cell> {
    let (report, funnel) = (&row.report, &row.report.funnel);
    let (raw, adjusted) = (&report.score.raw, &report.score.adjusted);
    let stars = report.on(Scale::FiveStar).and_then(|stars| stars.adjusted_average);
    let rounded = |value: Option<f64>| Cell::from(value.map(|value| (value * 1_000.0).round() / 1_000.0));
    vec![
        row.name.into(),
        row.key.into(),
        funnel.closed.into(),
        funnel.asked.into(),
        funnel.delivered.into(),
        funnel.answered.into(),
        funnel.open.into(),
        funnel.expired.into(),
        funnel.unreachable.into(),
        funnel.unsure.into(),
        funnel.not_asked.into(),
        funnel.canceled.into(),
        funnel.late.into(),
        rounded(report.response.percent),
        adjusted.good.into(),
        adjusted.neutral.into(),
        adjusted.bad.into(),
        rounded(adjusted.share.percent),
        rounded(adjusted.share.low),
        rounded(adjusted.share.high),
        rounded(stars.map(|stars| stars.mean)),
        rounded(stars.map(|stars| stars.low)),
        rounded(stars.map(|stars| stars.high)),
        stars.map(|stars| stars.of).into(),
        rounded(raw.share.percent),
        raw.good.into(),
        raw.neutral.into(),
        raw.bad.into(),
        report.score.voided.into(),
        rounded(report.resolved.percent),
        report.commented.part.into(),
        report.took.average_secs.into(),
        report.supervisor.count.into(),
        row.kept_back.map(|kept| kept.part).into(),
        rounded(row.kept_back.and_then(|kept| kept.percent)),
        rounded(row.kept_back.and_then(|kept| kept.low)),
        rounded(row.kept_back.and_then(|kept| kept.high)),
    ]
}
