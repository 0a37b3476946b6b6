//! Saved views: named filters as chips above the list, and the page where they are named, shared and deleted.

use super::asked::RatingsQuery;
use crate::frame::form::{Fields, Form};
use crate::frame::visit::SignedIn;
use crate::frame::{Frame, html};
use crate::{Pages, done};
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lastword_domain::access::rights::Role;
use lastword_domain::review::BadText;
use lastword_http::problem::Problem;
use lastword_life::report::save_view::{self, Saved, VIEWS_MAX, Wanted, Who};
use lastword_store::StoreError;
use lastword_store::report::saved_view::{self, SavedView};
use std::sync::Arc;

const VIEWS: &str = "/ratings/views";

/// A view as a chip.
pub(super) struct View {
    pub(super) view: SavedView,
    /// Name of the owner; empty if it is the reader.
    pub(super) owner: String,
    /// Address of its list.
    pub(super) href: String,
    /// True if it is the present list.
    pub(super) here: bool,
    /// True if the reader may rename or delete it.
    pub(super) may_change: bool,
}

/// The views that the person sees. Views of lines that they may not see are left out, because they would reveal these lines.
pub(super) async fn seen(pages: &Pages, person: &SignedIn, asked: &RatingsQuery) -> Result<Vec<View>, StoreError> {
    let found = saved_view::of(&pages.app.engine.db, &person.id.to_string()).await?.into_iter();
    let here = asked.address(super::PATH);
    let view = |(view, owner): (SavedView, String)| {
        let query = RatingsQuery::read(&view.query);
        let (href, own) = (query.address(super::PATH), view.owner_id == person.id);
        let seen = own || query.values("line").into_iter().all(|line| person.rights.lines.admit(&line.into()));
        let may_change = own || is_admin(person);
        seen.then(|| View { here: href == here, owner: if own { String::new() } else { owner }, may_change, view, href })
    };
    Ok(found.filter_map(view).collect())
}

fn is_admin(person: &SignedIn) -> bool {
    person.rights.role == Role::Admin
}

#[derive(Template)]
#[template(path = "pages/ratings/views.html")]
struct ViewsPage {
    page: Frame,
    views: Vec<View>,
    /// The form for a new view, or the rejected form.
    fields: Fields,
    /// The filter of the new view; empty if none is being created.
    query: String,
    /// ID of the view whose form was rejected; empty if it is a new one.
    wrong: String,
}

async fn page(pages: &Pages, person: &SignedIn, query: &str, wrong: &str, fields: Fields) -> Result<ViewsPage, Problem> {
    let asked = RatingsQuery::read(query);
    let views = seen(pages, person, &asked).await?;
    Ok(ViewsPage { page: Frame::of(pages, &person.visit).await?, views, fields, query: kept(query), wrong: wrong.to_owned() })
}

/// The part of a query that a view stores: the filter without search text. Search text is a client's and would outlive its erasure.
fn kept(query: &str) -> String {
    let address = RatingsQuery::read(query).with("", "q", "");
    address.trim_start_matches('?').to_owned()
}

/// `GET /ratings/views`: all views, and the form for a new view of the filter in the query.
pub(crate) async fn list(State(pages): State<Arc<Pages>>, RawQuery(query): RawQuery, person: SignedIn) -> Result<Response, Problem> {
    Ok(html(&page(&pages, &person, &query.unwrap_or_default(), "", Fields::default()).await?))
}

/// `POST /ratings/views`: `name`, `query`, `shared`, and the `id` of an existing view.
pub(crate) async fn save(State(pages): State<Arc<Pages>>, person: SignedIn, form: Form) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    let (id, query) = (form.get("id"), kept(form.get("query")));
    let wanted = Wanted {
        id: Some(id.to_owned()).filter(|id| !id.is_empty()),
        name: form.get("name").to_owned(),
        query: query.clone(),
        shared: form.ticked("shared"),
    };
    let language = person.visit.language;
    let why = match save_view::save(engine, &who(&person), wanted, engine.now()).await? {
        Saved::Done(view) if id.is_empty() => {
            let list = RatingsQuery::read(&view.query).address(super::PATH);
            return Ok(done(&pages, &list, "done-view-saved", &view.name));
        }
        Saved::Done(view) => return Ok(done(&pages, VIEWS, "done-view-saved", &view.name)),
        Saved::Unknown => return Err(Problem::not_found()),
        Saved::BadName(BadText::Empty) => language.text("views-no-name", &[]),
        Saved::BadName(BadText::TooLong(max)) => language.text("views-long-name", &[("n", &max)]),
        Saved::SameName => language.text("views-same-name", &[]),
        Saved::TooMany => language.text("views-too-many", &[("n", &VIEWS_MAX)]),
        Saved::TooManyShared => language.text("views-too-many-shared", &[("n", &VIEWS_MAX)]),
    };
    let mut fields = Fields::of(&form);
    fields.refuse("name", why);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page(&pages, &person, &query, id, fields).await?)).into_response())
}

/// `POST /ratings/views/{id}/delete`
pub(crate) async fn delete(
    State(pages): State<Arc<Pages>>,
    Path(id): Path<String>,
    person: SignedIn,
    _: Form,
) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    match save_view::delete(engine, &who(&person), &id, engine.now()).await? {
        Saved::Done(view) => Ok(done(&pages, VIEWS, "done-view-deleted", &view.name)),
        _ => Err(Problem::not_found()),
    }
}

fn who(person: &SignedIn) -> Who {
    Who { by: person.by(), admin: is_admin(person) }
}
