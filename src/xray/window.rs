//! Chats whose clients could no longer be asked: the channel's window had closed before the chat was. There, a question
//! after the close is too late; only a template, another channel, or a question before the close is in time.

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
    /// Share closed too late to ask, of the chats with a known time of the last message. This is a minimum, because in some
    /// chats the client may have written earlier. `None` if it is unknown for all chats.
    pub never_in_time: Option<Figure>,
    /// Channels with a window, by name.
    pub channels: Vec<ChannelWindow>,
}

/// Chats of one channel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ChannelWindow {
    /// Name of the channel.
    pub channel: String,
    /// Hours in which a client can be written to after their last message.
    pub hours: i64,
    /// Number of closed chats.
    pub closed: i64,
    /// Number of those closed after the window.
    pub shut: i64,
    /// Number of those asked anyway: by a template, which costs.
    pub asked_anyway: i64,
    /// Number of closed chats without a known time of the client's last message.
    pub unknown: i64,
}

/// Hours in which a client of a channel can be written to after their last message; `None` if the channel has no such rule.
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

/// Computes the figures of channels with a window.
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

/// True if the window had closed before the chat was; `None` if unknown.
fn was_shut(wrote: ClientWrote, closed_at: Millis, window: Millis) -> Option<bool> {
    match wrote {
        ClientWrote::Unknown => None,
        ClientWrote::At(at) => Some(closed_at - at >= window),
        // The client wrote no later than this time. If it is too long ago, so is the client's last message.
        ClientWrote::NotAfter(at) => (closed_at - at >= window).then_some(true),
    }
}
