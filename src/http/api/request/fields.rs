//! Validation of single fields: length, characters, times in the future.

use crate::problem::Problem;
use crate::timestamp::Timestamp;
use lastword_contract::{Address, Channel};
use lastword_domain::session::short_id;
use lastword_life::Millis;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::fmt;
use std::marker::PhantomData;
use utoipa::ToSchema;

/// Maximum length of an ID or a name, in characters.
pub(crate) const LENGTH_MAX: usize = 200;
/// Tolerated clock difference. A time that is ahead by no more than this counts as now.
const SKEW: Millis = 5 * 60 * 1_000;
/// A time further in the future than this is refused as a mistake.
const AHEAD_MAX: Millis = 24 * 3_600_000;

/// Checks an ID or a name: not empty, one line, limited length.
pub(crate) fn word(field: &str, text: String) -> Result<String, Problem> {
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

/// Normalizes an ID to one line: control characters become spaces. A long ID is cut and gets a hash of the whole, so that
/// it stays unique and stable.
pub(crate) fn id(field: &str, text: String, notes: &mut Notes) -> Result<String, Problem> {
    let plain = text.replace(char::is_control, " ");
    if plain != text {
        notes.add(field, "Control characters became blanks.");
    }
    let kept = short_id(plain.trim(), LENGTH_MAX);
    if kept.len() < plain.trim().len() {
        notes.add(field, format!("It was longer than {LENGTH_MAX} characters: it is known here as {kept}."));
    }
    word(field, kept)
}

/// As [`id`], for an optional field.
pub(crate) fn id_or_none(field: &str, text: Option<String>, notes: &mut Notes) -> Result<Option<String>, Problem> {
    text.map(|text| id(field, text, notes)).transpose()
}

/// A non-negative integer. Anything else is left out, with a note.
pub(crate) fn count(field: &str, told: Option<CountBody>, notes: &mut Notes) -> Option<i64> {
    let number = match told?.0 {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    let count = number.filter(|number| number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(number)).map(|number| number as i64);
    if count.is_none() {
        notes.add(field, "It is no count, and was left out: send a whole number from 0.");
    }
    count
}

/// A count as it was sent.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct CountBody(Value);

/// A past time, as [`past`]. A time ahead of the tolerated clock difference becomes now, with a note.
pub(crate) fn past_or_now(field: &str, at: Timestamp, now: Millis, notes: &mut Notes) -> Result<Millis, Problem> {
    let kept = past(field, at, now)?;
    if kept <= now {
        return Ok(kept);
    }
    let minutes = (kept - now) / 60_000;
    notes
        .add(field, format!("It was {minutes} minutes in the future, and now was taken: check the clock and the time zone of the sender."));
    Ok(now)
}

/// An object, or its ID alone.
#[derive(Debug)]
pub enum OrId<T> {
    /// The ID.
    Id(String),
    /// The object.
    Whole(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OrId<T> {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        struct Either<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Either<T> {
            type Value = OrId<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object, or its id")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<OrId<T>, E> {
                Ok(OrId::Id(text.to_owned()))
            }

            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<OrId<T>, E> {
                Ok(OrId::Id(number.to_string()))
            }

            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<OrId<T>, E> {
                Ok(OrId::Id(number.to_string()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<OrId<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(OrId::Whole)
            }
        }
        source.deserialize_any(Either(PhantomData))
    }
}

/// As [`word`], for an optional field.
pub(crate) fn word_or_none(field: &str, text: Option<String>) -> Result<Option<String>, Problem> {
    text.map(|text| word(field, text)).transpose()
}

/// A correction made to a request so that it could be accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CloseNote)]
pub struct NoteOut {
    /// The field.
    pub field: String,
    /// How its value was changed.
    pub note: String,
}

/// The corrections made to a request.
#[derive(Debug, Default)]
pub(crate) struct Notes(Vec<NoteOut>);

impl Notes {
    /// Adds a note about a field.
    pub(crate) fn add(&mut self, field: &str, note: impl Into<String>) {
        self.0.push(NoteOut { field: field.to_owned(), note: note.into() });
    }

    /// All notes.
    pub(crate) fn all(self) -> Vec<NoteOut> {
        self.0
    }
}

/// A display name: invalid characters become spaces, and a long name is cut.
pub(crate) fn name(field: &str, text: Option<String>, notes: &mut Notes) -> Option<String> {
    let sent = text?;
    let plain = sent.replace(char::is_control, " ");
    if plain != sent {
        notes.add(field, "Control characters became blanks.");
    }
    let mut name = plain.trim().to_owned();
    if let Some((end, _)) = name.char_indices().nth(LENGTH_MAX) {
        name.truncate(end);
        notes.add(field, format!("It was cut to {LENGTH_MAX} characters."));
    }
    Some(name).filter(|name| !name.is_empty())
}

/// Cuts a list to `most` items, with a note.
pub(crate) fn at_most<T>(field: &str, most: usize, mut items: Vec<T>, notes: &mut Notes) -> Vec<T> {
    if items.len() > most {
        notes.add(field, format!("The first {most} of {} were taken.", items.len()));
        items.truncate(most);
    }
    items
}

/// A language's tag. One that is none is left out.
pub(crate) fn language_or_none(field: &str, tag: Option<String>, notes: &mut Notes) -> Option<String> {
    let tag = tag.map(|tag| tag.trim().replace('_', "-"));
    match language(field, tag) {
        Ok(tag) => tag,
        Err(problem) => {
            notes.add(field, format!("It was left out: {}", problem.remedy.as_deref().unwrap_or_default()));
            None
        }
    }
}

/// Validates a language tag.
pub(crate) fn language(field: &str, tag: Option<String>) -> Result<Option<String>, Problem> {
    let fits = |tag: &String| (2..=35).contains(&tag.len()) && tag.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'-');
    match tag {
        Some(tag) if !fits(&tag) => {
            Err(Problem::invalid_field(field, format!("{field} is not a language."), "Send a tag such as \"en\" or \"pt-BR\"."))
        }
        tag => Ok(tag),
    }
}

/// A past time. A time slightly ahead of our clock becomes now; one that is a day or more ahead is refused.
pub(crate) fn past(field: &str, at: Timestamp, now: Millis) -> Result<Millis, Problem> {
    match at.0 - now {
        ahead if ahead > AHEAD_MAX => {
            let detail = format!("{field} is more than 24 hours in the future (it is {} now).", Timestamp(now));
            Err(Problem::invalid_field(field, detail, "Check the clock and time zone of the sender."))
        }
        1..=SKEW => Ok(now),
        _ => Ok(at.0),
    }
}

/// An address of a person, in the channel's terms.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressBody {
    /// The conversation: a Telegram chat ID, a WhatsApp number, a visitor of a web chat. An integer is accepted too.
    #[serde(deserialize_with = "text_of_id")]
    pub chat: String,
    /// The person, if the platform distinguishes persons and chats. Taps by other persons then do not count.
    #[serde(default)]
    pub user: Option<String>,
    /// An intermediary of the conversation, such as a Telegram business connection.
    #[serde(default)]
    pub via: Option<String>,
}

impl AddressBody {
    /// Converts the whole address, or its chat alone.
    pub(crate) fn of(sent: OrId<AddressBody>) -> Self {
        match sent {
            OrId::Whole(address) => address,
            OrId::Id(chat) => Self { chat, user: None, via: None },
        }
    }

    /// Checks the form of the address and that the channel can have such a chat.
    pub(crate) fn check(self, channel: &dyn Channel) -> Result<Address, Problem> {
        let address = Address {
            chat: word("address.chat", self.chat)?,
            user: word_or_none("address.user", self.user)?,
            via: word_or_none("address.via", self.via)?,
        };
        let short: String = address.chat.chars().take(80).collect();
        channel.admit(address).map_err(|words| {
            let detail = format!("\"{short}\" is not a chat of a connection of kind {}.", channel.kind());
            Problem::invalid_field("address.chat", detail, words)
        })
    }
}

/// Reads an ID that platforms send as a string or a number.
fn text_of_id<'de, D: Deserializer<'de>>(source: D) -> Result<String, D::Error> {
    struct Id;
    impl Visitor<'_> for Id {
        type Value = String;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<String, E> {
            Ok(text.to_owned())
        }

        fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<String, E> {
            Ok(number.to_string())
        }

        fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<String, E> {
            Ok(number.to_string())
        }
    }
    source.deserialize_any(Id)
}
