//! Where a conversation takes place.

use crate::Millis;
use serde::{Deserialize, Serialize};

/// One place a client (or a recipient of alerts) can be written to, in the channel's own terms.
///
/// It is stored as JSON beside sessions and deliveries, and is personal data: never log it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Address {
    /// The conversation: a Telegram chat id, a WhatsApp number, a web chat visitor, a URL.
    pub chat: String,
    /// The person, where the platform tells persons and chats apart. A press by anybody else is foreign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// What the conversation runs through, such as a Telegram business connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
}

impl Address {
    /// An address that is a chat alone.
    pub fn chat(chat: impl Into<String>) -> Self {
        Self { chat: chat.into(), user: None, via: None }
    }

    /// Whether an answer that came from `by` can be this addressee's.
    ///
    /// The chat must be the same, and the person too where this address names one. A chat may also be named by the id of
    /// the person in it: WhatsApp knows a client by number and by an id of its own, and tells both or one of them.
    pub fn admits(&self, by: &Address) -> bool {
        let by_person = self.user.as_ref() == Some(&by.chat);
        let same_chat = self.chat == by.chat || by.user.as_ref() == Some(&self.chat) || by_person;
        same_chat && (self.user.is_none() || self.user == by.user)
    }
}

/// Addresses are personal data, so their debug form says nothing about the person.
impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Address(…)")
    }
}

/// What is known of a conversation when its window is worked out.
#[derive(Clone, Debug, Default)]
pub struct Conversation {
    /// Where it takes place.
    pub address: Address,
    /// The platform's own time of the client's last message, if known.
    pub last_client_message_at: Option<Millis>,
    /// The end of the window where the platform named one (a click on an advertisement may open seven days).
    pub window_expires_at: Option<Millis>,
}

#[cfg(test)]
mod tests {
    use super::Address;

    fn address(chat: &str, user: Option<&str>) -> Address {
        Address { chat: chat.into(), user: user.map(str::to_owned), via: None }
    }

    #[test]
    fn a_person_is_admitted_under_either_name_and_nobody_else_is() {
        let by = address("15551234567", Some("US.1349"));
        assert!(address("15551234567", None).admits(&by), "by number");
        assert!(address("US.1349", None).admits(&by), "by the person's own id");
        assert!(address("15551234567", Some("US.1349")).admits(&by), "by both");
        assert!(!address("15551234567", Some("US.9999")).admits(&by), "another person behind the number");
        let by_id_alone = address("US.1349", Some("US.1349"));
        assert!(address("15551234567", Some("US.1349")).admits(&by_id_alone), "who is known by both may be told by one");
        assert!(!address("15551234567", None).admits(&by_id_alone), "nobody says whose number it is");
        assert!(!address("15551234567", Some("US.9999")).admits(&by_id_alone));
        assert!(!address("US.9999", None).admits(&by));
        assert!(!address("US.1349", None).admits(&address("15551234567", None)), "nobody says who it is");
    }
}
