//! Which closes a list shows. Pages, API and command line read it from the same words, so that a link means the same
//! everywhere: every number leads to its list.

mod read;

pub use read::{Why, Wrong, read};

use super::words::Search;
use crate::Millis;
use crate::answer::rating::{Grade, Scale};
use crate::answer::reason::is_code;
use crate::question::outcome::Outcome;
use crate::session::HandledBy;
use crate::session::label::LabelIs;

/// What a filter can be told, by the names of the addresses of pages.
pub const NAMES: [&str; 21] = [
    "from",
    "until",
    "line",
    "operator",
    "channel",
    "scale",
    "handled_by",
    "label",
    "score",
    "grade",
    "outcome",
    "reason",
    "commented",
    "unanswered",
    "resolved",
    "voided",
    "supervised",
    "hour",
    "chosen",
    "tagged",
    "q",
];

/// Of these, those that can be told several values: any of them lets a close through.
pub const SEVERAL: [&str; 7] = ["line", "operator", "channel", "score", "reason", "chosen", "tagged"];

/// So many values one of them can be told at most.
pub const VALUES_MAX: usize = 50;

/// Stands for closes without an operator, or without a channel: an empty box of a form means any.
pub const NONE: &str = "-";

/// Stands for any reason.
pub const SOME: &str = "*";

/// No word of a filter is longer.
const LENGTH_MAX: usize = 200;

/// How the closes ended, or how far they came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// So.
    As(Outcome),
    /// Not yet.
    Open,
    /// However, if they were asked about.
    Asked,
    /// However, if the question reached the client.
    Delivered,
    /// With any outcome, if the question reached the client and the time for an answer is over: the questions of the response rate.
    Over,
    /// Answered, and the time for an answer is over: the answers of the response rate.
    AnsweredOver,
    /// However, if somebody tried to rate when it was too late.
    Late,
    /// However.
    Any,
}

impl Ended {
    /// The word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Ended::As(outcome) => outcome.as_str(),
            Ended::Open => "open",
            Ended::Asked => "asked",
            Ended::Delivered => "delivered",
            Ended::Over => "over",
            Ended::AnsweredOver => "answered_over",
            Ended::Late => "late",
            Ended::Any => "all",
        }
    }

    /// Reads [`Ended::as_str`] back.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "open" => Some(Ended::Open),
            "asked" => Some(Ended::Asked),
            "delivered" => Some(Ended::Delivered),
            "over" => Some(Ended::Over),
            "answered_over" => Some(Ended::AnsweredOver),
            "late" => Some(Ended::Late),
            "all" => Some(Ended::Any),
            word => Outcome::parse(word).map(Ended::As),
        }
    }

    /// All of them, as a person chooses.
    pub fn all() -> impl Iterator<Item = Ended> {
        let come_so_far = [Ended::Open, Ended::Asked, Ended::Delivered, Ended::Over, Ended::AnsweredOver, Ended::Late, Ended::Any];
        Outcome::ALL.into_iter().map(Ended::As).chain(come_so_far)
    }
}

/// Which reasons ratings have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HasReason {
    /// This one.
    Code(String),
    /// At least one.
    Some,
    /// None.
    None,
}

impl HasReason {
    /// The word in addresses.
    pub fn as_str(&self) -> &str {
        match self {
            HasReason::Code(code) => code,
            HasReason::Some => SOME,
            HasReason::None => NONE,
        }
    }

    /// Reads [`HasReason::as_str`] back.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            SOME => Some(HasReason::Some),
            NONE => Some(HasReason::None),
            code => is_code(code).then(|| HasReason::Code(code.to_owned())),
        }
    }
}

/// Which closes. What is none, or an empty list, is any; a list is any of what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Closed at or after.
    pub from: Option<Millis>,
    /// Closed before.
    pub until: Option<Millis>,
    /// The lines at the close.
    pub lines: Vec<String>,
    /// For whom it counts; an empty text for nobody.
    pub operators: Vec<String>,
    /// The kinds of channels; an empty text where it is not known.
    pub channels: Vec<String>,
    /// The scale.
    pub scale: Option<Scale>,
    /// Who handled the session.
    pub handled_by: Option<HandledBy>,
    /// A label of the session, or a value of a field.
    pub label: Option<LabelIs>,
    /// The scores.
    pub scores: Vec<u8>,
    /// What the score says.
    pub grade: Option<Grade>,
    /// How it ended.
    pub ended: Ended,
    /// Why it ended so.
    pub reasons: Vec<String>,
    /// With a comment.
    pub commented: bool,
    /// Waiting for an answer of ours.
    pub unanswered: bool,
    /// Resolved, by the client's word, or not.
    pub resolved: Option<bool>,
    /// Taken out of the score, or still in it.
    pub voided: Option<bool>,
    /// Scored by a supervisor too.
    pub supervised: bool,
    /// Closed on this weekday (0 is Monday), in this hour, by the organisation's clock.
    pub hour: Option<(i64, i64)>,
    /// Reasons that the client chose.
    pub chosen: Vec<HasReason>,
    /// Reasons with which keyword rules tagged the comment; ratings whose comment was held against none have not even none.
    pub tagged: Vec<HasReason>,
    /// Words of the comment.
    pub search: Option<Search>,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            from: None,
            until: None,
            lines: Vec::new(),
            operators: Vec::new(),
            channels: Vec::new(),
            scale: None,
            handled_by: None,
            label: None,
            scores: Vec::new(),
            grade: None,
            ended: Ended::As(Outcome::Answered),
            reasons: Vec::new(),
            commented: false,
            unanswered: false,
            resolved: None,
            voided: None,
            supervised: false,
            hour: None,
            chosen: Vec::new(),
            tagged: Vec::new(),
            search: None,
        }
    }
}

impl Filter {
    /// Whether it asks for something that only a rating has.
    pub fn asks_for_a_rating(&self) -> bool {
        let said = self.commented || self.unanswered || self.resolved.is_some() || self.voided.is_some() || self.search.is_some();
        said || !self.chosen.is_empty()
            || !self.tagged.is_empty()
            || !self.scores.is_empty()
            || self.grade.is_some()
            || matches!(self.ended, Ended::As(Outcome::Answered) | Ended::AnsweredOver)
    }
}

/// An hour of the week as it stands in addresses: `1-14` is Monday from 14:00.
pub fn write_hour(weekday: i64, hour: i64) -> String {
    format!("{}-{hour}", weekday + 1)
}

/// Reads [`write_hour`] back.
pub fn parse_hour(text: &str) -> Option<(i64, i64)> {
    let (weekday, hour): (i64, i64) = text.split_once('-').and_then(|(weekday, hour)| Some((weekday.parse().ok()?, hour.parse().ok()?)))?;
    ((1..=7).contains(&weekday) && (0..24).contains(&hour)).then_some((weekday - 1, hour))
}
