//! Figures of reports, with their uncertainty.
//!
//! - Every share names its part and its whole; both are counts of the same closes.
//! - Shares have Wilson's 95 % interval. Averages of stars have Gaffke's, so that three times five stars are not taken for certain.
//! - The response rate is answered / delivered, of the questions whose time for an answer is over. Clients who can still answer are
//!   excluded, and early answers count only when the time is over.
//! - The score comes with the rule for "good", the range that silent clients could make of it, and a warning if there are few
//!   answers.
//! - Voided ratings stay in the raw score and are excluded from the adjusted one. Pages show only the adjusted one.

pub mod alarm_words;
pub mod bound;
pub mod calendar;
pub mod case;
pub mod change;
pub mod comparison;
pub mod counter;
pub mod experiment;
pub mod k_anonymity;
pub mod letter;
pub mod letter_words;
pub mod low_reasons;
pub mod mix;
pub mod period;
pub mod rating_filter;
pub mod roll_up;
pub mod rolling;
pub mod rule;
pub mod watch;

pub use lastword_stats::{self as stats, median, share};

use self::counter::{Counts, Measure, TOOK_SECS};
use self::share::Share;
use self::stats::stars;
use super::answer::rating::Scale;
use serde::Serialize;
use utoipa::ToSchema;

/// Fewer answers than this are shown with a warning.
pub const FEW: i64 = 30;

/// A part of a whole, with Wilson's 95 % interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, ToSchema)]
#[schema(as = Share)]
pub struct Part {
    /// Number of those that count.
    pub part: i64,
    /// Number of all, from the same closes.
    pub of: i64,
    /// The share in percent; `None` if `of` is 0.
    pub percent: Option<f64>,
    /// Lower bound of the 95 % interval, in percent.
    pub low: Option<f64>,
    /// Upper bound of the 95 % interval, in percent.
    pub high: Option<f64>,
}

impl Part {
    /// `part` of `of`.
    pub fn new(part: i64, of: i64) -> Self {
        Self::from(Share::of(part, of))
    }

    /// The same as a share.
    pub fn share(self) -> Share {
        Share::of(self.part, self.of)
    }

    /// Sets the interval.
    pub fn sure(&mut self, interval: Option<(f64, f64)>) {
        (self.low, self.high) = interval.unzip();
    }
}

impl From<(i64, i64)> for Part {
    fn from((part, of): (i64, i64)) -> Self {
        Self::new(part, of)
    }
}

impl From<Share> for Part {
    fn from(share: Share) -> Self {
        let (low, high) = share.interval().unzip();
        Self { part: share.part, of: share.whole, percent: share.percent(), low, high }
    }
}

/// The counts of one scale.
pub type Scaled = (Scale, Counts);

/// The figures of one group of closes.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Report {
    /// Closed, asked, delivered, answered: each a part of the previous one.
    pub funnel: Funnel,
    /// Answered of delivered, of all outcomes, among questions whose time for an answer is over. `funnel.delivered_runs` counts the
    /// others.
    pub response: Part,
    /// Not asked of closed. The reasons are in `reasons`, where available.
    pub not_asked: Part,
    /// Ratings over all scales.
    pub score: Score,
    /// Ratings by scale.
    pub scales: Vec<ScaleReport>,
    /// "Was your issue resolved?": "yes" of all answers to it.
    pub resolved: Part,
    /// Ratings with a comment, of all ratings.
    pub commented: Part,
    /// Time from the close to the client's first score.
    pub took: Took,
    /// The supervisors' own scores.
    pub supervisor: SupervisorScore,
}

/// Closes by their result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Funnel {
    /// All closes.
    pub closed: i64,
    /// Not asked about.
    pub not_asked: i64,
    /// Withdrawn before the question was delivered.
    pub canceled: i64,
    /// Asked about: all others.
    pub asked: i64,
    /// Asked, with a question that was delivered as far as is known.
    pub delivered: i64,
    /// Delivered and rated.
    pub answered: i64,
    /// Asked, and can still be answered.
    pub open: i64,
    /// Delivered, and can still be answered.
    pub delivered_open: i64,
    /// Delivered, with an answer time that is not over, answered or not: not yet part of the response rate.
    pub delivered_runs: i64,
    /// Of these, answered.
    pub answered_runs: i64,
    /// Asked, and not rated before the question ended: it expired, or was withdrawn because the chat went on.
    pub expired: i64,
    /// Asked, and could not be delivered to the client.
    pub unreachable: i64,
    /// Asked, and it is unknown whether the question was delivered.
    pub unsure: i64,
    /// Closes with an answer that came too late.
    pub late: i64,
}

/// Figures of a set of ratings.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct Score {
    /// All ratings.
    pub raw: Grades,
    /// Ratings without the voided ones.
    pub adjusted: Grades,
    /// Voided ratings.
    pub voided: i64,
    /// The adjusted share of good ratings if every client who got the question had answered, in percent: from "all silent ones bad"
    /// to "all silent ones good". `None` if the question was delivered to no client.
    pub with_the_silent: Option<Bounds>,
    /// True if fewer than 30 ratings are not voided, which is too few for conclusions.
    pub few: bool,
}

/// Ratings by grade.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct Grades {
    /// Ratings.
    pub rated: i64,
    /// Good ratings.
    pub good: i64,
    /// Ratings that are neither good nor bad.
    pub neutral: i64,
    /// Bad ratings: low by the line's rule at the time of the answer.
    pub bad: i64,
    /// Good of rated: the score.
    pub share: Part,
}

/// A range, in percent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = PercentRange)]
pub struct Bounds {
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

/// Ratings on one scale.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ScaleReport {
    /// The scale.
    pub scale: Scale,
    /// Score of its ratings.
    pub score: Score,
    /// Ratings by score, worst first: 👎 and 👍, or one to five stars.
    pub distribution: Vec<Bar>,
    /// Average of stars; `None` for thumbs or without ratings.
    pub average: Option<Average>,
    /// The average without voided ratings.
    pub adjusted_average: Option<Average>,
}

/// Number of ratings with one score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ScoreCount)]
pub struct Bar {
    /// The score.
    pub score: u8,
    /// Ratings with it.
    pub count: i64,
    /// Voided ratings among them.
    pub voided: i64,
}

/// An average of stars with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct Average {
    /// The average.
    pub mean: f64,
    /// Lower bound of its interval.
    pub low: f64,
    /// Upper bound of its interval.
    pub high: f64,
    /// Number of ratings.
    pub of: i64,
}

/// Time that clients took to rate.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = TimeToRate)]
pub struct Took {
    /// Average in seconds; `None` without ratings.
    pub average_secs: Option<i64>,
    /// Lower bound of the median, in seconds, exclusive.
    pub median_from_secs: Option<i64>,
    /// Upper bound of the median, in seconds, inclusive; `None` if the median is in the last group.
    pub median_to_secs: Option<i64>,
    /// Ratings by time taken.
    pub groups: Vec<TookGroup>,
}

/// Ratings with a similar time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TimeToRateGroup)]
pub struct TookGroup {
    /// Upper bound in seconds, inclusive; the lower bound is that of the previous group. `None` for the last group.
    pub to_secs: Option<i64>,
    /// Number of ratings.
    pub count: i64,
}

/// The supervisors' own scores, from 1 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct SupervisorScore {
    /// Closes that a supervisor scored.
    pub count: i64,
    /// The average; `None` without scores.
    pub average: Option<f64>,
}

impl Score {
    /// Sets the interval of the adjusted share, and of the raw share if both are the same.
    pub fn sure(&mut self, interval: Option<(f64, f64)>) {
        self.adjusted.share.sure(interval);
        if self.voided == 0 {
            self.raw.share.sure(interval);
        }
    }
}

impl Report {
    /// The figures of a group, from its counts by scale.
    pub fn of(scaled: &[Scaled]) -> Self {
        let mut all = Counts::default();
        scaled.iter().for_each(|(_, counts)| all.add(counts, 1));
        let mut by_scale: Vec<Scaled> = Vec::new();
        for (scale, counts) in scaled {
            match by_scale.iter_mut().find(|(known, _)| known == scale) {
                Some((_, sum)) => sum.add(counts, 1),
                None => by_scale.push((*scale, *counts)),
            }
        }
        // Days subtracted from a year can leave a scale with zeros only.
        by_scale.retain(|(_, counts)| !counts.is_zero());
        by_scale.sort_by_key(|(scale, _)| *scale);
        let rated = all[Measure::Answered];
        Self {
            funnel: funnel(&all),
            response: Part::from(all.over()),
            not_asked: Part::new(all[Measure::NotAsked], all[Measure::Closes]),
            score: score(&all),
            scales: by_scale.iter().map(scale_report).collect(),
            resolved: Part::new(all[Measure::ResolvedYes], all[Measure::ResolvedYes] + all[Measure::ResolvedNo]),
            commented: Part::new(all[Measure::Commented], rated),
            took: took(&all),
            supervisor: SupervisorScore {
                count: all[Measure::Supervised],
                average: mean(all[Measure::SupervisorSum], all[Measure::Supervised]),
            },
        }
    }

    /// Figures of one scale; `None` without closes on it.
    pub fn on(&self, scale: Scale) -> Option<&ScaleReport> {
        self.scales.iter().find(|report| report.scale == scale)
    }
}

fn funnel(counts: &Counts) -> Funnel {
    Funnel {
        closed: counts[Measure::Closes],
        not_asked: counts[Measure::NotAsked],
        canceled: counts[Measure::Canceled],
        asked: counts.asked(),
        delivered: counts[Measure::Delivered],
        answered: counts[Measure::Answered],
        open: counts.open(),
        delivered_open: counts[Measure::DeliveredOpen],
        delivered_runs: counts[Measure::DeliveredRuns],
        answered_runs: counts[Measure::AnsweredRuns],
        expired: counts[Measure::Expired],
        unreachable: counts[Measure::Unreachable],
        unsure: counts[Measure::Unsure],
        late: counts[Measure::Late],
    }
}

fn score(counts: &Counts) -> Score {
    let (rated, good, bad) = (counts[Measure::Answered], counts[Measure::Good], counts[Measure::Bad]);
    let voided: i64 = counts.voided_scores().iter().sum();
    let adjusted = grades(rated - voided, good - counts[Measure::VoidGood], bad - counts[Measure::VoidBad]);
    let silent = counts[Measure::Delivered] - rated;
    let all = adjusted.rated + silent;
    let percent = |part: i64| part as f64 * 100.0 / all as f64;
    Score {
        raw: grades(rated, good, bad),
        adjusted,
        voided,
        with_the_silent: (all > 0).then(|| Bounds { low: percent(adjusted.good), high: percent(adjusted.good + silent) }),
        few: adjusted.rated < FEW,
    }
}

fn grades(rated: i64, good: i64, bad: i64) -> Grades {
    Grades { rated, good, neutral: rated - good - bad, bad, share: Part::new(good, rated) }
}

fn scale_report((scale, counts): &Scaled) -> ScaleReport {
    let (all, voided) = (counts.scores(), counts.voided_scores());
    let scores = match scale {
        Scale::Binary => 0..=1,
        Scale::FiveStar => 1..=5,
    };
    let bar = |score: u8| Bar { score, count: all[usize::from(score)], voided: voided[usize::from(score)] };
    let stars = |counts: [i64; 6]| (*scale == Scale::FiveStar).then(|| average(counts)).flatten();
    let adjusted: [i64; 6] = std::array::from_fn(|score| all[score] - voided[score]);
    let average = stars(all);
    ScaleReport {
        scale: *scale,
        score: score(counts),
        distribution: scores.map(bar).collect(),
        average,
        adjusted_average: if adjusted == all { average } else { stars(adjusted) },
    }
}

/// The average of stars.
fn average(counts: [i64; 6]) -> Option<Average> {
    let [_, stars @ ..] = counts;
    let (mean, low, high) = stars::average(stars)?;
    Some(Average { mean, low, high, of: stars.iter().sum() })
}

fn took(counts: &Counts) -> Took {
    let groups = counts.took();
    let rated: i64 = groups.iter().sum();
    let mut before = 0;
    let middle = groups.iter().position(|count| {
        before += count;
        before * 2 >= rated
    });
    let middle = middle.filter(|_| rated > 0);
    let end = |group: usize| TOOK_SECS.get(group).copied();
    Took {
        average_secs: (rated > 0).then(|| counts[Measure::RateSecs] / rated),
        median_from_secs: middle.map(|group| group.checked_sub(1).and_then(end).unwrap_or(0)),
        median_to_secs: middle.and_then(end),
        groups: groups.into_iter().enumerate().map(|(group, count)| TookGroup { to_secs: end(group), count }).collect(),
    }
}

fn mean(sum: i64, of: i64) -> Option<f64> {
    (of > 0).then(|| sum as f64 / of as f64)
}

#[cfg(test)]
mod tests;
