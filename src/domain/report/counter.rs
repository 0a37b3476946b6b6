//! Counting of closes: the only rule that turns a close, its rating and the supervisor's own score into counts. Counters are
//! updated with the difference of the counts before and after a change, and can be rebuilt from the rows by the same rule.
//!
//! Everything is dated by the close, so that asked, answered and good are parts of the same closes:
//!
//! - closes = asked + not asked + canceled; asked = open + answered + expired + unreachable + unsure
//! - answered ⊆ delivered ⊆ asked, and answered = good + neutral + bad = the sum of the scores
//! - a question is over when the time for an answer is over, with any outcome: delivered = over + still running
//!
//! A close counts once for its line. For operators it counts by the line's attribution, frozen at the close: for the responsible
//! operator, or, if shared, **once for each** who wrote. Whole numbers stay whole, so that intervals and lists are consistent; the
//! sum over operators may exceed the line's.

mod changes;

pub use changes::{Cell, Changes, CounterScope, OF_LINE, OF_OPERATOR, counted_operators};

use crate::Millis;
use crate::answer::rating::{Grade, Scale};
use crate::answer::reason::ReasonOrigin;
use crate::outcome::Outcome;
use serde::{Serialize, Serializer};
use std::collections::BTreeSet;
use std::ops::{Index, IndexMut};

macro_rules! measures {
    ($($(#[$about:meta])* $name:ident $column:literal;)*) => {
        /// A counted quantity.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Measure { $($(#[$about])* $name),* }

        /// Column names of the counters, in the order of [`Measure`].
        pub const MEASURES: &[&str] = &[$($column),*];
        const COUNT: usize = MEASURES.len();
    };
}

measures! {
    /// All closes.
    Closes "closes";
    /// Not asked about.
    NotAsked "not_asked";
    /// The question was withdrawn before it arrived.
    Canceled "canceled";
    /// Asked, and delivered as far as is known: the platform accepted the question, or an answer proves it.
    Delivered "delivered";
    /// Rated.
    Answered "answered";
    /// Delivered, and not rated before it was over.
    Expired "expired";
    /// The question could not be delivered to the client.
    Unreachable "unreachable";
    /// It is unknown whether the question was delivered.
    Unsure "unsure";
    /// An answer came too late.
    Late "late";
    /// Ratings of 0: 👎.
    Score0 "score_0";
    /// Ratings of 1: 👍, or one star.
    Score1 "score_1";
    /// Two stars.
    Score2 "score_2";
    /// Three stars.
    Score3 "score_3";
    /// Four stars.
    Score4 "score_4";
    /// Five stars.
    Score5 "score_5";
    /// Good ratings.
    Good "good";
    /// Bad ratings.
    Bad "bad";
    /// Voided ratings of 0.
    Void0 "void_0";
    /// Voided ratings of 1.
    Void1 "void_1";
    /// Voided ratings of 2.
    Void2 "void_2";
    /// Voided ratings of 3.
    Void3 "void_3";
    /// Voided ratings of 4.
    Void4 "void_4";
    /// Voided ratings of 5.
    Void5 "void_5";
    /// Voided good ratings.
    VoidGood "void_good";
    /// Voided bad ratings.
    VoidBad "void_bad";
    /// Rated, and resolved according to the client.
    ResolvedYes "resolved_yes";
    /// Rated, and not resolved according to the client.
    ResolvedNo "resolved_no";
    /// Rated with a comment.
    Commented "commented";
    /// Seconds from the close to the first score, summed over all ratings.
    RateSecs "rate_secs";
    /// Rated within a minute.
    Took0 "took_0";
    /// Rated within five minutes, but not within one.
    Took1 "took_1";
    /// Within 15 minutes.
    Took2 "took_2";
    /// Within an hour.
    Took3 "took_3";
    /// Within six hours.
    Took4 "took_4";
    /// Within a day.
    Took5 "took_5";
    /// Within three days.
    Took6 "took_6";
    /// Later.
    Took7 "took_7";
    /// Scored by a supervisor.
    Supervised "supervised";
    /// Sum of the supervisors' scores.
    SupervisorSum "supervisor_sum";
    /// Delivered, and can still be answered.
    DeliveredOpen "delivered_open";
    /// Low ratings that are not voided, with at least one reason that the client chose.
    Reasoned "reasoned";
    /// Low ratings that are not voided, with a comment that was checked by keyword rules.
    CommentRead "comment_read";
    /// Of these, with at least one tag.
    Tagged "tagged";
    /// Delivered, and the time for an answer is not over, answered or not.
    DeliveredRuns "delivered_runs";
    /// Rated, and the time for an answer is not over.
    AnsweredRuns "answered_runs";
}

/// Upper bounds of the groups of times to rate, in seconds; the last group has none.
pub const TOOK_SECS: [i64; 7] = [60, 300, 900, 3_600, 21_600, 86_400, 259_200];

/// One count per measure, or differences of such counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Counts(pub [i64; COUNT]);

impl Default for Counts {
    fn default() -> Self {
        Self([0; COUNT])
    }
}

impl Index<Measure> for Counts {
    type Output = i64;

    fn index(&self, measure: Measure) -> &i64 {
        &self.0[measure as usize]
    }
}

impl IndexMut<Measure> for Counts {
    fn index_mut(&mut self, measure: Measure) -> &mut i64 {
        &mut self.0[measure as usize]
    }
}

impl Counts {
    /// Adds `other`, `times` times.
    pub fn add(&mut self, other: &Counts, times: i64) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine += theirs * times;
        }
    }

    /// True if all counts are zero.
    pub fn is_zero(&self) -> bool {
        self.0.iter().all(|&count| count == 0)
    }

    /// The counts that are not zero, by column name.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, i64)> + '_ {
        MEASURES.iter().zip(self.0).filter(|(_, count)| *count != 0).map(|(&name, count)| (name, count))
    }

    /// Asked about, and not withdrawn before delivery.
    pub fn asked(&self) -> i64 {
        self[Measure::Closes] - self[Measure::NotAsked] - self[Measure::Canceled]
    }

    /// Asked about, and can still be answered.
    pub fn open(&self) -> i64 {
        use Measure::{Answered, Expired, Unreachable, Unsure};
        self.asked() - self[Answered] - self[Expired] - self[Unreachable] - self[Unsure]
    }

    /// Delivered questions whose time for an answer is over: (answered, all). If answers counted immediately, yesterday's questions
    /// would count only if they were answered.
    pub fn over(&self) -> (i64, i64) {
        (self[Measure::Answered] - self[Measure::AnsweredRuns], self[Measure::Delivered] - self[Measure::DeliveredRuns])
    }

    /// Ratings of each score from 0 to 5.
    pub fn scores(&self) -> [i64; 6] {
        std::array::from_fn(|score| self.0[Measure::Score0 as usize + score])
    }

    /// Voided ratings of each score from 0 to 5.
    pub fn voided_scores(&self) -> [i64; 6] {
        std::array::from_fn(|score| self.0[Measure::Void0 as usize + score])
    }

    /// Ratings by the time they took, in the groups of [`TOOK_SECS`].
    pub fn took(&self) -> [i64; TOOK_SECS.len() + 1] {
        std::array::from_fn(|group| self.0[Measure::Took0 as usize + group])
    }
}

impl std::fmt::Debug for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.named()).finish()
    }
}

/// Serializes as a map of the counts that are not zero.
impl Serialize for Counts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.named())
    }
}

/// State of the rating request of a close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestStatus {
    /// Its outcome, if it has ended.
    pub outcome: Option<Outcome>,
    /// True if its question was delivered as far as is known.
    pub delivered: bool,
    /// True if an answer came too late.
    pub late: bool,
    /// True if the time for an answer is not over, with any outcome. It is true for an open question.
    pub runs: bool,
}

impl RequestStatus {
    /// Its counts.
    pub fn counts(self) -> Counts {
        let mut counts = Counts::default();
        let kept_back = matches!(self.outcome, Some(Outcome::NotAsked | Outcome::Canceled));
        counts[Measure::Closes] = 1;
        counts[Measure::Late] = i64::from(self.late);
        counts[Measure::Delivered] = i64::from(self.outcome == Some(Outcome::Answered) || (self.delivered && !kept_back));
        if self.runs || self.outcome.is_none() {
            counts[Measure::DeliveredRuns] = counts[Measure::Delivered];
        }
        match self.outcome {
            None => counts[Measure::DeliveredOpen] = i64::from(self.delivered),
            Some(Outcome::Answered) => (counts[Measure::Answered], counts[Measure::AnsweredRuns]) = (1, i64::from(self.runs)),
            Some(Outcome::Expired) => counts[Measure::Expired] = 1,
            Some(Outcome::NotAsked) => counts[Measure::NotAsked] = 1,
            Some(Outcome::Canceled) => counts[Measure::Canceled] = 1,
            Some(Outcome::Unreachable) => counts[Measure::Unreachable] = 1,
            Some(Outcome::Unsure) => counts[Measure::Unsure] = 1,
        }
        counts
    }
}

/// Counted properties of a rating.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RatingMeasures {
    /// Its scale.
    pub scale: Scale,
    /// Its score.
    pub score: u8,
    /// True if it was low by the line's rule at the time of the answer.
    pub low: bool,
    /// The client's answer to "Was your issue resolved?"
    pub resolved: Option<bool>,
    /// True if it has a comment.
    pub commented: bool,
    /// True if an admin voided it.
    pub voided: bool,
    /// From the close to the first score, in milliseconds.
    pub took: Millis,
    /// Codes of the reasons that the client chose.
    pub chosen: Vec<String>,
    /// Codes with which keyword rules tagged the comment; `None` if no rules were applied.
    pub tags: Option<Vec<String>>,
}

impl RatingMeasures {
    /// Its counts, besides the answer itself.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        let place = usize::from(self.score.min(5));
        counts.0[Measure::Score0 as usize + place] = 1;
        counts.0[Measure::Void0 as usize + place] = i64::from(self.voided);
        let (voided, grade) = (i64::from(self.voided), Grade::of(self.scale, self.score, self.low));
        match grade {
            Grade::Good => (counts[Measure::Good], counts[Measure::VoidGood]) = (1, voided),
            Grade::Neutral => {}
            Grade::Bad => (counts[Measure::Bad], counts[Measure::VoidBad]) = (1, voided),
        }
        counts[Measure::ResolvedYes] = i64::from(self.resolved == Some(true));
        counts[Measure::ResolvedNo] = i64::from(self.resolved == Some(false));
        counts[Measure::Commented] = i64::from(self.commented);
        // A web chat may be rated before it is closed.
        let secs = self.took.max(0) / 1_000;
        counts[Measure::RateSecs] = secs;
        counts.0[Measure::Took0 as usize + TOOK_SECS.iter().filter(|&&end| secs > end).count()] = 1;
        if self.tells_why() {
            counts[Measure::Reasoned] = i64::from(!self.chosen.is_empty());
            counts[Measure::CommentRead] = i64::from(self.tags.is_some());
            counts[Measure::Tagged] = i64::from(self.tags.as_ref().is_some_and(|tags| !tags.is_empty()));
        }
        counts
    }

    /// True if its reasons are counted: only those of low ratings that are not voided.
    fn tells_why(&self) -> bool {
        self.low && !self.voided
    }

    /// The reasons it counts for: each once as chosen by the client, and once as found by rules.
    pub fn reasons(&self) -> BTreeSet<(ReasonOrigin, &str)> {
        let chosen = self.chosen.iter().map(|code| (ReasonOrigin::Chosen, code.as_str()));
        let tagged = self.tags.iter().flatten().map(|code| (ReasonOrigin::Tagged, code.as_str()));
        chosen.chain(tagged).filter(|_| self.tells_why()).collect()
    }
}

/// Kind of reasons that are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReasonOf {
    /// Reasons of closes with this outcome.
    Outcome(Outcome),
    /// Reasons of low ratings that are not voided.
    Low(ReasonOrigin),
}

impl ReasonOf {
    /// The text in the counters. No outcome has the same text as an origin.
    pub fn as_str(self) -> &'static str {
        match self {
            ReasonOf::Outcome(outcome) => outcome.as_str(),
            ReasonOf::Low(origin) => origin.as_str(),
        }
    }

    /// Parses [`ReasonOf::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Outcome::parse(word).map(ReasonOf::Outcome).or_else(|| ReasonOrigin::parse(word).map(ReasonOf::Low))
    }
}

/// Counts of a supervisor's own score.
pub fn supervisor_counts(score: u8) -> Counts {
    let mut counts = Counts::default();
    counts[Measure::Supervised] = 1;
    counts[Measure::SupervisorSum] = i64::from(score);
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn outcomes() -> impl Strategy<Value = Option<Outcome>> {
        proptest::option::of(proptest::sample::select(Outcome::ALL.to_vec()))
    }

    fn rated() -> impl Strategy<Value = RatingMeasures> {
        let any = (any::<bool>(), 0_u8..=5, any::<bool>(), any::<Option<bool>>(), any::<bool>(), any::<bool>(), -100_000_i64..400_000_000);
        any.prop_map(|(stars, score, low, resolved, commented, voided, took)| {
            let (scale, score) = if stars { (Scale::FiveStar, score.max(1)) } else { (Scale::Binary, score.min(1)) };
            RatingMeasures { scale, score, low, resolved, commented, voided, took, ..RatingMeasures::default() }
        })
    }

    proptest! {
        /// Each close is asked, not asked or canceled; each asked one is open or ended; what is answered was delivered.
        #[test]
        fn the_parts_make_the_whole(outcome in outcomes(), delivered in any::<bool>(), late in any::<bool>(), runs in any::<bool>()) {
            let counts = RequestStatus { outcome, delivered, late, runs }.counts();
            prop_assert_eq!(counts[Measure::Closes], 1);
            prop_assert!(counts.0.iter().all(|&count| count == 0 || count == 1));
            prop_assert!((0..=1).contains(&counts.asked()) && (0..=1).contains(&counts.open()));
            prop_assert!(counts[Measure::Answered] <= counts[Measure::Delivered] && counts[Measure::Delivered] <= counts.asked());
            prop_assert!(counts[Measure::DeliveredOpen] <= counts.open() && counts[Measure::DeliveredOpen] <= counts[Measure::Delivered]);
            let (answered, over) = counts.over();
            prop_assert!(counts[Measure::AnsweredRuns] <= counts[Measure::Answered] && 0 <= answered && answered <= over);
            prop_assert!(counts[Measure::DeliveredOpen] <= counts[Measure::DeliveredRuns]);
        }

        #[test]
        fn a_rating_has_one_score_one_grade_and_one_time(rated in rated()) {
            let counts = rated.counts();
            prop_assert_eq!(counts.scores().iter().sum::<i64>(), 1);
            prop_assert_eq!(counts.took().iter().sum::<i64>(), 1);
            prop_assert!(counts[Measure::Good] + counts[Measure::Bad] <= 1);
            prop_assert_eq!(counts[Measure::Bad] == 1, rated.low);
            prop_assert_eq!(counts.voided_scores().iter().sum::<i64>(), i64::from(rated.voided));
            prop_assert!(counts[Measure::VoidGood] <= counts[Measure::Good] && counts[Measure::VoidBad] <= counts[Measure::Bad]);
        }
    }

    #[test]
    fn times_to_rate_fall_into_their_groups() {
        let group = |secs: i64| {
            let rated = RatingMeasures { score: 1, took: secs * 1_000, ..RatingMeasures::default() };
            rated.counts().took().iter().position(|&count| count == 1)
        };
        let at = [(-5, 0), (0, 0), (60, 0), (61, 1), (300, 1), (3_600, 3), (86_401, 6), (259_200, 6), (259_201, 7)];
        for (secs, expected) in at {
            assert_eq!(group(secs), Some(expected), "{secs} s");
        }
    }
}
