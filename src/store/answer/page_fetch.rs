//! Link pages whose style sheet or picture was fetched: by a browser, not by a program that reads only the text. Stored for as long
//! as a form of the page may be sent.

use crate::sql::Sql;
use crate::values;
use crate::{Db, Millis, StoreError, Tx};

/// Records that the style sheet or the picture of this page was fetched.
pub async fn keep(tx: &mut Tx, page: &str, now: Millis) -> Result<(), StoreError> {
    static KEEP: Sql = Sql::new("INSERT INTO page_fetch (page, fetched_at) VALUES ($1, $2) ON CONFLICT DO NOTHING");
    tx.execute(&KEEP, values![page, now]).await.map(drop)
}

/// True if the style sheet or the picture of this page was fetched.
pub async fn is_kept(db: &Db, page: &str) -> Result<bool, StoreError> {
    static IS: Sql = Sql::new("SELECT 1 FROM page_fetch WHERE page = $1");
    Ok(!db.read(&IS, values![page]).await?.is_empty())
}

/// Deletes pages that were fetched before `before`.
pub async fn forget(tx: &mut Tx, before: Millis) -> Result<(), StoreError> {
    static FORGET: Sql = Sql::new("DELETE FROM page_fetch WHERE fetched_at < $1");
    tx.execute(&FORGET, values![before]).await.map(drop)
}
