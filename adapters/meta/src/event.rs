//! Parses webhooks leniently: a value of an unexpected type counts as missing, and an event that cannot be parsed is stored
//! as unknown while the other events of the request count.

use lastword_contract::{Inbound, InboundKind, Millis};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Meta repeats failed deliveries for seven days. Older requests are replays.
const AGE_MAX: Millis = 8 * 24 * 60 * 60 * 1_000;

/// A text, or a number as text: Meta writes IDs and times either way.
pub(crate) fn word(value: &Value, path: &str) -> Option<String> {
    match value.pointer(path)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A text that may be empty.
pub(crate) fn text(value: &Value, path: &str) -> Option<String> {
    value.pointer(path)?.as_str().map(str::to_owned)
}

/// An integer, also as text.
pub(crate) fn number(value: &Value, path: &str) -> Option<i64> {
    match value.pointer(path)? {
        Value::String(text) => text.parse().ok(),
        number => number.as_i64(),
    }
}

/// Items of a list; empty if there is no list.
pub(crate) fn items<'a>(value: &'a Value, path: &str) -> impl Iterator<Item = &'a Value> {
    value.pointer(path).and_then(Value::as_array).into_iter().flatten()
}

/// Reads each item of the list `name`. An item that is no object, or a value that is no list, becomes an event that says
/// so; the other items count.
pub(crate) fn each(value: &Value, name: &str, events: &mut Vec<Inbound>, mut read: impl FnMut(&Value, &mut Vec<Inbound>)) {
    match value.get(name) {
        None | Some(Value::Null) => {}
        Some(Value::Array(items)) => {
            for item in items {
                if item.is_object() { read(item, events) } else { events.push(unreadable(name, item)) }
            }
        }
        Some(odd) => events.push(unreadable(name, odd)),
    }
}

/// Event for an item of the list `name` that cannot be parsed.
pub(crate) fn unreadable(name: &str, odd: &Value) -> Inbound {
    other(&format!("unreadable_{name}"), odd, None)
}

/// An event without meaning for us that is stored and counted. Its key is derived from its content.
pub(crate) fn other(kind: &str, about: &Value, at: Option<Millis>) -> Inbound {
    let key = format!("other:{}", digest(&about.to_string()));
    Inbound { key, order: at.unwrap_or(0), at, kind: InboundKind::Other { kind: kind_of(kind) } }
}

/// An event with this name. Meta's IDs contain a phone number (`wamid.…`, in Base64) or the ID of a person, and keys are stored
/// longer than the data of an erased client: the key is their digest.
pub(crate) fn inbound(name: &str, at: Option<Millis>, kind: InboundKind) -> Inbound {
    Inbound { key: digest(name), order: at.unwrap_or(0), at, kind }
}

/// 128 bits of SHA-256, in hexadecimal.
fn digest(text: &str) -> String {
    hex::encode(&Sha256::digest(text.as_bytes())[..16])
}

/// A platform's name that is safe to log and count.
pub(crate) fn kind_of(kind: &str) -> String {
    let safe = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let fits = (1..=60).contains(&kind.len()) && kind.bytes().all(safe);
    if fits { kind.to_owned() } else { "unknown".to_owned() }
}

/// Turns events that are too old to be redeliveries into unknown ones.
pub(crate) fn without_stale(events: Vec<Inbound>, received_at: Millis) -> Vec<Inbound> {
    let stale = |event: &Inbound| event.at.is_some_and(|at| at.saturating_add(AGE_MAX) < received_at);
    let read = |event: Inbound| match stale(&event) {
        true => Inbound { kind: InboundKind::Other { kind: "stale".to_owned() }, ..event },
        false => event,
    };
    events.into_iter().map(read).collect()
}
