//! The trail of changes. An entry is written in the transaction of the change, and never again.

use crate::sql::Sql;
use crate::table::table;
use crate::values;
use crate::{Db, Millis, StoreError, Tx};
use lastword_domain::access::audit::{By, Entry};
use serde_json::{Map, Value};

/// What an act changed, by field.
type Values = Map<String, Value>;

table! {
    /// An entry as it stands.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Audited = columns!(audit audit) {
        /// Its id; ids sort by time.
        id: String,
        /// When.
        at: Millis,
        /// `person`, `program`, `command` or `nobody`.
        by_kind: String,
        /// The account or API key.
        by_id: String,
        /// The name as it was then.
        by_name: String,
        /// What was done.
        act: String,
        /// The kind of thing it was done to.
        subject_kind: String,
        /// Its id.
        subject: String,
        /// The line that it belongs to.
        line_id: Option<String>,
        /// What was there, as far as it was changed.
        before: Values,
        /// What took its place.
        after: Values,
    }
}

/// Which entries. An empty filter is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Done by this account or API key.
    pub by: Option<String>,
    /// Of this word.
    pub act: Option<String>,
    /// Done to this kind of thing.
    pub subject_kind: Option<String>,
    /// Done to this very thing.
    pub subject: Option<String>,
    /// Not before.
    pub from: Option<Millis>,
    /// Before.
    pub to: Option<Millis>,
}

/// Writes one entry.
///
/// # Errors
/// The database's error.
pub async fn write(tx: &mut Tx, id: &str, now: Millis, by: &By, entry: &Entry) -> Result<(), StoreError> {
    static WRITE: Sql = Sql::new(
        "INSERT INTO audit (id, at, by_kind, by_id, by_name, act, subject_kind, subject, line_id, before, after) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    );
    let values = values![
        id,
        now,
        by.kind.as_str(),
        &by.id,
        &by.name,
        entry.act.as_str(),
        entry.act.subject_kind(),
        &entry.subject,
        entry.line.as_deref(),
        crate::json(&entry.before),
        crate::json(&entry.after)
    ];
    tx.execute(&WRITE, values).await.map(drop)
}

/// Entries, newest first, from before the one with the id `before`.
///
/// # Errors
/// The database's error.
pub async fn list(db: &Db, filter: &Filter, before: Option<&str>, limit: i64) -> Result<Vec<Audited>, StoreError> {
    static LIST: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM audit \
         WHERE id < $1 AND id >= $2 AND ($3 = '' OR by_id = $3) AND ($4 = '' OR act = $4) AND ($5 = '' OR subject_kind = $5) \
         AND ($6 = '' OR subject = $6) ORDER BY id DESC LIMIT $7"
    ));
    // Ids begin with their time, so a period is a range of ids. No id is greater than a tilde.
    let end = filter.to.map_or_else(|| "~".to_owned(), first_id);
    let before = before.map_or(end.clone(), |before| end.min(before.to_owned()));
    let from = filter.from.map_or_else(String::new, first_id);
    let word = |word: &Option<String>| word.clone().unwrap_or_default();
    let values = values![before, from, word(&filter.by), word(&filter.act), word(&filter.subject_kind), word(&filter.subject), limit];
    db.read(&LIST, values).await?.iter_mut().map(Audited::read).collect()
}

/// The least id of a moment.
fn first_id(at: Millis) -> String {
    lastword_base::id::first_of(at)
}
