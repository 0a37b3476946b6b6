//! Readers of foreign files: past closes and ratings as other programs export them.
//!
//! [`Records`] reads bytes into records, whatever the file is (a table with separators, an HTML table, JSON lines); [`Layout`] says which
//! column means what; [`Layout::read`] makes a close of a record, or a problem with its remedy. Each format is a file: the names of its
//! columns in each language, and the values in them. [`icalendar`] reads days off from a calendar.

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

pub use lastword_domain::session::past_close::{KnownLine, PastClose, PastRating};
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

/// What a column may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// The desk's id of the session.
    Session,
    /// The line, by id or name.
    Line,
    /// When the session was closed.
    ClosedAt,
    /// In place of it, where it is empty.
    ClosedByOperatorAt,
    /// When it began.
    OpenedAt,
    /// When the client rated.
    RatedAt,
    /// The scale of the score.
    Scale,
    /// The score.
    Score,
    /// What the client wrote.
    Comment,
    /// The reasons the client chose, with `|` between them.
    Reasons,
    /// Whether the issue was resolved, by the client's word.
    Resolved,
    /// The desk's id of the operator.
    Operator,
    /// The operator's name.
    OperatorName,
    /// The desk's id of the client.
    Client,
    /// In place of it, where it is empty.
    ClientPhone,
    /// The kind of channel.
    Channel,
    /// The connection through which it ran.
    Connection,
    /// The conversation there.
    Chat,
    /// When the client wrote last.
    ClientWroteAt,
    /// When anybody wrote last.
    LastMessageAt,
    /// The client's language.
    Language,
    /// Who closed it.
    ClosedBy,
    /// Closed as spam.
    Spam,
    /// Whether the client was asked.
    Asked,
    /// The supervisor's own score.
    SupervisorScore,
    /// What the supervisor said about it.
    SupervisorComment,
    /// Labels of the session, with `,` or `|` between them.
    Labels,
    /// Values of its fields: `topic: refund, plan: pro`.
    Fields,
}

/// How many fields there are.
const FIELDS: usize = Field::Fields as usize + 1;

/// The columns of moments.
const MOMENTS: [Field; 6] =
    [Field::ClosedAt, Field::ClosedByOperatorAt, Field::OpenedAt, Field::RatedAt, Field::ClientWroteAt, Field::LastMessageAt];

/// The columns in front of rows in a file of rejects: the line of the row, and what is wrong with it.
pub const REJECTS: [&str; 2] = ["row_number", "problem"];

/// A score, and its scale where the text tells it.
type Scored = (u8, Option<Scale>);

/// A format of files.
pub struct Format {
    /// Its word on the command line.
    pub word: &'static str,
    /// The names of columns, in small letters; the first of each is how we write it.
    columns: &'static [(Field, &'static [&'static str])],
    /// Columns that must be there; of each group, one.
    needed: &'static [&'static [Field]],
    /// The scale of everything in it, where there is only one.
    scale: Option<Scale>,
    /// What a score means: none where the client did not rate.
    score: fn(&str) -> Result<Option<Scored>, String>,
    /// What the cell of a score says about whether the client was asked.
    offered: fn(&str) -> Option<bool>,
    /// What is special about a row.
    refine: fn(&mut Row),
    /// Rows with something in their first cell alone are no rows: a line under the table.
    footer: bool,
    /// What its columns hold in their order, where that never differs and their names are in the language of the desk: none of a
    /// column that is left out. Columns behind them are left out too.
    order: &'static [Option<Field>],
}

impl std::fmt::Debug for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word)
    }
}

/// All formats.
pub const FORMATS: [&Format; 4] = [&ours::CSV, &ours::JSONL, &bitrix24::BITRIX24, &chatwoot::CHATWOOT];

/// Formats that can be looked at and not imported: what they say of a chat is less than a close, or on no scale of ours.
pub const READ_ONLY: [&Format; 3] = [&zendesk::ZENDESK, &freescout::FREESCOUT, &rocketchat::ROCKETCHAT];

/// The format with this word.
pub fn format(word: &str) -> Option<&'static Format> {
    FORMATS.into_iter().find(|format| format.word == word)
}

/// What is wrong with a file or a row, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bad {
    /// The column; empty where it is the whole row.
    pub column: String,
    /// What is wrong, and the remedy: a sentence that goes on from the column.
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

/// Where each field stands in a file.
#[derive(Clone, Debug)]
pub struct Layout {
    format: &'static Format,
    at: [Option<usize>; FIELDS],
    header: Vec<String>,
    /// Columns that nobody knows: they are left out.
    pub unknown: Vec<String>,
}

/// How rows are to be read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The clock of times without one.
    pub zone: Tz,
    /// Which of two numbers with a slash is the day.
    pub dates: DateOrder,
    /// Now: nothing was closed after it.
    pub now: Millis,
    /// The scale of scores that do not say theirs.
    pub scale: Option<Scale>,
    /// All closes are of this line, whatever the rows say.
    pub line: Option<Arc<KnownLine>>,
    /// The lines by id and by name, in small letters.
    pub lines: HashMap<String, Arc<KnownLine>>,
    /// The labels and fields that are kept; others are left out.
    pub named: Named,
}

impl Format {
    /// How we call a column.
    fn name(&self, field: Field) -> &'static str {
        self.columns.iter().find(|(known, _)| *known == field).and_then(|(_, names)| names.first()).copied().unwrap_or_default()
    }

    /// How many of these columns it knows by their names, where it has all that it needs.
    pub fn matches(&'static self, header: &[String]) -> Option<usize> {
        let layout = self.by_names(header).ok()?;
        Some(layout.at.iter().flatten().count())
    }

    /// Whether a row is one of this format by what stands in its columns, whatever their names: a moment, a score and a session.
    pub fn fits(&'static self, header: &[String], cells: &[String]) -> bool {
        let Some(layout) = self.by_order(header) else { return false };
        let holds = |field, is: &dyn Fn(&str) -> bool| layout.cell(field, cells).is_some_and(is);
        layout.begins_row(cells)
            && holds(Field::Score, &|text| matches!((self.score)(number::whole(text).unwrap_or(text)), Ok(Some(_))))
            && holds(Field::Session, &|text| text.contains("/conversations/"))
    }

    /// Our names of all columns, in their order: the header of files that have none.
    pub fn names(&self) -> Vec<&'static str> {
        self.columns.iter().filter_map(|(_, names)| names.first()).copied().collect()
    }

    /// Finds the columns: by their order, where all names that are known stand where this format has them, else by their names.
    ///
    /// # Errors
    /// Names the column that is missing or there twice.
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
                // Of two columns that may both hold it, the one whose name comes first here.
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
    /// Whether the rows say their line.
    pub fn has_line(&self) -> bool {
        self.at[Field::Line as usize].is_some()
    }

    /// The header as it stands in the file.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The line that a row names, as it stands there.
    pub fn line_named<'c>(&self, cells: &'c [String]) -> Option<&'c str> {
        self.cell(Field::Line, cells).filter(|name| !name.is_empty())
    }

    /// Whether a row says nothing: blank, or a line under the table.
    pub fn is_empty(&self, cells: &[String]) -> bool {
        // A spreadsheet fills a line under the table up with empty cells.
        (self.format.footer && cells.iter().skip(1).all(|cell| cell.trim().is_empty())) || cells.iter().all(|cell| cell.trim().is_empty())
    }

    /// Whether a row is of a chat that is still open: nothing stands where it would have been closed.
    pub fn is_open(&self, cells: &[String]) -> bool {
        let closed_at = [Field::ClosedAt, Field::ClosedByOperatorAt].into_iter().filter_map(|field| self.cell(field, cells));
        closed_at.into_iter().all(str::is_empty)
    }

    /// The scale that a row's score shows, where the row does not name one: stars where it is above one, thumbs where it is 0 or a word.
    pub fn scale_shown(&self, cells: &[String]) -> Option<Scale> {
        let named = self.cell(Field::Scale, cells).is_some_and(|scale| !scale.is_empty());
        let score = self.cell(Field::Score, cells).filter(|_| !named)?;
        (self.format.score)(number::whole(score).unwrap_or(score)).ok().flatten().and_then(|(_, scale)| scale)
    }

    /// How a row's moment is read that a spreadsheet wrote as a count of days: it cannot be seen from which day it counts.
    pub fn day_count(&self, cells: &[String]) -> Option<String> {
        let counted =
            |field| Some((field, self.cell(field, cells)?)).and_then(|(field, text)| Some((field, text, moment::day_count(text)?)));
        let (field, text, at) = MOMENTS.into_iter().find_map(counted)?;
        Some(format!(
            "{}: {text} is a count of days, read as {at}; if the workbook counts from 1904 it is four years and a day later: show the column \
             as yyyy-mm-dd hh:mm:ss and export it anew",
            self.column(field)
        ))
    }

    /// What stands in the columns of moments.
    pub fn moments<'c>(&self, cells: &'c [String]) -> impl Iterator<Item = &'c str> {
        MOMENTS.into_iter().filter_map(|field| self.cell(field, cells))
    }

    /// Whether the first cells of a line are those of a row: a moment stands where it was closed. Text is none.
    pub fn begins_row(&self, cells: &[String]) -> bool {
        let closed_at = [Field::ClosedAt, Field::ClosedByOperatorAt].into_iter().filter_map(|field| self.cell(field, cells));
        closed_at.into_iter().any(moment::is_moment)
    }

    fn cell<'c>(&self, field: Field, cells: &'c [String]) -> Option<&'c str> {
        self.at[field as usize].and_then(|at| cells.get(at)).map(|cell| cell.trim())
    }

    /// The name of a field's column as it stands in the file.
    fn column(&self, field: Field) -> &str {
        self.at[field as usize].and_then(|at| self.header.get(at)).map_or(self.format.name(field), |name| name.trim())
    }
}

#[cfg(test)]
mod tests;
