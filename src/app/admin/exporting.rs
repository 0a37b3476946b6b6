//! `lastword export`: lists as files, read page by page beside the running server.

use super::{Failure, Shell};
use crate::domain::access::audit::{Act, By};
use crate::domain::access::rights::Lines;
use crate::domain::report::rating_filter;
use crate::http::export::csv::{self, WriteError};
use crate::http::export::ratings::{Closes, columns};
use crate::http::export::{jsonl, xlsx};
use crate::http::locale::language::Language;
use crate::life::records::export_audit::{Export, note};
use crate::store::line;
use std::io::{self, Write};

/// What kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// CSV, for spreadsheets and programs.
    Csv,
    /// XLSX, for spreadsheets.
    Xlsx,
    /// JSON lines, for programs.
    Jsonl,
}

impl FileKind {
    fn as_str(self) -> &'static str {
        match self {
            FileKind::Csv => "csv",
            FileKind::Xlsx => "xlsx",
            FileKind::Jsonl => "jsonl",
        }
    }
}

impl Shell {
    /// Writes the closes and ratings that a filter lets through, newest close first. `filter` are values by the names that the
    /// page of ratings has in its address. Gives how many rows were written.
    ///
    /// # Errors
    /// When the filter makes no sense, or the file cannot be written.
    pub async fn export_ratings(
        &self,
        filter: &[(&'static str, String)],
        kind: FileKind,
        out: &mut (dyn Write + Send),
    ) -> Result<u64, Failure> {
        let values = |name: &str| filter.iter().filter(|(known, _)| *known == name).map(|(_, value)| value.as_str()).collect();
        let (read, wrong) = rating_filter::read(values, self.db.zone());
        if let Some((name, why)) = wrong.first() {
            return Err(Failure::Usage(format!("--{name}: {}", Language::En.text(why.key(), &[]))));
        }
        for line in &read.lines {
            if line::find(&self.db, line).await?.is_none() {
                return Err(Failure::Usage(format!("--line: there is no line \"{line}\"; see: lastword line list")));
            }
        }
        let columns = columns(Language::En, self.db.zone());
        let rows = Box::new(Closes::new(&self.db, read, Lines::All, true));
        let written = match kind {
            FileKind::Csv => csv::write(out, &columns, rows).await,
            FileKind::Jsonl => jsonl::write(out, &columns, rows).await,
            FileKind::Xlsx => match xlsx::made("Ratings", columns, rows).await {
                Ok((mut file, count)) => io::copy(&mut file, out).map(|_| count).map_err(WriteError::Io),
                Err(error) => Err(error),
            },
        };
        let count = written.map_err(|error| Failure::Failed(error.to_string()))?;
        let asked = filter.iter().map(|(name, value)| (*name, value.as_str()));
        let export = Export::new(By::command(), Act::ListExported, "ratings", kind.as_str(), asked);
        note(&self.node()?.engine, &export, count, true, self.now()).await?;
        Ok(count)
    }
}
