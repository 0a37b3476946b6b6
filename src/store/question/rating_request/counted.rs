//! Rating requests in the counters: the cells in which a close counts, and its counts.

use crate::question::rating_request::RatingRequest;
use crate::question::rating_request::expiry::running;
use crate::question::rating_request::labelled::labelled;
use crate::sql::{Sql, Statement};
use crate::{StoreError, Tx, values};
use chrono_tz::Tz;
use lastword_base::names::{OperatorId, RequestId};
use lastword_domain::line::Attribution;
use lastword_domain::outcome::Outcome;
use lastword_domain::report::counter::{Changes, CounterScope, ReasonOf, RequestStatus, counted_operators};
use serde::Serialize;
use std::collections::HashSet;

impl RatingRequest {
    /// The cells in which its close counts.
    pub fn belongs(&self) -> CounterScope {
        let shared = self.is_shared();
        CounterScope {
            closed_at: self.closed_at,
            line: self.line_id.clone(),
            operators: counted_operators(
                self.operator_id.as_ref(),
                self.operators.iter().map(|operator| operator.id.clone()).collect(),
                shared,
            ),
            channel: self.channel.clone().unwrap_or_default(),
            scale: self.scale.as_str().to_owned(),
            handled_by: self.handled_by,
        }
    }

    /// Its status for the counters. `runs` is true while the time for an answer is not over.
    pub fn stands(&self, runs: bool) -> RequestStatus {
        let outcome = self.outcome;
        RequestStatus { outcome, delivered: self.delivered_at.is_some(), late: self.late_at.is_some(), runs }
    }

    pub(crate) fn is_shared(&self) -> bool {
        self.attribution == Attribution::Shared
    }

    /// True if it is a close of its own: a second question is not, and is not counted.
    pub fn is_counted(&self) -> bool {
        self.again_of.is_none()
    }

    /// Adds it to `changes`, `times` times.
    fn count(&self, changes: &mut Changes, zone: Tz, runs: bool, times: i64) {
        if !self.is_counted() {
            return;
        }
        let (belongs, stands) = (self.belongs(), self.stands(runs));
        changes.count(&belongs, zone, &stands.counts(), times);
        if let Some(outcome @ (Outcome::NotAsked | Outcome::Canceled | Outcome::Unreachable)) = stands.outcome {
            changes.reason(&belongs, zone, ReasonOf::Outcome(outcome), self.reason.as_deref().unwrap_or_default(), times);
        }
    }
}

/// Records new rating requests.
pub(crate) fn count_new(changes: &mut Changes, zone: Tz, requests: &[RatingRequest]) {
    requests.iter().for_each(|request| request.count(changes, zone, request.outcome.is_none(), 1));
}

/// Records changes of rating requests: pairs of before and after.
pub(crate) async fn count_changes(tx: &mut Tx, pairs: Vec<(RatingRequest, RatingRequest)>) -> Result<(), StoreError> {
    // The time of an open one is not over. For an ended one it is looked up, if it changes the counts.
    let differs = |before: &RatingRequest, after: &RatingRequest| {
        before.outcome != after.outcome || before.delivered_at.is_some() != after.delivered_at.is_some()
    };
    let ended = pairs.iter().filter(|(before, after)| before.outcome.is_some() && differs(before, after));
    let running = running(tx, ended.map(|(_, after)| after)).await?;
    tx.count(labelled(pairs.iter().map(|(_, after)| after)), |changes, zone| {
        for (before, after) in pairs {
            let runs = before.outcome.is_none() || running.contains(&after.id);
            before.count(changes, zone, runs, -1);
            after.count(changes, zone, runs, 1);
        }
    });
    Ok(())
}

/// Records that answered rating requests are open again. `running` are those whose time was not over.
pub(crate) fn count_opened(tx: &mut Tx, pairs: &[(RatingRequest, RatingRequest)], running: &HashSet<RequestId>) {
    tx.count(labelled(pairs.iter().map(|(_, after)| after)), |changes, zone| {
        for (before, after) in pairs {
            before.count(changes, zone, running.contains(&before.id), -1);
            after.count(changes, zone, true, 1);
        }
    });
}

/// Records that the time of these rating requests, all of which have ended, is over.
pub(crate) fn count_over(tx: &mut Tx, ended: &[RatingRequest]) {
    tx.count(labelled(ended), |changes, zone| {
        for request in ended {
            request.count(changes, zone, true, -1);
            request.count(changes, zone, false, 1);
        }
    });
}

/// With shared attribution, a close also counts for other operators than the responsible one: their index for lists. `None` if
/// there are no others.
pub(crate) fn share_statement(requests: &[RatingRequest]) -> Option<Statement> {
    #[derive(Serialize)]
    struct Shared {
        operator_id: OperatorId,
        request_id: RequestId,
    }
    static SHARE: Sql = Sql::new(
        "INSERT INTO shared_close (operator_id, request_id) SELECT operator_id, request_id \
         FROM {rows $1 r: operator_id text, request_id text} WHERE true ON CONFLICT DO NOTHING",
    );
    let others = requests.iter().filter(|request| request.is_shared() && request.is_counted()).flat_map(|request| {
        let others =
            request.belongs().operators.into_iter().filter(|id| *id != request.operator_id.as_ref().map_or("", OperatorId::as_str));
        others.map(|operator_id| Shared { operator_id, request_id: request.id })
    });
    let others: Vec<Shared> = others.collect();
    (!others.is_empty()).then(|| Statement::new(&SHARE, values![crate::rows(&others)]))
}
