//! Chats whose clients could not be asked any more: the channel's window was shut at the moment of the close. A question that
//! waits for the close comes too late there, and only a template, another channel, or a question before the close is in time.

use super::chat::{AskStatus, Chat, ClientWrote};
use super::{Figure, Rule};
use lastword_domain::Millis;
use lastword_stats::share::Share;
use serde::Serialize;
use std::collections::BTreeMap;

const HOUR: Millis = 3_600_000;

/// Chats of channels with a window.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Windows {
    /// Closed too late to ask, of those of these channels of which it is known when somebody wrote last: at least so many, since of
    /// some the client may have written before. Nothing where it is known of none whether they were.
    pub never_in_time: Option<Figure>,
    /// The channels with a window, by their name.
    pub channels: Vec<ChannelWindow>,
}

/// Chats of one channel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ChannelWindow {
    /// The channel.
    pub channel: String,
    /// How long a client can be written to after their last message.
    pub hours: i64,
    /// Closed chats.
    pub closed: i64,
    /// Of these, closed when the window was shut.
    pub shut: i64,
    /// Of those, asked all the same: by a template, which costs.
    pub asked_anyway: i64,
    /// Of the closed, those of which nobody knows when the client wrote last.
    pub unknown: i64,
}

/// How long a client of a channel can be written to after their last message, in hours; nothing where there is no such rule.
/// Meta's channels have 24 (WhatsApp, Messenger, Instagram), TikTok 48.
pub fn window_hours(channel: &str) -> Option<i64> {
    let channel = channel.to_lowercase();
    let has = |names: &[&str]| names.iter().any(|name| channel.contains(name));
    if has(&["comment", "комментари"]) {
        return None;
    }
    if has(&["whatsapp", "instagram", "messenger", "facebook"]) {
        return Some(24);
    }
    has(&["tiktok"]).then_some(48)
}

/// The chats of channels with a window.
pub fn windows(chats: &[Chat]) -> Windows {
    let mut channels: BTreeMap<&str, ChannelWindow> = BTreeMap::new();
    let mut all = Share::default();
    for chat in chats {
        let (Some(channel), Some(closed_at)) = (chat.channel.as_deref(), chat.closed_at) else { continue };
        let Some(hours) = window_hours(channel) else { continue };
        let own = channels.entry(channel).or_insert_with(|| ChannelWindow { channel: channel.to_owned(), hours, ..Default::default() });
        own.closed += 1;
        let shut = was_shut(chat.client_wrote, closed_at, hours * HOUR);
        if chat.client_wrote != ClientWrote::Unknown {
            all = all.and(Share::of(i64::from(shut == Some(true)), 1));
        }
        match shut {
            None => own.unknown += 1,
            Some(false) => {}
            Some(true) => {
                own.shut += 1;
                own.asked_anyway += i64::from(matches!(chat.asked, AskStatus::Yes | AskStatus::At(_)));
            }
        }
    }
    let channels: Vec<ChannelWindow> = channels.into_values().collect();
    let is_known = channels.iter().any(|own| own.unknown < own.closed);
    Windows { never_in_time: is_known.then(|| Figure::of(Rule::NeverInTime, all)).flatten(), channels }
}

/// Whether a window was shut when the chat was closed; nothing where nobody knows.
fn was_shut(wrote: ClientWrote, closed_at: Millis, window: Millis) -> Option<bool> {
    match wrote {
        ClientWrote::Unknown => None,
        ClientWrote::At(at) => Some(closed_at - at >= window),
        // Somebody wrote then: the client no later. If that is too long ago, the client's last words are too.
        ClientWrote::NotAfter(at) => (closed_at - at >= window).then_some(true),
    }
}
