//! The settings of a line: its "Rating" tab, as one document. It is stored whole and versioned; pages and API use these names.

pub mod ask_rule;
pub mod bitrix24;
pub mod days_off;
pub mod deadline;
pub mod experiment;
pub mod macros;
pub mod merge;
pub mod quiet_hours;

pub mod tag_rule;
pub mod texts;

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
use lastword_base::names::ConnectionId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The settings of a line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LineSettings {
    /// Ask the clients of this line.
    pub enabled: bool,
    /// The scale of the question.
    pub scale: Scale,
    /// Language of texts if the client's language is unknown or has no text.
    #[schema(max_length = 35)]
    pub language: String,
    /// Texts by language (`en`, `pt-BR`). A missing text falls back to the built-in text of that language.
    pub texts: BTreeMap<String, Texts>,
    /// Seconds between the close and the question. The web chat shows it immediately.
    pub delay_secs: u32,
    /// Ask if the session was closed because of inactivity.
    pub ask_after_timeout: bool,
    /// Ask if a bot closed the session.
    pub ask_after_bot: bool,
    /// Scores up to this one are low. Default: 👎, or two stars.
    #[schema(maximum = 5)]
    pub low_max: Option<u8>,
    /// Recipients of alerts about low ratings.
    pub alerts: Alerts,
    /// Notify the operator of the best score with a comment: on their own page, and in a message if the operator is a recipient.
    pub praise: bool,
    /// Questions after the score.
    pub follow_up: FollowUp,
    /// Public page where clients can review the organisation. Shown with the thank-you to every client who answered, whatever the
    /// score. Not set by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200, example = "https://g.page/r/example/review")]
    pub review_link: Option<String>,
    /// Keyword rules that tag comments with reasons, separate from the reasons that clients choose. Maximum 30. A change applies to
    /// later comments only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 30)]
    pub tag_rules: Vec<TagRule>,
    /// Hours after which the question expires. A later answer is acknowledged, but does not count.
    #[schema(minimum = 1, maximum = 2160)]
    pub expires_after_hours: u32,
    /// Minutes in which the client may change the score by a tap. After that (with 0: always), only on the page of the rating, if
    /// `http.public_url` is set.
    pub change_minutes: u32,
    /// Hours after which one reminder is sent. Default: no reminder.
    pub reminder_after_hours: Option<u32>,
    /// Sessions to ask about, by who handled them.
    pub ask_handled: AskHandled,
    /// Sessions to ask about, by their labels and fields. Maximum 20 rules. The matching rule with the most conditions applies; of
    /// several, the first. If no rule matches, nothing changes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub ask_rules: Vec<AskRule>,
    /// Cases in which the client is not asked.
    pub skip: Skip,
    /// A client is asked at most once in this many hours, across all lines and channels. 0: every time.
    pub once_per_client_hours: u32,
    /// Ask about this share of closes, in percent. The selection is repeatable.
    #[schema(maximum = 100)]
    pub sampling_percent: u8,
    /// Target share of good ratings on this line, in percent. Reports state whether it is reached, missed or undecided. Not set by
    /// default.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 99)]
    pub target_percent: Option<u8>,
    /// Time within which low ratings have to be replied to, in working hours. Existing low ratings keep their deadline. Not set by
    /// default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Deadline>,
    /// Actions if the channel's window closes before the question would be sent.
    pub window: WindowRules,
    /// Hours of the day in which clients are not asked. Not set by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet_hours: Option<QuietHours>,
    /// Treatment of an open question if the client writes something that does not answer it.
    pub other_text: OtherText,
    /// Operators credited with a rating.
    pub attribution: Attribution,
    /// Months after the close at which personal data is removed: the client's identity, addresses and texts. Scores and counters
    /// stay. 0: never.
    #[schema(maximum = 1200)]
    pub retention_months: u32,
    /// Minutes of silence after which an open session is closed as timed out: in the web chat, and for desks that report openings.
    /// Default: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idle_minutes: Option<u32>,
    /// Asking while the conversation is still open.
    pub while_talking: WhileTalking,
    /// Publish ratings and comments at `/showcase/{line}`, three days after they were given.
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

/// The texts for the client, in one language. Each may be omitted. Placeholders: `#NAME#` or `#CLIENT#` (the client's name),
/// `#OPERATOR#`, `#LINE#`, `#ORGANISATION#`, `#SESSION#`, and in thank-you texts `#SCORE#`.
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
    /// Thank-you after a good score.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 640)]
    pub thanks_good: Option<String>,
    /// Thank-you after a score that is neither good nor low.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thanks_neutral: Option<String>,
    /// Thank-you after a low score.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 640)]
    pub thanks_low: Option<String>,
    /// Replaces the question when it has expired, and is sent after a late answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 640)]
    pub expired: Option<String>,
    /// Replaces the question when the conversation goes on, and is sent after an answer to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goes_on: Option<String>,
    /// "Was your issue resolved?"
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 640)]
    pub resolved: Option<String>,
    /// Label of the comment box.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 640)]
    pub comment: Option<String>,
    /// Text before the review link, if the line has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 160)]
    pub review: Option<String>,
    /// Reasons to choose from after a low score. Maximum 8. Each has the code under which it is counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 8)]
    pub reasons: Option<Vec<Reason>>,
}

/// Recipients of alerts about low ratings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Alerts {
    /// `operator` (the responsible one), `supervisors` (of this line), or the ID of a recipient or group.
    #[schema(max_items = 50)]
    pub recipients: Vec<String>,
    /// Additional recipients for low ratings of sessions with certain labels or fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub by_label: Vec<LabelRoute>,
    /// The line's supervisors: IDs of recipients.
    #[schema(max_items = 50)]
    pub supervisors: Vec<String>,
    /// The text. Placeholders: `#SCORE#`, `#LINE#`, `#CLIENT#`, `#OPERATOR#`, `#REASONS#`, `#COMMENT#`, `#SESSION#`, `#CHANNEL#`,
    /// `#TIME#`, `#LINK#` (the rating's page) and `#ORGANISATION#`. A text line whose placeholders have no value is omitted.
    #[schema(max_length = 2000)]
    pub text: Option<String>,
    /// Minutes after which an unacknowledged alert is escalated to `escalate_to`. Default: never.
    pub escalate_after_minutes: Option<u32>,
    /// Recipients of unacknowledged alerts, one level after another.
    #[schema(max_items = 50)]
    pub escalate_to: Vec<String>,
}

/// A recipient of alerts about sessions with certain labels or fields only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelRoute {
    /// `operator`, `supervisors`, or the ID of a recipient or group.
    pub recipient: String,
    /// Labels (`vip`) and fields (`topic:refund`, or `topic` for any value). One match is enough.
    #[schema(value_type = Vec<String>, max_items = 20)]
    pub any: Vec<LabelIs>,
}

impl Alerts {
    /// Recipients of an alert about a low rating of a session with these labels and fields, before any escalation.
    pub fn recipients_of(&self, of: Labels<'_>) -> Vec<String> {
        let more = self.by_label.iter().filter(|route| route.any.iter().any(|condition| condition.holds(of)));
        self.recipients.iter().cloned().chain(more.map(|route| route.recipient.clone())).collect()
    }

    /// All recipients that the line names for low ratings, on any level.
    pub fn named(&self) -> impl Iterator<Item = &String> {
        let by_label = self.by_label.iter().map(|route| &route.recipient);
        self.recipients.iter().chain(by_label).chain(&self.supervisors).chain(&self.escalate_to)
    }
}

/// Questions after the score.
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

/// Questions still to be asked of a client who has given a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asks {
    /// Ask for reasons.
    pub reasons: bool,
    /// Ask for a comment.
    pub comment: bool,
    /// "Was your issue resolved?"
    pub resolved: bool,
}

impl FollowUp {
    /// Questions still to be asked after a score: `low` states whether it is low, `commented` and `said_resolved` what the client
    /// has already answered.
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

/// Cases in which to ask "Was your issue resolved?".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = AskResolved)]
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

/// Asking while the conversation is open: by an operator's button, or by a program. The question counts for the session's next
/// close.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WhileTalking {
    /// Allow it.
    pub enabled: bool,
    /// The first score closes the session.
    pub closes: bool,
    /// Seconds in which the client may answer. Default: as long as for any question (`expires_after_hours`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_limit_secs: Option<u32>,
}

/// Cases in which the client is not asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = SkipRules)]
#[serde(deny_unknown_fields, default)]
pub struct Skip {
    /// Neither the close nor any earlier event named an operator.
    pub no_operator: bool,
    /// The operators wrote nothing.
    pub operator_silent: bool,
    /// The client wrote nothing.
    pub client_silent: bool,
    /// Minimum number of messages in the session.
    pub min_messages: u32,
}

impl Default for Skip {
    fn default() -> Self {
        Self { no_operator: true, operator_silent: false, client_silent: false, min_messages: 0 }
    }
}

/// Actions if the channel's window closes before the question would be sent, or turns out to be closed. Tried in this order. If
/// nothing helps, the client is not asked, and the reason is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WindowRules {
    /// Ask earlier than the delay requires, inside the window.
    pub ask_early: bool,
    /// Ask outside the window with a template that the platform approved, if the connection has one.
    pub template: bool,
    /// Ask through this connection, if the close names the client's address there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub fallback: Option<ConnectionId>,
}

impl Default for WindowRules {
    fn default() -> Self {
        Self { ask_early: true, template: true, fallback: None }
    }
}

/// Hours of the day in which clients are not asked: a question waits for their end. The web chat asks at any time, because its
/// visitor is present.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// Start, as `HH:MM`.
    #[schema(example = "22:00")]
    #[schema(max_length = 5)]
    pub from: String,
    /// End, as `HH:MM`. If it is before `from`, it is on the next day.
    #[schema(example = "08:00")]
    #[schema(max_length = 5)]
    pub to: String,
    /// Time zone, such as `Europe/Berlin`. Default: the organisation's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Action if the question cannot wait that long.
    #[serde(default)]
    pub shut_out: ShutOut,
}

/// Action for a question that quiet hours would delay beyond the window, or beyond its expiry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ShutOutRule)]
#[serde(rename_all = "snake_case")]
pub enum ShutOut {
    /// Ask before they begin. If that is too late, `window` applies.
    #[default]
    Early,
    /// Do not ask.
    Skip,
}

/// Treatment of an open question if the client writes something that does not answer it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OtherText {
    /// It stays open.
    #[default]
    KeepOpen,
    /// It is canceled, because the client has other concerns.
    Cancel,
}

words! {
    /// Sessions that a line asks about, by who handled them. If that is unknown, `skip.no_operator` decides.
    #[derive(Default, Deserialize, ToSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum AskHandled {
        /// All of them.
        #[default]
        Any = "any",
        /// A person took part.
        WithHuman = "with_human",
        /// Only people.
        HumanAlone = "human_alone",
        /// A program took part.
        WithProgram = "with_program",
        /// Only programs.
        ProgramAlone = "program_alone",
    }
}

impl AskHandled {
    /// True if the line asks about sessions that were handled like this.
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
    /// Operators credited with a rating.
    #[derive(Default, Deserialize, ToSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum Attribution {
        /// The operator who closed the session.
        #[default]
        Closing = "closing",
        /// All operators who wrote: once for the line, and once for each operator.
        Shared = "shared",
    }
}

/// An invalid setting, with its remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadSetting {
    /// The key, with dots: `alerts.recipients`.
    pub field: String,
    /// The problem and its remedy, as a sentence.
    pub problem: String,
}

impl LineSettings {
    /// True if `score` on `scale` is low on this line. On the line's own scale its rule applies; on another scale, which it used
    /// before, the default.
    pub fn is_low(&self, scale: Scale, score: u8) -> bool {
        score <= self.highest_low(scale)
    }

    /// The highest score on `scale` that is low on this line.
    pub fn highest_low(&self, scale: Scale) -> u8 {
        self.low_max.filter(|_| scale == self.scale).unwrap_or(scale.low_max_default())
    }
}
