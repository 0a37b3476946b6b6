//! What is read of an update, by either parser.

use lastword_contract::Context;

/// A press, from either parser.
pub(crate) struct Tap {
    pub(crate) press_id: String,
    pub(crate) user: u64,
    /// `None` if Telegram no longer shows the message.
    pub(crate) chat: Option<i64>,
    /// Topic of a group's forum.
    pub(crate) topic: Option<i64>,
    pub(crate) via: Option<String>,
    pub(crate) message_id: Option<i64>,
    pub(crate) token: Option<String>,
}

/// A message.
pub(crate) struct ReadMessage {
    pub(crate) id: i64,
    /// True if it is in an owner's business chat.
    pub(crate) business: bool,
    /// True if it is an edit.
    pub(crate) edited: bool,
    pub(crate) chat: i64,
    pub(crate) private: bool,
    pub(crate) user: Option<u64>,
    /// True if a bot wrote it, for itself or for a business account.
    pub(crate) by_bot: bool,
    pub(crate) via: Option<String>,
    pub(crate) text: Option<String>,
    /// Old and new ID of the group, if it became a supergroup. Telegram says it in both.
    pub(crate) moved: Option<(i64, i64)>,
    pub(crate) context: Context,
    /// Seconds since 1970; of the edit, if it is one.
    pub(crate) date: i64,
}

/// A changed reaction.
pub(crate) struct Reacted {
    pub(crate) chat: i64,
    pub(crate) private: bool,
    /// `None` for anonymous administrators and for bots.
    pub(crate) user: Option<u64>,
    pub(crate) message_id: i64,
    /// The emoji that was added; `None` if a reaction was only removed, empty for an image.
    pub(crate) emoji: Option<String>,
    /// Seconds since 1970.
    pub(crate) date: i64,
}

/// Messages deleted from a business chat.
pub(crate) struct Deletions {
    pub(crate) chat: i64,
    pub(crate) private: bool,
    pub(crate) via: String,
    pub(crate) message_ids: Vec<i64>,
}
