//! Names of channels that are brands, the same in every language.

/// The brand of a kind of channel; `None` for mail, the web chat, and kinds of other programs.
pub fn channel_brand(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "telegram" => "Telegram",
        "whatsapp" => "WhatsApp",
        "messenger" => "Messenger",
        "instagram" => "Instagram",
        _ => return None,
    })
}
