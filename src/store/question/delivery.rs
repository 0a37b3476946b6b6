//! Deliveries: inserting, reading, and ending them before anything was sent. Claims are in `lease`, ends in `ending`.

use crate::sql::table::table;
use crate::sql::{Sql, Statement};
use crate::{Db, Millis, Row, StoreError, Tx, values};
use lastword_base::names::{self, ChatId, ConnectionId, DeliveryId, Id, RequestId, Subject};
use lastword_domain::question::delivery::{Kind, State};
use serde::Serialize;

/// A new delivery.
#[derive(Clone, Debug, Serialize)]
pub struct NewDelivery {
    /// Its ID, also the idempotency key of every try at the platform.
    pub id: DeliveryId,
    /// Its kind.
    pub kind: Kind,
    /// Its connection.
    pub connection: ConnectionId,
    /// The address, as JSON.
    pub address: String,
    /// Its subject: a rating request, or the recipient of a digest.
    pub subject: Option<Subject>,
    /// Content of the message, as JSON.
    pub payload: String,
    /// Due time.
    pub due_at: Millis,
    /// After this time it is no longer sent.
    pub give_up_at: Millis,
    /// End of its window.
    pub window_closes_at: Option<Millis>,
    /// 1 if it is sent outside the window, as a template that the platform approved.
    pub outside_window: i64,
    /// Maximum number of resends if its result is unknown.
    pub resends_max: i64,
    /// Time of creation.
    pub created_at: Millis,
}

table! {
    /// A delivery.
    #[derive(Clone, Debug)]
    pub struct Delivery = columns!(delivery d) {
        /// Its ID.
        id: DeliveryId,
        /// Its kind.
        kind: Kind,
        /// Its connection.
        connection: ConnectionId,
        /// The address, as JSON.
        address: String,
        /// Its subject.
        subject: Option<Subject>,
        /// Content of the message, as JSON.
        payload: String,
        /// Its state.
        state: State,
        /// Reason of its state.
        reason: Option<String>,
        /// Due time.
        due_at: Millis,
        /// After this time it is no longer sent.
        give_up_at: Millis,
        /// End of its window.
        window_closes_at: Option<Millis>,
        /// The fencing token.
        token: i64,
        /// Number of tries.
        attempts: i64,
        /// Number of resends.
        resends: i64,
        /// Maximum number of resends.
        resends_max: i64,
        /// Time when the last intent was committed.
        intent_at: Option<Millis>,
        /// Time when it ended.
        ended_at: Option<Millis>,
        /// The platform's ID of the message.
        message_id: Option<String>,
        /// The platform's own message.
        detail: Option<String>,
        /// Time of creation.
        created_at: Millis,
        /// 1 if it is sent outside the window, as a template that the platform approved.
        outside_window: i64,
        /// Its own due time, if it was brought forward to probe whether its connection works again.
        brought_from: Option<Millis>,
    }
}

pub(crate) use columns;

impl Delivery {
    /// The rating request that it is about; `None` if it is about something else.
    pub fn request(&self) -> Option<RequestId> {
        self.subject.as_ref()?.as_id()
    }

    /// The rating request that it has to be about.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] if its subject is another one or cannot be read.
    pub fn needs_request(&self) -> Result<RequestId, StoreError> {
        self.request().ok_or_else(|| StoreError::Inconsistent {
            table: "delivery",
            column: "subject",
            found: format!("row {}, {} about no rating request", self.id, self.kind.as_str()),
        })
    }
}

macro_rules! scheduling {
    () => {
        "INSERT INTO delivery (id, kind, connection, address, subject, payload, state, due_at, give_up_at, window_closes_at, outside_window, \
         resends_max, created_at) \
         SELECT id, kind, connection, address, subject, payload, 'scheduled', due_at, give_up_at, window_closes_at, outside_window, resends_max, created_at \
         FROM {rows $1 r: id text, kind text, connection text, address text, subject text, payload text, due_at int, give_up_at int, \
         window_closes_at int, outside_window int, resends_max int, created_at int}"
    };
}

/// Schedules deliveries. Repeated IDs are inserted once.
pub async fn schedule(tx: &mut Tx, deliveries: &[NewDelivery]) -> Result<(), StoreError> {
    if deliveries.is_empty() {
        return Ok(());
    }
    static SCHEDULE: Sql = Sql::new(concat!(scheduling!(), " WHERE true ON CONFLICT (id) DO NOTHING"));
    tx.execute(&SCHEDULE, values![crate::rows(deliveries)]).await.map(drop)
}

/// The statement that schedules deliveries whose IDs are new, so that they cannot exist yet.
pub(crate) fn add_statement(deliveries: &[NewDelivery]) -> Statement {
    static ADD: Sql = Sql::new(scheduling!());
    Statement::new(&ADD, values![crate::rows(deliveries)])
}

/// Cancels the deliveries about `subjects` of these `kinds` that were not sent, and returns those subjects. The race with a sender
/// is decided by the order of commits: once its intent is committed, a message cannot be recalled. A delivery that waits for a
/// resend may have arrived, so it is not canceled: it stays unknown, and is not sent again.
pub async fn cancel<K: names::Kind>(
    tx: &mut Tx,
    subjects: &[Id<K>],
    kinds: &[&str],
    reason: &str,
    now: Millis,
) -> Result<Vec<Id<K>>, StoreError> {
    static CANCEL: Sql = Sql::new(
        "UPDATE delivery SET state = CASE WHEN resends > 0 AND intent_at IS NOT NULL AND kind <> 'settle' THEN 'unknown' ELSE 'canceled' END, \
         reason = $3, ended_at = $4, lease_until = NULL, owner = NULL \
         WHERE {about delivery among $1} AND kind {among $2} \
         AND state IN ('scheduled', 'leased') RETURNING subject, state",
    );
    if subjects.is_empty() {
        return Ok(Vec::new());
    }
    let values = values![crate::ids(subjects), crate::ids(kinds), reason, now];
    let mut rows = tx.fetch(&CANCEL, values).await?;
    let ended = rows.iter_mut().map(|row| Ok((row.id()?, row.text()?))).collect::<Result<Vec<_>, StoreError>>()?;
    let mut subjects: Vec<Id<K>> = ended.into_iter().filter(|(_, state)| state == "canceled").map(|(subject, _)| subject).collect();
    subjects.sort();
    subjects.dedup();
    Ok(subjects)
}

/// Prevents further tries of questions about `requests` that are being sent, or may have arrived: their time to give up is set no
/// later than their due time, so that no intent can be committed.
pub async fn try_no_more(tx: &mut Tx, requests: &[RequestId]) -> Result<(), StoreError> {
    static NO_MORE: Sql = Sql::new(
        "UPDATE delivery SET give_up_at = {least}(give_up_at, due_at), resend_at = NULL \
         WHERE {about delivery among $1} AND kind IN ('ask', 'reminder') AND state IN ('sending', 'unknown')",
    );
    if requests.is_empty() {
        return Ok(());
    }
    tx.execute(&NO_MORE, values![crate::ids(requests)]).await.map(drop)
}

/// The end of a conversation's window.
#[derive(Clone, Debug, Serialize)]
pub struct Window {
    /// The connection.
    pub connection: ConnectionId,
    /// The chat.
    pub chat: ChatId,
    /// Its end.
    pub closes_at: Millis,
}

/// Extends the windows of conversations after messages of clients: questions waiting there get the new end, and those that were to
/// go outside the window go inside it if it stays open long enough, and are bound to its end from then on.
pub async fn move_windows(tx: &mut Tx, windows: &[Window], margin: Millis) -> Result<(), StoreError> {
    static MOVE: Sql = Sql::new(
        "UPDATE delivery SET outside_window = 0, \
         window_closes_at = CASE WHEN delivery.outside_window = 1 THEN r.closes_at \
         ELSE {greatest}(COALESCE(delivery.window_closes_at, r.closes_at), r.closes_at) END \
         FROM {rows $1 r: connection text, chat text, closes_at int} \
         JOIN rating_request q ON {asked_in q r} \
         WHERE q.outcome IS NULL AND {about delivery q.id} AND delivery.connection = r.connection \
         AND delivery.kind IN ('ask', 'reminder') AND delivery.state IN ('scheduled', 'leased') \
         AND (delivery.outside_window = 0 OR delivery.due_at + $2 < r.closes_at)",
    );
    static WAITING: Sql = Sql::new(
        "SELECT d.id FROM {rows $1 r: connection text, chat text, closes_at int} JOIN rating_request q ON {asked_in q r} \
         JOIN delivery d ON {about d q.id} WHERE q.outcome IS NULL AND d.connection = r.connection \
         AND d.kind IN ('ask', 'reminder') AND d.state IN ('scheduled', 'leased') ORDER BY d.id {lock now OF d}",
    );
    if windows.is_empty() {
        return Ok(());
    }
    // The transaction has not locked the rating requests of these deliveries.
    if !tx.has_one_writer() {
        tx.fetch(&WAITING, values![crate::rows(windows)]).await?;
    }
    tx.execute(&MOVE, values![crate::rows(windows), margin]).await.map(drop)
}

/// The questions about these rating requests, by ID, inside a transaction that has locked the requests.
pub async fn asks(tx: &mut Tx, requests: &[RequestId]) -> Result<Vec<Delivery>, StoreError> {
    static ASKS: Sql =
        Sql::new(concat!("SELECT ", columns!(), " FROM delivery d WHERE {about d among $1} AND d.kind = 'ask' ORDER BY d.id"));
    tx.fetch(&ASKS, values![crate::ids(requests)]).await?.iter_mut().map(Delivery::read).collect()
}

/// The settling messages of these rating requests, in any state, inside a transaction.
pub async fn settling(tx: &mut Tx, requests: &[RequestId]) -> Result<Vec<Delivery>, StoreError> {
    static SETTLING: Sql =
        Sql::new(concat!("SELECT ", columns!(), " FROM delivery d WHERE {about d among $1} AND d.kind = 'settle' ORDER BY d.id"));
    tx.fetch(&SETTLING, values![crate::ids(requests)]).await?.iter_mut().map(Delivery::read).collect()
}

/// The deliveries of replies to a rating, oldest first, inside a transaction that has locked the rating request.
pub async fn replies(tx: &mut Tx, request: RequestId) -> Result<Vec<Delivery>, StoreError> {
    static REPLIES: Sql =
        Sql::new(concat!("SELECT ", columns!(), " FROM delivery d WHERE {about d $1} AND d.kind = 'reply' ORDER BY d.created_at, d.id"));
    tx.fetch(&REPLIES, values![request]).await?.iter_mut().map(Delivery::read).collect()
}

/// Cancels one delivery that was not sent and certainly did not arrive. Returns whether that was possible.
pub async fn take_back(tx: &mut Tx, id: DeliveryId, reason: &str, now: Millis) -> Result<bool, StoreError> {
    static TAKE_BACK: Sql = Sql::new(
        "UPDATE delivery SET state = 'canceled', reason = $2, ended_at = $3, lease_until = NULL, owner = NULL \
         WHERE id = $1 AND state IN ('scheduled', 'leased') AND (resends = 0 OR intent_at IS NULL)",
    );
    Ok(tx.execute(&TAKE_BACK, values![id, reason, now]).await? == 1)
}

/// Cancels one delivery on a person's request. Returns whether it had not been sent.
pub async fn cancel_one(tx: &mut Tx, id: DeliveryId, now: Millis) -> Result<bool, StoreError> {
    static CANCEL_ONE: Sql = Sql::new(
        "UPDATE delivery SET state = CASE WHEN resends > 0 AND intent_at IS NOT NULL THEN 'unknown' ELSE 'canceled' END, \
         reason = 'by_hand', ended_at = $2, lease_until = NULL, owner = NULL \
         WHERE id = $1 AND state IN ('scheduled', 'leased')",
    );
    Ok(tx.execute(&CANCEL_ONE, values![id, now]).await? == 1)
}

/// Sends a stuck delivery again on a person's request: it may then arrive twice, so its visible number of allowed resends grows by
/// one. Returns whether it was stuck.
pub async fn resend_one(tx: &mut Tx, id: DeliveryId, now: Millis, give_up_at: Millis) -> Result<bool, StoreError> {
    static RESEND_ONE: Sql = Sql::new(
        "UPDATE delivery SET state = 'scheduled', reason = 'resent_by_hand', due_at = $2, give_up_at = {greatest}(give_up_at, $3), \
         resends = resends + 1, resends_max = {greatest}(resends_max, resends + 1), attempts = 0, crashes = 0, ended_at = NULL, \
         resend_at = NULL WHERE id = $1 AND state IN ('unknown', 'failed', 'dead', 'undeliverable', 'skipped')",
    );
    Ok(tx.execute(&RESEND_ONE, values![id, now, give_up_at]).await? == 1)
}

/// Dismisses a stuck delivery on a person's request: its state stays, it is not sent again, and it is on no list of deliveries that
/// need attention. An answer, or a platform report, may still prove that it arrived. Returns whether it was stuck.
pub async fn dismiss(tx: &mut Tx, id: DeliveryId) -> Result<bool, StoreError> {
    static DISMISS: Sql = Sql::new(
        "UPDATE delivery SET reason = 'dismissed', resend_at = NULL WHERE id = $1 \
         AND state IN ('unknown', 'failed', 'dead', 'undeliverable') AND COALESCE(reason, '') <> 'dismissed'",
    );
    Ok(tx.execute(&DISMISS, values![id]).await? == 1)
}

/// The deliveries about these subjects, by ID.
pub async fn about(db: &Db, subjects: &[impl std::fmt::Display]) -> Result<Vec<Delivery>, StoreError> {
    static ABOUT: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " \
         FROM delivery d WHERE {about d among $1} ORDER BY d.id LIMIT 2000"
    ));
    db.read(&ABOUT, values![crate::ids(subjects)]).await?.iter_mut().map(Delivery::read).collect()
}

/// These deliveries.
pub async fn these(db: &Db, ids: &[DeliveryId]) -> Result<Vec<Delivery>, StoreError> {
    static THESE: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM delivery d WHERE d.id {among $1} ORDER BY d.id"));
    db.read(&THESE, values![crate::ids(ids)]).await?.iter_mut().map(Delivery::read).collect()
}

/// As [`these`], inside a transaction. Unfinished ones have been locked before ([`crate::locks`]): the text of a waiting one is
/// composed after this transaction.
pub async fn these_in(tx: &mut Tx, ids: &[DeliveryId]) -> Result<Vec<Delivery>, StoreError> {
    static THESE_IN: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM delivery d WHERE d.id {among $1} ORDER BY d.id"));
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    tx.fetch(&THESE_IN, values![crate::ids(ids)]).await?.iter_mut().map(Delivery::read).collect()
}

/// One delivery.
pub async fn find(db: &Db, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
    static FIND: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " \
         FROM delivery d WHERE d.id = $1"
    ));
    db.read(&FIND, values![id]).await?.first_mut().map(Delivery::read).transpose()
}

/// Number of due deliveries that were not claimed (counted up to 10,000), and the due time of the oldest. Queried by connection, so
/// that later ones are not read.
pub async fn due(db: &Db, now: Millis) -> Result<(i64, Option<Millis>), StoreError> {
    static DUE: Sql = Sql::new(
        "SELECT CAST({least}(COALESCE(sum(t.n), 0), 10000) AS bigint), min(t.oldest) FROM (SELECT \
         (SELECT count(*) FROM (SELECT 1 FROM delivery d WHERE d.connection = c.name AND d.state = 'scheduled' AND d.due_at <= $1 \
         LIMIT 10000) AS few) AS n, \
         (SELECT min(d.due_at) FROM delivery d WHERE d.connection = c.name AND d.state = 'scheduled' AND d.due_at <= $1) AS oldest \
         FROM connection c) AS t",
    );
    db.read(&DUE, values![now]).await?.first_mut().map_or(Ok((0, None)), |row| Ok((row.int()?, row.int_or_null()?)))
}

/// A finished try, for `explain`.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The delivery.
    pub delivery_id: DeliveryId,
    /// The fencing token of the try.
    pub token: i64,
    /// Time when its intent was committed.
    pub intent_at: Option<Millis>,
    /// Time when it ended.
    pub ended_at: Millis,
    /// Its result.
    pub verdict: String,
    /// The platform's own message.
    pub detail: Option<String>,
}

/// The tries of these deliveries before the last one, in order.
pub async fn attempts(db: &Db, deliveries: &[DeliveryId]) -> Result<Vec<Attempt>, StoreError> {
    static ATTEMPTS: Sql = Sql::new(
        "SELECT a.delivery_id, a.token, a.intent_at, a.ended_at, a.verdict, a.detail FROM attempt a \
         WHERE a.delivery_id {among $1} ORDER BY a.delivery_id, a.token LIMIT 5000",
    );
    let read = |row: &mut Row| {
        Ok(Attempt {
            delivery_id: row.id()?,
            token: row.int()?,
            intent_at: row.int_or_null()?,
            ended_at: row.int()?,
            verdict: row.text()?,
            detail: row.text_or_null()?,
        })
    };
    db.read(&ATTEMPTS, values![crate::ids(deliveries)]).await?.iter_mut().map(read).collect()
}
