//! Participants of a session, as sent by different desks.

use super::fields::{Notes, OrId, at_most, id, name};
use crate::problem::Problem;
use lastword_contract::CloseBy;
use lastword_contract::json::closer;
use lastword_domain::session::{ClosedBy, Operator};

/// Maximum number of operators of a session.
const OPERATORS_MAX: usize = 50;

/// Validates the ID of an operator and corrects the name.
pub(crate) fn operator(field: &str, operator: Operator, notes: &mut Notes) -> Result<Operator, Problem> {
    let id = id(&format!("{field}.id"), operator.id.into(), notes)?;
    Ok(Operator { id: id.into(), name: name(&format!("{field}.name"), operator.name, notes), kind: operator.kind })
}

/// An operator, possibly sent as an ID alone.
pub(crate) fn whole(operator: OrId<Operator>) -> Operator {
    match operator {
        OrId::Whole(operator) => operator,
        OrId::Id(id) => Operator { id: id.into(), ..Operator::default() },
    }
}

/// Who closed the session, with synonyms used by desks. A missing value means the operator.
pub(crate) fn closed_by(word: Option<String>, notes: &mut Notes) -> ClosedBy {
    let Some(word) = word else { return ClosedBy::default() };
    if let Some(known) = ClosedBy::parse(&word) {
        return known;
    }
    let known = closer(&word).map(|by| match by {
        CloseBy::Operator => ClosedBy::Operator,
        CloseBy::Client => ClosedBy::Client,
        CloseBy::Timeout => ClosedBy::Timeout,
        CloseBy::Bot => ClosedBy::Bot,
        CloseBy::Spam => ClosedBy::Spam,
        CloseBy::Forced => ClosedBy::Forced,
    });
    let taken = known.unwrap_or_default();
    let why = if known.is_some() { "It was taken as" } else { "Nobody knows this word, and it was taken as" };
    notes.add("closed_by", format!("{why} \"{}\".", taken.as_str()));
    taken
}

/// The operators who took part.
pub(crate) fn operators(operators: Vec<OrId<Operator>>, notes: &mut Notes) -> Result<Vec<Operator>, Problem> {
    let operators = at_most("operators", OPERATORS_MAX, operators, notes);
    operators.into_iter().enumerate().map(|(at, one)| operator(&format!("operators[{at}]"), whole(one), notes)).collect()
}
