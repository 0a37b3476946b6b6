//! Cache of parsed settings of lines. The database returns the current version, in the same transaction that uses it; only a
//! changed line is read and parsed again.

use lastword_base::names::LineId;
use lastword_store::line::{self, Line};
use lastword_store::{Db, StoreError, Tx};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Parsed settings of lines, each with the number of failed commits when it was read: what was read in a transaction that failed
/// later was never valid.
#[derive(Debug, Default)]
pub struct Lines(RwLock<HashMap<LineId, (u64, Arc<Line>)>>);

impl Lines {
    /// The current settings of these lines; a line that does not exist is missing.
    #[lastword_base::boxed]
    pub async fn current(&self, tx: &mut Tx, ids: &[&LineId]) -> Result<HashMap<LineId, Arc<Line>>, StoreError> {
        let versions = line::versions(tx, ids).await?;
        self.of_versions(tx, versions).await
    }

    /// The settings of lines whose current versions were already read.
    #[lastword_base::boxed]
    pub async fn of_versions(&self, tx: &mut Tx, versions: HashMap<LineId, i64>) -> Result<HashMap<LineId, Arc<Line>>, StoreError> {
        let lost = tx.lost();
        let (mut known, changed) = self.compare(versions, lost);
        for id in changed {
            known.extend(line::load(tx, &id).await?.map(|line| (id, self.keep(line, lost))));
        }
        Ok(known)
    }

    /// As [`Lines::current`], outside a transaction.
    #[lastword_base::boxed]
    pub async fn present(&self, db: &Db, ids: &[&LineId]) -> Result<HashMap<LineId, Arc<Line>>, StoreError> {
        let lost = db.lost();
        self.read(db, line::versions_now(db, ids).await?, lost).await
    }

    /// The current settings of all lines that are not archived.
    #[lastword_base::boxed]
    pub async fn all(&self, db: &Db) -> Result<HashMap<LineId, Arc<Line>>, StoreError> {
        let lost = db.lost();
        self.read(db, line::all_versions(db).await?, lost).await
    }

    async fn read(&self, db: &Db, versions: HashMap<LineId, i64>, lost: u64) -> Result<HashMap<LineId, Arc<Line>>, StoreError> {
        let (mut known, changed) = self.compare(versions, lost);
        for id in changed {
            known.extend(line::find(db, &id).await?.map(|line| (id, self.keep(line, lost))));
        }
        Ok(known)
    }

    /// The cached lines in their current version, and the IDs of those that have to be read.
    fn compare(&self, versions: HashMap<LineId, i64>, lost: u64) -> (HashMap<LineId, Arc<Line>>, Vec<LineId>) {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (mut known, mut changed) = (HashMap::new(), Vec::new());
        for (id, version) in versions {
            match kept.get(&id).filter(|(at, line)| *at == lost && line.version == version) {
                Some((_, line)) => drop(known.insert(id, line.clone())),
                None => changed.push(id),
            }
        }
        changed.sort();
        (known, changed)
    }

    /// Stores a line that was read when this many commits had failed.
    pub fn keep(&self, line: Line, lost: u64) -> Arc<Line> {
        let line = Arc::new(line);
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(line.id.clone(), (lost, line.clone()));
        line
    }
}
