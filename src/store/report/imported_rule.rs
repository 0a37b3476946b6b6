//! The rules by which imported ratings were graded, and the days of their closes. Figures of these days show the definition of good
//! with them, although the line had no settings here at that time. Each day has rows of its own, so that a rule is not shown for days
//! between its closes.

use crate::sql::Sql;
use crate::{Db, Millis, StoreError, Tx, values};
use lastword_base::names::{LineId, RequestId};
use lastword_domain::answer::rating::Scale;
use lastword_domain::past_close::IMPORTED;
use lastword_domain::report::rule::ImportedRule;

/// Adds rules of ratings that are being imported. A known rule is extended to the closes of the new ones.
pub async fn add(tx: &mut Tx, rules: &[ImportedRule]) -> Result<(), StoreError> {
    static ADD: Sql = Sql::new(
        "INSERT INTO imported_rule AS i (day, line_id, scale, low_max, first_closed_at, last_closed_at) \
         SELECT r.first_closed_at / 86400000, r.line, r.scale, r.low_max, r.first_closed_at, r.last_closed_at \
         FROM {rows $1 r: line text, scale text, low_max int, first_closed_at int, last_closed_at int} WHERE true \
         ON CONFLICT (day, line_id, scale, low_max) DO UPDATE SET first_closed_at = {least}(i.first_closed_at, excluded.first_closed_at), \
         last_closed_at = {greatest}(i.last_closed_at, excluded.last_closed_at) \
         WHERE excluded.first_closed_at < i.first_closed_at OR i.last_closed_at < excluded.last_closed_at",
    );
    tx.execute(&ADD, values![crate::rows(rules)]).await.map(drop)
}

/// The rules of a line, or of all lines, for closes from `from` up to `until` (exclusive).
pub async fn of(db: &Db, line: Option<&LineId>, from: Millis, until: Millis) -> Result<Vec<ImportedRule>, StoreError> {
    static OF: Sql = Sql::new(
        "SELECT line_id, scale, low_max, min(first_closed_at), max(last_closed_at) FROM imported_rule \
         WHERE day >= $2 / 86400000 AND day <= $3 / 86400000 AND last_closed_at >= $2 AND first_closed_at < $3 AND ($1 = '' OR line_id = $1) \
         GROUP BY line_id, scale, low_max ORDER BY line_id, scale, low_max",
    );
    let read = |row: &mut crate::Row| {
        Ok(ImportedRule {
            line: row.name()?,
            scale: row.column("imported_rule", "scale")?,
            low_max: row.column("imported_rule", "low_max")?,
            first_closed_at: row.int()?,
            last_closed_at: row.int()?,
        })
    };
    db.read(&OF, values![line.map_or("", LineId::as_str), from, until]).await?.iter_mut().map(read).collect()
}

/// True if all ratings of a line on a scale were imported, of closes from `from` up to `until` (exclusive). The cost grows with the imported
/// ratings, so it is asked only where the answer matters.
pub async fn are_all(db: &Db, line: &LineId, scale: Scale, from: Millis, until: Millis) -> Result<bool, StoreError> {
    static OTHERS: Sql = Sql::made(|| {
        format!(
            "SELECT 1 FROM rating t WHERE t.line_id = $1 AND t.request_id >= $2 AND t.request_id < $3 AND t.scale = $4 \
             AND t.order_event <> '{IMPORTED}' LIMIT 1"
        )
    });
    let [from, until] = [from, until].map(RequestId::first_of);
    Ok(db.read(&OTHERS, values![line, from, until, scale.as_str()]).await?.is_empty())
}
