//! Alerts about low ratings: their recipients, when they are sent (immediately or in a digest), and their texts.

pub mod words;

use super::Millis;
use super::question::limit::grant;
use crate::word::words;

/// Messages that a recipient gets without delay before a burst is collected into digests.
pub const BURST: u32 = 5;
/// Messages per second after that: one a minute.
pub const PER_SECOND: f64 = 1.0 / 60.0;
/// Time for which the first digest of a burst collects alerts.
pub const DIGEST_WAIT: Millis = 30_000;
/// Time after which an alert is no longer sent: longer than a weekend during which its receiver is down.
pub const GIVE_UP_AFTER: Millis = 72 * 3_600_000;
/// Time after which an alert that could not be sent also goes to the next recipient. It is still retried.
pub const HAND_OVER_AFTER: Millis = 24 * 3_600_000;

/// Time for which additions to a low rating are collected if they need another message: several reasons, then a comment.
pub const MORE_WAIT: Millis = 15_000;
/// Maximum length of a comment in an alert, in characters.
pub const COMMENT_CHARS_MAX: usize = 1_000;
/// Maximum length of a comment in an entry of a digest, in characters.
pub const ENTRY_COMMENT_CHARS_MAX: usize = 160;
/// Maximum length of a digest, in characters; the remaining entries are only counted. It fits every channel.
pub const DIGEST_CHARS_MAX: usize = 3_000;

/// Shortens a text to at most `max` characters, with an ellipsis where it was cut.
pub fn shortened(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
    }
}

words! {
    /// Kind of a recipient: one person, or a group of recipients.
    #[derive(Default, serde::Deserialize, utoipa::ToSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum RecipientKind {
        /// Notified through a connection.
        #[default]
        Person = "person",
        /// Its members are notified.
        Group = "group",
        /// A chat room or a push service, told by its hook.
        Room = "room",
    }
}

words! {
    /// Kind of an alert.
    #[derive(Default)]
    pub enum AlertKind {
        /// A low rating.
        #[default]
        Low = "low",
        /// A reported rating is no longer low.
        Changed = "changed",
        /// The client added something to a low rating.
        More = "more",
        /// A test that alerts arrive.
        Test = "test",
        /// No reply to a low rating in time.
        Late = "late",
        /// The operator's client gave the best score with a comment.
        Praise = "praise",
        /// A watched share of the line has fallen.
        Alarm = "alarm",
        /// A watched share is back to normal.
        AllClear = "all_clear",
    }
}

words! {
    /// State of an alert.
    #[derive(Default)]
    pub enum AlertState {
        /// Sent in a message of its own.
        #[default]
        Raised = "raised",
        /// Sent in a digest.
        Digested = "digested",
        /// Has no recipient, for a reason.
        Undeliverable = "undeliverable",
        /// No longer wanted.
        Canceled = "canceled",
    }
}

impl AlertKind {
    /// True if it is about a rating.
    pub fn is_of_rating(self) -> bool {
        matches!(self, AlertKind::Low | AlertKind::Changed | AlertKind::More | AlertKind::Late | AlertKind::Praise)
    }

    /// Kind of the message when it is composed: an alert about a rating that is no longer low becomes `Changed`.
    #[must_use]
    pub fn says_now(self, is_low: bool) -> Self {
        match self {
            AlertKind::Low | AlertKind::More | AlertKind::Late if !is_low => AlertKind::Changed,
            kind => kind,
        }
    }

    /// True if it needs no acknowledgement, because there is nothing to do.
    pub fn is_only_news(self) -> bool {
        matches!(self, AlertKind::Changed | AlertKind::Praise)
    }

    /// True if it is about a watched share.
    pub fn is_of_share(self) -> bool {
        matches!(self, AlertKind::Alarm | AlertKind::AllClear)
    }
}

impl AlertState {
    /// True if it is sent, alone or in a digest.
    pub fn is_told(self) -> bool {
        matches!(self, AlertState::Raised | AlertState::Digested)
    }
}

/// Route of one alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// In a message of its own.
    AtOnce,
    /// In the digest that is sent at this time at the earliest.
    Digest(Millis),
}

/// Chooses the route of the next alert for a recipient and returns the recipient's new limit state.
///
/// A digest is never sent before the limit lets a message through, so a burst of any size causes at most one message a minute.
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

words! {
    /// Reason why an alert has no recipient. Shown on the line's page and in the list of alerts.
    pub enum NobodyTold {
        /// The line names no recipient.
        NoRecipient = "no_recipient",
        /// The recipient does not exist (any more).
        UnknownRecipient = "unknown_recipient",
        /// The recipient is disabled.
        RecipientDisabled = "recipient_disabled",
        /// The recipient's connection is missing, or carries no alerts.
        ChannelUnlinked = "channel_unlinked",
        /// The line names the responsible operator, and that operator is not a recipient.
        OperatorNotLinked = "operator_not_linked",
        /// The group is empty.
        EmptyGroup = "empty_group",
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

    #[test]
    fn a_storm_at_one_moment_is_five_messages_and_one_digest() {
        let (now, mut tat, mut at_once, mut digest) = (1_000_000, 0, 0, None);
        for _ in 0..60 {
            match route(tat, now) {
                (Route::AtOnce, next) => {
                    at_once += 1;
                    tat = next;
                }
                (Route::Digest(at), _) if digest.is_none() => {
                    digest = Some(at);
                    tat = after_digest(tat, at);
                }
                (Route::Digest(_), _) => {}
            }
        }
        assert_eq!(at_once, BURST);
        let left = digest.expect("a digest");
        assert!(matches!(route(tat, left), (Route::Digest(_), _)), "the digest was the message of its minute");
        assert!(matches!(route(tat, left + 60_001), (Route::AtOnce, _)));
    }
}
