//! Operators: all of them beside each other, and each with a profile. Whom the data cannot tell apart is shown so.

use super::Pages;
use super::chart::Chart;
use super::frame::{Frame, html};
use super::latest::{self, Latest};
use super::report::ask::Asked;
use super::report::figures::{Figure, Maker};
use super::report::lists::Lists;
use super::report::table::{self, Shown};
use super::report::{Preset, charts, presets, seen_lines, today, trends, words};
use super::visit::SignedIn;
use crate::domain::calendar::Day;
use crate::domain::comparison::{Difference, Verdict};
use crate::domain::period::{DAYS_MAX, Step};
use crate::domain::rating::Scale;
use crate::domain::report::Part;
use crate::domain::share::Share;
use crate::http::problem::Problem;
use crate::life::report;
use crate::store::report::{By, Closes, counts};
use crate::store::{Db, StoreError, operator};
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most operators of the list.
const ROWS_MAX: usize = 200;
/// So many of the last ratings stand on a profile.
const LATEST: usize = 10;

#[derive(Template)]
#[template(path = "pages/operators/list.html")]
struct ListPage {
    page: Frame,
    asked: Asked,
    presets: Vec<Preset>,
    days: String,
    rules: Vec<String>,
    whiskers: Option<Chart>,
    rows: Vec<Shown>,
    heads: Vec<String>,
    left_off: usize,
}

/// `GET /operators`
pub(super) async fn list(State(pages): State<Arc<Pages>>, person: SignedIn, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let (page, db) = (Frame::of(&pages, &person.visit).await?, &pages.doors.engine.db);
    let lines = seen_lines(db, &person).await?;
    let asked = Asked::read(&query.unwrap_or_default(), "30", today(&pages), &person.rights.lines, &lines, page.language);
    let closes = Closes { sees: person.rights.lines.clone(), ..Closes::of(asked.period) };
    let asked = Asked { closes: closes.clone(), by: "operator", ..asked };
    let (rows, all) = report::groups(db, &closes, By::Operator, ROWS_MAX).await?;
    let whiskers = charts::whiskers(&page, &rows, |row| table::operator_page(&row.id, &asked));
    let left_off = all - rows.len();
    let rows = rows.into_iter().map(|row| {
        let row = table::of_group(&page, &asked, By::Operator, row, &lines);
        let kept_back = row.kept_back.map(|part| table::kept_back(&page, &part, &row.closes));
        let mut shown = table::shown(&page, row);
        shown.cells.extend(kept_back);
        shown
    });
    Ok(html(&ListPage {
        presets: presets(&page, &asked),
        days: words::days(&page, asked.period),
        rules: words::rules(&page, &report::rules_of(db, &closes).await?, &lines),
        whiskers,
        rows: rows.collect(),
        heads: table::heads(&page).into_iter().chain([page.t("figure-kept-back")]).collect(),
        left_off,
        page,
        asked,
    }))
}

#[derive(Template)]
#[template(path = "pages/operators/profile.html")]
struct ProfilePage {
    page: Frame,
    name: String,
    presets: Vec<Preset>,
    path: String,
    days: String,
    rules: Vec<String>,
    headline: Vec<Figure>,
    compared: Vec<Compared>,
    trend: Option<Chart>,
    charts: Vec<Chart>,
    said: Vec<Figure>,
    more: Vec<Figure>,
    latest: Vec<Latest>,
}

/// An operator beside all others of one line.
struct Compared {
    line: String,
    own: Part,
    rest: Part,
    own_words: String,
    rest_words: String,
    verdict: String,
    tone: &'static str,
}

/// `GET /operators/{id}`: somebody of whom no close is for these eyes is not there.
pub(super) async fn profile(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let (page, db) = (Frame::of(&pages, &person.visit).await?, &pages.doors.engine.db);
    let lines = seen_lines(db, &person).await?;
    let asked = Asked::read(&query.unwrap_or_default(), "90", today(&pages), &person.rights.lines, &lines, page.language);
    let closes = Closes { operator: Some(id.clone()), sees: person.rights.lines.clone(), ..Closes::of(asked.period) };
    known(db, &closes, today(&pages)).await?;
    let summary = report::summary(db, &closes).await?;
    let overall = report::overall(db, &closes, today(&pages)).await?;
    let step = Step::of(asked.period);
    let trend = if asked.period.days() > 1 {
        let (points, before) = trends(db, &closes, step).await?;
        Some(charts::over_time(&page, step, &points, &before, &summary.report, summary.score_change.as_ref()))
    } else {
        None
    };
    let make = Maker { page: &page, report: &summary.report, lists: Lists::of(&page, &closes) };
    let scales = [Scale::Binary, Scale::FiveStar];
    let since = closes.from.start(db.zone());
    let encoded: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect();
    Ok(html(&ProfilePage {
        name: operator::names(db, &[&id]).await?.remove(&id).unwrap_or_else(|| id.clone()),
        presets: presets(&page, &asked),
        path: format!("/operators/{}", encoded.replace('+', "%20")),
        days: words::days(&page, asked.period),
        rules: words::rules(&page, &summary.rules, &lines),
        headline: make.headline(&summary, &overall),
        compared: compared(db, &page, &closes, &lines).await?,
        trend,
        charts: scales.iter().filter_map(|&scale| charts::scores(&make, scale, &summary.rules)).collect(),
        said: make.said(Some(&overall)),
        more: {
            let part = Part::new(report::kept_back(&summary.reasons), summary.report.funnel.closed);
            make.more().into_iter().chain([table::kept_back(&page, &part, &closes)]).collect()
        },
        latest: latest::read(db, &page, (&person.rights.lines, &lines), Some(&id), since, LATEST).await?,
        page,
    }))
}

/// Whether anything of this operator is for these eyes.
async fn known(db: &Db, closes: &Closes, today: Day) -> Result<(), Problem> {
    let ever = Closes { from: today.plus(-DAYS_MAX), until: today.plus(1), ..closes.clone() };
    let found = closes.operator.as_deref() != Some("") && !counts(db, &ever, By::Nothing).await?.is_empty();
    if found { Ok(()) } else { Err(Problem::not_found()) }
}

/// Beside the other ratings of each line: what does not count for this operator.
async fn compared(db: &Db, page: &Frame, closes: &Closes, lines: &BTreeMap<String, String>) -> Result<Vec<Compared>, StoreError> {
    let own = report::groups(db, closes, By::Line, ROWS_MAX).await?.0;
    let all = report::groups(db, &Closes { operator: None, ..closes.clone() }, By::Line, ROWS_MAX).await?.0;
    let score = |row: &report::Row| row.report.score.adjusted.share.share();
    let compare = |row: &report::Row| {
        let (own, all) = (score(row), score(all.iter().find(|line| line.id == row.id)?));
        let rest = Share::of(all.part - own.part, all.whole - own.whole);
        let key = match Difference::between(own, rest)?.verdict {
            Verdict::Higher => ("compared-higher", "on"),
            Verdict::Lower => ("compared-lower", "bad"),
            Verdict::CannotTell => ("compared-same", ""),
        };
        let (own, rest) = (Part::from(own), Part::from(rest));
        let of = |part: &Part| format!("{} · {}", words::part(page, part), words::interval(page, part));
        let line = lines.get(&row.id).unwrap_or(&row.id).clone();
        Some(Compared { line, own_words: of(&own), rest_words: of(&rest), own, rest, verdict: page.t(key.0), tone: key.1 })
    };
    Ok(own.iter().filter_map(compare).collect())
}

impl ProfilePage {
    fn percent(&self, part: &Part) -> String {
        words::percent(&self.page, part.percent)
    }
}
