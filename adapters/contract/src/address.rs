//! Addresses of conversations.

use crate::Millis;
use serde::{Deserialize, Serialize};

/// The address of a client (or of a recipient of alerts), in the channel's own terms.
///
/// Stored as JSON with sessions and deliveries. It is personal data: never log it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Address {
    /// The conversation: a Telegram chat ID, a WhatsApp number, a web chat visitor, a URL.
    pub chat: String,
    /// The person, if the platform distinguishes persons and chats. A press by another person is foreign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// An intermediary of the conversation, such as a Telegram business connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
}

impl Address {
    /// An address with only a chat.
    pub fn chat(chat: impl Into<String>) -> Self {
        Self { chat: chat.into(), user: None, via: None }
    }

    /// True if an answer from `by` can come from this addressee.
    ///
    /// The chat must be the same, and the person too if this address names one. A chat can also be identified by the ID of
    /// the person in it: WhatsApp knows a client by number and by an ID of its own, and reports both or one of them.
    /// If `by` has an intermediary, this address must have the same one: two people have a separate conversation through each
    /// intermediary, and another without one. An answer without an intermediary is always admitted, because platforms may omit it in
    /// button presses.
    pub fn admits(&self, by: &Address) -> bool {
        let by_person = self.user.as_ref() == Some(&by.chat);
        let same_chat = self.chat == by.chat || by.user.as_ref() == Some(&self.chat) || by_person;
        let same_way = by.via.is_none() || self.via == by.via;
        same_chat && same_way && (self.user.is_none() || self.user == by.user)
    }
}

/// Shows nothing of the person, because addresses are personal data.
impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Address(…)")
    }
}

/// Facts about a conversation from which its window is computed.
#[derive(Clone, Debug, Default)]
pub struct Conversation {
    /// Address of the conversation.
    pub address: Address,
    /// Time of the client's last message according to the platform, if known.
    pub last_client_message_at: Option<Millis>,
    /// End of the window, if the platform reported it (a click on an advertisement may open seven days).
    pub window_expires_at: Option<Millis>,
}

#[cfg(test)]
mod tests {
    use super::Address;

    fn address(chat: &str, user: Option<&str>) -> Address {
        Address { chat: chat.into(), user: user.map(str::to_owned), via: None }
    }

    #[test]
    fn each_intermediary_has_a_conversation_of_its_own() {
        let through = |via: Option<&str>| Address { via: via.map(str::to_owned), ..address("777", None) };
        assert!(!through(Some("bc1")).admits(&through(Some("bc2"))) && !through(None).admits(&through(Some("bc1"))));
        assert!(through(Some("bc1")).admits(&through(Some("bc1"))) && through(Some("bc1")).admits(&through(None)));
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
