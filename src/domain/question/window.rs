//! Messaging window: the time in which a channel lets us write to the client.

use crate::Millis;

/// Margin before the end of a window: clocks differ and a call takes time.
pub const MARGIN: Millis = 30_000;

/// State of the window when a question is planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowFact {
    /// The channel has none, or none for this conversation.
    Always,
    /// Closes at this time; closed if it is in the past.
    Until(Millis),
    /// The channel has one, but the time of the client's last message is unknown.
    Unknown,
}

impl WindowFact {
    /// Its end, if there is one.
    pub fn closes_at(self) -> Option<Millis> {
        match self {
            WindowFact::Until(at) => Some(at),
            WindowFact::Always | WindowFact::Unknown => None,
        }
    }

    /// True if a message that is sent at `at` is safely inside.
    pub fn admits(self, at: Millis) -> bool {
        self.closes_at().is_none_or(|closes_at| at + MARGIN < closes_at)
    }
}
