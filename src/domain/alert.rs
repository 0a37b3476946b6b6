//! Who is told of a low rating, at once or in a digest, and in which words.

pub mod words;

use super::Millis;
use super::question::limit::grant;
use crate::word::words;

/// Messages a recipient gets at once before a storm is gathered into digests.
pub const BURST: u32 = 5;
/// Messages a second after that: one a minute.
pub const PER_SECOND: f64 = 1.0 / 60.0;
/// How long the first digest of a storm gathers.
pub const DIGEST_WAIT: Millis = 30_000;
/// Time after which an alert is no longer sent: longer than a weekend on which its receiver is down.
pub const GIVE_UP_AFTER: Millis = 72 * 3_600_000;
/// Time after which an alert that could not be sent also goes to the next recipient. It is still retried.
pub const HAND_OVER_AFTER: Millis = 24 * 3_600_000;

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

words! {
    /// Whether a recipient is one person or several recipients.
    #[derive(Default, serde::Deserialize, utoipa::ToSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum RecipientKind {
        /// Told through a connection.
        #[default]
        Person = "person",
        /// Its members are told.
        Group = "group",
    }
}

words! {
    /// What an alert tells.
    #[derive(Default)]
    pub enum AlertKind {
        /// A low rating.
        #[default]
        Low = "low",
        /// A rating that was told is no longer low.
        Changed = "changed",
        /// The client added something to a low rating.
        More = "more",
        /// Nothing: somebody wants to see that alerts arrive.
        Test = "test",
        /// Nobody replied to a low rating in time.
        Late = "late",
        /// The operator's client gave the best score, and said why.
        Praise = "praise",
        /// A watched share of the line has fallen.
        Alarm = "alarm",
        /// It is as usual again.
        AllClear = "all_clear",
    }
}

words! {
    /// Where an alert stands.
    #[derive(Default)]
    pub enum AlertState {
        /// It goes out in a message of its own.
        #[default]
        Raised = "raised",
        /// It goes out in a digest.
        Digested = "digested",
        /// It reaches nobody, for a reason.
        Undeliverable = "undeliverable",
        /// It is not wanted any more.
        Canceled = "canceled",
    }
}

impl AlertKind {
    /// Whether it is about a rating.
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

    /// Whether nobody has to say that they have seen it: there is nothing to do.
    pub fn is_only_news(self) -> bool {
        matches!(self, AlertKind::Changed | AlertKind::Praise)
    }

    /// Whether it is about a watched share.
    pub fn is_of_share(self) -> bool {
        matches!(self, AlertKind::Alarm | AlertKind::AllClear)
    }
}

impl AlertState {
    /// Whether it goes out, in one form or the other.
    pub fn is_told(self) -> bool {
        matches!(self, AlertState::Raised | AlertState::Digested)
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

words! {
    /// Why an alert reaches nobody. Shown on the line's page and in the log of alerts; never silence.
    pub enum NobodyTold {
        /// The line names no recipient.
        NoRecipient = "no_recipient",
        /// The recipient is not there (any more).
        UnknownRecipient = "unknown_recipient",
        /// The recipient is switched off.
        RecipientDisabled = "recipient_disabled",
        /// The recipient's connection is gone, or carries no alerts.
        ChannelUnlinked = "channel_unlinked",
        /// The line names the responsible operator, and that operator is no recipient.
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
