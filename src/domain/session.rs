//! Sessions, and the facts that are frozen when one closes.

pub mod desk_page;
pub mod label;
pub mod same_name;

use super::Millis;
use crate::word::words;
use lastword_base::names::OperatorId;
use sha2::{Digest, Sha256};

words! {
    /// Kind of the closer of a session.
    #[derive(Default, serde::Deserialize, utoipa::ToSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum ClosedBy {
        /// An operator closed the chat.
        #[default]
        Operator = "operator",
        /// The client closed the chat.
        Client = "client",
        /// It was inactive for too long.
        Timeout = "timeout",
        /// A bot closed the chat.
        Bot = "bot",
        /// It was marked as spam.
        Spam = "spam",
        /// It was closed by force: a dismissed operator, a group action, a cleanup.
        Forced = "forced",
    }
}

words! {
    /// State of a session.
    #[derive(Default)]
    pub enum SessionStatus {
        /// The conversation goes on.
        #[default]
        Open = "open",
        /// It was closed, and not reopened since.
        Closed = "closed",
        /// It continues in another session.
        Merged = "merged",
    }
}

words! {
    /// Events of a session other than a close that counts.
    pub enum SessionEventKind {
        /// The desk reported its opening.
        Opened = "opened",
        /// It was reopened.
        Reopened = "reopened",
        /// Another operator is responsible now.
        Reassigned = "reassigned",
        /// It continues in another session.
        Merged = "merged",
        /// A message was written.
        Wrote = "wrote",
        /// It was closed again without a message in between.
        ClosedAgain = "closed_again",
        /// The desk reported the same close under another key.
        ToldAgain = "told_again",
        /// It was closed after the client had been asked.
        ClosedAfterQuestion = "closed_after_question",
        /// Outdated: a newer event was received before.
        Stale = "stale",
        /// A reported close was malformed and corrected; the detail describes how.
        Mended = "mended",
        /// The desk reopened it because the client typed the answer. It is not a new conversation.
        ReopenedByAnswer = "reopened_by_answer",
        /// The client has another address, on the connection that the detail names. Not reported by desks.
        Moved = "moved",
        /// The client opted out, in the way that the detail names. Not reported by desks.
        OptedOut = "opted_out",
        /// The client withdrew the opt-out. Not reported by desks.
        OptedIn = "opted_in",
        /// A request on a page to opt out or back in may be automated: it is on hold until one more tap.
        WishHeld = "wish_held",
        /// A person had the client asked; the detail states who, and why. Not reported by desks.
        AskedByHand = "asked_by_hand",
        /// The client was asked while the session was open; the detail names the actor. Not reported by desks.
        AskedWhileTalking = "asked_while_talking",
        /// The answer closed the session. Not reported by desks.
        ClosedByRating = "closed_by_rating",
    }
}

/// The closer's choice: ask, do not ask, or let the line decide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// The line decides.
    #[default]
    Auto,
    /// Ask, overriding the line's own preferences, but nothing else.
    Ask,
    /// Do not ask.
    Keep,
}

words! {
    /// Kind of an operator.
    #[derive(Default, serde::Deserialize, utoipa::ToSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum OperatorKind {
        /// A person.
        #[default]
        Human = "human",
        /// A bot, an assistant, an automation.
        Program = "program",
    }
}

words! {
    /// Kind of the operators who handled a session, frozen at its close.
    #[derive(Default, serde::Deserialize, utoipa::ToSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum HandledBy {
        /// Only people.
        Human = "human",
        /// Only programs.
        Program = "program",
        /// A program and a person.
        Both = "both",
        /// No known operator.
        #[default]
        Nobody = "nobody",
    }
}

impl HandledBy {
    /// Derives it from the operators who took part.
    fn of(operators: &[Operator]) -> Self {
        let programs = operators.iter().filter(|operator| operator.is_program()).count();
        match (operators.len() - programs, programs) {
            (0, 0) => HandledBy::Nobody,
            (_, 0) => HandledBy::Human,
            (0, _) => HandledBy::Program,
            (_, _) => HandledBy::Both,
        }
    }
}

/// An operator as they were at the close.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// The desk's ID of the operator.
    #[schema(value_type = String)]
    pub id: OperatorId,
    /// The operator's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A person or a program. Default: the known kind of this operator, which is a person unless a desk or an admin set another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<OperatorKind>,
}

impl Operator {
    /// True if the desk reported it as a program.
    pub fn is_program(&self) -> bool {
        self.kind == Some(OperatorKind::Program)
    }
}

/// The operators credited with a close, and who handled the session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credit {
    /// The responsible operator.
    pub operator_id: Option<OperatorId>,
    /// All who are credited.
    pub operators: Vec<Operator>,
    /// Kind of the operators who handled it.
    pub handled_by: HandledBy,
}

/// Credits people if a person took part: a program that handed over is not credited, and its responsibility passes to the last
/// person. A program is credited only if no person took part.
pub fn credit(responsible: Option<&OperatorId>, operators: &[Operator]) -> Credit {
    let handled_by = match HandledBy::of(operators) {
        // Only the ID is known, so it is a person: a program is always reported with its kind.
        HandledBy::Nobody if responsible.is_some() => HandledBy::Human,
        handled_by => handled_by,
    };
    let credited: Vec<Operator> =
        operators.iter().filter(|operator| handled_by != HandledBy::Both || !operator.is_program()).cloned().collect();
    let own = responsible.filter(|id| handled_by != HandledBy::Both || credited.iter().any(|operator| operator.id == **id));
    let last = || credited.last().filter(|_| responsible.is_some()).map(|operator| operator.id.clone());
    Credit { operator_id: own.cloned().or_else(last), operators: credited, handled_by }
}

/// True if an event is older than the last applied one: events may arrive out of order.
pub fn is_stale(occurred_at: Millis, last_applied_at: Millis) -> bool {
    occurred_at < last_applied_at
}

/// Shortens an ID to at most `max` characters: the beginning, and a hash of the whole, so that two IDs with the same beginning stay
/// different.
pub fn short_id(id: &str, max: usize) -> String {
    if id.chars().count() <= max {
        return id.to_owned();
    }
    let hash = hex::encode(&Sha256::digest(id.as_bytes())[..16]);
    let beginning: String = id.chars().take(max.saturating_sub(hash.len() + 1)).collect();
    format!("{beginning}~{hash}")
}

/// A desk that reports neither reopenings nor messages closes a chat again: this long after the last close, it is a new
/// conversation.
pub const CLOSED_ANEW_AFTER: Millis = 60 * 60 * 1_000;

/// More closes than this within [`FLAPPING_WINDOW`] are a loop between programs, not a conversation.
pub const FLAPPING_CLOSES_MAX: i64 = 3;

/// Time over which closes are counted to detect a loop.
pub const FLAPPING_WINDOW: Millis = 10 * 60 * 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endless_id_is_cut_and_stays_its_own() {
        let (one, other) = ("a".repeat(300), format!("{}b", "a".repeat(299)));
        let cut = short_id(&one, 200);
        assert_eq!((cut.chars().count(), short_id("T-17", 200).as_str()), (200, "T-17"));
        assert_ne!(cut, short_id(&other, 200));
        assert_eq!(cut, short_id(&one, 200));
    }

    #[test]
    fn a_program_that_hands_over_is_not_credited() {
        let one = |id: &str, kind| Operator { id: id.into(), name: None, kind };
        let (bot, ann, ben) = (one("bot", Some(OperatorKind::Program)), one("ann", None), one("ben", Some(OperatorKind::Human)));
        let credited = |responsible: Option<&str>, operators: &[&Operator]| {
            let operators: Vec<Operator> = operators.iter().map(|&operator| operator.clone()).collect();
            let Credit { operator_id, operators, handled_by } = credit(responsible.map(OperatorId::from).as_ref(), &operators);
            (operator_id, operators.into_iter().map(|operator| operator.id).collect::<Vec<_>>().join(" "), handled_by)
        };
        let is = |id: &str, all: &str, handled_by| (Some(OperatorId::from(id)), all.to_owned(), handled_by);
        assert_eq!(credited(Some("ann"), &[&ann, &ben]), is("ann", "ann ben", HandledBy::Human));
        assert_eq!(credited(Some("bot"), &[&bot]), is("bot", "bot", HandledBy::Program), "alone");
        assert_eq!(credited(Some("bot"), &[&bot, &ann, &ben]), is("ben", "ann ben", HandledBy::Both), "handed over");
        assert_eq!(credited(Some("ann"), &[&ben, &bot, &ann]), is("ann", "ben ann", HandledBy::Both));
        assert_eq!(credited(None, &[]), (None, String::new(), HandledBy::Nobody));
        assert_eq!(credited(None, &[&ann]), (None, "ann".to_owned(), HandledBy::Human), "nobody was responsible");
        assert_eq!(credited(Some("ann"), &[]), is("ann", "", HandledBy::Human));
    }
}
