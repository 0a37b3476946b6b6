//! A readable trend: steps with enough answers, the previous period next to them, a rolling line day by day, and the days on which
//! settings changed.

use super::{Point, by_steps, period, scaled};
use lastword_domain::report::calendar::Day;
use lastword_domain::report::period::{Period, Step};
use lastword_domain::report::rolling::{Rolling, STEPS, rolling};
use lastword_domain::report::stats::bins::{Width, steps, width};
use lastword_domain::report::{Report, Scaled};
use lastword_store::report::{self, By, Closes};
use lastword_store::{Db, StoreError, line};

/// Maximum length of a period that is read by days.
const BY_DAYS_MAX: i64 = 800;

/// The figure of the days, or months, up to each day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RollingLine {
    /// Length of the window in days, including the day itself; in months if the points of the timeline are months.
    pub window: usize,
    /// Days with the figure of the window that ends with them; days without enough answers are omitted.
    pub days: Vec<(Day, Rolling)>,
}

impl RollingLine {
    /// The figure of the window that ends before this day.
    pub fn before(&self, day: Day) -> Option<Rolling> {
        let last = day.plus(-1);
        self.days.iter().find(|(day, _)| *day == last).map(|(_, rolling)| *rolling)
    }
}

/// A readable trend: its points have enough answers.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    /// The points, oldest first; the first may be shorter.
    pub points: Vec<Point>,
    /// Points of the previous period, aligned from the last one back; fewer if that period is shorter.
    pub before: Vec<Point>,
    /// True if points are calendar months, as for years.
    pub months: bool,
    /// True if the first point has fewer days than the others.
    pub cut: bool,
    /// The rolling line.
    pub rolling: RollingLine,
    /// Days on which settings changed, with the name of the line.
    pub changes: Vec<(Day, String)>,
}

impl Timeline {
    /// Start and end of a day along the points, in points from the left; `None` outside of them.
    pub fn place(&self, day: Day) -> Option<(f64, f64)> {
        let (at, point) = self.points.iter().enumerate().find(|(_, point)| (point.period.from..point.period.until).contains(&day))?;
        let place = |days: i64| at as f64 + days as f64 / point.period.days().max(1) as f64;
        let day = day.0 - point.period.from.0;
        Some((place(day), place(day + 1)))
    }

    /// The line in contiguous parts.
    pub fn unbroken(&self) -> impl Iterator<Item = &[(Day, Rolling)]> {
        let near = if self.months { 31 } else { 1 };
        self.rolling.days.chunk_by(move |before, after| after.0.0 - before.0.0 <= near)
    }
}

/// The figures of these closes in steps with enough answers, counted back from the end of the period, next to those of the previous
/// period. `None` if there is only enough for one figure.
#[lastword_base::boxed]
pub async fn timeline(db: &Db, closes: &Closes) -> Result<Option<Timeline>, StoreError> {
    let before = period(closes).previous().map(|before| Closes { from: before.from, until: before.until, ..closes.clone() });
    let changes = changes(db, closes).await?;
    if period(closes).days() > BY_DAYS_MAX {
        return Ok(over_months(db, closes).await?.map(|time| Timeline { changes, ..time }));
    }
    let days = by_days(db, closes).await?;
    let Some(width) = width(&days.iter().map(|day| answers(day)).collect::<Vec<_>>()) else { return Ok(None) };
    let points = in_steps(closes.from, &days, width);
    let before = match before {
        Some(before) => in_steps(before.from, &by_days(db, &before).await?, width),
        None => Vec::new(),
    };
    let cut = days.len() % width.days() != 0;
    let rolling = through(db, closes, days, width).await?;
    Ok(Some(Timeline { points, before, months: false, cut, rolling, changes }))
}

/// The figure of the days up to each day of these closes, over three steps with enough answers. `None` if no step has enough, or
/// for more than 800 days.
#[lastword_base::boxed]
pub async fn rolling_line(db: &Db, closes: &Closes) -> Result<Option<RollingLine>, StoreError> {
    if period(closes).days() > BY_DAYS_MAX {
        return Ok(None);
    }
    let days = by_days(db, closes).await?;
    match width(&days.iter().map(|day| answers(day)).collect::<Vec<_>>()) {
        Some(width) => through(db, closes, days, width).await.map(Some),
        None => Ok(None),
    }
}

/// The rolling line of these closes. It begins with whole windows, so days before the first are read, too.
async fn through(db: &Db, closes: &Closes, days: Vec<Vec<Scaled>>, width: Width) -> Result<RollingLine, StoreError> {
    let window = width.days() * STEPS;
    let lead = i64::try_from(window).unwrap_or(0) - 1;
    let first = Day((closes.from.0 - lead).max(0));
    let mut all =
        if first < closes.from { by_days(db, &Closes { from: first, until: closes.from, ..closes.clone() }).await? } else { Vec::new() };
    let ahead = all.len();
    all.extend(days);
    let found = rolling(&all, window).into_iter().skip(ahead).zip(0_i64..);
    Ok(RollingLine { window, days: found.filter_map(|(rolling, day)| Some((closes.from.plus(day), rolling?))).collect() })
}

/// A timeline over years, by calendar months.
async fn over_months(db: &Db, closes: &Closes) -> Result<Option<Timeline>, StoreError> {
    let (periods, months): (Vec<Period>, Vec<Vec<Scaled>>) =
        by_steps(db, closes, Step::Month).await?.unwrap_or_default().into_iter().unzip();
    let lines = rolling(&months, STEPS).into_iter().zip(&periods).skip(STEPS - 1);
    let days = lines.filter_map(|(rolling, period)| Some((period.last_day(), rolling?))).collect();
    let points: Vec<Point> =
        periods.iter().zip(&months).map(|(period, scaled)| Point { period: *period, report: Report::of(scaled) }).collect();
    let rolling = RollingLine { window: STEPS, days };
    Ok((points.len() > 1).then_some(Timeline { points, months: true, rolling, ..Timeline::default() }))
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

/// Number of ratings of a day that count in the score.
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

/// Changes of settings of the lines of these closes in their days; the first settings of a line are no change.
async fn changes(db: &Db, closes: &Closes) -> Result<Vec<(Day, String)>, StoreError> {
    let (versions, names) = tokio::try_join!(line::versions_of(db, closes.line.as_ref()), line::names(db))?;
    let again = versions.windows(2).filter(|pair| pair[0].0 == pair[1].0).map(|pair| (Day::of(pair[1].1, db.zone()), &pair[1].0));
    let inside = again.filter(|(day, line)| (closes.from..closes.until).contains(day) && closes.sees.admit(line));
    Ok(inside.map(|(day, line)| (day, names.get(line).cloned().unwrap_or_else(|| line.to_string()))).collect())
}
