//! Reasons of low ratings on the reports page: each with its share and interval, compared with the previous period, and
//! split like the report. Reasons chosen by clients and tags from keyword rules are separate, and every figure links to its
//! ratings.

use super::ask::{ReportQuery, Split};
use super::charts::operator_name_of;
use super::figures::Figure;
use super::lists::Lists;
use super::table::TableView;
use super::words;
use crate::Pages;
use crate::frame::Frame;
use lastword_base::names::{LineId, OperatorId};
use lastword_domain::answer::reason::ReasonOrigin;
use lastword_domain::report::Part;
use lastword_domain::report::comparison::{Difference, Verdict};
use lastword_domain::report::low_reasons::{LowReason, LowReasons};
use lastword_domain::report::period::Step;
use lastword_domain::report::rating_filter::{NONE, SOME};
use lastword_domain::session::HandledBy;
use lastword_http::export::{Cell, Column, Kind};
use lastword_http::locale::format;
use lastword_life::report::low_reasons::{Labels, Row, by_group, by_step};
use lastword_store::report::{By, Closes};
use lastword_store::{Millis, StoreError};
use std::collections::BTreeMap;

/// Maximum number of groups in a table, those with the most low ratings.
const ROWS_MAX: usize = 200;
/// Maximum number of reasons with a column of their own in a split table.
const COLUMNS_MAX: usize = 6;
/// Number of reasons on an operator's page.
const TOP: usize = 5;

/// Reasons of low ratings for display.
pub(super) struct ReasonsView {
    /// Number of low ratings, and of those with a reason.
    pub(super) wholes: Vec<Figure>,
    /// The base of the shares, one sentence for each origin, and a note about lines that changes leave out.
    pub(super) rules: Vec<String>,
    pub(super) heads: Vec<String>,
    pub(super) rows: Vec<TableView>,
    pub(super) split_heads: Vec<String>,
    pub(super) split: Vec<TableView>,
    pub(super) left_off: usize,
}

/// Data for the page and for its file.
pub(super) struct Found {
    all: LowReasons,
    rows: Vec<Row>,
    left_off: usize,
    labels: Labels,
}

/// Loads the reasons of the low ratings selected.
pub(super) async fn read(pages: &Pages, asked: &ReportQuery, now: Millis) -> Result<Found, StoreError> {
    let (closes, db) = (&asked.closes, &pages.app.engine.db);
    let (rows, of) = match asked.split() {
        Split::By(by) => by_group(db, closes, by, ROWS_MAX).await?,
        Split::Step(step) => {
            let rows = by_step(db, closes, step).await?.unwrap_or_default();
            let of = rows.len();
            (rows, of)
        }
    };
    let left_off = of - rows.len();
    Ok(Found { all: pages.app.reasons.of(db, closes, now).await?.0.clone(), rows, left_off, labels: Labels::of(db, closes).await? })
}

/// Prepares the page; `None` if there was no low rating, now or in the previous period.
pub(super) fn shown(page: &Frame, asked: &ReportQuery, lines: &BTreeMap<LineId, String>, found: Found) -> Option<ReasonsView> {
    let Found { all, rows, left_off, labels } = found;
    if all.low == 0 && all.items.is_empty() {
        return None;
    }
    let lists = Lists::of(page, &asked.closes);
    let by_rules = all.read.part > 0 || all.items.iter().any(|item| item.tagged_before.is_some_and(|part| part.of > 0));
    let origins: &[ReasonOrigin] = if by_rules { &ReasonOrigin::ALL } else { &[ReasonOrigin::Chosen] };
    let mut rules = vec![page.t2("low-reasons-rule", "part", all.reasoned.part, "of", all.low)];
    rules.extend(all.redefined.then(|| page.t("low-reasons-left-out")));
    rules.extend(by_rules.then(|| page.t2("low-reasons-tags-rule", "part", all.read.part, "of", all.low)));
    let row = |item: &LowReason| TableView {
        key: item.code.clone(),
        name: labels.label(page.language.tag(), &item.code),
        href: String::new(),
        cells: origins.iter().flat_map(|&origin| cells(page, item, origin, &lists)).collect(),
    };
    let heads =
        origins.iter().flat_map(|origin| [page.t(&format!("low-reasons-{}", origin.as_str())), page.t("low-reasons-before")]).collect();
    let columns = columns_of(&all, origins);
    let head = |(origin, code): &(ReasonOrigin, String)| {
        let label = labels.label(page.language.tag(), code);
        match origin {
            ReasonOrigin::Chosen => label,
            ReasonOrigin::Tagged => page.t1("ratings-by-rule", "reason", label.as_str()),
        }
    };
    let firsts = [page.t("low-reasons-low"), page.t("low-reasons-reasoned")];
    let split = rows.into_iter().map(|row| split_row(page, asked, lines, &columns, row)).collect();
    Some(ReasonsView {
        wholes: wholes(page, &all, by_rules, &lists),
        rules,
        heads,
        rows: all.items.iter().map(row).collect(),
        split_heads: firsts.into_iter().chain(columns.iter().map(head)).collect(),
        split,
        left_off,
    })
}

/// Reasons with a column in a split table: the most frequent ones.
fn columns_of(all: &LowReasons, origins: &[ReasonOrigin]) -> Vec<(ReasonOrigin, String)> {
    let mut columns: Vec<(i64, ReasonOrigin, String)> = Vec::new();
    for item in &all.items {
        columns.extend(origins.iter().map(|&origin| (item.part(origin).part, origin, item.code.clone())).filter(|(n, ..)| *n > 0));
    }
    columns.sort_by(|(n, origin, code), (m, other, another)| (-n, origin, code).cmp(&(-m, other, another)));
    columns.truncate(COLUMNS_MAX);
    columns.into_iter().map(|(_, origin, code)| (origin, code)).collect()
}

/// Link to the low ratings that the score counts, with an additional filter.
fn list(lists: &Lists, name: &str, value: &str) -> String {
    let low = [("grade", "bad"), ("voided", "no")];
    if name.is_empty() { lists.to(&low) } else { lists.to(&[low[0], low[1], (name, value)]) }
}

fn count(page: &Frame, key: &str, label: &str, number: i64, href: String) -> Figure {
    let label = if label.is_empty() { String::new() } else { page.t(label) };
    let href = if number > 0 { href } else { String::new() };
    Figure { key: key.to_owned(), label, value: page.number(&number), raw: number.to_string(), href, ..Figure::default() }
}

/// "33.3% (6.2–79.2%)", or empty.
fn share(page: &Frame, part: &Part) -> String {
    if part.of == 0 { String::new() } else { format!("{} ({})", words::percent(page, part.percent), words::interval(page, part)) }
}

fn wholes(page: &Frame, all: &LowReasons, by_rules: bool, lists: &Lists) -> Vec<Figure> {
    let of_low = |figure: Figure, part: i64| Figure { of: words::percent(page, Part::new(part, all.low).percent), ..figure };
    let (reasoned, tagged) = (all.reasoned.part, all.tagged.part);
    let one = |key: &str, label: &str, number: i64, name: &str, value: &str| count(page, key, label, number, list(lists, name, value));
    let mut figures = vec![
        one("low", "low-reasons-low", all.low, "", ""),
        of_low(one("reasoned", "low-reasons-reasoned", reasoned, "chosen", SOME), reasoned),
        of_low(one("without a reason", "low-reasons-without", all.low - reasoned, "chosen", NONE), all.low - reasoned),
    ];
    if by_rules {
        figures.push(one("tagged", "low-reasons-with-tag", tagged, "tagged", SOME));
        figures.push(one("without a tag", "low-reasons-without-tag", all.read.part - tagged, "tagged", NONE));
    }
    figures
}

/// The most frequent reasons.
pub struct TopReasons {
    /// Each with its share of the low ratings that have a reason, and the interval.
    pub figures: Vec<Figure>,
    /// What the shares refer to.
    pub rule: String,
}

impl TopReasons {
    /// The reasons that clients chose most often; `lists` links to the ratings. `None` if there was no low rating.
    pub fn of(page: &Frame, all: &LowReasons, labels: &Labels, lists: &Lists) -> Option<Self> {
        let chosen = all.items.iter().filter(|item| item.chosen.part > 0).take(TOP);
        let figure = |item: &LowReason| {
            let to = list(lists, ReasonOrigin::Chosen.as_str(), &item.code);
            let counted = count(page, &format!("chosen {}", item.code), "", item.chosen.part, to);
            Figure { label: labels.label(page.language.tag(), &item.code), of: share(page, &item.chosen), ..counted }
        };
        let rule = page.t2("low-reasons-rule", "part", all.reasoned.part, "of", all.low);
        (all.low > 0).then(|| Self { figures: chosen.map(figure).collect(), rule })
    }
}

/// Number of ratings with a reason now and before.
fn cells(page: &Frame, item: &LowReason, origin: ReasonOrigin, lists: &Lists) -> [Figure; 2] {
    let (part, (before, change)) = (item.part(origin), item.before(origin));
    let key = format!("{} {}", origin.as_str(), item.code);
    let (chip, tone) = change.map(|change| changed(page, change)).unwrap_or_default();
    let now = Figure { of: share(page, part), chip, tone, ..count(page, &key, "", part.part, list(lists, origin.as_str(), &item.code)) };
    let was = before.filter(|before| before.of > 0);
    let value = was.map_or_else(|| words::NONE.to_owned(), |was| words::percent(page, was.percent));
    [now, Figure { value, of: was.map(|was| words::part(page, was)).unwrap_or_default(), ..Figure::default() }]
}

/// Change since the previous period, if the data support one. An increase is bad.
fn changed(page: &Frame, change: &Difference) -> (String, &'static str) {
    let points = format::decimal(page.language, change.points.abs(), 1);
    match change.verdict {
        Verdict::Higher => (page.t1("change-higher", "points", points.as_str()), "bad"),
        Verdict::Lower => (page.t1("change-lower", "points", points.as_str()), "on"),
        Verdict::CannotTell => (String::new(), ""),
    }
}

fn split_row(
    page: &Frame,
    asked: &ReportQuery,
    lines: &BTreeMap<LineId, String>,
    columns: &[(ReasonOrigin, String)],
    row: Row,
) -> TableView {
    let (key, name, closes) = place(page, asked, lines, &row);
    let (lists, reasons) = (Lists::of_some(page, closes.as_ref()), &row.reasons);
    let one = |key: &str, number: i64, name: &str, value: &str| count(page, key, "", number, list(&lists, name, value));
    let reasoned = Figure { of: words::percent(page, reasons.reasoned.percent), ..one("reasoned", reasons.reasoned.part, "chosen", SOME) };
    let of_reason = |(origin, code): &(ReasonOrigin, String)| {
        let none = Part::new(0, if *origin == ReasonOrigin::Chosen { reasons.reasoned.part } else { reasons.read.part });
        let part = reasons.item(code).map_or(none, |item| *item.part(*origin));
        Figure { of: share(page, &part), ..one(&format!("{} {code}", origin.as_str()), part.part, origin.as_str(), code) }
    };
    let cells = [one("low", reasons.low, "", ""), reasoned].into_iter().chain(columns.iter().map(of_reason)).collect();
    TableView { key, name, href: String::new(), cells }
}

/// Subject of a row: key for programs, name, and closes, if a list can show them.
fn place(page: &Frame, asked: &ReportQuery, lines: &BTreeMap<LineId, String>, row: &Row) -> (String, String, Option<Closes>) {
    let (id, closes) = (Some(row.id.clone()), asked.closes.clone());
    if let Some(period) = row.period {
        let step = if let Split::Step(step) = asked.split() { step } else { Step::Day };
        let closes = Closes { from: period.from, until: period.until, ..closes };
        return (period.from.to_string(), words::step(page, step, period).0, Some(closes));
    }
    let (name, closes) = match asked.split() {
        Split::By(By::Line) => {
            (lines.get(row.id.as_str()).unwrap_or(&row.id).clone(), Some(Closes { line: id.map(LineId::from), ..closes }))
        }
        Split::By(By::HandledBy) => (words::handled_by(page, &row.id), Some(Closes { handled_by: HandledBy::parse(&row.id), ..closes })),
        Split::By(By::Label) => (words::label(page, &row.id), words::of_label(&row.id, closes)),
        Split::By(By::Channel) => (words::channel(page, &row.id), Some(Closes { channel: id, ..closes })),
        _ => (operator_name_of(page, &row.id, row.name.as_deref()), Some(Closes { operator: id.map(OperatorId::from), ..closes })),
    };
    (row.id.clone(), name, closes)
}

/// Columns of the file.
pub(super) fn columns(page: &Frame, first: String) -> Vec<Column> {
    let number = |key: &'static str| Column::new(key, page.t(key), Kind::Number, 14);
    let named = [
        Column::new("name", first, Kind::Text, 28),
        Column::new("id", page.t("head-id"), Kind::Text, 14),
        Column::new("low-reasons-code", page.t("low-reasons-code"), Kind::Text, 18),
        Column::new("low-reasons-reason", page.t("low-reasons-reason"), Kind::Text, 28),
        Column::new("low-reasons-origin", page.t("low-reasons-origin"), Kind::Text, 22),
    ];
    let numbers = ["low-reasons-low", "low-reasons-part", "low-reasons-of", "low-reasons-percent", "head-low", "head-high"];
    let before = ["low-reasons-before-part", "low-reasons-before-of", "low-reasons-before-percent", "low-reasons-points"];
    let verdict = Column::new("low-reasons-verdict", page.t("low-reasons-verdict"), Kind::Text, 16);
    named.into_iter().chain(numbers.into_iter().chain(before).map(number)).chain([verdict]).collect()
}

/// Rows of the file: each reason over all closes with the previous period, then by group.
pub(super) fn lines_of(page: &Frame, asked: &ReportQuery, lines: &BTreeMap<LineId, String>, found: &Found) -> Vec<Vec<Cell>> {
    let mut cells = of_group(page, &page.t("low-reasons-all"), "", &found.all, &found.labels);
    for row in &found.rows {
        let (id, name, _) = place(page, asked, lines, row);
        cells.extend(of_group(page, &name, &id, &row.reasons, &found.labels));
    }
    cells
}

fn of_group(page: &Frame, name: &str, id: &str, reasons: &LowReasons, labels: &Labels) -> Vec<Vec<Cell>> {
    let rounded = |value: Option<f64>| Cell::from(value.map(|value| (value * 1_000.0).round() / 1_000.0));
    let line = |(item, origin): (&LowReason, ReasonOrigin)| {
        let (part, (before, change)) = (item.part(origin), item.before(origin));
        let verdict = change.map(|change| match change.verdict {
            Verdict::Higher => "higher",
            Verdict::Lower => "lower",
            Verdict::CannotTell => "cannot_tell",
        });
        vec![
            name.to_owned().into(),
            id.to_owned().into(),
            item.code.clone().into(),
            labels.label(page.language.tag(), &item.code).into(),
            page.t(&format!("low-reasons-{}", origin.as_str())).into(),
            reasons.low.into(),
            part.part.into(),
            part.of.into(),
            rounded(part.percent),
            rounded(part.low),
            rounded(part.high),
            before.map(|before| before.part).into(),
            before.map(|before| before.of).into(),
            rounded(before.and_then(|before| before.percent)),
            rounded(change.map(|change| change.points)),
            verdict.into(),
        ]
    };
    let both = reasons.items.iter().flat_map(|item| ReasonOrigin::ALL.map(|origin| (item, origin)));
    let there = |(item, origin): &(&LowReason, ReasonOrigin)| {
        item.part(*origin).part > 0 || item.before(*origin).0.is_some_and(|before| before.part > 0)
    };
    both.filter(there).map(line).collect()
}
