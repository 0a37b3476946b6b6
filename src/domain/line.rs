//! The settings of a line: its "Rating" tab, as one document. It is stored whole, versioned, and shown by screen and
//! API under these very names.

pub mod ask_rule;
pub mod bitrix24;
pub mod days_off;
pub mod deadline;
pub mod experiment;
pub mod merge;

pub mod tag_rule;

mod check;
mod review_link;
mod wording;

pub use check::IDLE_MINUTES_MAX;
pub use wording::{ALERT_CHARS_MAX, TEXT_CHARS_MAX, UnknownMacro};

use self::ask_rule::AskRule;
use self::deadline::Deadline;
use self::tag_rule::TagRule;
use super::answer::rating::Scale;
use super::answer::reason::Reason;
use super::session::HandledBy;
use super::session::label::{LabelIs, Labels};
use crate::word::words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The settings of a line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LineSettings {
    /// Ask clients of this line.
    pub enabled: bool,
    /// The scale of the question.
    pub scale: Scale,
    /// The language of texts where the client's is not known or has none.
    #[schema(max_length = 35)]
    pub language: String,
    /// Texts by language (`en`, `pt-BR`); what is missing falls back to the built-in text of that language.
    pub texts: BTreeMap<String, Texts>,
    /// Seconds between the close and the question. The web chat shows it at once.
    pub delay_secs: u32,
    /// Ask when the session was closed because nobody wrote.
    pub ask_after_timeout: bool,
    /// Ask when a bot closed the session.
    pub ask_after_bot: bool,
    /// Scores up to this one are low; by default 👎, or two stars.
    #[schema(maximum = 5)]
    pub low_max: Option<u8>,
    /// Who hears of a low rating, and how.
    pub alerts: Alerts,
    /// Tell the operator of the best score with a comment: on their own page, and in a message where the operator is a recipient.
    pub praise: bool,
    /// What is asked after the score.
    pub follow_up: FollowUp,
    /// Where clients can review the organisation in public: shown with the thanks to everybody who answered, whatever the score.
    /// None by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200, example = "https://g.page/r/example/review")]
    pub review_link: Option<String>,
    /// Keyword rules that tag comments with reasons, apart from the reasons that clients choose; at most thirty. A change
    /// counts for comments from then on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 30)]
    pub tag_rules: Vec<TagRule>,
    /// Hours after which the question is over; a later answer is thanked for and kept apart.
    #[schema(minimum = 1, maximum = 2160)]
    pub expires_after_hours: u32,
    /// Minutes in which the client may change the score by a tap. After that, and with 0 from the beginning, only on the page of the
    /// rating (if `http.public_url` is set).
    pub change_minutes: u32,
    /// Hours after which one reminder is sent; none by default.
    pub reminder_after_hours: Option<u32>,
    /// Which sessions to ask about, by who handled them.
    pub ask_handled: AskHandled,
    /// Which sessions to ask about, by their labels and fields; at most twenty rules. The one with most conditions that fits
    /// decides, of several the first; where none fits, nothing changes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub ask_rules: Vec<AskRule>,
    /// When not to ask.
    pub skip: Skip,
    /// A client is asked at most once in this many hours, over all lines and channels. 0 asks every time.
    pub once_per_client_hours: u32,
    /// Ask about this share of closes, in percent; which ones is repeatable.
    #[schema(maximum = 100)]
    pub sampling_percent: u8,
    /// The share of good ratings that this line is to reach, in percent. Reports say whether it is reached, missed, or cannot be
    /// told yet. None by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 99)]
    pub target_percent: Option<u8>,
    /// By when low ratings are to be replied to, in working hours. Ratings that are low already keep the deadline they had. None by
    /// default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Deadline>,
    /// What to do where the channel's window shuts before the question would leave.
    pub window: WindowRules,
    /// Hours of the day in which nobody is asked; none by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet_hours: Option<QuietHours>,
    /// What becomes of an open question when the client writes something that is no answer to it.
    pub other_text: OtherText,
    /// Whose rating it is.
    pub attribution: Attribution,
    /// Months after the close at which personal data is removed: who the client was, where they were written to, what they
    /// wrote. Scores and counters stay. 0 keeps it for ever.
    #[schema(maximum = 1200)]
    pub retention_months: u32,
    /// Minutes of silence after which an open session is closed as timed out, in our own chat and where a desk tells of openings;
    /// never by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idle_minutes: Option<u32>,
    /// Asking while the conversation goes on.
    pub while_talking: WhileTalking,
    /// Show what clients say in public, at `/showcase/{line}`, three days after they said it.
    pub publication: bool,
}

impl Default for LineSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            scale: Scale::Binary,
            language: "en".to_owned(),
            texts: BTreeMap::new(),
            delay_secs: 2,
            ask_after_timeout: true,
            ask_after_bot: false,
            low_max: None,
            alerts: Alerts::default(),
            praise: true,
            follow_up: FollowUp::default(),
            review_link: None,
            tag_rules: Vec::new(),
            expires_after_hours: 72,
            change_minutes: 10,
            reminder_after_hours: None,
            ask_handled: AskHandled::Any,
            ask_rules: Vec::new(),
            skip: Skip::default(),
            once_per_client_hours: 24,
            sampling_percent: 100,
            target_percent: None,
            deadline: None,
            window: WindowRules::default(),
            quiet_hours: None,
            other_text: OtherText::KeepOpen,
            attribution: Attribution::Closing,
            retention_months: 24,
            idle_minutes: None,
            while_talking: WhileTalking::default(),
            publication: false,
        }
    }
}

/// What the client reads, in one language. Every text may be left out. `#NAME#` (the client's name; or `#CLIENT#`), `#OPERATOR#`,
/// `#LINE#`, `#ORGANISATION#` and `#SESSION#` are filled in, and `#SCORE#` in thanks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Texts {
    /// The question.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 640)]
    pub question: Option<String>,
    /// The reminder.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 640)]
    pub reminder: Option<String>,
    /// Thanks after a good score.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 640)]
    pub thanks_good: Option<String>,
    /// Thanks after a score that is neither good nor low.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thanks_neutral: Option<String>,
    /// Thanks after a low score.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 640)]
    pub thanks_low: Option<String>,
    /// In place of the question when its time is over, and after a late answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 640)]
    pub expired: Option<String>,
    /// In place of the question when the conversation goes on, and after an answer to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goes_on: Option<String>,
    /// "Was your issue resolved?"
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 640)]
    pub resolved: Option<String>,
    /// The label of the comment box.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 640)]
    pub comment: Option<String>,
    /// The words before the review link, where the line has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 160)]
    pub review: Option<String>,
    /// Reasons to choose from after a low score, at most eight, each with the code by which it is counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 8)]
    pub reasons: Option<Vec<Reason>>,
}

/// Who hears of a low rating, and how.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Alerts {
    /// `operator` (the responsible one), `supervisors` (of this line), or the id of a recipient or group.
    #[schema(max_items = 50)]
    pub recipients: Vec<String>,
    /// Who else hears of low ratings of sessions with some labels or fields, and only of those.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub by_label: Vec<LabelRoute>,
    /// The line's supervisors: ids of recipients.
    #[schema(max_items = 50)]
    pub supervisors: Vec<String>,
    /// The text; `#SCORE#`, `#LINE#`, `#CLIENT#`, `#OPERATOR#`, `#REASONS#`, `#COMMENT#`, `#SESSION#`, `#CHANNEL#`, `#TIME#`,
    /// `#LINK#` (the rating's page) and `#ORGANISATION#` are filled in. A line of it that says only what nobody knows is left out.
    #[schema(max_length = 2000)]
    pub text: Option<String>,
    /// Minutes after which an alert that nobody acknowledged goes on to `escalate_to`; never by default.
    pub escalate_after_minutes: Option<u32>,
    /// Where unacknowledged alerts go, one level after another.
    #[schema(max_items = 50)]
    pub escalate_to: Vec<String>,
}

/// A recipient who hears only of sessions with some labels or fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelRoute {
    /// `operator`, `supervisors`, or the id of a recipient or group.
    pub recipient: String,
    /// Labels (`vip`) and fields (`topic:refund`, or `topic` for any value), one of which is enough.
    #[schema(value_type = Vec<String>, max_items = 20)]
    pub any: Vec<LabelIs>,
}

impl Alerts {
    /// Who hears of a low rating of a session with these labels and fields at once.
    pub fn recipients_of(&self, of: Labels<'_>) -> Vec<String> {
        let more = self.by_label.iter().filter(|route| route.any.iter().any(|condition| condition.holds(of)));
        self.recipients.iter().cloned().chain(more.map(|route| route.recipient.clone())).collect()
    }

    /// Everybody whom the line names for low ratings, at whatever level.
    pub fn named(&self) -> impl Iterator<Item = &String> {
        let by_label = self.by_label.iter().map(|route| &route.recipient);
        self.recipients.iter().chain(by_label).chain(&self.supervisors).chain(&self.escalate_to)
    }
}

/// What is asked after the score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FollowUp {
    /// Offer reasons after a low score.
    pub reasons: bool,
    /// Offer a free comment after a low score.
    pub comment: bool,
    /// Ask "Was your issue resolved?".
    pub resolved: Resolved,
}

impl Default for FollowUp {
    fn default() -> Self {
        Self { reasons: true, comment: true, resolved: Resolved::Never }
    }
}

/// What is still asked of a client who has given a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asks {
    /// Which reasons.
    pub reasons: bool,
    /// A comment.
    pub comment: bool,
    /// "Was your issue resolved?"
    pub resolved: bool,
}

impl FollowUp {
    /// What is still asked after a score that is `low` or not, when the client has commented and said whether the issue
    /// was resolved, or not yet.
    pub fn asks(&self, low: bool, commented: bool, said_resolved: bool) -> Asks {
        let resolved = match self.resolved {
            Resolved::Never => false,
            Resolved::AfterLow => low,
            Resolved::Always => true,
        };
        let more = low && !commented;
        Asks { reasons: more && self.reasons, comment: more && self.comment, resolved: resolved && !said_resolved }
    }
}

/// When to ask "Was your issue resolved?".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Resolved {
    /// Never.
    #[default]
    Never,
    /// After a low score.
    AfterLow,
    /// After every score.
    Always,
}

/// Asking while the conversation goes on: by an operator's button, or a program. It is the one question about the session's
/// next close.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WhileTalking {
    /// Whether it may be asked.
    pub enabled: bool,
    /// The first score closes the session.
    pub closes: bool,
    /// Seconds in which the client may answer; as long as any question (`expires_after_hours`) by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_limit_secs: Option<u32>,
}

/// When not to ask.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Skip {
    /// Neither the close nor anything before it named an operator.
    pub no_operator: bool,
    /// The operators wrote nothing.
    pub operator_silent: bool,
    /// The client wrote nothing.
    pub client_silent: bool,
    /// Fewer messages than this.
    pub min_messages: u32,
}

impl Default for Skip {
    fn default() -> Self {
        Self { no_operator: true, operator_silent: false, client_silent: false, min_messages: 0 }
    }
}

/// What to do where the channel's window shuts before the question would leave, or turns out to be shut: tried in this
/// order. Where none of it helps, the client is not asked, and the reason is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WindowRules {
    /// Ask earlier than the delay says, inside the window.
    pub ask_early: bool,
    /// Ask outside the window in a form that the platform approved, where the connection has one.
    pub template: bool,
    /// Ask through this connection, where the close names an address of the client there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback: Option<String>,
}

impl Default for WindowRules {
    fn default() -> Self {
        Self { ask_early: true, template: true, fallback: None }
    }
}

/// Hours of the day in which nobody is asked: a question waits for their end. The web chat asks at any time, because its
/// visitor is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// When they begin, as `HH:MM`.
    #[schema(example = "22:00")]
    #[schema(max_length = 5)]
    pub from: String,
    /// When they end, as `HH:MM`; before `from`, it is the next day.
    #[schema(example = "08:00")]
    #[schema(max_length = 5)]
    pub to: String,
    /// The time zone, such as `Europe/Berlin`; the organisation's by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// What to do where the question cannot wait that long.
    #[serde(default)]
    pub shut_out: ShutOut,
}

/// What to do with a question that quiet hours would push out of the window, or past its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ShutOut {
    /// Ask before they begin; where that is too late, go on as `window` says.
    #[default]
    Early,
    /// Do not ask.
    Skip,
}

/// What becomes of an open question when the client writes something that is no answer to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OtherText {
    /// It stays open.
    #[default]
    KeepOpen,
    /// It is over: the client has other things on their mind.
    Cancel,
}

words! {
    /// Which sessions a line asks about, by who handled them. What nobody is known to have handled is for `skip.no_operator` to decide.
    #[derive(Default, Deserialize, ToSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum AskHandled {
        /// All of them.
        #[default]
        Any = "any",
        /// A person took part.
        WithHuman = "with_human",
        /// People alone.
        HumanAlone = "human_alone",
        /// A program took part.
        WithProgram = "with_program",
        /// Programs alone.
        ProgramAlone = "program_alone",
    }
}

impl AskHandled {
    /// Whether a session that was handled so is asked about.
    pub fn takes(self, handled_by: HandledBy) -> bool {
        match (self, handled_by) {
            (AskHandled::Any, _) | (_, HandledBy::Nobody) => true,
            (AskHandled::WithHuman, handled_by) => handled_by != HandledBy::Program,
            (AskHandled::HumanAlone, handled_by) => handled_by == HandledBy::Human,
            (AskHandled::WithProgram, handled_by) => handled_by != HandledBy::Human,
            (AskHandled::ProgramAlone, handled_by) => handled_by == HandledBy::Program,
        }
    }
}

words! {
    /// Whose rating it is.
    #[derive(Default, Deserialize, ToSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum Attribution {
        /// The operator who closed the session.
        #[default]
        Closing = "closing",
        /// All operators who wrote: once for the line, and once for each of them.
        Shared = "shared",
    }
}

/// A setting that cannot be taken, with what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadSetting {
    /// The key, in dots: `alerts.recipients`.
    pub field: String,
    /// What is wrong and the remedy, as a sentence.
    pub problem: String,
}

impl LineSettings {
    /// Whether `score` on `scale` is low on this line: by its own rule on its own scale, as is usual on another one that it asked on.
    pub fn is_low(&self, scale: Scale, score: u8) -> bool {
        score <= self.low_max.filter(|_| scale == self.scale).unwrap_or(scale.low_max_default())
    }
}
