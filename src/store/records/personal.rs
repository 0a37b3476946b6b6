//! Personal data: a client's identity, addresses and texts. Every place that contains some is named in this file and in
//! `client_data`, so that it can be erased. Scores, outcomes and counters stay: an erased comment becomes an empty one, so that it
//! still counts as given.
//!
//! A test writes a marker into every place and searches for it in every column of every table afterwards.

use crate::answer::rating::comment_word;
use crate::question::delivery;
use crate::question::rating_request::client_word;
use crate::question::rating_request::labelled::forget_values;
use crate::sql::rows::Rows;
use crate::sql::value::Value;
use crate::sql::{Sql, Statement};
use crate::{Db, Millis, Row, StoreError, Tx, values};
use lastword_base::names::{ChatId, ClientId, ConnectionId, LineId, Place, RequestId};
use lastword_domain::question::delivery::Kind;
use serde::Serialize;
use std::collections::HashMap;

/// Replaces an address. It can be parsed, and leads nowhere.
const NOWHERE: &str = r#"{"chat":""}"#;
/// Replaces a message of the web chat: an empty one, which keeps the numbering.
const NOTHING: &str = r#"{"kind":"message","from":"visitor","text":""}"#;

/// Reason for canceling pending messages about a close whose personal data was erased.
pub const ERASED: &str = "erased";

/// Locks these closes with their sessions, alerts and all messages about them, before personal data is erased.
pub async fn hold(tx: &mut Tx, requests: &[RequestId]) -> Result<(), StoreError> {
    static SESSIONS: Sql = Sql::new(
        "SELECT s.id FROM session s WHERE (s.id, s.source) IN (SELECT q.session_id, q.source FROM rating_request q WHERE q.id {among $1}) \
         ORDER BY s.source, s.id {lock}",
    );
    static REQUESTS: Sql = Sql::new("SELECT q.id FROM rating_request q WHERE q.id {among $1} ORDER BY q.id {lock}");
    static ALERTS: Sql = Sql::new("SELECT a.id FROM alert a WHERE a.request_id {among $1} ORDER BY a.id {lock}");
    static MESSAGES: Sql = Sql::new(
        "SELECT d.id FROM delivery d WHERE d.id = ANY(ARRAY(SELECT o.id FROM delivery o WHERE {about o among $1} \
         UNION SELECT o.id FROM alert a JOIN delivery o ON {about o a.id} WHERE a.request_id {among $1})) ORDER BY d.id {lock}",
    );
    if requests.is_empty() || tx.has_one_writer() {
        return Ok(());
    }
    let statements = [&SESSIONS, &REQUESTS, &ALERTS, &MESSAGES].map(|sql| Statement::new(sql, values![crate::ids(requests)]));
    tx.fetch_together(statements.into()).await.map(drop)
}

/// Locks the sessions of a client, before all other rows about them.
pub async fn hold_sessions(tx: &mut Tx, client: &ClientId) -> Result<(), StoreError> {
    static SESSIONS: Sql = Sql::new("SELECT s.id FROM session s WHERE s.client_id = $1 ORDER BY s.source, s.id {lock}");
    if tx.has_one_writer() {
        return Ok(());
    }
    tx.fetch(&SESSIONS, values![client]).await.map(drop)
}

/// Erases personal data of closes, and of everything that refers to them. Pending messages about them are canceled, because they
/// would have no recipient. The transaction has locked them ([`hold`]).
pub async fn take_away(tx: &mut Tx, requests: &[RequestId], now: Millis) -> Result<(), StoreError> {
    static REQUESTS: Sql = Sql::new(
        "UPDATE rating_request SET long_address = NULL, client_id = NULL, asked_long_address = NULL, asked_chat = NULL, addresses = '[]', \
         client_name = NULL, wish_reason = NULL, desk_page = NULL, fields = $3, chat = NULL, body_hash = NULL, erased_at = COALESCE(erased_at, $2) WHERE id {among $1}",
    );
    static RATINGS: Sql = Sql::new(
        "UPDATE rating SET comment = CASE WHEN comment IS NOT NULL THEN '' END, comment_message = NULL WHERE request_id {among $1} \
         AND (comment IS NOT NULL OR comment_message IS NOT NULL)",
    );
    static ANSWERS: Sql = Sql::new(
        "UPDATE answer_event SET value = CASE WHEN kind = 'comment' THEN '' ELSE value END, message_id = NULL WHERE request_id {among $1} \
         AND (kind = 'comment' OR message_id IS NOT NULL)",
    );
    static REPLIES: Sql = Sql::new("UPDATE reply SET text = '' WHERE request_id {among $1}");
    static REVIEWS: Sql = Sql::new("UPDATE review SET note = NULL WHERE request_id {among $1} AND note IS NOT NULL");
    static OBJECTIONS: Sql =
        Sql::new("UPDATE objection SET text = '', judgement = CASE WHEN judgement IS NOT NULL THEN '' END WHERE request_id {among $1}");
    static SCORES: Sql = Sql::new("UPDATE supervisor_score SET comment = NULL WHERE request_id {among $1}");
    static EARLIER: Sql = Sql::new("DELETE FROM earlier_address WHERE subject {among $1}");
    static TRIES: Sql =
        Sql::new("UPDATE attempt SET detail = NULL WHERE delivery_id IN (SELECT d.id FROM delivery d WHERE {about d among $1})");
    static DELIVERIES: Sql = Sql::new(
        "UPDATE delivery SET payload = $3, message_id = NULL, detail = NULL, resend_at = NULL, \
         address = CASE WHEN kind {among $4} THEN $2 ELSE address END WHERE {about delivery among $1}",
    );
    let to_client: Vec<&str> = Kind::ALL.into_iter().filter(|kind| kind.reaches_client()).map(Kind::as_str).collect();
    delivery::cancel(tx, requests, &Kind::ALL.map(Kind::as_str), ERASED, now).await?;
    let ids = crate::ids(requests);
    let named = client_word::names_in(tx, &ids).await?;
    tx.execute(&REQUESTS, values![&ids, now, "{}"]).await?;
    client_word::forget(tx, &named).await?;
    take_away_mail(tx, &ids).await?;
    comment_word::forget_comments(tx, &ids).await?;
    forget_values(tx, &ids).await?;
    for sql in [&RATINGS, &ANSWERS, &REPLIES, &REVIEWS, &OBJECTIONS, &SCORES, &EARLIER, &TRIES] {
        tx.execute(sql, values![&ids]).await?;
    }
    tx.execute(&DELIVERIES, values![&ids, NOWHERE, "{}", crate::ids(&to_client)]).await.map(drop)
}

/// Erases web chat messages about these closes: questions in a chat, alerts on a screen.
async fn take_away_mail(tx: &mut Tx, ids: &Rows) -> Result<(), StoreError> {
    static MAIL: Sql = Sql::new(
        "UPDATE mail SET body = $2 WHERE (connection, chat, key) IN \
         (SELECT d.connection, CASE WHEN d.address <> '' THEN {chat d.address} END, d.id FROM delivery d WHERE {about d among $1})",
    );
    tx.execute(&MAIL, values![ids, NOTHING]).await.map(drop)
}

/// Erases the messages of our web chats in the conversations of these closes, up to each close.
pub async fn take_away_talks(tx: &mut Tx, requests: &[RequestId]) -> Result<(), StoreError> {
    static TALKS: Sql = Sql::new(
        "UPDATE mail SET body = $2 WHERE (connection, chat, seq) IN (SELECT m.connection, m.chat, m.seq FROM rating_request q \
         JOIN mail m ON m.connection = q.connection AND m.chat = q.chat WHERE q.id {among $1} AND m.put_at <= q.closed_at)",
    );
    tx.execute(&TALKS, values![crate::ids(requests), NOTHING]).await.map(drop)
}

/// Erases personal data of the sessions of these closes, if they had no event since `before`, and if this close is the last one,
/// regardless of later moves.
pub async fn take_away_sessions(tx: &mut Tx, requests: &[RequestId], before: Millis) -> Result<(), StoreError> {
    static SESSIONS: Sql = Sql::new(
        "UPDATE session SET client_id = NULL, address = NULL, revision = session.revision + 1 FROM rating_request q \
         WHERE q.id {among $1} AND session.source = q.source AND session.id = q.session_id AND session.status <> 'open' \
         AND (session.last_event_at < $2 OR (session.status = 'closed' AND session.epoch = q.epoch))",
    );
    tx.execute(&SESSIONS, values![crate::ids(requests), before]).await.map(drop)
}

/// Erases personal data of sessions of a line that were never closed, or were reopened, and had their last event before `before`,
/// at most `limit`, and their messages in our web chats. Returns the number of sessions.
pub async fn take_away_silent(tx: &mut Tx, line: &LineId, before: Millis, limit: i64) -> Result<u64, StoreError> {
    // The first three conditions are those of the index.
    const SILENT: &str = "FROM session s \
         WHERE s.line_id = $1 AND s.status <> 'closed' AND (s.client_id IS NOT NULL OR s.address IS NOT NULL) AND s.last_event_at < $2 \
         AND (s.last_client_message_at IS NULL OR s.last_client_message_at < $2) \
         AND NOT EXISTS (SELECT 1 FROM rating_request q WHERE {apart q.source} = s.source AND q.session_id = s.id AND q.outcome IS NULL) \
         ORDER BY s.last_event_at, s.id LIMIT $3";
    static TALKS: Sql = Sql::made(|| {
        format!(
            "UPDATE mail SET body = $4 WHERE (connection, chat, seq) IN (SELECT m.connection, m.chat, m.seq \
             FROM (SELECT s.connection AS connection, CASE WHEN s.address <> '' THEN {{chat s.address}} END AS chat {SILENT}) AS p \
             JOIN mail m ON m.connection = p.connection AND m.chat = p.chat WHERE m.put_at < $2)"
        )
    });
    static SESSIONS: Sql = Sql::made(|| {
        format!(
            "WITH pick AS MATERIALIZED (SELECT s.source, s.id {SILENT} {{lock skip}}) \
             UPDATE session SET client_id = NULL, address = NULL, revision = session.revision + 1 FROM pick \
             WHERE session.source = pick.source AND session.id = pick.id"
        )
    });
    tx.execute(&TALKS, values![line, before, limit, NOTHING]).await?;
    tx.execute(&SESSIONS, values![line, before, limit]).await
}

/// Ended closes of a line that still contain personal data, closed from `from` up to `until` (exclusive): ID and time, the oldest
/// first, at most `limit`.
pub async fn closes_of_line(
    tx: &mut Tx,
    line: &LineId,
    from: Millis,
    until: Millis,
    limit: i64,
) -> Result<Vec<(RequestId, Millis)>, StoreError> {
    static CLOSES: Sql = Sql::new(
        "SELECT q.id, q.closed_at FROM rating_request q WHERE q.line_id = $1 AND q.id >= $2 AND q.id < $3 \
         AND q.erased_at IS NULL AND q.outcome IS NOT NULL ORDER BY q.id LIMIT $4",
    );
    tx.fetch(&CLOSES, values![line, RequestId::first_of(from), RequestId::first_of(until), limit])
        .await?
        .iter_mut()
        .map(|row| Ok((row.id()?, row.int()?)))
        .collect()
}

/// Old data about people.
#[derive(Debug, Default)]
pub struct Old {
    clients: Vec<ClientId>,
    conversations: Vec<Heard>,
    mail: Vec<Letter>,
}

impl Old {
    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.clients.is_empty() && self.conversations.is_empty() && self.mail.is_empty()
    }
}

/// Key of a conversation.
#[derive(Debug, Serialize)]
struct Heard {
    connection: ConnectionId,
    identity: ChatId,
}

/// Key of a mail message.
#[derive(Debug, Serialize)]
struct Letter {
    connection: ConnectionId,
    chat: ChatId,
    seq: i64,
}

/// Data of clients and conversations from before `before`, at most `limit` of each kind. It scans the tables, because no index has
/// the times: outside any transaction, so that no writer waits for it.
pub async fn old_places(db: &Db, before: Millis, limit: i64) -> Result<Old, StoreError> {
    static CLIENTS: Sql = Sql::new("SELECT c.id FROM client c WHERE c.updated_at < $1 LIMIT $2");
    static CONVERSATIONS: Sql = Sql::new("SELECT c.connection, c.identity FROM conversation c WHERE c.updated_at < $1 LIMIT $2");
    static MAIL: Sql = Sql::new("SELECT m.connection, m.chat, m.seq FROM mail m WHERE m.put_at < $1 AND m.body <> $3 LIMIT $2");
    let heard = |row: &mut Row| Ok(Heard { connection: row.name()?, identity: row.name()? });
    let letter = |row: &mut Row| Ok(Letter { connection: row.name()?, chat: row.name()?, seq: row.int()? });
    Ok(Old {
        clients: db.read(&CLIENTS, values![before, limit]).await?.iter_mut().map(Row::name).collect::<Result<_, _>>()?,
        conversations: db.read(&CONVERSATIONS, values![before, limit]).await?.iter_mut().map(heard).collect::<Result<_, _>>()?,
        mail: db.read(&MAIL, values![before, limit, NOTHING]).await?.iter_mut().map(letter).collect::<Result<_, StoreError>>()?,
    })
}

/// Deletes what [`old_places`] found, if it is still from before `before`. Opt-outs stay (`opt_out`). Returns the number of rows.
pub async fn forget_places(tx: &mut Tx, old: &Old, before: Millis) -> Result<u64, StoreError> {
    static CLIENTS: Sql = Sql::new(
        "DELETE FROM client WHERE id IN (SELECT c.id FROM client c WHERE c.id {among $1} AND c.updated_at < $2 ORDER BY c.id {lock skip})",
    );
    static CONVERSATIONS: Sql = Sql::new(
        "DELETE FROM conversation WHERE (connection, identity) IN (SELECT c.connection, c.identity \
         FROM {rows $1 r: connection text, identity text} JOIN conversation c ON c.connection = r.connection AND c.identity = r.identity \
         WHERE c.updated_at < $2 ORDER BY c.connection, c.identity {lock skip OF c})",
    );
    // The newest message of a chat stays, so that the next one gets the following number.
    static MAIL: Sql = Sql::new(
        "UPDATE mail SET body = $2 WHERE (connection, chat, seq) IN \
         (SELECT r.connection, r.chat, r.seq FROM {rows $1 r: connection text, chat text, seq int})",
    );
    let clients: Vec<&ClientId> = old.clients.iter().collect();
    let mut count = tx.execute(&CLIENTS, values![crate::names(&clients), before]).await?;
    count += tx.execute(&CONVERSATIONS, values![crate::rows(&old.conversations), before]).await?;
    Ok(count + tx.execute(&MAIL, values![crate::rows(&old.mail), NOTHING]).await?)
}

/// Drops the bodies of unreadable or unusable requests received before `before`: the time for a person to fix them is over.
pub async fn drop_bodies(tx: &mut Tx, before: Millis) -> Result<u64, StoreError> {
    static BODIES: Sql = Sql::new("UPDATE inbox SET body = NULL WHERE received_at < $1 AND body IS NOT NULL");
    tx.execute(&BODIES, values![before]).await
}

/// A client's closes, locked until the end of the transaction.
pub async fn closes_of_client(tx: &mut Tx, client: &ClientId) -> Result<Vec<RequestId>, StoreError> {
    static CLOSES: Sql = Sql::new("SELECT q.id FROM rating_request q WHERE q.client_id = $1 ORDER BY q.id {lock}");
    tx.fetch(&CLOSES, values![client]).await?.iter_mut().map(Row::id).collect()
}

static PLACES: Sql = Sql::new(
    "SELECT p.client, p.connection, p.chat FROM (\
         SELECT r.id AS client, s.connection AS connection, {chat s.address} AS chat FROM {rows $1 r: id text} \
             JOIN session s ON s.client_id = r.id WHERE s.address IS NOT NULL \
         UNION SELECT r.id, q.connection, q.chat FROM {rows $1 r: id text} \
             JOIN rating_request q ON q.client_id = r.id WHERE q.chat IS NOT NULL \
         UNION SELECT r.id, q.asked_connection, q.asked_chat FROM {rows $1 r: id text} \
             JOIN rating_request q ON q.client_id = r.id WHERE q.asked_chat IS NOT NULL \
         UNION SELECT r.id, e.connection, e.chat FROM {rows $1 r: id text} \
             JOIN rating_request q ON q.client_id = r.id JOIN earlier_address e ON e.subject = q.id) AS p \
         WHERE p.connection IS NOT NULL AND p.chat IS NOT NULL AND NOT EXISTS (SELECT 1 FROM session o WHERE o.address IS NOT NULL \
             AND {chat o.address} = p.chat AND o.connection = p.connection AND o.client_id <> p.client) \
         AND NOT EXISTS (SELECT 1 FROM rating_request o WHERE o.chat = p.chat AND o.connection = p.connection AND o.client_id <> p.client) \
         ORDER BY p.client, p.connection, p.chat",
);

fn read_place(row: &mut Row) -> Result<Place, StoreError> {
    Ok(Place { connection: row.name()?, chat: row.name()? })
}

fn read_places(rows: Vec<Row>) -> Result<HashMap<ClientId, Vec<Place>>, StoreError> {
    let mut places: HashMap<ClientId, Vec<Place>> = HashMap::new();
    for mut row in rows {
        let client = row.name()?;
        places.entry(client).or_default().push(read_place(&mut row)?);
    }
    Ok(places)
}

/// The conversations in which each of these clients talked or was asked, and in which no other client is known.
pub async fn places_of_clients(tx: &mut Tx, clients: &[&ClientId]) -> Result<HashMap<ClientId, Vec<Place>>, StoreError> {
    if clients.is_empty() {
        return Ok(HashMap::new());
    }
    read_places(tx.fetch(&PLACES, values![crate::names(clients)]).await?)
}

/// As [`places_of_clients`], for one client and outside a transaction.
pub async fn places_known(db: &Db, client: &ClientId) -> Result<Vec<Place>, StoreError> {
    Ok(read_places(db.read(&PLACES, values![crate::names(&[client])]).await?)?.remove(client).unwrap_or_default())
}

/// Erases a client: their data and conversations, their sessions' addresses, and unreadable requests from them. `names` are all
/// names under which they are stored (`client::names`), `words` are the names to search for in bodies.
pub async fn forget_client(
    tx: &mut Tx,
    client: &ClientId,
    names: &[&ClientId],
    places: &[Place],
    words: &[&str],
) -> Result<(), StoreError> {
    static SESSIONS: Sql = Sql::new("UPDATE session SET client_id = NULL, address = NULL, revision = revision + 1 WHERE client_id = $1");
    static CLIENT: Sql = Sql::new("DELETE FROM client WHERE id {among $1}");
    const HERE: &str = "WHERE (connection, chat) IN (SELECT r.connection, r.chat FROM {rows $1 r: connection text, chat text})";
    static CHANGES: Sql = Sql::new(
        "DELETE FROM message_change WHERE (source, chat) IN (SELECT r.connection, r.chat FROM {rows $1 r: connection text, chat text})",
    );
    static PACES: Sql = Sql::made(|| format!("DELETE FROM chat_pace {HERE}"));
    // If a visitor of ours keeps reading, the numbers of messages stay.
    const READS_ON: &str = "EXISTS (SELECT 1 FROM visitor v WHERE v.connection = mail.connection AND v.id = mail.chat)";
    static MAIL: Sql = Sql::made(|| format!("UPDATE mail SET body = $2 {HERE} AND {READS_ON}"));
    static OLD_MAIL: Sql = Sql::made(|| format!("DELETE FROM mail {HERE} AND NOT {READS_ON}"));
    // The ID is random, and names the chat. The row counts its sessions, so that they are not confused with older ones.
    static VISITORS: Sql = Sql::new(
        "UPDATE visitor SET language = NULL WHERE (connection, id) IN \
         (SELECT r.connection, r.chat FROM {rows $1 r: connection text, chat text})",
    );
    static BODIES: Sql = Sql::new("UPDATE inbox SET body = NULL WHERE body IS NOT NULL AND body LIKE $1 ESCAPE '\\'");
    tx.execute(&SESSIONS, values![client]).await?;
    tx.execute(&CLIENT, values![crate::names(names)]).await?;
    let here = crate::rows(places);
    for sql in [&CHANGES, &PACES, &VISITORS, &OLD_MAIL] {
        tx.execute(sql, values![&here]).await?;
    }
    tx.execute(&MAIL, values![&here, NOTHING]).await?;
    for word in words.iter().filter(|word| !word.is_empty()) {
        let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        tx.execute(&BODIES, vec![Value::from(format!("%{escaped}%"))]).await?;
    }
    Ok(())
}

/// Deletes the state of these conversations (connection, identity).
pub async fn forget_conversations(tx: &mut Tx, heard: impl Iterator<Item = Place>) -> Result<(), StoreError> {
    static FORGET: Sql = Sql::new(
        "DELETE FROM conversation WHERE (connection, identity) IN \
         (SELECT r.connection, r.identity FROM {rows $1 r: connection text, identity text})",
    );
    let heard: Vec<Heard> = heard.map(|place| Heard { connection: place.connection, identity: place.chat }).collect();
    tx.execute(&FORGET, values![crate::rows(&heard)]).await.map(drop)
}
