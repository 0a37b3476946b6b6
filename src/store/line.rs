//! Lines and every version of their settings.

pub mod experiment;

use super::sql::{Sql, Statement};
use super::{Db, Millis, Row, StoreError, Tx};
use crate::sql::table::table;
use crate::values;
use lastword_base::names::LineId;
use lastword_domain::line::LineSettings;
use lastword_domain::line::experiment::Running;
use lastword_domain::session::same_name::tell_apart;
use std::collections::HashMap;

table! {
    /// A line.
    #[derive(Clone, Debug)]
    pub struct Line = columns!(line line) {
        /// Its ID.
        id: LineId,
        /// Its display name.
        name: String,
        /// Its settings.
        settings: LineSettings,
        /// Incremented with each change.
        version: i64,
        /// Time of creation.
        created_at: Millis,
        /// Time of the last change.
        updated_at: Millis,
        /// Time when it was archived; an archived line does not ask.
        archived_at: Option<Millis>,
        /// The running experiment.
        experiment: Option<Running>,
    }
}

/// The current version of each of these lines. Cheap: settings are not read.
pub async fn versions(tx: &mut Tx, ids: &[&LineId]) -> Result<HashMap<LineId, i64>, StoreError> {
    let Statement { sql, values } = versions_statement(ids);
    read_versions(tx.fetch(sql, values).await?)
}

pub(crate) fn versions_statement(ids: &[&LineId]) -> Statement {
    static VERSIONS: Sql = Sql::new("SELECT l.id, l.version FROM line l WHERE l.id {among $1}");
    Statement::new(&VERSIONS, values![super::names(ids)])
}

pub(crate) fn read_versions(mut rows: Vec<Row>) -> Result<HashMap<LineId, i64>, StoreError> {
    rows.iter_mut().map(|row| Ok((row.name()?, row.int()?))).collect()
}

/// As [`versions`], outside a transaction.
pub async fn versions_now(db: &Db, ids: &[&LineId]) -> Result<HashMap<LineId, i64>, StoreError> {
    let Statement { sql, values } = versions_statement(ids);
    read_versions(db.read(sql, values).await?)
}

/// The current versions of all lines that are not archived.
pub async fn all_versions(db: &Db) -> Result<HashMap<LineId, i64>, StoreError> {
    static VERSIONS: Sql = Sql::new("SELECT id, version FROM line WHERE archived_at IS NULL");
    read_versions(db.read(&VERSIONS, vec![]).await?)
}

/// One line, inside a transaction.
pub async fn load(tx: &mut Tx, id: &LineId) -> Result<Option<Line>, StoreError> {
    static LOAD: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM line WHERE id = $1"));
    tx.fetch(&LOAD, values![id]).await?.first_mut().map(Line::read).transpose()
}

/// One line.
pub async fn find(db: &Db, id: &LineId) -> Result<Option<Line>, StoreError> {
    static FIND: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM line WHERE id = $1"));
    db.read(&FIND, values![id]).await?.first_mut().map(Line::read).transpose()
}

/// All lines, by ID.
pub async fn all(db: &Db) -> Result<Vec<Line>, StoreError> {
    static ALL: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM line ORDER BY id LIMIT 10000"));
    db.read(&ALL, vec![]).await?.iter_mut().map(Line::read).collect()
}

/// The names of all lines, by ID. Equal names are told apart by their IDs.
pub async fn names(db: &Db) -> Result<HashMap<LineId, String>, StoreError> {
    static NAMES: Sql = Sql::new("SELECT id, name FROM line");
    let mut rows = db.read(&NAMES, vec![]).await?;
    let mut names = rows.iter_mut().map(|row| Ok((row.name()?, row.text()?))).collect::<Result<HashMap<LineId, String>, StoreError>>()?;
    tell_apart(names.iter_mut().map(|(id, name)| (id.as_str(), name)));
    Ok(names)
}

/// All versions of the settings of a line, or of all lines: the line, the start, and the settings; oldest first.
pub async fn versions_of(db: &Db, line: Option<&LineId>) -> Result<Vec<(LineId, Millis, LineSettings)>, StoreError> {
    static VERSIONS: Sql =
        Sql::new("SELECT line_id, changed_at, settings FROM line_version WHERE $1 = '' OR line_id = $1 ORDER BY line_id, version");
    let mut rows = db.read(&VERSIONS, values![line.map_or("", LineId::as_str)]).await?;
    rows.iter_mut().map(|row| Ok((row.name()?, row.int()?, super::document("line_version", "settings", &row.text()?)?))).collect()
}

/// A version of a line, with its author.
#[derive(Clone, Debug)]
pub struct Version {
    /// Its number; 1 is the first.
    pub version: i64,
    /// The line's name.
    pub name: String,
    /// The settings.
    pub settings: LineSettings,
    /// Its author.
    pub by: String,
    /// Its time.
    pub at: Millis,
}

/// The versions of a line before the number `before`, newest first.
pub async fn history(db: &Db, line: &LineId, before: i64, limit: i64) -> Result<Vec<Version>, StoreError> {
    static HISTORY: Sql = Sql::new(
        "SELECT version, name, settings, changed_by, changed_at FROM line_version WHERE line_id = $1 AND version < $2 \
         ORDER BY version DESC LIMIT $3",
    );
    let read = |row: &mut Row| {
        Ok(Version {
            version: row.int()?,
            name: row.text()?,
            settings: super::document("line_version", "settings", &row.text()?)?,
            by: row.text()?,
            at: row.int()?,
        })
    };
    db.read(&HISTORY, values![line, before, limit]).await?.iter_mut().map(read).collect()
}

/// A change of a line.
#[derive(Clone, Debug)]
pub struct LineChange {
    /// Its ID.
    pub id: LineId,
    /// Its name.
    pub name: String,
    /// Its settings, checked.
    pub settings: LineSettings,
    /// Archived or not.
    pub archived: bool,
    /// The version that the person saw; 0 for a new line.
    pub seen_version: i64,
    /// The author.
    pub by: String,
    /// The time.
    pub at: Millis,
}

/// Writes a line and stores the version. Returns false, without a change, unless the person had seen the current version.
pub async fn save(tx: &mut Tx, change: &LineChange) -> Result<bool, StoreError> {
    static SAVE: Sql = Sql::new(
        "INSERT INTO line AS l (id, name, settings, version, created_at, updated_at, archived_at) \
         VALUES ($1, $2, $3, $7 + COALESCE((SELECT d.version FROM deleted_line d WHERE d.id = $1 AND $4 = 0), 0), $5, $5, $6) \
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, settings = excluded.settings, version = excluded.version, \
         updated_at = excluded.updated_at, archived_at = excluded.archived_at WHERE l.version = $4 RETURNING version",
    );
    static REMEMBER: Sql =
        Sql::new("INSERT INTO line_version (line_id, version, name, settings, changed_by, changed_at) VALUES ($1, $2, $3, $4, $5, $6)");
    // There is no version after the last possible one, and none before the first.
    let Some(version) = change.seen_version.checked_add(1).filter(|version| *version > 0) else { return Ok(false) };
    let settings = super::json(&change.settings);
    let archived_at = change.archived.then_some(change.at);
    let values = values![&change.id, &change.name, &settings, change.seen_version, change.at, archived_at, version];
    let Some(version) = tx.fetch(&SAVE, values).await?.first_mut().map(Row::int).transpose()? else { return Ok(false) };
    let values = values![&change.id, version, &change.name, &settings, &change.by, change.at];
    tx.execute(&REMEMBER, values).await?;
    Ok(true)
}
