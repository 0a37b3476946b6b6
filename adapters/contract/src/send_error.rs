//! Why a message did not go out, and what to do next. One type for all channels: *kind* says what happened,
//! *verdict* what to do.

use crate::Millis;

/// What the queue does next with a message that did not go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nobody got it. Call again on this connection after this many milliseconds, and not before: the platform's own
    /// word for its rate limit.
    RetryAfter(Millis),
    /// Nobody got it. Try again with growing pauses.
    RetryBackoff,
    /// The channel's window for writing to this client is shut.
    WindowShut,
    /// This person cannot be reached here: blocked us, left, never existed.
    RecipientGone,
    /// The connection itself is broken (token, permission, payment): stop it and tell an admin.
    ConnectionBroken,
    /// Refused for good; the same message would be refused again.
    Refused,
    /// The request left us and no clear answer came back: it may have arrived. Never retried silently.
    CannotKnow,
}

impl Verdict {
    /// A stable word for logs, metrics and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::RetryAfter(_) => "retry_after",
            Verdict::RetryBackoff => "retry_backoff",
            Verdict::WindowShut => "window_shut",
            Verdict::RecipientGone => "recipient_gone",
            Verdict::ConnectionBroken => "connection_broken",
            Verdict::Refused => "refused",
            Verdict::CannotKnow => "cannot_know",
        }
    }
}

/// Why a message did not go out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}: {detail}")]
pub struct SendError {
    /// What happened, as a stable snake_case word: `blocked_by_client`, `throttled`, `timeout`. Beside
    /// [`Verdict::WindowShut`], `template_missing`, `no_form` and words that begin with `template_` are kept as reasons of
    /// their own: they say that the window was shut and the form for that time was not there, or not taken. Beside
    /// [`Verdict::Refused`], [`SendError::NOT_EDITABLE`] says that the message to be replaced ([`crate::Outgoing::replaces`]) is
    /// gone or cannot be changed any more: what was to stand there is then sent once as a message of its own.
    pub kind: &'static str,
    /// What to do next.
    pub verdict: Verdict,
    /// The platform's own words, for people. Never a token, a name or a phone number.
    pub detail: String,
}

impl SendError {
    /// The kind of a refusal because the message to be replaced cannot be.
    pub const NOT_EDITABLE: &'static str = "message_not_editable";

    /// Makes an error; `detail` is cut to 300 characters.
    pub fn new(verdict: Verdict, kind: &'static str, detail: impl AsRef<str>) -> Self {
        Self { kind, verdict, detail: detail.as_ref().chars().take(300).collect() }
    }
}
