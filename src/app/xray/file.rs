//! Reads chats from an export of a desk, or a file in our own format.

use super::{Made, Missing, Output, json_rows};
use crate::app::admin::{Encoding, Failure};
use crate::domain::answer::rating::Scale;
use crate::domain::line::LineSettings;
use crate::domain::session::label::Named;
use crate::time::{Clock, Millis, SystemClock};
use lastword_base::names::SessionId;
use lastword_import::{DateOrder, DateOrderEvidence, FORMATS, Format, KnownLine, Layout, PastClose, READ_ONLY, Reading, Records, whole};
use lastword_xray::chat::{AskStatus, Chat, ClientWrote, Person, Rating};
use lastword_xray::{Missed, Read, Source};
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Maximum bytes of a JSON file, which is read as a whole.
const JSON_MAX: u64 = 1 << 30;
/// Names or IDs of programs that are the same in all installations of a desk.
const PROGRAMS: &[&str] = &["rocket.cat", "answer bot"];
/// Rows examined to detect the kind of a file.
const ROWS_SEEN: usize = 50;
/// Maximum examples of each kind of mistake.
const EXAMPLES_MAX: usize = 3;

/// Options of reading a file.
#[derive(Clone, Debug)]
pub struct WantedFile {
    /// Path of the file.
    pub path: PathBuf,
    /// Name of its kind; `None` to detect it.
    pub from: Option<String>,
    /// Encoding, if it cannot be detected.
    pub encoding: Option<Encoding>,
    /// Separator of its cells.
    pub separator: Option<u8>,
    /// `dmy` if the day is first in dates with a slash, `mdy` if the month is; `None` to detect it.
    pub dates: Option<String>,
    /// Name of the scale of scores without one.
    pub scale: Option<String>,
}

/// Names of all kinds of files, and their sources.
const KINDS: [(&str, Source); 6] = [
    ("csv", Source::Csv),
    ("bitrix24", Source::Bitrix24),
    ("chatwoot", Source::ChatwootCsat),
    ("freescout", Source::FreeScout),
    ("rocketchat", Source::RocketChat),
    ("zendesk", Source::Zendesk),
];

/// Names of all kinds of files.
pub fn kinds() -> Vec<&'static str> {
    KINDS.iter().map(|(word, _)| *word).collect()
}

/// Rows of a file, each with its line number.
struct Rows {
    header: Vec<String>,
    rows: Vec<(u64, Result<Vec<String>, String>)>,
    json: bool,
}

/// Reads and analyzes a whole file.
///
/// # Errors
/// If it cannot be read, is of an unknown kind, or its dates or scores are ambiguous.
pub fn look_at_file(wanted: &WantedFile, output: &Output) -> Result<Made, Failure> {
    let now = SystemClock::default().now();
    let read = read_file(wanted, output, now)?;
    let name = wanted.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(output.made(name, read, now))
}

/// `now` is the time of reading: no close is later.
fn read_file(wanted: &WantedFile, output: &Output, now: Millis) -> Result<Read, Failure> {
    let usage = |problem: String| Failure::Usage(format!("{}: {problem}", wanted.path.display()));
    let (rows, format) = open(wanted)?;
    let layout = format.layout(&rows.header).map_err(|bad| usage(bad.to_string()))?;
    let dates = match wanted.dates.as_deref() {
        Some("dmy") => DateOrder::DayFirst,
        Some(_) => DateOrder::MonthFirst,
        None => {
            let mut evidence = DateOrderEvidence::default();
            let cells = rows.rows.iter().filter_map(|(line, row)| Some((line, row.as_ref().ok()?)));
            cells.for_each(|(line, cells)| layout.moments(cells).for_each(|moment| evidence.look(*line, moment)));
            evidence.order().map_err(|problem| Failure::Usage(format!("--dates: {problem}")))?
        }
    };
    let said = wanted.scale.as_deref().and_then(Scale::parse);
    let scale = said.map_or_else(|| scale(&rows, &layout), |scale| Ok(Some(scale)))?;
    let reading = Reading { zone: output.zone(), dates, now, scale, line: None, lines: HashMap::new(), named: Named::default() };
    let source = KINDS.iter().find(|(word, _)| *word == format.word).map_or(Source::Csv, |(_, source)| *source);
    let mut found = Found { source, programs: output.programs(), chats: Vec::new(), places: HashMap::new(), missing: Missing::default() };
    if !rows.json {
        found.missing.note(Missed::UnknownColumn, layout.unknown.len(), layout.unknown.join(", "));
    }
    found.read(&rows, &layout, reading);
    if found.chats.is_empty() {
        let problem = found.missing.0.iter().find(|missed| missed.what == Missed::Unreadable).map(|missed| format!(": {}", missed.example));
        return Err(usage(format!("holds no closed chat that can be read{}", problem.unwrap_or_default())));
    }
    let moments = || found.chats.iter().flat_map(|chat| chat.closed_at.into_iter().chain(chat.rating.as_ref().map(|rating| rating.at)));
    let (since, until) = (moments().min().unwrap_or(now), moments().max().unwrap_or(now));
    Ok(Read { source, since, until, chats: found.chats, told: None, not_read: found.missing.0 })
}

/// Scale of scores without one: a 1 is one star if others are stars, and a thumb if others are thumbs.
fn scale(rows: &Rows, layout: &Layout) -> Result<Option<Scale>, Failure> {
    let shown: BTreeSet<Scale> =
        rows.rows.iter().filter_map(|(_, row)| row.as_ref().ok()).filter_map(|cells| layout.scale_shown(cells)).collect();
    if shown.len() > 1 {
        let problem = "thumbs and stars stand in one column, so a 1 can be read in two ways; give binary or five_star, or a column scale";
        return Err(Failure::Usage(format!("--scale: {problem}")));
    }
    Ok(shown.first().copied())
}

fn open(wanted: &WantedFile) -> Result<(Rows, &'static Format), Failure> {
    let name = wanted.path.display();
    let start = start(&wanted.path)?;
    let json = matches!(start.trim_start_matches('\u{feff}').trim_start().chars().next(), Some('{' | '['));
    let rows = if json { json_file(&wanted.path)? } else { table(wanted)? };
    if let Some(word) = &wanted.from {
        let format = known().find(|format| format.word == word);
        return format.map(|format| (rows, format)).ok_or_else(|| Failure::Usage(format!("--from: write one of {}", kinds().join(", "))));
    }
    let mut fits: Vec<(usize, &Format)> = known().filter_map(|format| Some((format.matches(&rows.header)?, format))).collect();
    fits.sort_by_key(|(columns, _)| std::cmp::Reverse(*columns));
    if fits.is_empty() {
        // If the header is in an unknown language, the rows identify the kind.
        let seen = || rows.rows.iter().filter_map(|(_, row)| row.as_ref().ok()).take(ROWS_SEEN);
        fits.extend(known().filter(|format| seen().any(|cells| format.fits(&rows.header, cells))).map(|format| (1, format)));
    }
    match fits.as_slice() {
        [(first, format), rest @ ..] if rest.iter().all(|(columns, _)| columns < first) => Ok((rows, *format)),
        _ => {
            let seen: Vec<&str> = rows.header.iter().map(|name| name.trim()).take(40).collect();
            let remedy = format!("say with --from what it is ({}); its columns are: {}", kinds().join(", "), seen.join(", "));
            Err(Failure::Usage(format!("{name}: it is not to be seen which desk this is from; {remedy}")))
        }
    }
}

/// Formats of all kinds of files.
fn known() -> impl Iterator<Item = &'static Format> {
    FORMATS.into_iter().chain(READ_ONLY).filter(|format| kinds().contains(&format.word))
}

/// Start of a file. Encodings other than UTF-8 only occur in tables, not in JSON.
fn start(path: &Path) -> Result<String, Failure> {
    use std::io::Read as _;
    let unreadable = |error: std::io::Error| Failure::Failed(format!("{} cannot be read: {error}", path.display()));
    let mut start = Vec::new();
    std::fs::File::open(path).map_err(unreadable)?.take(256).read_to_end(&mut start).map_err(unreadable)?;
    Ok(String::from_utf8_lossy(&start).into_owned())
}

fn json_file(path: &Path) -> Result<Rows, Failure> {
    let name = path.display();
    let unreadable = |error: std::io::Error| Failure::Failed(format!("{name} cannot be read: {error}"));
    if std::fs::metadata(path).map_err(unreadable)?.len() > JSON_MAX {
        return Err(Failure::Usage(format!("{name} is longer than 1 GiB; export fewer days")));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    let rows = json_rows::rows(&bytes).map_err(|problem| Failure::Usage(format!("{name}: {problem}")))?;
    let header: BTreeSet<&str> = rows.iter().flatten().flat_map(|row| row.keys().map(String::as_str)).collect();
    let header: Vec<String> = header.into_iter().map(str::to_owned).collect();
    let cells = |row: &json_rows::Row| header.iter().map(|path| row.get(path).cloned().unwrap_or_default()).collect();
    let rows = (1..).zip(&rows).map(|(number, row)| (number, row.as_ref().map(cells).map_err(Clone::clone))).collect();
    Ok(Rows { header, rows, json: true })
}

fn table(wanted: &WantedFile) -> Result<Rows, Failure> {
    let failed = |error: String| Failure::Failed(format!("{} can no longer be read: {error}", wanted.path.display()));
    let formats: Vec<&'static Format> = match &wanted.from {
        None => known().collect(),
        Some(word) => known().filter(|format| format.word == word).collect(),
    };
    let mut records = Records::open(&wanted.path, &formats, (wanted.encoding, wanted.separator), Arc::default(), None)?;
    let header = records.header.clone();
    let named = formats.iter().any(|format| format.matches(&header).is_some());
    let layouts = formats.iter().filter(|format| !named || format.matches(&header).is_some());
    let layouts: Vec<Layout> = layouts.filter_map(|format| format.layout(&header).ok()).collect();
    let begins = |cells: &[String]| layouts.iter().any(|layout| layout.begins_row(cells));
    let (mut rows, mut cells) = (Vec::new(), Vec::new());
    while let Some((line, whole)) = records.next(&mut cells, begins).map_err(failed)? {
        rows.push((line, whole.map(|()| cells.clone())));
    }
    Ok(Rows { header, rows, json: false })
}

/// Chats found in a file.
struct Found<'a> {
    source: Source,
    programs: &'a BTreeSet<String>,
    chats: Vec<Chat>,
    /// Index of the chat of each close.
    places: HashMap<(SessionId, Millis), usize>,
    missing: Missing,
}

impl Found<'_> {
    fn read(&mut self, rows: &Rows, layout: &Layout, mut reading: Reading) {
        let mut lines: HashMap<String, Arc<KnownLine>> = HashMap::new();
        let mut examples = Vec::new();
        let mut bad = 0;
        for (line, row) in &rows.rows {
            let cells = match row {
                Ok(cells) if layout.is_empty(cells) => continue,
                Ok(cells) if cells.len() == rows.header.len() && layout.is_open(cells) => {
                    self.missing.note(Missed::Open, 1, "");
                    continue;
                }
                Ok(cells) => Ok(cells),
                Err(problem) => Err(format!("the row {problem}")),
            };
            let close = cells.and_then(|cells| {
                let name = layout.line_named(cells).map(|name| whole(name).unwrap_or(name)).unwrap_or_default();
                let (id, scale) = (name.to_owned(), reading.scale.unwrap_or_default());
                let known = || KnownLine { id: id.into(), version: 1, settings: LineSettings { scale, ..LineSettings::default() } };
                let line = lines.entry(name.to_owned()).or_insert_with(|| Arc::new(known())).clone();
                reading.line = Some(line);
                layout.read(cells, &reading).map_err(|bad| bad.to_string())
            });
            match close {
                Ok(close) => {
                    if let Some(note) = row.as_ref().ok().and_then(|cells| layout.day_count(cells)) {
                        self.missing.note(Missed::DayCount, 1, note);
                    }
                    self.take(close);
                }
                Err(problem) => {
                    bad += 1;
                    if examples.len() < EXAMPLES_MAX {
                        examples.push(format!("{} {line}: {problem}", if rows.json { "item" } else { "line" }));
                    }
                }
            }
        }
        self.missing.note(Missed::Unreadable, bad, examples.join("; "));
    }

    fn take(&mut self, close: PastClose) {
        let place = (close.session_id.clone(), close.closed_at);
        let chat = self.chat(close);
        match self.places.get(&place) {
            Some(&at) => {
                self.chats[at] = chat;
                self.missing.note(Missed::Repeated, 1, place.0.to_string());
            }
            None => {
                self.places.insert(place, self.chats.len());
                self.chats.push(chat);
            }
        }
    }

    fn chat(&self, close: PastClose) -> Chat {
        let operator = close.operator.map(|operator| {
            let known = |word: &str| PROGRAMS.contains(&word) || self.programs.contains(word);
            let program =
                known(&operator.id.as_str().to_lowercase()) || operator.name.as_ref().is_some_and(|name| known(&name.to_lowercase()));
            Person { program, id: operator.id.into(), name: operator.name }
        });
        let rating =
            close.rating.map(|rating| Rating { scale: close.scale, score: rating.score, at: rating.at.max(close.closed_at), operator });
        // Messages after the close say nothing about the time before it.
        let before = |at: Option<Millis>| at.filter(|at| *at <= close.closed_at);
        Chat {
            session: close.session_id.into(),
            closed_at: Some(close.closed_at),
            line: Some(close.line.id.clone()).filter(|line| !line.is_empty()).map(String::from),
            channel: close.channel,
            client: close.client.map(String::from),
            client_wrote: match (before(close.client_wrote_at), before(close.last_message_at)) {
                (Some(at), _) => ClientWrote::At(at),
                (None, Some(at)) => ClientWrote::NotAfter(at),
                (None, None) => ClientWrote::Unknown,
            },
            asked: match close.asked {
                // The report only contains answered surveys.
                _ if self.source == Source::ChatwootCsat => AskStatus::Unknown,
                Some(true) => AskStatus::Yes,
                Some(false) => AskStatus::No,
                None => AskStatus::Unknown,
            },
            writers: None,
            rating,
        }
    }
}
