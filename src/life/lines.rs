//! Settings of lines, kept parsed. The database says which version is the present one, in the same transaction that
//! uses it; only a changed line is read and parsed again.

use crate::store::line::{self, Line};
use crate::store::{StoreError, Tx};
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
        let mut current = HashMap::new();
        for (id, version) in versions {
            let kept = self.kept(&id).filter(|line| line.version == version);
            let line = match kept {
                Some(line) => line,
                None => match line::load(tx, &id).await? {
                    Some(line) => self.keep(line),
                    None => continue,
                },
            };
            current.insert(id, line);
        }
        Ok(current)
    }

    /// A line as last read, for texts: a moment old at most.
    pub fn kept(&self, id: &str) -> Option<Arc<Line>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    /// Keeps a line as read.
    pub fn keep(&self, line: Line) -> Arc<Line> {
        let line = Arc::new(line);
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(line.id.clone(), line.clone());
        line
    }
}
