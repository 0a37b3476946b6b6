//! `lastword export`: writes lists to files, read page by page while the server may run.

pub(super) mod bi;

use super::{Failure, Shell};
use crate::domain::access::audit::{Act, By};
use crate::domain::access::rights::Lines;
use crate::domain::report::calendar::Day;
use crate::domain::report::rating_filter::{self, Filter};
use crate::http::export::csv::{self, WriteError};
use crate::http::export::ratings::{Closes, columns};
use crate::http::export::{Cell, Rows, jsonl, xlsx};
use crate::http::locale::language::Language;
use crate::life::records::export_audit::{Export, note};
use crate::store::report::recount;
use crate::store::{StoreError, line};
use async_trait::async_trait;
use chrono_tz::Tz;
use std::io::{self, Write};

/// Format of the file.
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
    /// Writes the closes and ratings that match a filter, newest close first. `filter` has values by the query parameters
    /// of the page of ratings. `progress` receives the number of written days and the total. Returns the number of rows.
    ///
    /// # Errors
    /// If the filter is invalid, or the file cannot be written.
    pub async fn export_ratings(
        &self,
        filter: &[(&'static str, String)],
        kind: FileKind,
        out: &mut (dyn Write + Send),
        progress: ExportProgress,
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
        let days = self.days(&read).await?;
        let rows = Box::new(Watched { rows: Closes::new(&self.db, read, Lines::All, true), zone: self.db.zone(), days, progress });
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
        note(&self.node().await?.engine, &export, count, true, self.now()).await?;
        Ok(count)
    }

    /// First and last day with closes that may match the filter; `None` if there are none.
    async fn days(&self, filter: &Filter) -> Result<Option<(Day, Day)>, Failure> {
        let day = |at| Day::of(at, self.db.zone());
        let within = |(first, last): (Day, Day)| {
            (filter.from.map_or(first, |from| first.max(day(from))), filter.until.map_or(last, |until| last.min(day(until))))
        };
        Ok(recount::extent(&self.db).await?.map(within))
    }
}

/// Receives the number of written days, and the total.
pub type ExportProgress = Box<dyn Fn(u64, u64) + Send + Sync>;

/// Rows of closes; reports their days.
struct Watched {
    rows: Closes,
    zone: Tz,
    days: Option<(Day, Day)>,
    progress: ExportProgress,
}

#[async_trait]
impl Rows for Watched {
    async fn next(&mut self) -> Result<Vec<Vec<Cell>>, StoreError> {
        let rows = self.rows.next().await?;
        if let Some(((first, last), at)) = self.days.zip(self.rows.reached()) {
            let count = |days: i64| u64::try_from(days).unwrap_or(0);
            (self.progress)(count(last.0 - Day::of(at, self.zone).0), count(last.0 - first.0 + 1));
        }
        Ok(rows)
    }
}
