//! Parsers of other programs' files: past closes and ratings.
//!
//! [`Records`] parses bytes into records for every kind of file (separated values, HTML table, JSON lines); [`Layout`] maps
//! columns to fields; [`Layout::read`] turns a record into a close, or a problem with its remedy. Each format is a file
//! with the names of its columns in each language, and their values. [`icalendar`] parses days off from a calendar.

mod bitrix24;
mod chatwoot;
mod freescout;
mod heading;
mod html;
pub mod icalendar;
mod moment;
mod number;
mod ours;
mod records;
mod rocketchat;
mod row;
mod table;
mod text;
mod zendesk;

pub use lastword_domain::past_close::{KnownLine, PastClose, PastRating};
pub use moment::{DateOrder, DateOrderEvidence};
pub use number::whole;
pub use records::{ReadError, Record, Records, Shape};
pub use row::Row;
pub use text::Encoding;

use chrono_tz::Tz;
use lastword_domain::Millis;
use lastword_domain::answer::rating::Scale;
use lastword_domain::session::label::Named;
use std::collections::HashMap;
use std::sync::Arc;

/// Meaning of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// The desk's ID of the session.
    Session,
    /// The line, by ID or name.
    Line,
    /// Time of the close.
    ClosedAt,
    /// Used if the previous one is empty.
    ClosedByOperatorAt,
    /// Time of the opening.
    OpenedAt,
    /// Time of the rating.
    RatedAt,
    /// Scale of the score.
    Scale,
    /// The score.
    Score,
    /// The client's comment.
    Comment,
    /// Reasons chosen by the client, separated by `|`.
    Reasons,
    /// True if the issue was resolved, according to the client.
    Resolved,
    /// The desk's ID of the operator.
    Operator,
    /// Name of the operator.
    OperatorName,
    /// The desk's ID of the client.
    Client,
    /// Used if the previous one is empty.
    ClientPhone,
    /// Kind of channel.
    Channel,
    /// Connection of the chat.
    Connection,
    /// ID of the conversation on that connection.
    Chat,
    /// Time of the client's last message.
    ClientWroteAt,
    /// Time of the last message of either side.
    LastMessageAt,
    /// Language of the client.
    Language,
    /// Who closed it.
    ClosedBy,
    /// True if closed as spam.
    Spam,
    /// True if the client was asked.
    Asked,
    /// The supervisor's own score.
    SupervisorScore,
    /// The supervisor's comment.
    SupervisorComment,
    /// Labels of the session, separated by `,` or `|`.
    Labels,
    /// Values of its fields: `topic: refund, plan: pro`.
    Fields,
}

/// Number of fields.
const FIELDS: usize = Field::Fields as usize + 1;

/// Columns that contain times.
const MOMENTS: [Field; 6] =
    [Field::ClosedAt, Field::ClosedByOperatorAt, Field::OpenedAt, Field::RatedAt, Field::ClientWroteAt, Field::LastMessageAt];

/// Extra columns at the start of a rejects file: the line of the row, and its problem.
pub const REJECTS: [&str; 2] = ["row_number", "problem"];

/// A score, and its scale if the text shows it.
type Scored = (u8, Option<Scale>);

/// A file format.
pub struct Format {
    /// Name on the command line.
    pub word: &'static str,
    /// Names of columns, in lower case; the first of each is our own.
    columns: &'static [(Field, &'static [&'static str])],
    /// Required columns: one of each group.
    needed: &'static [&'static [Field]],
    /// Scale of all scores, if there is only one.
    scale: Option<Scale>,
    /// Parses a score; `None` if the client did not rate.
    score: fn(&str) -> Result<Option<Scored>, String>,
    /// True if the cell of a score shows that the client was asked.
    offered: fn(&str) -> Option<bool>,
    /// Adjusts a parsed row.
    refine: fn(&mut Row),
    /// True if rows with only a first cell are not data: a line below the table.
    footer: bool,
    /// Fields of the columns in order, if the order never changes and their names are in the desk's language; `None` for an
    /// ignored column. Further columns are ignored too.
    order: &'static [Option<Field>],
}

impl std::fmt::Debug for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word)
    }
}

/// All formats.
pub const FORMATS: [&Format; 4] = [&ours::CSV, &ours::JSONL, &bitrix24::BITRIX24, &chatwoot::CHATWOOT];

/// Formats that can be analyzed but not imported: their data are less than a close, or on no scale of ours.
pub const READ_ONLY: [&Format; 3] = [&zendesk::ZENDESK, &freescout::FREESCOUT, &rocketchat::ROCKETCHAT];

/// The format with this name.
pub fn format(word: &str) -> Option<&'static Format> {
    FORMATS.into_iter().find(|format| format.word == word)
}

/// A problem with a file or a row, and its remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bad {
    /// Column; empty if the problem is with the whole row.
    pub column: String,
    /// Problem and remedy: a sentence that continues after the column.
    pub problem: String,
}

impl Bad {
    fn new(column: &str, problem: impl Into<String>) -> Self {
        Self { column: column.to_owned(), problem: problem.into() }
    }
}

impl std::fmt::Display for Bad {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.column.is_empty() { f.write_str(&self.problem) } else { write!(f, "{}: {}", self.column, self.problem) }
    }
}

/// Column of each field in a file.
#[derive(Clone, Debug)]
pub struct Layout {
    format: &'static Format,
    at: [Option<usize>; FIELDS],
    header: Vec<String>,
    /// Unknown columns, which are ignored.
    pub unknown: Vec<String>,
}

/// How rows are parsed.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Time zone of times without one.
    pub zone: Tz,
    /// Order of day and month in dates with a slash.
    pub dates: DateOrder,
    /// Current time: no close is later.
    pub now: Millis,
    /// Scale of scores without one.
    pub scale: Option<Scale>,
    /// The line of all closes, overriding the rows.
    pub line: Option<Arc<KnownLine>>,
    /// Lines by ID and by name, in lower case.
    pub lines: HashMap<String, Arc<KnownLine>>,
    /// Labels and fields to store; others are ignored.
    pub named: Named,
}

impl Format {
    /// Our name of a column.
    fn name(&self, field: Field) -> &'static str {
        self.columns.iter().find(|(known, _)| *known == field).and_then(|(_, names)| names.first()).copied().unwrap_or_default()
    }

    /// Number of these columns that are known by name; `None` if a required one is missing.
    pub fn matches(&'static self, header: &[String]) -> Option<usize> {
        let layout = self.by_names(header).ok()?;
        Some(layout.at.iter().flatten().count())
    }

    /// True if the cells of a row match this format, whatever the columns are named: a time, a score and a session.
    pub fn fits(&'static self, header: &[String], cells: &[String]) -> bool {
        let Some(layout) = self.by_order(header) else { return false };
        let holds = |field, is: &dyn Fn(&str) -> bool| layout.cell(field, cells).is_some_and(is);
        layout.begins_row(cells)
            && holds(Field::Score, &|text| matches!((self.score)(number::whole(text).unwrap_or(text)), Ok(Some(_))))
            && holds(Field::Session, &|text| text.contains("/conversations/"))
    }

    /// Our names of all columns in order: the header of files without one.
    pub fn names(&self) -> Vec<&'static str> {
        self.columns.iter().filter_map(|(_, names)| names.first()).copied().collect()
    }

    /// Maps the columns: by their order if all known names are where this format has them, otherwise by their names.
    ///
    /// # Errors
    /// Names the column that is missing or duplicated.
    pub fn layout(&'static self, header: &[String]) -> Result<Layout, Bad> {
        self.by_order(header).map_or_else(|| self.by_names(header), Ok)
    }

    fn by_order(&'static self, header: &[String]) -> Option<Layout> {
        let columns = self.order.len();
        let named = header.iter().all(|name| !name.trim().is_empty());
        let ours = if header.iter().zip(REJECTS).filter(|(name, ours)| name == ours).count() == REJECTS.len() { REJECTS.len() } else { 0 };
        if columns == 0 || !named || !(columns..=columns + 1).contains(&(header.len() - ours)) {
            return None;
        }
        let (mut at, mut unknown) = ([None; FIELDS], Vec::new());
        for (place, name) in header.iter().enumerate() {
            let small = name.trim().to_lowercase();
            let known = self.columns.iter().find(|(_, names)| names.contains(&small.as_str())).map(|(field, _)| *field);
            let here = place.checked_sub(ours).and_then(|place| self.order.get(place).copied().flatten());
            match here {
                _ if known.is_some() && known != here => return None,
                Some(field) => at[field as usize] = Some(place),
                None => unknown.push(name.trim().to_owned()),
            }
        }
        Some(Layout { format: self, at, header: header.to_vec(), unknown })
    }

    fn by_names(&'static self, header: &[String]) -> Result<Layout, Bad> {
        let (mut at, mut ranks, mut unknown) = ([None; FIELDS], [0; FIELDS], Vec::new());
        for (place, name) in header.iter().enumerate() {
            let small = name.trim().to_lowercase();
            let rank = |names: &[&str]| names.iter().position(|known| *known == small);
            let found = self.columns.iter().find_map(|(field, names)| Some((*field as usize, rank(names)?)));
            match found {
                // Of two columns for the same field, the one whose name is listed first here.
                Some((field, rank)) if at[field].is_none() || rank < ranks[field] => {
                    let other: Option<usize> = at[field].replace(place);
                    unknown.extend(other.and_then(|other| header.get(other)).map(|name| name.trim().to_owned()));
                    ranks[field] = rank;
                }
                Some((field, rank)) if rank == ranks[field] => {
                    return Err(Bad::new(name, "is there twice; take one of the two columns out of the file"));
                }
                None if small.is_empty() => {}
                Some(_) | None => unknown.push(name.trim().to_owned()),
            }
        }
        let missing = self.needed.iter().find(|group| group.iter().all(|field| at[*field as usize].is_none()));
        if let Some(group) = missing {
            let names: Vec<&str> = group.iter().map(|&field| self.name(field)).collect();
            let seen: Vec<&str> = header.iter().map(|name| name.trim()).take(40).collect();
            let problem = format!(
                "there is no such column in the file, which has: {}. Is the format {} right, and the separator and encoding?",
                seen.join(", "),
                self.word
            );
            return Err(Bad::new(&names.join(" or "), problem));
        }
        Ok(Layout { format: self, at, header: header.to_vec(), unknown })
    }
}

impl Layout {
    /// True if rows name their line.
    pub fn has_line(&self) -> bool {
        self.at[Field::Line as usize].is_some()
    }

    /// The header as in the file.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The line named by a row, unchanged.
    pub fn line_named<'c>(&self, cells: &'c [String]) -> Option<&'c str> {
        self.cell(Field::Line, cells).filter(|name| !name.is_empty())
    }

    /// True if a row has no data: empty, or a line below the table.
    pub fn is_empty(&self, cells: &[String]) -> bool {
        // Spreadsheets pad a line below the table with empty cells.
        (self.format.footer && cells.iter().skip(1).all(|cell| cell.trim().is_empty())) || cells.iter().all(|cell| cell.trim().is_empty())
    }

    /// True if the chat of a row is still open: it has no time of a close.
    pub fn is_open(&self, cells: &[String]) -> bool {
        let closed_at = [Field::ClosedAt, Field::ClosedByOperatorAt].into_iter().filter_map(|field| self.cell(field, cells));
        closed_at.into_iter().all(str::is_empty)
    }

    /// The scale implied by a row's score if the row does not name one: stars if it is above one, thumbs if it is 0 or a word.
    pub fn scale_shown(&self, cells: &[String]) -> Option<Scale> {
        let named = self.cell(Field::Scale, cells).is_some_and(|scale| !scale.is_empty());
        let score = self.cell(Field::Score, cells).filter(|_| !named)?;
        (self.format.score)(number::whole(score).unwrap_or(score)).ok().flatten().and_then(|(_, scale)| scale)
    }

    /// How a time is interpreted that a spreadsheet wrote as a number of days, because the file does not show its first day.
    pub fn day_count(&self, cells: &[String]) -> Option<String> {
        let counted =
            |field| Some((field, self.cell(field, cells)?)).and_then(|(field, text)| Some((field, text, moment::day_count(text)?)));
        let (field, text, at) = MOMENTS.into_iter().find_map(counted)?;
        Some(format!(
            "{}: {text} is a count of days, read as {at}; if the workbook counts from 1904 it is four years and a day later: show the column \
             as yyyy-mm-dd hh:mm:ss and export it again",
            self.column(field)
        ))
    }

    /// Cells of the columns with times.
    pub fn moments<'c>(&self, cells: &'c [String]) -> impl Iterator<Item = &'c str> {
        MOMENTS.into_iter().filter_map(|field| self.cell(field, cells))
    }

    /// True if the first cells of a line belong to a row: the time of the close is a time and not text.
    pub fn begins_row(&self, cells: &[String]) -> bool {
        let closed_at = [Field::ClosedAt, Field::ClosedByOperatorAt].into_iter().filter_map(|field| self.cell(field, cells));
        closed_at.into_iter().any(moment::is_moment)
    }

    fn cell<'c>(&self, field: Field, cells: &'c [String]) -> Option<&'c str> {
        self.at[field as usize].and_then(|at| cells.get(at)).map(|cell| cell.trim())
    }

    /// Name of a field's column in the file.
    fn column(&self, field: Field) -> &str {
        self.at[field as usize].and_then(|at| self.header.get(at)).map_or(self.format.name(field), |name| name.trim())
    }
}

#[cfg(test)]
mod tests;
