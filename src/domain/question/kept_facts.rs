//! What a decision looked at and is kept nowhere else, so that a dry run, or a person's hand, decides from it anew.

use crate::Millis;
use crate::session::Wish;
use serde::{Deserialize, Serialize};

/// The other facts of a close, as they were when it was decided. Nothing in them says who the client was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeptFacts {
    /// Closes of this session within [`crate::session::FLAPPING_WINDOW`], this one among them. Nearly always it is the only
    /// one: then it is not written.
    #[serde(skip_serializing_if = "is_one")]
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

impl Default for KeptFacts {
    fn default() -> Self {
        Self {
            recent_closes: 1,
            already_rated: false,
            wish: Wish::Auto,
            rule: None,
            opted_out: false,
            blocked: false,
            wrote_at: None,
            window_expires_at: None,
            imported: None,
        }
    }
}

fn is_one(number: &i64) -> bool {
    *number == 1
}

fn is_auto(wish: &Wish) -> bool {
    *wish == Wish::Auto
}
