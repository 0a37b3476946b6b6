//! Capabilities of a channel, as data. Everything is off by default: a claim is explicit, and the kit tests it.

use crate::{Millis, Scale};

/// Capabilities of a channel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Capabilities {
    /// Shows 👍/👎 as buttons.
    pub binary: bool,
    /// Shows five stars as buttons.
    pub five_star: bool,
    /// Maximum length of a message text; the channel shortens longer texts with `…`.
    pub text_max: Option<TextLimit>,
    /// Maximum number of choices per message; 0 means none.
    pub choices_max: usize,
    /// Maximum length of the label of a choice; the channel shortens longer labels with `…`.
    pub label_max: Option<TextLimit>,
    /// Can replace a sent message in place, so that buttons become a thank-you.
    pub edits: bool,
    /// Shows a comment field beside choices.
    pub comment_box: bool,
    /// Clients can type texts, and we receive them ([`crate::InboundKind::Text`]).
    pub free_text: bool,
    /// Clients can react to a message with an emoji, and we receive it ([`crate::InboundKind::Reaction`]).
    pub reactions: bool,
    /// Clients can edit their messages, and we receive the edits ([`crate::InboundKind::Edited`]). Texts then have an ID
    /// ([`crate::TextMessage::message_id`]).
    pub edits_seen: bool,
    /// Clients can delete their messages, and we are notified ([`crate::InboundKind::Deleted`]). Texts then have an ID.
    pub deletions_seen: bool,
    /// Shows each choice as a link to open in a browser ([`crate::Choice::link`]) instead of a button.
    pub links: bool,
    /// Shows the sender and the reason under a question ([`crate::Outgoing::footer`]).
    pub footer: bool,
    /// Scales on which it can ask outside the window, in a form approved by the platform ([`crate::Outgoing::outside_window`]).
    pub templates: &'static [Scale],
    /// When those forms may be sent: a separate window that lasts longer than [`Capabilities::window`].
    pub template_window: WindowRule,
    /// The kind of form that the platform accepts outside the window, whether this connection has one or not. It is the
    /// reason why a question on a scale that is missing in [`Capabilities::templates`] is not asked then. `None` if the
    /// platform accepts none.
    pub outside_form: Option<OutsideForm>,
    /// Scales for which it shows a native form of the platform ([`crate::Outgoing::form`]), which is answered by
    /// [`crate::InboundKind::Form`].
    pub native_form: &'static [Scale],
    /// Carries alerts to recipients, with an acknowledge button.
    pub alerts: bool,
    /// Takes alerts in parts: what a client wrote ([`crate::Outgoing::quote`]) and pages to open ([`crate::Outgoing::pages`]) stand
    /// beside the text, and acknowledging is one of the pages instead of a choice.
    pub parts: bool,
    /// Each chat is at a server of its own, or has a limit of its own: that one has to wait, is down or is gone says nothing of the
    /// others.
    pub chats_apart: bool,
    /// Carries events (`rating.created` and the like) to a program.
    pub events: bool,
    /// Shows questions inside the visitor's own chat window, so they are asked at the close without the line's delay.
    pub asks_at_close: bool,
    /// Two sends with the same key show one message.
    pub idempotent_sends: bool,
    /// The platform reports later what arrived, so a send with an unknown result can be settled.
    pub proof_of_delivery: bool,
    /// When the client may be written to.
    pub window: WindowRule,
    /// Rate limit of the connection.
    pub rate: Rate,
}

impl Capabilities {
    /// True if this channel shows `scale` natively.
    pub fn shows(&self, scale: Scale) -> bool {
        match scale {
            Scale::Binary => self.binary,
            Scale::FiveStar => self.five_star,
        }
    }

    /// True if a question on `scale` can be answered here: by a tap, or by typing if there are no buttons.
    pub fn asks(&self, scale: Scale) -> bool {
        self.shows(scale) || self.free_text
    }
}

/// Maximum length of a message text, in the unit counted by the platform.
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
    /// True if `text` fits.
    pub fn admits(self, text: &str) -> bool {
        match self {
            TextLimit::Chars(max) => text.chars().count() <= max,
            TextLimit::Bytes(max) => text.len() <= max,
            TextLimit::Utf16(max) => text.encode_utf16().count() <= max,
        }
    }

    /// Returns `text`, cut at a character boundary and ended with `…` if it does not fit.
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

/// The kind of form that a platform accepts outside the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutsideForm {
    /// A template written by the business and approved by the platform.
    Template,
    /// A form provided by the platform.
    OfPlatform,
}

/// Rule for when the client may be written to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WindowRule {
    /// At any time.
    #[default]
    Always,
    /// For this many milliseconds after the client's last message.
    AfterClient(Millis),
    /// As [`WindowRule::AfterClient`], but only in conversations with an intermediary ([`crate::Address::via`]), such as
    /// Telegram's business chats.
    AfterClientVia(Millis),
}

/// Rate limit of a connection. Zero means no limit on our side.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rate {
    /// Calls per second over the whole connection.
    pub per_second: f64,
    /// Number of calls that may be made at once after a pause.
    pub burst: u32,
    /// Minimum time between two messages to one chat.
    pub per_chat_ms: Millis,
    /// Minimum time between two messages to one group, if the platform is stricter about groups ([`crate::Channel::is_group`]).
    pub per_group_ms: Millis,
}

impl Rate {
    /// Minimum time between two messages to one chat, depending on whether it is a group.
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
