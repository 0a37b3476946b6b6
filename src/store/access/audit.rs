//! The audit log. An entry is written in the transaction of the change, and never modified.

use crate::sql::Sql;
use crate::sql::table::table;
use crate::{Db, Millis, StoreError, Tx, values};
use lastword_base::names::{ActorId, AuditId, LineId};
use lastword_domain::access::audit::{By, Entry};
use serde_json::{Map, Value};

/// Values of fields.
type Values = Map<String, Value>;

table! {
    /// An entry of the audit log.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Audited = columns!(audit audit) {
        /// Its ID; IDs sort by time.
        id: AuditId,
        /// The time.
        at: Millis,
        /// `person`, `program`, `command` or `nobody`.
        by_kind: String,
        /// The account or API key.
        by_id: ActorId,
        /// The name at that time.
        by_name: String,
        /// The action.
        act: String,
        /// The kind of its subject.
        subject_kind: String,
        /// The subject's ID.
        subject: String,
        /// Its line.
        line_id: Option<LineId>,
        /// Old values of the changed fields.
        before: Values,
        /// New values of the changed fields.
        after: Values,
    }
}

/// A filter of entries. An empty one matches all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this account or API key.
    pub by: Option<String>,
    /// With this action.
    pub act: Option<String>,
    /// With this kind of subject.
    pub subject_kind: Option<String>,
    /// With this subject.
    pub subject: Option<String>,
    /// At or after this time.
    pub from: Option<Millis>,
    /// Before this time.
    pub to: Option<Millis>,
}

/// Writes one entry.
pub async fn write(tx: &mut Tx, id: AuditId, now: Millis, by: &By, entry: &Entry) -> Result<(), StoreError> {
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
        entry.line.as_ref(),
        crate::json(&entry.before),
        crate::json(&entry.after)
    ];
    tx.execute(&WRITE, values).await.map(drop)
}

/// Entries, newest first, before the one with the ID `before`.
pub async fn list(db: &Db, filter: &Filter, before: Option<AuditId>, limit: i64) -> Result<Vec<Audited>, StoreError> {
    static LIST: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM audit \
         WHERE id < $1 AND id >= $2 AND ($3 = '' OR by_id = $3) AND ($4 = '' OR act = $4) AND ($5 = '' OR subject_kind = $5) \
         AND ($6 = '' OR subject = $6) ORDER BY id DESC LIMIT $7"
    ));
    // IDs begin with their time, so a period is a range of IDs. No ID is greater than a tilde.
    let end = filter.to.map_or_else(|| "~".to_owned(), first_id);
    let before = before.map_or(end.clone(), |before| end.min(before.to_string()));
    let from = filter.from.map_or_else(String::new, first_id);
    let word = |word: &Option<String>| word.clone().unwrap_or_default();
    let values = values![before, from, word(&filter.by), word(&filter.act), word(&filter.subject_kind), word(&filter.subject), limit];
    db.read(&LIST, values).await?.iter_mut().map(Audited::read).collect()
}

/// The lowest ID of a time.
fn first_id(at: Millis) -> String {
    AuditId::first_of(at).to_string()
}
