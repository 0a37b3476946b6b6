//! Replies to ratings, with all their versions, and reply templates.

use crate::sql::Sql;
use crate::sql::table::table;
use crate::{Db, Millis, Row, StoreError, Tx, values};
use lastword_base::names::{ActorId, DeliveryId, LineId, RequestId};
use lastword_domain::access::rights::Lines;
use serde::Serialize;
use std::collections::HashMap;

table! {
    /// One version of the reply to a rating.
    #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
    pub struct Reply = columns!(reply y) {
        /// The rating request.
        request_id: RequestId,
        /// Version number, from 1.
        version: i64,
        /// The text.
        text: String,
        /// The author: an account or API key.
        by_id: ActorId,
        /// The author's name at that time.
        by_name: String,
        /// Time of writing.
        written_at: Millis,
        /// The delivery that sends it to the client.
        delivery_id: Option<DeliveryId>,
        /// Reason why it is not sent to the client.
        not_sent: Option<String>,
    }
}

static OF_REQUESTS: Sql =
    Sql::new(concat!("SELECT ", columns!(), " FROM reply y WHERE y.request_id {among $1} ORDER BY y.request_id, y.version"));

/// All versions of the reply to a rating, the first one first.
pub async fn versions(db: &Db, request: RequestId) -> Result<Vec<Reply>, StoreError> {
    db.read(&OF_REQUESTS, values![crate::ids(&[request])]).await?.iter_mut().map(Reply::read).collect()
}

/// As [`versions`], inside a transaction that has locked the rating request.
pub async fn versions_in(tx: &mut Tx, request: RequestId) -> Result<Vec<Reply>, StoreError> {
    tx.fetch(&OF_REQUESTS, values![crate::ids(&[request])]).await?.iter_mut().map(Reply::read).collect()
}

/// The newest versions of the replies to these ratings, by rating request.
pub async fn newest(db: &Db, requests: &[RequestId]) -> Result<HashMap<RequestId, Reply>, StoreError> {
    let mut rows = db.read(&OF_REQUESTS, values![crate::ids(requests)]).await?;
    // Sorted by version, so that the last one stays.
    rows.iter_mut().map(|row| Reply::read(row).map(|reply| (reply.request_id, reply))).collect()
}

/// Adds a version. The transaction has locked the rating request.
pub async fn add(tx: &mut Tx, reply: &Reply) -> Result<(), StoreError> {
    static ADD: Sql = Sql::new(columns!(insert));
    tx.execute(&ADD, values![crate::rows(std::slice::from_ref(reply))]).await.map(drop)
}

/// A reply template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    /// Its ID.
    pub id: String,
    /// Its line; `None` for all lines.
    pub line_id: Option<LineId>,
    /// Its name.
    pub name: String,
    /// The text, with macros.
    pub text: String,
    /// Last changed.
    pub updated_at: Millis,
    /// Name of the person who changed it last.
    pub updated_by: String,
}

fn read_template(row: &mut Row) -> Result<Template, StoreError> {
    Ok(Template {
        id: row.text()?,
        line_id: row.name_or_null()?,
        name: row.text()?,
        text: row.text()?,
        updated_at: row.int()?,
        updated_by: row.text()?,
    })
}

/// The templates for a person who sees `lines`: those for all lines, and for theirs. By name.
pub async fn templates(db: &Db, lines: &Lines) -> Result<Vec<Template>, StoreError> {
    static ALL: Sql = Sql::new(
        "SELECT p.id, p.line_id, p.name, p.text, p.updated_at, p.updated_by FROM reply_template p ORDER BY p.name, p.id LIMIT 1000",
    );
    let found = db.read(&ALL, vec![]).await?.iter_mut().map(read_template).collect::<Result<Vec<_>, _>>()?;
    Ok(found.into_iter().filter(|template| template.line_id.as_ref().is_none_or(|line| lines.admit(line))).collect())
}

/// One template, locked until the end of the transaction.
pub async fn hold_template(tx: &mut Tx, id: &str) -> Result<Option<Template>, StoreError> {
    static HOLD: Sql =
        Sql::new("SELECT p.id, p.line_id, p.name, p.text, p.updated_at, p.updated_by FROM reply_template p WHERE p.id = $1 {lock}");
    tx.fetch(&HOLD, values![id]).await?.first_mut().map(read_template).transpose()
}

/// Creates or changes a template.
pub async fn save_template(tx: &mut Tx, template: &Template) -> Result<(), StoreError> {
    static SAVE: Sql = Sql::new(
        "INSERT INTO reply_template (id, line_id, name, text, updated_at, updated_by) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (id) DO UPDATE SET line_id = excluded.line_id, name = excluded.name, text = excluded.text, \
         updated_at = excluded.updated_at, updated_by = excluded.updated_by",
    );
    let Template { id, line_id, name, text, updated_at, updated_by } = template;
    tx.execute(&SAVE, values![id, line_id.clone(), name, text, *updated_at, updated_by]).await.map(drop)
}

/// Deletes a template. Replies that began with it stay as they are.
pub async fn remove_template(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    static REMOVE: Sql = Sql::new("DELETE FROM reply_template WHERE id = $1");
    tx.execute(&REMOVE, values![id]).await.map(drop)
}
