//! What a channel can do, as data. Everything is off by default: a claim is made on purpose, and the kit tests it.

use crate::{Millis, Scale};

/// What one channel can do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Capabilities {
    /// Shows 👍/👎 as something to tap.
    pub binary: bool,
    /// Shows five stars as something to tap.
    pub five_star: bool,
    /// The longest text of one message; a longer one is shortened by the channel with `…`.
    pub text_max: Option<TextLimit>,
    /// The most choices one message can carry; 0 means none.
    pub choices_max: usize,
    /// The longest label of a choice; a longer one is shortened by the channel with `…`.
    pub label_max: Option<TextLimit>,
    /// A message of ours can be replaced in place, so that buttons give way to a thank-you.
    pub edits: bool,
    /// Shows a box for a free comment beside choices.
    pub comment_box: bool,
    /// A client can type, and the text reaches us ([`crate::InboundKind::Text`]).
    pub free_text: bool,
    /// A client can put an emoji on a message, and it reaches us ([`crate::InboundKind::Reaction`]).
    pub reactions: bool,
    /// A client can edit what they wrote, and we hear of it ([`crate::InboundKind::Edited`]). Texts have an id then
    /// ([`crate::TextMessage::message_id`]).
    pub edits_seen: bool,
    /// A client can delete what they wrote, and we hear of it ([`crate::InboundKind::Deleted`]). Texts have an id then.
    pub deletions_seen: bool,
    /// Shows each choice as a link to open in a browser ([`crate::Choice::link`]) instead of something to tap here.
    pub links: bool,
    /// Shows who asks and why under a question ([`crate::Outgoing::footer`]).
    pub footer: bool,
    /// The scales on which it can ask outside the window, in a form that the platform approved
    /// ([`crate::Outgoing::outside_window`]).
    pub templates: &'static [Scale],
    /// When those forms may be sent: a window of their own, which lasts longer than [`Capabilities::window`].
    pub template_window: WindowRule,
    /// What the platform takes outside the window, whether this connection has it or not: the reason why a question on a
    /// scale that is not among [`Capabilities::templates`] is not asked then. `None` where the platform takes nothing.
    pub outside_form: Option<OutsideForm>,
    /// The scales for which it shows a form of the platform's own ([`crate::Outgoing::form`]), whose answer is a
    /// [`crate::InboundKind::Form`].
    pub native_form: &'static [Scale],
    /// Carries alerts to recipients, with a button to acknowledge.
    pub alerts: bool,
    /// Takes alerts in parts: what a client wrote ([`crate::Outgoing::quote`]) and pages to open ([`crate::Outgoing::pages`]) stand
    /// beside the text, and acknowledging is one of the pages instead of a choice.
    pub parts: bool,
    /// Each chat is at a server of its own, or has a limit of its own: that one has to wait, is down or is gone says nothing of the
    /// others.
    pub chats_apart: bool,
    /// Carries events (`rating.created` and the like) to a program.
    pub events: bool,
    /// Shows a question inside the visitor's own chat window, so it is asked at the close without the line's delay.
    pub asks_at_close: bool,
    /// Sending twice with one key shows one message.
    pub idempotent_sends: bool,
    /// The platform tells us later what arrived, so a send whose end is unknown can be settled.
    pub proof_of_delivery: bool,
    /// When the client may be written to.
    pub window: WindowRule,
    /// How fast this connection may be called.
    pub rate: Rate,
}

impl Capabilities {
    /// Whether this channel shows `scale` natively.
    pub fn shows(&self, scale: Scale) -> bool {
        match scale {
            Scale::Binary => self.binary,
            Scale::FiveStar => self.five_star,
        }
    }

    /// Whether a question on `scale` can be answered here: by a tap, or by typing where nothing can be tapped.
    pub fn asks(&self, scale: Scale) -> bool {
        self.shows(scale) || self.free_text
    }
}

/// The longest text of one message, in the unit that the platform counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextLimit {
    /// Unicode scalar values.
    Chars(usize),
    /// Bytes of UTF-8.
    Bytes(usize),
    /// UTF-16 code units.
    Utf16(usize),
}

impl TextLimit {
    /// Whether `text` fits.
    pub fn admits(self, text: &str) -> bool {
        match self {
            TextLimit::Chars(max) => text.chars().count() <= max,
            TextLimit::Bytes(max) => text.len() <= max,
            TextLimit::Utf16(max) => text.encode_utf16().count() <= max,
        }
    }

    /// `text`, shortened at a character and ended with `…` where it does not fit.
    pub fn shorten(self, text: &str) -> String {
        if self.admits(text) {
            return text.to_owned();
        }
        let room = self.max().saturating_sub(self.size('…'));
        let mut taken = 0;
        let fits = |character: &(usize, char)| {
            taken += self.size(character.1);
            taken <= room
        };
        let end = text.char_indices().take_while(fits).last().map_or(0, |(at, last)| at + last.len_utf8());
        format!("{}…", text[..end].trim_end())
    }

    fn max(self) -> usize {
        match self {
            TextLimit::Chars(max) | TextLimit::Bytes(max) | TextLimit::Utf16(max) => max,
        }
    }

    fn size(self, character: char) -> usize {
        match self {
            TextLimit::Chars(_) => 1,
            TextLimit::Bytes(_) => character.len_utf8(),
            TextLimit::Utf16(_) => character.len_utf16(),
        }
    }
}

/// What a platform takes outside the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutsideForm {
    /// A template that the business wrote and the platform approved.
    Template,
    /// A form that the platform made.
    OfPlatform,
}

/// When the client may be written to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WindowRule {
    /// At any time.
    #[default]
    Always,
    /// For this many milliseconds after the client's last message.
    AfterClient(Millis),
    /// As [`WindowRule::AfterClient`], but only in conversations that run through something ([`crate::Address::via`]),
    /// such as Telegram's business chats.
    AfterClientVia(Millis),
}

/// How fast a connection may be called. Zero means no limit of ours.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rate {
    /// Calls a second over the whole connection.
    pub per_second: f64,
    /// Calls that may go at once after a pause.
    pub burst: u32,
    /// The least time between two messages to one chat.
    pub per_chat_ms: Millis,
    /// The least time between two messages to one group, where a platform is stricter about groups
    /// ([`crate::Channel::is_group`]).
    pub per_group_ms: Millis,
}

impl Rate {
    /// The least time between two messages to one chat, which is a `group` or not.
    pub fn between(&self, group: bool) -> Millis {
        if group { self.per_group_ms.max(self.per_chat_ms) } else { self.per_chat_ms }
    }
}

#[cfg(test)]
mod tests {
    use super::TextLimit::{Bytes, Chars, Utf16};

    #[test]
    fn a_text_is_cut_at_a_character_where_it_does_not_fit() {
        for (limit, text, short) in [
            (Chars(5), "Hello", "Hello"),
            (Chars(5), "Hello!", "Hell…"),
            (Chars(7), "Hello world", "Hello…"),
            (Bytes(7), "äöüß", "äö…"),
            (Bytes(8), "äöüß", "äöüß"),
            (Utf16(4), "👍👍👍", "👍…"),
            (Utf16(5), "👍👍👍", "👍👍…"),
            (Chars(1), "Hello", "…"),
            (Bytes(3), "Hello", "…"),
        ] {
            let shortened = limit.shorten(text);
            assert_eq!(shortened, short, "{text} within {limit:?}");
            assert!(limit.admits(&shortened));
        }
    }

    #[test]
    fn a_text_of_any_length_is_shortened_in_one_pass() {
        // Quadratic work would take minutes here.
        assert_eq!(Chars(4).shorten(&"abc ".repeat(1_000_000)), "abc…");
    }
}
