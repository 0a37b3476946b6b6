//! All stored data about one client, for the client and for the search.

use crate::question::rating_request::client_word;
use crate::review::waits;
use crate::sql::Sql;
use crate::sql::value::Value as Bound;
use crate::{Db, Millis, Row, StoreError, values};
use lastword_base::names::{ChatId, ClientId, RequestId};
use lastword_domain::access::rights::Lines;
use serde_json::{Map, Value};

/// A client that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundClient {
    /// Their ID.
    pub id: ClientId,
    /// The newest name that a desk reported for them.
    pub name: Option<String>,
    /// Number of their sessions.
    pub sessions: i64,
    /// Time of the latest event of any of them.
    pub last_at: Millis,
    /// Time of the opt-out, if this ID is on the opt-out list.
    pub opted_out_at: Option<Millis>,
}

/// Maximum number of rows of one kind: the oldest ones.
const ROWS_MAX: i64 = 10_000;
/// Maximum number of clients in a search result.
pub const FOUND_MAX: i64 = 50;

/// IDs of the clients that `text` may refer to: an ID, the desk's ID of the person, or a chat, of which `chats` are the possible
/// names. Some may not exist.
pub async fn ids_of(db: &Db, text: &str, chats: &[ChatId]) -> Result<Vec<ClientId>, StoreError> {
    // One step into the index for each source, however many closes it has.
    static SOURCES: Sql = Sql::new(
        "WITH RECURSIVE sources (source) AS (SELECT min(source) FROM rating_request UNION ALL \
         SELECT (SELECT min(q.source) FROM rating_request q WHERE q.source > s.source) FROM sources s WHERE s.source IS NOT NULL) \
         SELECT source FROM sources WHERE source IS NOT NULL",
    );
    static IN_CHAT: Sql = Sql::new(
        "SELECT s.client_id FROM session s WHERE {chat s.address} {among $1} AND s.address IS NOT NULL AND s.client_id IS NOT NULL \
         UNION SELECT q.client_id FROM rating_request q WHERE q.chat {among $1} AND q.client_id IS NOT NULL LIMIT $2",
    );
    let mut ids = vec![ClientId::from(text)];
    for row in &mut db.read(&SOURCES, values![]).await? {
        ids.push(format!("{}/{text}", row.text()?).into());
    }
    for row in &mut db.read(&IN_CHAT, values![crate::ids(chats), FOUND_MAX]).await? {
        ids.push(row.name()?);
    }
    Ok(ids)
}

/// Those of these clients with chats on these lines, the newest first, at most [`FOUND_MAX`].
pub async fn described(db: &Db, ids: &[ClientId], lines: &Lines) -> Result<Vec<FoundClient>, StoreError> {
    static FOUND: Sql = Sql::new(
        "SELECT s.client_id, count(*), max(s.last_event_at) FROM (SELECT o.client_id, o.last_event_at FROM session o \
         WHERE o.client_id {among $1} AND ($3 = 1 OR o.line_id {among $4}) UNION ALL SELECT q.client_id, q.closed_at \
         FROM rating_request q WHERE q.client_id {among $1} AND ($3 = 1 OR q.line_id {among $4}) AND q.epoch = 1 AND q.again_of IS NULL AND NOT EXISTS (SELECT 1 FROM session o WHERE o.source = q.source AND o.id = q.session_id)) AS s \
         GROUP BY s.client_id ORDER BY max(s.last_event_at) DESC, s.client_id LIMIT $2",
    );
    let ids: Vec<&ClientId> = ids.iter().collect();
    let (all, some) = crate::limits(lines);
    let read =
        |row: &mut Row| Ok(FoundClient { id: row.name()?, name: None, sessions: row.int()?, last_at: row.int()?, opted_out_at: None });
    let mut rows = db.read(&FOUND, values![crate::names(&ids), FOUND_MAX, all, some]).await?;
    let mut found: Vec<FoundClient> = rows.iter_mut().map(read).collect::<Result<_, StoreError>>()?;
    let mut names = client_word::newest_names(db, &found.iter().map(|client| &client.id).collect::<Vec<_>>(), lines).await?;
    found.iter_mut().for_each(|client| client.name = names.remove(&client.id));
    Ok(found)
}

/// Closes of a client on these lines before `before`, the newest first, at most `limit`.
pub async fn closes(db: &Db, client: &ClientId, lines: &Lines, before: RequestId, limit: i64) -> Result<Vec<RequestId>, StoreError> {
    static CLOSES: Sql = Sql::new(
        "SELECT q.id FROM rating_request q WHERE q.client_id = $1 AND q.id < $2 AND ($3 = 1 OR q.line_id {among $4}) \
         ORDER BY q.id DESC LIMIT $5",
    );
    let (all, some) = crate::limits(lines);
    db.read(&CLOSES, values![client, before, all, some, limit]).await?.iter_mut().map(Row::id).collect()
}

/// What the newest closes of a client came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClientSum {
    /// Closes, at most [`SUMMED_MAX`].
    pub closes: i64,
    /// Questions that arrived.
    pub asked: i64,
    /// Ratings that are not voided.
    pub rated: i64,
    /// Low ones among them.
    pub low: i64,
    /// The newest low one that waits for work.
    pub waits: Option<RequestId>,
}

/// Maximum number of closes that [`sum`] counts: the newest ones.
pub const SUMMED_MAX: i64 = 1_000;

/// Sums over the newest closes of a client on these lines.
pub async fn sum(db: &Db, client: &ClientId, lines: &Lines) -> Result<ClientSum, StoreError> {
    static SUM: Sql = Sql::new(concat!(
        "SELECT count(*), count(CASE WHEN c.outcome = 'answered' OR (c.delivered_at IS NOT NULL \
         AND COALESCE(c.outcome, '') NOT IN ('not_asked', 'canceled')) THEN 1 END), \
         count(CASE WHEN t.voided_at IS NULL THEN t.score END), count(CASE WHEN t.voided_at IS NULL AND t.low = 1 THEN 1 END), \
         max(CASE WHEN ",
        waits!(),
        " THEN c.id END) FROM (SELECT q.id, q.outcome, q.delivered_at FROM rating_request q WHERE q.client_id = $1 \
           AND ($2 = 1 OR q.line_id {among $3}) ORDER BY q.id DESC LIMIT $4) AS c LEFT JOIN rating t ON t.request_id = c.id"
    ));
    let (all, some) = crate::limits(lines);
    let mut rows = db.read(&SUM, values![client, all, some, SUMMED_MAX]).await?;
    let sum = |row: &mut Row| {
        let (closes, asked, rated, low) = (row.int()?, row.int()?, row.int()?, row.int()?);
        Ok(ClientSum { closes, asked, rated, low, waits: row.id_or_null()? })
    };
    rows.first_mut().map_or(Ok(ClientSum::default()), sum)
}

/// One kind of rows about a client: its name, its columns, and the statement that returns each row as a JSON array.
struct Part {
    name: &'static str,
    columns: &'static [&'static str],
    rows: &'static Sql,
}

/// A part of the data: `$1` is the client's ID, `$2` the maximum number of rows. A name is that of a column of `t`, or names
/// the given expression.
macro_rules! part {
    ($name:literal, [$($column:literal $(= $given:literal)?),*], $from:literal) => {{
        static ROWS: Sql = Sql::new(concat!("SELECT CAST({json_array}(", part!(@list $($column $(= $given)?),*), ") AS TEXT) FROM ", $from, " LIMIT $2"));
        Part { name: $name, columns: &[$($column),*], rows: &ROWS }
    }};
    (@list $first:literal $(= $is:literal)? $(, $more:literal $(= $given:literal)?)*) => {
        concat!(part!(@one $first $(= $is)?) $(, ", ", part!(@one $more $(= $given)?))*)
    };
    (@one $column:literal) => { concat!("t.", $column) };
    (@one $column:literal = $given:literal) => { $given };
}

static PARTS: [Part; 16] = [
    part!(
        "clients",
        ["id", "next_ask_at", "same_as", "updated_at"],
        "client t WHERE t.id = $1 OR t.same_as = $1 OR t.same_as IN (SELECT o.id FROM client o WHERE o.same_as = $1) ORDER BY t.id"
    ),
    part!(
        "sessions",
        ["source", "id", "line_id", "status", "opened_at", "closed_at", "operators", "connection", "address", "language"],
        "known_session t WHERE t.client_id = $1 ORDER BY t.id, t.source"
    ),
    part!(
        "rating_requests",
        [
            "id",
            "source",
            "session_id",
            "line_id",
            "scale",
            "connection",
            "channel",
            "address" = "{address t}",
            "language",
            "operator_id",
            "closed_by",
            "opened_at",
            "closed_at",
            "created_at",
            "outcome",
            "reason",
            "decided_at",
            "asked_connection",
            "asked_address" = "{address asked t}",
            "addresses",
            "labels",
            "fields",
            "client_name",
            "wish_reason",
            "desk_page"
        ],
        "rating_request t WHERE t.client_id = $1 ORDER BY t.id"
    ),
    part!(
        "ratings",
        ["request_id", "score", "scale", "comment", "reasons", "tags", "resolved", "rated_at", "changed_at"],
        "rating t WHERE t.request_id IN (SELECT q.id FROM rating_request q WHERE q.client_id = $1) ORDER BY t.request_id"
    ),
    part!(
        "answers",
        ["request_id", "kind", "value", "received_at", "disposition", "message_id"],
        "answer_event t WHERE t.request_id IN (SELECT q.id FROM rating_request q WHERE q.client_id = $1) ORDER BY t.id"
    ),
    part!(
        "edits",
        ["request_id", "number", "before", "score", "state", "made_at", "due_at", "decided_at"],
        "rating_edit t WHERE t.request_id IN (SELECT q.id FROM rating_request q WHERE q.client_id = $1) ORDER BY t.request_id, t.number"
    ),
    part!(
        "replies",
        ["request_id", "version", "text", "by_name", "written_at", "delivery_id", "not_sent"],
        "reply t WHERE t.request_id IN (SELECT q.id FROM rating_request q WHERE q.client_id = $1) ORDER BY t.request_id, t.version"
    ),
    part!(
        "reviews",
        ["request_id", "assigned_name", "assigned_at", "settled_at", "note", "replied_at", "asked_again", "asked_again_at"],
        "review t WHERE t.request_id IN (SELECT q.id FROM rating_request q WHERE q.client_id = $1) ORDER BY t.request_id"
    ),
    part!(
        "objections",
        ["request_id", "kind", "reason", "text", "by_name", "raised_at", "state", "judged_at", "judgement"],
        "objection t WHERE t.request_id IN (SELECT q.id FROM rating_request q WHERE q.client_id = $1) ORDER BY t.id"
    ),
    part!(
        "supervisor_scores",
        ["request_id", "score", "comment", "created_at"],
        "supervisor_score t WHERE t.request_id IN (SELECT q.id FROM rating_request q WHERE q.client_id = $1) ORDER BY t.request_id"
    ),
    part!(
        "deliveries",
        ["id", "kind", "connection", "address", "subject", "payload", "state", "created_at", "ended_at"],
        "rating_request q JOIN delivery t ON {about t q.id} WHERE q.client_id = $1 ORDER BY t.id"
    ),
    part!(
        "earlier_addresses",
        ["subject", "connection", "address", "moved_at"],
        "earlier_address t WHERE t.subject IN (SELECT q.id FROM rating_request q WHERE q.client_id = $1) ORDER BY t.moved_at"
    ),
    part!(
        "conversations",
        ["connection", "identity", "chat", "last_client_message_at", "blocked_at", "updated_at"],
        "conversation t WHERE (t.connection, t.chat) IN (SELECT s.connection, s.chat FROM known_session s WHERE s.client_id = $1) \
             OR t.connection || ':' || t.identity IN (SELECT c.id FROM client c WHERE c.id = $1 OR c.same_as = $1 \
                 OR c.same_as IN (SELECT o.id FROM client o WHERE o.same_as = $1)) \
             OR t.connection || ':' || t.identity = $1 ORDER BY t.connection, t.identity"
    ),
    part!(
        "messages",
        ["connection", "chat", "seq", "body", "put_at"],
        "mail t JOIN (SELECT DISTINCT s.connection AS connection, s.chat AS chat FROM known_session s \
             WHERE s.client_id = $1 AND s.chat IS NOT NULL) AS p ON p.connection = t.connection AND p.chat = t.chat ORDER BY t.connection, t.chat, t.seq"
    ),
    part!(
        "visitors",
        ["connection", "id", "language", "created_at", "seen_at"],
        "visitor t WHERE (t.connection, t.id) IN (SELECT s.connection, s.chat FROM known_session s WHERE s.client_id = $1) ORDER BY t.connection, t.id"
    ),
    part!(
        "session_events",
        ["source", "session_id", "occurred_at", "kind", "detail"],
        "session_event t WHERE (t.source, t.session_id) IN (SELECT s.source, s.id FROM known_session s WHERE s.client_id = $1) \
             ORDER BY t.occurred_at"
    ),
];

/// All stored data about a client, by kind. Empty if there is none.
pub async fn everything(db: &Db, client: &ClientId) -> Result<Map<String, Value>, StoreError> {
    let mut all = Map::new();
    for part in &PARTS {
        let mut rows = Vec::new();
        for row in &mut db.read(part.rows, vec![Bound::from(client), Bound::from(ROWS_MAX)]).await? {
            let cells: Vec<Value> = crate::document(part.name, "a row", &row.text()?)?;
            let object = part.columns.iter().map(|&name| name.to_owned()).zip(cells).filter(|(_, cell)| !cell.is_null());
            rows.push(Value::Object(object.collect()));
        }
        if !rows.is_empty() {
            all.insert(part.name.to_owned(), Value::Array(rows));
        }
    }
    Ok(all)
}
