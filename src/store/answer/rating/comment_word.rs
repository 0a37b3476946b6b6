//! Index of the words of comments, for searching lists. Written in the transaction of the comment.

use crate::answer::rating::Change;
use crate::sql::{Sql, Statement};
use crate::{Db, Row, StoreError, Tx, values};
use lastword_base::names::RequestId;
use lastword_domain::word_split::{LAST_LETTER, words};
use serde::Serialize;
use std::collections::BTreeSet;

/// Sorts after the ID of every rating request.
const AFTER_ALL: &str = "zzzzzzzzzzzzzzzzzz";

#[derive(Serialize)]
struct WordRow {
    word: String,
    request_id: RequestId,
}

/// Updates the index after a change of comments.
pub(super) fn keep_statements(changes: &[Change<'_>]) -> impl Iterator<Item = Statement> {
    let of = |comment: Option<&String>| comment.map(|comment| words(comment)).unwrap_or_default();
    let (mut gone, mut new) = (Vec::new(), Vec::new());
    for change in changes {
        let (before, after) = (change.before.and_then(|before| before.comment.as_ref()), change.after.comment.as_ref());
        if before == after {
            continue;
        }
        let (before, after) = (of(before), of(after));
        let place = |word: &String| WordRow { word: word.clone(), request_id: change.after.request_id };
        gone.extend(before.difference(&after).map(place));
        new.extend(after.difference(&before).map(place));
    }
    let gone = (!gone.is_empty()).then(|| forget_statement(&gone));
    let new = (!new.is_empty()).then(|| insert_statement(&new));
    gone.into_iter().chain(new)
}

/// Returns the number of new words.
async fn insert(tx: &mut Tx, places: &[WordRow]) -> Result<u64, StoreError> {
    if places.is_empty() {
        return Ok(0);
    }
    let Statement { sql, values } = insert_statement(places);
    tx.execute(sql, values).await
}

fn insert_statement(places: &[WordRow]) -> Statement {
    static INSERT: Sql = Sql::new(
        "INSERT INTO comment_word (word, request_id) SELECT r.word, r.request_id \
         FROM {rows $1 r: word text, request_id text} WHERE true ON CONFLICT DO NOTHING",
    );
    Statement::new(&INSERT, values![crate::rows(places)])
}

fn forget_statement(places: &[WordRow]) -> Statement {
    static FORGET: Sql = Sql::new(
        "DELETE FROM comment_word WHERE (word, request_id) IN (SELECT r.word, r.request_id \
         FROM {rows $1 r: word text, request_id text})",
    );
    Statement::new(&FORGET, values![crate::rows(places)])
}

/// Deletes the words of the comments of these rating requests (a JSON array), before the comments themselves are deleted.
pub(crate) async fn forget_comments(tx: &mut Tx, requests: &crate::sql::rows::Rows) -> Result<(), StoreError> {
    static COMMENTS: Sql = Sql::new("SELECT t.request_id, t.comment FROM rating t WHERE t.request_id {among $1} AND t.comment IS NOT NULL");
    let mut rows = tx.fetch(&COMMENTS, values![requests]).await?;
    let read = |row: &mut Row| Ok::<_, StoreError>((row.id()?, row.text()?));
    let comments: Vec<(RequestId, String)> = rows.iter_mut().map(read).collect::<Result<_, _>>()?;
    let mut places = Vec::new();
    for (request_id, comment) in comments {
        places.extend(words(&comment).into_iter().map(|word| WordRow { word, request_id }));
    }
    if places.is_empty() {
        return Ok(());
    }
    let Statement { sql, values } = forget_statement(&places);
    tx.execute(sql, values).await.map(drop)
}

/// The distinct words with this prefix, in order, at most `limit`. Each is found in one step, however many comments have it.
pub async fn beginning(db: &Db, begins: &str, limit: i64) -> Result<BTreeSet<String>, StoreError> {
    static BEGINNING: Sql = Sql::new(
        "WITH RECURSIVE found(word) AS (SELECT min(word) FROM comment_word WHERE word >= $1 AND word < $2 \
         UNION ALL SELECT (SELECT min(w.word) FROM comment_word w WHERE w.word > found.word AND w.word < $2) FROM found \
         WHERE found.word IS NOT NULL) SELECT word FROM found WHERE word IS NOT NULL LIMIT $3",
    );
    let end = format!("{begins}{LAST_LETTER}");
    db.read(&BEGINNING, values![begins, end, limit]).await?.iter_mut().map(Row::text).collect()
}

/// True if there are comments that still have to be indexed: from before the table of words existed, or because indexing was
/// requested again.
pub async fn pending(db: &Db) -> Result<bool, StoreError> {
    static PENDING: Sql = Sql::new("SELECT below FROM comment_word_state WHERE id = 1 AND below IS NOT NULL");
    Ok(!db.read(&PENDING, vec![]).await?.is_empty())
}

/// Number of ratings to index.
pub async fn ratings(db: &Db) -> Result<i64, StoreError> {
    static RATINGS: Sql = Sql::new("SELECT count(*) FROM rating");
    db.read(&RATINGS, vec![]).await?.first_mut().map_or(Ok(0), Row::int)
}

/// Requests indexing of all comments again, from the last to the first.
pub async fn read_again(tx: &mut Tx) -> Result<(), StoreError> {
    static AGAIN: Sql = Sql::new("UPDATE comment_word_state SET below = $1 WHERE id = 1");
    tx.execute(&AGAIN, values![AFTER_ALL]).await.map(drop)
}

/// Result of indexing one batch of older comments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// Number of ratings.
    pub ratings: u64,
    /// Number of new words.
    pub new: u64,
    /// There are more.
    pub more: bool,
}

/// Indexes the words of the next older comments, at most `limit` ratings.
pub async fn read_older(tx: &mut Tx, limit: i64) -> Result<Batch, StoreError> {
    static TURN: Sql = Sql::new("SELECT below FROM comment_word_state WHERE id = 1 {lock}");
    // Locked, so that a comment that is being written is read either before or after.
    static OLDER: Sql =
        Sql::new("SELECT t.request_id, t.comment FROM rating t WHERE t.request_id < $1 ORDER BY t.request_id DESC LIMIT $2 {lock}");
    static DOWN_TO: Sql = Sql::new("UPDATE comment_word_state SET below = $1 WHERE id = 1");
    let below = tx.fetch(&TURN, vec![]).await?.first_mut().map_or(Ok(None), Row::text_or_null)?;
    let Some(below) = below else { return Ok(Batch::default()) };
    let mut rows = tx.fetch(&OLDER, values![below, limit]).await?;
    let read = |row: &mut Row| Ok::<_, StoreError>((row.id()?, row.text_or_null()?));
    let older: Vec<(RequestId, Option<String>)> = rows.iter_mut().map(read).collect::<Result<_, _>>()?;
    let mut places = Vec::new();
    for &(request_id, ref comment) in &older {
        let all = comment.as_ref().map(|comment| words(comment)).unwrap_or_default();
        places.extend(all.into_iter().map(|word| WordRow { word, request_id }));
    }
    let new = insert(tx, &places).await?;
    let last = older.last().filter(|_| older.len() as i64 >= limit).map(|&(request_id, ..)| request_id);
    let more = last.is_some();
    tx.execute(&DOWN_TO, values![last]).await?;
    Ok(Batch { ratings: older.len() as u64, new, more })
}
