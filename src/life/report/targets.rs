//! Targets of lines: compares the share of good ratings of some days with the target of the line. Each client has one vote, with
//! the last rating whose question is over. Verdicts are valid even if they are read every day.

use lastword_base::names::LineId;
use lastword_domain::report::case::{Member, Whose};
use lastword_domain::report::share::Share;
use lastword_domain::report::stats::clients::Cases;
use lastword_domain::report::stats::target::{Reached, lasting_interval, ratings_needed, reached};
use lastword_domain::report::watch::Watched;
use lastword_store::report::Closes;
use lastword_store::report::votes::votes;
use lastword_store::{Db, StoreError, line};

/// State of a line's target.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// The line.
    pub line: LineId,
    /// Its name.
    pub name: String,
    /// Its target, in percent.
    pub percent: u8,
    /// Good ones among the clients' last ratings whose question is over, without voided ones.
    pub share: Share,
    /// Interval in percent that holds however often it is read, and never contradicts the verdict; `None` without ratings.
    pub interval: Option<(f64, f64)>,
    /// The verdict; none if the scale or the definition of good changed.
    pub verdict: Reached,
    /// Total number of ratings for a verdict if the share stays as it is; `None` if there is one already, or would never be one.
    pub answers: Option<i64>,
    /// True if the scale or the definition of good changed in these days: `share` contains ratings by both, and is not compared with
    /// the target.
    pub redefined: bool,
}

/// True if these closes are all of their lines and days: a target is about a whole line.
pub fn are_whole_lines(closes: &Closes) -> bool {
    closes.channel.is_none() && closes.operator.is_none() && closes.label.is_none() && closes.scale.is_none() && closes.handled_by.is_none()
}

/// Results of the lines of these closes that have a target, sorted by name; none unless [`are_whole_lines`]. `error` holds for each
/// target over all looks at it. The current target applies to all days.
#[lastword_base::boxed]
pub async fn targets(db: &Db, closes: &Closes, error: f64) -> Result<Vec<Target>, StoreError> {
    if !are_whole_lines(closes) {
        return Ok(Vec::new());
    }
    let wanted = |line: &line::Line| closes.sees.admit(&line.id) && closes.line.as_ref().is_none_or(|id| *id == line.id);
    let with_target = line::all(db).await?.into_iter().filter(|line| line.archived_at.is_none() && wanted(line));
    let lines: Vec<(line::Line, u8)> = with_target.filter_map(|line| line.settings.target_percent.map(|percent| (line, percent))).collect();
    let mut targets = Vec::with_capacity(lines.len());
    for (line, percent) in lines {
        let votes = votes(db, &Closes { line: Some(line.id.clone()), ..closes.clone() }).await?;
        let redefined = votes.graded.has_several_definitions();
        let (share, wanted) = (share(votes.cases), f64::from(percent));
        let (interval, verdict, answers) = match redefined {
            true => (None, Reached::CannotTell, None),
            false => (lasting_interval(share, error), reached(share, wanted, error), ratings_needed(share, wanted)),
        };
        targets.push(Target { line: line.id, name: line.name, percent, share, interval, verdict, answers, redefined });
    }
    targets.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(targets)
}

/// Share of good votes.
fn share(cases: Cases) -> Share {
    let mut name = String::new();
    Member { share: Watched::Score, whose: Whose::All, id: "" }.write(&mut name);
    let of = cases.team().into_iter().find(|case| case.id == name);
    of.iter().flat_map(|case| &case.ratings).fold(Share::default(), |sum, (_, share)| sum.and(*share))
}
