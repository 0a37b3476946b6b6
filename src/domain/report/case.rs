//! Definition of a case, for all claims about a share: on pages, in letters, by the API.
//!
//! - **Over**: the time for an answer is over, with any outcome. Otherwise yesterday's questions would be cases only if they were
//!   answered early.
//! - **One vote**: each client counts once in each period, with their last case, because answers of one client are correlated.
//! - **Like with like**: cases are compared only within their line, channel and scale.
//!
//! Plain counts include all questions.

use super::watch::Watched;
use crate::answer::rating::{Grade, Scale};
use crate::outcome::Outcome;
use crate::word::words;
use lastword_base::names::LineId;

/// Separator of the parts of a name. No ID contains it.
const BETWEEN: char = '\u{1f}';

/// State of one question that was neither withheld nor withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// Outcome; `None` while it is open.
    pub outcome: Option<Outcome>,
    /// True if it reached the client as far as is known.
    pub delivered: bool,
    /// True if the time for an answer is not over, answered or not.
    pub runs: bool,
    /// Grade of its rating, if it has one that is not voided.
    pub grade: Option<Grade>,
}

/// Contribution of a question to a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// True if it is a good one.
    pub good: bool,
    /// True if it is a case. Otherwise it only counts in the plain figures.
    pub is_case: bool,
}

impl Question {
    /// Contribution to this share. `None` in delivery if it is unknown whether the question arrived, and in the other shares if it did not
    /// arrive.
    pub fn counts_for(&self, share: Watched) -> Option<Counted> {
        let answered = self.outcome == Some(Outcome::Answered);
        let (over, arrived) = (self.outcome.is_some() && !self.runs, answered || self.delivered);
        let case = |good: bool| Counted { good, is_case: true };
        match share {
            Watched::Score => self.grade.map(|grade| Counted { good: grade == Grade::Good, is_case: over }),
            Watched::Response => (over && arrived).then(|| case(answered)),
            Watched::Delivery => (arrived || self.outcome == Some(Outcome::Unreachable)).then(|| case(arrived)),
        }
    }
}

words! {
    /// Owner of cases: all closes together, or the lines, channels or operators among them.
    pub enum Whose {
        /// All closes together.
        All = "all",
        /// Each line.
        Line = "line",
        /// Each channel.
        Channel = "channel",
        /// Each operator; a shared close counts for each.
        Operator = "operator",
    }
}

/// A share of an owner of cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member<'a> {
    /// The share.
    pub share: Watched,
    /// The kind of owner.
    pub whose: Whose,
    /// The line, channel or operator.
    pub id: &'a str,
}

impl<'a> Member<'a> {
    /// Replaces the text of `name` with its name.
    pub fn write(self, name: &mut String) {
        name.clear();
        name.push_str(self.share.as_str());
        for part in [self.whose.as_str(), self.id] {
            name.push(BETWEEN);
            name.push_str(part);
        }
    }

    /// Parses [`Member::write`].
    pub fn parse(name: &'a str) -> Option<Self> {
        let mut parts = name.splitn(3, BETWEEN);
        Some(Self { share: Watched::parse(parts.next()?)?, whose: Whose::parse(parts.next()?)?, id: parts.next()? })
    }
}

/// Name of the stratum within which cases are compared.
pub fn stratum(line: &LineId, channel: &str, scale: Scale) -> String {
    format!("{line}{BETWEEN}{channel}{BETWEEN}{}", scale.as_str())
}

/// The line, channel and scale of a [`stratum`].
pub fn parts(stratum: &str) -> Option<(&str, &str, Scale)> {
    let mut parts = stratum.split(BETWEEN);
    Some((parts.next()?, parts.next()?, Scale::parse(parts.next()?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_a_case_when_it_is_over() {
        let question = |outcome, delivered, runs, grade| Question { outcome, delivered, runs, grade };
        let cases = |question: Question| {
            Watched::ALL.map(|share| question.counts_for(share).filter(|counted| counted.is_case).map(|counted| counted.good))
        };
        let good = Some(Grade::Good);
        assert_eq!(cases(question(Some(Outcome::Answered), true, false, good)), [Some(true), Some(true), Some(true)]);
        assert_eq!(cases(question(Some(Outcome::Answered), true, false, Some(Grade::Neutral))), [Some(false), Some(true), Some(true)]);
        let early = question(Some(Outcome::Answered), true, true, good);
        assert_eq!(cases(early), [None, None, Some(true)], "others still can");
        assert_eq!(early.counts_for(Watched::Score), Some(Counted { good: true, is_case: false }), "it is in the score all the same");
        assert_eq!(cases(question(Some(Outcome::Answered), true, false, None)), [None, Some(true), Some(true)], "voided");
        assert_eq!(cases(question(Some(Outcome::Expired), true, false, None)), [None, Some(false), Some(true)]);
        assert_eq!(cases(question(None, true, true, None)), [None, None, Some(true)], "it can still be answered");
        assert_eq!(cases(question(None, false, true, None)), [None; 3], "it has not left");
        assert_eq!(cases(question(Some(Outcome::Unreachable), false, false, None)), [None, None, Some(false)]);
        assert_eq!(cases(question(Some(Outcome::Unsure), false, false, None)), [None; 3], "nobody knows");
    }

    #[test]
    fn members_are_read_as_they_are_written() {
        let mut name = String::from("left over");
        for whose in Whose::ALL {
            for share in Watched::ALL {
                let member = Member { share, whose, id: "kim" };
                member.write(&mut name);
                assert_eq!(Member::parse(&name), Some(member));
            }
        }
        assert_eq!(Member::parse("score"), None);
    }

    #[test]
    fn strata_have_three_parts() {
        assert_eq!(parts(&stratum(&"shop".into(), "", Scale::FiveStar)), Some(("shop", "", Scale::FiveStar)));
        assert_eq!((parts("shop"), parts("shop\u{1f}mail\u{1f}seven")), (None, None));
    }
}
