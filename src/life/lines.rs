//! Settings of lines, kept parsed. The database says which version is the present one, in the same transaction that
//! uses it; only a changed line is read and parsed again.

use crate::store::line::{self, Line};
use crate::store::{Db, StoreError, Tx};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Settings of lines, kept parsed.
#[derive(Debug, Default)]
pub struct Lines(RwLock<HashMap<String, Arc<Line>>>);

impl Lines {
    /// The present settings of these lines; a line that does not exist is missing.
    ///
    /// # Errors
    /// The database's error.
    pub async fn current(&self, tx: &mut Tx, ids: &[&str]) -> Result<HashMap<String, Arc<Line>>, StoreError> {
        let versions = line::versions(tx, ids).await?;
        self.of_versions(tx, versions).await
    }

    /// The settings of lines whose present versions were read already.
    ///
    /// # Errors
    /// The database's error.
    pub async fn of_versions(&self, tx: &mut Tx, versions: HashMap<String, i64>) -> Result<HashMap<String, Arc<Line>>, StoreError> {
        let (mut known, changed) = self.compare(versions);
        for id in changed {
            known.extend(line::load(tx, &id).await?.map(|line| (id, self.keep(line))));
        }
        Ok(known)
    }

    /// As [`Lines::current`], outside a transaction.
    ///
    /// # Errors
    /// The database's error.
    pub async fn present(&self, db: &Db, ids: &[&str]) -> Result<HashMap<String, Arc<Line>>, StoreError> {
        self.read(db, line::versions_now(db, ids).await?).await
    }

    /// The present settings of all lines that are not archived.
    ///
    /// # Errors
    /// The database's error.
    pub async fn all(&self, db: &Db) -> Result<HashMap<String, Arc<Line>>, StoreError> {
        self.read(db, line::all_versions(db).await?).await
    }

    async fn read(&self, db: &Db, versions: HashMap<String, i64>) -> Result<HashMap<String, Arc<Line>>, StoreError> {
        let (mut known, changed) = self.compare(versions);
        for id in changed {
            known.extend(line::find(db, &id).await?.map(|line| (id, self.keep(line))));
        }
        Ok(known)
    }

    /// The lines that are kept in their present version, and the ids of those that have to be read.
    fn compare(&self, versions: HashMap<String, i64>) -> (HashMap<String, Arc<Line>>, Vec<String>) {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (mut known, mut changed) = (HashMap::new(), Vec::new());
        for (id, version) in versions {
            match kept.get(&id).filter(|line| line.version == version) {
                Some(line) => drop(known.insert(id, line.clone())),
                None => changed.push(id),
            }
        }
        changed.sort();
        (known, changed)
    }

    /// Keeps a line as read.
    pub fn keep(&self, line: Line) -> Arc<Line> {
        let line = Arc::new(line);
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(line.id.clone(), line.clone());
        line
    }
}
