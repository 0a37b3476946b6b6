//! `[sessions]`: labels and fields that closes may have.

use super::reader::Reader;
use std::collections::BTreeMap;

/// Maximum number of labels and fields together.
const NAMED_MAX: usize = 20;
/// Maximum length of a key.
const KEY_CHARS_MAX: usize = 40;
/// Maximum length of a name.
const NAME_CHARS_MAX: usize = 60;

/// `[sessions]`
#[derive(Clone, Debug, Default)]
pub struct Sessions {
    /// Labels that a session can have: display names by key.
    pub labels: BTreeMap<String, String>,
    /// Fields of which a session can have a value: display names by key.
    pub fields: BTreeMap<String, String>,
}

pub(super) fn read(reader: &mut Reader) -> Sessions {
    let remedy =
        "is not a label; write a key of at most 40 small letters, digits, _ and -, and perhaps its name: \"vip: Important clients\"";
    let labels: Vec<(String, String)> = reader.list("sessions.labels", remedy, named);
    let fields: Vec<(String, String)> = reader.list("sessions.fields", &remedy.replace("a label", "a field"), named);
    if labels.len() + fields.len() > NAMED_MAX {
        reader.problem("sessions.labels", format!("and sessions.fields name more than {NAMED_MAX} together; take some out"));
    }
    let mut seen = Vec::new();
    for (section, (key, _)) in labels.iter().map(|one| ("sessions.labels", one)).chain(fields.iter().map(|one| ("sessions.fields", one))) {
        if seen.contains(&key) {
            reader.problem(section, format!("names \"{key}\" a second time; a key is one label or one field"));
        }
        seen.push(key);
    }
    Sessions { labels: labels.into_iter().collect(), fields: fields.into_iter().collect() }
}

/// Parses `vip`, or `vip: Important clients`.
fn named(text: &str) -> Option<(String, String)> {
    let (key, name) = text.split_once(':').map_or((text.trim(), text.trim()), |(key, name)| (key.trim(), name.trim()));
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-');
    let fits = (1..=KEY_CHARS_MAX).contains(&key.len()) && key.bytes().all(letter);
    let named = (1..=NAME_CHARS_MAX).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    (fits && named).then(|| (key.to_owned(), name.to_owned()))
}
