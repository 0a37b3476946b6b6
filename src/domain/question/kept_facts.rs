//! Facts of a decision that are stored nowhere else, so that a dry run, or asking by hand, can repeat it.

use crate::Millis;
use crate::session::Wish;
use serde::{Deserialize, Serialize};

/// Other facts of a close at the time of the decision. They do not identify the client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeptFacts {
    /// Closes of this session within [`crate::session::FLAPPING_WINDOW`], including this one. Usually 1: then it is not written.
    #[serde(skip_serializing_if = "is_one")]
    pub recent_closes: i64,
    /// The desk had a rating of the session.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub already_rated: bool,
    /// The closer's choice.
    #[serde(skip_serializing_if = "is_auto")]
    pub wish: Wish,
    /// Number of the ask rule that applied, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<usize>,
    /// The client had opted out.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub opted_out: bool,
    /// The client had blocked us.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub blocked: bool,
    /// Time of the client's last message according to the channel, if that is later than according to the desk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wrote_at: Option<Millis>,
    /// End of the window, if the platform reported it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window_expires_at: Option<Millis>,
    /// Run of the import that it came from; `None` if it was closed here.
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
