//! The form of single fields: how long, which characters, how far in the future.

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

/// The longest id or name, in characters.
pub(crate) const LENGTH_MAX: usize = 200;
/// Clocks differ by this much: a time that far in the future is now.
const SKEW: Millis = 5 * 60 * 1_000;
/// A time farther in the future than this is a mistake.
const AHEAD_MAX: Millis = 24 * 3_600_000;

/// An id or a name: something, on one line, and not endless.
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

/// An id on one line: control characters become blanks. Of one that is too long the beginning stays and a hash of the whole, so that
/// it is told from all others and is the same each time.
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

/// As [`id`], where there is one.
pub(crate) fn id_or_none(field: &str, text: Option<String>, notes: &mut Notes) -> Result<Option<String>, Problem> {
    text.map(|text| id(field, text, notes)).transpose()
}

/// A count: a whole number that is not negative. Anything else is left out.
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

/// A moment that has been, as [`past`]; what is ahead of our clock by more than clocks differ is now, and a note says so.
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

/// What may be sent as an object, or as its id alone.
#[derive(Debug)]
pub enum OrId<T> {
    /// The id.
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

/// As [`word`], where there is one.
pub(crate) fn word_or_none(field: &str, text: Option<String>) -> Result<Option<String>, Problem> {
    text.map(|text| word(field, text)).transpose()
}

/// What was mended in what a caller sent, so that it could be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NoteOut {
    /// The field.
    pub field: String,
    /// What was done with its value.
    pub note: String,
}

/// What was mended so far.
#[derive(Debug, Default)]
pub(crate) struct Notes(Vec<NoteOut>);

impl Notes {
    /// Says what was done with the value of a field.
    pub(crate) fn add(&mut self, field: &str, note: impl Into<String>) {
        self.0.push(NoteOut { field: field.to_owned(), note: note.into() });
    }

    /// All of them.
    pub(crate) fn all(self) -> Vec<NoteOut> {
        self.0
    }
}

/// A name for people: what no name can hold becomes blanks, and one that is too long is cut.
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

/// At most so many of a list.
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

/// A language's tag.
pub(crate) fn language(field: &str, tag: Option<String>) -> Result<Option<String>, Problem> {
    let fits = |tag: &String| (2..=35).contains(&tag.len()) && tag.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'-');
    match tag {
        Some(tag) if !fits(&tag) => {
            Err(Problem::invalid_field(field, format!("{field} is not a language."), "Send a tag such as \"en\" or \"pt-BR\"."))
        }
        tag => Ok(tag),
    }
}

/// A moment that has been. One a little ahead of our clock is now; one of a day or more ahead is a mistake.
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

/// A place where a person can be written to, in the channel's own terms.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressBody {
    /// The conversation: a Telegram chat id, a WhatsApp number, a visitor of a web chat. An integer is taken too.
    #[serde(deserialize_with = "text_of_id")]
    pub chat: String,
    /// The person, where the platform tells persons and chats apart; then a tap of anybody else does not count.
    #[serde(default)]
    pub user: Option<String>,
    /// What the conversation runs through, such as a Telegram business connection.
    #[serde(default)]
    pub via: Option<String>,
}

impl AddressBody {
    /// The address that was sent: the whole, or its chat alone.
    pub(crate) fn of(sent: OrId<AddressBody>) -> Self {
        match sent {
            OrId::Whole(address) => address,
            OrId::Id(chat) => Self { chat, user: None, via: None },
        }
    }

    /// The address, if its form is right, and such a chat can be on this channel.
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

/// An id that platforms give as a number, as text.
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
