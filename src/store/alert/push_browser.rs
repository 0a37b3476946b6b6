//! Browsers in which people switched notifications on. Their addresses are stored sealed.

use crate::access::account::{self, Account};
use crate::sql::Sql;
use crate::sql::table::table;
use crate::{Db, Millis, Row, StoreError, Tx, values};
use lastword_base::names::{AccountId, BrowserId, ConnectionId, DeliveryId, LineId};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};

/// Maximum number of browsers per person; those switched on last stay.
const OF_ACCOUNT_MAX: i64 = 20;

table! {
    /// A browser.
    #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
    pub struct PushBrowser = columns!(push_browser b) {
        /// Its ID.
        id: BrowserId,
        /// The account that it belongs to.
        account_id: AccountId,
        /// SHA-256 of its endpoint, in hex.
        endpoint_hash: String,
        /// Its address, sealed; empty once it is gone.
        sealed: String,
        /// Its user agent.
        agent: String,
        /// Shows low ratings.
        low: bool,
        /// Shows low ratings without a reply in time.
        late: bool,
        /// The state of its limit: see [`lastword_domain::alert::route`].
        tat: i64,
        /// Time when it was switched on.
        created_at: Millis,
        /// Time when its push service reported it as gone.
        gone_at: Option<Millis>,
    }
}

/// A browser and its person.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The browser.
    pub browser: PushBrowser,
    /// The person.
    pub account: Account,
    /// The lines of a supervisor who may not see all.
    pub lines: BTreeSet<LineId>,
}

/// Stores a browser, replacing a previous row with the same endpoint.
pub async fn keep(tx: &mut Tx, browser: &PushBrowser) -> Result<(), StoreError> {
    static BEFORE: Sql = Sql::new("DELETE FROM push_browser WHERE endpoint_hash = $1");
    static INSERT: Sql = Sql::new(columns!(insert));
    static OLDEST: Sql = Sql::new(
        "DELETE FROM push_browser WHERE account_id = $1 AND id NOT IN \
         (SELECT b.id FROM push_browser b WHERE b.account_id = $1 ORDER BY b.id DESC LIMIT $2)",
    );
    tx.execute(&BEFORE, values![browser.endpoint_hash.as_str()]).await?;
    tx.execute(&INSERT, values![crate::rows(std::slice::from_ref(browser))]).await?;
    tx.execute(&OLDEST, values![browser.account_id, OF_ACCOUNT_MAX]).await.map(drop)
}

/// The browsers of a person, newest first.
pub async fn of_account(db: &Db, account_id: AccountId) -> Result<Vec<PushBrowser>, StoreError> {
    static OF: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM push_browser b WHERE b.account_id = $1 ORDER BY b.created_at DESC, b.id DESC LIMIT 100"
    ));
    db.read(&OF, values![account_id]).await?.iter_mut().map(PushBrowser::read).collect()
}

/// Changes which notifications a browser of this person shows.
pub async fn choose(tx: &mut Tx, account_id: AccountId, id: BrowserId, low: bool, late: bool) -> Result<(), StoreError> {
    static CHOOSE: Sql = Sql::new("UPDATE push_browser SET low = $3, late = $4 WHERE account_id = $1 AND id = $2");
    tx.execute(&CHOOSE, values![account_id, id, i64::from(low), i64::from(late)]).await.map(drop)
}

/// Stores the limits of these browsers.
pub async fn used(tx: &mut Tx, browsers: &[&PushBrowser]) -> Result<(), StoreError> {
    static USED: Sql =
        Sql::new("UPDATE push_browser SET tat = r.tat FROM {held push_browser $1 r: id text, tat int} WHERE push_browser.id = r.id");
    if browsers.is_empty() {
        return Ok(());
    }
    tx.execute(&USED, values![crate::rows(browsers)]).await.map(drop)
}

/// Deletes a browser of this person.
pub async fn delete(tx: &mut Tx, account_id: AccountId, id: BrowserId) -> Result<(), StoreError> {
    static DELETE: Sql = Sql::new("DELETE FROM push_browser WHERE account_id = $1 AND id = $2");
    tx.execute(&DELETE, values![account_id, id]).await.map(drop)
}

/// Deletes all browsers of a person.
pub async fn delete_all_of(tx: &mut Tx, account_id: AccountId) -> Result<(), StoreError> {
    static DELETE: Sql = Sql::new("DELETE FROM push_browser WHERE account_id = $1");
    tx.execute(&DELETE, values![account_id]).await.map(drop)
}

/// Marks the browsers that these messages were sent to as gone and erases their addresses. A browser locked by another transaction is
/// handled by its next message.
pub async fn gone(tx: &mut Tx, connection: &ConnectionId, deliveries: &[DeliveryId], now: Millis) -> Result<(), StoreError> {
    static GONE: Sql = Sql::new(
        "UPDATE push_browser SET sealed = '', gone_at = $3 WHERE id IN (SELECT b.id FROM push_browser b WHERE b.gone_at IS NULL AND b.id IN \
         (SELECT {chat d.address} FROM delivery d WHERE d.id {among $2} AND d.connection = $1) ORDER BY b.id {lock skip})",
    );
    tx.execute(&GONE, values![connection, crate::ids(deliveries), now]).await.map(drop)
}

/// The sealed address of each present browser, by ID.
pub async fn sealed(db: &Db) -> Result<Vec<(BrowserId, String)>, StoreError> {
    static SEALED: Sql = Sql::new("SELECT b.id, b.sealed FROM push_browser b WHERE b.gone_at IS NULL ORDER BY b.id");
    db.read(&SEALED, vec![]).await?.iter_mut().map(|row| Ok((row.id()?, row.text()?))).collect()
}

/// Replaces the sealed address of a browser, unless it was changed meanwhile.
pub async fn reseal(tx: &mut Tx, id: BrowserId, before: &str, sealed: &str) -> Result<(), StoreError> {
    static RESEAL: Sql = Sql::new("UPDATE push_browser SET sealed = $3 WHERE id = $1 AND sealed = $2");
    tx.execute(&RESEAL, values![id, before, sealed]).await.map(drop)
}

/// Locks these browsers before their limits are used.
pub async fn hold(tx: &mut Tx, ids: &[BrowserId]) -> Result<(), StoreError> {
    static HOLD: Sql = Sql::new("SELECT b.id FROM push_browser b WHERE b.id {among $1} ORDER BY b.id {lock}");
    if ids.is_empty() || tx.has_one_writer() {
        return Ok(());
    }
    tx.fetch(&HOLD, values![crate::ids(ids)]).await.map(drop)
}

/// Browsers that show any notifications, each with its person.
pub async fn wanting(tx: &mut Tx) -> Result<Vec<Reader>, StoreError> {
    static WANTING: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        ", ",
        account::columns!(),
        " FROM push_browser b JOIN account a ON a.id = b.account_id \
         WHERE b.gone_at IS NULL AND (b.low = 1 OR b.late = 1) AND a.disabled_at IS NULL ORDER BY b.id"
    ));
    let found = readers(tx.fetch(&WANTING, vec![]).await?)?;
    let lines = tx.fetch(&LINES, values![crate::ids(&limited(&found))]).await?;
    with_lines(found, lines)
}

/// These browsers with their people; those that are gone are omitted.
pub async fn these(db: &Db, ids: &[BrowserId]) -> Result<Vec<Reader>, StoreError> {
    static THESE: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        ", ",
        account::columns!(),
        " FROM push_browser b JOIN account a ON a.id = b.account_id \
         WHERE b.id {among $1} AND b.gone_at IS NULL AND a.disabled_at IS NULL ORDER BY b.id"
    ));
    let found = readers(db.read(&THESE, values![crate::ids(ids)]).await?)?;
    let lines = db.read(&LINES, values![crate::ids(&limited(&found))]).await?;
    with_lines(found, lines)
}

static LINES: Sql =
    Sql::new("SELECT l.account_id, l.line_id FROM account_line l WHERE l.account_id {among $1} ORDER BY l.account_id, l.line_id");

fn readers(mut rows: Vec<Row>) -> Result<Vec<Reader>, StoreError> {
    let read = |row: &mut Row| Ok(Reader { browser: PushBrowser::read(row)?, account: Account::read(row)?, lines: BTreeSet::new() });
    rows.iter_mut().map(read).collect()
}

/// Accounts among them that do not see all lines.
fn limited(readers: &[Reader]) -> Vec<AccountId> {
    readers.iter().filter(|reader| !reader.account.all_lines).map(|reader| reader.account.id).collect()
}

fn with_lines(readers: Vec<Reader>, mut rows: Vec<Row>) -> Result<Vec<Reader>, StoreError> {
    let mut lines: HashMap<AccountId, BTreeSet<LineId>> = HashMap::new();
    for row in &mut rows {
        lines.entry(row.id()?).or_default().insert(row.name()?);
    }
    let own = |reader: Reader| Reader { lines: lines.get(&reader.account.id).cloned().unwrap_or_default(), ..reader };
    Ok(readers.into_iter().map(own).collect())
}
