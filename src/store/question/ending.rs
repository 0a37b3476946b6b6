//! Ends of tries: by the platform's response, by its later report, or by proof.

use super::delivery::{Delivery, columns};
use crate::connection::outage;
use crate::sql::{Sql, Statement};
use crate::{Millis, Row, StoreError, Tx, values};
use lastword_base::names::{ConnectionId, DeliveryId, RequestId, Subject};
use lastword_domain::question::delivery::{Failure, Kind, Next, State};
use serde::Serialize;

/// The end of one try.
#[derive(Clone, Debug, Serialize)]
pub struct TryEnd {
    /// The delivery.
    pub id: DeliveryId,
    /// The fence: the token of the try's claim.
    pub token: i64,
    /// The new state.
    pub state: State,
    /// The reason.
    pub reason: Option<&'static str>,
    /// New due time, if it is scheduled again.
    pub due_at: Option<Millis>,
    /// Time of the resend, if the result is unknown.
    pub resend_at: Option<Millis>,
    /// The platform's ID of the message.
    pub message_id: Option<String>,
    /// The platform's own message.
    pub detail: Option<String>,
    /// Time when the try ended.
    pub at: Millis,
    /// Its result, for the list of tries.
    pub verdict: &'static str,
    /// 0 if the connection is at fault: its deliveries wait without using up tries.
    pub counts: i64,
    /// 1 if it is tried again although it may have arrived: a resend.
    pub repeats: i64,
}

impl TryEnd {
    /// This end as that of a failed try, with what follows from it. A permanent refusal keeps the platform's own reason.
    pub fn failed(self, failure: Failure, kind: &'static str, next: Next) -> Self {
        match next {
            Next::Schedule(at) => {
                let reason = if matches!(failure, Failure::RetryAfter(_) | Failure::ChatRetryAfter(_)) {
                    outage::ASKED_TO_WAIT
                } else {
                    outage::RETRY
                };
                TryEnd { state: State::Scheduled, reason: Some(reason), due_at: Some(at), ..self }
            }
            Next::End(state, "refused") => TryEnd { state, reason: Some(kind), ..self },
            Next::End(state, reason) => TryEnd { state, reason: Some(reason), ..self },
            Next::Hold(resend_at) => TryEnd { state: State::Unknown, reason: Some("no_clear_answer"), resend_at, ..self },
        }
    }
}

/// The delivery of a recorded end.
#[derive(Clone, Debug)]
pub struct Ended {
    /// The delivery.
    pub id: DeliveryId,
    /// Its kind.
    pub kind: Kind,
    /// Its subject.
    pub subject: Option<Subject>,
    /// The current state.
    pub state: State,
    /// The reason.
    pub reason: Option<String>,
}

impl Ended {
    /// The rating request that its delivery is about; `None` if it is about something else.
    pub fn request(&self) -> Option<RequestId> {
        self.subject.as_ref()?.as_id()
    }
}

pub(crate) fn read(row: &mut Row) -> Result<Ended, StoreError> {
    Ok(Ended {
        id: row.id()?,
        kind: row.column("delivery", "kind")?,
        subject: row.text_or_null()?.map(Subject::from),
        state: row.column("delivery", "state")?,
        reason: row.text_or_null()?,
    })
}

/// Records the ends of tries. Returns those that count, in the order of their IDs: an end with an old token changes nothing,
/// because another node has claimed the delivery since. If the lease expired while the end could not be recorded, and no node has
/// claimed the delivery since, the end counts. A delivery that is no longer wanted (see `delivery::try_no_more`) is not scheduled
/// again.
pub async fn record(tx: &mut Tx, ends: &[TryEnd]) -> Result<Vec<Ended>, StoreError> {
    static RECORD: Sql = Sql::new(
        "UPDATE delivery SET state = CASE WHEN r.state <> 'scheduled' OR delivery.give_up_at > delivery.due_at THEN r.state \
             WHEN delivery.resends + r.repeats > 0 THEN 'unknown' ELSE 'canceled' END, \
         reason = CASE WHEN r.state <> 'scheduled' OR delivery.give_up_at > delivery.due_at THEN r.reason ELSE 'not_wanted' END, \
         due_at = CASE WHEN delivery.give_up_at > delivery.due_at THEN COALESCE(r.due_at, delivery.due_at) ELSE delivery.due_at END, \
         resend_at = CASE WHEN r.resend_at < delivery.give_up_at THEN r.resend_at END, \
         message_id = COALESCE(r.message_id, delivery.message_id), detail = r.detail, ended_at = r.at, lease_until = NULL, owner = NULL, \
         attempts = CASE WHEN r.counts = 0 THEN delivery.attempts - 1 ELSE delivery.attempts END, \
         resends = {least}(delivery.resends + r.repeats, delivery.resends_max), brought_from = NULL \
         FROM {held delivery $1 r: id text, token int, state text, reason text, due_at int, resend_at int, message_id text, detail text, at int, counts int, repeats int} \
         WHERE delivery.id = r.id AND delivery.token = r.token \
         AND (delivery.state = 'sending' OR (delivery.state = 'unknown' AND delivery.reason = 'lease_ran_out')) \
         RETURNING delivery.id, delivery.kind, delivery.subject, delivery.state, delivery.reason",
    );
    let mut ended: Vec<Ended> = tx.fetch(&RECORD, values![crate::rows(ends)]).await?.iter_mut().map(read).collect::<Result<_, _>>()?;
    ended.sort_by_key(|a| a.id);
    Ok(ended)
}

/// Stores the message IDs from platform reports that came after an answer had proved the same: the result was known, but not the
/// message. Settling the question later requires it.
pub async fn keep_message_ids<'e>(tx: &mut Tx, ends: impl Iterator<Item = &'e TryEnd>) -> Result<(), StoreError> {
    static KEEP: Sql = Sql::new(
        "UPDATE delivery SET message_id = r.message_id FROM {held delivery $1 r: id text, token int, message_id text} \
         WHERE delivery.id = r.id AND delivery.token = r.token AND delivery.state IN ('sent', 'delivered') AND delivery.message_id IS NULL",
    );
    #[derive(Serialize)]
    struct Sent<'a> {
        id: DeliveryId,
        token: i64,
        message_id: &'a str,
    }
    let sent = ends.filter_map(|end| Some(Sent { id: end.id, token: end.token, message_id: end.message_id.as_deref()? }));
    let sent: Vec<Sent<'_>> = sent.collect();
    if sent.is_empty() {
        return Ok(());
    }
    tx.execute(&KEEP, values![crate::rows(&sent)]).await.map(drop)
}

/// A finished try, for the list of tries.
#[derive(Clone, Debug, Serialize)]
pub struct Try {
    /// The delivery.
    pub delivery_id: DeliveryId,
    /// The fence.
    pub token: i64,
    /// Time when its intent was committed.
    pub intent_at: Option<Millis>,
    /// Time when it ended.
    pub ended_at: Millis,
    /// Its result.
    pub verdict: &'static str,
    /// The platform's own message.
    pub detail: Option<String>,
}

/// Stores tries that were not the last of their delivery.
pub async fn keep_tries(tx: &mut Tx, tries: &[Try]) -> Result<(), StoreError> {
    static KEEP: Sql = Sql::new(
        "INSERT INTO attempt (delivery_id, token, intent_at, ended_at, verdict, detail) \
         SELECT delivery_id, token, intent_at, ended_at, verdict, detail \
         FROM {rows $1 r: delivery_id text, token int, intent_at int, ended_at int, verdict text, detail text} WHERE true \
         ON CONFLICT DO NOTHING",
    );
    if tries.is_empty() {
        return Ok(());
    }
    tx.execute(&KEEP, values![crate::rows(tries)]).await.map(drop)
}

/// Answers prove that questions arrived: questions about `requests` with an unknown result were sent after all, and are not sent
/// again. If the reminder may have been sent too, it is unknown which of the two was answered.
pub async fn prove(tx: &mut Tx, requests: &[RequestId], now: Millis) -> Result<u64, StoreError> {
    static PROVE: Sql = Sql::new(
        "UPDATE delivery SET state = 'sent', reason = 'proved_by_answer', lease_until = NULL, owner = NULL, resend_at = NULL, ended_at = $2 \
         WHERE {about delivery among $1} AND kind = 'ask' AND intent_at IS NOT NULL \
         AND (state IN ('unknown', 'sending') OR (state IN ('scheduled', 'leased') AND resends > 0)) \
         AND NOT EXISTS (SELECT 1 FROM delivery o WHERE {about o delivery.subject} AND o.kind = 'reminder' AND o.intent_at IS NOT NULL)",
    );
    tx.execute(&PROVE, values![crate::ids(requests), now]).await
}

/// Applies a platform report that a message arrived or is on its way, found by our key or by its ID. A later report never overrides
/// a better earlier one: delivered stays delivered. While a message waits to be tried again, or is being sent, a report about the
/// earlier, refused one is ignored.
pub async fn platform_says(
    tx: &mut Tx,
    connection: &ConnectionId,
    key: Option<&str>,
    message_id: Option<&str>,
    state: State,
    reason: Option<&str>,
    now: Millis,
) -> Result<Vec<Ended>, StoreError> {
    static BY_KEY: Sql = Sql::new(
        "UPDATE delivery SET state = $3, reason = $4, ended_at = $5, lease_until = NULL, owner = NULL, resend_at = NULL, \
         message_id = COALESCE(message_id, $6) \
         WHERE id = $2 AND connection = $1 AND (state IN ('unknown', 'sending', 'sent') OR (state IN ('scheduled', 'leased') AND resends > 0)) \
         AND (state IN ('unknown', 'sent') OR COALESCE(message_id <> $6, true)) \
         AND NOT (state = 'sent' AND $3 = 'sent') RETURNING id, kind, subject, state, reason",
    );
    static BY_MESSAGE: Sql = Sql::new(
        "UPDATE delivery SET state = $3, reason = $4, ended_at = $5 WHERE connection = $1 AND message_id = $2 AND state = 'sent' \
         AND $3 <> 'sent' RETURNING id, kind, subject, state, reason",
    );
    let mut rows = match (key, message_id) {
        (Some(key), message_id) => tx.fetch(&BY_KEY, values![connection, key, state, reason, now, message_id]).await?,
        (None, Some(message_id)) => tx.fetch(&BY_MESSAGE, values![connection, message_id, state, reason, now]).await?,
        (None, None) => Vec::new(),
    };
    rows.iter_mut().map(read).collect()
}

/// The message that the platform refuses later, found by our key or by its ID: one that may be on its way, in its current state.
pub async fn refusable(
    tx: &mut Tx,
    connection: &ConnectionId,
    key: Option<&str>,
    message_id: Option<&str>,
) -> Result<Option<Delivery>, StoreError> {
    static BY_KEY: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM delivery d WHERE d.id = $2 AND d.connection = $1 \
         AND (d.state IN ('unknown', 'sending', 'sent') OR (d.state IN ('scheduled', 'leased') AND d.resends > 0)) \
         AND (CASE WHEN d.state IN ('unknown', 'sent') THEN COALESCE(d.message_id = $3, true) ELSE COALESCE(d.message_id <> $3, true) END)"
    ));
    static BY_MESSAGE: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM delivery d WHERE d.connection = $1 AND d.message_id = $2 AND d.state = 'sent' ORDER BY d.id LIMIT 1"
    ));
    let mut rows = match (key, message_id) {
        (Some(key), message_id) => tx.fetch(&BY_KEY, values![connection, key, message_id]).await?,
        (None, Some(message_id)) => tx.fetch(&BY_MESSAGE, values![connection, message_id]).await?,
        (None, None) => Vec::new(),
    };
    rows.first_mut().map(Delivery::read).transpose()
}

/// Records the end of a try that the platform refused after accepting it, if the delivery is unchanged since it was read.
pub async fn refused_later(tx: &mut Tx, was: &Delivery, end: &TryEnd) -> Result<Vec<Ended>, StoreError> {
    static REFUSED: Sql = Sql::new(
        "UPDATE delivery SET state = $4, reason = $5, due_at = COALESCE($6, due_at), resend_at = NULL, detail = $7, ended_at = $8, \
         message_id = COALESCE($9, message_id), lease_until = NULL, owner = NULL, brought_from = NULL, attempts = attempts - 1 + $10, \
         resends = CASE WHEN resends > 0 AND state IN ('scheduled', 'leased') THEN resends - 1 ELSE resends END + $11 \
         WHERE id = $1 AND token = $2 AND state = $3 RETURNING id, kind, subject, state, reason",
    );
    let values = values![
        end.id,
        end.token,
        was.state.as_str(),
        end.state,
        end.reason,
        end.due_at,
        end.detail.as_deref(),
        end.at,
        end.message_id.as_deref(),
        end.counts,
        end.repeats
    ];
    tx.fetch(&REFUSED, values).await?.iter_mut().map(read).collect()
}

/// One of our messages, by the platform's ID. IDs may repeat from chat to chat.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct MessageId {
    /// The connection.
    pub connection: ConnectionId,
    /// The platform's ID.
    pub message: String,
}

/// The content of one of our messages.
#[derive(Clone, Debug)]
pub struct Behind {
    /// The message.
    pub message: MessageId,
    /// The address, as JSON.
    pub address: String,
    /// The rating request.
    pub subject: RequestId,
    /// Its kind.
    pub kind: Kind,
    /// Its payload, as JSON.
    pub payload: String,
}

/// The messages on which a platform reports, by our keys and by its IDs, if their state may still change. They are not locked yet.
pub async fn spoken_of(tx: &mut Tx, keys: &[DeliveryId], messages: &[MessageId]) -> Result<Vec<Delivery>, StoreError> {
    static SPOKEN_OF: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM delivery d WHERE d.state IN ('scheduled', 'leased', 'sending', 'sent', 'unknown') AND d.id IN (\
             SELECT r.id FROM {rows $1 r: id text} UNION SELECT o.id FROM {rows $2 r: connection text, message text} \
             JOIN delivery o ON o.connection = r.connection AND o.message_id = r.message) ORDER BY d.id"
    ));
    tx.fetch(&SPOKEN_OF, values![crate::ids(keys), crate::rows(messages)]).await?.iter_mut().map(Delivery::read).collect()
}

/// True if a message that the platform refers to is ours, by our key or by its ID.
pub async fn is_ours(tx: &mut Tx, connection: &ConnectionId, key: Option<&str>, message_id: Option<&str>) -> Result<bool, StoreError> {
    static OURS: Sql = Sql::new(
        "SELECT 1 FROM delivery WHERE id = $2 AND connection = $1 \
         UNION ALL SELECT 1 FROM delivery WHERE connection = $1 AND message_id = $3 LIMIT 1",
    );
    Ok(!tx.fetch(&OURS, values![connection, key, message_id]).await?.is_empty())
}

/// The contents of these messages, if they ask, remind or thank; the newest last.
pub(crate) fn behind_statement(messages: &[MessageId]) -> Statement {
    static BEHIND: Sql = Sql::new(
        "SELECT d.connection, d.message_id, d.address, d.subject, d.kind, d.payload FROM {rows $1 r: connection text, message text} \
         JOIN delivery d ON d.connection = r.connection AND d.message_id = r.message \
         WHERE d.kind IN ('ask', 'reminder', 'settle') AND d.subject IS NOT NULL ORDER BY d.id",
    );
    Statement::new(&BEHIND, values![crate::rows(messages)])
}

pub(crate) fn read_behind(mut rows: Vec<Row>) -> Result<Vec<Behind>, StoreError> {
    let read = |row: &mut Row| {
        let message = MessageId { connection: row.name()?, message: row.text()? };
        let (address, subject) = (row.text()?, row.id()?);
        Ok(Behind { message, address, subject, kind: row.column("delivery", "kind")?, payload: row.text()? })
    };
    rows.iter_mut().map(read).collect()
}
