//! Saved views: named filters of the ratings, private or shared with everyone who sees ratings.

use crate::sql::Sql;
use crate::sql::table::table;
use crate::{Db, Millis, Row, StoreError, Tx, values};
use lastword_base::names::AccountId;
use serde::Serialize;

table! {
    /// A saved view.
    #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
    pub struct SavedView = columns!(saved_view v) {
        /// Its ID.
        id: String,
        /// Its owner: an account.
        owner_id: AccountId,
        /// Its name, unique for its owner.
        name: String,
        /// The filter, as the query string of an address. Without search texts, because these are personal data.
        query: String,
        /// True if everyone sees it.
        shared: bool,
        /// Time of creation.
        created_at: Millis,
        /// Time of the last change.
        changed_at: Millis,
    }
}

/// The views that a person sees, each with the name of its owner: first their own, then shared ones, by name.
pub async fn of(db: &Db, owner: &str) -> Result<Vec<(SavedView, String)>, StoreError> {
    static SEEN: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        ", COALESCE(a.name, '') FROM saved_view v LEFT JOIN account a ON a.id = v.owner_id WHERE v.owner_id = $1 OR v.shared = 1 \
         ORDER BY CASE WHEN v.owner_id = $1 THEN 0 ELSE 1 END, v.name, v.id"
    ));
    db.read(&SEEN, values![owner]).await?.iter_mut().map(|row| Ok((SavedView::read(row)?, row.text()?))).collect()
}

/// One view, locked until the end of the transaction.
pub async fn hold(tx: &mut Tx, id: &str) -> Result<Option<SavedView>, StoreError> {
    static HOLD: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM saved_view v WHERE v.id = $1 {lock}"));
    tx.fetch(&HOLD, values![id]).await?.first_mut().map(SavedView::read).transpose()
}

/// Counts that may prevent another view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Others {
    /// Views of this owner.
    pub own: i64,
    /// Of these, those with the same name.
    pub alike: i64,
    /// Shared views of all owners.
    pub shared: i64,
}

/// The views other than this one.
pub async fn others(tx: &mut Tx, view: &SavedView) -> Result<Others, StoreError> {
    static OTHERS: Sql = Sql::new(
        "SELECT count(CASE WHEN v.owner_id = $1 THEN 1 END), count(CASE WHEN v.owner_id = $1 AND v.name = $2 THEN 1 END), \
         count(CASE WHEN v.shared = 1 THEN 1 END) FROM saved_view v WHERE (v.owner_id = $1 OR v.shared = 1) AND v.id <> $3",
    );
    let read = |row: &mut Row| Ok(Others { own: row.int()?, alike: row.int()?, shared: row.int()? });
    tx.fetch(&OTHERS, values![&view.owner_id, &view.name, &view.id]).await?.first_mut().map_or(Ok(Others::default()), read)
}

/// Creates or changes a view; its owner and time of creation stay.
pub async fn save(tx: &mut Tx, view: &SavedView) -> Result<(), StoreError> {
    static SAVE: Sql = Sql::new(concat!(
        columns!(insert),
        " WHERE true ON CONFLICT (id) DO UPDATE SET name = excluded.name, query = excluded.query, shared = excluded.shared, \
         changed_at = excluded.changed_at"
    ));
    tx.execute(&SAVE, values![crate::rows(std::slice::from_ref(view))]).await.map(drop)
}

/// Deletes a view.
pub async fn delete(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    static DELETE: Sql = Sql::new("DELETE FROM saved_view WHERE id = $1");
    tx.execute(&DELETE, values![id]).await.map(drop)
}

/// Deletes an owner's private views, because their account was closed.
pub async fn forget_own(tx: &mut Tx, owner: AccountId) -> Result<(), StoreError> {
    static FORGET: Sql = Sql::new("DELETE FROM saved_view WHERE owner_id = $1 AND shared = 0");
    tx.execute(&FORGET, values![owner]).await.map(drop)
}
