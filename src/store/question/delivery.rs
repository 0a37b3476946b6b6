//! Deliveries: rows in, look-ups, and the ways out before anything left us. Claims are in `lease`, ends in `ending`.

use crate::sql::{Sql, Statement};
use crate::table::table;
use crate::values;
use crate::{Db, Millis, Row, StoreError, Tx};
use lastword_domain::question::delivery::{Kind, State};
use serde::Serialize;

/// A new delivery.
#[derive(Clone, Debug, Serialize)]
pub struct NewDelivery {
    /// Its id, which is also the key of every try at the platform.
    pub id: String,
    /// What it carries.
    pub kind: Kind,
    /// Through which connection.
    pub connection: String,
    /// Where to, as JSON.
    pub address: String,
    /// The rating request it is about, or the recipient of a digest.
    pub subject: Option<String>,
    /// What the message is made of, as JSON.
    pub payload: String,
    /// When it leaves.
    pub due_at: Millis,
    /// After this it no longer leaves.
    pub give_up_at: Millis,
    /// When its window shuts.
    pub window_closes_at: Option<Millis>,
    /// 1 when it goes out outside the window, in a form that the platform approved.
    pub outside_window: i64,
    /// How often it may be sent again when its end is unknown.
    pub resends_max: i64,
    /// When it was made.
    pub created_at: Millis,
}

table! {
    /// A delivery as it stands.
    #[derive(Clone, Debug)]
    pub struct Delivery = columns!(delivery d) {
        /// Its id.
        id: String,
        /// What it carries.
        kind: Kind,
        /// Through which connection.
        connection: String,
        /// Where to, as JSON.
        address: String,
        /// What it is about.
        subject: Option<String>,
        /// What the message is made of, as JSON.
        payload: String,
        /// Its state.
        state: State,
        /// Why it is in that state.
        reason: Option<String>,
        /// When it leaves.
        due_at: Millis,
        /// After this it no longer leaves.
        give_up_at: Millis,
        /// When its window shuts.
        window_closes_at: Option<Millis>,
        /// The fence.
        token: i64,
        /// Tries.
        attempts: i64,
        /// Resends.
        resends: i64,
        /// Resends allowed.
        resends_max: i64,
        /// When the last intent was committed.
        intent_at: Option<Millis>,
        /// When it ended.
        ended_at: Option<Millis>,
        /// The platform's id of the message.
        message_id: Option<String>,
        /// The platform's own words.
        detail: Option<String>,
        /// When it was made.
        created_at: Millis,
        /// 1 when it goes out outside the window, in a form that the platform approved.
        outside_window: i64,
        /// When it was due by its own schedule, where it was brought forward to see whether its connection works again.
        brought_from: Option<Millis>,
    }
}

pub(crate) use columns;

macro_rules! scheduling {
    () => {
        "INSERT INTO delivery (id, kind, connection, address, subject, payload, state, due_at, give_up_at, window_closes_at, outside_window, \
         resends_max, created_at) \
         SELECT id, kind, connection, address, subject, payload, 'scheduled', due_at, give_up_at, window_closes_at, outside_window, resends_max, created_at \
         FROM {rows $1 r: id text, kind text, connection text, address text, subject text, payload text, due_at int, give_up_at int, \
         window_closes_at int, outside_window int, resends_max int, created_at int}"
    };
}

/// Schedules deliveries. The same id twice is one delivery.
///
/// # Errors
/// The database's error.
pub async fn schedule(tx: &mut Tx, deliveries: &[NewDelivery]) -> Result<(), StoreError> {
    if deliveries.is_empty() {
        return Ok(());
    }
    static SCHEDULE: Sql = Sql::new(concat!(scheduling!(), " WHERE true ON CONFLICT (id) DO NOTHING"));
    tx.execute(&SCHEDULE, values![crate::rows(deliveries)]).await.map(drop)
}

/// The statement that schedules deliveries whose ids were made a moment ago, so that nobody can have scheduled them.
pub(crate) fn add_statement(deliveries: &[NewDelivery]) -> Statement {
    static ADD: Sql = Sql::new(scheduling!());
    Statement::new(&ADD, values![crate::rows(deliveries)])
}

/// Takes back the deliveries about `subjects` of these `kinds` that have not left us, and gives those subjects. The race
/// with a sender is decided by the order of commits: once its intent is committed, a message cannot be recalled. One that
/// waits to be sent again may be there already, so it is not canceled: it stays unknown, and is not sent again.
///
/// # Errors
/// The database's error.
pub async fn cancel(tx: &mut Tx, subjects: &[&str], kinds: &[&str], reason: &str, now: Millis) -> Result<Vec<String>, StoreError> {
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
    let ended = rows.iter_mut().map(|row| Ok((row.text()?, row.text()?))).collect::<Result<Vec<_>, StoreError>>()?;
    let mut subjects: Vec<String> = ended.into_iter().filter(|(_, state)| state == "canceled").map(|(subject, _)| subject).collect();
    subjects.sort();
    subjects.dedup();
    Ok(subjects)
}

/// Questions about `subjects` that are on their way, or may be there, are not tried again whatever becomes of them: a
/// delivery that gives up no later than it was due has no moment left in which an intent can be committed.
///
/// # Errors
/// The database's error.
pub async fn try_no_more(tx: &mut Tx, subjects: &[&str]) -> Result<(), StoreError> {
    static NO_MORE: Sql = Sql::new(
        "UPDATE delivery SET give_up_at = {least}(give_up_at, due_at), resend_at = NULL \
         WHERE {about delivery among $1} AND kind IN ('ask', 'reminder') AND state IN ('sending', 'unknown')",
    );
    if subjects.is_empty() {
        return Ok(());
    }
    tx.execute(&NO_MORE, values![crate::ids(subjects)]).await.map(drop)
}

/// When the window of a conversation shuts.
#[derive(Clone, Debug, Serialize)]
pub struct Window {
    /// The connection.
    pub connection: String,
    /// The chat.
    pub chat: String,
    /// When it shuts.
    pub closes_at: Millis,
}

/// Clients wrote, so the windows of their conversations shut later: questions that wait to leave there get the new end, and
/// those that were to go outside the window go inside it where it stays open long enough, and keep to its end from then on.
///
/// # Errors
/// The database's error.
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
    // The transaction does not hold the rating requests of these deliveries.
    if !tx.has_one_writer() {
        tx.fetch(&WAITING, values![crate::rows(windows)]).await?;
    }
    tx.execute(&MOVE, values![crate::rows(windows), margin]).await.map(drop)
}

/// The questions about these rating requests, by id, inside a transaction that holds the requests.
///
/// # Errors
/// The database's error.
pub async fn asks(tx: &mut Tx, requests: &[&str]) -> Result<Vec<Delivery>, StoreError> {
    static ASKS: Sql =
        Sql::new(concat!("SELECT ", columns!(), " FROM delivery d WHERE {about d among $1} AND d.kind = 'ask' ORDER BY d.id"));
    tx.fetch(&ASKS, values![crate::ids(requests)]).await?.iter_mut().map(Delivery::read).collect()
}

/// What was to settle these subjects, however it ended, inside a transaction.
///
/// # Errors
/// The database's error.
pub async fn settling(tx: &mut Tx, subjects: &[&str]) -> Result<Vec<Delivery>, StoreError> {
    static SETTLING: Sql =
        Sql::new(concat!("SELECT ", columns!(), " FROM delivery d WHERE {about d among $1} AND d.kind = 'settle' ORDER BY d.id"));
    tx.fetch(&SETTLING, values![crate::ids(subjects)]).await?.iter_mut().map(Delivery::read).collect()
}

/// The replies to a rating that were to leave, oldest first, inside a transaction that holds the rating request.
///
/// # Errors
/// The database's error.
pub async fn replies(tx: &mut Tx, request: &str) -> Result<Vec<Delivery>, StoreError> {
    static REPLIES: Sql =
        Sql::new(concat!("SELECT ", columns!(), " FROM delivery d WHERE {about d $1} AND d.kind = 'reply' ORDER BY d.created_at, d.id"));
    tx.fetch(&REPLIES, values![request]).await?.iter_mut().map(Delivery::read).collect()
}

/// Takes back one delivery that has not left, and surely is not there. Gives whether that could be done.
///
/// # Errors
/// The database's error.
pub async fn take_back(tx: &mut Tx, id: &str, reason: &str, now: Millis) -> Result<bool, StoreError> {
    static TAKE_BACK: Sql = Sql::new(
        "UPDATE delivery SET state = 'canceled', reason = $2, ended_at = $3, lease_until = NULL, owner = NULL \
         WHERE id = $1 AND state IN ('scheduled', 'leased') AND (resends = 0 OR intent_at IS NULL)",
    );
    Ok(tx.execute(&TAKE_BACK, values![id, reason, now]).await? == 1)
}

/// Takes back one delivery by a person's word. Gives whether it had not left yet.
///
/// # Errors
/// The database's error.
pub async fn cancel_one(tx: &mut Tx, id: &str, now: Millis) -> Result<bool, StoreError> {
    static CANCEL_ONE: Sql = Sql::new(
        "UPDATE delivery SET state = CASE WHEN resends > 0 AND intent_at IS NOT NULL THEN 'unknown' ELSE 'canceled' END, \
         reason = 'by_hand', ended_at = $2, lease_until = NULL, owner = NULL \
         WHERE id = $1 AND state IN ('scheduled', 'leased')",
    );
    Ok(tx.execute(&CANCEL_ONE, values![id, now]).await? == 1)
}

/// Sends a stuck delivery again by a person's word: it may then be there twice, so its budget grows by one for all to
/// see. Gives whether it was stuck.
///
/// # Errors
/// The database's error.
pub async fn resend_one(tx: &mut Tx, id: &str, now: Millis, give_up_at: Millis) -> Result<bool, StoreError> {
    static RESEND_ONE: Sql = Sql::new(
        "UPDATE delivery SET state = 'scheduled', reason = 'resent_by_hand', due_at = $2, give_up_at = {greatest}(give_up_at, $3), \
         resends = resends + 1, resends_max = {greatest}(resends_max, resends + 1), attempts = 0, crashes = 0, ended_at = NULL, \
         resend_at = NULL WHERE id = $1 AND state IN ('unknown', 'failed', 'dead', 'undeliverable', 'skipped')",
    );
    Ok(tx.execute(&RESEND_ONE, values![id, now, give_up_at]).await? == 1)
}

/// Nobody will look at a stuck delivery again, by a person's word: it stays as it is, is not sent again, and is on no list of what
/// needs somebody. An answer, or the platform's word, may still prove that it arrived. Gives whether it was stuck.
///
/// # Errors
/// The database's error.
pub async fn dismiss(tx: &mut Tx, id: &str) -> Result<bool, StoreError> {
    static DISMISS: Sql = Sql::new(
        "UPDATE delivery SET reason = 'dismissed', resend_at = NULL WHERE id = $1 \
         AND state IN ('unknown', 'failed', 'dead', 'undeliverable') AND COALESCE(reason, '') <> 'dismissed'",
    );
    Ok(tx.execute(&DISMISS, values![id]).await? == 1)
}

/// The deliveries about these subjects, by id.
///
/// # Errors
/// The database's error.
pub async fn about(db: &Db, subjects: &[&str]) -> Result<Vec<Delivery>, StoreError> {
    static ABOUT: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " \
         FROM delivery d WHERE {about d among $1} ORDER BY d.id LIMIT 2000"
    ));
    db.read(&ABOUT, values![crate::ids(subjects)]).await?.iter_mut().map(Delivery::read).collect()
}

/// These deliveries.
///
/// # Errors
/// The database's error.
pub async fn these(db: &Db, ids: &[&str]) -> Result<Vec<Delivery>, StoreError> {
    static THESE: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM delivery d WHERE d.id {among $1} ORDER BY d.id"));
    db.read(&THESE, values![crate::ids(ids)]).await?.iter_mut().map(Delivery::read).collect()
}

/// As [`these`], inside a transaction. Those that have not ended are held before ([`crate::locks`]): the text of a waiting one is
/// written after this transaction.
///
/// # Errors
/// The database's error.
pub async fn these_in(tx: &mut Tx, ids: &[&str]) -> Result<Vec<Delivery>, StoreError> {
    static THESE_IN: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM delivery d WHERE d.id {among $1} ORDER BY d.id"));
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    tx.fetch(&THESE_IN, values![crate::ids(ids)]).await?.iter_mut().map(Delivery::read).collect()
}

/// One delivery.
///
/// # Errors
/// The database's error.
pub async fn find(db: &Db, id: &str) -> Result<Option<Delivery>, StoreError> {
    static FIND: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " \
         FROM delivery d WHERE d.id = $1"
    ));
    db.read(&FIND, values![id]).await?.first_mut().map(Delivery::read).transpose()
}

/// How many deliveries are in each state.
///
/// # Errors
/// The database's error.
pub async fn count_by_state(db: &Db) -> Result<Vec<(String, i64)>, StoreError> {
    static COUNT: Sql = Sql::new("SELECT state, count(*) FROM delivery GROUP BY state ORDER BY state");
    db.read(&COUNT, vec![]).await?.iter_mut().map(|row| Ok((row.text()?, row.int()?))).collect()
}

/// How many deliveries are due and not taken up (counted up to 10,000), and since when the oldest of them is due. Asked of
/// each connection for itself: what is due later is not read.
///
/// # Errors
/// The database's error.
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

/// A try that ended, as `explain` reads it.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The delivery.
    pub delivery_id: String,
    /// The fence of the try.
    pub token: i64,
    /// When its intent was committed.
    pub intent_at: Option<Millis>,
    /// When it ended.
    pub ended_at: Millis,
    /// How it ended.
    pub verdict: String,
    /// The platform's own words.
    pub detail: Option<String>,
}

/// The tries of these deliveries that ended before the last one, in order.
///
/// # Errors
/// The database's error.
pub async fn attempts(db: &Db, deliveries: &[&str]) -> Result<Vec<Attempt>, StoreError> {
    static ATTEMPTS: Sql = Sql::new(
        "SELECT a.delivery_id, a.token, a.intent_at, a.ended_at, a.verdict, a.detail FROM attempt a \
         WHERE a.delivery_id {among $1} ORDER BY a.delivery_id, a.token LIMIT 5000",
    );
    let read = |row: &mut Row| {
        Ok(Attempt {
            delivery_id: row.text()?,
            token: row.int()?,
            intent_at: row.int_or_null()?,
            ended_at: row.int()?,
            verdict: row.text()?,
            detail: row.text_or_null()?,
        })
    };
    db.read(&ATTEMPTS, values![crate::ids(deliveries)]).await?.iter_mut().map(read).collect()
}
