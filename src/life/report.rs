//! Reports: counters become figures. What is read costs as much as the days and groups that are shown.

pub mod compare_operators;
pub mod index_comments;
pub mod recount;
pub mod targets;

use crate::domain::question::outcome::{NotAsked, Outcome};
use crate::domain::report::calendar::Day;
use crate::domain::report::comparison::Difference;
use crate::domain::report::period::{Period, Step};
use crate::domain::report::rule::{Rule, Version, rules};
use crate::domain::report::stats::bins::{Width, steps, width};
use crate::domain::report::stats::team::Ratings;
use crate::domain::report::{Part, Report, Scaled};
use crate::store::report::{self, By, Closes, Group};
use crate::store::session::operator;
use crate::store::{Db, StoreError, line};
use std::collections::{BTreeMap, HashMap};

/// A report over some closes, beside the period before.
#[derive(Clone, Debug)]
pub struct Summary {
    /// The figures.
    pub report: Report,
    /// The rules for "good" in that time.
    pub rules: Vec<Rule>,
    /// Why closes were not asked about, taken back or not reached; the most frequent reason of each outcome first.
    pub reasons: Vec<(Outcome, String, i64)>,
    /// The period before, and its figures.
    pub previous: Option<(Period, Report)>,
    /// The adjusted score less that of the period before, each scale by itself, as far as the data can tell.
    pub score_change: Option<Difference>,
    /// The response rate less that of the period before, as far as the data can tell.
    pub response_change: Option<Difference>,
}

impl Summary {
    /// The adjusted score of the period before in percent, and what the data say of the difference.
    pub fn score_before(&self) -> Option<(f64, &Difference)> {
        self.previous.as_ref().and_then(|(_, before)| before.score.adjusted.share.percent).zip(self.score_change.as_ref())
    }
}

/// The period of these closes.
fn period(closes: &Closes) -> Period {
    Period { from: closes.from, until: closes.until }
}

async fn figures(db: &Db, closes: &Closes) -> Result<Report, StoreError> {
    let groups = report::counts(db, closes, By::Nothing).await?;
    Ok(Report::of(&groups.iter().map(scaled).collect::<Vec<_>>()))
}

fn scaled(group: &Group) -> Scaled {
    (group.scale, group.counts)
}

/// The figures of these closes, of the period before, and what changed.
///
/// # Errors
/// The database's error.
pub async fn summary(db: &Db, closes: &Closes) -> Result<Summary, StoreError> {
    let report = figures(db, closes).await?;
    let previous = match period(closes).previous() {
        Some(before) => Some((before, figures(db, &Closes { from: before.from, until: before.until, ..closes.clone() }).await?)),
        None => None,
    };
    let change = |of: fn(&Report) -> Ratings| previous.as_ref().and_then(|(_, before)| Difference::between(&of(&report), &of(before)));
    Ok(Summary {
        rules: rules_of(db, closes).await?,
        reasons: report::reasons(db, closes, By::Nothing).await?.into_values().next().unwrap_or_default(),
        score_change: change(|report| report.scales.iter().map(|of| (of.scale as usize, of.score.adjusted.share.share())).collect()),
        response_change: change(|report| vec![(0, report.response.share())]),
        report,
        previous,
    })
}

/// The figures of all closes so far that these are a part of, whatever their days: ten years, with today.
///
/// # Errors
/// The database's error.
pub async fn overall(db: &Db, closes: &Closes, today: Day) -> Result<Report, StoreError> {
    let all = Period::all(today);
    figures(db, &Closes { from: all.from, until: all.until, ..closes.clone() }).await
}

/// The rules for "good" by which these closes could be rated.
///
/// # Errors
/// The database's error.
pub async fn rules_of(db: &Db, closes: &Closes) -> Result<Vec<Rule>, StoreError> {
    let versions = line::versions_of(db, closes.line.as_deref()).await?;
    let versions = versions.into_iter().filter(|(line, ..)| closes.sees.admit(line));
    let versions: Vec<Version> = versions.map(|(line, since, settings)| Version { line, since, settings }).collect();
    let mut found = rules(&versions, closes.from.start(db.zone()), closes.until.start(db.zone()));
    found.retain(|rule| closes.scale.is_none_or(|scale| scale == rule.scale));
    Ok(found)
}

/// One line, channel or operator of a report.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its id or kind; empty where there was none.
    pub id: String,
    /// Its name, where one is known.
    pub name: Option<String>,
    /// Its figures.
    pub report: Report,
    /// Of an operator: own closes kept from being asked by the choice of whoever closed, of all own closes.
    pub kept_back: Option<Part>,
}

/// The closes kept from being asked by choice, among these reasons.
pub fn kept_back(reasons: &[(Outcome, String, i64)]) -> i64 {
    let by_choice =
        |(outcome, reason, _): &&(Outcome, String, i64)| *outcome == Outcome::NotAsked && *reason == NotAsked::ByChoice.as_str();
    reasons.iter().filter(by_choice).map(|(.., n)| n).sum()
}

/// The figures of these closes by line, channel or operator, those with most ratings first, at most `limit`; and how many
/// there are.
///
/// # Errors
/// The database's error.
pub async fn groups(db: &Db, closes: &Closes, by: By, limit: usize) -> Result<(Vec<Row>, usize), StoreError> {
    let mut by_name: BTreeMap<String, Vec<Scaled>> = BTreeMap::new();
    for group in report::counts(db, closes, by).await? {
        by_name.entry(group.name.clone()).or_default().push(scaled(&group));
    }
    let mut found: Vec<(String, Report)> = by_name.into_iter().map(|(id, scaled)| (id, Report::of(&scaled))).collect();
    found.retain(|(_, report)| report.funnel.closed > 0);
    found.sort_by_key(|(_, report)| std::cmp::Reverse((report.funnel.answered, report.funnel.closed)));
    let all = found.len();
    found.truncate(limit);
    let ids: Vec<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
    let mut names: HashMap<String, String> = match by {
        By::Line => line::names(db).await?,
        By::Operator => operator::names(db, &ids).await?,
        By::Nothing | By::Channel | By::Day | By::Month => HashMap::new(),
    };
    let reasons = if by == By::Operator { report::reasons(db, closes, by).await? } else { BTreeMap::new() };
    let rows = found.into_iter().map(|(id, report)| {
        let kept = reasons.get(&id).map_or(0, |reasons| kept_back(reasons));
        let kept_back = (by == By::Operator).then(|| Part::new(kept, report.funnel.closed));
        Row { name: names.remove(&id), id, report, kept_back }
    });
    Ok((rows.collect(), all))
}

/// One point of a trend.
#[derive(Clone, Debug)]
pub struct Point {
    /// Its days.
    pub period: Period,
    /// Its figures.
    pub report: Report,
}

/// The figures of these closes step by step, also of steps without any; none where there would be too many to see.
///
/// # Errors
/// The database's error.
pub async fn trend(db: &Db, closes: &Closes, step: Step) -> Result<Option<Vec<Point>>, StoreError> {
    let Some(parts) = period(closes).cut(step) else { return Ok(None) };
    let by = if step == Step::Month { By::Month } else { By::Day };
    let mut groups = report::counts(db, closes, by).await?.into_iter().peekable();
    let mut points = Vec::with_capacity(parts.len());
    for part in parts {
        // Groups come in the order of time, as parts do.
        let inside = |group: &Group| match by {
            By::Month => group.period <= part.from.month().0,
            _ => group.period < part.until.0,
        };
        let mut scaled_counts = Vec::new();
        while let Some(group) = groups.next_if(inside) {
            scaled_counts.push(scaled(&group));
        }
        points.push(Point { period: part, report: Report::of(&scaled_counts) });
    }
    Ok(Some(points))
}

/// The longest time that is read by days.
const BY_DAYS_MAX: i64 = 800;

/// A trend that can be read: its points hold enough answers.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    /// The points, oldest first; the first may be cut.
    pub points: Vec<Point>,
    /// Those of the period before, beside the points from the last back; fewer where that period is shorter.
    pub before: Vec<Point>,
    /// Whether points are months of the calendar, as over years.
    pub months: bool,
    /// Whether the first point has fewer days than the others.
    pub cut: bool,
    /// When settings of which line changed.
    pub changes: Vec<(Day, String)>,
}

/// The figures of these closes in steps that hold enough answers, counted back from the end of the period, beside those of the
/// period before. None where only one figure can be told.
///
/// # Errors
/// The database's error.
pub async fn timeline(db: &Db, closes: &Closes) -> Result<Option<Timeline>, StoreError> {
    let before = period(closes).previous().map(|before| Closes { from: before.from, until: before.until, ..closes.clone() });
    let changes = changes(db, closes).await?;
    if period(closes).days() > BY_DAYS_MAX {
        let points = trend(db, closes, Step::Month).await?.unwrap_or_default();
        return Ok((points.len() > 1).then_some(Timeline { points, months: true, changes, ..Timeline::default() }));
    }
    let days = by_days(db, closes).await?;
    let Some(width) = width(&days.iter().map(|day| answers(day)).collect::<Vec<_>>()) else { return Ok(None) };
    let points = in_steps(closes.from, &days, width);
    let before = match before {
        Some(before) => in_steps(before.from, &by_days(db, &before).await?, width),
        None => Vec::new(),
    };
    Ok(Some(Timeline { points, before, months: false, cut: days.len() % width.days() != 0, changes }))
}

/// The counts of each day, by scale.
async fn by_days(db: &Db, closes: &Closes) -> Result<Vec<Vec<Scaled>>, StoreError> {
    let mut days: Vec<Vec<Scaled>> = vec![Vec::new(); usize::try_from(period(closes).days()).unwrap_or(0)];
    for group in report::counts(db, closes, By::Day).await? {
        let day = usize::try_from(group.period - closes.from.0).ok().and_then(|day| days.get_mut(day));
        day.into_iter().for_each(|day| day.push(scaled(&group)));
    }
    Ok(days)
}

/// Ratings of a day that the score counts.
fn answers(day: &[Scaled]) -> i64 {
    day.iter().map(|(_, counts)| counts.scores().iter().sum::<i64>() - counts.voided_scores().iter().sum::<i64>()).sum()
}

fn in_steps(first: Day, days: &[Vec<Scaled>], width: Width) -> Vec<Point> {
    let day = |place: usize| first.plus(i64::try_from(place).unwrap_or(0));
    let point = |step: std::ops::Range<usize>| Point {
        period: Period { from: day(step.start), until: day(step.end) },
        report: Report::of(&days[step].concat()),
    };
    steps(days.len(), width).into_iter().map(point).collect()
}

/// When settings of the lines of these closes changed in their days; the first settings of a line are no change.
async fn changes(db: &Db, closes: &Closes) -> Result<Vec<(Day, String)>, StoreError> {
    let (versions, zone) = (line::versions_of(db, closes.line.as_deref()).await?, db.zone());
    let again = versions.windows(2).filter(|pair| pair[0].0 == pair[1].0).map(|pair| (Day::of(pair[1].1, zone), pair[1].0.clone()));
    let inside = |(day, line): &(Day, String)| (closes.from..closes.until).contains(day) && closes.sees.admit(line);
    Ok(again.filter(inside).collect())
}
