//! A chat, optionally with a topic of its forum: `-1001234567890` or `-1001234567890/12`.

use std::fmt::{Display, Formatter};
use std::str::FromStr;

/// General topic of a forum. Telegram refuses messages that name it; messages without a topic go there.
const GENERAL: i64 = 1;

/// Destination of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) chat: i64,
    /// Telegram's `message_thread_id`.
    pub(crate) topic: Option<i64>,
}

impl Display for Place {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self.topic {
            Some(topic) => write!(f, "{}/{topic}", self.chat),
            None => write!(f, "{}", self.chat),
        }
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (chat, topic) = text.split_once('/').map_or((text, None), |(chat, topic)| (chat, Some(topic)));
        let chat = chat.parse().map_err(drop)?;
        let topic: Option<i64> = topic.map(str::parse).transpose().map_err(drop)?;
        let admitted = match topic {
            // Only groups have topics.
            Some(topic) => chat < 0 && topic > 0,
            None => chat != 0,
        };
        if admitted { Ok(Self { chat, topic: topic.filter(|topic| *topic != GENERAL) }) } else { Err(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_named_behind_its_group() {
        let place = |chat, topic| Ok(Place { chat, topic });
        for (text, expected) in [
            ("777", place(777, None)),
            ("-1001234567890", place(-1_001_234_567_890, None)),
            ("-1001234567890/12", place(-1_001_234_567_890, Some(12))),
            ("-1001234567890/1", place(-1_001_234_567_890, None)),
            ("777/12", Err(())),
            ("-100/0", Err(())),
            ("-100/", Err(())),
            ("-100/x", Err(())),
            ("0", Err(())),
            ("", Err(())),
        ] {
            assert_eq!(text.parse::<Place>(), expected, "{text}");
        }
        assert_eq!(Place { chat: -100, topic: Some(12) }.to_string(), "-100/12");
    }
}
