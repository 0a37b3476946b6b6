//! The first of the honest numbers, and links to the pages with all of them.

use super::{Stage, html, unavailable};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use lastword_domain::report::calendar::Day;
use lastword_domain::report::period::Period;
use lastword_domain::report::share::Share;
use lastword_http::locale::format::{number, percent};
use lastword_http::locale::language::Language;
use lastword_http::problem::Problem;
use lastword_life::report;
use lastword_store::StoreError;
use lastword_store::report::Closes;
use std::sync::Arc;

/// The numbers on the demo's page.
#[derive(Template)]
#[template(path = "page/numbers.html")]
pub(super) struct Numbers {
    days: u32,
    closes: String,
    rated: Figure,
    good: Figure,
    bad: String,
}

/// One share as text.
struct Figure {
    percent: String,
    of: String,
    interval: String,
}

pub(super) async fn show(State(stage): State<Arc<Stage>>) -> Result<Response, Problem> {
    let numbers = read(&stage).await.map_err(|error| unavailable(&error))?;
    Ok(html(&numbers))
}

/// Reads the numbers of all closes since the start of the history.
pub(super) async fn read(stage: &Stage) -> Result<Numbers, StoreError> {
    let db = &stage.engine.db;
    let period = Period::last(i64::from(stage.days) + 1, Day::of(stage.engine.now(), db.zone()));
    let report = report::summary(db, &Closes::of(period)).await?.report;
    Ok(Numbers {
        days: stage.days,
        closes: number(Language::En, report.funnel.closed),
        rated: figure(report.response.share()),
        good: figure(report.score.adjusted.share.share()),
        bad: number(Language::En, report.score.adjusted.bad),
    })
}

fn figure(share: Share) -> Figure {
    let (Some(of_all), Some((from, to))) = (share.percent(), share.interval()) else {
        return Figure { percent: "–".to_owned(), of: "none yet".to_owned(), interval: String::new() };
    };
    Figure {
        percent: percent(Language::En, of_all, 1),
        of: format!("{} of {}", number(Language::En, share.part), number(Language::En, share.whole)),
        interval: format!("{from:.0}–{to:.0}%"),
    }
}
