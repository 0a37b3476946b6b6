//! `lastword bi`: the views for BI tools as files, and the role that may read only them.

use crate::app::admin::backup::sync;
use crate::app::admin::{Failure, Shell};
use crate::domain::access::audit::{Act, By};
use crate::http::export::csv::{self, WriteError};
use crate::http::export::{Cell, Column, Kind, Rows};
use crate::life::records::export_audit::{Export, note};
use crate::settings::PostgresUrl;
use crate::store::StoreError;
use crate::store::report::bi::{self, Reading, VIEWS, Value, View, place, reader_statements};
use async_trait::async_trait;
use std::fs::{self, File, TryLockError};
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;

/// Locked by the run that writes into a folder.
const LOCK: &str = ".lastword-bi.lock";

/// Receives the name of a view, the number of written rows, and the total.
pub type BiProgress = Arc<dyn Fn(&'static str, u64, u64) + Send + Sync>;

/// Names of the views.
pub fn bi_views() -> impl Iterator<Item = &'static str> {
    VIEWS.iter().map(|view| view.name)
}

impl Shell {
    /// Writes a CSV file of each view, or of those named in `only`, into a folder, and replaces earlier ones, each as a whole. Returns
    /// the files and their numbers of rows.
    ///
    /// # Errors
    /// If a file cannot be written. The previous one is still there then.
    pub async fn export_views(&self, folder: &Path, only: &[String], progress: BiProgress) -> Result<Vec<(String, u64)>, Failure> {
        let _turn = take_turn(folder)?;
        let mut written = Vec::new();
        for view in VIEWS.iter().filter(|view| only.is_empty() || only.iter().any(|name| name == view.name)) {
            let name = format!("{}.csv", view.name);
            let rows = Box::new(Watched::open(self, view, progress.clone()).await?);
            written.push((name.clone(), replace(folder, &name, &columns(view), rows).await?));
        }
        sync(folder).map_err(|error| cannot(folder, &error))?;
        let export = Export::new(By::command(), Act::ListExported, "bi", "csv", std::iter::empty());
        let rows = written.iter().map(|(_, rows)| rows).sum();
        note(&self.node().await?.engine, &export, rows, true, self.now()).await?;
        Ok(written)
    }

    /// The SQL that creates a role which may read the views and nothing else, one statement per line.
    ///
    /// # Errors
    /// On SQLite, and if `role` is the role of `database.url`.
    pub async fn reader_statements(&self, role: &str) -> Result<Vec<String>, Failure> {
        let Some((schema, database)) = place(&self.db).await? else {
            return Err(Failure::Usage(
                "database.url: only PostgreSQL has roles; write files with: lastword bi export --to FOLDER".to_owned(),
            ));
        };
        let owner = PostgresUrl::parse(&self.settings.database.url.address()).ok().and_then(|url| url.role());
        if owner.as_deref() == Some(role) {
            return Err(Failure::Usage(format!("--name: {role} is the role of Lastword itself; name another one")));
        }
        Ok(reader_statements(role, owner.as_deref(), &schema, &database))
    }
}

fn columns(view: &View) -> Vec<Column> {
    let kind = |kind| if kind == bi::Kind::Int { Kind::Number } else { Kind::Text };
    view.columns.iter().map(|(name, is)| Column::new(name, *name, kind(*is), 16)).collect()
}

fn cannot(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::Failed(format!("--to: {}: {error}", path.display()))
}

/// Creates the folder if necessary. Two runs must not write into the same one at the same time.
fn take_turn(folder: &Path) -> Result<File, Failure> {
    fs::create_dir_all(folder).map_err(|error| cannot(folder, &error))?;
    let path = folder.join(LOCK);
    let lock = File::options().create(true).truncate(false).write(true).open(&path).map_err(|error| cannot(&path, &error))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => {
            Err(Failure::Failed(format!("--to: another lastword bi export is writing into {}; wait for it", folder.display())))
        }
        Err(TryLockError::Error(error)) => Err(cannot(&path, &error)),
    }
}

/// Writes a file under another name and renames it when it is complete and on the disk, so that a reader finds the old file or
/// the new one.
async fn replace(folder: &Path, name: &str, columns: &[Column], rows: Box<dyn Rows>) -> Result<u64, Failure> {
    let (part, path) = (folder.join(format!(".{name}.part")), folder.join(name));
    let written = async {
        let mut out = BufWriter::new(File::create(&part)?);
        let count = csv::write(&mut out, columns, rows).await?;
        out.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
        fs::rename(&part, &path)?;
        Ok::<u64, WriteError>(count)
    };
    written.await.map_err(|error| {
        let _ = fs::remove_file(&part);
        cannot(&path, &error)
    })
}

/// Rows of a view; reports their number.
struct Watched {
    rows: Reading,
    name: &'static str,
    done: u64,
    total: u64,
    progress: BiProgress,
}

impl Watched {
    async fn open(shell: &Shell, view: &'static View, progress: BiProgress) -> Result<Self, Failure> {
        let (rows, total) = (view.open(&shell.db).await?, view.count(&shell.db).await?);
        progress(view.name, 0, total);
        Ok(Self { rows, name: view.name, done: 0, total, progress })
    }
}

#[async_trait]
impl Rows for Watched {
    async fn next(&mut self) -> Result<Vec<Vec<Cell>>, StoreError> {
        let rows = self.rows.next().await?;
        self.done += rows.len() as u64;
        (self.progress)(self.name, self.done, self.total);
        let cell = |value| match value {
            Value::Null => Cell::Empty,
            Value::Text(text) => Cell::Text(text),
            Value::Int(number) => Cell::Int(number),
        };
        Ok(rows.into_iter().map(|row| row.into_iter().map(cell).collect()).collect())
    }
}
