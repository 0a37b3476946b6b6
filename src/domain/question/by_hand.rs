//! Rules for asking by hand about a close that was not asked about.

use crate::outcome::{NotAsked, Outcome};

/// State of the close.
#[derive(Clone, Copy, Debug)]
pub struct ByHandFacts {
    /// The outcome of its rating request, if it has ended.
    pub outcome: Option<Outcome>,
    /// It was imported.
    pub imported: bool,
    /// Its session is open again, or was merged into another.
    pub session_goes_on: bool,
    /// Its session was closed again since.
    pub closed_since: bool,
}

/// Reason why the client is not asked by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NotByHand {
    /// The client was already asked: no client is asked twice.
    Asked,
    /// It was closed before this installation existed, and imported.
    Imported,
    /// The conversation goes on.
    SessionGoesOn,
    /// There is a later close of the session.
    ClosedSince,
    /// A reason that protects the client, or makes asking impossible.
    Not(NotAsked),
}

impl NotByHand {
    /// The text in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            NotByHand::Asked => "asked",
            NotByHand::Imported => "imported",
            NotByHand::SessionGoesOn => "session_goes_on",
            NotByHand::ClosedSince => "closed_since",
            NotByHand::Not(reason) => reason.as_str(),
        }
    }
}

/// Checks that a person may have the client of this close asked. Further checks are those of any close.
///
/// # Errors
/// The first reason why not.
pub fn may_ask_by_hand(facts: ByHandFacts) -> Result<(), NotByHand> {
    let not_ready_reasons = [
        (facts.outcome != Some(Outcome::NotAsked), NotByHand::Asked),
        (facts.imported, NotByHand::Imported),
        (facts.session_goes_on, NotByHand::SessionGoesOn),
        (facts.closed_since, NotByHand::ClosedSince),
    ];
    not_ready_reasons.into_iter().find_map(|(holds, reason)| holds.then_some(reason)).map_or(Ok(()), Err)
}

/// Reason not to ask a client at the request of a page, regardless of the line's settings; `None` if an operator has served them.
pub fn unserved(has_operator: bool, operator_messages: Option<i64>) -> Option<NotAsked> {
    match operator_messages {
        _ if !has_operator => Some(NotAsked::NoOperator),
        Some(0) => Some(NotAsked::OperatorSilent),
        _ => None,
    }
}
