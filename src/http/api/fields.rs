//! The form of single fields: how long, which characters, how far in the future.

use crate::http::problem::Problem;
use crate::http::timestamp::Timestamp;
use crate::life::Millis;
use lastword_contract::Address;
use serde::Deserialize;
use utoipa::ToSchema;

/// The longest id or name, in characters.
const LENGTH_MAX: usize = 200;
/// Clocks differ by this much: a time that far in the future is now.
const SKEW: Millis = 5 * 60 * 1_000;
/// A time farther in the future than this is a mistake.
const AHEAD_MAX: Millis = 24 * 3_600_000;

/// An id or a name: something, on one line, and not endless.
pub(super) fn word(field: &str, text: String) -> Result<String, Problem> {
    let problem = if text.trim().is_empty() {
        "is empty"
    } else if text.chars().count() > LENGTH_MAX {
        "is too long"
    } else if text.chars().any(char::is_control) {
        "holds a control character"
    } else {
        return Ok(text);
    };
    Err(Problem::invalid_field(field, format!("{field} {problem}."), format!("Send 1 to {LENGTH_MAX} characters on one line.")))
}

/// As [`word`], where there is one.
pub(super) fn word_or_none(field: &str, text: Option<String>) -> Result<Option<String>, Problem> {
    text.map(|text| word(field, text)).transpose()
}

/// A language's tag.
pub(super) fn language(field: &str, tag: Option<String>) -> Result<Option<String>, Problem> {
    let fits = |tag: &String| (2..=35).contains(&tag.len()) && tag.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'-');
    match tag {
        Some(tag) if !fits(&tag) => {
            Err(Problem::invalid_field(field, format!("{field} is not a language."), "Send a tag such as \"en\" or \"pt-BR\"."))
        }
        tag => Ok(tag),
    }
}

/// A moment that has been. One a little ahead of our clock is now; one of a day or more ahead is a mistake.
pub(super) fn past(field: &str, at: Timestamp, now: Millis) -> Result<Millis, Problem> {
    match at.0 - now {
        ahead if ahead > AHEAD_MAX => {
            let detail = format!("{field} is more than 24 hours in the future (it is {} now).", Timestamp(now));
            Err(Problem::invalid_field(field, detail, "Check the clock and time zone of the sender."))
        }
        1..=SKEW => Ok(now),
        _ => Ok(at.0),
    }
}

/// A place where a person can be written to, in the channel's own terms.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressBody {
    /// The conversation: a Telegram chat id, a WhatsApp number, a visitor of a web chat.
    pub chat: String,
    /// The person, where the platform tells persons and chats apart; then a tap of anybody else does not count.
    #[serde(default)]
    pub user: Option<String>,
    /// What the conversation runs through, such as a Telegram business connection.
    #[serde(default)]
    pub via: Option<String>,
}

impl AddressBody {
    /// The address, if its form is right.
    pub(super) fn check(self) -> Result<Address, Problem> {
        Ok(Address {
            chat: word("address.chat", self.chat)?,
            user: word_or_none("address.user", self.user)?,
            via: word_or_none("address.via", self.via)?,
        })
    }
}
