//! `lastword import`: reads a file of past closes twice. The first pass checks the whole file and lists what cannot be
//! used; the second writes it row by row to the database. If it is interrupted, the next run continues where it stopped.

mod first_look;
mod people;
mod writing;

pub use lastword_import::Encoding;

use self::people::People;
use super::{Failure, Shell};
use crate::app::named;
use crate::domain::answer::rating::Scale;
use crate::domain::line::LineSettings;
use crate::life::admin::change_line::{Changed, save_line};
use crate::life::records::import_history;
use crate::store::line::{self, LineChange};
use crate::store::records::import_run::ImportRun;
use crate::time::Millis;
use chrono_tz::Tz;
use lastword_base::names::LineId;
use lastword_contract::phone::Country;
use lastword_import::{self as import, Bad, DateOrder, FORMATS, Format, KnownLine, Layout, PastClose, Reading, Records};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Maximum problems shown on the screen; the rejects file contains all of them.
const TOLD_MAX: usize = 20;
/// Rows between two progress reports.
const TELL_EVERY: u64 = 2_000;

/// A file to import, and its options.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Path of the file.
    pub file: PathBuf,
    /// Format of the file.
    pub format: &'static Format,
    /// Line of all its rows.
    pub line: Option<String>,
    /// Source of its sessions.
    pub source: String,
    /// Encoding, if it cannot be detected.
    pub encoding: Option<Encoding>,
    /// Separator of its cells.
    pub separator: Option<u8>,
    /// Time zone of its times; default: the organisation's.
    pub zone: Option<Tz>,
    /// Order of day and month in dates with a slash; `None` to detect it.
    pub dates: Option<DateOrder>,
    /// Scale of scores without one.
    pub scale: Option<Scale>,
    /// Create missing lines.
    pub make_lines: bool,
}

/// Names of all formats.
pub fn formats() -> Vec<&'static str> {
    FORMATS.iter().map(|format| format.word).collect()
}

/// Parses the arguments of the command line.
///
/// # Errors
/// Names the argument and the remedy.
pub fn wanted(file: PathBuf, format: &str, dates: Option<&str>, scale: Option<&str>, zone: Option<&str>) -> Result<Wanted, Failure> {
    let known = import::format(format).ok_or_else(|| Failure::Usage(format!("--format: write one of {}", formats().join(", "))))?;
    let zone = zone.map(|name| {
        name.parse().map_err(|_| Failure::Usage(format!("--time-zone: there is no time zone \"{name}\"; write for example Europe/Berlin")))
    });
    let scale = scale.map(|word| Scale::parse(word).ok_or_else(|| Failure::Usage("--scale: write binary or five_star".to_owned())));
    Ok(Wanted {
        file,
        format: known,
        line: None,
        // A file in our own format may come from any desk.
        source: if matches!(format, "csv" | "jsonl") { "import" } else { format }.to_owned(),
        encoding: None,
        separator: None,
        zone: zone.transpose()?,
        dates: dates.map(|order| if order == "dmy" { DateOrder::DayFirst } else { DateOrder::MonthFirst }),
        scale: scale.transpose()?,
        make_lines: false,
    })
}

/// A line that the import creates.
#[derive(Clone, Debug)]
pub struct NewLine {
    /// Its name.
    pub name: String,
    /// The most frequent scale of its scores in the file, so that the rule for "good" fits them.
    pub scale: Scale,
}

/// Result of the first pass.
#[derive(Debug)]
pub struct Checked {
    wanted: Wanted,
    reading: Reading,
    people: People,
    /// Progress of its import.
    pub run: ImportRun,
    /// Number of rows.
    pub rows: u64,
    /// Number of rows that can be imported.
    pub good: u64,
    /// Number of those with a rating.
    pub ratings: u64,
    /// The first rows that cannot be imported, each with its line in the file.
    pub problems: Vec<(u64, Bad)>,
    /// Times of the first and the last close.
    pub extent: Option<(Millis, Millis)>,
    /// Number of closes by line.
    pub lines: BTreeMap<LineId, u64>,
    /// Lines that the import creates, by ID.
    pub new_lines: BTreeMap<String, NewLine>,
    /// Unknown columns.
    pub unknown_columns: Vec<String>,
    /// Encoding of the file.
    pub encoding: String,
    /// Ambiguous values and how they were interpreted, one sentence each.
    pub notes: Vec<String>,
}

impl Checked {
    /// Number of rows that cannot be imported.
    pub fn rejected(&self) -> u64 {
        self.rows - self.good
    }
}

/// Receives the progress of a pass, in bytes or rows.
pub(super) type Progress = Arc<dyn Fn(u64) + Send + Sync>;

impl Shell {
    /// Reads and checks a whole file. Writes nothing.
    ///
    /// # Errors
    /// If the file cannot be read, or a column is missing.
    pub async fn check_import(&self, wanted: Wanted, progress: Progress) -> Result<Checked, Failure> {
        let reading = self.reading(&wanted).await?;
        let country = self.settings.organisation.default_country.as_deref().and_then(Country::parse);
        let people = People { channels: self.node().await?.engine.channels.clone(), country };
        let read = tokio::task::spawn_blocking(move || check(wanted, reading, people, &progress)).await;
        let mut checked = read.map_err(|error| Failure::Failed(format!("could not read the whole file: {error}")))??;
        let fresh = ImportRun { started_at: self.now(), ..checked.run };
        checked.run = import_history::begin(&self.db, fresh).await?;
        Ok(checked)
    }

    async fn reading(&self, wanted: &Wanted) -> Result<Reading, Failure> {
        let (mut lines, mut by_name) = (HashMap::new(), HashMap::new());
        for line in line::all(&self.db).await? {
            let known = Arc::new(KnownLine { version: line.version, id: line.id.clone(), settings: line.settings.clone() });
            by_name.entry(line.name.trim().to_lowercase()).or_insert_with(|| known.clone());
            lines.insert(line.id.as_str().to_lowercase(), known);
        }
        for (name, line) in by_name {
            lines.entry(name).or_insert(line);
        }
        let line = match &wanted.line {
            None => None,
            Some(name) => Some(
                lines
                    .get(&name.to_lowercase())
                    .cloned()
                    .ok_or_else(|| Failure::Usage(format!("--line: there is no line \"{name}\"; see: lastword line list")))?,
            ),
        };
        let zone = wanted.zone.unwrap_or(self.settings.organisation.time_zone);
        Ok(Reading {
            zone,
            dates: wanted.dates.unwrap_or_default(),
            now: self.now(),
            scale: wanted.scale,
            line,
            lines,
            named: named(&self.settings),
        })
    }

    /// Creates the missing lines of a file. They ask no clients until they are switched on.
    async fn make_lines(&self, new: &BTreeMap<String, NewLine>) -> Result<(), Failure> {
        for (id, NewLine { name, scale }) in new {
            if line::find(&self.db, &id.as_str().into()).await?.is_some() {
                continue;
            }
            let settings = LineSettings { enabled: false, scale: *scale, ..LineSettings::default() };
            let by = "lastword import".to_owned();
            let change =
                LineChange { id: id.clone().into(), name: name.clone(), settings, archived: false, seen_version: 0, by, at: self.now() };
            if !matches!(save_line(&self.node().await?.engine, change).await?, Changed::Saved(_)) {
                return Err(Failure::Failed(format!("the line \"{name}\" could not be created; create it with lastword line add")));
            }
        }
        Ok(())
    }
}

/// Parses the rows of a file in order, for both passes.
struct Reader {
    records: Records,
    layout: Layout,
    reading: Reading,
    people: People,
    make_lines: bool,
    /// The most frequent scale of each line that does not exist yet, by ID.
    scales: BTreeMap<String, Scale>,
    new_lines: BTreeMap<String, NewLine>,
    cells: Vec<String>,
}

/// One row: its line in the file, and its content.
struct Read {
    line: u64,
    close: Result<PastClose, Bad>,
    /// Why a part of the row was left out.
    note: Option<String>,
}

impl Reader {
    fn open(
        wanted: &Wanted,
        (reading, people): (Reading, People),
        read: Arc<AtomicU64>,
        sum: Option<Arc<Mutex<Sha256>>>,
    ) -> Result<Self, Failure> {
        let records = Records::open(&wanted.file, &[wanted.format], (wanted.encoding, wanted.separator), read, sum)?;
        let layout = wanted.format.layout(&records.header);
        let layout = layout.map_err(|bad| Failure::Usage(format!("{}: {bad}", wanted.file.display())))?;
        if reading.line.is_none() && !layout.has_line() {
            return Err(Failure::Usage("--line: the rows of this file do not name a line; name one for all of them".to_owned()));
        }
        let (scales, new_lines) = (BTreeMap::new(), BTreeMap::new());
        Ok(Self { records, layout, reading, people, make_lines: wanted.make_lines, scales, new_lines, cells: Vec::new() })
    }

    /// The next row that is not empty.
    fn next(&mut self) -> Result<Option<Read>, Failure> {
        loop {
            let failed = |error| Failure::Failed(format!("the file can no longer be read: {error}"));
            let Some((line, whole)) = self.records.next(&mut self.cells, |cells| self.layout.begins_row(cells)).map_err(failed)? else {
                return Ok(None);
            };
            if whole.is_ok() && self.layout.is_empty(&self.cells) {
                continue;
            }
            let mut close = match whole {
                Err(problem) => Err(Bad { column: String::new(), problem: format!("the row {problem}") }),
                Ok(()) => {
                    self.know_line();
                    self.layout.read(&self.cells, &self.reading)
                }
            };
            let note = close.as_mut().ok().and_then(|close| self.people.know(close));
            return Ok(Some(Read { line, close, note }));
        }
    }

    /// Registers the new line of a row, so that later rows use it.
    fn know_line(&mut self) {
        if !self.make_lines || self.reading.line.is_some() {
            return;
        }
        let Some(name) = self.layout.line_named(&self.cells) else { return };
        // A number rewritten by a spreadsheet names the same line.
        let (small, name) = (name.to_lowercase(), import::whole(name).unwrap_or(name));
        let is_known = |name: &str| self.reading.lines.contains_key(name);
        if is_known(&small) || is_known(name) || name.chars().count() > 100 || name.chars().any(char::is_control) {
            return;
        }
        let id = line_id(name);
        let scale = self.reading.scale.or_else(|| self.scales.get(&id).copied()).unwrap_or_default();
        self.new_lines.insert(id.clone(), NewLine { name: name.to_owned(), scale });
        let settings = LineSettings { scale, ..LineSettings::default() };
        let line = Arc::new(KnownLine { id: id.into(), version: 1, settings });
        self.reading.lines.extend([(name.to_lowercase(), line.clone()), (small, line)]);
    }
}

/// An ID for a line with this name: the name itself if it is a valid ID.
fn line_id(name: &str) -> String {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "-_.:".contains(letter);
    if name.chars().all(fits) && name.len() <= 64 {
        return name.to_owned();
    }
    let plain: String = name.chars().map(|letter| if fits(letter) { letter.to_ascii_lowercase() } else { '-' }).collect();
    let words: Vec<&str> = plain.split('-').filter(|word| !word.is_empty()).collect();
    let start: String = words.join("-").chars().take(40).collect();
    let sum = hex::encode(&Sha256::digest(name.as_bytes())[..3]);
    if start.is_empty() { format!("line-{sum}") } else { format!("{start}-{sum}") }
}

/// The passes over a file before its import.
struct Pass<'a> {
    /// Bytes read in all passes so far.
    read: Arc<AtomicU64>,
    /// Number of passes.
    passes: u64,
    progress: &'a Progress,
}

impl Pass<'_> {
    /// Reports the bytes of the file, each for its part in all passes, after every [`TELL_EVERY`] rows.
    fn tell(&self, rows: u64) {
        if rows.is_multiple_of(TELL_EVERY) {
            (self.progress)(self.read.load(Ordering::Relaxed) / self.passes);
        }
    }
}

fn check(wanted: Wanted, mut reading: Reading, people: People, progress: &Progress) -> Result<Checked, Failure> {
    let twice = first_look::is_needed(&wanted, &reading);
    let pass = Pass { read: Arc::default(), passes: if twice { 2 } else { 1 }, progress };
    let scales = if twice { first_look::first_look(&wanted, &mut reading, &people, &pass)? } else { BTreeMap::new() };
    let sum = Arc::new(Mutex::new(Sha256::new()));
    let mut reader = Reader::open(&wanted, (reading, people.clone()), pass.read.clone(), Some(sum.clone()))?;
    reader.scales = scales;
    let (mut rows, mut good, mut ratings, mut left_out, mut dated) = (0, 0, 0, 0_u64, false);
    let (mut problems, mut extent, mut lines, mut notes) = (Vec::new(), None, BTreeMap::new(), Vec::new());
    while let Some(row) = reader.next()? {
        rows += 1;
        pass.tell(rows);
        match row.close {
            Ok(close) => {
                good += 1;
                if left_out == 0 {
                    notes.extend(row.note.as_ref().map(|note| format!("line {}: {note}", row.line)));
                }
                left_out += u64::from(row.note.is_some());
                if !dated && let Some(note) = reader.layout.day_count(&reader.cells) {
                    notes.push(format!("line {}: {note}", row.line));
                    dated = true;
                }
                ratings += u64::from(close.rating.is_some());
                let at = close.closed_at;
                extent = Some(extent.map_or((at, at), |(first, last): (Millis, Millis)| (at.min(first), at.max(last))));
                match lines.get_mut(&close.line.id) {
                    Some(count) => *count += 1,
                    None => drop(lines.insert(close.line.id.clone(), 1)),
                }
            }
            Err(bad) if problems.len() < TOLD_MAX => problems.push((row.line, bad)),
            Err(_) => {}
        }
    }
    if left_out > 1 {
        notes.push(format!("and {} more rows whose chat was left out", left_out - 1));
    }
    let content = sum.lock().unwrap_or_else(PoisonError::into_inner).clone().finalize();
    let file = wanted.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let run = ImportRun {
        id: run_id(&wanted, &reader.reading, &content),
        file,
        format: wanted.format.word.to_owned(),
        source: wanted.source.clone().into(),
        ..ImportRun::default()
    };
    let new_lines = std::mem::take(&mut reader.new_lines).into_iter().filter(|(id, _)| lines.contains_key(id.as_str())).collect();
    let (encoding, unknown_columns) = (reader.records.shape.encoding.word(), reader.layout.unknown.clone());
    let reading = reader.reading;
    Ok(Checked { wanted, reading, people, run, rows, good, ratings, problems, extent, lines, new_lines, unknown_columns, encoding, notes })
}

/// Stable name of the encoding: an import can only be resumed with the ID with which it began.
fn encoding_in_id(encoding: Option<Encoding>) -> String {
    let Some(word) = encoding.map(Encoding::word) else { return "None".to_owned() };
    let word = match word.as_str() {
        "utf-8" => "Utf8",
        "utf-16le" => "Utf16Le",
        "utf-16be" => "Utf16Be",
        "windows-1251" => "Windows1251",
        other => other,
    };
    format!("Some({word})")
}

/// Hash of a file's content and options: the same import has the same ID.
fn run_id(wanted: &Wanted, reading: &Reading, content: &[u8]) -> String {
    let mut sum = Sha256::new();
    sum.update(content);
    let line = reading.line.as_ref().map(|line| line.id.as_str());
    let how = format!(
        "{}\n{}\n{:?}\n{:?}\n{}\n{:?}\n{}\n{:?}",
        wanted.format.word,
        wanted.source,
        line,
        reading.scale,
        reading.zone.name(),
        reading.dates,
        encoding_in_id(wanted.encoding),
        wanted.separator
    );
    sum.update(how.as_bytes());
    hex::encode(sum.finalize())
}

#[cfg(test)]
mod tests {
    use super::{Encoding, People, Progress, Reading, check, encoding_in_id, line_id, wanted};
    use crate::life::engine::channels::Channels;
    use lastword_domain::session::label::Named;
    use lastword_import::DateOrder;
    use std::sync::{Arc, Mutex};

    #[test]
    fn a_line_keeps_its_name_as_its_id_where_it_can() {
        assert_eq!(line_id("sales-2"), "sales-2");
        assert!(line_id("Отдел продаж").starts_with("line-") && line_id("Support (EU)").starts_with("support-eu-"));
        assert_ne!(line_id("Отдел 1"), line_id("Склад 1"));
    }

    #[test]
    fn a_file_that_is_read_twice_moves_its_progress_from_the_first_row_on() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("history.csv");
        let rows: String = (0..40_000).map(|row| format!("s{row},sales,1795000000\n")).collect();
        std::fs::write(&file, format!("session,line,closed_at\n{rows}")).unwrap();
        let bytes = std::fs::metadata(&file).unwrap().len();
        for (dates, half) in [(None, true), (Some("dmy"), false)] {
            let wanted = wanted(file.clone(), "csv", dates, Some("binary"), None).unwrap();
            let reading = Reading {
                zone: chrono_tz::UTC,
                dates: DateOrder::DayFirst,
                now: 1_800_000_000_000,
                scale: wanted.scale,
                line: None,
                lines: std::collections::HashMap::new(),
                named: Named::default(),
            };
            let told = Arc::new(Mutex::new(Vec::new()));
            let progress: Progress = Arc::new({
                let told = told.clone();
                move |at| told.lock().unwrap().push(at)
            });
            check(wanted, reading, People { channels: Arc::new(Channels::default()), country: None }, &progress).unwrap();
            let told = told.lock().unwrap().clone();
            assert_eq!(told.len(), if half { 40 } else { 20 }, "{dates:?}");
            assert!(told.is_sorted() && told.last().is_some_and(|at| *at <= bytes), "{dates:?}: {told:?} of {bytes}");
            assert!(told.first().is_some_and(|at| *at > 0 && *at < bytes / 2), "{dates:?}: {told:?} of {bytes}");
        }
    }

    #[test]
    fn an_encoding_keeps_its_word_in_the_id_of_an_import() {
        let word = |said: &str| encoding_in_id(Encoding::parse(said));
        assert_eq!(
            (word("utf-8"), word("cp1251"), word("utf-16")),
            ("Some(Utf8)".into(), "Some(Windows1251)".into(), "Some(Utf16Le)".into())
        );
        assert_eq!((word("latin1"), encoding_in_id(None)), ("Some(windows-1252)".into(), "None".into()));
    }
}
