//! Turns the data of a close into a chat. Field names are those of `close.v1`; some others that desks use are accepted too.

use crate::lenient::{Notes, closer, count, first, id, moment, person, text, words, yes};
use lastword_contract::phone::{self, Country};
use lastword_contract::{Address, Chat, Closing, Means, Person, Reach, json};
use serde_json::Value;
use std::collections::BTreeMap;

/// Maximum operators and addresses of one chat.
const LIST_MAX: usize = 50;

/// The chat described by the data.
pub(crate) fn chat(data: &Value, country: Option<Country>, notes: &mut Notes) -> Chat {
    let operator = first(data, &["operator", "assignee", "owner"]).and_then(|(value, name)| person(value, &name, notes));
    Chat {
        queue: words(data, &["line", "queue"], notes),
        operators: people(data, notes),
        operator,
        client: text(data, &["client", "client_id"], notes),
        client_name: words(data, &["client_name"], notes),
        language: text(data, &["language", "locale"], notes).and_then(|tag| language(tag, notes)),
        reach: reach(data, country, notes),
        opened_at: moment(data, &["opened_at"], notes),
        last_client_message_at: moment(data, &["last_client_message_at"], notes),
        operator_messages: count(data, &["operator_messages"], notes),
        client_messages: count(data, &["client_messages"], notes),
        labels: labels(data, notes),
        fields: fields(data, notes),
        page: words(data, &["link", "url"], notes).filter(|link| link.starts_with("https://") || link.starts_with("http://")),
    }
}

/// The close described by the data.
pub(crate) fn closing(data: &Value, country: Option<Country>, notes: &mut Notes) -> Closing {
    let by_id = text(data, &["closed_by_id"], notes);
    Closing {
        chat: chat(data, country, notes),
        by: closer(data, notes),
        by_person: by_id.map(|id| Person { id, name: None, program: false }),
        already_rated: yes(data, &["already_rated"], notes).unwrap_or(false),
        ask: yes(data, &["ask"], notes),
        ask_reason: words(data, &["ask_reason"], notes),
    }
}

/// Labels: a list, or one comma-separated text.
fn labels(data: &Value, notes: &mut Notes) -> Vec<String> {
    let Some((value, name)) = first(data, &["labels", "tags"]) else { return Vec::new() };
    let texts: Vec<String> = match value {
        Value::Array(items) => items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
        Value::String(text) => text.split(',').map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    if texts.is_empty() {
        notes.add(&name, "it is neither a list of texts nor a text, and was left out");
    }
    texts.into_iter().map(|text| json::plain(text.trim())).filter(|text| !text.is_empty()).take(LIST_MAX).collect()
}

/// Values of fields: texts, numbers and booleans by name.
fn fields(data: &Value, notes: &mut Notes) -> BTreeMap<String, String> {
    let Some((value, name)) = first(data, &["fields"]) else { return BTreeMap::new() };
    let Some(all) = value.as_object() else {
        notes.add(&name, "it is no object of names and values, and was left out");
        return BTreeMap::new();
    };
    let text = |value: &Value| match value {
        Value::String(text) => Some(json::plain(text)),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        _ => None,
    };
    all.iter().take(LIST_MAX).filter_map(|(key, value)| Some((key.clone(), text(value)?))).collect()
}

fn people(data: &Value, notes: &mut Notes) -> Vec<Person> {
    let Some((value, name)) = first(data, &["operators"]) else { return Vec::new() };
    let one = std::slice::from_ref(value);
    let all = value.as_array().map_or(one, Vec::as_slice);
    if all.len() > LIST_MAX {
        notes.add(&name, "the first 50 were taken");
    }
    all.iter().take(LIST_MAX).filter_map(|one| person(one, &name, notes)).collect()
}

/// Ways to reach the client, the explicit ones first.
fn reach(data: &Value, country: Option<Country>, notes: &mut Notes) -> Vec<Reach> {
    let mut reach = Vec::new();
    let connection = text(data, &["connection"], notes);
    let named = first(data, &["address", "chat"]).and_then(|(value, name)| address(value, &name, notes));
    let email = text(data, &["client_email", "email"], notes).and_then(|text| mail(&text, notes));
    let phone = text(data, &["client_phone", "phone"], notes).and_then(|text| digits(&text, country, notes));
    match (connection, named) {
        (Some(connection), Some(address)) => reach.push(Reach { by: Means::Connection(connection), address }),
        (Some(connection), None) => {
            // Only a connection: the client's address there is the email address or phone number.
            let address = email.clone().or_else(|| phone.clone()).map(Address::chat);
            reach.extend(address.map(|address| Reach { by: Means::Connection(connection), address }));
        }
        (None, Some(address)) => reach.push(Reach { by: Means::Messenger, address }),
        (None, None) => {}
    }
    if let Some((value, name)) = first(data, &["addresses"]) {
        for other in value.as_array().into_iter().flatten().take(LIST_MAX) {
            let address = first(other, &["address", "chat"]).and_then(|(value, _)| address(value, &name, notes));
            if let (Some(connection), Some(address)) = (text(other, &["connection"], notes), address) {
                reach.push(Reach { by: Means::Connection(connection), address });
            } else {
                notes.add(&name, "one without a connection or an address was left out");
            }
        }
    }
    reach.extend(email.map(|email| Reach { by: Means::Email, address: Address::chat(email) }));
    reach.extend(phone.map(|phone| Reach { by: Means::Phone, address: Address::chat(format!("+{phone}")) }));
    reach
}

/// An address: `{"chat": …, "user": …, "via": …}`, or only the chat.
fn address(value: &Value, field: &str, notes: &mut Notes) -> Option<Address> {
    if value.is_object() {
        let chat = text(value, &["chat", "id"], notes)?;
        return Some(Address { chat, user: text(value, &["user"], notes), via: text(value, &["via"], notes) });
    }
    let holder = serde_json::json!({ field: value });
    id(&holder, &[field], notes).map(Address::chat)
}

/// Strips the decoration of `Jane <jane@example.com>` and `mailto:jane@example.com`.
fn mail(text: &str, notes: &mut Notes) -> Option<String> {
    let inner = text.rsplit_once('<').map_or(text, |(_, rest)| rest.trim_end_matches('>'));
    let bare = inner.trim().trim_start_matches("mailto:").to_owned();
    if bare != text {
        notes.add("client_email", "the decoration around the address was taken off");
    }
    if bare.contains('@') && !bare.contains([' ', ',', ';']) {
        return Some(bare);
    }
    notes.add("client_email", "it is no mail address, and was left out");
    None
}

/// A phone number as messengers need it: digits only, country first.
fn digits(text: &str, country: Option<Country>, notes: &mut Notes) -> Option<String> {
    let read = phone::read(text, country);
    if let Err(why) = read {
        notes.add("client_phone", &format!("{why}; it was left out"));
    }
    read.ok()
}

/// Converts `en_US` to a language tag; the name of a language is not one.
fn language(tag: String, notes: &mut Notes) -> Option<String> {
    let tag = tag.replace('_', "-");
    if (2..=35).contains(&tag.len()) && tag.split('-').next().is_some_and(|root| (2..=3).contains(&root.len())) && tag.is_ascii() {
        return Some(tag);
    }
    notes.add("language", "it is no tag such as en or pt-BR, and was left out");
    None
}
