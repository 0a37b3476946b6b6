//! The difference between two states in the audit log, as text.

use super::Frame;
use super::duration::duration;
use serde_json::{Map, Value};

/// A changed field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Label of the field.
    pub label: String,
    /// Previous value; empty if there was none.
    pub before: String,
    /// New value; empty if there is none.
    pub after: String,
}

/// The changed fields of an audit log entry, in the language of `page`.
pub fn changes(page: &Frame, before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<Change> {
    let mut keys: Vec<&String> = before.keys().chain(after.keys().filter(|key| !before.contains_key(*key))).collect();
    keys.sort();
    let side = |of: &Map<String, Value>, key: &str| of.get(key).map(|value| of_field(page, key, value)).unwrap_or_default();
    keys.into_iter().map(|key| Change { label: label(page, key), before: side(before, key), after: side(after, key) }).collect()
}

/// Formats a value according to its field: durations in their natural unit.
fn of_field(page: &Frame, key: &str, value: &Value) -> String {
    if let (Some(prefix), Value::String(word)) = (choice(key), value)
        && let Some(words) = said(page, &format!("{prefix}-{}", word.replace('_', "-")))
    {
        return words;
    }
    let units = [("_secs", 1), ("_minutes", 60), ("_hours", 3_600)];
    let unit = units.iter().find(|(end, _)| key.ends_with(end)).map(|(_, secs)| *secs);
    match (unit, value.as_u64()) {
        (Some(secs), Some(number)) if number > 0 => duration(page, number.saturating_mul(secs)),
        _ => words(page, value),
    }
}

/// Prefix of the message keys for the values of a list's filter.
fn choice(key: &str) -> Option<&'static str> {
    match key {
        "filter.outcome" => Some("ratings-outcome"),
        "filter.reason" => Some("ratings-reason"),
        "filter.grade" => Some("ratings-grade"),
        "filter.scale" => Some("ratings-scale"),
        "filter.resolved" => Some("sift-resolved"),
        "filter.voided" => Some("sift-voided"),
        _ => None,
    }
}

/// Label of a field: filters of a list and settings of a line as on their pages, others as in the audit log.
fn label(page: &Frame, key: &str) -> String {
    if let Some(words) = key.strip_prefix("filter.").and_then(|name| said(page, &format!("sift-{name}"))) {
        return words;
    }
    let name = key.strip_prefix("settings.").unwrap_or(key);
    let (name, language) = match name.strip_prefix("texts.").and_then(|text| text.split_once('.')) {
        Some((language, text)) => (format!("texts.{text}"), Some(language)),
        None => (name.to_owned(), None),
    };
    let word = name.replace('.', "-");
    let setting = said(page, &format!("set-{word}"));
    // Every kind of object has a name; only a line has settings.
    let found = if key == "name" { None } else { setting }.or_else(|| said(page, &format!("audit-field-{word}")));
    let words = found.unwrap_or(name);
    language.map_or(words.clone(), |language| format!("{words} ({language})"))
}

/// The text of a key; `None` if there is none.
pub fn said(page: &Frame, key: &str) -> Option<String> {
    Some(page.t(key)).filter(|words| words != key)
}

fn words(page: &Frame, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => page.t("said-yes"),
        Value::Bool(false) => page.t("said-no"),
        Value::String(text) => said(page, &format!("audit-word-{}", text.replace('_', "-"))).unwrap_or_else(|| text.clone()),
        Value::Array(items) if items.is_empty() => "–".to_owned(),
        Value::Array(items) => items.iter().map(|item| words(page, item)).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => of_reason(fields).unwrap_or_else(|| value.to_string()),
        other => other.to_string(),
    }
}

/// A reason with its code, or a keyword rule, as on the page of settings.
fn of_reason(fields: &Map<String, Value>) -> Option<String> {
    let code = fields.get("code")?.as_str()?;
    if let Some(text) = fields.get("text").and_then(Value::as_str) {
        return Some(format!("{code}: {text}"));
    }
    let phrases = |words: &Value| words.as_array().map(|words| words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "));
    let languages = fields.get("words")?.as_object()?.iter();
    let languages: Vec<String> = languages.map(|(language, words)| format!("{language}: {}", phrases(words).unwrap_or_default())).collect();
    Some(format!("{code} / {}", languages.join(" / ")))
}
