//! Honest numbers: numerator and denominator of the same closes, the rule beside the score, intervals for small samples.

use super::{Stage, html, unavailable};
use crate::domain::calendar::Day;
use crate::domain::outcome::Outcome;
use crate::domain::period::{Period, Step};
use crate::domain::rating::Scale;
use crate::domain::share::Share;
use crate::http::problem::Problem;
use crate::life::report::{self, Summary};
use crate::store::StoreError;
use crate::store::report::{By, Closes};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

/// The part of the page with the numbers.
#[derive(Template)]
#[template(path = "demo/numbers.html")]
pub(super) struct Numbers {
    days: u32,
    closes: String,
    asked: Figure,
    reasons: String,
    rated: Figure,
    open: i64,
    thumbs: Figure,
    stars: Figure,
    operators: Vec<Bar>,
    weeks: Vec<Bar>,
}

/// One share as text.
#[derive(Clone, Default)]
struct Figure {
    percent: String,
    of: String,
    interval: String,
}

/// One share as a bar with its interval; numbers are places in a drawing that is 1000 wide.
struct Bar {
    name: String,
    figure: Figure,
    dot: i64,
    from: i64,
    to: i64,
    x: i64,
}

pub(super) async fn show(State(stage): State<Arc<Stage>>) -> Result<Response, Problem> {
    let numbers = read(&stage).await.map_err(|error| unavailable(&error))?;
    Ok(html(&numbers))
}

/// Reads everything that was closed since the history began.
pub(super) async fn read(stage: &Stage) -> Result<Numbers, StoreError> {
    let db = &stage.engine.db;
    let period = Period::last(i64::from(stage.history.0) + 1, Day::of(stage.engine.now(), db.zone()));
    let closes = Closes::of(period);
    let Summary { report, reasons, .. } = report::summary(db, &closes).await?;
    let on = |scale: Scale| report.on(scale).map_or(Share::default(), |report| report.score.raw.share.share());
    let not_asked = reasons.into_iter().filter(|(outcome, ..)| *outcome == Outcome::NotAsked);
    let not_asked: Vec<String> = not_asked.map(|(_, reason, count)| format!("{} {}", words(&reason), grouped(count))).collect();
    Ok(Numbers {
        days: stage.history.0,
        closes: grouped(report.funnel.closed),
        asked: figure(Share::of(report.funnel.asked, report.funnel.closed)),
        reasons: not_asked.join(" · "),
        rated: figure(report.response.share()),
        open: report.funnel.open,
        thumbs: figure(on(Scale::Binary)),
        stars: figure(on(Scale::FiveStar)),
        operators: operators(stage, &closes).await?,
        weeks: weeks(stage, &closes).await?,
    })
}

async fn operators(stage: &Stage, closes: &Closes) -> Result<Vec<Bar>, StoreError> {
    let (rows, _) = report::groups(&stage.engine.db, closes, By::Operator, 100).await?;
    let name = |row: &report::Row| row.name.clone().or_else(|| stage.operators.get(&row.id).cloned()).unwrap_or_else(|| "–".to_owned());
    Ok(rows.iter().filter_map(|row| bar(name(row), row.report.score.raw.share.share(), 0)).collect())
}

async fn weeks(stage: &Stage, closes: &Closes) -> Result<Vec<Bar>, StoreError> {
    let points = report::trend(&stage.engine.db, closes, Step::Week).await?.unwrap_or_default();
    let count = i64::try_from(points.len()).unwrap_or(1).max(1);
    let name = |place: i64| match count - 1 - place {
        0 => "this week".to_owned(),
        1 => "last week".to_owned(),
        ago => format!("{ago} weeks ago"),
    };
    let bars = (0..)
        .zip(&points)
        .filter_map(|(place, point)| bar(name(place), point.report.score.raw.share.share(), (1_000 * place + 500) / count));
    Ok(bars.collect())
}

fn bar(name: String, share: Share, x: i64) -> Option<Bar> {
    let (from, to) = share.interval()?;
    // The drawing begins at one half: below it nobody here would be.
    let place = |percent: f64| (((percent - 50.0) * 20.0).round() as i64).clamp(0, 1_000);
    Some(Bar { name, figure: figure(share), dot: place(share.percent()?), from: place(from), to: place(to), x })
}

fn figure(share: Share) -> Figure {
    let (Some(percent), Some((from, to))) = (share.percent(), share.interval()) else {
        return Figure { percent: "–".to_owned(), of: "none yet".to_owned(), interval: String::new() };
    };
    Figure {
        percent: format!("{percent:.1} %"),
        of: format!("{} of {}", grouped(share.part), grouped(share.whole)),
        interval: format!("{from:.0}–{to:.0} %"),
    }
}

/// 12345 as 12,345.
fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A reason as a person says it.
fn words(reason: &str) -> String {
    match reason {
        "throttled" => "asked a day ago".to_owned(),
        "bot_close" => "closed by a bot".to_owned(),
        other => other.replace('_', " "),
    }
}
