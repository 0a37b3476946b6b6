//! Splits the body of a request into entries: JSON, JSON that a template broke, or a form.

use crate::charset;
use crate::repair::{entries, glimpse, mended};
use lastword_contract::RawRequest;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// Fields that identify a chat.
pub(crate) const SESSION: [&str; 4] = ["session", "session_id", "ticket", "conversation"];
/// Form fields that contain the whole data as JSON.
const WHOLE: [&str; 4] = ["payload", "json", "body", "data"];
/// Fields that contain several events.
const LISTS: [&str; 6] = ["data", "events", "closes", "sessions", "items", "records"];
/// Maximum fields read of one form.
const FIELDS_MAX: usize = 200;
/// Maximum depth of brackets in a field's name: `operator[id]`.
const DEPTH_MAX: usize = 5;

/// One entry of a body.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The entry, or why it cannot be parsed.
    pub(crate) item: Result<Value, String>,
    /// Repairs that were needed to parse it.
    pub(crate) notes: Vec<String>,
}

impl Entry {
    fn plain(item: Value) -> Self {
        Self { item: Ok(item), notes: Vec::new() }
    }
}

/// Entries of a request: one for each item of a list, or a single one.
pub(crate) fn read(request: &RawRequest, text: &str) -> Vec<Entry> {
    let text = text.trim();
    if let Ok(parsed) = serde_json::from_str::<Value>(text) {
        return listed(parsed).into_iter().map(Entry::plain).collect();
    }
    let kind = request.headers.get("content-type").unwrap_or_default();
    if !text.starts_with(['{', '[']) {
        let fields = boundary(kind).map(|boundary| parts(text, boundary)).or_else(|| pairs(text, kind));
        if let Some(fields) = fields.filter(|fields| !fields.is_empty()) {
            return form(fields);
        }
    }
    match entries(text) {
        Some(found) => found.into_iter().flat_map(json).collect(),
        None => json(text),
    }
}

/// The entries of a list, with or without an object around it: `[…]`, `{"events": […]}`, `{"type": "session.closed", "data": […]}`.
fn listed(parsed: Value) -> Vec<Value> {
    match parsed {
        Value::Array(items) => items.into_iter().flat_map(listed_in).collect(),
        one => listed_in(one),
    }
}

fn listed_in(one: Value) -> Vec<Value> {
    let holds = |key: &str| one.get(key).and_then(Value::as_array).is_some_and(|items| items.iter().any(Value::is_object));
    let names_a_chat = SESSION.iter().any(|name| one.get(name).is_some());
    let Some(key) = LISTS.into_iter().find(|key| !names_a_chat && holds(key)) else { return vec![one] };
    let Value::Object(mut around) = one else { return vec![one] };
    let Some(Value::Array(items)) = around.remove(key) else { return vec![Value::Object(around)] };
    // Entries of `data` have the type and the time of the envelope; its ID is that of the whole.
    around.remove("id");
    let entry = |item: Value| match key {
        "data" => Value::Object(around.clone().into_iter().chain([("data".to_owned(), item)]).collect()),
        _ => item,
    };
    items.into_iter().map(entry).collect()
}

fn json(text: &str) -> Vec<Entry> {
    let error = match serde_json::from_str::<Value>(text) {
        Ok(parsed) => return listed(parsed).into_iter().map(Entry::plain).collect(),
        Err(error) => error,
    };
    let mended = mended(text);
    if let Ok(parsed) = serde_json::from_str::<Value>(&mended.text) {
        let notes: Vec<String> = mended.notes.into_iter().map(|what| format!("body: {what}.")).collect();
        return listed(parsed).into_iter().map(|item| Entry { item: Ok(item), notes: notes.clone() }).collect();
    }
    let whose = glimpse(text, &SESSION).map(|id| format!(" (chat {id})")).unwrap_or_default();
    let remedy = if text.starts_with(['{', '[']) {
        "; where a name or a text is filled in, let the template escape it (a filter such as json, or to_json), or send a form"
    } else {
        ""
    };
    vec![Entry { item: Err(format!("the body is no JSON{whose}: {error}{remedy}")), notes: Vec::new() }]
}

/// Parses `a=1&b[c]=2`, as browsers and PHP write it.
fn pairs(text: &str, kind: &str) -> Option<Vec<(String, String)>> {
    let named = text.split('&').all(|pair| pair.split_once('=').is_some_and(|(name, _)| is_name(name)) || pair.is_empty());
    if !named {
        return None;
    }
    // The bytes are in the character set of the page that sent the form.
    let bytes = |part: &str| percent_decode_str(&part.replace('+', " ")).collect::<Vec<u8>>();
    let set = charset::set(&bytes(text), kind);
    let decoded = |part: &str| set.decode_without_bom_handling(&bytes(part)).0.into_owned();
    let pairs = text.split('&').take(FIELDS_MAX).filter_map(|pair| pair.split_once('='));
    Some(pairs.map(|(name, value)| (decoded(name), decoded(value))).collect())
}

fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'[' | b']' | b'%' | b'+');
    !name.is_empty() && name.len() <= 200 && name.bytes().all(plain)
}

fn boundary(kind: &str) -> Option<&str> {
    let (kind, parameters) = kind.split_once(';')?;
    let parameter = parameters.split(';').find_map(|one| one.trim().strip_prefix("boundary="))?;
    kind.trim().eq_ignore_ascii_case("multipart/form-data").then(|| parameter.trim_matches('"'))
}

/// Fields of a multipart form; files are left out.
fn parts(text: &str, boundary: &str) -> Vec<(String, String)> {
    let part = |part: &str| {
        let (head, body) = part.split_once("\r\n\r\n").or_else(|| part.split_once("\n\n"))?;
        if head.contains("filename=") {
            return None;
        }
        let name = head.split_once("name=\"")?.1.split('"').next()?;
        let body = body.strip_suffix("\r\n").or_else(|| body.strip_suffix('\n')).unwrap_or(body);
        Some((name.to_owned(), body.to_owned()))
    };
    text.split(&format!("--{boundary}")).filter_map(part).take(FIELDS_MAX).collect()
}

fn form(fields: Vec<(String, String)>) -> Vec<Entry> {
    let whole = fields.iter().find(|(name, value)| WHOLE.contains(&name.as_str()) && value.trim_start().starts_with(['{', '[']));
    if let Some((_, text)) = whole.filter(|_| !fields.iter().any(|(name, _)| SESSION.contains(&name.as_str()))) {
        return json(text.trim());
    }
    let mut root = Value::Object(Map::new());
    for (name, text) in fields {
        let steps: Vec<&str> = name.split('[').map(|step| step.trim_end_matches(']')).take(DEPTH_MAX).collect();
        let json = Some(&text).filter(|text| text.starts_with(['{', '['])).and_then(|text| serde_json::from_str(text).ok());
        put(&mut root, &steps, json.unwrap_or(Value::String(text)));
    }
    vec![Entry { item: Ok(root), notes: vec!["body: it was a form, and its fields were taken as those of close.v1.".to_owned()] }]
}

/// Inserts a value at the place its name describes: `operator[id]` in an object, `tags[]` at the end of a list.
fn put(holder: &mut Value, steps: &[&str], value: Value) {
    let Some((step, rest)) = steps.split_first() else {
        *holder = value;
        return;
    };
    if !holder.is_array() && (step.is_empty() || (*step == "0" && holder.is_null())) {
        *holder = Value::Array(Vec::new());
    }
    if let Value::Array(items) = holder {
        let at = step.parse().ok().filter(|at| *at < items.len()).unwrap_or(items.len());
        if at == items.len() {
            items.push(Value::Null);
        }
        return put(&mut items[at], rest, value);
    }
    if !holder.is_object() {
        *holder = Value::Object(Map::new());
    }
    if let Value::Object(fields) = holder {
        put(fields.entry(*step).or_insert(Value::Null), rest, value);
    }
}
