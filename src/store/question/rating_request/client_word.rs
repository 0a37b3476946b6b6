//! The words of clients' names, for the search by name. Written with each close that has a name; a word stays as long as a close of
//! its client on its line has it.

use crate::question::rating_request::RatingRequest;
use crate::sql::rows::Rows;
use crate::sql::{Sql, Statement};
use crate::{Db, Row, StoreError, Tx, values};
use lastword_base::names::{ClientId, LineId};
use lastword_domain::access::rights::Lines;
use lastword_domain::word_split::{LAST_LETTER, in_order, words};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

/// Number of words of a search that are used: the longest ones.
const LONGEST: usize = 4;
/// Maximum number of names with the longest word among which the others are searched.
const LOOKED_AT: i64 = 5_000;

/// A word of the name of a client, in the order of the table's key.
#[derive(PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct WordRow {
    line_id: LineId,
    word: String,
    client_id: ClientId,
}

/// The name of a client in some closes on a line.
pub(crate) struct Named {
    line_id: LineId,
    client_id: ClientId,
    name: String,
}

impl Named {
    fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self { line_id: row.name()?, client_id: row.name()?, name: row.text()? })
    }

    fn rows(&self) -> impl Iterator<Item = WordRow> + '_ {
        let row = |word| WordRow { line_id: self.line_id.clone(), word, client_id: self.client_id.clone() };
        words(&self.name).into_iter().map(row)
    }
}

/// The words of the names in new rating requests. `None` if there are none. Sorted by key, so that two nodes that insert the same
/// words wait for each other and do not deadlock.
pub(crate) fn keep_statement(requests: &[RatingRequest]) -> Option<Statement> {
    static KEEP: Sql = Sql::new(
        "INSERT INTO client_word (line_id, word, client_id) SELECT r.line_id, r.word, r.client_id \
         FROM {rows $1 r: line_id text, word text, client_id text} WHERE true ON CONFLICT DO NOTHING",
    );
    let named = |request: &RatingRequest| {
        let (client_id, name) = request.client_id.clone().zip(request.client_name.clone())?;
        Some(Named { line_id: request.line_id.clone(), client_id, name })
    };
    let named: Vec<Named> = requests.iter().filter_map(named).collect();
    let rows: BTreeSet<WordRow> = named.iter().flat_map(Named::rows).collect();
    (!rows.is_empty()).then(|| Statement::new(&KEEP, values![crate::rows(&rows.into_iter().collect::<Vec<_>>())]))
}

/// The names in these closes, whose personal data is about to be erased.
pub(crate) async fn names_in(tx: &mut Tx, requests: &Rows) -> Result<Vec<Named>, StoreError> {
    static NAMES: Sql = Sql::new(
        "SELECT DISTINCT q.line_id, q.client_id, q.client_name FROM rating_request q \
         WHERE q.id {among $1} AND q.client_id IS NOT NULL AND q.client_name IS NOT NULL",
    );
    tx.fetch(&NAMES, values![requests]).await?.iter_mut().map(Named::read).collect()
}

/// Deletes the words of names whose closes were erased, except those that another close of the client on the line has. A word can be lost
/// if such a close is committed at the same moment; the next close of the client with that name writes it again.
pub(crate) async fn forget(tx: &mut Tx, gone: &[Named]) -> Result<(), StoreError> {
    #[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
    struct Client<'a> {
        line_id: &'a LineId,
        client_id: &'a ClientId,
    }
    static KEPT: Sql = Sql::new(
        "SELECT DISTINCT q.line_id, q.client_id, q.client_name FROM {rows $1 r: line_id text, client_id text} \
         JOIN rating_request q ON q.client_id = r.client_id AND q.line_id = r.line_id WHERE q.client_name IS NOT NULL",
    );
    static FORGET: Sql = Sql::new(
        "DELETE FROM client_word WHERE (line_id, word, client_id) IN (SELECT r.line_id, r.word, r.client_id \
         FROM {rows $1 r: line_id text, word text, client_id text})",
    );
    if gone.is_empty() {
        return Ok(());
    }
    let clients: BTreeSet<Client<'_>> = gone.iter().map(|Named { line_id, client_id, .. }| Client { line_id, client_id }).collect();
    let mut rows = tx.fetch(&KEPT, values![crate::rows(&clients.into_iter().collect::<Vec<_>>())]).await?;
    let kept: Vec<Named> = rows.iter_mut().map(Named::read).collect::<Result<_, _>>()?;
    let kept: BTreeSet<WordRow> = kept.iter().flat_map(Named::rows).collect();
    let gone: BTreeSet<WordRow> = gone.iter().flat_map(Named::rows).filter(|row| !kept.contains(row)).collect();
    tx.execute(&FORGET, values![crate::rows(&gone.into_iter().collect::<Vec<_>>())]).await.map(drop)
}

/// Clients on these lines whose name has all words of `text`, each possibly only begun; at most `limit`.
pub async fn search(db: &Db, text: &str, lines: &Lines, limit: i64) -> Result<Vec<ClientId>, StoreError> {
    #[derive(Serialize)]
    struct Begun {
        begins: String,
        ends: String,
    }
    // The longest word leads through the index; the others are compared with the few words of each client found.
    static SEARCH: Sql = Sql::new(
        "SELECT DISTINCT c.client_id FROM (SELECT w.line_id, w.client_id FROM line l JOIN client_word w ON w.line_id = l.id \
           WHERE ($1 = 1 OR l.id {among $2}) AND w.word >= $3 AND w.word < $4 LIMIT $5) AS c \
         WHERE NOT EXISTS (SELECT 1 FROM {rows $6 r: begins text, ends text} WHERE NOT EXISTS (SELECT 1 FROM client_word o \
           WHERE o.client_id = c.client_id AND o.line_id = c.line_id AND o.word >= r.begins AND o.word < r.ends)) LIMIT $7",
    );
    let mut searched: Vec<String> = in_order(text).collect::<BTreeSet<_>>().into_iter().collect();
    searched.sort_by_key(|word| Reverse(word.chars().count()));
    searched.truncate(LONGEST);
    let begun = |word: String| Begun { ends: format!("{word}{LAST_LETTER}"), begins: word };
    let mut searched = searched.into_iter().map(begun);
    let Some(Begun { begins, ends }) = searched.next() else { return Ok(Vec::new()) };
    let (others, (all, some)) = (crate::rows(&searched.collect::<Vec<_>>()), crate::limits(lines));
    db.read(&SEARCH, values![all, some, begins, ends, LOOKED_AT, others, limit]).await?.iter_mut().map(Row::name).collect()
}

/// The newest known name of each of these clients in closes on these lines.
pub async fn newest_names(db: &Db, clients: &[&ClientId], lines: &Lines) -> Result<HashMap<ClientId, String>, StoreError> {
    static NEWEST: Sql = Sql::new(
        "SELECT n.id, n.name FROM (SELECT r.id AS id, (SELECT q.client_name FROM rating_request q WHERE q.client_id = r.id \
         AND q.client_name IS NOT NULL AND ($2 = 1 OR q.line_id {among $3}) ORDER BY q.id DESC LIMIT 1) AS name \
         FROM {rows $1 r: id text}) AS n WHERE n.name IS NOT NULL",
    );
    let (all, some) = crate::limits(lines);
    db.read(&NEWEST, values![crate::names(clients), all, some]).await?.iter_mut().map(|row| Ok((row.name()?, row.text()?))).collect()
}
