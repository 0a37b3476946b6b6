//! The second pass over a file: writes rows to the database in batches, and unusable rows to a file.

use super::people::People;
use super::{Checked, Progress, Reader, Wanted};
use crate::app::admin::{Failure, Shell};
use crate::domain::access::audit::By;
use crate::life::records::import_history::{self, Rows};
use crate::store::records::import_run::ImportRun;
use lastword_import::{Bad, PastClose, REJECTS, Reading};
use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use tokio::sync::mpsc;

/// Rows per transaction: many share a commit, and the counters of a day are written once for all of them; other writers do not wait long.
const BATCH: usize = 8_000;
/// Memory for the pages of one batch, in KiB: clients occur in random order, so nearly every row touches other pages.
const PAGES: u32 = 262_144;

impl Shell {
    /// Writes a checked file, starting where the import stopped. `progress` receives the number of finished rows.
    ///
    /// # Errors
    /// Errors of the database. Rows written until then stay, and the same command continues from there.
    pub async fn import(&self, checked: Checked, progress: Progress) -> Result<(ImportRun, Option<PathBuf>), Failure> {
        let Checked { wanted, reading, people, mut run, new_lines, .. } = checked;
        self.make_lines(&new_lines).await?;
        crate::life::report::recount::begin(&self.db).await?;
        self.db.remember(PAGES).await?;
        let (sender, mut batches) = mpsc::channel(2);
        let behind = run.done;
        let reader = tokio::task::spawn_blocking(move || read(&wanted, (reading, people), behind, &sender));
        while let Some(rows) = batches.recv().await {
            let done = rows.done;
            run = import_history::write(&self.db, run, rows, self.now()).await?;
            progress(u64::try_from(done).unwrap_or(0));
        }
        let rejects = reader.await.map_err(|error| Failure::Failed(format!("could not read the whole file: {error}")))??;
        let run = import_history::finish(&self.node().await?.engine, &By::command(), run, self.now()).await?;
        Ok((run, rejects))
    }
}

/// Reads all rows again. Rows that are already imported are skipped, except for their problems, so that the rejects file is
/// complete after every run.
fn read(wanted: &Wanted, reading: (Reading, People), behind: i64, sender: &mpsc::Sender<Rows>) -> Result<Option<PathBuf>, Failure> {
    let mut reader = Reader::open(wanted, reading, Arc::new(AtomicU64::new(0)), None)?;
    let mut rejects = Rejects { path: beside(&wanted.file), file: None };
    let (mut closes, mut done, mut rejected): (Vec<PastClose>, i64, i64) = (Vec::with_capacity(BATCH), 0, 0);
    loop {
        let row = reader.next()?;
        let is_last = row.is_none();
        if let Some(row) = row {
            done += 1;
            match row.close {
                Ok(close) if done > behind => closes.push(close),
                Ok(_) => {}
                Err(bad) => {
                    rejected += i64::from(done > behind);
                    rejects.keep(reader.layout.header(), row.line, &bad, &reader.cells)?;
                }
            }
        }
        let full = closes.len() >= BATCH || (is_last && done > behind && (!closes.is_empty() || rejected > 0));
        if full {
            let rows = Rows { closes: Arc::new(std::mem::replace(&mut closes, Vec::with_capacity(BATCH))), done, rejected };
            rejected = 0;
            // The receiver is gone: the writer has failed and reports why.
            if sender.blocking_send(rows).is_err() {
                return Ok(None);
            }
        }
        if is_last {
            return rejects.close();
        }
    }
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".rejects.csv");
    PathBuf::from(name)
}

/// Unusable rows, unchanged, each with its line and its problem. The corrected file can be imported.
struct Rejects {
    path: PathBuf,
    file: Option<csv::Writer<File>>,
}

impl Rejects {
    fn keep(&mut self, header: &[String], line: u64, bad: &Bad, cells: &[String]) -> Result<(), Failure> {
        let failed = |error: &dyn std::fmt::Display, path: &Path| Failure::Failed(format!("{} cannot be written: {error}", path.display()));
        if self.file.is_none() {
            // It contains what clients wrote, so only its owner may read it.
            let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&self.path);
            let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(file.map_err(|error| failed(&error, &self.path))?);
            let names = REJECTS.into_iter().chain(header.iter().map(String::as_str));
            writer.write_record(names).map_err(|error| failed(&error, &self.path))?;
            self.file = Some(writer);
        }
        let Some(writer) = &mut self.file else { return Ok(()) };
        let (line, problem) = (line.to_string(), bad.to_string());
        let row = [line.as_str(), problem.as_str()].into_iter().chain(cells.iter().map(String::as_str));
        writer.write_record(row).map_err(|error| failed(&error, &self.path))
    }

    /// Returns the file, if there is one.
    fn close(self) -> Result<Option<PathBuf>, Failure> {
        let Some(mut writer) = self.file else { return Ok(None) };
        writer.flush().map_err(|error| Failure::Failed(format!("{} cannot be written: {error}", self.path.display())))?;
        Ok(Some(self.path))
    }
}
