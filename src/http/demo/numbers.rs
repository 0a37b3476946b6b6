//! Honest numbers: numerator and denominator of the same closes, the rule beside the score, intervals for small samples.

use super::{Stage, html, unavailable};
use crate::domain::share::Share;
use crate::http::problem::Problem;
use crate::store::StoreError;
use crate::store::tally::{self, Tally};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use std::collections::BTreeMap;
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

/// Counts everything.
pub(super) async fn read(stage: &Stage) -> Result<Numbers, StoreError> {
    let tallies = tally::all(&stage.engine.db).await?;
    let reasons = tally::not_asked(&stage.engine.db).await?;
    let sum = |count: fn(&Tally) -> i64| tallies.iter().map(count).sum::<i64>();
    let (closes, asked) = (sum(|tally| tally.closes), sum(|tally| tally.asked));
    let on = |scale: &str| tallies.iter().filter(|tally| tally.scale == scale).fold(Share::default(), with);
    let reasons: Vec<String> = reasons.into_iter().map(|(reason, count)| format!("{} {}", words(&reason), grouped(count))).collect();
    Ok(Numbers {
        days: stage.history.0,
        closes: grouped(closes),
        asked: figure(Share::of(asked, closes)),
        reasons: reasons.join(" · "),
        rated: figure(Share::of(sum(|tally| tally.rated), asked)),
        open: sum(|tally| tally.open),
        thumbs: figure(on("binary")),
        stars: figure(on("five_star")),
        operators: operators(stage, &tallies),
        weeks: weeks(&tallies),
    })
}

/// Good ratings of all ratings.
fn with(share: Share, tally: &Tally) -> Share {
    Share::of(share.part + tally.good, share.whole + tally.rated)
}

fn operators(stage: &Stage, tallies: &[Tally]) -> Vec<Bar> {
    let mut shares: BTreeMap<&str, Share> = BTreeMap::new();
    for tally in tallies.iter().filter(|tally| tally.rated > 0) {
        let share = shares.entry(tally.operator_id.as_deref().unwrap_or("–")).or_default();
        *share = with(*share, tally);
    }
    let name = |id: &str| stage.operators.get(id).cloned().unwrap_or_else(|| id.to_owned());
    let mut bars: Vec<(Share, Bar)> = shares.into_iter().filter_map(|(id, share)| Some((share, bar(name(id), share, 0)?))).collect();
    bars.sort_by_key(|(share, _)| -share.whole);
    bars.into_iter().map(|(_, bar)| bar).collect()
}

fn weeks(tallies: &[Tally]) -> Vec<Bar> {
    let mut shares: BTreeMap<i64, Share> = BTreeMap::new();
    for tally in tallies.iter().filter(|tally| tally.rated > 0) {
        let share = shares.entry(tally.week).or_default();
        *share = with(*share, tally);
    }
    let (count, last) = (i64::try_from(shares.len()).unwrap_or(1).max(1), shares.keys().last().copied().unwrap_or(0));
    let name = |week: i64| match last - week {
        0 => "this week".to_owned(),
        1 => "last week".to_owned(),
        ago => format!("{ago} weeks ago"),
    };
    let place = |at: usize| (1_000 * i64::try_from(at).unwrap_or(0) + 500) / count;
    shares.into_iter().enumerate().filter_map(|(at, (week, share))| bar(name(week), share, place(at))).collect()
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
