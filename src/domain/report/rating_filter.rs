//! Filter of the list of closes. Pages, API and command line use the same parameters, so that a link means the same everywhere:
//! every number links to its list.

mod read;

pub use read::{Why, Wrong, read};

use crate::Millis;
use crate::answer::rating::{Grade, Scale};
use crate::answer::reason::is_code;
use crate::outcome::Outcome;
use crate::session::HandledBy;
use crate::session::label::LabelIs;
use crate::word_split::Search;
use lastword_base::names::{LineId, OperatorId};

/// Parameters of a filter, with their names in page addresses.
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

/// Parameters that may have several values: a close matches if any of them does.
pub const SEVERAL: [&str; 7] = ["line", "operator", "channel", "score", "reason", "chosen", "tagged"];

/// Maximum number of values of one of them.
pub const VALUES_MAX: usize = 50;

/// Value for closes without an operator, or without a channel. An empty form field means any.
pub const NONE: &str = "-";

/// Value for any reason.
pub const SOME: &str = "*";

/// Maximum length of a filter value.
const LENGTH_MAX: usize = 200;

/// State or outcome of the closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// This outcome.
    As(Outcome),
    /// Not ended yet.
    Open,
    /// Any outcome, if the client was asked.
    Asked,
    /// Any outcome, if the question reached the client.
    Delivered,
    /// Any outcome, if the question reached the client and the time for an answer is over: the questions of the response rate.
    Over,
    /// Answered, and the time for an answer is over: the answers of the response rate.
    AnsweredOver,
    /// Any outcome, if an answer came too late.
    Late,
    /// Any state.
    Any,
}

impl Ended {
    /// The text in addresses.
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

    /// Parses [`Ended::as_str`].
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

    /// All values, in the order of the menu.
    pub fn all() -> impl Iterator<Item = Ended> {
        let come_so_far = [Ended::Open, Ended::Asked, Ended::Delivered, Ended::Over, Ended::AnsweredOver, Ended::Late, Ended::Any];
        Outcome::ALL.into_iter().map(Ended::As).chain(come_so_far)
    }
}

/// Condition on the reasons of a rating.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HasReason {
    /// This one.
    Code(String),
    /// At least one.
    Some,
    /// No reason.
    None,
}

impl HasReason {
    /// The text in addresses.
    pub fn as_str(&self) -> &str {
        match self {
            HasReason::Code(code) => code,
            HasReason::Some => SOME,
            HasReason::None => NONE,
        }
    }

    /// Parses [`HasReason::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            SOME => Some(HasReason::Some),
            NONE => Some(HasReason::None),
            code => is_code(code).then(|| HasReason::Code(code.to_owned())),
        }
    }
}

/// A filter of closes. `None` or an empty list matches all; a list matches any of its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Closed at or after this time.
    pub from: Option<Millis>,
    /// Closed before this time.
    pub until: Option<Millis>,
    /// The lines at the close.
    pub lines: Vec<LineId>,
    /// The operators it counts for; an empty text for none.
    pub operators: Vec<OperatorId>,
    /// The kinds of channels; an empty text if unknown.
    pub channels: Vec<String>,
    /// The scale.
    pub scale: Option<Scale>,
    /// Who handled the session.
    pub handled_by: Option<HandledBy>,
    /// A label of the session, or a value of a field.
    pub label: Option<LabelIs>,
    /// The scores.
    pub scores: Vec<u8>,
    /// Grade of the score.
    pub grade: Option<Grade>,
    /// State or outcome.
    pub ended: Ended,
    /// Reason of the outcome.
    pub reasons: Vec<String>,
    /// Only ratings with a comment.
    pub commented: bool,
    /// Only ratings that wait for a reply.
    pub unanswered: bool,
    /// Resolved or not, according to the client.
    pub resolved: Option<bool>,
    /// Voided or not.
    pub voided: Option<bool>,
    /// Only closes that a supervisor scored too.
    pub supervised: bool,
    /// Closed on this weekday (0 is Monday) in this hour, in the organisation's time zone.
    pub hour: Option<(i64, i64)>,
    /// Reasons that the client chose.
    pub chosen: Vec<HasReason>,
    /// Reasons with which keyword rules tagged the comment. Ratings whose comment was not checked by rules match no value, not even
    /// "none".
    pub tagged: Vec<HasReason>,
    /// Search in the comment.
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
    /// True if it requires something that only a rating has.
    pub fn asks_for_a_rating(&self) -> bool {
        let said = self.commented || self.unanswered || self.resolved.is_some() || self.voided.is_some() || self.search.is_some();
        said || !self.chosen.is_empty()
            || !self.tagged.is_empty()
            || !self.scores.is_empty()
            || self.grade.is_some()
            || matches!(self.ended, Ended::As(Outcome::Answered) | Ended::AnsweredOver)
    }
}

/// An hour of the week in addresses: `1-14` is Monday from 14:00.
pub fn write_hour(weekday: i64, hour: i64) -> String {
    format!("{}-{hour}", weekday + 1)
}

/// Parses [`write_hour`].
pub fn parse_hour(text: &str) -> Option<(i64, i64)> {
    let (weekday, hour): (i64, i64) = text.split_once('-').and_then(|(weekday, hour)| Some((weekday.parse().ok()?, hour.parse().ok()?)))?;
    ((1..=7).contains(&weekday) && (0..24).contains(&hour)).then_some((weekday - 1, hour))
}
