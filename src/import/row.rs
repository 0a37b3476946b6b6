//! Parses and checks the cells of one row, and turns them into a past close.

use super::moment::{day_count, moment};
use super::{Bad, Field, KnownLine, Layout, PastClose, PastRating, Reading, number};
use lastword_base::names::Place;
use lastword_domain::Millis;
use lastword_domain::answer::rating::Scale;
use lastword_domain::answer::reason::{Reason, UNKNOWN_CODE};
use lastword_domain::line::texts::known_code;
use lastword_domain::session::{ClosedBy, Operator};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Maximum length of an ID or name, in characters: the same as everywhere.
const WORD_MAX: usize = 200;
/// Maximum length of a comment, in characters.
const COMMENT_MAX: usize = 10_000;
/// Maximum clock difference.
const SKEW: Millis = 5 * 60 * 1_000;
/// 2000-01-01: earlier dates are mistakes, because open lines did not exist.
const EARLIEST: Millis = 946_684_800_000;

/// A row with parsed cells, before any decision.
#[derive(Clone, Debug, Default)]
pub struct Row {
    pub(super) session: Option<String>,
    pub(super) closed_at: Option<Millis>,
    pub(super) opened_at: Option<Millis>,
    pub(super) rated_at: Option<Millis>,
    pub(super) score: Option<(u8, Option<Scale>)>,
    pub(super) operator: Option<String>,
    pub(super) operator_name: Option<String>,
    pub(super) closed_by: ClosedBy,
    pub(super) spam: bool,
    pub(super) asked: Option<bool>,
    pub(super) supervisor_comment: Option<String>,
}

impl Layout {
    /// Turns a row into a past close.
    ///
    /// # Errors
    /// The first problem, with the column and the remedy.
    pub fn read(&self, cells: &[String], reading: &Reading) -> Result<PastClose, Bad> {
        if cells.len() != self.header.len() {
            let problem = format!(
                "the row has {} cells and the header {}; a text with a separator or a quote in it must stand in quotes",
                cells.len(),
                self.header.len()
            );
            return Err(Bad::new("", problem));
        }
        let line = self.line(cells, reading)?;
        let mut row = Row {
            session: self.word(Field::Session, cells)?,
            closed_at: match self.moment(Field::ClosedAt, cells, reading)? {
                None => self.moment(Field::ClosedByOperatorAt, cells, reading)?,
                at => at,
            },
            opened_at: self.moment(Field::OpenedAt, cells, reading)?,
            rated_at: self.moment(Field::RatedAt, cells, reading)?,
            score: self.counted(Field::Score, cells, |text| (self.format.score)(text))?.flatten(),
            operator: self.id(Field::Operator, cells)?,
            operator_name: self.word(Field::OperatorName, cells)?,
            closed_by: self.parsed(Field::ClosedBy, cells, closed_by)?.unwrap_or_default(),
            spam: self.counted(Field::Spam, cells, yes_or_no)?.unwrap_or(false),
            asked: match self.counted(Field::Asked, cells, yes_or_no)? {
                None => self.cell(Field::Score, cells).and_then(|text| (self.format.offered)(text)),
                asked => asked,
            },
            supervisor_comment: self.text(Field::SupervisorComment, cells)?,
        };
        (self.format.refine)(&mut row);
        let Some(closed_at) = row.closed_at else {
            return Err(self.bad(Field::ClosedAt, "is empty: only conversations that were closed can be imported; give the moment"));
        };
        let given = self.counted(Field::Scale, cells, scale)?.or(row.score.and_then(|(_, scale)| scale)).or(self.format.scale);
        let rating = self.rating(&row, closed_at, given.or(reading.scale).unwrap_or(line.settings.scale), &line, cells)?;
        let key = self.key(&row, closed_at, cells);
        let client = self.id(Field::Client, cells)?;
        let session = row.session.as_deref().map(number::id).transpose().map_err(|problem| self.bad(Field::Session, &problem))?;
        let labels = parts(self.cell(Field::Labels, cells).unwrap_or_default()).map(str::to_owned).collect();
        let (labels, fields) = reading.named.of_desk(labels, self.parsed(Field::Fields, cells, fields)?.unwrap_or_default());
        Ok(PastClose {
            session_id: session.map_or_else(|| format!("row-{}", hex::encode(&key[..12])), str::to_owned).into(),
            key,
            closed_at,
            opened_at: row.opened_at.filter(|opened_at| *opened_at <= closed_at),
            closed_by: row.closed_by,
            operator: row.operator.map(|id| Operator { id: id.into(), name: row.operator_name, kind: None }),
            contact: if client.is_some() { None } else { self.id(Field::ClientPhone, cells)? },
            client: client.map(Into::into),
            person: None,
            channel: self.word(Field::Channel, cells)?.map(|name| channel(&name)),
            place: self.word(Field::Connection, cells)?.zip(self.id(Field::Chat, cells)?).map(place),
            language: self.parsed(Field::Language, cells, language)?,
            client_wrote_at: self.moment(Field::ClientWroteAt, cells, reading)?,
            last_message_at: self.moment(Field::LastMessageAt, cells, reading)?,
            asked: row.asked,
            scale: given.or(reading.scale).unwrap_or(line.settings.scale),
            labels,
            fields,
            rating,
            supervisor: self.counted(Field::SupervisorScore, cells, supervisor)?.flatten().map(|score| (score, row.supervisor_comment)),
            line,
        })
    }

    /// Scale of a row with a score, if the row shows it: by the name of the scale, by the score, or by the format.
    pub fn scale_said(&self, cells: &[String]) -> Option<Scale> {
        let (_, shown) = self.counted(Field::Score, cells, |text| (self.format.score)(text)).ok().flatten().flatten()?;
        self.counted(Field::Scale, cells, scale).ok()?.or(shown).or(self.format.scale)
    }

    fn rating(&self, row: &Row, closed_at: Millis, scale: Scale, line: &KnownLine, cells: &[String]) -> Result<Option<PastRating>, Bad> {
        let (comment, resolved) = (self.text(Field::Comment, cells)?, self.counted(Field::Resolved, cells, yes_or_no)?);
        let Some((score, _)) = row.score else {
            let alone = comment.map(|_| Field::Comment).or(resolved.map(|_| Field::Resolved));
            return alone.map_or(Ok(None), |field| Err(self.bad(field, "is there without a score; add the score or empty it")));
        };
        if !scale.admits(score) {
            let problem = format!("{score} is no score on the scale {}; correct it, the column scale, or --scale", scale.as_str());
            return Err(self.bad(Field::Score, &problem));
        }
        if row.asked == Some(false) {
            return Err(self.bad(Field::Asked, "says that the client was not asked, and there is a score; correct one of them"));
        }
        let reasons = self.cell(Field::Reasons, cells).unwrap_or_default();
        let reasons: Vec<String> = reasons.split('|').map(str::trim).filter(|reason| !reason.is_empty()).map(str::to_owned).collect();
        if reasons.len() > 8 || reasons.iter().any(|reason| reason.chars().count() > WORD_MAX) {
            return Err(self.bad(Field::Reasons, "holds more than eight reasons or a very long one; write them with | between"));
        }
        // Unknown reasons share one code, so that a column of free text does not create many.
        let coded = |text: String| Reason { code: known_code(&line.settings, &text).unwrap_or_else(|| UNKNOWN_CODE.to_owned()), text };
        let reasons = reasons.into_iter().map(coded).collect();
        let at = row.rated_at.unwrap_or(closed_at);
        Ok(Some(PastRating { score, low: line.settings.is_low(scale, score), comment, reasons, resolved, at }))
    }

    fn line(&self, cells: &[String], reading: &Reading) -> Result<Arc<KnownLine>, Bad> {
        if let Some(line) = &reading.line {
            return Ok(line.clone());
        }
        let Some(name) = self.line_named(cells) else {
            return Err(self.bad(Field::Line, "says no line; name one, or give --line for all rows"));
        };
        let known = reading.lines.get(&name.to_lowercase()).or_else(|| reading.lines.get(number::whole(name)?));
        known.cloned().ok_or_else(|| {
            let short: String = name.chars().take(60).collect();
            self.bad(
                Field::Line,
                &format!("there is no line \"{short}\"; make it with lastword line add, add --make-lines, or give --line"),
            )
        })
    }

    /// Key of a close: from the session and the time of the close as in the file, or from all cells if the row names no session.
    fn key(&self, row: &Row, closed_at: Millis, cells: &[String]) -> [u8; 32] {
        let mut sum = Sha256::new();
        match &row.session {
            Some(session) => {
                sum.update(b"close ");
                sum.update(closed_at.to_be_bytes());
                sum.update(session.as_bytes());
            }
            None => {
                sum.update(b"row ");
                for cell in self.at.iter().flatten().filter_map(|&at| cells.get(at)) {
                    sum.update(cell.trim().as_bytes());
                    sum.update([0x1f]);
                }
            }
        }
        sum.finalize().into()
    }

    fn bad(&self, field: Field, problem: &str) -> Bad {
        Bad::new(self.column(field), problem)
    }

    fn parsed<T>(&self, field: Field, cells: &[String], read: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, Bad> {
        let text = self.cell(field, cells).filter(|text| !text.is_empty());
        text.map(|text| read(text).map_err(|problem| self.bad(field, &problem))).transpose()
    }

    /// Parses a number or a word, without zero decimals added by a spreadsheet.
    fn counted<T>(&self, field: Field, cells: &[String], read: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, Bad> {
        self.parsed(field, cells, |text| read(number::whole(text).unwrap_or(text)))
    }

    /// Parses an ID.
    fn id(&self, field: Field, cells: &[String]) -> Result<Option<String>, Bad> {
        let id = |word: String| number::id(&word).map(str::to_owned).map_err(|problem| self.bad(field, &problem));
        self.word(field, cells)?.map(id).transpose()
    }

    fn moment(&self, field: Field, cells: &[String], reading: &Reading) -> Result<Option<Millis>, Bad> {
        self.parsed(field, cells, |text| match moment(text, reading.zone, reading.dates)? {
            at if at > reading.now + SKEW => Err("lies in the future; look at --time-zone and --dates".to_owned()),
            at if at < EARLIEST && day_count(text).is_some() => Err(format!(
                "{text} is a count of days before the year 2000: if the workbook counts from 1904, show the column as yyyy-mm-dd hh:mm:ss and \
                 export it again"
            )),
            at if at < EARLIEST => Err("lies before the year 2000; correct it".to_owned()),
            at => Ok(at),
        })
    }

    fn word(&self, field: Field, cells: &[String]) -> Result<Option<String>, Bad> {
        self.parsed(field, cells, |text| {
            let fits = text.chars().count() <= WORD_MAX && !text.chars().any(char::is_control);
            if fits { Ok(text.to_owned()) } else { Err(format!("is no name or id; write 1 to {WORD_MAX} characters on one line")) }
        })
    }

    fn text(&self, field: Field, cells: &[String]) -> Result<Option<String>, Bad> {
        self.parsed(field, cells, |text| {
            let fits = text.len() <= COMMENT_MAX || text.chars().count() <= COMMENT_MAX;
            // PostgreSQL cannot store NUL in a text.
            if fits { Ok(text.replace('\0', "")) } else { Err(format!("is longer than {COMMENT_MAX} characters; shorten it")) }
        })
    }
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    match text.to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" | "да" | "ja" | "sí" | "si" | "sim" => Ok(true),
        "no" | "n" | "false" | "0" | "-" | "нет" | "nein" | "não" => Ok(false),
        _ => Err(format!("\"{}\" is neither yes nor no", text.chars().take(40).collect::<String>())),
    }
}

/// Splits a text at commas or bars.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '|']).map(str::trim).filter(|part| !part.is_empty())
}

fn fields(text: &str) -> Result<BTreeMap<String, String>, String> {
    let field = |part: &str| {
        let (key, value) = part.split_once(':').ok_or_else(|| "is no list of fields; write them as topic: refund, plan: pro".to_owned())?;
        Ok((key.trim().to_owned(), value.trim().to_owned()))
    };
    parts(text).map(field).collect()
}

fn scale(text: &str) -> Result<Scale, String> {
    match text.to_lowercase().as_str() {
        "stars" | "5" => Ok(Scale::FiveStar),
        word => Scale::parse(word).ok_or_else(|| "is no scale; write binary or five_star".to_owned()),
    }
}

fn closed_by(text: &str) -> Result<ClosedBy, String> {
    let words = || ClosedBy::ALL.map(ClosedBy::as_str).join(", ");
    ClosedBy::parse(&text.to_lowercase()).ok_or_else(|| format!("is none of {}", words()))
}

fn language(text: &str) -> Result<String, String> {
    let fits = (2..=35).contains(&text.len()) && text.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'-');
    if fits { Ok(text.to_owned()) } else { Err("is no language; write a tag such as en or pt-BR".to_owned()) }
}

/// A supervisor's stars: 0 and a dash mean none.
fn supervisor(text: &str) -> Result<Option<u8>, String> {
    match text.to_lowercase().as_str() {
        "0" | "-" | "not rated" | "без оценки" => Ok(None),
        "1" | "2" | "3" | "4" | "5" => Ok(text.parse().ok()),
        _ => Err("is no score of a supervisor; write 1 to 5, or nothing".to_owned()),
    }
}

fn place((connection, chat): (String, String)) -> Place {
    Place { connection: connection.into(), chat: chat.into() }
}

/// Our own names of known channels, and others in lower case, so that one channel is not counted twice.
fn channel(name: &str) -> String {
    match name.to_lowercase().as_str() {
        "telegrambot" => "telegram".to_owned(),
        "livechat" | "live chat" | "онлайн-чат" | "widget" => "webchat".to_owned(),
        "facebook" | "facebook messenger" => "messenger".to_owned(),
        "e-mail" | "mail" => "email".to_owned(),
        "вконтакте" | "vkgroup" => "vk".to_owned(),
        other => other.chars().take(60).collect(),
    }
}
