//! Counts of closes that have a label or field, stored in `close_label`: a report by label then reads one row per close. They are
//! stored some days after the close, when few things change any more. Every later change of the counts deletes them in its own
//! transaction (`counter_change.rs`); while they are missing, the close is counted from its rows.

use super::recount::{CountedClose, RAW, counted_close};
use crate::counter::cell::{KeptCounts, trimmed};
use crate::sql::Sql;
use crate::{Db, Millis, StoreError, Tx, json, values};
use lastword_base::names::{LineId, OperatorId, RequestId};
use lastword_domain::answer::rating::Scale;
use lastword_domain::report::calendar::Day;
use lastword_domain::report::counter::{CounterScope, ReasonOf};
use lastword_domain::session::HandledBy;
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// Stored for a close whose rows cannot be read, so that it does not hold up the others: reports read its rows, and name the error.
pub(super) const UNREADABLE: &str = "";

/// True if there are closes before `until` whose counts are not stored.
pub async fn pending(db: &Db, until: Millis) -> Result<bool, StoreError> {
    static PENDING: Sql = Sql::new("SELECT request_id FROM close_label WHERE counts IS NULL AND request_id < $1 LIMIT 1");
    Ok(!db.read(&PENDING, values![RequestId::first_of(until)]).await?.is_empty())
}

/// Stores the counts of at most `limit` closes before `until`. Returns the number of closes.
pub async fn store(tx: &mut Tx, until: Millis, limit: i64) -> Result<usize, StoreError> {
    #[derive(Serialize)]
    struct LabelRow<'a> {
        key: &'a str,
        request_id: RequestId,
        counts: &'a str,
    }
    // A transaction that changes the counts of one of these closes afterwards waits for this one and deletes the result. Rows that
    // such a transaction has already locked are skipped.
    static TAKE: Sql = Sql::new(
        "SELECT l.key, l.request_id FROM close_label l WHERE l.counts IS NULL AND l.request_id < $1 ORDER BY l.request_id LIMIT $2 {lock skip}",
    );
    static CLOSES: Sql = Sql::made(|| {
        format!(
            "SELECT q.id, CAST({{json_array}}({RAW}) AS TEXT) FROM rating_request q LEFT JOIN rating t ON t.request_id = q.id \
             LEFT JOIN supervisor_score s ON s.request_id = q.id WHERE q.id {{among $1}}"
        )
    });
    static STORE: Sql = Sql::new(
        "UPDATE close_label SET counts = r.counts FROM {rows $1 r: key text, request_id text, counts text} \
         WHERE close_label.key = r.key AND close_label.request_id = r.request_id",
    );
    let mut rows = tx.fetch(&TAKE, values![RequestId::first_of(until), limit]).await?;
    let taken: Vec<(String, RequestId)> = rows.iter_mut().map(|row| Ok((row.text()?, row.id()?))).collect::<Result<_, StoreError>>()?;
    let ids: HashSet<RequestId> = taken.iter().map(|(_, id)| *id).collect();
    if ids.is_empty() {
        return Ok(0);
    }
    let mut counts: HashMap<RequestId, String> = HashMap::with_capacity(ids.len());
    for row in &mut tx.fetch(&CLOSES, values![crate::ids(&ids.iter().copied().collect::<Vec<_>>())]).await? {
        let (id, close) = (row.id()?, counted_close(&row.text()?));
        let close = close.inspect_err(|error| tracing::error!(close = %id, %error, "a labelled close cannot be counted"));
        counts.insert(id, close.map_or_else(|_| UNREADABLE.to_owned(), |close| stored(&close)));
    }
    let of = |id: &RequestId| counts.get(id).map_or(UNREADABLE, String::as_str);
    let rows: Vec<LabelRow<'_>> = taken.iter().map(|(key, id)| LabelRow { key, request_id: *id, counts: of(id) }).collect();
    tx.execute(&STORE, values![crate::rows(&rows)]).await?;
    Ok(ids.len())
}

/// The closes of `day` whose stored counts differ from their rows. There are none as long as every change deletes them.
pub async fn outdated(db: &Db, day: Day) -> Result<Vec<RequestId>, StoreError> {
    static STORED: Sql = Sql::made(|| {
        format!(
            "SELECT l.request_id, l.counts, CAST({{json_array}}({RAW}) AS TEXT) FROM close_label l CROSS JOIN rating_request q \
             LEFT JOIN rating t ON t.request_id = q.id LEFT JOIN supervisor_score s ON s.request_id = q.id \
             WHERE l.request_id >= $1 AND l.request_id < $2 AND l.counts <> '{UNREADABLE}' AND q.id = l.request_id ORDER BY l.request_id"
        )
    });
    let mut found = Vec::new();
    let (from, until) = (RequestId::first_of(day.start(db.zone())), RequestId::first_of(day.plus(1).start(db.zone())));
    for row in &mut db.read(&STORED, values![from, until]).await? {
        let (id, counts, raw) = (row.id()?, row.text()?, row.text()?);
        if counts != stored(&counted_close(&raw)?) && found.last() != Some(&id) {
            found.push(id);
        }
    }
    Ok(found)
}

/// Deletes the stored counts of these closes, to be stored again.
pub fn forget(tx: &mut Tx, closes: Vec<RequestId>) {
    tx.count(closes, |_, _| ());
}

/// A close with its counts, as JSON.
fn stored(close: &CountedClose) -> String {
    let CountedClose { scope: CounterScope { closed_at, line, operators, channel, scale: _, handled_by }, scale, counts, reasons } = close;
    let reasons: Vec<(&str, &str)> = reasons.iter().map(|(of, reason)| (of.as_str(), reason.as_str())).collect();
    json(&(closed_at, line, operators, channel, scale.as_str(), handled_by, trimmed(counts), reasons))
}

/// Reads [`stored`].
pub(super) fn read(text: &str) -> Result<CountedClose, StoreError> {
    type Stored = (Millis, LineId, Vec<OperatorId>, String, String, HandledBy, KeptCounts, Vec<(String, String)>);
    let (closed_at, line, operators, channel, scale, handled_by, KeptCounts(counts), reasons): Stored =
        crate::document("close_label", "counts", text)?;
    let broken = |found: &str| StoreError::Inconsistent { table: "close_label", column: "counts", found: found.to_owned() };
    let reason = |(of, reason): (String, String)| Ok((ReasonOf::parse(&of).ok_or_else(|| broken(&of))?, reason));
    Ok(CountedClose {
        scale: Scale::parse(&scale).ok_or_else(|| broken(&scale))?,
        scope: CounterScope { closed_at, line, operators, channel, scale, handled_by },
        counts,
        reasons: reasons.into_iter().map(reason).collect::<Result<_, StoreError>>()?,
    })
}
