//! Changes that follow when a client, or a recipient of alerts, has another address.

use crate::sql::{Sql, Statement};
use crate::{Db, Millis, Row, StoreError, Tx, values};
use lastword_base::names::{ChatId, ClientId, ConnectionId, SessionId, Source, Subject};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A row with an address.
#[derive(Clone, Debug)]
pub struct There {
    /// Its ID.
    pub id: String,
    /// Its address, as JSON.
    pub address: String,
}

/// A rating request that is asked at an address.
#[derive(Clone, Debug)]
pub struct AskedThere {
    /// The rating request and its place.
    pub asked: There,
    /// The source of the session.
    pub source: Source,
    /// The session.
    pub session_id: SessionId,
}

/// A new address of a row.
#[derive(Clone, Debug, Serialize)]
pub struct NewAddress {
    /// Its ID.
    pub id: String,
    /// The address, as JSON.
    pub address: String,
    /// The chat in it.
    pub chat: ChatId,
}

/// An earlier address.
#[derive(Clone, Debug, Serialize)]
pub struct Earlier {
    /// The rating request or the recipient.
    pub subject: Subject,
    /// The connection.
    pub connection: ConnectionId,
    /// The chat.
    pub chat: ChatId,
    /// The full address, as JSON.
    pub address: String,
    /// Time of the move.
    pub moved_at: Millis,
}

fn read_there(row: &mut Row) -> Result<There, StoreError> {
    Ok(There { id: row.text()?, address: row.text()? })
}

/// A pattern for texts that contain `name` as a whole JSON string; it may match more, so matches have to be checked.
fn naming(name: &str) -> String {
    format!("%{}%", crate::json(name))
}

/// The open rating requests on `connection` whose address contains `name`, locked until the end of the transaction.
pub async fn asked_there(tx: &mut Tx, connection: &ConnectionId, name: &str) -> Result<Vec<AskedThere>, StoreError> {
    static ASKED: Sql = Sql::new(
        "SELECT q.id, COALESCE({address asked q}, {address q}), q.source, q.session_id \
         FROM question_expiry e JOIN rating_request q ON q.id = e.request_id \
         WHERE COALESCE(q.asked_connection, q.connection) = $1 AND q.outcome IS NULL \
         AND COALESCE({address asked q}, {address q}) LIKE $2 ORDER BY q.id {lock now OF q}",
    );
    let read = |row: &mut Row| Ok(AskedThere { asked: read_there(row)?, source: row.name()?, session_id: row.name()? });
    tx.fetch(&ASKED, values![connection, naming(name)]).await?.iter_mut().map(read).collect()
}

/// Locks, without waiting, the other rows that follow an address that moved on `connection`: the sessions of `asked`, the
/// conversations with these identities, the clients with these names, and the marks of opted-out clients.
///
/// # Errors
/// [`StoreError::Conflict`] if another transaction has locked one of them.
pub async fn hold_rest(
    tx: &mut Tx,
    connection: &ConnectionId,
    asked: &[AskedThere],
    (identities, names, marks): (&[ChatId], &[&ClientId], &[&str]),
) -> Result<(), StoreError> {
    static SESSIONS: Sql = Sql::new(
        "SELECT s.id FROM {rows $1 r: source text, id text} JOIN session s ON s.source = r.source AND s.id = r.id \
         ORDER BY s.source, s.id {lock now OF s}",
    );
    static CONVERSATIONS: Sql =
        Sql::new("SELECT c.identity FROM conversation c WHERE c.connection = $1 AND c.identity {among $2} ORDER BY c.identity {lock now}");
    static CLIENTS: Sql = Sql::new(
        "SELECT c.id FROM client c WHERE c.id {among $1} OR c.same_as {among $1} \
         OR c.id IN (SELECT o.same_as FROM client o WHERE o.id {among $1}) ORDER BY c.id {lock now}",
    );
    static MARKS: Sql = Sql::new("SELECT o.mark FROM opt_out o WHERE o.mark {among $1} ORDER BY o.mark {lock now}");
    if tx.has_one_writer() {
        return Ok(());
    }
    #[derive(Serialize)]
    struct Key<'a> {
        source: &'a Source,
        id: &'a SessionId,
    }
    let keys: Vec<Key<'_>> = asked.iter().map(|one| Key { source: &one.source, id: &one.session_id }).collect();
    let statements = vec![
        Statement::new(&SESSIONS, values![crate::rows(&keys)]),
        Statement::new(&CONVERSATIONS, values![connection, crate::ids(identities)]),
        Statement::new(&CLIENTS, values![crate::names(names)]),
        Statement::new(&MARKS, values![crate::ids(marks)]),
    ];
    tx.fetch_together(statements).await.map(drop)
}

/// Sets new addresses of rating requests.
pub async fn move_requests(tx: &mut Tx, moved: &[NewAddress]) -> Result<(), StoreError> {
    static MOVE: Sql = Sql::new(
        "UPDATE rating_request SET asked_connection = COALESCE(asked_connection, connection), asked_long_address = r.address, asked_chat = r.chat FROM {rows $1 r: id text, address text, chat text} \
         WHERE rating_request.id = r.id",
    );
    tx.execute(&MOVE, values![crate::rows(moved)]).await.map(drop)
}

/// The deliveries on `connection` whose address contains `name`: waiting ones, and all about `subjects`.
pub async fn deliveries_there(tx: &mut Tx, connection: &ConnectionId, name: &str, subjects: &[&str]) -> Result<Vec<There>, StoreError> {
    static WAITING: Sql = Sql::new(
        "SELECT d.id, d.address FROM delivery d WHERE d.connection = $1 AND d.state = 'scheduled' AND d.address LIKE $2 ORDER BY d.id {lock now}",
    );
    static ABOUT: Sql = Sql::new(
        "SELECT d.id, d.address FROM delivery d WHERE {about d among $3} AND d.connection = $1 AND d.address LIKE $2 ORDER BY d.id {lock now}",
    );
    let mut rows = tx.fetch(&WAITING, values![connection, naming(name)]).await?;
    if !subjects.is_empty() {
        rows.extend(tx.fetch(&ABOUT, values![connection, naming(name), crate::ids(subjects)]).await?);
    }
    let mut there: Vec<There> = rows.iter_mut().map(read_there).collect::<Result<_, _>>()?;
    there.sort_by(|one, next| one.id.cmp(&next.id));
    there.dedup_by(|one, next| one.id == next.id);
    Ok(there)
}

/// Sets new addresses of deliveries.
pub async fn move_deliveries(tx: &mut Tx, moved: &[NewAddress]) -> Result<(), StoreError> {
    static MOVE: Sql =
        Sql::new("UPDATE delivery SET address = r.address FROM {held delivery $1 r: id text, address text} WHERE delivery.id = r.id");
    tx.execute(&MOVE, values![crate::rows(moved)]).await.map(drop)
}

/// The recipients on `connection` whose address contains `name`, locked until the end of the transaction.
pub async fn recipients_there(tx: &mut Tx, connection: &ConnectionId, name: &str) -> Result<Vec<There>, StoreError> {
    static THERE: Sql = Sql::new("SELECT id, address FROM recipient WHERE connection = $1 AND address LIKE $2 ORDER BY id {lock now}");
    tx.fetch(&THERE, values![connection, naming(name)]).await?.iter_mut().map(read_there).collect()
}

/// Sets new addresses of recipients.
pub async fn move_recipients(tx: &mut Tx, moved: &[NewAddress]) -> Result<(), StoreError> {
    static MOVE: Sql =
        Sql::new("UPDATE recipient SET address = r.address FROM {held recipient $1 r: id text, address text} WHERE recipient.id = r.id");
    tx.execute(&MOVE, values![crate::rows(moved)]).await.map(drop)
}

/// Sets a new address of a session, for closes that name none. Nothing changes if it has another one already. If only its close was
/// known, it gets a row: the close keeps its own address.
pub async fn move_session(tx: &mut Tx, source: &Source, id: &SessionId, from: &str, to: &str) -> Result<(), StoreError> {
    static MOVE: Sql = Sql::new("UPDATE session SET address = $4, revision = revision + 1 WHERE source = $1 AND id = $2 AND address = $3");
    static ADD: Sql = Sql::new(
        "INSERT INTO session (source, id, line_id, status, epoch, opened_at, closed_at, last_event_at, recent_closes, recent_since, \
         operator_id, operators, client_id, connection, address, language, last_client_message_at, active_at, revision) \
         SELECT source, id, line_id, status, epoch, opened_at, closed_at, last_event_at, recent_closes, recent_since, \
         operator_id, operators, client_id, connection, $4, language, last_client_message_at, active_at, 1 \
         FROM known_session WHERE source = $1 AND id = $2 AND revision = 0 AND address = $3",
    );
    if tx.execute(&MOVE, values![source, id, from, to]).await? == 0 {
        tx.execute(&ADD, values![source, id, from, to]).await?;
    }
    Ok(())
}

/// Moves the state of the conversation with the identity `from` to `to`, at `chat`: the times for its window. The later time
/// counts.
pub async fn move_conversation(
    tx: &mut Tx,
    connection: &ConnectionId,
    from: &ChatId,
    (to, chat): (&ChatId, &ChatId),
    now: Millis,
) -> Result<(), StoreError> {
    static COPY: Sql = Sql::new(
        "INSERT INTO conversation AS c (connection, identity, chat, last_client_message_at, last_words_at, window_expires_at, updated_at) \
         SELECT o.connection, $3, $5, o.last_client_message_at, o.last_words_at, o.window_expires_at, $4 FROM conversation o \
         WHERE o.connection = $1 AND o.identity = $2 ON CONFLICT (connection, identity) DO UPDATE SET \
         last_client_message_at = COALESCE({greatest}(c.last_client_message_at, excluded.last_client_message_at), \
             c.last_client_message_at, excluded.last_client_message_at), \
         last_words_at = COALESCE({greatest}(c.last_words_at, excluded.last_words_at), c.last_words_at, excluded.last_words_at), \
         window_expires_at = COALESCE({greatest}(c.window_expires_at, excluded.window_expires_at), \
             c.window_expires_at, excluded.window_expires_at), updated_at = excluded.updated_at",
    );
    static FORGET: Sql = Sql::new("DELETE FROM conversation WHERE connection = $1 AND identity = $2");
    tx.execute(&COPY, values![connection, from, to, now, chat]).await?;
    tx.execute(&FORGET, values![connection, from]).await.map(drop)
}

/// Moves a client without a desk's ID, who is known by connection and chat. The time of their next question moves to the new name,
/// and the old name refers to the same person from then on, for desks that keep using it. All names lead to one: the desk's ID if a
/// close contained it, otherwise the new name. A name that others lead to leads nowhere except to a desk's ID, however often a
/// client moves.
pub async fn move_client(tx: &mut Tx, from: &ClientId, to: &ClientId, now: Millis) -> Result<(), StoreError> {
    static KNOWN: Sql = Sql::new(
        "SELECT c.id, c.next_ask_at, c.same_as FROM client c WHERE c.id IN ($1, $2) OR c.same_as IN ($1, $2) \
         OR c.id IN (SELECT o.same_as FROM client o WHERE o.id IN ($1, $2))",
    );
    static SAVE: Sql = Sql::new(
        "INSERT INTO client AS c (id, next_ask_at, same_as, revision, updated_at) \
         SELECT r.id, $2, r.same_as, 1, $3 FROM {rows $1 r: id text, same_as text} WHERE true \
         ON CONFLICT (id) DO UPDATE SET next_ask_at = {greatest}(c.next_ask_at, excluded.next_ask_at), same_as = excluded.same_as, \
         revision = c.revision + 1, updated_at = excluded.updated_at",
    );
    #[derive(Serialize)]
    struct Linked<'a> {
        id: &'a ClientId,
        same_as: Option<&'a ClientId>,
    }
    let mut known = BTreeMap::new();
    for row in &mut tx.fetch(&KNOWN, values![from, to]).await? {
        known.insert(row.name()?, (row.int()?, row.name_or_null()?));
    }
    let leads = |name: &ClientId| known.get(name).and_then(|(_, same_as)| same_as.as_ref());
    let one = leads(from).filter(|one| *one != to).or(leads(to).filter(|one| *one != from)).unwrap_or(to);
    let next_ask_at = known.values().map(|(next_ask_at, _)| *next_ask_at).max().unwrap_or(0);
    let names: BTreeSet<&ClientId> = known.keys().chain([from, to]).collect();
    let linked: Vec<Linked<'_>> = names.into_iter().map(|id| Linked { id, same_as: (id != one).then_some(one) }).collect();
    tx.execute(&SAVE, values![crate::rows(&linked), next_ask_at, now]).await.map(drop)
}

/// Stores earlier addresses, so that messages sent there stay valid.
pub async fn remember(tx: &mut Tx, earlier: &[Earlier]) -> Result<(), StoreError> {
    static REMEMBER: Sql = Sql::new(
        "INSERT INTO earlier_address (subject, connection, chat, address, moved_at) SELECT subject, connection, chat, address, moved_at \
         FROM {rows $1 r: subject text, connection text, chat text, address text, moved_at int} WHERE true ON CONFLICT DO NOTHING",
    );
    if earlier.is_empty() {
        return Ok(());
    }
    tx.execute(&REMEMBER, values![crate::rows(earlier)]).await.map(drop)
}

/// A row on a connection.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct OnConnection {
    /// The rating request or the recipient.
    pub subject: Subject,
    /// The connection.
    pub connection: ConnectionId,
}

/// The earlier addresses of these rows, as JSON: see [`read_earlier`].
pub(crate) fn earlier_statement(subjects: &[OnConnection]) -> Statement {
    static EARLIER: Sql = Sql::new(
        "SELECT e.subject, e.connection, e.address FROM {rows $1 r: subject text, connection text} \
         JOIN earlier_address e ON e.subject = r.subject AND e.connection = r.connection ORDER BY e.chat",
    );
    Statement::new(&EARLIER, values![crate::rows(subjects)])
}

pub(crate) fn read_earlier(rows: Vec<Row>) -> Result<HashMap<OnConnection, Vec<String>>, StoreError> {
    let mut earlier: HashMap<OnConnection, Vec<String>> = HashMap::new();
    for mut row in rows {
        let whose = OnConnection { subject: row.text()?.into(), connection: row.name()? };
        earlier.entry(whose).or_default().push(row.text()?);
    }
    Ok(earlier)
}

/// The earlier chats of these recipients, with the current address of each.
pub(crate) fn earlier_chats_statement(recipients: &[OnConnection]) -> Statement {
    static CHATS: Sql = Sql::new(
        "SELECT e.subject, e.connection, e.chat, t.address FROM {rows $1 r: subject text, connection text} \
         JOIN earlier_address e ON e.subject = r.subject AND e.connection = r.connection \
         JOIN recipient t ON t.id = e.subject AND t.connection = e.connection WHERE t.address IS NOT NULL ORDER BY e.chat",
    );
    Statement::new(&CHATS, values![crate::rows(recipients)])
}

/// An earlier chat of a recipient.
#[derive(Clone, Debug)]
pub struct EarlierChat {
    /// The recipient.
    pub whose: OnConnection,
    /// The chat.
    pub chat: ChatId,
    /// Their current address, as JSON.
    pub address: String,
}

impl EarlierChat {
    /// True if the current address contains `name` as a whole JSON string.
    pub fn names_today(&self, name: &str) -> bool {
        self.address.contains(&crate::json(name))
    }
}

pub(crate) fn read_earlier_chats(mut rows: Vec<Row>) -> Result<Vec<EarlierChat>, StoreError> {
    let read = |row: &mut Row| {
        let whose = OnConnection { subject: row.text()?.into(), connection: row.name()? };
        Ok(EarlierChat { whose, chat: row.name()?, address: row.text()? })
    };
    rows.iter_mut().map(read).collect()
}

/// Earlier addresses of a row on all connections, outside a transaction: connections and addresses.
pub async fn earlier_places(db: &Db, subject: &Subject) -> Result<Vec<(ConnectionId, String)>, StoreError> {
    static PLACES: Sql = Sql::new("SELECT connection, address FROM earlier_address WHERE subject = $1 ORDER BY connection, chat");
    db.read(&PLACES, values![subject]).await?.iter_mut().map(|row| Ok((row.name()?, row.text()?))).collect()
}
