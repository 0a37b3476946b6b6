//! The differences that a transaction makes to the counters, as the statement that stores them before its commit.

use crate::sql::{Sql, Statement};
use crate::values;
use lastword_base::names::RequestId;
use lastword_domain::report::counter::{Cell, Changes, Counts, MEASURES};
use serde::Serialize;
use std::collections::BTreeSet;

/// Count changes that a transaction collects until its commit.
#[derive(Debug, Default)]
pub(crate) struct CountChanges {
    /// Differences for the counters.
    pub(crate) changes: Changes,
    /// Closes with a label or field whose counts changed.
    pub(crate) labelled: BTreeSet<RequestId>,
}

impl CountChanges {
    /// The statements that store it.
    pub(crate) fn statements(self) -> Vec<Statement> {
        keep_statement(self.changes).into_iter().chain(forget_statement(&self.labelled)).collect()
    }
}

/// The columns of all measures, each formatted by `each`.
pub(crate) fn measures(each: impl Fn(&str) -> String) -> String {
    MEASURES.iter().map(|name| each(name)).collect::<Vec<_>>().join(", ")
}

/// The statement that deletes the counts stored with the labels of these closes; `None` without closes. It also covers rows without
/// counts: another node may be storing them now, and this statement waits until it has ([`crate::report::label_counts`]).
fn forget_statement(closes: &BTreeSet<RequestId>) -> Option<Statement> {
    static FORGET: Sql = Sql::new("UPDATE close_label SET counts = NULL WHERE request_id {among $1}");
    let closes: Vec<RequestId> = closes.iter().copied().collect();
    (!closes.is_empty()).then(|| Statement::new(&FORGET, values![crate::ids(&closes)]))
}

/// The statement that stores `changes`; `None` if there are none.
pub(crate) fn keep_statement(mut changes: Changes) -> Option<Statement> {
    #[derive(Serialize)]
    struct Delta<'a> {
        #[serde(flatten)]
        cell: &'a Cell,
        n: i64,
        #[serde(flatten)]
        counts: &'a Counts,
    }
    static KEEP: Sql = Sql::made(|| {
        let (columns, given, typed) =
            (measures(str::to_owned), measures(|name| format!("COALESCE(r.{name}, 0)")), measures(|name| format!("{name} int")));
        format!(
            "INSERT INTO counter_delta (day, hour, whose, line_id, operator_id, channel, scale, handled_by, reason_of, reason, n, {columns}) \
             SELECT r.day, r.hour, r.whose, r.line_id, r.operator_id, r.channel, r.scale, r.handled_by, r.reason_of, r.reason, r.n, {given} \
             FROM {{rows $1 r: day int, hour int, whose text, line_id text, operator_id text, channel text, scale text, handled_by text, reason_of text, \
             reason text, n int, {typed}}}"
        )
    });
    changes.settle();
    if changes.0.is_empty() {
        return None;
    }
    let rows: Vec<Delta<'_>> = changes.0.iter().map(|(cell, (n, counts))| Delta { cell, n: *n, counts }).collect();
    Some(Statement::new(&KEEP, values![crate::rows(&rows)]))
}
