//! Effect of an answer: it counts, it changes the rating that counts, or it is only stored.

pub mod opt_out;
pub mod rating;
pub mod reaction;
pub mod reason;
pub mod scanner;
pub mod text;

use self::rating::Scale;
use super::Millis;
use super::word::words;
use crate::outcome::Outcome;

words! {
    /// Kind of a client's action about a rating request.
    pub enum AnswerKind {
        /// A score.
        Score = "score",
        /// A reason for it.
        Reason = "reason",
        /// An answer to "Was your issue resolved?".
        Resolved = "resolved",
        /// A comment.
        Comment = "comment",
        /// The client deleted the comment.
        CommentDeleted = "comment_deleted",
    }
}

/// The value of [`AnswerKind::Resolved`] if the issue was resolved.
pub const YES: &str = "yes";
/// The value of [`AnswerKind::Resolved`] if it was not.
pub const NO: &str = "no";

words! {
    /// Result of one event from a client. Stored with the event permanently.
    pub enum Disposition {
        /// The first score, or the first answer to a follow-up question: it counts.
        Counted = "counted",
        /// It replaced the value that counted before.
        Changed = "changed",
        /// It repeats the value that counts.
        Repeated = "repeated",
        /// A later tap of the client was already received.
        Superseded = "superseded",
        /// A lower score through the link, held for some days before it counts.
        Held = "held",
        /// The same score as the one that counts: a held one is dropped.
        Withdrawn = "withdrawn",
        /// Through the link and possibly automated: on hold until one more tap.
        Unconfirmed = "unconfirmed",
        /// After the time in which a score may be changed.
        Locked = "locked",
        /// After the question had ended.
        Late = "late",
        /// Sent by a person other than the one we asked.
        Foreign = "foreign",
        /// Not issued by us, or issued for another request, value or recipient.
        Forged = "forged",
        /// Refers to nothing that we know.
        Unknown = "unknown",
        /// The client asked not to be asked again.
        OptedOut = "opted_out",
        /// The client withdrew the opt-out.
        OptedIn = "opted_in",
        /// An ordinary message or event that is not an answer.
        NotAnAnswer = "not_an_answer",
    }
}

impl Disposition {
    /// True if it changed the value that counts.
    pub fn takes_effect(self) -> bool {
        matches!(self, Disposition::Counted | Disposition::Changed)
    }
}

/// State of the rating request when an answer arrives.
#[derive(Clone, Copy, Debug)]
pub struct RequestFacts {
    /// The scale of the question.
    pub scale: Scale,
    /// The outcome of the request, if it has ended.
    pub outcome: Option<Outcome>,
    /// An answer after this time is late.
    pub expires_at: Millis,
    /// Time for which a score may be changed.
    pub change_for: Millis,
}

/// Position of a score among all that a client gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Order<'a> {
    /// Tapped or typed, not an emoji on the question. It outranks every reaction, because a reaction may be meant for the thank-you
    /// that replaced the question.
    pub said: bool,
    /// The platform's order of the event.
    pub order: i64,
    /// The event's key.
    pub key: &'a str,
}

/// The score that counts so far.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// The score.
    pub score: u8,
    /// The order of its event.
    pub order: Order<'a>,
    /// Time of the first score.
    pub rated_at: Millis,
}

/// Judges a score that arrived at `now`. Among the events that arrived while the score could be changed, the one with the highest
/// order counts, regardless of the order of arrival (invariant I10).
pub fn judge_score(asked: RequestFacts, standing: Option<Standing<'_>>, score: u8, order: Order<'_>, now: Millis) -> Disposition {
    if !asked.scale.admits(score) {
        return Disposition::Forged;
    }
    match (asked.outcome, standing) {
        (Some(Outcome::NotAsked), _) => Disposition::Unknown,
        (_, Some(standing)) if now > standing.rated_at + asked.change_for => locked(standing, score),
        (_, Some(standing)) if order <= standing.order => Disposition::Superseded,
        (_, Some(standing)) if score == standing.score => Disposition::Repeated,
        (_, Some(_)) => Disposition::Changed,
        (Some(outcome), None) if outcome.is_over() => Disposition::Late,
        (_, None) if now > asked.expires_at => Disposition::Late,
        (_, None) => Disposition::Counted,
    }
}

fn locked(standing: Standing<'_>, score: u8) -> Disposition {
    if score == standing.score { Disposition::Repeated } else { Disposition::Locked }
}

/// Judges an answer after the score: a reason, a comment, "was it resolved?". It needs a score.
pub fn judge_follow_up(asked: RequestFacts, has_score: bool, now: Millis) -> Disposition {
    match (has_score, now <= asked.expires_at) {
        (true, true) => Disposition::Counted,
        (true, false) => Disposition::Late,
        (false, _) => Disposition::Unknown,
    }
}

/// Maximum length of a stored comment, in characters; the rest is cut.
pub const COMMENT_CHARS_MAX: usize = 4_000;

/// Maximum length of a supervisor's comment on their own score, in characters; a longer one is refused.
pub const SUPERVISOR_COMMENT_CHARS_MAX: usize = 10_000;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tapped(order: i64, key: &str) -> Order<'_> {
        Order { said: true, order, key }
    }

    fn asked() -> RequestFacts {
        RequestFacts { scale: Scale::Binary, outcome: None, expires_at: 1_000_000, change_for: 600 }
    }

    #[test]
    fn each_case_has_its_word() {
        let stands = Standing { score: 1, order: tapped(5, "e5"), rated_at: 100 };
        let done = RequestFacts { outcome: Some(Outcome::Answered), ..asked() };
        let cases = [
            (asked(), None, 1, 9, 200, Disposition::Counted),
            (asked(), None, 5, 9, 200, Disposition::Forged),
            (asked(), None, 1, 9, 1_000_001, Disposition::Late),
            (RequestFacts { outcome: Some(Outcome::Expired), ..asked() }, None, 1, 9, 200, Disposition::Late),
            (RequestFacts { outcome: Some(Outcome::Unsure), ..asked() }, None, 1, 9, 200, Disposition::Counted),
            (RequestFacts { outcome: Some(Outcome::NotAsked), ..asked() }, None, 1, 9, 200, Disposition::Unknown),
            (done, Some(stands), 0, 9, 200, Disposition::Changed),
            (done, Some(stands), 1, 9, 200, Disposition::Repeated),
            (done, Some(stands), 0, 3, 200, Disposition::Superseded),
            (done, Some(stands), 0, 9, 701, Disposition::Locked),
        ];
        for (asked, standing, score, order, now, expected) in cases {
            assert_eq!(judge_score(asked, standing, score, tapped(order, "e"), now), expected);
        }
        let reaction = Order { said: false, order: 9, key: "e" };
        assert_eq!(judge_score(done, Some(stands), 0, reaction, 200), Disposition::Superseded, "a tap outranks a reaction");
        let by_reaction = Standing { order: reaction, ..stands };
        assert_eq!(judge_score(done, Some(by_reaction), 0, tapped(3, "e"), 200), Disposition::Changed, "also an earlier one");
    }

    proptest! {
        /// I10: any order of arrival leads to the value with the highest order key.
        #[test]
        fn i10_arrival_order_does_not_matter(scores in proptest::collection::vec(0_u8..=1, 1..12), shuffle in any::<u64>()) {
            let mut events: Vec<(i64, u8)> = scores.iter().enumerate().map(|(order, &score)| (order as i64, score)).collect();
            let last = events.last().expect("some").1;
            let length = events.len();
            let mut state = shuffle;
            for index in (1..length).rev() {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                events.swap(index, (state >> 33) as usize % (index + 1));
            }
            let mut standing: Option<(u8, i64)> = None;
            for (order, score) in events {
                let before = standing.map(|(score, order)| Standing { score, order: tapped(order, "k"), rated_at: 10 });
                match judge_score(asked(), before, score, tapped(order, "k"), 20) {
                    Disposition::Superseded => {}
                    _ => standing = Some((score, order)),
                }
            }
            prop_assert_eq!(standing.map(|(score, _)| score), Some(last));
        }
    }
}
