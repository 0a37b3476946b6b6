//! The list of low ratings to handle, with the selected one beside it.

pub(crate) mod acts;

use crate::Pages;
use crate::frame::filter::{Entry, Filters};
use crate::frame::form::{Choice, Fields};
use crate::frame::visit::SignedIn;
use crate::frame::{Frame, html};
use crate::ratings::bar::operators;
use crate::ratings::given::Given;
use crate::review::ReviewPanel;
use crate::review::bulk::BulkAct;
use crate::review::panel::Ways;
use crate::review::sift::{LowQuery, ROWS, Sift};
use askama::Template;
use askama::filters::Safe;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lastword_base::names::{LineId, OperatorId, RequestId};
use lastword_domain::access::rights::Right;
use lastword_domain::report::rating_filter;
use lastword_domain::review::ObjectionKind;
use lastword_domain::review::edit::EditState;
use lastword_http::path::PathId;
use lastword_http::problem::Problem;
use lastword_http::query::Query;
use lastword_life::review::view::look;
use lastword_store::answer::rating_edit::{self, HeldEdit};
use lastword_store::review::deadline;
use lastword_store::review::low::{self, Low, Show};
use lastword_store::review::objection::{self, Objection};
use lastword_store::session::operator;
use lastword_store::{Millis, alert, line};
use std::collections::HashMap;
use std::sync::Arc;

/// Maximum number of flags and appeals shown for a decision.
const TO_JUDGE: i64 = 20;
/// Maximum number of held edits shown; those that count next come first.
const HELD: i64 = 20;

#[derive(Template)]
#[template(path = "pages/low.html")]
struct LowPage {
    page: Frame,
    sift: Sift,
    rows: Vec<Row>,
    filters: Filters,
    /// More rows were filtered out than could be replaced, so the page is not full.
    cut: bool,
    /// The action that undoes the last one, and its ratings.
    undo: Option<(String, Vec<String>)>,
    /// Number of ratings with a deadline for the reply, and how many of them are overdue.
    due: (i64, i64),
    /// Start of the next page.
    next: Option<String>,
    /// True if it is not the first page.
    later: bool,
    chosen: Option<Chosen>,
    /// Flags and appeals that this person may decide, each with the name of its line.
    to_judge: Vec<(Objection, String)>,
    /// Lowered scores that do not count yet.
    held: Vec<Held>,
}

/// A lowered score that does not count yet, so there is still time to act.
struct Held {
    edit: HeldEdit,
    line: String,
    operator: Option<String>,
}

/// A row of the list.
struct Row {
    low: Low,
    line: String,
    operator: Option<String>,
    here: bool,
    /// Deadline for a reply, if there is none yet, and whether it is over.
    due: Option<(Millis, bool)>,
    /// Time when a lower score starts to count.
    lower_at: Option<Millis>,
    /// True if its alert was acknowledged.
    seen: bool,
}

/// The selected rating.
struct Chosen {
    given: Given,
    panel: Safe<String>,
}

impl Row {
    /// Label of the row's checkbox for screen readers: the client's name, else the session.
    fn who(&self) -> &str {
        self.low.client_name.as_deref().unwrap_or(self.low.session_id.as_str())
    }
}

impl LowPage {
    fn tabs(&self) -> [(Show, &'static str); 6] {
        [
            (Show::Waiting, "low-waiting"),
            (Show::Due, "low-due"),
            (Show::Mine, "low-mine"),
            (Show::Nobody, "low-nobody"),
            (Show::All, "low-all"),
            (Show::Done, "low-done"),
        ]
    }

    fn show(&self) -> Show {
        self.sift.show()
    }

    fn address(&self, id: &RequestId) -> String {
        self.sift.address(&format!("/low/{id}"))
    }

    /// Target of the redirect after a bulk action.
    fn back(&self) -> String {
        self.sift.address(self.page.address.split('?').next().unwrap_or("/low"))
    }

    /// True if this person may handle the ratings of the list, several together.
    fn works(&self) -> bool {
        self.page.may(Right::WorkLowRatings)
    }
}

/// `GET /low`
pub(crate) async fn list(State(pages): State<Arc<Pages>>, person: SignedIn, Query(query): Query<LowQuery>) -> Result<Response, Problem> {
    Ok(html(&page(&pages, &person, &query, None).await?))
}

/// `GET /low/{rating_request}`
pub(crate) async fn one(
    State(pages): State<Arc<Pages>>,
    person: SignedIn,
    PathId(id): PathId<RequestId>,
    Query(query): Query<LowQuery>,
) -> Result<Response, Problem> {
    let back = person.visit.address.clone();
    Ok(html(&page(&pages, &person, &query, Some((id, &back, &Fields::default()))).await?))
}

/// The page of one rating with the values of a refused form.
pub(super) async fn again(
    pages: &Pages,
    person: &SignedIn,
    id: RequestId,
    back: &str,
    fields: &Fields,
    status: u16,
) -> Result<Response, Problem> {
    let shown = page(pages, person, &LowQuery::default(), Some((id, back, fields))).await?;
    Ok((StatusCode::from_u16(status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY), html(&shown)).into_response())
}

/// The rating to show: its ID, the redirect target of its forms, and their values.
type Wanted<'a> = (RequestId, &'a str, &'a Fields);

async fn page(pages: &Pages, person: &SignedIn, query: &LowQuery, wanted: Option<Wanted<'_>>) -> Result<LowPage, Problem> {
    let db = &pages.app.engine.db;
    let due = deadline::open(db, &person.rights.lines, pages.app.engine.now()).await?;
    // If a rating has a deadline, the list of those comes first.
    let usual = if due.0 > 0 { Show::Due } else { Show::default() };
    let sift = Sift::of(pages, person, query, usual).await?;
    let found = low::page(db, &person.rights.lines, &sift.filter, sift.after.as_ref(), ROWS).await?;
    let (next, cut, found) = (found.next.map(|place| sift.next(&place)), found.cut, found.items);
    let names = line::names(db).await?;
    let page = Frame::of(pages, &person.visit).await?;
    let chosen = match wanted {
        None => None,
        Some((id, back, fields)) => {
            let next = onward(&sift, found.iter().map(|low| low.request_id), id);
            Some(chosen(pages, person, &page, id, Ways { back, next: &next }, fields).await?)
        }
    };
    let to_judge = if person.rights.may(Right::JudgeAppeals) { objection::open(db, TO_JUDGE).await? } else { Vec::new() };
    let seen = to_judge.into_iter().filter(|one| person.rights.lines.admit(&one.line_id));
    let to_judge = seen.map(|one| (one.clone(), name(&names, &one.line_id))).collect();
    let here = chosen.as_ref().map(|chosen| chosen.given.request.id);
    let held = rating_edit::held(db, &person.rights.lines, HELD).await?;
    let people: Vec<&OperatorId> =
        found.iter().map(|low| &low.operator_id).chain(held.iter().map(|edit| &edit.operator_id)).flatten().collect();
    let people = operator::names(db, &people).await?;
    let called = |id: Option<&OperatorId>| id.map(|id| people.get(id).cloned().unwrap_or_else(|| id.to_string()));
    let held = held.into_iter().map(|edit| Held { line: name(&names, &edit.line_id), operator: called(edit.operator_id.as_ref()), edit });
    let held = held.collect();
    let ids: Vec<RequestId> = found.iter().map(|low| low.request_id).collect();
    let edits = rating_edit::of_requests(db, &ids).await?;
    let alerts = alert::of_requests(db, &ids).await?;
    let seen = |id| alerts.iter().any(|alert| alert.request_id == id && alert.acknowledged_at.is_some());
    let row = |low: Low| Row {
        lower_at: edits.iter().find(|edit| edit.request_id == low.request_id && edit.state == EditState::Held).and_then(|edit| edit.due_at),
        line: name(&names, &low.line_id),
        operator: called(low.operator_id.as_ref()),
        due: low.due_at.filter(|_| low.met_at.is_none() && low.voided_at.is_none()).map(|at| (at, at <= page.now)),
        here: here.as_ref() == Some(&low.request_id),
        seen: seen(low.request_id),
        low,
    };
    let rows: Vec<Row> = found.into_iter().map(row).collect();
    let filters = filters(pages, person, &page, &sift).await?;
    let later = sift.after.is_some();
    let undo = undo(query);
    Ok(LowPage { page, sift, rows, filters, cut, undo, due, next, later, chosen, to_judge, held })
}

/// The filters of the list, each with its present value.
async fn filters(pages: &Pages, person: &SignedIn, page: &Frame, sift: &Sift) -> Result<Filters, Problem> {
    let asked = rating_filter::Filter { operators: sift.filter.operator.iter().cloned().collect(), ..rating_filter::Filter::default() };
    let (operators, _) = operators(pages, person, &asked, page.language).await?;
    let any = |chosen| Choice { value: String::new(), words: page.t("sift-any"), chosen };
    let choices = |values: Vec<(String, String)>, chosen: Option<&str>| {
        let one = |(value, words): (String, String)| Choice { chosen: chosen == Some(value.as_str()), value, words };
        std::iter::once(any(chosen.is_none())).chain(values.into_iter().map(one)).collect()
    };
    let operators = operators.into_iter().filter(|choice| choice.value != rating_filter::NONE).map(|choice| (choice.value, choice.words));
    let ages = sift.ages().map(|days| (days.to_string(), page.t1("low-age-days", "n", days)));
    let age = (sift.age > 0).then(|| sift.age.to_string());
    let filters = Filters::of(page, "/low")
        .keep("show", sift.show().as_str())
        .choices("line", page.t("sift-line"), choices(sift.lines.clone(), sift.filter.line.as_ref().map(LineId::as_str)))
        .choices("operator", page.t("sift-operator"), choices(operators.collect(), sift.filter.operator.as_ref().map(OperatorId::as_str)))
        .choices("reason", page.t("low-reason"), choices(sift.reasons.clone(), sift.filter.reason.as_deref()))
        .choices("age", page.t("low-age"), choices(ages.into(), age.as_deref()));
    if !sift.ordered() {
        return Ok(filters);
    }
    let order = |value: &str, key: &str, chosen| Choice { value: value.to_owned(), words: page.t(key), chosen };
    let orders = vec![order("", "low-order-newest", !sift.oldest()), order("oldest", "low-order-oldest", sift.oldest())];
    Ok(filters.choices("order", page.t("low-order"), orders))
}

/// The undo of the last bulk action, if the address contains one.
fn undo(query: &LowQuery) -> Option<(String, Vec<String>)> {
    let act = query.undo.clone().filter(|act| BulkAct::parse(act).is_some())?;
    let ids: Vec<String> = query.ids.as_deref()?.split(',').map(str::to_owned).collect();
    (ids.len() <= ROWS).then_some((act, ids))
}

/// The page to show once a rating is done: the next one in the list, else the first other one, else the list.
fn onward(sift: &Sift, listed: impl Iterator<Item = RequestId>, id: RequestId) -> String {
    let listed: Vec<RequestId> = listed.collect();
    let place = listed.iter().position(|one| *one == id);
    let below = place.and_then(|place| listed.get(place + 1)).or_else(|| listed.iter().find(|one| **one != id));
    sift.address(&below.map_or_else(|| "/low".to_owned(), |next| format!("/low/{next}")))
}

async fn chosen(pages: &Pages, person: &SignedIn, page: &Frame, id: RequestId, ways: Ways<'_>, fields: &Fields) -> Result<Chosen, Problem> {
    let engine = &pages.app.engine;
    let look = look(engine, id, engine.now()).await?.ok_or_else(Problem::not_found)?;
    person.sees(&look.request.line_id, look.request.operator_id.as_ref())?;
    // Rendered by a template, which escapes everything.
    let panel = Safe(ReviewPanel::drawn(pages, person, page, &look, ways, fields).await?);
    Ok(Chosen { given: Given::of(pages, person, page, look.request, Some(look.rating)).await?, panel })
}

fn name(names: &HashMap<LineId, String>, line: &LineId) -> String {
    names.get(line).cloned().unwrap_or_else(|| line.to_string())
}
