//! Targets of lines: whether the share of good ratings of some days is above or below what the line is to reach.

use super::groups;
use lastword_domain::report::share::Share;
use lastword_domain::report::stats::target::{Reached, answers_that_tell, exact_interval, reached};
use lastword_store::report::{By, Closes};
use lastword_store::{Db, StoreError, line};

/// How a line stands to its target.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// The line.
    pub line: String,
    /// Its name.
    pub name: String,
    /// What it is to reach, in percent.
    pub percent: u8,
    /// Good of rated, voided ones left out.
    pub share: Share,
    /// The 95 % interval of Clopper and Pearson in percent, which never contradicts the verdict; none without ratings.
    pub interval: Option<(f64, f64)>,
    /// What that says.
    pub verdict: Reached,
    /// How many ratings in all would tell if the share stays as it is; none where it tells already, or would never.
    pub answers: Option<i64>,
}

/// How the lines of these closes that have a target stand to it, by name. The target is the one of now, whatever it was.
///
/// # Errors
/// The database's error.
pub async fn targets(db: &Db, closes: &Closes) -> Result<Vec<Target>, StoreError> {
    let wanted = |line: &line::Line| closes.sees.admit(&line.id) && closes.line.as_ref().is_none_or(|id| *id == line.id);
    let with_target = line::all(db).await?.into_iter().filter(|line| line.archived_at.is_none() && wanted(line));
    let lines: Vec<(line::Line, u8)> = with_target.filter_map(|line| line.settings.target_percent.map(|percent| (line, percent))).collect();
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let (rows, _) = groups(db, closes, By::Line, usize::MAX).await?;
    let target = |(line, percent): (line::Line, u8)| {
        let row = rows.iter().find(|row| row.id == line.id);
        let share = row.map(|row| row.report.score.adjusted.share.share()).unwrap_or_default();
        let wanted = f64::from(percent);
        Target {
            line: line.id,
            name: line.name,
            percent,
            share,
            interval: exact_interval(share),
            verdict: reached(share, wanted),
            answers: answers_that_tell(share, wanted),
        }
    };
    let mut targets: Vec<Target> = lines.into_iter().map(target).collect();
    targets.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(targets)
}
