//! State of connections, shared by all nodes.

pub mod forward_outbox;
pub mod outage;
pub mod secret;
pub mod stored;

use super::{Db, Millis, Row, StoreError, Tx, sql::Sql};
use crate::values;
use lastword_base::names::ConnectionId;
use lastword_domain::connection::pause::WARNED_FROM;
use serde::Serialize;

/// A connection.
#[derive(Clone, Debug)]
pub struct ConnectionState {
    /// Its name in the settings.
    pub name: ConnectionId,
    /// The kind of channel.
    pub kind: String,
    /// Not called before this time.
    pub blocked_until: Millis,
    /// Time when that pause was requested.
    pub blocked_at: Millis,
    /// The end of the last pause reported to admins; 0 for none.
    pub pause_told_until: Millis,
    /// Stopped since this time: the platform reported that it is broken.
    pub stopped_at: Option<Millis>,
    /// The platform's own message.
    pub stopped_reason: Option<String>,
    /// Paused by an admin at this time; stopped until a person resumes it.
    pub suspended_at: Option<Millis>,
    /// Last time at which a node had it in its settings.
    pub seen_at: Millis,
    /// Its polling cursor.
    pub cursor: Option<String>,
    /// Last time at which a delivery for it was claimed; 0 for never.
    pub last_served_at: Millis,
    /// Last time at which it received something, or a fetch succeeded.
    pub heard_at: Option<Millis>,
    /// Messages sent since then.
    pub unheard: i64,
    /// Time of the first of them.
    pub unheard_since: Option<Millis>,
    /// Receives nothing since this time.
    pub deaf_at: Option<Millis>,
    /// The reason, in the platform's words or ours.
    pub deaf_reason: Option<String>,
    /// Time when admins were notified of the present problem.
    pub notified_at: Option<Millis>,
}

impl ConnectionState {
    /// One that no node has had yet.
    pub fn unseen(name: &ConnectionId, kind: &str) -> Self {
        Self {
            name: name.clone(),
            kind: kind.to_owned(),
            blocked_until: 0,
            blocked_at: 0,
            pause_told_until: 0,
            stopped_at: None,
            stopped_reason: None,
            suspended_at: None,
            seen_at: 0,
            cursor: None,
            last_served_at: 0,
            heard_at: None,
            unheard: 0,
            unheard_since: None,
            deaf_at: None,
            deaf_reason: None,
            notified_at: None,
        }
    }

    /// The end of the pause that its platform asked for, if it lasts at `now` and is long enough to be reported.
    pub fn waits_until(&self, now: Millis) -> Option<Millis> {
        (self.blocked_until > now && self.is_long_pause()).then_some(self.blocked_until)
    }

    /// True if the last pause that its platform asked for is long enough to be reported, over or not.
    pub fn is_long_pause(&self) -> bool {
        self.blocked_until - self.blocked_at >= WARNED_FROM
    }
}

fn read(row: &mut Row) -> Result<ConnectionState, StoreError> {
    Ok(ConnectionState {
        name: row.name()?,
        kind: row.text()?,
        blocked_until: row.int()?,
        blocked_at: row.int()?,
        pause_told_until: row.int()?,
        stopped_at: row.int_or_null()?,
        stopped_reason: row.text_or_null()?,
        suspended_at: row.int_or_null()?,
        seen_at: row.int()?,
        cursor: row.text_or_null()?,
        last_served_at: row.int()?,
        heard_at: row.int_or_null()?,
        unheard: row.int()?,
        unheard_since: row.int_or_null()?,
        deaf_at: row.int_or_null()?,
        deaf_reason: row.text_or_null()?,
        notified_at: row.int_or_null()?,
    })
}

/// Records that a node with this connection in its settings started, or applied a change of it. A stopped connection runs again, because it
/// was fixed. If admins were notified of the stop, they are notified of its end too. A connection paused by an admin stays paused.
pub async fn started(tx: &mut Tx, name: &ConnectionId, kind: &str, now: Millis) -> Result<(), StoreError> {
    static STARTED: Sql = Sql::new(
        "INSERT INTO connection (name, kind, seen_at) VALUES ($1, $2, $3) \
         ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, seen_at = excluded.seen_at, stopped_at = connection.suspended_at, \
         stopped_reason = CASE WHEN connection.notified_at IS NULL THEN NULL ELSE connection.stopped_reason END, \
         notified_at = CASE WHEN connection.suspended_at IS NOT NULL OR connection.stopped_at IS NULL OR connection.notified_at IS NULL \
         THEN connection.notified_at WHEN connection.deaf_at IS NULL THEN excluded.seen_at END, unheard = 0, unheard_since = NULL",
    );
    tx.execute(&STARTED, values![name, kind, now]).await.map(drop)
}

/// Stops the connection, because the platform reported that it is broken: its deliveries wait.
pub async fn stop(tx: &mut Tx, name: &ConnectionId, reason: &str, now: Millis) -> Result<bool, StoreError> {
    static STOP: Sql =
        Sql::new("UPDATE connection SET stopped_at = $3, stopped_reason = $2, notified_at = NULL WHERE name = $1 AND stopped_at IS NULL");
    Ok(tx.execute(&STOP, values![name, reason, now]).await? == 1)
}

/// Resumes the connection at `now` on a person's request. If admins were notified of the stop, its reason stays until they are
/// notified of its end.
pub async fn resume(tx: &mut Tx, name: &ConnectionId, now: Millis) -> Result<bool, StoreError> {
    static RESUME: Sql = Sql::new(
        "UPDATE connection SET stopped_at = NULL, suspended_at = NULL, blocked_until = 0, \
         stopped_reason = CASE WHEN notified_at IS NULL THEN NULL ELSE stopped_reason END, \
         notified_at = CASE WHEN stopped_at IS NULL OR notified_at IS NULL THEN notified_at WHEN deaf_at IS NULL THEN $2 END WHERE name = $1",
    );
    Ok(tx.execute(&RESUME, values![name, now]).await? == 1)
}

/// Pauses the connection at `now` on an admin's request: its deliveries wait, and no notification is sent. Returns true if one of this name
/// exists that was not already paused.
pub async fn suspend(tx: &mut Tx, name: &ConnectionId, now: Millis) -> Result<bool, StoreError> {
    static SUSPEND: Sql = Sql::new(
        "UPDATE connection SET suspended_at = $2, stopped_at = $2, stopped_reason = NULL, notified_at = NULL \
         WHERE name = $1 AND suspended_at IS NULL",
    );
    Ok(tx.execute(&SUSPEND, values![name, now]).await? == 1)
}

/// Deletes the state of a connection that is no longer used.
pub async fn forget(tx: &mut Tx, name: &ConnectionId) -> Result<(), StoreError> {
    static FORGET: Sql = Sql::new("DELETE FROM connection WHERE name = $1");
    tx.execute(&FORGET, values![name]).await.map(drop)
}

/// Locks these connections before they are updated one by one.
pub async fn hold(tx: &mut Tx, names: &[ConnectionId]) -> Result<(), StoreError> {
    static HOLD: Sql = Sql::new("SELECT c.name FROM connection c WHERE c.name {among $1} ORDER BY c.name {lock}");
    if names.is_empty() || tx.has_one_writer() {
        return Ok(());
    }
    tx.fetch(&HOLD, values![super::ids(names)]).await.map(drop)
}

/// Pauses the connection at the platform's request: no node calls it before `until`. Returns whether no pause was active.
pub async fn pause(tx: &mut Tx, name: &ConnectionId, until: Millis, now: Millis) -> Result<bool, StoreError> {
    static BEGIN: Sql = Sql::new("UPDATE connection SET blocked_until = $2, blocked_at = $3 WHERE name = $1 AND blocked_until <= $3");
    static GO_ON: Sql = Sql::new("UPDATE connection SET blocked_until = {greatest}(blocked_until, $2), blocked_at = $3 WHERE name = $1");
    let began = tx.execute(&BEGIN, values![name, until, now]).await? == 1;
    if !began {
        tx.execute(&GO_ON, values![name, until, now]).await?;
    }
    Ok(began)
}

/// Records that admins are notified of the pause until `until`. Returns false if they were already notified of it, or of a pause
/// that ends less than `apart` earlier.
pub async fn pause_told(tx: &mut Tx, name: &ConnectionId, until: Millis, apart: Millis) -> Result<bool, StoreError> {
    static TOLD: Sql =
        Sql::new("UPDATE connection SET pause_told_until = $2 WHERE name = $1 AND blocked_until = $2 AND pause_told_until <= $2 - $3");
    Ok(tx.execute(&TOLD, values![name, until, apart]).await? == 1)
}

/// Stores a polling cursor, in the transaction that stores the events before it.
pub async fn keep_cursor(tx: &mut Tx, name: &ConnectionId, cursor: &str) -> Result<(), StoreError> {
    static KEEP: Sql = Sql::new("UPDATE connection SET cursor = $2 WHERE name = $1");
    tx.execute(&KEEP, values![name, cursor]).await.map(drop)
}

/// Events and messages of a node since its last note.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Noted {
    /// The connection.
    pub name: ConnectionId,
    /// Time of the last event received.
    pub heard_at: Option<Millis>,
    /// Messages sent after that.
    pub sent: i64,
    /// Time of the first of them.
    pub first_sent_at: Option<Millis>,
    /// Reason why nothing can be received, found after that.
    pub deaf: Option<String>,
    /// Time when it was found.
    pub deaf_at: Option<Millis>,
}

/// Stores notes of a node. A connection that received nothing and now has an event is receiving again.
pub async fn note(tx: &mut Tx, noted: &[Noted]) -> Result<(), StoreError> {
    static NOTE: Sql = Sql::new(
        "UPDATE connection SET heard_at = COALESCE(r.heard_at, connection.heard_at), \
         unheard = CASE WHEN r.heard_at IS NULL THEN connection.unheard + r.sent ELSE r.sent END, \
         unheard_since = CASE WHEN r.heard_at IS NULL THEN COALESCE(connection.unheard_since, r.first_sent_at) ELSE r.first_sent_at END, \
         deaf_at = CASE WHEN r.deaf IS NULL AND r.heard_at IS NOT NULL THEN NULL ELSE COALESCE(connection.deaf_at, r.deaf_at) END, \
         deaf_reason = CASE WHEN r.deaf IS NULL AND r.heard_at IS NOT NULL THEN NULL ELSE COALESCE(r.deaf, connection.deaf_reason) END \
         FROM {rows $1 r: name text, heard_at int, sent int, first_sent_at int, deaf text, deaf_at int} WHERE connection.name = r.name",
    );
    tx.execute(&NOTE, values![super::rows(noted)]).await.map(drop)
}

/// Records that admins are notified of a connection's problem. Returns false if they were already notified.
pub async fn trouble_told(tx: &mut Tx, name: &ConnectionId, now: Millis) -> Result<bool, StoreError> {
    static TOLD: Sql = Sql::new(
        "UPDATE connection SET notified_at = $2 WHERE name = $1 AND notified_at IS NULL AND suspended_at IS NULL AND (stopped_at IS NOT NULL OR deaf_at IS NOT NULL)",
    );
    Ok(tx.execute(&TOLD, values![name, now]).await? == 1)
}

/// Records that admins are notified of the end of a problem. Returns false if they were already notified.
pub async fn trouble_over(tx: &mut Tx, name: &ConnectionId) -> Result<bool, StoreError> {
    static OVER: Sql = Sql::new(
        "UPDATE connection SET notified_at = NULL, stopped_reason = NULL WHERE name = $1 AND notified_at IS NOT NULL AND stopped_at IS NULL AND deaf_at IS NULL",
    );
    Ok(tx.execute(&OVER, values![name]).await? == 1)
}

/// Stores a cursor if it is still the one that was read: then only this node continues from there. Returns whether it was.
pub async fn swap_cursor(tx: &mut Tx, name: &ConnectionId, before: Option<&str>, after: &str) -> Result<bool, StoreError> {
    static SWAP: Sql = Sql::new("UPDATE connection SET cursor = $3 WHERE name = $1 AND COALESCE(cursor, '') = $2");
    Ok(tx.execute(&SWAP, values![name, before.unwrap_or_default(), after]).await? == 1)
}

/// All connections that any node ever had, by name.
pub async fn all(db: &Db) -> Result<Vec<ConnectionState>, StoreError> {
    static ALL: Sql = Sql::new(
        "SELECT name, kind, blocked_until, blocked_at, pause_told_until, stopped_at, stopped_reason, suspended_at, seen_at, cursor, last_served_at, heard_at, \
         unheard, unheard_since, deaf_at, deaf_reason, notified_at FROM connection ORDER BY name LIMIT 1000",
    );
    db.read(&ALL, vec![]).await?.iter_mut().map(read).collect()
}
