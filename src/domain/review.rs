//! Rules of working with ratings: which ones wait, replies, flags and appeals, asking once more. Rules for later edits by the
//! client are in [`edit`], the parts of reply texts in [`wording`].
//!
//! They follow what two review marketplaces grant to publishers and reviewers (`reference/reviews.md`, M1 to M15 and V1 to V9).

pub mod showcase;

pub mod edit;
pub mod wording;

use super::Millis;
use super::question::delivery::State;
use super::question::window::WindowFact;
use crate::word::words;

/// Maximum length of a reply, in characters.
pub const REPLY_CHARS_MAX: usize = 2_000;
/// Maximum length of the text of a flag, an appeal, a judgement or a resolution note, in characters.
pub const REASON_CHARS_MAX: usize = 2_000;
/// Time after which a reply that could not be sent is given up.
pub const REPLY_GIVE_UP_AFTER: Millis = 72 * 3_600_000;

/// True if a rating is to be answered: it is low, it counts, and nobody has replied to it or marked it as resolved. That somebody has
/// seen its alert is a mark, and changes nothing here. `store::review` has the same rule as an index of what waits.
pub fn waits(low: bool, voided: bool, worked: bool) -> bool {
    low && !voided && !worked
}

/// Problem of a text that a person wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadText {
    /// It is empty.
    Empty,
    /// It is longer than this many characters.
    TooLong(usize),
}

/// Returns the text as it is stored: without control characters, and trimmed.
///
/// # Errors
/// If nothing remains, or more than `max` characters.
pub fn clean(text: &str, max: usize) -> Result<String, BadText> {
    let text: String = text.replace("\r\n", "\n").chars().filter(|&letter| letter == '\n' || !letter.is_control()).collect();
    let text = text.trim();
    match text.chars().count() {
        0 => Err(BadText::Empty),
        count if count > max => Err(BadText::TooLong(max)),
        _ => Ok(text.to_owned()),
    }
}

words! {
    /// Reason why a reply is not sent to the client. It is stored and shown anyway.
    pub enum NotSent {
        /// The channel's window is closed: the client has not written for too long.
        WindowShut = "window_shut",
        /// No address of the client is known.
        NoAddress = "no_address",
        /// The connection is no longer in the settings.
        NoConnection = "no_connection",
        /// The client blocked us.
        Blocked = "blocked",
        /// The client got the previous text, and their channel cannot replace it.
        KeepsFirst = "keeps_first",
        /// It is unknown whether the previous text was delivered, so no second one is sent.
        Unsure = "unsure",
    }
}

/// State of the route to the client when a reply is written.
#[derive(Clone, Copy, Debug)]
pub struct ReplyFacts {
    /// An address of the client is known.
    pub address: bool,
    /// Its connection exists.
    pub connection: bool,
    /// The client blocked us.
    pub blocked: bool,
    /// The window of the conversation.
    pub window: WindowFact,
}

/// Checks that a reply may be sent to the client now. Returns the end of the window that applies, if any.
///
/// # Errors
/// The reason why it may not be sent.
pub fn may_send(facts: ReplyFacts, now: Millis) -> Result<Option<Millis>, NotSent> {
    let not_ready_reasons = [
        (!facts.address, NotSent::NoAddress),
        (!facts.connection, NotSent::NoConnection),
        (facts.blocked, NotSent::Blocked),
        (!facts.window.admits(now), NotSent::WindowShut),
    ];
    not_ready_reasons.into_iter().find_map(|(holds, reason)| holds.then_some(Err(reason))).unwrap_or(Ok(facts.window.closes_at()))
}

/// State of the previous text of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Earlier {
    /// It was not sent and never will be: the new text is sent like any other.
    NeverLeft,
    /// It is waiting to be sent: the new text replaces it before that.
    Waits,
    /// The client got it, and the new text replaces it there.
    Replaced,
    /// The client got it, and it cannot be replaced.
    Stays,
    /// It may have been delivered.
    Unsure,
}

/// State of the previous text when a reply is edited, from the state of its delivery, whether the channel can edit sent messages,
/// and whether it reported a message ID. `state` is `None` if the previous text had no delivery.
pub fn earlier(state: Option<State>, edits: bool, named: bool) -> Earlier {
    match state {
        None | Some(State::Canceled | State::Skipped | State::Failed | State::Dead | State::Undeliverable) => Earlier::NeverLeft,
        Some(State::Scheduled | State::Leased) => Earlier::Waits,
        Some(State::Sent | State::Delivered) if edits && named => Earlier::Replaced,
        Some(State::Sent | State::Delivered) => Earlier::Stays,
        Some(State::Sending | State::Unknown) => Earlier::Unsure,
    }
}

words! {
    /// Kind of an objection to a rating.
    #[derive(Default)]
    pub enum ObjectionKind {
        /// The client's comment is abusive or off-topic.
        #[default]
        Flag = "flag",
        /// The rating is unjustified.
        Appeal = "appeal",
    }
}

words! {
    /// State of an objection.
    #[derive(Default)]
    pub enum ObjectionState {
        /// Not judged yet.
        #[default]
        Open = "open",
        /// An admin agreed: the rating is voided, or its comment is hidden.
        Upheld = "upheld",
        /// An admin did not agree.
        Declined = "declined",
        /// An admin agreed, and later restored the voided rating.
        TakenBack = "taken_back",
    }
}

words! {
    /// Reason for flagging a client's comment.
    #[derive(serde::Deserialize, utoipa::ToSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum FlagReason {
        /// Spam or advertisement.
        Spam = "spam",
        /// Profanity.
        Profanity = "profanity",
        /// Offensive.
        Offensive = "offensive",
        /// Something else, which the text describes.
        Other = "other",
    }
}

/// Facts that decide whether a client may be asked once more after a low rating.
#[derive(Clone, Copy, Debug)]
pub struct AgainFacts {
    /// The rating is low.
    pub low: bool,
    /// It is voided.
    pub voided: bool,
    /// It has a reply.
    pub replied: bool,
    /// The client was asked once more already.
    pub asked: bool,
    /// It is itself the answer to a second question.
    pub second: bool,
    /// The client opted out.
    pub opted_out: bool,
    /// The client blocked us.
    pub blocked: bool,
    /// The line is enabled.
    pub line_on: bool,
    /// The channel supports the scale of the first question.
    pub channel_asks: bool,
}

/// Reason why a client is not asked once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NotAgain {
    /// The rating is not low, or is voided.
    NotLow,
    /// The rating already answers a second question.
    Second,
    /// The client was already asked once more; that is allowed once for each low rating.
    Asked,
    /// A reply has to come first.
    NoReply,
    /// The line is disabled or archived.
    LineOff,
    /// The connection is missing, or cannot show the question.
    ChannelOff,
    /// The client opted out.
    OptedOut,
    /// The client blocked us.
    Blocked,
    /// The window is closed, and the line has no other route.
    WindowShut,
}

impl NotAgain {
    /// The value in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            NotAgain::NotLow => "not_low",
            NotAgain::Second => "second",
            NotAgain::Asked => "asked",
            NotAgain::NoReply => "no_reply",
            NotAgain::LineOff => "line_off",
            NotAgain::ChannelOff => "channel_off",
            NotAgain::OptedOut => "opted_out",
            NotAgain::Blocked => "blocked",
            NotAgain::WindowShut => "window_shut",
        }
    }
}

/// Checks that the client of a low rating may be asked once more.
///
/// The limit of questions per client does **not** apply: a person asks this question on purpose, about this rating, after a reply,
/// and at most once. All other protection of the client applies: opt-out, blocking, windows, quiet hours.
///
/// # Errors
/// The first reason why not.
pub fn may_ask_again(facts: AgainFacts) -> Result<(), NotAgain> {
    let not_ready_reasons = [
        (facts.second, NotAgain::Second),
        (!facts.low || facts.voided, NotAgain::NotLow),
        (facts.asked, NotAgain::Asked),
        (!facts.replied, NotAgain::NoReply),
        (!facts.line_on, NotAgain::LineOff),
        (!facts.channel_asks, NotAgain::ChannelOff),
        (facts.opted_out, NotAgain::OptedOut),
        (facts.blocked, NotAgain::Blocked),
    ];
    not_ready_reasons.into_iter().find_map(|(holds, reason)| holds.then_some(reason)).map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn again() -> AgainFacts {
        AgainFacts {
            low: true,
            voided: false,
            replied: true,
            asked: false,
            second: false,
            opted_out: false,
            blocked: false,
            line_on: true,
            channel_asks: true,
        }
    }

    #[test]
    fn a_reply_goes_where_it_can_and_says_why_where_it_cannot() {
        let open = ReplyFacts { address: true, connection: true, blocked: false, window: WindowFact::Until(1_000_000) };
        assert_eq!(may_send(open, 900_000), Ok(Some(1_000_000)));
        assert_eq!(may_send(open, 980_000), Err(NotSent::WindowShut), "too close to its end");
        assert_eq!(may_send(ReplyFacts { window: WindowFact::Always, ..open }, 2_000_000), Ok(None));
        assert_eq!(may_send(ReplyFacts { blocked: true, ..open }, 0), Err(NotSent::Blocked));
        assert_eq!(may_send(ReplyFacts { connection: false, ..open }, 0), Err(NotSent::NoConnection));
        assert_eq!(may_send(ReplyFacts { address: false, ..open }, 0), Err(NotSent::NoAddress));
    }

    #[test]
    fn each_reason_not_to_ask_once_more_is_found() {
        assert_eq!(may_ask_again(again()), Ok(()));
        let cases = [
            (AgainFacts { low: false, ..again() }, NotAgain::NotLow),
            (AgainFacts { voided: true, ..again() }, NotAgain::NotLow),
            (AgainFacts { second: true, ..again() }, NotAgain::Second),
            (AgainFacts { asked: true, ..again() }, NotAgain::Asked),
            (AgainFacts { replied: false, ..again() }, NotAgain::NoReply),
            (AgainFacts { line_on: false, ..again() }, NotAgain::LineOff),
            (AgainFacts { channel_asks: false, ..again() }, NotAgain::ChannelOff),
            (AgainFacts { opted_out: true, ..again() }, NotAgain::OptedOut),
            (AgainFacts { blocked: true, ..again() }, NotAgain::Blocked),
        ];
        for (facts, expected) in cases {
            assert_eq!(may_ask_again(facts), Err(expected));
        }
    }

    proptest! {
        /// A client never gets a second text if the first one may have arrived and cannot be replaced.
        #[test]
        fn nobody_gets_two_texts(state in proptest::sample::select(State::ALL.to_vec()), edits in any::<bool>(), named in any::<bool>()) {
            let may_be_there = matches!(state, State::Sending | State::Sent | State::Delivered | State::Unknown);
            let sends_anew = matches!(earlier(Some(state), edits, named), Earlier::NeverLeft | Earlier::Waits);
            prop_assert_eq!(may_be_there, !sends_anew);
        }

        #[test]
        fn a_clean_text_stays_as_it_is(text in ".{0,80}") {
            if let Ok(kept) = clean(&text, 60) {
                prop_assert!(!kept.is_empty() && kept.chars().count() <= 60);
                prop_assert_eq!(clean(&kept, 60), Ok(kept.clone()));
            }
        }
    }
}
