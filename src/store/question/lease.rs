//! Leases: which node holds a delivery, from the claim to the intent, and the handling of expired leases. Every change is one
//! conditional statement, fenced by the row's token, so there is no leader and no lock to lose.

use super::delivery::{Delivery, columns};
use super::ending::{self, Ended};
use crate::sql::Sql;
use crate::{Db, Millis, Row, StoreError, Tx, values};
use lastword_base::names::{ChatId, ConnectionId, DeliveryId, Place, Subject};
use lastword_domain::question::delivery::{Kind, State};
use serde::Serialize;

/// Data of a connection for a claim.
#[derive(Clone, Debug)]
pub struct DueConnection {
    /// The connection.
    pub name: ConnectionId,
    /// GCRA state in microseconds.
    pub tat: i64,
}

impl DueConnection {
    fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self { name: row.name()?, tat: row.int()? })
    }
}

/// The running connections of this node with deliveries due at `now`, longest-waiting first, locked until the end of the
/// transaction. Connections that another node has locked are skipped.
pub async fn due_connections(tx: &mut Tx, installed: &[ConnectionId], now: Millis) -> Result<Vec<DueConnection>, StoreError> {
    static DUE: Sql = Sql::new(
        "SELECT c.name, c.tat FROM connection c WHERE c.name {among $1} AND c.stopped_at IS NULL AND c.blocked_until <= $2 AND {may_send $2} \
         AND EXISTS (SELECT 1 FROM delivery d WHERE d.connection = c.name AND d.state = 'scheduled' AND d.due_at <= $2) \
         ORDER BY {least}(c.last_served_at, $2), c.name LIMIT 64 {lock skip}",
    );
    tx.fetch(&DUE, values![crate::ids(installed), now]).await?.iter_mut().map(DueConnection::read).collect()
}

/// The running connections of this node with suspects that are due at `now`: deliveries whose node died while it held them.
pub async fn suspected_connections(tx: &mut Tx, installed: &[ConnectionId], now: Millis) -> Result<Vec<DueConnection>, StoreError> {
    static SUSPECTED: Sql = Sql::new(
        "SELECT c.name, c.tat FROM connection c WHERE c.name {among $1} AND c.stopped_at IS NULL AND c.blocked_until <= $2 AND {may_send $2} \
         AND EXISTS (SELECT 1 FROM delivery d WHERE d.connection = c.name AND d.state = 'scheduled' AND d.crashes > 0 AND d.due_at <= $2) \
         ORDER BY c.last_served_at, c.name LIMIT 64 {lock skip}",
    );
    tx.fetch(&SUSPECTED, values![crate::ids(installed), now]).await?.iter_mut().map(DueConnection::read).collect()
}

/// A running connection, with its next delivery.
#[derive(Clone, Debug)]
pub struct RunningConnection {
    /// The connection.
    pub name: ConnectionId,
    /// GCRA state in microseconds.
    pub tat: i64,
    /// Not called before this time.
    pub blocked_until: Millis,
    /// Due time of its next delivery.
    pub next_due: Option<Millis>,
}

/// The running connections of this node, for the time of the next wake-up; empty while the database may not send.
pub async fn running_connections(db: &Db, installed: &[ConnectionId], now: Millis) -> Result<Vec<RunningConnection>, StoreError> {
    static RUNNING: Sql = Sql::new(
        "SELECT c.name, c.tat, c.blocked_until, \
         (SELECT min(d.due_at) FROM delivery d WHERE d.connection = c.name AND d.state = 'scheduled') \
         FROM connection c WHERE c.name {among $1} AND c.stopped_at IS NULL AND {may_send $2} ORDER BY c.name",
    );
    let read = |row: &mut Row| {
        Ok(RunningConnection { name: row.name()?, tat: row.int()?, blocked_until: row.int()?, next_due: row.int_or_null()? })
    };
    db.read(&RUNNING, values![crate::ids(installed), now]).await?.iter_mut().map(read).collect()
}

/// Leases the due suspect of one connection with the fewest crashes.
pub async fn claim_suspect(
    tx: &mut Tx,
    connection: &ConnectionId,
    now: Millis,
    owner: &str,
    lease_until: Millis,
) -> Result<Vec<Delivery>, StoreError> {
    // Picked rows are locked, and stay scheduled. With a repeated condition, PostgreSQL would search the picked ones among all
    // scheduled ones while it has few statistics of a new table; the same applies below.
    static CLAIM_SUSPECT: Sql = Sql::new(
        "WITH pick AS MATERIALIZED (SELECT id FROM delivery WHERE connection = $1 AND state = 'scheduled' AND crashes > 0 AND due_at <= $2 \
         AND {may_send $2} ORDER BY crashes, due_at, id LIMIT 1 {lock skip}) \
         UPDATE delivery SET state = 'leased', token = token + 1, owner = $3, lease_until = $4 FROM pick \
         WHERE delivery.id = pick.id \
         RETURNING delivery.id, delivery.kind, delivery.connection, delivery.address, delivery.subject, delivery.payload, delivery.state, \
         delivery.reason, delivery.due_at, delivery.give_up_at, delivery.window_closes_at, delivery.token, delivery.attempts, \
         delivery.resends, delivery.resends_max, delivery.intent_at, delivery.ended_at, delivery.message_id, delivery.detail, \
         delivery.created_at, delivery.outside_window, delivery.brought_from",
    );
    tx.fetch(&CLAIM_SUSPECT, values![connection, now, owner, lease_until]).await?.iter_mut().map(Delivery::read).collect()
}

/// Leases up to `limit` due deliveries of one connection until `lease_until`, oldest due first; without suspects, which are claimed
/// alone.
pub async fn claim(
    tx: &mut Tx,
    connection: &ConnectionId,
    now: Millis,
    limit: i64,
    owner: &str,
    lease_until: Millis,
) -> Result<Vec<Delivery>, StoreError> {
    static CLAIM: Sql = Sql::new(
        "WITH pick AS MATERIALIZED (SELECT id FROM delivery WHERE connection = $1 AND state = 'scheduled' AND due_at <= $2 \
         AND crashes = 0 AND {may_send $2} ORDER BY due_at, id LIMIT $3 {lock skip}) \
         UPDATE delivery SET state = 'leased', token = token + 1, owner = $4, lease_until = $5 FROM pick \
         WHERE delivery.id = pick.id \
         RETURNING delivery.id, delivery.kind, delivery.connection, delivery.address, delivery.subject, delivery.payload, delivery.state, \
         delivery.reason, delivery.due_at, delivery.give_up_at, delivery.window_closes_at, delivery.token, delivery.attempts, \
         delivery.resends, delivery.resends_max, delivery.intent_at, delivery.ended_at, delivery.message_id, delivery.detail, \
         delivery.created_at, delivery.outside_window, delivery.brought_from",
    );
    let values = values![connection, now, limit, owner, lease_until];
    let mut claimed: Vec<Delivery> = tx.fetch(&CLAIM, values).await?.iter_mut().map(Delivery::read).collect::<Result<_, _>>()?;
    // RETURNING has no order.
    claimed.sort_by(|a, b| (a.due_at, &a.id).cmp(&(b.due_at, &b.id)));
    Ok(claimed)
}

/// Leases one due delivery out of turn, because a person waits for it. `None` if another node has it.
pub async fn claim_one(tx: &mut Tx, id: DeliveryId, now: Millis, owner: &str, lease_until: Millis) -> Result<Option<Delivery>, StoreError> {
    static CLAIM_ONE: Sql = Sql::new(
        "UPDATE delivery SET state = 'leased', token = token + 1, owner = $3, lease_until = $4 \
         WHERE id = $1 AND state = 'scheduled' AND due_at <= $2 AND {may_send $2} \
         RETURNING id, kind, connection, address, subject, payload, state, reason, due_at, give_up_at, window_closes_at, token, attempts, \
         resends, resends_max, intent_at, ended_at, message_id, detail, created_at, outside_window, brought_from",
    );
    tx.fetch(&CLAIM_ONE, values![id, now, owner, lease_until]).await?.first_mut().map(Delivery::read).transpose()
}

/// Stores the state of a connection's limit after a claim, and its place in the queue.
pub async fn served(tx: &mut Tx, connection: &ConnectionId, tat: i64, now: Millis) -> Result<(), StoreError> {
    static SERVED: Sql = Sql::new("UPDATE connection SET tat = $2, last_served_at = $3 WHERE name = $1");
    tx.execute(&SERVED, values![connection, tat, now]).await.map(drop)
}

/// A lease, with its fencing token.
#[derive(Clone, Debug, Serialize)]
pub struct Lease {
    /// The delivery.
    pub id: DeliveryId,
    /// The token of the claim.
    pub token: i64,
}

impl Lease {
    /// The lease of a claimed delivery.
    pub fn of(delivery: &Delivery) -> Self {
        Self { id: delivery.id, token: delivery.token }
    }
}

/// Commits the intent to send: after this the message may have been sent. The statement itself checks the lease, the due time, the
/// time to give up, the window (with `margin`), that the connection was not paused or stopped since the claim, and that the
/// database may send. Returns the IDs that may be sent.
pub async fn intend(
    tx: &mut Tx,
    leases: &[Lease],
    now: Millis,
    lease_until: Millis,
    margin: Millis,
) -> Result<Vec<DeliveryId>, StoreError> {
    static INTEND: Sql = Sql::new(
        "UPDATE delivery SET state = 'sending', intent_at = $2, attempts = attempts + 1, crashes = 0, lease_until = $3 \
         FROM {held delivery $1 r: id text, token int} \
         WHERE delivery.id = r.id AND delivery.token = r.token AND delivery.state = 'leased' AND delivery.lease_until > $2 \
         AND delivery.due_at <= $2 AND delivery.give_up_at > $2 \
         AND (delivery.window_closes_at IS NULL OR $2 + $4 < delivery.window_closes_at) \
         AND NOT EXISTS (SELECT 1 FROM connection c WHERE c.name = delivery.connection AND (c.blocked_until > $2 OR c.stopped_at IS NOT NULL)) \
         AND {may_send $2} RETURNING delivery.id",
    );
    tx.fetch(&INTEND, values![crate::rows(leases), now, lease_until, margin]).await?.iter_mut().map(Row::id).collect()
}

/// Renews the leases of messages being sent, unless another node has claimed them.
pub async fn renew(tx: &mut Tx, leases: &[Lease], lease_until: Millis) -> Result<(), StoreError> {
    static RENEW: Sql = Sql::new(
        "UPDATE delivery SET lease_until = {greatest}(delivery.lease_until, $2) FROM {held delivery $1 r: id text, token int} \
         WHERE delivery.id = r.id AND delivery.token = r.token AND delivery.state = 'sending'",
    );
    tx.execute(&RENEW, values![crate::rows(leases), lease_until]).await.map(drop)
}

/// Ends the leases whose window or time was over when the intent was tried. One that was sent before with an unknown result stays
/// unknown: it may have arrived. The reason is `window_shut` or `time_over`.
pub async fn skip_leased(tx: &mut Tx, leases: &[Lease], now: Millis, margin: Millis) -> Result<Vec<Ended>, StoreError> {
    static SKIP: Sql = Sql::new(
        "UPDATE delivery SET state = CASE WHEN delivery.resends > 0 AND delivery.intent_at IS NOT NULL THEN 'unknown' ELSE 'skipped' END, \
         ended_at = $2, lease_until = NULL, owner = NULL, \
         reason = CASE WHEN delivery.give_up_at <= $2 THEN 'time_over' ELSE 'window_shut' END \
         FROM {held delivery $1 r: id text, token int} \
         WHERE delivery.id = r.id AND delivery.token = r.token AND delivery.state = 'leased' \
         AND (delivery.give_up_at <= $2 OR $2 + $3 >= delivery.window_closes_at) \
         RETURNING delivery.id, delivery.kind, delivery.subject, delivery.state, delivery.reason",
    );
    tx.fetch(&SKIP, values![crate::rows(leases), now, margin]).await?.iter_mut().map(ending::read).collect()
}

/// Scheduled deliveries of a connection whose time or window ended before they could be sent, because the connection was stopped or
/// paused for too long. They are not locked yet.
pub async fn overdue(tx: &mut Tx, connection: &ConnectionId, now: Millis, margin: Millis, limit: i64) -> Result<Vec<Delivery>, StoreError> {
    static OVERDUE: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM delivery d WHERE d.connection = $1 AND d.state = 'scheduled' AND d.due_at <= $2 \
         AND (d.give_up_at <= $2 OR $2 + $4 >= d.window_closes_at) ORDER BY d.due_at, d.id LIMIT $3"
    ));
    tx.fetch(&OVERDUE, values![connection, now, limit, margin]).await?.iter_mut().map(Delivery::read).collect()
}

/// Ends those of these deliveries that are still overdue. The transaction has locked them. They end as leases do.
pub async fn skip_overdue(tx: &mut Tx, overdue: &[DeliveryId], now: Millis, margin: Millis) -> Result<Vec<Ended>, StoreError> {
    static SKIP: Sql = Sql::new(
        "UPDATE delivery SET state = CASE WHEN delivery.resends > 0 AND delivery.intent_at IS NOT NULL THEN 'unknown' ELSE 'skipped' END, \
         reason = CASE WHEN delivery.give_up_at <= $2 THEN 'time_over' ELSE 'window_shut' END, ended_at = $2 \
         WHERE delivery.id {among $1} AND delivery.state = 'scheduled' AND delivery.due_at <= $2 \
         AND (delivery.give_up_at <= $2 OR $2 + $3 >= delivery.window_closes_at) \
         RETURNING delivery.id, delivery.kind, delivery.subject, delivery.state, delivery.reason",
    );
    if overdue.is_empty() {
        return Ok(Vec::new());
    }
    tx.fetch(&SKIP, values![crate::ids(overdue), now, margin]).await?.iter_mut().map(ending::read).collect()
}

/// Ends leases of messages with nothing to send any more. Returns the ends of those that were still held.
pub async fn nothing_to_say(tx: &mut Tx, leases: &[Lease], now: Millis) -> Result<Vec<Ended>, StoreError> {
    static NOTHING: Sql = Sql::new(
        "UPDATE delivery SET state = CASE WHEN delivery.resends > 0 AND delivery.intent_at IS NOT NULL THEN 'unknown' ELSE 'canceled' END, \
         reason = 'nothing_to_say', ended_at = $2, lease_until = NULL, owner = NULL \
         FROM {held delivery $1 r: id text, token int} WHERE delivery.id = r.id AND delivery.token = r.token AND delivery.state = 'leased' \
         RETURNING delivery.id, delivery.kind, delivery.subject, delivery.state, delivery.reason",
    );
    tx.fetch(&NOTHING, values![crate::rows(leases), now]).await?.iter_mut().map(ending::read).collect()
}

/// A lease that is put back, with the new due time of its delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Held {
    /// The delivery.
    pub id: DeliveryId,
    /// The token of the claim.
    pub token: i64,
    /// Earliest time of the next claim.
    pub due_at: Millis,
}

/// Puts unused leases back, each with its own due time.
pub async fn hold(tx: &mut Tx, held: &[Held]) -> Result<(), StoreError> {
    static HOLD: Sql = Sql::new(
        "UPDATE delivery SET state = 'scheduled', due_at = {greatest}(delivery.due_at, r.due_at), lease_until = NULL, owner = NULL \
         FROM {held delivery $1 r: id text, token int, due_at int} \
         WHERE delivery.id = r.id AND delivery.token = r.token AND delivery.state = 'leased'",
    );
    tx.execute(&HOLD, values![crate::rows(held)]).await.map(drop)
}

/// Locks leased deliveries that one transaction handles in different ways.
pub async fn hold_leased(tx: &mut Tx, leases: &[Lease]) -> Result<(), StoreError> {
    static HELD: Sql = Sql::new("SELECT d.id FROM delivery d WHERE d.id {among $1} ORDER BY d.id {lock}");
    if leases.is_empty() || tx.has_one_writer() {
        return Ok(());
    }
    let ids: Vec<DeliveryId> = leases.iter().map(|lease| lease.id).collect();
    tx.fetch(&HELD, values![crate::ids(&ids)]).await.map(drop)
}

/// Puts unused leases back, all due at `due_at`.
pub async fn put_back(tx: &mut Tx, leases: &[Lease], due_at: Millis) -> Result<(), StoreError> {
    let held: Vec<Held> = leases.iter().map(|lease| Held { id: lease.id, token: lease.token, due_at }).collect();
    hold(tx, &held).await
}

/// Puts back all leases of a node that stops. None of them was sent.
pub async fn release(tx: &mut Tx, owner: &str) -> Result<u64, StoreError> {
    static RELEASE: Sql = Sql::new(
        "WITH pick AS MATERIALIZED (SELECT id FROM delivery WHERE lease_until IS NOT NULL AND state = 'leased' AND owner = $1 ORDER BY id {lock}) \
         UPDATE delivery SET state = 'scheduled', lease_until = NULL, owner = NULL FROM pick WHERE delivery.id = pick.id AND delivery.state = 'leased'",
    );
    tx.execute(&RELEASE, values![owner]).await
}

/// A chat that a message is about to be sent to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Pace {
    /// The connection.
    pub connection: ConnectionId,
    /// The chat.
    pub chat: ChatId,
    /// Earliest time of the next message to it.
    pub next_at: Millis,
}

/// Reserves a place in the pace of each chat. Returns the chats that may be written to now. A time further in the future than one
/// message causes was written with a clock that was ahead, and is ignored.
pub async fn pace(tx: &mut Tx, paces: &[Pace], now: Millis) -> Result<Vec<Place>, StoreError> {
    static PACE: Sql = Sql::new(
        "INSERT INTO chat_pace AS p (connection, chat, next_at) SELECT connection, chat, next_at \
         FROM {rows $1 r: connection text, chat text, next_at int} WHERE true ORDER BY connection, chat \
         ON CONFLICT (connection, chat) DO UPDATE SET next_at = excluded.next_at WHERE p.next_at <= $2 OR p.next_at > excluded.next_at + 2000 RETURNING connection, chat",
    );
    let mut rows = tx.fetch(&PACE, values![crate::rows(paces), now]).await?;
    rows.iter_mut().map(|row| Ok(Place { connection: row.name()?, chat: row.name()? })).collect()
}

/// Earliest times of the next messages to these chats.
pub async fn paced(tx: &mut Tx, paces: &[Pace]) -> Result<Vec<Pace>, StoreError> {
    static PACED: Sql = Sql::new(
        "SELECT p.connection, p.chat, p.next_at FROM {rows $1 r: connection text, chat text} \
         JOIN chat_pace p ON p.connection = r.connection AND p.chat = r.chat",
    );
    let mut rows = tx.fetch(&PACED, values![crate::rows(paces)]).await?;
    rows.iter_mut().map(|row| Ok(Pace { connection: row.name()?, chat: row.name()?, next_at: row.int()? })).collect()
}

/// Deletes paces that are no longer needed.
pub async fn sweep_paces(tx: &mut Tx, now: Millis) -> Result<u64, StoreError> {
    static SWEEP: Sql = Sql::new(
        "DELETE FROM chat_pace WHERE (connection, chat) IN \
         (SELECT p.connection, p.chat FROM chat_pace p WHERE p.next_at < $1 ORDER BY p.connection, p.chat {lock skip})",
    );
    tx.execute(&SWEEP, values![now]).await
}

/// A delivery handled by the rescue.
#[derive(Clone, Debug)]
pub struct Rescued {
    /// The delivery.
    pub id: DeliveryId,
    /// Its kind.
    pub kind: Kind,
    /// Its subject.
    pub subject: Option<Subject>,
    /// The current state.
    pub state: State,
    /// The token of the lost lease.
    pub token: i64,
    /// Time when its intent was committed, if it was.
    pub intent_at: Option<Millis>,
}

fn read_rescued(row: &mut Row) -> Result<Rescued, StoreError> {
    Ok(Rescued {
        id: row.id()?,
        kind: row.column("delivery", "kind")?,
        subject: row.text_or_null()?.map(Subject::from),
        state: row.column("delivery", "state")?,
        token: row.int()?,
        intent_at: row.int_or_null()?,
    })
}

/// Leased deliveries of dead nodes that may be the cause: one more crash ends them as dead. They are not locked yet.
pub async fn doomed(tx: &mut Tx, now: Millis, crashes_max: i64) -> Result<Vec<Delivery>, StoreError> {
    static DOOMED: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM delivery d WHERE d.lease_until < $1 AND d.state = 'leased' AND d.crashes >= $2 - 1"
    ));
    let mut doomed: Vec<Delivery> =
        tx.fetch(&DOOMED, values![now, crashes_max]).await?.iter_mut().map(Delivery::read).collect::<Result<_, _>>()?;
    doomed.sort_by_key(|one| one.id);
    Ok(doomed)
}

/// Releases leases of nodes that died before the intent: nothing was sent. Any delivery that the node held may have crashed it, so
/// each becomes a suspect, and is claimed alone. Further crashes only count for a delivery that was alone; after `crashes_max` of
/// them it ends as dead. It must be one of the `doomed`, which the transaction has locked.
pub async fn rescue_leased(tx: &mut Tx, now: Millis, crashes_max: i64, doomed: &[DeliveryId]) -> Result<Vec<Rescued>, StoreError> {
    static RESCUE: Sql = Sql::new(
        "WITH lone AS MATERIALIZED (SELECT owner FROM delivery WHERE lease_until IS NOT NULL AND state = 'leased' \
             GROUP BY owner HAVING count(*) = 1), \
         deaths AS MATERIALIZED (SELECT d.id, CASE WHEN d.owner IN (SELECT owner FROM lone) THEN d.crashes + 1 \
             ELSE {greatest}(d.crashes, 1) END AS count FROM delivery d WHERE d.state = 'leased' AND d.lease_until < $1 \
             AND (d.crashes < $2 - 1 OR d.id {among $3}) {lock skip OF d}) \
         UPDATE delivery SET crashes = deaths.count, lease_until = NULL, owner = NULL, \
         state = CASE WHEN deaths.count < $2 THEN 'scheduled' WHEN resends > 0 AND intent_at IS NOT NULL THEN 'unknown' ELSE 'dead' END, \
         reason = CASE WHEN deaths.count >= $2 THEN 'poison' ELSE reason END, ended_at = CASE WHEN deaths.count >= $2 THEN $1 ELSE ended_at END \
         FROM deaths WHERE delivery.id = deaths.id AND delivery.state = 'leased' AND delivery.lease_until < $1 \
         RETURNING delivery.id, delivery.kind, delivery.subject, delivery.state, delivery.token, delivery.intent_at",
    );
    tx.fetch(&RESCUE, values![now, crashes_max, crate::ids(doomed)]).await?.iter_mut().map(read_rescued).collect()
}

/// Releases leases of nodes that died after the intent: it is unknown whether the message was sent. It is held for `hold` and sent
/// again only within its limit, its time and its window.
pub async fn rescue_sending(tx: &mut Tx, now: Millis, hold: Millis, margin: Millis) -> Result<Vec<Rescued>, StoreError> {
    static RESCUE: Sql = Sql::new(
        "WITH pick AS MATERIALIZED (SELECT d.id FROM delivery d WHERE d.state = 'sending' AND d.lease_until < $1 {lock skip}) \
         UPDATE delivery SET state = 'unknown', reason = 'lease_ran_out', lease_until = NULL, owner = NULL, ended_at = $1, \
         resend_at = CASE WHEN resends < resends_max AND $1 + $2 < give_up_at \
             AND (window_closes_at IS NULL OR $1 + $2 + $3 < window_closes_at) THEN $1 + $2 END FROM pick \
         WHERE delivery.id = pick.id AND delivery.state = 'sending' AND delivery.lease_until < $1 \
         RETURNING delivery.id, delivery.kind, delivery.subject, delivery.state, delivery.token, delivery.intent_at",
    );
    tx.fetch(&RESCUE, values![now, hold, margin]).await?.iter_mut().map(read_rescued).collect()
}

/// Schedules unknown deliveries again after their hold; if their time or window is over, they stay unknown. The limit of resends is
/// a column, so the number of copies is always bounded.
pub async fn resend_held(tx: &mut Tx, now: Millis, margin: Millis) -> Result<u64, StoreError> {
    static RESEND: Sql = Sql::new(
        "WITH pick AS MATERIALIZED (SELECT d.id FROM delivery d WHERE d.state = 'unknown' AND d.resend_at <= $1 AND d.resends < d.resends_max \
         AND d.give_up_at > $1 AND (d.window_closes_at IS NULL OR $1 + $2 < d.window_closes_at) {lock skip}) \
         UPDATE delivery SET state = 'scheduled', reason = 'resent', due_at = $1, resends = resends + 1, resend_at = NULL, ended_at = NULL \
         FROM pick WHERE delivery.id = pick.id",
    );
    static KEEP: Sql = Sql::new(
        "WITH pick AS MATERIALIZED (SELECT d.id FROM delivery d WHERE d.state = 'unknown' AND d.resend_at <= $1 \
         AND (d.resends >= d.resends_max OR d.give_up_at <= $1 OR $1 + $2 >= d.window_closes_at) {lock skip}) \
         UPDATE delivery SET resend_at = NULL FROM pick WHERE delivery.id = pick.id",
    );
    let resent = tx.execute(&RESEND, values![now, margin]).await?;
    Ok(resent + tx.execute(&KEEP, values![now, margin]).await?)
}
