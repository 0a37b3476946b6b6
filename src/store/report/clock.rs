//! The time zone of the counters as numbers, by which the views for BI tools compute the days of closes.

use crate::sql::Sql;
use crate::values;
use crate::{StoreError, Tx};
use chrono_tz::Tz;
use lastword_domain::report::calendar::shifts::shifts;
use serde::Serialize;

/// Replaces the stored time zone.
pub(super) async fn keep(tx: &mut Tx, zone: Tz) -> Result<(), StoreError> {
    static DROP: Sql = Sql::new("DELETE FROM counter_clock");
    static KEEP: Sql = Sql::new(
        "INSERT INTO counter_clock (from_at, shift_ms) SELECT r.from_at, r.shift_ms FROM {rows $1 r: from_at int, shift_ms int} WHERE true",
    );
    #[derive(Serialize)]
    struct Shift {
        from_at: i64,
        shift_ms: i64,
    }
    let rows: Vec<Shift> = shifts(zone).into_iter().map(|(from_at, shift_ms)| Shift { from_at, shift_ms }).collect();
    tx.execute(&DROP, vec![]).await?;
    tx.execute(&KEEP, values![crate::rows(&rows)]).await.map(drop)
}
