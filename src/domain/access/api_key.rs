//! API keys of programs: `lw_` and 43 letters. A key is shown once, and stored as a hash.

use crate::word::words;
use sha2::{Digest, Sha256};
use std::fmt;

/// Prefix of every key, by which scanners for leaked secrets recognize it.
pub const START: &str = "lw_";
/// 256 bits in base 62, which a double click selects as a whole.
const SECRET_LETTERS: usize = 43;
/// Number of letters that identify a key in lists and logs.
const PREFIX_LETTERS: usize = START.len() + 6;
const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// An API key in plain text. Its debug form shows only the prefix.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// Makes a key from random bytes.
    pub fn generate(bytes: [u8; 32]) -> Self {
        let mut number = bytes;
        let mut text = vec![b'0'; SECRET_LETTERS];
        for letter in text.iter_mut().rev() {
            *letter = LETTERS[usize::from(divide(&mut number, 62))];
        }
        Self(START.chars().chain(text.into_iter().map(char::from)).collect())
    }

    /// Parses a key that a caller sent; `None` if it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let secret = text.strip_prefix(START)?;
        let fits = secret.len() == SECRET_LETTERS && secret.bytes().all(|letter| letter.is_ascii_alphanumeric());
        fits.then(|| Self(text.to_owned()))
    }

    /// The whole key: shown once, and nowhere else.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// SHA-256 in hex, which is what is stored. A secret of 256 random bits needs no slow hash.
    pub fn hash(&self) -> String {
        hash(&self.0)
    }

    /// Its first letters.
    pub fn prefix(&self) -> &str {
        &self.0[..PREFIX_LETTERS]
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}…", self.prefix())
    }
}

/// SHA-256 of a whole key, in hex.
pub fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// Divides the number in `digits` (base 256, most significant first) and returns the remainder.
fn divide(digits: &mut [u8; 32], by: u16) -> u8 {
    let mut rest = 0_u16;
    for digit in digits {
        let value = (rest << 8) | u16::from(*digit);
        *digit = u8::try_from(value / by).unwrap_or(u8::MAX);
        rest = value % by;
    }
    u8::try_from(rest).unwrap_or(u8::MAX)
}

words! {
    /// Scopes of an API key.
    pub enum Scope {
        /// Report sessions: closes and other events.
        SessionsWrite = "sessions:write",
        /// Read ratings, rating requests and sessions.
        RatingsRead = "ratings:read",
        /// Work on ratings: reply, assign, mark as resolved, flag, appeal, ask once more.
        ReviewsWrite = "reviews:write",
        /// Judge flags and appeals, and restore voided ratings.
        ReviewsJudge = "reviews:judge",
        /// Read reports: numbers without the clients' texts.
        ReportsRead = "reports:read",
        /// Read lines and their settings.
        LinesRead = "lines:read",
        /// Change lines.
        LinesWrite = "lines:write",
        /// Read and change recipients, and send them test alerts.
        RecipientsWrite = "recipients:write",
        /// Read alerts.
        AlertsRead = "alerts:read",
        /// Acknowledge alerts.
        AlertsWrite = "alerts:write",
        /// Read deliveries.
        DeliveriesRead = "deliveries:read",
        /// Send deliveries again, or cancel them.
        DeliveriesWrite = "deliveries:write",
        /// Read the state of connections.
        ConnectionsRead = "connections:read",
        /// Resume a stopped connection.
        ConnectionsWrite = "connections:write",
        /// Create, change and delete connections, with their secrets.
        ConnectionsManage = "connections:manage",
        /// Read, answer and close conversations of the web chat.
        ChatsWrite = "chats:write",
        /// Export or erase all data about one client.
        ClientsManage = "clients:manage",
        /// Ask as an assistant: numbers, low ratings and stories of chats, without the words of clients.
        McpRead = "mcp:read",
        /// Give an assistant the words of clients too.
        McpComments = "mcp:comments",
        /// Everything.
        Admin = "admin",
    }
}

impl Scope {
    /// True if a key with the scopes `has` may do what requires this one. A write scope includes its read scope, and who may read
    /// ratings may count them.
    pub fn is_in(self, has: &[Scope]) -> bool {
        let also = match self {
            Scope::ReportsRead => Some(Scope::RatingsRead),
            Scope::LinesRead => Some(Scope::LinesWrite),
            Scope::AlertsRead => Some(Scope::AlertsWrite),
            Scope::DeliveriesRead => Some(Scope::DeliveriesWrite),
            Scope::ConnectionsRead => Some(Scope::ConnectionsWrite),
            _ => None,
        };
        has.iter().any(|&scope| scope == self || scope == Scope::Admin || Some(scope) == also)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_keeps_all_its_bits() {
        let key = ApiKey::generate([0xff; 32]);
        assert_eq!(key.text().len(), 46);
        assert_eq!(ApiKey::parse(key.text()), Some(key.clone()));
        assert_eq!(ApiKey::generate([0; 32]).text(), format!("lw_{}", "0".repeat(43)));
        let mut other = [0xff; 32];
        other[31] = 0xfe;
        assert_ne!(ApiKey::generate(other), key);
        assert_ne!(ApiKey::generate(other).hash(), key.hash());
        assert_eq!(format!("{key:?}"), format!("{}…", &key.text()[..9]));
    }

    #[test]
    fn what_cannot_be_a_key_is_not_one() {
        let good = ApiKey::generate([7; 32]);
        for text in [
            "",
            "lw_",
            &good.text()[..45],
            &format!("{}x", good.text()),
            &good.text().replace("lw_", "xx_"),
            &format!("lw_{}", "-".repeat(43)),
        ] {
            assert_eq!(ApiKey::parse(text), None, "{text}");
        }
    }

    #[test]
    fn scopes_are_words_and_admin_is_all_of_them() {
        for (place, scope) in Scope::ALL.into_iter().enumerate() {
            assert_eq!(scope as usize, place);
            assert_eq!(Scope::parse(scope.as_str()), Some(scope));
            assert!(scope.is_in(&[Scope::Admin]) && scope.is_in(&[scope]) && !scope.is_in(&[]));
        }
        assert!(Scope::LinesRead.is_in(&[Scope::LinesWrite]) && !Scope::LinesWrite.is_in(&[Scope::LinesRead]));
    }
}
