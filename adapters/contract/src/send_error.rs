//! Reasons why a message was not sent, and what to do next. One type for all channels: *kind* says what happened, *verdict* what to do.

use crate::Millis;

/// What the queue does next with a message that was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It did not arrive. Call this connection again after this many milliseconds, and not before: the platform's own rate limit.
    RetryAfter(Millis),
    /// It did not arrive. Retry with growing pauses.
    RetryBackoff,
    /// The channel's window for writing to this client is shut.
    WindowShut,
    /// This person cannot be reached here: blocked us, left, never existed.
    RecipientGone,
    /// The connection itself is broken (token, permission, payment): stop it and notify an admin.
    ConnectionBroken,
    /// Refused permanently; the same message would be refused again.
    Refused,
    /// The request was sent and there was no clear response: it may have arrived. Never retried silently.
    CannotKnow,
}

impl Verdict {
    /// Stable name for logs, metrics and tables.
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

/// The reason why a message was not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}: {detail}")]
pub struct SendError {
    /// What happened, as a stable snake_case name: `blocked_by_client`, `throttled`, `timeout`. With
    /// [`Verdict::WindowShut`], `template_missing`, `no_form` and names that begin with `template_` are stored as separate
    /// reasons: the window was shut and the form for that case was missing or not accepted. With [`Verdict::Refused`],
    /// [`SendError::NOT_EDITABLE`] says that the message to be replaced ([`crate::Outgoing::replaces`]) is gone or can no
    /// longer be changed: the replacement is then sent once as a separate message.
    pub kind: &'static str,
    /// What to do next.
    pub verdict: Verdict,
    /// The platform's own message, for people. Never a token, a name or a phone number.
    pub detail: String,
}

impl SendError {
    /// Kind of a refusal because the message to be replaced cannot be changed.
    pub const NOT_EDITABLE: &'static str = "message_not_editable";

    /// Creates an error; `detail` is cut to 300 characters.
    pub fn new(verdict: Verdict, kind: &'static str, detail: impl AsRef<str>) -> Self {
        Self { kind, verdict, detail: detail.as_ref().chars().take(300).collect() }
    }
}
