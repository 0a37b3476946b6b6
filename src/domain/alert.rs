//! Who is told of a low rating, at once or in a digest, and in which words.

use super::Millis;
use super::limit::grant;

/// Messages a recipient gets at once before a storm is gathered into digests.
pub const BURST: u32 = 5;
/// Messages a second after that: one a minute.
pub const PER_SECOND: f64 = 1.0 / 60.0;
/// How long the first digest of a storm gathers.
pub const DIGEST_WAIT: Millis = 30_000;
/// How long an alert is worth bringing.
pub const GIVE_UP_AFTER: Millis = 24 * 3_600_000;

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

/// The facts that macros stand for.
#[derive(Clone, Debug, Default)]
pub struct AlertFacts<'a> {
    /// The line's name.
    pub line: &'a str,
    /// The responsible operator's name.
    pub operator: &'a str,
    /// The score as a person reads it.
    pub score: &'a str,
    /// The desk's id of the session.
    pub session: &'a str,
    /// The channel's kind.
    pub channel: &'a str,
    /// When the answer arrived, in the organisation's time zone.
    pub time: &'a str,
    /// The page of the rating; empty where the outside does not reach us.
    pub link: &'a str,
}

/// The text where the line has none of its own.
pub const TEXT: &str = "Low rating #SCORE# on #LINE#\nOperator: #OPERATOR#\nSession: #SESSION# (#CHANNEL#)\n#TIME#\n#LINK#";

/// Fills the macros in `text`. Values are put in as they are and not looked at again, so a name with `#LINE#` in it
/// stays that name. Where the link is empty, no empty end of the text is left.
pub fn fill(text: &str, facts: &AlertFacts<'_>) -> String {
    let macros = [
        ("#LINE#", facts.line),
        ("#OPERATOR#", facts.operator),
        ("#SCORE#", facts.score),
        ("#SESSION#", facts.session),
        ("#CHANNEL#", facts.channel),
        ("#TIME#", facts.time),
        ("#LINK#", facts.link),
    ];
    let mut filled = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some(start) = rest.find('#') {
        filled.push_str(&rest[..start]);
        rest = &rest[start..];
        match macros.iter().find(|(name, _)| rest.starts_with(name)) {
            Some((name, value)) => {
                filled.push_str(value);
                rest = &rest[name.len()..];
            }
            None => {
                filled.push('#');
                rest = &rest[1..];
            }
        }
    }
    filled.push_str(rest);
    filled.truncate(filled.trim_end().len());
    filled
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

    #[test]
    fn macros_are_filled_once() {
        let facts = AlertFacts { line: "#SCORE#", score: "👎", ..AlertFacts::default() };
        assert_eq!(fill("#SCORE# on #LINE# #1 #", &facts), "👎 on #SCORE# #1 #");
        assert_eq!(fill("#SCORE#\n#LINK#", &facts), "👎");
        assert_eq!(
            fill("#LINK#: #SCORE#", &AlertFacts { link: "https://rate.example/ratings/r1", ..facts }),
            "https://rate.example/ratings/r1: 👎"
        );
    }
}
