//! Rows that are handed out while they are read, with a note in the trail of how many there were. The note is written before
//! the last of them is, and also where the caller goes away in the middle.

use super::{Cell, Rows};
use async_trait::async_trait;
use lastword_life::Engine;
use lastword_life::records::export_audit::{Export, note};
use lastword_store::StoreError;

/// Rows with a note of who takes them.
pub struct Audited {
    rows: Box<dyn Rows>,
    taken: Option<(Engine, Export)>,
    count: u64,
}

impl Audited {
    /// `rows`, taken by whom `export` says.
    pub fn new(rows: Box<dyn Rows>, engine: &Engine, export: Export) -> Self {
        Self { rows, taken: Some((engine.clone(), export)), count: 0 }
    }
}

#[async_trait]
impl Rows for Audited {
    async fn next(&mut self) -> Result<Vec<Vec<Cell>>, StoreError> {
        let batch = self.rows.next().await?;
        self.count += batch.len() as u64;
        if batch.is_empty()
            && let Some((engine, export)) = self.taken.take()
        {
            note(&engine, &export, self.count, true, engine.now()).await?;
        }
        Ok(batch)
    }
}

impl Drop for Audited {
    fn drop(&mut self) {
        let Some((engine, export)) = self.taken.take() else { return };
        let count = self.count;
        tokio::spawn(async move {
            if let Err(error) = note(&engine, &export, count, false, engine.now()).await {
                tracing::error!(%error, rows = count, "an export that broke off could not be noted in the trail");
            }
        });
    }
}
