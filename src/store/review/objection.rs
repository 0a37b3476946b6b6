//! Flags and appeals: what people say against a rating, and what an admin said to it.

use crate::store::sql::Sql;
use crate::store::{Db, Millis, Row, StoreError, Tx};
use crate::values;

/// The kind of a flag.
pub const FLAG: &str = "flag";
/// The kind of an appeal.
pub const APPEAL: &str = "appeal";

/// The columns of a whole row, in the order in which it is read.
macro_rules! columns {
    () => {
        "o.id, o.request_id, o.line_id, o.kind, o.reason, o.text, o.by_id, o.by_name, o.raised_at, o.state, o.judged_by, o.judged_at, \
         o.judgement"
    };
}

/// What somebody says against a rating.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Objection {
    /// Its id; ids sort by time.
    pub id: String,
    /// The rating request.
    pub request_id: String,
    /// The line.
    pub line_id: String,
    /// [`FLAG`] or [`APPEAL`].
    pub kind: String,
    /// Of a flag: `spam`, `profanity`, `offensive` or `other`. Empty for an appeal.
    pub reason: String,
    /// Why, in words.
    pub text: String,
    /// Who: an account or API key.
    pub by_id: String,
    /// Their name as it was then.
    pub by_name: String,
    /// When.
    pub raised_at: Millis,
    /// `open`, `upheld`, `declined`, or `taken_back` (a voided rating was put back).
    pub state: String,
    /// Who judged it: a name.
    pub judged_by: Option<String>,
    /// When.
    pub judged_at: Option<Millis>,
    /// Why, in words.
    pub judgement: Option<String>,
}

fn read(row: &mut Row) -> Result<Objection, StoreError> {
    Ok(Objection {
        id: row.text()?,
        request_id: row.text()?,
        line_id: row.text()?,
        kind: row.text()?,
        reason: row.text()?,
        text: row.text()?,
        by_id: row.text()?,
        by_name: row.text()?,
        raised_at: row.int()?,
        state: row.text()?,
        judged_by: row.text_or_null()?,
        judged_at: row.int_or_null()?,
        judgement: row.text_or_null()?,
    })
}

static OF_REQUEST: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM objection o WHERE o.request_id = $1 ORDER BY o.raised_at, o.id"));

/// Everything that was said against a rating, oldest first.
///
/// # Errors
/// The database's error.
pub async fn of_request(db: &Db, request: &str) -> Result<Vec<Objection>, StoreError> {
    db.read(&OF_REQUEST, values![request]).await?.iter_mut().map(read).collect()
}

/// As [`of_request`], inside a transaction that holds the rating request.
///
/// # Errors
/// The database's error.
pub async fn of_request_in(tx: &mut Tx, request: &str) -> Result<Vec<Objection>, StoreError> {
    tx.fetch(&OF_REQUEST, values![request]).await?.iter_mut().map(read).collect()
}

/// What waits for a judgement, oldest first.
///
/// # Errors
/// The database's error.
pub async fn open(db: &Db, limit: i64) -> Result<Vec<Objection>, StoreError> {
    static OPEN: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM objection o WHERE o.state = 'open' ORDER BY o.id LIMIT $1"));
    db.read(&OPEN, values![limit]).await?.iter_mut().map(read).collect()
}

/// Keeps what somebody says.
///
/// # Errors
/// [`StoreError::Conflict`] when the same is open already.
pub async fn raise(tx: &mut Tx, objection: &Objection) -> Result<(), StoreError> {
    static RAISE: Sql = Sql::new(
        "INSERT INTO objection (id, request_id, line_id, kind, reason, text, by_id, by_name, raised_at, state) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open')",
    );
    let Objection { id, request_id, line_id, kind, reason, text, by_id, by_name, raised_at, .. } = objection;
    tx.execute(&RAISE, values![id, request_id, line_id, kind, reason, text, by_id, by_name, *raised_at]).await.map(drop)
}

/// Judges one. The transaction holds the rating request.
///
/// # Errors
/// The database's error.
pub async fn judge(tx: &mut Tx, id: &str, state: &str, by: &str, judgement: &str, now: Millis) -> Result<(), StoreError> {
    static JUDGE: Sql = Sql::new("UPDATE objection SET state = $2, judged_by = $3, judgement = $4, judged_at = $5 WHERE id = $1");
    tx.execute(&JUDGE, values![id, state, by, judgement, now]).await.map(drop)
}
