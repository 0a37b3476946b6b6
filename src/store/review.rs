//! What people did about ratings: assigned, settled, replied to, asked once more. And what waits, by indexes of just that.

pub mod objection;
pub mod reply;
pub mod showcase;
pub mod supervisor_score;

use super::{Db, Millis, Row, StoreError, Tx, sql::Sql};
use crate::domain::access::rights::Lines;
use crate::domain::answer::rating::Scale;
use crate::domain::session::Operator;
use crate::values;
use std::collections::HashMap;

/// The columns of a whole row, in the order in which it is read.
macro_rules! columns {
    () => {
        "v.request_id, v.line_id, v.closed_at, v.revision, v.assigned_to, v.assigned_name, v.assigned_at, v.settled_at, v.settled_by, \
         v.note, v.replied_at, v.asked_again, v.asked_again_at"
    };
}

/// What people did about one rating. One that nobody touched has revision 0 and no row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Review {
    /// The rating request.
    pub request_id: String,
    /// The line.
    pub line_id: String,
    /// When the session was closed.
    pub closed_at: Millis,
    /// One more with each act: the fence of two people at once.
    pub revision: i64,
    /// Whose it is: an account.
    pub assigned_to: Option<String>,
    /// The name as it was then.
    pub assigned_name: Option<String>,
    /// Since when.
    pub assigned_at: Option<Millis>,
    /// When it was marked as resolved.
    pub settled_at: Option<Millis>,
    /// By whom: a name.
    pub settled_by: Option<String>,
    /// What was done.
    pub note: Option<String>,
    /// The first reply.
    pub replied_at: Option<Millis>,
    /// The second rating request.
    pub asked_again: Option<String>,
    /// When the client was asked once more.
    pub asked_again_at: Option<Millis>,
}

fn read(row: &mut Row) -> Result<Review, StoreError> {
    Ok(Review {
        request_id: row.text()?,
        line_id: row.text()?,
        closed_at: row.int()?,
        revision: row.int()?,
        assigned_to: row.text_or_null()?,
        assigned_name: row.text_or_null()?,
        assigned_at: row.int_or_null()?,
        settled_at: row.int_or_null()?,
        settled_by: row.text_or_null()?,
        note: row.text_or_null()?,
        replied_at: row.int_or_null()?,
        asked_again: row.text_or_null()?,
        asked_again_at: row.int_or_null()?,
    })
}

static FIND: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM review v WHERE v.request_id {among $1}"));

/// What people did about these ratings, by rating request. What nobody touched is missing.
///
/// # Errors
/// The database's error.
pub async fn of_requests(db: &Db, requests: &[&str]) -> Result<HashMap<String, Review>, StoreError> {
    let mut rows = db.read(&FIND, values![super::ids(requests)]).await?;
    rows.iter_mut().map(|row| read(row).map(|review| (review.request_id.clone(), review))).collect()
}

/// What people did about a rating, inside a transaction that holds its rating request.
///
/// # Errors
/// The database's error.
pub async fn find(tx: &mut Tx, request: &str) -> Result<Option<Review>, StoreError> {
    tx.fetch(&FIND, values![super::ids(&[request])]).await?.first_mut().map(read).transpose()
}

/// Writes what people did about a rating. The transaction holds the rating request.
///
/// # Errors
/// The database's error.
pub async fn save(tx: &mut Tx, review: &Review) -> Result<(), StoreError> {
    static SAVE: Sql = Sql::new(
        "INSERT INTO review (request_id, line_id, closed_at, revision, assigned_to, assigned_name, assigned_at, settled_at, settled_by, \
         note, replied_at, asked_again, asked_again_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
         ON CONFLICT (request_id) DO UPDATE SET revision = excluded.revision, assigned_to = excluded.assigned_to, \
         assigned_name = excluded.assigned_name, assigned_at = excluded.assigned_at, settled_at = excluded.settled_at, \
         settled_by = excluded.settled_by, note = excluded.note, replied_at = excluded.replied_at, asked_again = excluded.asked_again, \
         asked_again_at = excluded.asked_again_at",
    );
    let values = values![
        &review.request_id,
        &review.line_id,
        review.closed_at,
        review.revision,
        review.assigned_to.clone(),
        review.assigned_name.clone(),
        review.assigned_at,
        review.settled_at,
        review.settled_by.clone(),
        review.note.clone(),
        review.replied_at,
        review.asked_again.clone(),
        review.asked_again_at
    ];
    tx.execute(&SAVE, values).await.map(drop)
}

/// Somebody took care of these ratings: they wait no more.
///
/// # Errors
/// The database's error.
pub async fn worked(tx: &mut Tx, requests: &[&str], now: Millis) -> Result<(), StoreError> {
    static WORKED: Sql = Sql::new("UPDATE rating SET worked_at = COALESCE(worked_at, $2) WHERE request_id {among $1}");
    tx.execute(&WORKED, values![super::ids(requests), now]).await.map(drop)
}

/// A rating waits again.
///
/// # Errors
/// The database's error.
pub async fn waits_again(tx: &mut Tx, request: &str) -> Result<(), StoreError> {
    static AGAIN: Sql = Sql::new("UPDATE rating SET worked_at = NULL WHERE request_id = $1");
    tx.execute(&AGAIN, values![request]).await.map(drop)
}

/// What waits for somebody: `domain::review::waits`, word for word as the index `rating_waits` has it, so that it is used.
macro_rules! waits {
    () => {
        "t.low = 1 AND t.worked_at IS NULL AND t.voided_at IS NULL"
    };
}

/// The same, for statements that are made of pieces.
pub(super) const WAITS: &str = waits!();

/// More than this are not counted: the page says "999+".
pub const WAITING_MAX: i64 = 1_000;

/// How many low ratings of these lines wait, counted up to [`WAITING_MAX`].
///
/// # Errors
/// The database's error.
pub async fn waiting(db: &Db, lines: &Lines) -> Result<i64, StoreError> {
    static COUNT: Sql = Sql::new(concat!(
        "SELECT count(*) FROM (SELECT t.request_id FROM rating t WHERE ",
        waits!(),
        " AND ($1 = 1 OR t.line_id {among $2}) LIMIT 1000) AS w"
    ));
    let (all, some) = super::limits(lines);
    db.read(&COUNT, values![all, some]).await?.first_mut().map_or(Ok(0), Row::int)
}

/// Which low ratings a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// Those that wait, newest first.
    #[default]
    Waiting,
    /// Of those, the ones that are a person's.
    Mine,
    /// Of those, the ones that are nobody's.
    Nobody,
    /// All low ones, newest first.
    All,
    /// Those that somebody took care of, latest first.
    Done,
}

impl Show {
    /// All of them, in the order of the page.
    pub const ALL: [Show; 5] = [Show::Waiting, Show::Mine, Show::Nobody, Show::All, Show::Done];

    /// The word in addresses and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Show::Waiting => "waiting",
            Show::Mine => "mine",
            Show::Nobody => "nobody",
            Show::All => "all",
            Show::Done => "done",
        }
    }

    /// Reads [`Show::as_str`] back.
    pub fn parse(word: &str) -> Option<Self> {
        Show::ALL.into_iter().find(|show| show.as_str() == word)
    }
}

/// A low rating in the list.
#[derive(Clone, Debug, Default)]
pub struct Low {
    /// The rating request.
    pub request_id: String,
    /// The line.
    pub line_id: String,
    /// The responsible operator.
    pub operator_id: Option<String>,
    /// The kind of channel.
    pub channel: Option<String>,
    /// The scale.
    pub scale: Scale,
    /// The score.
    pub score: i64,
    /// What the client wrote.
    pub comment: Option<String>,
    /// The reasons that the client chose.
    pub reasons: Vec<String>,
    /// When it was given.
    pub first_at: Millis,
    /// When an admin voided it.
    pub voided_at: Option<Millis>,
    /// When somebody took care of it.
    pub worked_at: Option<Millis>,
    /// All operators at the close.
    pub operators: Vec<Operator>,
    /// The session.
    pub session_id: String,
    /// Whose it is.
    pub assigned_to: Option<String>,
    /// Their name.
    pub assigned_name: Option<String>,
    /// When it was marked as resolved.
    pub settled_at: Option<Millis>,
    /// The first reply.
    pub replied_at: Option<Millis>,
}

/// Where a page begins: below this moment and id. It is what the row before says in the order of its list.
pub type Place = (Millis, String);

impl Low {
    /// Its place in a list.
    pub fn place(&self, show: Show) -> Place {
        let at = if show == Show::Done { self.worked_at.unwrap_or(self.first_at) } else { self.first_at };
        (at, self.request_id.clone())
    }
}

macro_rules! page {
    ($which:expr, $order:expr) => {
        Sql::new(concat!(
            "SELECT t.request_id, t.line_id, t.operator_id, t.channel, t.scale, t.score, t.comment, t.reasons, t.first_at, t.voided_at, \
             t.worked_at, q.operators, q.session_id, v.assigned_to, v.assigned_name, v.settled_at, v.replied_at \
             FROM rating t JOIN rating_request q ON q.id = t.request_id LEFT JOIN review v ON v.request_id = t.request_id WHERE ",
            $which,
            " AND (t.",
            $order,
            ", t.request_id) < ($1, $2) AND ($3 = 1 OR t.line_id {among $4}) AND ($5 = '' OR v.assigned_to = $5) ORDER BY t.",
            $order,
            " DESC, t.request_id DESC LIMIT $6"
        ))
    };
}

/// A page of low ratings of these lines, below `before`; `me` is the person whose own ones [`Show::Mine`] shows.
///
/// # Errors
/// The database's error.
pub async fn low(db: &Db, show: Show, lines: &Lines, me: &str, before: Option<&Place>, limit: i64) -> Result<Vec<Low>, StoreError> {
    static WAITING: Sql = page!(waits!(), "first_at");
    static NOBODY: Sql = page!(concat!(waits!(), " AND v.assigned_to IS NULL"), "first_at");
    static ALL: Sql = page!("t.low = 1", "first_at");
    static DONE: Sql = page!("t.low = 1 AND t.worked_at IS NOT NULL", "worked_at");
    let sql = match show {
        Show::Waiting | Show::Mine => &WAITING,
        Show::Nobody => &NOBODY,
        Show::All => &ALL,
        Show::Done => &DONE,
    };
    let (all, some) = super::limits(lines);
    let (at, id) = before.map_or((i64::MAX, ""), |(at, id)| (*at, id.as_str()));
    let me = if show == Show::Mine { me } else { "" };
    db.read(sql, values![at, id, all, some, me, limit]).await?.iter_mut().map(read_low).collect()
}

fn read_low(row: &mut Row) -> Result<Low, StoreError> {
    Ok(Low {
        request_id: row.text()?,
        line_id: row.text()?,
        operator_id: row.text_or_null()?,
        channel: row.text_or_null()?,
        scale: row.word("rating", "scale", Scale::parse)?,
        score: row.int()?,
        comment: row.text_or_null()?,
        reasons: row.document("rating", "reasons")?,
        first_at: row.int()?,
        voided_at: row.int_or_null()?,
        worked_at: row.int_or_null()?,
        operators: row.document("rating_request", "operators")?,
        session_id: row.text()?,
        assigned_to: row.text_or_null()?,
        assigned_name: row.text_or_null()?,
        settled_at: row.int_or_null()?,
        replied_at: row.int_or_null()?,
    })
}

/// When somebody took care of a rating.
///
/// # Errors
/// The database's error.
pub async fn worked_at(db: &Db, request: &str) -> Result<Option<Millis>, StoreError> {
    static WORKED_AT: Sql = Sql::new("SELECT t.worked_at FROM rating t WHERE t.request_id = $1");
    db.read(&WORKED_AT, values![request]).await?.first_mut().map_or(Ok(None), Row::int_or_null)
}

/// What became of low ratings that were replied to, of closes in a span of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recovery {
    /// Low ratings that somebody replied to.
    pub replied: i64,
    /// Of those, whose client was asked once more.
    pub asked_again: i64,
    /// Of those, who answered.
    pub answered_again: i64,
    /// Of those, whose second rating is good.
    pub recovered: i64,
}

/// The measured recovery of the closes from `from` to before `until`. The cost grows with the replies, not with the ratings.
///
/// # Errors
/// The database's error.
pub async fn recovery(db: &Db, sees: &Lines, line: Option<&str>, from: Millis, until: Millis) -> Result<Recovery, StoreError> {
    static RECOVERY: Sql = Sql::new(
        "SELECT count(*), count(v.asked_again), count(s.request_id), \
         count(CASE WHEN s.low = 0 AND s.voided_at IS NULL AND s.score >= (CASE s.scale WHEN 'binary' THEN 1 ELSE 4 END) THEN 1 END) \
         FROM review v JOIN rating t ON t.request_id = v.request_id AND t.low = 1 AND t.voided_at IS NULL LEFT JOIN rating s ON s.request_id = v.asked_again \
         WHERE v.replied_at IS NOT NULL AND v.closed_at >= $1 AND v.closed_at < $2 AND ($3 = '' OR v.line_id = $3) \
         AND ($4 = 1 OR v.line_id {among $5})",
    );
    let (all, some) = super::limits(sees);
    let mut rows = db.read(&RECOVERY, values![from, until, line.unwrap_or_default(), all, some]).await?;
    let read =
        |row: &mut Row| Ok(Recovery { replied: row.int()?, asked_again: row.int()?, answered_again: row.int()?, recovered: row.int()? });
    rows.first_mut().map_or(Ok(Recovery::default()), read)
}
