//! Who is told of a low rating, at once or in a digest, and in which words.

pub mod words;

use super::Millis;
use super::question::limit::grant;

/// Messages a recipient gets at once before a storm is gathered into digests.
pub const BURST: u32 = 5;
/// Messages a second after that: one a minute.
pub const PER_SECOND: f64 = 1.0 / 60.0;
/// How long the first digest of a storm gathers.
pub const DIGEST_WAIT: Millis = 30_000;
/// How long an alert is worth bringing.
pub const GIVE_UP_AFTER: Millis = 24 * 3_600_000;

/// How long what a client adds to a low rating gathers, where it has to be told in another message: several reasons, and then a
/// comment.
pub const MORE_WAIT: Millis = 15_000;
/// So much of a comment stands in an alert, in characters.
pub const COMMENT_CHARS_MAX: usize = 1_000;
/// So much of it stands in an entry of a digest.
pub const ENTRY_COMMENT_CHARS_MAX: usize = 160;
/// So long a digest becomes before the rest of it is a number, in characters: it fits every channel.
pub const DIGEST_CHARS_MAX: usize = 3_000;

/// A text of at most `max` characters, with a sign where it was cut.
pub fn shortened(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
    }
}

/// How one alert goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// In a message of its own.
    AtOnce,
    /// In the digest that leaves at this moment at the earliest.
    Digest(Millis),
}

/// Chooses the route of the next alert for a recipient and gives the recipient's new limit state.
///
/// A digest never leaves before the limit lets a message through, so that a storm of any size is at most one message
/// a minute.
pub fn route(tat_micros: i64, now: Millis) -> (Route, i64) {
    let grant = grant(tat_micros, now, PER_SECOND, BURST, 1);
    if grant.calls == 1 {
        return (Route::AtOnce, grant.tat_micros);
    }
    (Route::Digest((now + DIGEST_WAIT).max(grant.next_at)), tat_micros)
}

/// The state of a recipient's limit after a digest was planned for `at`.
pub fn after_digest(tat_micros: i64, at: Millis) -> i64 {
    grant(tat_micros, at, PER_SECOND, BURST, 1).tat_micros
}

/// Why an alert reaches nobody. Shown on the line's page and in the log of alerts; never silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NobodyTold {
    /// The line names no recipient.
    NoRecipient,
    /// The recipient is not there (any more).
    UnknownRecipient,
    /// The recipient is switched off.
    RecipientDisabled,
    /// The recipient's connection is gone, or carries no alerts.
    ChannelUnlinked,
    /// The line names the responsible operator, and that operator is no recipient.
    OperatorNotLinked,
    /// The group is empty.
    EmptyGroup,
}

impl NobodyTold {
    /// The word in tables and API.
    pub fn as_str(self) -> &'static str {
        match self {
            NobodyTold::NoRecipient => "no_recipient",
            NobodyTold::UnknownRecipient => "unknown_recipient",
            NobodyTold::RecipientDisabled => "recipient_disabled",
            NobodyTold::ChannelUnlinked => "channel_unlinked",
            NobodyTold::OperatorNotLinked => "operator_not_linked",
            NobodyTold::EmptyGroup => "empty_group",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_storm_is_five_messages_and_then_digests() {
        let (mut tat, mut at_once, mut digests) = (0, 0, 0);
        for second in 0..60 {
            let now = 1_000_000 + second * 1_000;
            match route(tat, now) {
                (Route::AtOnce, next) => {
                    at_once += 1;
                    tat = next;
                }
                (Route::Digest(at), _) => {
                    digests += 1;
                    assert!(at >= now + DIGEST_WAIT);
                }
            }
        }
        assert_eq!(at_once + digests, 60);
        assert_eq!(at_once, BURST);
    }
}
