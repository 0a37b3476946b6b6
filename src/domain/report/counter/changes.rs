//! Cells of the counters, and their differences, collected until they are written.

use super::{Counts, RatingMeasures, ReasonOf};
use crate::Millis;
use crate::report::calendar::{Day, hour};
use crate::session::HandledBy;
use chrono_tz::Tz;
use lastword_base::names::{LineId, OperatorId};
use serde::Serialize;
use std::collections::BTreeMap;

/// Cells in which a close counts, frozen at the close.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CounterScope {
    /// Time of the close.
    pub closed_at: Millis,
    /// The line.
    pub line: LineId,
    /// The operators it counts for, each once; one empty text if there was none.
    pub operators: Vec<OperatorId>,
    /// The kind of channel; empty if unknown.
    pub channel: String,
    /// The scale.
    pub scale: String,
    /// Who handled the session.
    pub handled_by: HandledBy,
}

/// The operators a close counts for: depending on the attribution the responsible one, or all who wrote, each once.
pub fn counted_operators(responsible: Option<&OperatorId>, all: Vec<OperatorId>, shared: bool) -> Vec<OperatorId> {
    let mut counted = if shared { all } else { Vec::new() };
    counted.sort();
    counted.dedup();
    if counted.is_empty() {
        counted.push(responsible.cloned().unwrap_or_default());
    }
    counted
}

/// Owner of counts: those of a line count each close once, those of operators once for each operator of the close.
pub const OF_LINE: &str = "line";
/// See [`OF_LINE`].
pub const OF_OPERATOR: &str = "operator";

/// One cell of the counters.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Cell {
    /// The day of the close.
    pub day: i64,
    /// The hour of the close.
    pub hour: i64,
    /// [`OF_LINE`] or [`OF_OPERATOR`].
    pub whose: &'static str,
    /// The line.
    pub line_id: LineId,
    /// The operator, for counts of operators.
    pub operator_id: OperatorId,
    /// The kind of channel.
    pub channel: String,
    /// The scale.
    pub scale: String,
    /// Who handled the sessions.
    pub handled_by: HandledBy,
    /// For a count of reasons: the text of its [`ReasonOf`]. Otherwise empty.
    pub reason_of: &'static str,
    /// For a count of reasons: the reason.
    pub reason: String,
}

/// Differences of counters, collected until they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes(pub BTreeMap<Cell, (i64, Counts)>);

impl Changes {
    /// Adds `counts`, `times` times, to their cells.
    pub fn count(&mut self, belongs: &CounterScope, zone: Tz, counts: &Counts, times: i64) {
        if !counts.is_zero() {
            self.at(belongs, zone, |entry| entry.1.add(counts, times), "", "");
        }
    }

    /// Adds a rating with its reasons, `times` times, to its cells.
    pub fn rating(&mut self, belongs: &CounterScope, zone: Tz, rating: &RatingMeasures, times: i64) {
        self.count(belongs, zone, &rating.counts(), times);
        for (origin, code) in rating.reasons() {
            self.reason(belongs, zone, ReasonOf::Low(origin), code, times);
        }
    }

    /// Adds a reason, `times` times, to its cells.
    pub fn reason(&mut self, belongs: &CounterScope, zone: Tz, of: ReasonOf, reason: &str, times: i64) {
        self.at(belongs, zone, |entry| entry.0 += times, of.as_str(), reason);
    }

    fn at(&mut self, belongs: &CounterScope, zone: Tz, change: impl Fn(&mut (i64, Counts)), reason_of: &'static str, reason: &str) {
        let line = Cell {
            day: Day::of(belongs.closed_at, zone).0,
            hour: hour(belongs.closed_at, zone),
            whose: OF_LINE,
            line_id: belongs.line.clone(),
            operator_id: OperatorId::default(),
            channel: belongs.channel.clone(),
            scale: belongs.scale.clone(),
            handled_by: belongs.handled_by,
            reason_of,
            reason: reason.to_owned(),
        };
        for operator in &belongs.operators {
            let cell = Cell { whose: OF_OPERATOR, operator_id: operator.clone(), ..line.clone() };
            change(self.0.entry(cell).or_default());
        }
        change(self.0.entry(line).or_default());
    }

    /// Drops cells without a difference.
    pub fn settle(&mut self) {
        self.0.retain(|_, (reasons, counts)| *reasons != 0 || !counts.is_zero());
    }
}

#[cfg(test)]
mod tests {
    use super::super::RequestStatus;
    use super::*;
    use crate::outcome::Outcome;
    use proptest::prelude::*;

    fn outcomes() -> impl Strategy<Value = Option<Outcome>> {
        proptest::option::of(proptest::sample::select(Outcome::ALL.to_vec()))
    }

    proptest! {
        /// The sum of the differences equals the counts of the final state.
        #[test]
        fn differences_add_up(states in proptest::collection::vec((outcomes(), any::<bool>()), 1..8)) {
            let place = CounterScope { closed_at: 1_790_000_000_000, line: "l".into(), operators: vec!["a".into(), "b".into()], channel: String::new(), scale: "binary".into(), handled_by: HandledBy::Human };
            let counts = |&(outcome, delivered): &(Option<Outcome>, bool)| RequestStatus { outcome, delivered, late: false, runs: false }.counts();
            let mut steps = Changes::default();
            steps.count(&place, Tz::UTC, &counts(&states[0]), 1);
            for pair in states.windows(2) {
                steps.count(&place, Tz::UTC, &counts(&pair[0]), -1);
                steps.count(&place, Tz::UTC, &counts(&pair[1]), 1);
            }
            let mut at_once = Changes::default();
            at_once.count(&place, Tz::UTC, &counts(states.last().unwrap()), 1);
            steps.settle();
            prop_assert_eq!(steps, at_once);
        }
    }

    #[test]
    fn a_shared_close_counts_once_for_the_line_and_once_for_each_operator() {
        let all = || ["b", "a", "b"].map(OperatorId::from).to_vec();
        assert_eq!(counted_operators(Some(&"a".into()), all(), false), ["a"]);
        assert_eq!(counted_operators(Some(&"a".into()), all(), true), ["a", "b"]);
        assert_eq!(counted_operators(None, Vec::new(), true), [""]);
        let operators = counted_operators(Some(&"a".into()), all(), true);
        let place = CounterScope {
            closed_at: 0,
            line: "l".into(),
            operators,
            channel: String::new(),
            scale: "binary".into(),
            handled_by: HandledBy::Human,
        };
        let mut changes = Changes::default();
        changes.count(&place, Tz::UTC, &RequestStatus { outcome: None, delivered: false, late: false, runs: true }.counts(), 1);
        let of = |whose: &str| changes.0.iter().filter(|(cell, _)| cell.whose == whose).count();
        assert_eq!((of(OF_LINE), of(OF_OPERATOR)), (1, 2));
    }
}
