//! Operators compared with the rest of the team, and a profile for each. The pages claim nothing that the data cannot support.

use super::chart::Chart;
use super::frame::form::{Fields, Form};
use super::frame::visit::SignedIn;
use super::frame::{Frame, html};
use super::report::ask::ReportQuery;
use super::report::choices::Choices;
use super::report::figures::{Figure, Maker};
use super::report::latest::{self, Latest};
use super::report::lists::Lists;
use super::report::own::Past;
use super::report::reasons::TopReasons;
use super::report::table::{self, TableView};
use super::report::{Preset, charts, presets, seen_lines, today, wait, words};
use super::{Pages, done};
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lastword_domain::access::rights::Right;
use lastword_domain::answer::rating::Scale;
use lastword_domain::report::Part;
use lastword_domain::report::calendar::Day;
use lastword_domain::report::comparison::{Compared, Comparison, Points, Verdict};
use lastword_domain::report::period::DAYS_MAX;
use lastword_domain::session::OperatorKind;
use lastword_http::problem::Problem;
use lastword_life::report;
use lastword_life::report::low_reasons::Labels;
use lastword_life::report::timeline::timeline;
use lastword_life::session::operator_kind::set_kind;
use lastword_store::report::{By, Closes, counts};
use lastword_store::session::operator;
use lastword_store::{Db, StoreError};
use std::sync::Arc;

/// Columns of the comparison with the team.
const BESIDE: [(&str, &str); 3] = [("estimate", "head-estimate"), ("beside", "head-beside"), ("place", "head-place")];
/// The columns shown by default.
const USUAL: [&str; 5] = ["score", "beside", "answered", "response", "stars"];
/// Maximum number of operators in the list.
const ROWS_MAX: usize = 200;
/// Number of latest ratings on a profile.
const LATEST: usize = 10;

#[derive(Template)]
#[template(path = "pages/operators/list.html")]
struct ListPage {
    page: Frame,
    asked: ReportQuery,
    choices: Choices,
    presets: Vec<Preset>,
    days: String,
    rules: Vec<String>,
    whiskers: Option<Chart>,
    rows: Vec<TableView>,
    columns: Vec<table::Column>,
    left_off: usize,
    counted: String,
    /// True if any operator has an estimate.
    estimated: bool,
    mixes_differ: bool,
    wait: String,
}

/// `GET /operators`
pub(super) async fn list(State(pages): State<Arc<Pages>>, person: SignedIn, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let (page, db) = (Frame::of(&pages, &person.visit).await?, &pages.app.engine.db);
    let (lines, query) = (seen_lines(db, &person).await?, query.unwrap_or_default());
    let mut asked = ReportQuery::read(&query, "30", today(&pages), &person.rights.lines, &lines, page.language);
    // A filter by one operator still shows the others.
    asked.closes.operator = None;
    if wait::takes_long(&pages, &mut asked, &query).await? {
        let title = page.t("operators-title");
        return Ok(wait::shown(page, title, "/operators", &query, &asked));
    }
    let choices = Choices::of(db, &page, &asked, &lines).await?;
    let (closes, status) = (asked.closes.clone(), status(&asked));
    let asked = ReportQuery { by: "operator", ..asked };
    let (mut rows, all) = report::groups(db, &closes, By::Operator, ROWS_MAX).await?;
    let team = team(&pages, &closes, &query).await?;
    let whiskers = charts::whiskers(&page, &rows, team.as_deref(), |row| table::operator_page(&row.id, &asked));
    let (left_off, mixes_differ) = (all - rows.len(), report::rows_differ(By::Operator, &rows));
    // In the order of the chart; closes without an operator come last. Operators with few answers need no separate group:
    // their estimates are close to the team's.
    let rank = |row: &report::Row| charts::rank(row, team.as_deref());
    rows.sort_by(|a, b| a.id.is_empty().cmp(&b.id.is_empty()).then(rank(b).total_cmp(&rank(a))).then(a.id.cmp(&b.id)));
    let (score, others) = table::COLUMNS.split_at(1);
    let all = [score, &BESIDE, others, &[("kept_back", "figure-kept-back")]].concat();
    let columns = table::columns_of(&page, &all, &USUAL, &asked);
    let rows = rows.into_iter().map(|row| {
        let beside = row_cells(&page, team.as_deref(), &row.id);
        let row = table::of_group(&page, &asked, By::Operator, row, &lines);
        let kept_back = row.kept_back.map(|part| table::kept_back(&page, &part, row.closes.as_ref()));
        let mut shown = table::shown(&page, row);
        // After the score, which comes first.
        shown.cells.splice(1..1, beside);
        shown.cells.push(kept_back.unwrap_or_default());
        table::narrow(&columns, shown)
    });
    let shown = html(&ListPage {
        choices,
        presets: presets(&page, &asked),
        days: words::days(&page, asked.period),
        rules: words::rules(db, &page, &report::rules_of(db, &closes).await?, &lines).await?,
        whiskers,
        rows: rows.collect(),
        columns,
        left_off,
        mixes_differ,
        counted: team.as_ref().map(|team| counted(&page, team)).unwrap_or_default(),
        estimated: team.as_ref().is_some_and(|team| team.operators.iter().any(|one| one.estimate.is_some())),
        wait: if team.is_none() { format!("/operators?{}&wait=1", asked.address(&[("by", "")])) } else { String::new() },
        page,
        asked,
    });
    Ok((status, shown).into_response())
}

/// HTTP status: an error if a filter is invalid.
fn status(asked: &ReportQuery) -> StatusCode {
    if asked.fields.fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

/// Compares the operators of these closes. `None` if the comparison takes long and is not cached, unless the query says
/// that the caller waits for it.
async fn team(pages: &Pages, closes: &Closes, query: &str) -> Result<Option<Arc<Comparison>>, StoreError> {
    let (comparisons, engine) = (&pages.app.comparisons, &pages.app.engine);
    if wait::waits(query) {
        return comparisons.of(&engine.db, closes, engine.now()).await.map(Some);
    }
    comparisons.unless_long(&engine.db, closes, engine.now()).await
}

/// Basis of the comparison: number of clients and ratings, and the note that scales are compared separately.
fn counted(page: &Frame, team: &Comparison) -> String {
    let counted =
        page.t2("compared-counted", "clients", page.number(&team.clients).as_str(), "ratings", page.number(&team.ratings).as_str());
    if team.scales.len() > 1 { format!("{counted} {}", page.t("compared-scales")) } else { counted }
}

/// Estimate for one operator, comparison with the others, and the possible ranks.
fn row_cells(page: &Frame, team: Option<&Comparison>, id: &str) -> [Figure; 3] {
    let none = || Figure { value: words::NONE.to_owned(), ..Figure::default() };
    let Some((team, one)) = team.and_then(|team| Some((team, team.about(id)?))) else { return [none(), none(), none()] };
    let estimate = one.estimate.map(|percent| Figure { value: words::percent(page, Some(percent)), ..Figure::default() });
    let beside = Beside::of(page, team, one);
    // A range of most ranks says nothing.
    let place = one.places.filter(|places| 4 * (places.to - places.from) < 3 * places.of.saturating_sub(1)).map(|places| {
        let (from, to, of) = (places.from, places.to, places.of);
        if from == to {
            page.t2("num-place", "from", from, "of", of)
        } else {
            page.language.text("num-places", &[("from", &from), ("to", &to), ("of", &of)])
        }
    });
    let said = [beside.same_mix, beside.raw, beside.counted].into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>();
    [
        estimate.unwrap_or_else(none),
        Figure { chip: beside.verdict, tone: beside.tone, why: said.join(" · "), ..Figure::default() },
        place.map_or_else(none, |value| Figure { value: value.replace(' ', "\u{a0}"), ..Figure::default() }),
    ]
}

/// Comparison of an operator with the rest of the team, as text.
struct Beside {
    verdict: String,
    tone: &'static str,
    estimate: String,
    same_mix: String,
    raw: String,
    counted: String,
    /// Note about lines that the comparison leaves out; empty if there are none.
    note: String,
}

impl Beside {
    fn of(page: &Frame, team: &Comparison, one: &Compared) -> Self {
        let (key, tone) = match one.verdict {
            Verdict::Higher => ("compared-higher", "on"),
            Verdict::Lower => ("compared-lower", "bad"),
            Verdict::CannotTell if !one.is_comparable() => ("compared-nothing", ""),
            Verdict::CannotTell => ("compared-same", ""),
        };
        let points = |key: &str, of: &Points| {
            let [points, low, high] = [of.points, of.low, of.high].map(|points| words::points(page, points));
            page.language.text(key, &[("points", &points), ("low", &low), ("high", &high)])
        };
        let numbers = [one.clients, one.ratings, one.compared].map(|number| page.number(&number));
        let counted = page.t2("compared-clients", "clients", numbers[0].as_str(), "ratings", numbers[1].as_str());
        // Where all ratings are the same, the interval compares them although no test can.
        let left = if one.compared < one.clients && !(one.compared == 0 && one.same_mix.is_some()) {
            page.t1("compared-of", "n", numbers[2].as_str())
        } else {
            String::new()
        };
        Self {
            verdict: page.t(key),
            tone,
            estimate: one
                .estimate
                .map(|of| page.t1("compared-estimate", "share", words::percent(page, Some(of)).as_str()))
                .unwrap_or_default(),
            same_mix: one.same_mix.as_ref().map(|of| points("compared-same-mix", of)).unwrap_or_default(),
            note: if team.redefined { page.t("compared-rule") } else { String::new() },
            raw: one.raw.as_ref().filter(|_| one.mix_matters).map(|of| points("compared-raw", of)).unwrap_or_default(),
            counted: [counted, left].into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(", "),
        }
    }
}

#[derive(Template)]
#[template(path = "pages/operators/profile.html")]
struct ProfilePage {
    page: Frame,
    name: String,
    id: String,
    asked: ReportQuery,
    choices: Choices,
    presets: Vec<Preset>,
    path: String,
    days: String,
    rules: Vec<String>,
    headline: Vec<Figure>,
    compared: Option<Beside>,
    past: Option<Past>,
    top: Option<TopReasons>,
    /// Address of the complete page if the claims about its figures take long; empty if they are shown.
    follows: String,
    /// The same if only the comparison with the others takes long.
    wait: String,
    trend: Option<Chart>,
    charts: Vec<Chart>,
    said: Vec<Figure>,
    more: Vec<Figure>,
    latest: Vec<Latest>,
    kind: Fields,
    kinds: Vec<(String, String)>,
    may_set_kind: bool,
    mixes_differ: bool,
}

/// `GET /operators/{id}`: not found if the person may see no close of the operator.
pub(super) async fn profile(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let (page, db) = (Frame::of(&pages, &person.visit).await?, &pages.app.engine.db);
    let (lines, query) = (seen_lines(db, &person).await?, query.unwrap_or_default());
    let asked = ReportQuery::read(&query, "90", today(&pages), &person.rights.lines, &lines, page.language);
    known(db, &Closes { operator: Some(id.clone().into()), sees: person.rights.lines.clone(), ..Closes::of(asked.period) }, today(&pages))
        .await?;
    let name = operator::names(db, &[&id.as_str().into()]).await?.remove(id.as_str()).unwrap_or_else(|| id.clone());
    let path = page_of(&id);
    let mut theirs = ReportQuery { closes: Closes { operator: Some(id.clone().into()), ..asked.closes.clone() }, ..asked.clone() };
    if wait::takes_long(&pages, &mut theirs, &query).await? {
        return Ok(wait::shown(page, name, &path, &query, &asked));
    }
    let closes = theirs.closes;
    let choices = Choices::of(db, &page, &asked, &lines).await?;
    let mut summary = report::summary(db, &closes).await?;
    let claimed = pages.app.claims.about(db, &closes, &mut summary, wait::waits(&query), page.now).await?;
    let claims = claimed.as_deref().and_then(Option::as_ref);
    let overall = report::overall(db, &closes, today(&pages)).await?;
    let trend = timeline(db, &closes).await?;
    let trend = trend.map(|time| {
        charts::over_time(&page, &time, Some(&closes), &summary.report, claims.and_then(|claims| claims.score_before(&summary)))
    });
    let make = Maker { page: &page, report: &summary.report, lists: Lists::of(&page, &closes) };
    let since = closes.from.start(db.zone());
    let known = operator::kinds(db, &[&id.as_str().into()]).await?.remove(id.as_str());
    let set = known.as_ref().filter(|known| known.by_hand == 1).map_or("", |known| known.kind.as_str());
    let team = team(&pages, &closes, &query).await?;
    let status = status(&asked);
    let whole = format!("{path}?{}&wait=1", asked.address(&[("by", "")]));
    let past = summary.previous.as_ref().zip(claims);
    let past = past.and_then(|((then, before), claims)| Past::of(&page, (asked.period, &summary.report), (*then, before), claims));
    let shown = html(&ProfilePage {
        choices,
        past,
        top: if claimed.is_some() { top(&pages, &page, &closes, &make.lists).await? } else { None },
        kind: Fields::default().with("kind", set),
        kinds: kinds(&page, known.filter(|known| known.by_hand == 0).map(|known| known.kind).unwrap_or_default()),
        may_set_kind: may_set_kind(&person),
        mixes_differ: summary.mixes_differ,
        name,
        id: id.clone(),
        presets: presets(&page, &asked),
        days: words::days(&page, asked.period),
        rules: words::rules(db, &page, &summary.rules, &lines).await?,
        headline: make.headline(&summary, &overall, claims),
        compared: team.as_ref().and_then(|team| Some(Beside::of(&page, team, team.about(&id)?))),
        follows: if claimed.is_none() { whole.clone() } else { String::new() },
        wait: if claimed.is_some() && team.is_none() { whole } else { String::new() },
        path,
        trend,
        charts: [Scale::Binary, Scale::FiveStar].into_iter().filter_map(|scale| charts::scores(&make, scale, &summary.rules)).collect(),
        said: make.said(Some(&overall)),
        more: {
            let part = Part::new(report::kept_back(&summary.reasons), summary.report.funnel.closed);
            make.more().into_iter().chain([table::kept_back(&page, &part, Some(&closes))]).collect()
        },
        latest: latest::read(db, &page, (&closes.sees.narrowed(closes.line.as_ref()), &lines), Some(&id.as_str().into()), since, LATEST)
            .await?,
        page,
        asked,
    });
    Ok((status, shown).into_response())
}

/// The most frequent reasons. They read rows, as claims do: over many closes both follow the page.
async fn top(pages: &Pages, page: &Frame, closes: &Closes, lists: &Lists) -> Result<Option<TopReasons>, StoreError> {
    let db = &pages.app.engine.db;
    let (why, labels) = tokio::try_join!(pages.app.reasons.of(db, closes, page.now), Labels::of(db, closes))?;
    Ok(TopReasons::of(page, &why.0, &labels, lists))
}

/// Kinds that can be set for an operator: as reported by the desk, human, or program.
fn kinds(page: &Frame, told: OperatorKind) -> Vec<(String, String)> {
    let word = |kind: OperatorKind| page.t(&format!("operator-kind-{kind}"));
    let by_desk = (String::new(), page.t1("operator-kind-told", "kind", word(told).as_str()));
    std::iter::once(by_desk).chain(OperatorKind::ALL.map(|kind| (kind.to_string(), word(kind)))).collect()
}

/// Only people who see all lines: the kind applies to all lines.
fn may_set_kind(person: &SignedIn) -> bool {
    person.rights.may(Right::ChangeLines) && person.rights.sees_everything()
}

/// `POST /operators/{id}/kind`: sets whether an operator is a human or a program.
pub(super) async fn keep_kind(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    if !may_set_kind(&person) {
        return Err(Problem::not_found());
    }
    let (engine, word) = (&pages.app.engine, form.get("kind"));
    let kind = OperatorKind::parse(word);
    if kind.is_none() && !word.is_empty() {
        return Err(Problem::invalid_field("kind", format!("\"{word}\" is no kind of operator."), "Choose human, program, or neither."));
    }
    set_kind(engine, &person.by(), &id.as_str().into(), kind, engine.now()).await?;
    Ok(done(&pages, &page_of(&id), "done-operator-kind", ""))
}

/// Path of an operator's page.
fn page_of(id: &str) -> String {
    let encoded: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect();
    format!("/operators/{}", encoded.replace('+', "%20"))
}

/// An error if the person may see nothing of this operator.
async fn known(db: &Db, closes: &Closes, today: Day) -> Result<(), Problem> {
    let ever = Closes { from: today.plus(-DAYS_MAX), until: today.plus(1), ..closes.clone() };
    let found = closes.operator.as_ref().is_none_or(|id| !id.is_empty()) && !counts(db, &ever, By::Nothing).await?.is_empty();
    if found { Ok(()) } else { Err(Problem::not_found()) }
}
