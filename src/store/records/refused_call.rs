//! Refused calls of desks and platforms, with their body. They are rows of the inbox, so that their bodies are deleted there like all others, and
//! with the data of an erased client.

use crate::sql::Sql;
use crate::values;
use crate::{Db, Millis, Row, StoreError, Tx};
use serde::{Deserialize, Serialize};

/// Maximum number of stored calls: the oldest are deleted first.
const KEPT_MAX: i64 = 1_000;

/// A refused call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedCall {
    /// The ID of the calling key, or `connection:` and the connection that was called.
    pub key_id: String,
    /// SHA-256 of its body in hex: a repetition is the same call.
    pub hash: String,
    /// Time of the last repetition.
    pub at: Millis,
    /// Details.
    pub told: CallDetails,
}

/// Content of a refused call, and the response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallDetails {
    /// The name of the key.
    pub key: String,
    /// The call: `POST /v1/sessions/close`.
    pub call: String,
    /// The HTTP status.
    pub status: u16,
    /// The problem's code.
    pub code: String,
    /// The field with the problem.
    pub field: Option<String>,
    /// Description of the problem.
    pub detail: String,
    /// The body, possibly cut.
    pub words: String,
}

/// Stores refused calls, each once however often it is repeated.
pub async fn keep(tx: &mut Tx, calls: &[RefusedCall]) -> Result<(), StoreError> {
    static KEEP: Sql = Sql::new(
        "INSERT INTO inbox AS i (source, event_key, kind, body_hash, received_at, disposition, body) VALUES ($1, $2, 'refused', $3, $4, $5, $6) \
         ON CONFLICT (source, event_key) DO UPDATE SET received_at = excluded.received_at, disposition = excluded.disposition, body = excluded.body",
    );
    static TRIM: Sql = Sql::new(
        "DELETE FROM inbox WHERE kind = 'refused' AND received_at < \
         (SELECT o.received_at FROM inbox o WHERE o.kind = 'refused' ORDER BY o.received_at DESC LIMIT 1 OFFSET $1)",
    );
    for call in calls {
        let (source, event_key) = (format!("key:{}", call.key_id), format!("refused:{}", call.hash));
        let values = values![source, event_key, &call.hash, call.at, &call.told.code, crate::json(&call.told)];
        tx.execute(&KEEP, values).await?;
    }
    tx.execute(&TRIM, values![KEPT_MAX - 1]).await.map(drop)
}

/// Refused calls of one key or of all, last sent before `before`, newest first.
pub async fn page(db: &Db, key_id: Option<&str>, before: Millis, limit: i64) -> Result<Vec<RefusedCall>, StoreError> {
    static PAGE: Sql = Sql::new(
        "SELECT source, body_hash, received_at, body FROM inbox WHERE kind = 'refused' AND body IS NOT NULL AND received_at < $1 \
         AND ($2 = '' OR source = $2) ORDER BY received_at DESC, event_key LIMIT $3",
    );
    let source = key_id.map(|id| format!("key:{id}")).unwrap_or_default();
    db.read(&PAGE, values![before, source, limit]).await?.iter_mut().map(read).collect()
}

/// The key and the time of each call refused since `since`, with its code, newest first. The bodies are not read.
pub async fn since(db: &Db, since: Millis) -> Result<Vec<(String, String, Millis)>, StoreError> {
    static SINCE: Sql = Sql::new(
        "SELECT source, disposition, received_at FROM inbox WHERE kind = 'refused' AND body IS NOT NULL AND received_at > $1 \
         ORDER BY received_at DESC LIMIT $2",
    );
    let read = |row: &mut Row| {
        let source = row.text()?;
        Ok((source.strip_prefix("key:").unwrap_or(&source).to_owned(), row.text()?, row.int()?))
    };
    db.read(&SINCE, values![since, KEPT_MAX]).await?.iter_mut().map(read).collect()
}

fn read(row: &mut Row) -> Result<RefusedCall, StoreError> {
    let source = row.text()?;
    Ok(RefusedCall {
        key_id: source.strip_prefix("key:").unwrap_or(&source).to_owned(),
        hash: row.text()?,
        at: row.int()?,
        told: crate::document("inbox", "body", &row.text()?)?,
    })
}
