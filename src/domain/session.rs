//! A session and the facts that are frozen when it closes.

use super::Millis;

/// Who or what ended a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClosedBy {
    /// An operator closed the chat.
    #[default]
    Operator,
    /// The client closed the chat.
    Client,
    /// Nobody wrote for too long.
    Timeout,
    /// A bot closed the chat.
    Bot,
    /// It was marked as spam.
    Spam,
    /// It was closed by force: a dismissed operator, a group action, a clean-up.
    Forced,
}

impl ClosedBy {
    /// All of them.
    pub const ALL: [ClosedBy; 6] =
        [ClosedBy::Operator, ClosedBy::Client, ClosedBy::Timeout, ClosedBy::Bot, ClosedBy::Spam, ClosedBy::Forced];

    /// Reads [`ClosedBy::as_str`] back.
    pub fn parse(word: &str) -> Option<Self> {
        ClosedBy::ALL.into_iter().find(|closed_by| closed_by.as_str() == word)
    }

    /// The word in tables and API.
    pub fn as_str(self) -> &'static str {
        match self {
            ClosedBy::Operator => "operator",
            ClosedBy::Client => "client",
            ClosedBy::Timeout => "timeout",
            ClosedBy::Bot => "bot",
            ClosedBy::Spam => "spam",
            ClosedBy::Forced => "forced",
        }
    }
}

/// Whether whoever closes a session wants its client asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// As the line says.
    #[default]
    Auto,
    /// Ask, where only the line's own preferences speak against it.
    Ask,
    /// Do not ask.
    Keep,
}

/// An operator as they were at the close.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// The desk's id of the operator.
    pub id: String,
    /// The operator's name, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Whether an event about a session is news: events may overtake each other on their way to us.
pub fn is_stale(occurred_at: Millis, last_applied_at: Millis) -> bool {
    occurred_at < last_applied_at
}

/// More closes than this within [`FLAPPING_WINDOW`] is a loop between programs, not a conversation.
pub const FLAPPING_CLOSES_MAX: i64 = 3;

/// The time in which closes are counted to notice a loop.
pub const FLAPPING_WINDOW: Millis = 10 * 60 * 1_000;
