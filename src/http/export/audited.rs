//! Rows whose number is recorded in the audit log while they are exported. The entry is written before the last batch is
//! returned, and also if the caller aborts the download.

use super::{Cell, Rows};
use async_trait::async_trait;
use lastword_life::Engine;
use lastword_life::records::export_audit::{Export, note};
use lastword_store::StoreError;

/// Rows, with the audit log entry of their export.
pub struct Audited {
    rows: Box<dyn Rows>,
    taken: Option<(Engine, Export)>,
    count: u64,
}

impl Audited {
    /// Records the export of `rows` as described by `export`.
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
                tracing::error!(%error, rows = count, "could not write an aborted export to the audit log");
            }
        });
    }
}
