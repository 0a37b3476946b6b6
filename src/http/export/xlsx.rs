//! Tables as XLSX: a separate thread writes each one into an unnamed temporary file, from which it is sent. If the system's folder for
//! temporary files is not writable, the working directory is used, which is the database's folder in our packages.

use super::csv::WriteError;
use super::{Cell, Column, Kind, Rows, as_file};
use crate::problem::{Code, Problem};
use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Maximum number of rows without the header row; a sheet has 1,048,576 rows (ECMA-376).
pub const ROWS_MAX: u32 = 1_048_575;
/// Number of batches queued for the writing thread.
const WAITING: usize = 4;
/// Maximum number of characters of a cell (ECMA-376).
const LETTERS_MAX: usize = 32_767;
/// Number of bytes of the finished file read at once.
const CHUNK: usize = 64 * 1024;

/// Creates the file of a table for download, within the time limit of a call. Returns the file and its number of rows.
///
/// # Errors
/// A problem: too many rows for a sheet or for the time limit, or a database or disk error.
pub async fn made_within(sheet: &str, columns: Vec<Column>, rows: Box<dyn Rows>, within: Option<Duration>) -> Result<(File, u64), Problem> {
    let making = made(sheet, columns, rows);
    let made = match within {
        Some(within) => tokio::time::timeout(within, making).await.unwrap_or(Err(WriteError::TooSlow)),
        None => making.await,
    };
    let too_many = |detail: String| {
        Problem::new(Code::TooMany, detail).remedy("Download it as CSV, or narrow the filter, for example to a shorter period.")
    };
    made.map_err(|error| match error {
        WriteError::Store(error) => Problem::from(error),
        WriteError::TooManyRows(max) => too_many(format!("The list has more than {max} rows, and a sheet has no more.")),
        WriteError::TooSlow => too_many("The list has more rows than an XLSX file can be made of in the time that a call has.".to_owned()),
        WriteError::NoFolder(why) => {
            tracing::error!("{why}");
            Problem::new(Code::Busy, format!("{why}."))
                .remedy("Set TMPDIR to a folder that the server may write to, and start it again. A CSV file needs none.")
        }
        WriteError::Io(error) if error.kind() == io::ErrorKind::StorageFull => {
            tracing::error!(%error, "could not write an XLSX file");
            Problem::busy("The server has no room for this file.", 30)
        }
        WriteError::Io(error) => {
            tracing::error!(%error, "could not write an XLSX file");
            Problem::new(Code::Busy, format!("The file cannot be written: {error}.")).remedy("Download it as CSV.")
        }
    })
}

/// A file of [`made_within`] as a download.
pub fn response(name: &str, file: File) -> Response {
    let stream = unfold(Some(file), |file| async move {
        let mut file = file?;
        let read = tokio::task::spawn_blocking(move || {
            let mut chunk = vec![0; CHUNK];
            let read = file.read(&mut chunk)?;
            chunk.truncate(read);
            Ok::<_, io::Error>((chunk, file))
        });
        match read.await.map_err(io::Error::other).flatten() {
            Ok((chunk, _)) if chunk.is_empty() => None,
            Ok((chunk, file)) => Some((Ok(Bytes::from(chunk)), Some(file))),
            Err(error) => Some((Err(error), None)),
        }
    });
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    as_file(Body::from_stream(stream).into_response(), kind, name)
}

/// Creates the file of a table. The file has no name and is deleted when it is closed. Returns the file and its number of rows.
///
/// # Errors
/// A database or disk error, or too many rows.
pub async fn made(sheet: &str, columns: Vec<Column>, mut rows: Box<dyn Rows>) -> Result<(File, u64), WriteError> {
    let (send, receive) = channel(WAITING);
    let sheet = sheet.to_owned();
    let writing = tokio::task::spawn_blocking(move || write(&sheet, &columns, receive));
    let sent = send_all(&mut rows, send).await;
    let written = writing.await.map_err(|error| WriteError::Io(io::Error::other(error)))?;
    sent.and(written)
}

/// Sends batches to the writing thread until there are no more, or it accepts none.
async fn send_all(rows: &mut Box<dyn Rows>, send: Sender<Batch>) -> Result<(), WriteError> {
    loop {
        let batch = rows.next().await?;
        let batch = if batch.is_empty() { Batch::End } else { Batch::Rows(batch) };
        let over = matches!(batch, Batch::End);
        // The writing thread reports its own error.
        if send.send(batch).await.is_err() || over {
            return Ok(());
        }
    }
}

/// The first of these folders in which a temporary file can be created.
fn scratch(folders: &[PathBuf]) -> Result<&Path, WriteError> {
    let mut why = Vec::new();
    for folder in folders {
        match tempfile::tempfile_in(folder) {
            Ok(_) => return Ok(folder),
            Err(error) => why.push(format!("{}: {error}", folder.display())),
        }
    }
    Err(WriteError::NoFolder(format!("No temporary file can be made ({})", why.join("; "))))
}

enum Batch {
    Rows(Vec<Vec<Cell>>),
    /// No more batches: all rows were sent, reading failed, or the receiver is gone.
    End,
}

fn write(name: &str, columns: &[Column], mut batches: Receiver<Batch>) -> Result<(File, u64), WriteError> {
    let folders: Vec<PathBuf> = [std::env::temp_dir()].into_iter().chain(std::env::current_dir()).collect();
    let folder = scratch(&folders)?;
    let mut workbook = Workbook::new();
    workbook.set_tempdir(folder).map_err(broken)?;
    let sheet = workbook.add_worksheet_with_constant_memory().map_err(broken)?;
    let (head, moment) = (Format::new().set_bold().set_text_wrap(), Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"));
    sheet.set_name(name.chars().filter(|letter| !"[]:*?/\\'".contains(*letter)).take(31).collect::<String>()).map_err(broken)?;
    sheet.set_freeze_panes(1, 0).map_err(broken)?;
    for (column, place) in columns.iter().zip(0_u16..) {
        sheet.set_column_width(place, column.width).map_err(broken)?;
        if column.kind == Kind::Moment {
            sheet.set_column_format(place, &moment).map_err(broken)?;
        }
    }
    for (column, place) in columns.iter().zip(0_u16..) {
        sheet.write_string_with_format(0, place, &column.title, &head).map_err(broken)?;
    }
    let mut row = 0;
    loop {
        let batch = match batches.blocking_recv() {
            Some(Batch::Rows(batch)) => batch,
            Some(Batch::End) => break,
            None => return Err(WriteError::Io(io::Error::other("the rows broke off"))),
        };
        for cells in batch {
            if row == ROWS_MAX {
                return Err(WriteError::TooManyRows(ROWS_MAX));
            }
            row += 1;
            for (cell, place) in cells.iter().zip(0_u16..) {
                put(sheet, row, place, cell, &moment).map_err(broken)?;
            }
        }
    }
    let last = u16::try_from(columns.len()).unwrap_or(u16::MAX).saturating_sub(1);
    sheet.autofilter(0, 0, row, last).map_err(broken)?;
    let mut file = tempfile::tempfile_in(folder)?;
    workbook.save_to_writer(BufWriter::new(&mut file)).map_err(broken)?;
    file.rewind()?;
    Ok((file, row.into()))
}

/// Writes each cell with the type of its value. A text is never a formula, whatever it starts with.
fn put(sheet: &mut Worksheet, row: u32, place: u16, cell: &Cell, moment: &Format) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => return Ok(()),
        Cell::Text(text) => sheet.write_string(row, place, text.chars().take(LETTERS_MAX).collect::<String>())?,
        #[expect(clippy::cast_precision_loss, reason = "counts and scores are far below 2^53")]
        Cell::Int(number) => sheet.write_number(row, place, *number as f64)?,
        Cell::Number(number) if number.is_finite() => sheet.write_number(row, place, *number)?,
        Cell::Number(_) => return Ok(()),
        Cell::Moment(at) => sheet.write_datetime_with_format(row, place, at.naive_local(), moment)?,
    };
    Ok(())
}

fn broken(error: XlsxError) -> WriteError {
    WriteError::Io(match error {
        XlsxError::IoError(error) => error,
        other => io::Error::other(other.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_trait::async_trait;
    use lastword_store::StoreError;

    /// Returns more rows than a sheet has, or fails in the middle.
    struct Rowing(u32, bool);

    #[async_trait]
    impl Rows for Rowing {
        async fn next(&mut self) -> Result<Vec<Vec<Cell>>, StoreError> {
            if self.1 {
                return Err(StoreError::Driver("gone".to_owned()));
            }
            let batch = self.0.min(100_000);
            self.0 -= batch;
            Ok((0..batch).map(|_| vec![Cell::Empty]).collect())
        }
    }

    #[tokio::test]
    async fn more_rows_than_a_sheet_has_are_said_and_not_cut() {
        let columns = || vec![Column::new("a", "A", Kind::Text, 5)];
        let full = made("s", columns(), Box::new(Rowing(ROWS_MAX, false))).await.unwrap();
        assert_eq!(full.1, u64::from(ROWS_MAX));
        assert!(matches!(made("s", columns(), Box::new(Rowing(ROWS_MAX + 1, false))).await, Err(WriteError::TooManyRows(ROWS_MAX))));
        let problem = made_within("s", columns(), Box::new(Rowing(ROWS_MAX + 1, false)), None).await.unwrap_err();
        assert!(problem.detail.contains("1048575") && problem.remedy.unwrap().contains("CSV"));
        assert!(matches!(made("s", columns(), Box::new(Rowing(5, true))).await, Err(WriteError::Store(_))));
    }

    #[test]
    fn another_folder_is_taken_where_the_first_cannot_be_written_to() {
        let (gone, there) = (PathBuf::from("/no/such/folder"), std::env::temp_dir());
        assert_eq!(scratch(&[gone.clone(), there.clone()]).unwrap(), there);
        let Err(WriteError::NoFolder(why)) = scratch(&[gone.clone(), "/proc/1".into()]) else { panic!("nowhere") };
        assert!(why.contains("/no/such/folder: No such file") && why.contains("/proc/1: "), "{why}");
    }

    /// A database that never responds.
    struct Endless;

    #[async_trait]
    impl Rows for Endless {
        async fn next(&mut self) -> Result<Vec<Vec<Cell>>, StoreError> {
            std::future::pending().await
        }
    }

    #[tokio::test]
    async fn what_takes_longer_than_a_call_may_says_what_to_take_instead() {
        let columns = vec![Column::new("a", "A", Kind::Text, 5)];
        let problem = made_within("s", columns, Box::new(Endless), Some(Duration::from_millis(1))).await.unwrap_err();
        assert_eq!(problem.code, Code::TooMany);
        assert!(problem.detail.contains("in the time") && problem.remedy.unwrap().contains("CSV"));
    }
}
