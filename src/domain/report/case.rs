//! What a case is, for everything that is claimed about a share: on pages, in letters, by the API.
//!
//! - **Over**: the time for an answer is over, whatever became of it. A question of yesterday would otherwise be a case only if it
//!   was answered, and only with those answers that come early.
//! - **One vote**: each client counts once in each period, with the last of their cases. Answers of one client are alike.
//! - **Like with like**: cases are compared within their line, channel and scale, and nowhere else.
//!
//! Counts, which claim nothing, are of all that is there.

use super::watch::Watched;
use crate::answer::rating::{Grade, Scale};
use crate::question::outcome::Outcome;

/// What separates the parts of names here. No id has it.
const BETWEEN: char = '\u{1f}';
const BETWEEN_TEXT: &str = "\u{1f}";

/// What became of one question, neither kept back nor taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// How it ended, if it has.
    pub outcome: Option<Outcome>,
    /// Whether it reached the client as far as anybody can know.
    pub delivered: bool,
    /// Whether the time for an answer runs, answered or not.
    pub runs: bool,
    /// What its rating says, if there is one that is not voided.
    pub grade: Option<Grade>,
}

/// What a question counts for in a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Whether it is a good one.
    pub good: bool,
    /// Whether it is a case of what is claimed; if not, it is counted alone.
    pub is_case: bool,
}

impl Question {
    /// What it counts for in this share. Where nobody can say whether a question arrived that is nothing of delivery, and where it did
    /// not arrive nothing of the others.
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

/// Whose cases: all closes together, or the lines, channels or operators among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// All closes together.
    All,
    /// Each line.
    Line,
    /// Each channel.
    Channel,
    /// Each operator; a shared close counts for each.
    Operator,
}

impl Whose {
    const ALL: [(Self, &'static str); 4] =
        [(Self::All, "all"), (Self::Line, "line"), (Self::Channel, "channel"), (Self::Operator, "operator")];
}

/// Whose share it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member<'a> {
    /// The share.
    pub share: Watched,
    /// Whose.
    pub whose: Whose,
    /// The line, channel or operator.
    pub id: &'a str,
}

impl<'a> Member<'a> {
    /// Writes its name in place of what `name` was.
    pub fn write(self, name: &mut String) {
        let whose = Whose::ALL[self.whose as usize].1;
        name.clear();
        for part in [self.share.as_str(), BETWEEN_TEXT, whose, BETWEEN_TEXT, self.id] {
            name.push_str(part);
        }
    }

    /// Reads [`Member::write`] back.
    pub fn parse(name: &'a str) -> Option<Self> {
        let mut parts = name.splitn(3, BETWEEN);
        let (share, word, id) = (Watched::parse(parts.next()?)?, parts.next()?, parts.next()?);
        let (whose, _) = Whose::ALL.into_iter().find(|(_, known)| *known == word)?;
        Some(Self { share, whose, id })
    }
}

/// What cases are compared within.
pub fn stratum(line: &str, channel: &str, scale: Scale) -> String {
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
        for whose in [Whose::All, Whose::Line, Whose::Channel, Whose::Operator] {
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
        assert_eq!(parts(&stratum("shop", "", Scale::FiveStar)), Some(("shop", "", Scale::FiveStar)));
        assert_eq!((parts("shop"), parts("shop\u{1f}mail\u{1f}seven")), (None, None));
    }
}
