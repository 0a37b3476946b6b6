//! Letters to owners: recipients and schedules, letters sent, and clients' comments for them.

use crate::sql::Sql;
use crate::sql::table::table;
use crate::{Db, Millis, Row, StoreError, Tx, values};
use lastword_base::names::{LineId, RequestId};
use lastword_domain::access::rights::Lines;
use lastword_domain::answer::rating::Scale;
use lastword_domain::report::letter::Every;
use serde::Serialize;
use std::collections::HashMap;

/// IDs of lines.
pub type LineIds = Vec<LineId>;

table! {
    /// A recurring letter.
    #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
    pub struct Letter = columns!(letter l) {
        /// Its ID.
        id: String,
        /// Its recipient: a person or a group.
        recipient_id: String,
        /// Its frequency.
        every: Every,
        /// The hour, in the organisation's time zone.
        hour: i64,
        /// The lines it covers; `None` for all lines.
        #[serde(serialize_with = "some_as_json")]
        lines: Option<LineIds>,
        /// Time of creation: it covers no earlier day.
        created_at: Millis,
        /// Time of the last change.
        changed_at: Millis,
        /// Name of the person who changed it last.
        changed_by: String,
    }
}

fn some_as_json<S: serde::Serializer>(document: &Option<LineIds>, serializer: S) -> Result<S::Ok, S::Error> {
    document.as_ref().map(crate::json).serialize(serializer)
}

impl Letter {
    /// The lines it covers.
    pub fn sees(&self) -> Lines {
        self.lines.as_ref().map_or(Lines::All, |lines| Lines::Some(lines.iter().cloned().collect()))
    }
}

/// All letters, by ID.
pub async fn all(db: &Db) -> Result<Vec<Letter>, StoreError> {
    static ALL: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM letter l ORDER BY l.id"));
    db.read(&ALL, vec![]).await?.iter_mut().map(Letter::read).collect()
}

/// Writes a letter; its time of creation stays.
pub async fn save(tx: &mut Tx, letter: &Letter) -> Result<(), StoreError> {
    static SAVE: Sql = Sql::new(concat!(
        columns!(insert),
        " WHERE true ON CONFLICT (id) DO UPDATE SET recipient_id = excluded.recipient_id, every = excluded.every, hour = excluded.hour, \
         lines = excluded.lines, changed_at = excluded.changed_at, changed_by = excluded.changed_by"
    ));
    tx.execute(&SAVE, values![crate::rows(std::slice::from_ref(letter))]).await.map(drop)
}

/// Deletes a letter and the records of its sending. Returns whether it existed.
pub async fn delete(tx: &mut Tx, id: &str) -> Result<bool, StoreError> {
    static SENT: Sql = Sql::new("DELETE FROM letter_sent WHERE letter_id = $1");
    static DELETE: Sql = Sql::new("DELETE FROM letter WHERE id = $1");
    tx.execute(&SENT, values![id]).await?;
    Ok(tx.execute(&DELETE, values![id]).await? == 1)
}

/// Records that the letter about the period that begins with `day` is sent now, to this many people. Returns false if it was sent
/// before: each is sent exactly once.
pub async fn send(tx: &mut Tx, letter: &str, day: i64, people: i64, now: Millis) -> Result<bool, StoreError> {
    static SEND: Sql = Sql::new("INSERT INTO letter_sent (letter_id, day, people, sent_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING");
    Ok(tx.execute(&SEND, values![letter, day, people, now]).await? == 1)
}

/// The last sending of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The first day of its period, since 1970.
    pub day: i64,
    /// Number of recipients.
    pub people: i64,
    /// Time of sending.
    pub sent_at: Millis,
}

/// The last sending of each letter.
pub async fn last_sent(db: &Db) -> Result<HashMap<String, Sent>, StoreError> {
    static SENT: Sql = Sql::new(
        "SELECT s.letter_id, s.day, s.people, s.sent_at FROM letter_sent s \
         WHERE s.day = (SELECT max(o.day) FROM letter_sent o WHERE o.letter_id = s.letter_id)",
    );
    let read = |row: &mut Row| Ok((row.text()?, Sent { day: row.int()?, people: row.int()?, sent_at: row.int()? }));
    db.read(&SENT, vec![]).await?.iter_mut().map(read).collect()
}

/// A rating with a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The line.
    pub line_id: LineId,
    /// The scale.
    pub scale: Scale,
    /// The score.
    pub score: i64,
    /// The comment.
    pub comment: String,
}

/// Comments on closes from `from` up to `until` (exclusive): those of low ratings first, then the newest. Voided ones are excluded,
/// and those with an upheld flag.
pub async fn written(db: &Db, sees: &Lines, (from, until): (Millis, Millis), limit: i64) -> Result<Vec<Written>, StoreError> {
    static WRITTEN: Sql = Sql::new(
        "SELECT t.line_id, t.scale, t.score, t.comment FROM rating t JOIN rating_request q ON q.id = t.request_id AND q.again_of IS NULL \
         WHERE t.request_id >= $1 AND t.request_id < $2 AND t.comment IS NOT NULL AND t.voided_at IS NULL AND ($3 = 1 OR t.line_id {among $4}) \
         AND NOT EXISTS (SELECT 1 FROM objection o WHERE o.request_id = t.request_id AND o.kind = 'flag' AND o.state = 'upheld') \
         ORDER BY t.low DESC, t.rated_at DESC, t.request_id DESC LIMIT $5",
    );
    let (all, some) = crate::limits(sees);
    let read = |row: &mut Row| {
        Ok(Written { line_id: row.name()?, scale: row.word("rating", "scale", Scale::parse)?, score: row.int()?, comment: row.text()? })
    };
    db.read(&WRITTEN, values![RequestId::first_of(from), RequestId::first_of(until), all, some, limit])
        .await?
        .iter_mut()
        .map(read)
        .collect()
}
