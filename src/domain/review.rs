//! The rules of reviews, carried over to ratings: what waits for somebody, replies, flags and appeals, asking once more.
//! What a client may edit later is in [`edit`], the words that replies are made of in [`wording`].
//!
//! They follow what two marketplaces grant to publishers and reviewers (`reference/reviews.md`, M1 to M15 and V1 to V9).

pub mod showcase;

pub mod edit;
pub mod wording;

use super::Millis;
use super::question::delivery::State;
use super::question::window::WindowFact;
use crate::word::words;

/// The longest reply, in characters.
pub const REPLY_CHARS_MAX: usize = 2_000;
/// The longest text beside a flag, an appeal or a judgement, and the longest note of what was done, in characters.
pub const REASON_CHARS_MAX: usize = 2_000;
/// A reply that could not leave for this long is worth nothing any more.
pub const REPLY_GIVE_UP_AFTER: Millis = 72 * 3_600_000;

/// Whether a rating waits for somebody: it is low, it counts, and nobody has replied to it, marked it as resolved or
/// acknowledged its alert. `store::review` has the same rule as an index of what waits.
pub fn waits(low: bool, voided: bool, worked: bool) -> bool {
    low && !voided && !worked
}

/// What is wrong with a text that a person wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadText {
    /// There is nothing in it.
    Empty,
    /// It is longer than this many characters.
    TooLong(usize),
}

/// A text as it is kept: without control characters and blanks around it.
///
/// # Errors
/// When nothing is left, or more than `max` characters are.
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
    /// Why a reply does not go to the client. It is kept and shown all the same.
    pub enum NotSent {
        /// The channel's window is shut: the client has not written for too long.
        WindowShut = "window_shut",
        /// Nobody knows where the client can be written to.
        NoAddress = "no_address",
        /// The connection is not in the settings any more.
        NoConnection = "no_connection",
        /// The client blocked us.
        Blocked = "blocked",
        /// The client has the first text, and their channel cannot replace it.
        KeepsFirst = "keeps_first",
        /// Nobody can say whether the first text arrived, so a second one is not sent.
        Unsure = "unsure",
    }
}

/// What is known of the way to the client when a reply is written.
#[derive(Clone, Copy, Debug)]
pub struct ReplyFacts {
    /// There is an address of the client.
    pub address: bool,
    /// Its connection is there.
    pub connection: bool,
    /// The client blocked us.
    pub blocked: bool,
    /// The window of the conversation.
    pub window: WindowFact,
}

/// Whether a reply may go to the client now. Gives the end of the window that it has to keep to, if there is one.
///
/// # Errors
/// The reason why not.
pub fn may_send(facts: ReplyFacts, now: Millis) -> Result<Option<Millis>, NotSent> {
    let not_ready_reasons = [
        (!facts.address, NotSent::NoAddress),
        (!facts.connection, NotSent::NoConnection),
        (facts.blocked, NotSent::Blocked),
        (!facts.window.admits(now), NotSent::WindowShut),
    ];
    not_ready_reasons.into_iter().find_map(|(holds, reason)| holds.then_some(Err(reason))).unwrap_or(Ok(facts.window.closes_at()))
}

/// What becomes of the text that was to go, or went, to the client before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Earlier {
    /// It never left, or never will: the new text goes as any other.
    NeverLeft,
    /// It waits to leave: the new one takes its place before it does.
    Waits,
    /// The client has it, and the new text takes its place there.
    Replaced,
    /// The client has it, and keeps it.
    Stays,
    /// It may have arrived.
    Unsure,
}

/// What an edited reply means for the text before it: its delivery's state, whether the channel edits what it has sent, and
/// whether it told us by which id. None where the text before had no delivery.
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
    /// What somebody says against a rating.
    #[derive(Default)]
    pub enum ObjectionKind {
        /// The client's words do not belong there.
        #[default]
        Flag = "flag",
        /// The rating is not justified.
        Appeal = "appeal",
    }
}

words! {
    /// What became of it.
    #[derive(Default)]
    pub enum ObjectionState {
        /// Nobody has judged it.
        #[default]
        Open = "open",
        /// An admin agreed: the rating is voided, or its words are hidden.
        Upheld = "upheld",
        /// An admin did not agree.
        Declined = "declined",
        /// An admin agreed, and later put the voided rating back.
        TakenBack = "taken_back",
    }
}

words! {
    /// Why somebody says that a client's words do not belong there.
    #[derive(serde::Deserialize, utoipa::ToSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum FlagReason {
        /// Spam or advertisement.
        Spam = "spam",
        /// Profanity.
        Profanity = "profanity",
        /// Offensive.
        Offensive = "offensive",
        /// Something else, which the text says.
        Other = "other",
    }
}

/// The facts on which it hangs whether a client is asked once more after a low rating.
#[derive(Clone, Copy, Debug)]
pub struct AgainFacts {
    /// The rating is low.
    pub low: bool,
    /// It is voided.
    pub voided: bool,
    /// Somebody replied to it.
    pub replied: bool,
    /// The client was asked once more already.
    pub asked: bool,
    /// It is itself the answer to being asked once more.
    pub second: bool,
    /// The client asked not to be asked.
    pub opted_out: bool,
    /// The client blocked us.
    pub blocked: bool,
    /// The line asks its clients.
    pub line_on: bool,
    /// The channel shows the scale of the first question.
    pub channel_asks: bool,
}

/// Why a client is not asked once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NotAgain {
    /// The rating is not low, or is voided.
    NotLow,
    /// The answer to a second question is the last word.
    Second,
    /// Once for each low rating.
    Asked,
    /// First somebody replies.
    NoReply,
    /// The line is off or put away.
    LineOff,
    /// The connection is gone, or cannot show the question.
    ChannelOff,
    /// The client asked not to be asked.
    OptedOut,
    /// The client blocked us.
    Blocked,
    /// The window is shut, and the line knows no other way.
    WindowShut,
}

impl NotAgain {
    /// The word in the API.
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

/// Whether the client of a low rating may be asked once more.
///
/// The rule of one question a day does **not** hold this question: a person asks it on purpose, about this very rating, after
/// a reply, and at most once. Everything else that protects the client does: opting out, blocking, windows, quiet hours.
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
        /// A client never gets a second text where the first one may be there and cannot be replaced.
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
