//! The time in which a channel lets us write to the client, as the decision needs it.

use crate::Millis;

/// Kept free at the end of a window: clocks differ and a call takes time.
pub const MARGIN: Millis = 30_000;

/// What is known of the window when a question is planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowFact {
    /// The channel has none, or none for this conversation.
    Always,
    /// Shuts at this moment (in the past: it is shut).
    Until(Millis),
    /// The channel has one, but nobody told us when the client last wrote.
    Unknown,
}

impl WindowFact {
    /// The moment at which it shuts, if there is one.
    pub fn closes_at(self) -> Option<Millis> {
        match self {
            WindowFact::Until(at) => Some(at),
            WindowFact::Always | WindowFact::Unknown => None,
        }
    }

    /// Whether a message that leaves at `at` is safely inside.
    pub fn admits(self, at: Millis) -> bool {
        self.closes_at().is_none_or(|closes_at| at + MARGIN < closes_at)
    }
}
