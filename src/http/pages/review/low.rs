//! Low ratings to work off: a list of what waits, and beside it the one that is looked at.

use super::ReviewPanel;
use crate::domain::access::rights::Right;
use crate::domain::session::Operator;
use crate::http::pages::Pages;
use crate::http::pages::frame::form::Fields;
use crate::http::pages::frame::visit::SignedIn;
use crate::http::pages::frame::{Frame, html};
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::life::review::view::{Look, look};
use crate::store::answer::rating_edit::{self, HELD as HELD_STATE, HeldEdit};
use crate::store::review::objection::{self, Objection};
use crate::store::review::{self, Low, Place, Show};
use crate::store::{Millis, line};
use askama::Template;
use askama::filters::Safe;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;

/// How many flags and appeals are shown to those who judge them.
const TO_JUDGE: i64 = 20;
/// How many edits that are held are shown: those that count next.
const HELD: i64 = 20;
/// How many a page of the list shows.
const ROWS: usize = 25;

/// Which list, and where it begins.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::http::pages) struct LowQuery {
    show: Option<String>,
    before: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/review/low.html")]
struct LowPage {
    page: Frame,
    show: Show,
    rows: Vec<Row>,
    /// Where the next page begins.
    next: Option<String>,
    /// It is not the first page.
    later: bool,
    chosen: Option<Chosen>,
    /// Flags and appeals that wait for this person's judgement, each with the name of its line.
    to_judge: Vec<(Objection, String)>,
    /// Scores that clients have lowered and that do not count yet.
    held: Vec<Held>,
}

/// A score that was lowered and does not count yet: there is still time to make it good.
struct Held {
    edit: HeldEdit,
    line: String,
    operator: Option<String>,
}

/// One row of the list.
struct Row {
    low: Low,
    line: String,
    operator: Option<String>,
    here: bool,
    /// When a lower score begins to count.
    lower_at: Option<Millis>,
}

/// The rating that is looked at.
struct Chosen {
    look: Look,
    line: String,
    operator: Option<String>,
    reasons: Vec<String>,
    panel: Safe<String>,
}

impl LowPage {
    fn tabs(&self) -> [(Show, &'static str); 5] {
        [
            (Show::Waiting, "low-waiting"),
            (Show::Mine, "low-mine"),
            (Show::Nobody, "low-nobody"),
            (Show::All, "low-all"),
            (Show::Done, "low-done"),
        ]
    }

    fn address(&self, id: &str) -> String {
        format!("/low/{id}?show={}", self.show.as_str())
    }
}

/// `GET /low`
pub(in crate::http::pages) async fn list(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Query(query): Query<LowQuery>,
) -> Result<Response, Problem> {
    Ok(html(&page(&pages, &person, &query, None).await?))
}

/// `GET /low/{rating_request}`
pub(in crate::http::pages) async fn one(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    Path(id): Path<String>,
    Query(query): Query<LowQuery>,
) -> Result<Response, Problem> {
    let back = person.visit.address.clone();
    Ok(html(&page(&pages, &person, &query, Some((&id, &back, &Fields::default()))).await?))
}

/// The page of one rating once more, with what stood in a form that was not taken.
pub(super) async fn again(
    pages: &Pages,
    person: &SignedIn,
    id: &str,
    back: &str,
    fields: &Fields,
    status: u16,
) -> Result<Response, Problem> {
    let shown = page(pages, person, &LowQuery::default(), Some((id, back, fields))).await?;
    Ok((StatusCode::from_u16(status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY), html(&shown)).into_response())
}

/// The rating to show: its id, where its forms lead back to, and what stood in them.
type Wanted<'a> = (&'a str, &'a str, &'a Fields);

async fn page(pages: &Pages, person: &SignedIn, query: &LowQuery, wanted: Option<Wanted<'_>>) -> Result<LowPage, Problem> {
    let db = &pages.app.engine.db;
    let show = query.show.as_deref().and_then(Show::parse).unwrap_or_default();
    let before = query.before.as_deref().and_then(read_place);
    let rows = i64::try_from(ROWS).unwrap_or(i64::MAX).saturating_add(1);
    let mut found = review::low(db, show, &person.rights.lines, &person.id, before.as_ref(), rows).await?;
    let more = found.len() > ROWS;
    found.truncate(ROWS);
    let next = found.last().filter(|_| more).map(|last| write_place(&last.place(show)));
    let names = line::names(db).await?;
    let page = Frame::of(pages, &person.visit).await?;
    let chosen = match wanted {
        None => None,
        Some((id, back, fields)) => Some(chosen(pages, person, &page, &names, id, back, fields).await?),
    };
    let to_judge = if person.rights.may(Right::JudgeAppeals) { objection::open(db, TO_JUDGE).await? } else { Vec::new() };
    let seen = to_judge.into_iter().filter(|one| person.rights.lines.admit(&one.line_id));
    let to_judge = seen.map(|one| (one.clone(), name(&names, &one.line_id))).collect();
    let here = chosen.as_ref().map(|chosen| chosen.look.request.id.clone());
    let held = rating_edit::held(db, &person.rights.lines, HELD).await?.into_iter().map(|edit| Held {
        line: name(&names, &edit.line_id),
        operator: operator(&edit.operators, edit.operator_id.as_deref()),
        edit,
    });
    let held = held.collect();
    let ids: Vec<&str> = found.iter().map(|low| low.request_id.as_str()).collect();
    let edits = rating_edit::of_requests(db, &ids).await?;
    let row = |low: Low| Row {
        lower_at: edits.iter().find(|edit| edit.request_id == low.request_id && edit.state == HELD_STATE).and_then(|edit| edit.due_at),
        line: name(&names, &low.line_id),
        operator: operator(&low.operators, low.operator_id.as_deref()),
        here: here.as_ref() == Some(&low.request_id),
        low,
    };
    let rows = found.into_iter().map(row).collect();
    Ok(LowPage { page, show, rows, next, later: before.is_some(), chosen, to_judge, held })
}

async fn chosen(
    pages: &Pages,
    person: &SignedIn,
    page: &Frame,
    names: &HashMap<String, String>,
    id: &str,
    back: &str,
    fields: &Fields,
) -> Result<Chosen, Problem> {
    let engine = &pages.app.engine;
    let look = look(engine, id, engine.now()).await?.ok_or_else(Problem::not_found)?;
    person.sees(&look.request.line_id, look.request.operator_id.as_deref())?;
    let panel = ReviewPanel::drawn(pages, person, page, &look, back, fields).await?;
    Ok(Chosen {
        line: name(names, &look.request.line_id),
        operator: operator(&look.request.operators, look.request.operator_id.as_deref()),
        reasons: look.rating.reasons.clone(),
        // Drawn by a template, which has escaped everything.
        panel: Safe(panel),
        look,
    })
}

fn name(names: &HashMap<String, String>, line: &str) -> String {
    names.get(line).cloned().unwrap_or_else(|| line.to_owned())
}

/// The responsible operator as people know them.
fn operator(operators: &[Operator], id: Option<&str>) -> Option<String> {
    let id = id?;
    let name = operators.iter().find(|operator| operator.id == id).and_then(|operator| operator.name.clone());
    Some(name.unwrap_or_else(|| id.to_owned()))
}

fn write_place((at, id): &Place) -> String {
    format!("{at}.{id}")
}

fn read_place(word: &str) -> Option<Place> {
    word.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned())))
}
