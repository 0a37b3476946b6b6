//! Reports: turns counters into figures. The cost depends only on the number of days and groups shown.

pub mod by_hour;
pub mod changed;
pub mod compare_operators;
pub mod index_comments;
mod kept;
pub mod labelled_reports;
pub mod letter;
pub mod low_reasons;
pub mod recount;
pub mod replies;
pub mod save_view;
pub mod store_label_counts;
pub mod targets;
pub mod timeline;
pub mod watch;

use lastword_base::names::{LineId, OperatorId};
use lastword_domain::outcome::{NotAsked, Outcome};
use lastword_domain::report::calendar::Day;
use lastword_domain::report::counter::{Counts, Measure};
use lastword_domain::report::mix::{Mix, mixes_differ};
use lastword_domain::report::period::{Period, Step};
use lastword_domain::report::rule::{Rated, Rule, Version, disputed, rules};
use lastword_domain::report::{Part, Report, Scaled};
use lastword_store::line::{self, experiment};
use lastword_store::report::{self, By, Closes, Group, imported_rule, reason};
use lastword_store::session::operator;
use lastword_store::{Db, StoreError};
use std::collections::{BTreeMap, HashMap};

/// A report on some closes, with the previous period.
#[derive(Clone, Debug)]
pub struct Summary {
    /// The figures.
    pub report: Report,
    /// The rules for "good" in that period.
    pub rules: Vec<Rule>,
    /// Reasons why closes were not asked about, canceled or unreachable; the most frequent reason of each outcome first.
    pub reasons: Vec<(Outcome, String, i64)>,
    /// The previous period, and its figures.
    pub previous: Option<(Period, Report)>,
    /// True if people and programs shared the work differently in the previous period, which may explain a change.
    pub mixes_differ: bool,
}

/// The period of these closes.
fn period(closes: &Closes) -> Period {
    Period { from: closes.from, until: closes.until }
}

async fn figures(db: &Db, closes: &Closes) -> Result<(Report, Mix), StoreError> {
    Ok(figures_of(&report::counts(db, closes, By::Nothing).await?))
}

fn figures_of(groups: &[Group]) -> (Report, Mix) {
    (Report::of(&groups.iter().map(scaled).collect::<Vec<_>>()), mix(groups))
}

/// Mix of these groups by who handled the rated sessions.
fn mix<'g>(groups: impl IntoIterator<Item = &'g Group>) -> Mix {
    let mut mix = Mix::default();
    // Voided ratings are in no share that the mix could explain.
    let rated = |counts: &Counts| counts[Measure::Answered] - counts.voided_scores().iter().sum::<i64>();
    groups.into_iter().for_each(|group| mix.add(group.handled_by, rated(&group.counts)));
    mix
}

fn scaled(group: &Group) -> Scaled {
    (group.scale, group.counts)
}

/// Figures of these closes and of the previous period. [`changed`] compares the two.
#[lastword_base::boxed]
pub async fn summary(db: &Db, closes: &Closes) -> Result<Summary, StoreError> {
    let before = async {
        let Some(before) = period(closes).previous() else { return Ok(None) };
        let (report, mix) = figures(db, &Closes { from: before.from, until: before.until, ..closes.clone() }).await?;
        Ok(Some(((before, report), mix)))
    };
    let ((groups, reasons), before, rules) =
        tokio::try_join!(reason::counts_and_reasons(db, closes, By::Nothing), before, rules_of(db, closes))?;
    let (report, mix) = figures_of(&groups);
    let (previous, mix_before) = before.unzip();
    Ok(Summary {
        rules,
        reasons: reasons.into_values().next().unwrap_or_default(),
        mixes_differ: mix_before.is_some_and(|before| mixes_differ([&mix, &before])),
        report,
        previous,
    })
}

/// Figures of these closes over all days: ten years, including today.
#[lastword_base::boxed]
pub async fn overall(db: &Db, closes: &Closes, today: Day) -> Result<Report, StoreError> {
    let all = Period::all(today);
    Ok(figures(db, &Closes { from: all.from, until: all.until, ..closes.clone() }).await?.0)
}

/// The rules for "good" by which ratings of these closes could be graded, on the lines and scales that have any.
#[lastword_base::boxed]
pub async fn rules_of(db: &Db, closes: &Closes) -> Result<Vec<Rule>, StoreError> {
    let (line, period, zone) = (closes.line.as_ref(), period(closes), db.zone());
    let (from, until) = (period.from.start(zone), period.until.start(zone));
    let (versions, tried, mut imported, groups) = tokio::try_join!(
        line::versions_of(db, line),
        experiment::tried_scales(db, line),
        imported_rule::of(db, line, from, until),
        report::counts(db, closes, By::Line)
    )?;
    let versions = versions.into_iter().filter(|(line, ..)| closes.sees.admit(line));
    let versions: Vec<Version> = versions.map(|(line, since, settings)| Version { line, since, settings }).collect();
    imported.retain(|rule| closes.sees.admit(&rule.line));
    let any = groups.iter().filter(|group| group.counts[Measure::Answered] > 0);
    let mut rated = Rated { any: any.map(|group| (LineId::from(&group.name), group.scale)).collect(), ..Rated::default() };
    for (line, scale) in disputed(&versions, &imported, from, until).intersection(&rated.any) {
        if imported_rule::are_all(db, line, *scale, from, until).await? {
            rated.imported.insert((line.clone(), *scale));
        }
    }
    let mut found = rules(&versions, &tried, &imported, &rated, from, until);
    found.retain(|rule| closes.scale.is_none_or(|scale| scale == rule.scale));
    Ok(found)
}

/// One line, channel, operator or kind of handling of a report.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its ID or kind; empty for none.
    pub id: String,
    /// Its name, if known.
    pub name: Option<String>,
    /// Its figures.
    pub report: Report,
    /// For an operator: own closes that were not asked about by the closer's choice, of all own closes.
    pub kept_back: Option<Part>,
    /// Mix of its rated sessions by who handled them.
    pub mix: Mix,
}

/// True if people and programs share the work differently from row to row, which may explain differences. Always false for rows
/// split by it.
pub fn rows_differ(by: By, rows: &[Row]) -> bool {
    by != By::HandledBy && mixes_differ(rows.iter().map(|row| &row.mix))
}

/// Number of closes not asked about by choice, among these reasons.
pub fn kept_back(reasons: &[(Outcome, String, i64)]) -> i64 {
    let by_choice =
        |(outcome, reason, _): &&(Outcome, String, i64)| *outcome == Outcome::NotAsked && *reason == NotAsked::ByChoice.as_str();
    reasons.iter().filter(by_choice).map(|(.., n)| n).sum()
}

/// Figures of these closes by line, channel, operator or who handled them, those with most ratings first, at most `limit`; and the
/// number of groups.
#[lastword_base::boxed]
pub async fn groups(db: &Db, closes: &Closes, by: By, limit: usize) -> Result<(Vec<Row>, usize), StoreError> {
    let (groups, reasons) = match by {
        By::Operator => reason::counts_and_reasons(db, closes, by).await?,
        _ => (report::counts(db, closes, by).await?, BTreeMap::new()),
    };
    let mut by_name: BTreeMap<String, Vec<Group>> = BTreeMap::new();
    for group in groups {
        by_name.entry(group.name.clone()).or_default().push(group);
    }
    let figures = |(id, groups): (String, Vec<Group>)| {
        let (report, mix) = figures_of(&groups);
        (id, report, mix)
    };
    let mut found: Vec<(String, Report, Mix)> = by_name.into_iter().map(figures).collect();
    found.retain(|(_, report, _)| report.funnel.closed > 0);
    found.sort_by_key(|(_, report, _)| std::cmp::Reverse((report.funnel.answered, report.funnel.closed)));
    let all = found.len();
    found.truncate(limit);
    let ids: Vec<&str> = found.iter().map(|(id, ..)| id.as_str()).collect();
    let mut names: HashMap<String, String> = match by {
        By::Line => line::names(db).await?.into_iter().map(|(id, name)| (id.into(), name)).collect(),
        By::Operator => {
            let ids: Vec<OperatorId> = ids.into_iter().map(OperatorId::from).collect();
            let names = operator::names(db, &ids.iter().collect::<Vec<_>>()).await?;
            names.into_iter().map(|(id, name)| (id.into(), name)).collect()
        }
        By::Nothing | By::Channel | By::HandledBy | By::Label | By::Day | By::Week | By::Month => HashMap::new(),
    };
    let rows = found.into_iter().map(|(id, report, mix)| {
        let kept = reasons.get(&id).map_or(0, |reasons| kept_back(reasons));
        let kept_back = (by == By::Operator).then(|| Part::new(kept, report.funnel.closed));
        Row { name: names.remove(&id), id, report, kept_back, mix }
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

/// Figures of these closes step by step, including steps without any; `None` if there would be too many to display.
#[lastword_base::boxed]
pub async fn trend(db: &Db, closes: &Closes, step: Step) -> Result<Option<Vec<Point>>, StoreError> {
    let parts = by_steps(db, closes, step).await?;
    Ok(parts.map(|parts| parts.into_iter().map(|(period, scaled)| Point { period, report: Report::of(&scaled) }).collect()))
}

/// The counts of these closes step by step, by scale.
async fn by_steps(db: &Db, closes: &Closes, step: Step) -> Result<Option<Vec<(Period, Vec<Scaled>)>>, StoreError> {
    let Some(parts) = period(closes).cut(step) else { return Ok(None) };
    let by = if step == Step::Month { By::Month } else { By::Day };
    let mut groups = report::counts(db, closes, by).await?.into_iter().peekable();
    let mut found = Vec::with_capacity(parts.len());
    for part in parts {
        // Groups are ordered by time, as parts are.
        let inside = |group: &Group| match by {
            By::Month => group.period <= part.from.month().0,
            _ => group.period < part.until.0,
        };
        let mut scaled_counts = Vec::new();
        while let Some(group) = groups.next_if(inside) {
            scaled_counts.push(scaled(&group));
        }
        found.push((part, scaled_counts));
    }
    Ok(Some(found))
}
