//! Write-backs that were given up before their time although their desk did not refuse them: their nodes died, or the desk did not
//! respond.

use crate::sql::Sql;
use crate::values;
use crate::{Millis, StoreError, Tx};
use lastword_base::names::ConnectionId;
use lastword_domain::question::delivery::NO_RESEND_LIMIT;
use lastword_domain::question::retry::CRASHES_MAX;

/// Maximum number of rescheduled write-backs per run.
const MOST: i64 = 500;

/// Reschedules write-backs of a desk at `now`, if they were not refused and their time is not over. For desks at which a repetition
/// does no harm. One that repeatedly crashes its node is given up after the same number of crashes again.
pub async fn write_again(tx: &mut Tx, connection: &ConnectionId, now: Millis) -> Result<u64, StoreError> {
    static AGAIN: Sql = Sql::new(
        "WITH pick AS MATERIALIZED (SELECT id FROM delivery WHERE state IN ('unknown', 'failed', 'dead', 'undeliverable') \
             AND state IN ('unknown', 'dead') AND kind = 'write_back' AND connection = $1 AND give_up_at > $2 AND resend_at IS NULL \
             AND crashes < $3 AND (reason IN ('lease_ran_out', 'poison') \
             OR (reason IN ('no_clear_answer', 'too_many_tries') AND resends_max < $4)) ORDER BY id LIMIT $5 {lock skip}) \
         UPDATE delivery SET state = 'scheduled', reason = 'resent', due_at = $2, ended_at = NULL, attempts = 0, resends_max = $4, \
         resends = CASE WHEN intent_at IS NULL THEN resends ELSE resends + 1 END FROM pick WHERE delivery.id = pick.id",
    );
    tx.execute(&AGAIN, values![connection, now, 2 * CRASHES_MAX, NO_RESEND_LIMIT, MOST]).await
}
