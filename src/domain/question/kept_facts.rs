//! What a decision looked at and is kept nowhere else, so that a dry run, or a person's hand, decides from it anew.

use crate::domain::Millis;
use crate::domain::session::Wish;
use serde::{Deserialize, Serialize};

/// The other facts of a close, as they were when it was decided. Nothing in them says who the client was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeptFacts {
    /// How many messages operators wrote, where the desk told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator_messages: Option<i64>,
    /// How many messages the client wrote, where the desk told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_messages: Option<i64>,
    /// Closes of this session within [`crate::domain::session::FLAPPING_WINDOW`], this one among them.
    #[serde(skip_serializing_if = "is_zero")]
    pub recent_closes: i64,
    /// The desk had a rating of it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub already_rated: bool,
    /// What whoever closed it wanted.
    #[serde(skip_serializing_if = "is_auto")]
    pub wish: Wish,
    /// The number of the ask rule that decided, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<usize>,
    /// The client was on the list of those who asked not to be asked.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub opted_out: bool,
    /// The client had blocked us.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub blocked: bool,
    /// When the client last wrote, by the channel, where that is later than by the desk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wrote_at: Option<Millis>,
    /// When the window shut, where the platform told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window_expires_at: Option<Millis>,
    /// It was not closed here, but came in from a file: in this run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imported: Option<String>,
}

fn is_zero(number: &i64) -> bool {
    *number == 0
}

fn is_auto(wish: &Wish) -> bool {
    *wish == Wish::Auto
}
