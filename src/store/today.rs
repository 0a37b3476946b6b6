//! What waits for somebody now. Each count reads an index of what waits, never all there ever was.

use super::{Db, StoreError, sql::Sql};
use crate::domain::rights::Lines;
use crate::values;

/// The lines as the `{rows …}` of a statement reads them, and whether they count at all.
fn limits(lines: &Lines) -> (i64, String) {
    match lines {
        Lines::All => (1, "[]".to_owned()),
        Lines::Some(lines) => (0, super::ids(&lines.iter().map(String::as_str).collect::<Vec<_>>())),
    }
}

/// Low ratings of these lines of which nobody has acknowledged an alert.
///
/// # Errors
/// The database's error.
pub async fn low_unanswered(db: &Db, lines: &Lines) -> Result<i64, StoreError> {
    static COUNT: Sql = Sql::new(
        "SELECT count(DISTINCT a.request_id) FROM alert a WHERE a.acknowledged_at IS NULL AND a.state <> 'canceled' AND a.kind = 'low' \
         AND ($1 = 1 OR a.line_id IN (SELECT r.id FROM {rows $2 r: id text})) \
         AND NOT EXISTS (SELECT 1 FROM alert s WHERE s.request_id = a.request_id AND s.acknowledged_at IS NOT NULL)",
    );
    let (all, some) = limits(lines);
    db.read(&COUNT, values![all, some]).await?.first_mut().map_or(Ok(0), super::Row::int)
}
