//! Ratings: the list of closes and answers, the page of one rating, and the list as a file.

mod asked;
pub(crate) mod bar;
pub(crate) mod brief;
pub(super) mod drawer;
pub mod file;
pub(super) mod given;
pub mod one;
pub(crate) mod rows;
pub mod session;
mod standing;
pub(crate) mod story;
mod sum;
pub(super) mod talk;
pub(super) mod views;
pub(crate) mod words;

use super::Pages;
use super::frame::filter::day;
use super::frame::visit::SignedIn;
use super::frame::{Frame, html};
use askama::Template;
use asked::RatingsQuery;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use bar::Bar;
use drawer::Drawer;
use lastword_base::names::LineId;
use lastword_domain::access::rights::Right;
use lastword_http::problem::Problem;
use lastword_store::report::rating_list::{self, Page};
use lastword_store::report::recount::other_clock;
use rows::{Row, rows};
use std::sync::Arc;
use sum::SumLine;
use views::View;
use words::in_words;

/// Path of the list.
pub(super) const PATH: &str = "/ratings";
/// Closes per page.
const SHOWN: usize = 50;

#[derive(Template)]
#[template(path = "pages/ratings/list.html")]
struct ListPage {
    page: Frame,
    asked: RatingsQuery,
    bar: Bar,
    sum: SumLine,
    views: Vec<View>,
    /// The rating that is open beside the list.
    drawer: Option<Drawer>,
    rows: Vec<Row>,
    /// ID of the close that is open beside the list; empty if there is none.
    open: String,
    /// Description of the list in a sentence.
    sentence: String,
    /// Time zone of the days in reports, if the list no longer uses it.
    counted_by: Option<String>,
    older: Option<String>,
    /// True if the search stopped at its limit before the page was full.
    cut: bool,
}

impl ListPage {
    /// Address of this list as a file.
    fn file(&self, kind: &str) -> String {
        self.asked.address(&format!("{PATH}.{kind}"))
    }

    /// True if only ratings with comments are shown.
    fn with_words(&self) -> bool {
        self.bar.filter.commented
    }

    /// Address of the list with only commented ratings, or of all.
    fn words(&self, only: &bool) -> String {
        if *only && !sum::answered(self.bar.filter.ended) {
            // Chats without ratings have no comments: the list of all ratings has.
            return self.asked.but(PATH, |name, _| !["commented", "outcome"].contains(&name), &[("commented", "1")]);
        }
        self.asked.with(PATH, "commented", if *only { "1" } else { "" })
    }

    /// Address of the form that saves the filter as a view.
    fn to_save(&self) -> String {
        self.asked.address("/ratings/views")
    }
}

/// `GET /ratings`
pub(super) async fn list(State(pages): State<Arc<Pages>>, RawQuery(query): RawQuery, person: SignedIn) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    let page = Frame::of(&pages, &person.visit).await?;
    let asked = RatingsQuery::read(&query.unwrap_or_default());
    let bar = Bar::of(&pages, &person, &asked).await?;
    let fine = bar.fine();
    let found = if fine {
        rating_list::page(&engine.db, &bar.filter, &person.rights.lines, asked.after.as_ref(), SHOWN).await?
    } else {
        Page::default()
    };
    let line = |id: &LineId| bar.line(id.as_str()).to_owned();
    let rows = rows(&engine.db, &page, &found.items, (bar.labels(), line), person.rights.comments).await?;
    let older = found.next.as_ref().map(|place| asked.page(PATH, place));
    let sum = if fine { SumLine::of(&pages, &person, &page, &asked, &bar).await? } else { SumLine::default() };
    let counted_by = other_clock(&engine.db).await?;
    let views = views::seen(&pages, &person, &asked).await?;
    let drawer = match &asked.open {
        None => None,
        Some(id) => Some(Drawer::of(&pages, &person, &asked, id).await?),
    };
    let open = drawer.as_ref().map(Drawer::id).unwrap_or_default();
    let shown = ListPage {
        sentence: sentence(&page, &asked, &bar),
        counted_by,
        asked,
        bar,
        sum,
        views,
        drawer,
        rows,
        open,
        older,
        cut: found.cut,
        page,
    };
    let status = if fine { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, html(&shown)).into_response())
}

/// Describes the list in a sentence: the closes and the period.
fn sentence(page: &Frame, asked: &RatingsQuery, bar: &Bar) -> String {
    let what = in_words(page.language, "ratings-what", bar.filter.ended.as_str());
    let days = (day(page.language, asked.value("from")), day(page.language, asked.value("until")));
    let when = match days {
        (Some(from), Some(until)) if from == until => page.t1("ratings-on", "day", from),
        (Some(from), Some(until)) => page.t2("ratings-between", "from", from, "until", until),
        (Some(from), None) => page.t1("ratings-from", "from", from),
        (None, Some(until)) => page.t1("ratings-until", "until", until),
        (None, None) => page.t("ratings-ever"),
    };
    page.t2("ratings-sentence", "what", what, "when", when)
}
