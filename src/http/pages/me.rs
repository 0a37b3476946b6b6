//! `/me`: an operator's own figures, grouped so that no single client's answer can be identified. The period cannot be
//! chosen: the difference between two choices could reveal one client.

use super::Pages;
use super::chart::Chart;
use super::frame::visit::SignedIn;
use super::frame::{Frame, html};
use super::report::figures::{Figure, Maker};
use super::report::lists::Lists;
use super::report::own::Past;
use super::report::reasons::TopReasons;
use super::report::{charts, today, words};
use askama::Template;
use askama::filters::Safe;
use axum::extract::State;
use axum::response::Response;
use lastword_base::names::{LineId, OperatorId};
use lastword_domain::access::rights::Lines;
use lastword_domain::answer::rating::Scale;
use lastword_domain::report::calendar::Day;
use lastword_domain::report::change::Errors;
use lastword_domain::report::k_anonymity::{MIN_GROUP_SIZE, k_anonymous_groups};
use lastword_domain::report::period::Period;
use lastword_domain::report::{Report, Scaled};
use lastword_http::problem::Problem;
use lastword_life::report::changed::between;
use lastword_life::report::low_reasons::{Labels, low_reasons};
use lastword_life::report::timeline::Timeline;
use lastword_life::report::{Point, rules_of};
use lastword_store::answer::rating::{self, Rating};
use lastword_store::report::answered::answered_by_week;
use lastword_store::report::{By, Closes, Group, counts};
use lastword_store::{Db, Millis, StoreError, line};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A Monday before all closes. Groups are counted from this day, so their borders never change.
const FIRST_MONDAY: Day = Day(4);
/// Number of days after its end from which a week counts; most answers have arrived then.
const SETTLED_DAYS: i64 = 3;
/// Maximum number of groups shown.
const GROUPS: usize = 12;
/// Maximum number of the newest comments read.
const COMMENTS: i64 = 100;

/// Number of days of praise shown.
const PRAISE_DAYS: i64 = 90;
/// Maximum number of praises shown.
const PRAISE: usize = 20;

#[derive(Template)]
#[template(path = "pages/me.html")]
struct MePage {
    page: Frame,
    days: String,
    least: i64,
    shown: Option<MeView>,
    /// The newest praise and the name of its line; `None` if the person may not see comments.
    praise: Option<Vec<(Safe<String>, String, String)>>,
}

struct MeView {
    rules: Vec<String>,
    headline: Vec<Figure>,
    said: Vec<Figure>,
    trend: Chart,
    charts: Vec<Chart>,
    groups: Vec<Gathered>,
    /// Comparison of the newer half of the groups with the older half.
    past: Option<Past>,
    /// Reasons of low ratings in all groups.
    top: Option<TopReasons>,
    /// Comments, each with its group; `None` if the person may not see comments.
    comments: Option<Vec<(Safe<String>, String)>>,
}

/// One group as a row.
struct Gathered {
    days: String,
    cells: Vec<Figure>,
}

/// `GET /me`
pub(super) async fn show(State(pages): State<Arc<Pages>>, person: SignedIn) -> Result<Response, Problem> {
    let (page, db) = (Frame::of(&pages, &person.visit).await?, &pages.app.engine.db);
    let operator = person.rights.operator.clone().filter(|id| !id.is_empty());
    let groups = match &operator {
        Some(operator) => groups(db, operator, today(&pages)).await?,
        None => Vec::new(),
    };
    let all = groups.first().zip(groups.last()).map(|(first, last)| Period { from: first.0.from, until: last.0.until });
    let praised_since = today(&pages).plus(-PRAISE_DAYS).start(db.zone());
    let commented = match operator.as_ref().filter(|_| person.rights.comments) {
        Some(operator) => {
            let since = all.map_or(praised_since, |all| all.from.start(db.zone()).min(praised_since));
            Some(rating::newest_commented(db, operator, since, COMMENTS).await?)
        }
        None => None,
    };
    let shown = match (all, operator) {
        (Some(all), Some(operator)) => Some(shown(db, &page, all, &groups, &operator, commented.as_deref()).await?),
        _ => None,
    };
    let days = all.map(|all| words::days(&page, all)).unwrap_or_default();
    let praise = match commented {
        Some(commented) => Some(praise(&pages, &page, commented, praised_since).await?),
        None => None,
    };
    Ok(html(&MePage { page, days, least: MIN_GROUP_SIZE, shown, praise }))
}

/// The newest complete groups, oldest first: period and counts.
async fn groups(db: &Db, operator: &OperatorId, today: Day) -> Result<Vec<(Period, Vec<Scaled>)>, StoreError> {
    let until = today.plus(-SETTLED_DAYS).monday();
    let all = Period { from: FIRST_MONDAY, until: until.max(FIRST_MONDAY.plus(7)) };
    // All lines, even those the person may not see otherwise: these are their own figures.
    let closes = |days: Period| Closes { operator: Some(operator.clone()), sees: Lines::All, ..Closes::of(days) };
    let place = |day: i64| usize::try_from((day - FIRST_MONDAY.0).div_euclid(7)).unwrap_or(0);
    let monday = |week: usize| FIRST_MONDAY.plus(i64::try_from(week).unwrap_or(0) * 7);
    let mut weeks: Vec<i64> = vec![0; place(all.until.0)];
    answered_by_week(db, &closes(all)).await?.into_iter().for_each(|(week, answered)| weeks[place(week)] = answered);
    let ranges = k_anonymous_groups(&weeks);
    let ranges = &ranges[ranges.len().saturating_sub(GROUPS)..];
    let Some(first) = ranges.first() else { return Ok(Vec::new()) };
    let found = counts(db, &closes(Period { from: monday(first.start), ..all }), By::Week).await?;
    let group = |range: &std::ops::Range<usize>| {
        let of = |group: &&Group| range.contains(&place(group.period));
        let scaled: Vec<Scaled> = found.iter().filter(of).map(|group| (group.scale, group.counts)).collect();
        // Empty weeks before the first answer belong to no group.
        let first = found.iter().filter(of).map(|group| place(group.period)).min().unwrap_or(range.start);
        (Period { from: monday(first), until: monday(range.end) }, scaled)
    };
    Ok(ranges.iter().map(group).collect())
}

async fn shown(
    db: &Db,
    page: &Frame,
    all: Period,
    groups: &[(Period, Vec<Scaled>)],
    operator: &OperatorId,
    commented: Option<&[Rating]>,
) -> Result<MeView, StoreError> {
    let together: Vec<Scaled> = groups.iter().flat_map(|(_, scaled)| scaled.iter().copied()).collect();
    let report = Report::of(&together);
    let closes = Closes { operator: Some(operator.clone()), ..Closes::of(all) };
    let rules = rules_of(db, &closes).await?;
    let lines = line::names(db).await?.into_iter().collect();
    let points: Vec<Point> = groups.iter().map(|(period, scaled)| Point { period: *period, report: Report::of(scaled) }).collect();
    let make = Maker { page, report: &report, lists: Lists::default() };
    let time = Timeline { points: points.clone(), ..Timeline::default() };
    let trend = charts::over_time(page, &time, None, &report, None);
    let scales = [Scale::Binary, Scale::FiveStar];
    let drawn = scales.iter().filter_map(|&scale| charts::scores(&make, scale, &rules)).collect();
    let row = |point: &Point| {
        let make = Maker { page, report: &point.report, lists: Lists::default() };
        let (good, answered) = (point.report.score.adjusted.good, point.report.funnel.answered);
        let mut score = make.score();
        (score.of, score.chip) = (words::interval(page, &point.report.score.adjusted.share), String::new());
        let cells =
            vec![make.count("answered", "figure-answered", answered, None), make.count("adjusted good", "figure-good", good, None), score];
        Gathered { days: words::days(page, point.period), cells }
    };
    let shown = points.iter().rev().map(row).collect();
    let (why, _) = low_reasons(db, &closes).await?;
    let top = TopReasons::of(page, &why, &Labels::of(db, &closes).await?, &Lists::default());
    let mut headline = vec![make.score(), make.response(), make.count("answered", "figure-answered", report.funnel.answered, None)];
    headline.push(make.count("adjusted bad", "figure-bad-ratings", report.score.adjusted.bad, None));
    let comments = commented.map(|commented| written(db, page, &points, commented));
    Ok(MeView {
        rules: words::rules(db, page, &rules, &lines).await?,
        headline,
        said: make.said(None),
        trend,
        charts: drawn,
        groups: shown,
        past: past(db, page, groups, operator).await?,
        top,
        comments,
    })
}

/// Compares the newer half of the groups with as many before. It uses only groups that are shown, so it reveals nothing more.
async fn past(db: &Db, page: &Frame, groups: &[(Period, Vec<Scaled>)], operator: &OperatorId) -> Result<Option<Past>, StoreError> {
    let half = groups.len() / 2;
    let together = |groups: &[(Period, Vec<Scaled>)]| {
        let (first, last) = (groups.first()?, groups.last()?);
        let scaled: Vec<Scaled> = groups.iter().flat_map(|(_, scaled)| scaled.iter().copied()).collect();
        Some((Period { from: first.0.from, until: last.0.until }, Report::of(&scaled)))
    };
    let (older, newer) = groups[groups.len() - 2 * half..].split_at(half);
    let (Some((then, before)), Some((now, report))) = (together(older), together(newer)) else { return Ok(None) };
    let of = |period: Period| Closes { operator: Some(operator.clone()), ..Closes::of(period) };
    let errors = Errors { parts: None, ..Errors::PAGE };
    let claims = between(db, &of(now), &of(then), errors).await?;
    Ok(Past::of(page, (now, &report), (then, &before), &claims))
}

/// The newest praise among these ratings, on lines that show it to operators. Praise is always positive, so it does not
/// wait for a group; its client and time are not shown.
async fn praise(
    pages: &Pages,
    page: &Frame,
    commented: Vec<Rating>,
    since: Millis,
) -> Result<Vec<(Safe<String>, String, String)>, StoreError> {
    let lines: BTreeSet<&LineId> = commented.iter().map(|rating| &rating.line_id).collect();
    let lines = pages.app.engine.lines.present(&pages.app.engine.db, &lines.into_iter().collect::<Vec<_>>()).await?;
    let said = commented.into_iter().filter(|rating| rating.closed_at >= since && rating.is_praise());
    let said = said.filter_map(|rating| {
        let line = lines.get(&rating.line_id).filter(|line| line.settings.praise)?;
        Some((page.score(&rating.scale, &rating.score), rating.comment?, line.name.clone()))
    });
    Ok(said.take(PRAISE).collect())
}

/// Comments in the groups shown, without exact time and client.
fn written(db: &Db, page: &Frame, points: &[Point], commented: &[Rating]) -> Vec<(Safe<String>, String)> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Vec::new() };
    let when = first.period.from.start(db.zone())..last.period.until.start(db.zone());
    let inside = commented.iter().filter(|rating| when.contains(&rating.closed_at));
    let mut said: Vec<(Safe<String>, String)> =
        inside.filter_map(|rating| Some((page.score(&rating.scale, &rating.score), rating.comment.clone()?))).collect();
    // Alphabetical order, which reveals nothing about the time.
    said.sort_by(|a, b| a.1.cmp(&b.1));
    said
}
