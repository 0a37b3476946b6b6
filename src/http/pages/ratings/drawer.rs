//! One rating beside the list: answer, conversation and review without leaving the list.

use super::asked::{OPEN, RatingsQuery};
use super::brief::History;
use super::given::Given;
use super::one::story;
use crate::Pages;
use crate::frame::visit::SignedIn;
use crate::frame::{Frame, html};
use crate::review::ReviewPanel;
use askama::Template;
use askama::filters::Safe;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use lastword_base::names::RequestId;
use lastword_http::path::PathId;
use lastword_http::problem::Problem;
use lastword_store::answer::rating;
use lastword_store::question::rating_request;
use std::sync::Arc;

/// A rating that is open beside the list.
#[derive(Template)]
#[template(path = "pages/ratings/drawer.html")]
pub(super) struct Drawer {
    page: Frame,
    one: Given,
    /// Its review, rendered and escaped by a template; empty if there is no rating.
    review: Safe<String>,
    story: History,
    /// Address of the list without the drawer.
    close: String,
}

impl Drawer {
    /// Loads the rating of a close for display beside the list.
    ///
    /// # Errors
    /// Not found if the person may not see the close; and the database's error.
    pub(super) async fn of(pages: &Pages, person: &SignedIn, asked: &RatingsQuery, id: &str) -> Result<Self, Problem> {
        let (db, key) = (&pages.app.engine.db, RequestId::named(id));
        let request = rating_request::load(db, &[key]).await?.pop().ok_or_else(Problem::not_found)?;
        person.sees(&request.line_id, request.operator_id.as_ref())?;
        let page = Frame::of(pages, &person.visit).await?;
        let back = asked.here(super::PATH, &[(OPEN, id)]);
        Ok(Self {
            review: Safe(ReviewPanel::beside(pages, person, &page, request.id, &back).await?),
            story: story(pages, person, &page, &request).await?,
            one: Given::of(pages, person, &page, request, rating::of_requests(db, &[key]).await?.remove(&key)).await?,
            close: asked.here(super::PATH, &[]),
            page,
        })
    }

    /// ID of the close that it shows.
    pub(super) fn id(&self) -> String {
        self.one.request.id.to_string()
    }
}

/// `GET /ratings/{rating_request}/drawer`: the part of the list page that shows this rating. The query is that of the list.
pub(crate) async fn fragment(
    State(pages): State<Arc<Pages>>,
    PathId(id): PathId<RequestId>,
    RawQuery(query): RawQuery,
    person: SignedIn,
) -> Result<Response, Problem> {
    let asked = RatingsQuery::read(&query.unwrap_or_default());
    Ok(html(&Drawer::of(&pages, &person, &asked, &id.to_string()).await?))
}
