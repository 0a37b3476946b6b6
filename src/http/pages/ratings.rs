//! Ratings: the list of closes and answers, the page of one rating, and the list as a file.

mod asked;
pub(crate) mod bar;
pub(super) mod drawer;
pub mod file;
pub(super) mod given;
pub mod one;
pub mod session;
pub(crate) mod story;
mod sum;
pub(super) mod talk;
pub(super) mod views;
pub(crate) mod words;

use super::Pages;
use super::frame::visit::SignedIn;
use super::frame::{Frame, html};
use askama::Template;
use asked::{RatingsQuery, list_of, outcome_word};
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use bar::Bar;
use drawer::Drawer;
use lastword_base::names::{OperatorId, RequestId};
use lastword_domain::access::rights::Right;
use lastword_domain::answer::rating::Scale;
use lastword_domain::answer::reason::texts;
use lastword_http::problem::Problem;
use lastword_store::report::rating_list::{self, Listed, Page};
use lastword_store::review::supervisor_score;
use lastword_store::session::operator;
use std::collections::{BTreeSet, HashMap};
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
    /// Description of the list in a sentence.
    sentence: String,
    older: Option<String>,
    /// True if the search stopped at its limit before the page was full.
    cut: bool,
}

/// A close in the list.
struct Row {
    id: String,
    scale: Scale,
    /// The score, if there is a rating.
    score: Option<i64>,
    /// The outcome, if there is no rating.
    outcome: String,
    reason: String,
    comment: Option<String>,
    reasons: Vec<String>,
    tags: Vec<String>,
    resolved: Option<bool>,
    voided: bool,
    line: String,
    line_list: String,
    operator: String,
    operator_list: Option<String>,
    channel: String,
    closed_at: i64,
    supervisor: Option<i64>,
}

impl ListPage {
    /// Address of this list as a file.
    fn file(&self, kind: &str) -> String {
        self.asked.address(&format!("{PATH}.{kind}"))
    }

    /// True if this close is open beside the list.
    fn is_open(&self, id: &str) -> bool {
        self.drawer.as_ref().is_some_and(|drawer| drawer.is(id))
    }

    /// True if only ratings with comments are shown.
    fn with_words(&self) -> bool {
        self.bar.filter.commented
    }

    /// Address of the list with only commented ratings, or of all.
    fn words(&self, only: &bool) -> String {
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
    let rows = rows(&pages, &page, &bar, &found.items, person.rights.comments).await?;
    let older = found.next.as_ref().map(|place| asked.page(PATH, place));
    let sum = if fine { SumLine::of(&pages, &person, &page, &asked, &bar).await? } else { SumLine::default() };
    let views = views::seen(&pages, &person, &asked).await?;
    let drawer = match &asked.open {
        None => None,
        Some(id) => Some(Drawer::of(&pages, &person, &asked, id).await?),
    };
    let shown = ListPage { sentence: sentence(&page, &asked, &bar), asked, bar, sum, views, drawer, rows, older, cut: found.cut, page };
    let status = if fine { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, html(&shown)).into_response())
}

/// Describes the list in a sentence: the closes and the period.
fn sentence(page: &Frame, asked: &RatingsQuery, bar: &Bar) -> String {
    let what = in_words(page.language, "ratings-what", bar.filter.ended.as_str());
    let days = (words::day(page.language, asked.value("from")), words::day(page.language, asked.value("until")));
    let when = match days {
        (Some(from), Some(until)) if from == until => page.t1("ratings-on", "day", from),
        (Some(from), Some(until)) => page.t2("ratings-between", "from", from, "until", until),
        (Some(from), None) => page.t1("ratings-from", "from", from),
        (None, Some(until)) => page.t1("ratings-until", "until", until),
        (None, None) => page.t("ratings-ever"),
    };
    page.t2("ratings-sentence", "what", what, "when", when)
}

async fn rows(pages: &Pages, page: &Frame, bar: &Bar, items: &[Listed], comments: bool) -> Result<Vec<Row>, Problem> {
    let db = &pages.app.engine.db;
    let operators: BTreeSet<&OperatorId> = items.iter().filter_map(|item| item.request.operator_id.as_ref()).collect();
    let names = operator::names(db, &operators.into_iter().collect::<Vec<_>>()).await?;
    let ids: Vec<RequestId> = items.iter().map(|item| item.request.id).collect();
    let scores = supervisor_score::of_requests(db, &ids).await?;
    let scores: HashMap<RequestId, i64> = scores.iter().map(|(id, score)| (*id, score.score)).collect();
    let row = |item: &Listed| {
        let request = &item.request;
        let rating = item.rating.as_ref();
        let operator = request.operator_id.as_ref();
        Row {
            id: request.id.to_string(),
            scale: request.scale,
            score: rating.map(|rating| rating.score),
            outcome: in_words(page.language, "ratings-outcome", outcome_word(request.outcome)),
            reason: request.reason.as_deref().map(|reason| in_words(page.language, "ratings-reason", reason)).unwrap_or_default(),
            comment: rating.and_then(|rating| rating.comment.clone()).filter(|_| comments),
            reasons: rating.map(|rating| texts(&rating.reasons)).unwrap_or_default(),
            tags: rating.filter(|_| comments).map(|rating| bar.by_rules(rating)).unwrap_or_default(),
            resolved: rating.and_then(|rating| rating.resolved).map(|resolved| resolved == 1),
            voided: rating.is_some_and(|rating| rating.voided_at.is_some()),
            line: bar.line(request.line_id.as_str()).to_owned(),
            line_list: list_of("line", request.line_id.as_str()),
            operator: operator.map(|id| names.get(id).cloned().unwrap_or_else(|| id.to_string())).unwrap_or_default(),
            operator_list: operator.map(|id| list_of("operator", id.as_str())),
            channel: request.channel.clone().unwrap_or_default(),
            closed_at: request.closed_at,
            supervisor: scores.get(&request.id).copied(),
        }
    };
    Ok(items.iter().map(row).collect())
}
