//! The rows of a JSON file: one array, an answer of an API with a list in it, or an object after the other. Each row is a list of
//! paths with their values (`via.channel`), in small letters, so that it reads as a table does.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The names under which answers of APIs hold their lists.
const LISTS: &[&str] = &["rooms", "tickets", "conversations", "results", "sessions", "data", "rows"];
/// Deeper than this nothing is looked for.
const DEPTH_MAX: usize = 4;

/// A row: its values by path.
pub(super) type Row = BTreeMap<String, String>;

/// The rows of a file.
///
/// # Errors
/// Says where it is no JSON.
pub(super) fn rows(text: &str) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    for value in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
        let value = value.map_err(|error| format!("is not valid JSON ({error})"))?;
        for item in list(value) {
            let Value::Object(fields) = item else { return Err("holds something else than objects".to_owned()) };
            let mut row = Row::new();
            flatten("", fields, 0, &mut row);
            rows.push(row);
        }
    }
    Ok(rows)
}

fn list(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        Value::Object(mut fields) => {
            let name = LISTS.iter().find(|name| fields.get(**name).is_some_and(|list| list.as_array().is_some()));
            match name.and_then(|name| fields.remove(*name)) {
                Some(Value::Array(items)) => items,
                _ => vec![Value::Object(fields)],
            }
        }
        other => vec![other],
    }
}

fn flatten(path: &str, fields: Map<String, Value>, depth: usize, row: &mut Row) {
    for (name, value) in fields {
        let name = name.to_lowercase();
        let path = if path.is_empty() { name } else { format!("{path}.{name}") };
        match plain(value) {
            Value::Object(fields) if depth < DEPTH_MAX => flatten(&path, fields, depth + 1, row),
            Value::String(text) => drop(row.insert(path, text)),
            value @ (Value::Bool(_) | Value::Number(_)) => drop(row.insert(path, value.to_string())),
            Value::Array(items) if items.iter().all(Value::is_string) => {
                let texts: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
                row.insert(path, texts.join("|"));
            }
            Value::Null | Value::Array(_) | Value::Object(_) => {}
        }
    }
}

/// What MongoDB's tools write for ids, dates and large numbers, as the value that is meant.
fn plain(value: Value) -> Value {
    const MARKS: [&str; 5] = ["$oid", "$date", "$numberLong", "$numberInt", "$numberDouble"];
    match value {
        Value::Object(mut fields) if fields.len() == 1 => match MARKS.iter().find_map(|mark| fields.remove(*mark)) {
            Some(inner) => plain(inner),
            None => Value::Object(fields),
        },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let shown = |row: &Row| row.iter().map(|(path, value)| format!("{path}={value}")).collect::<Vec<_>>().join(" ");
        rows(text).unwrap().iter().map(shown).collect()
    }

    #[test]
    fn arrays_answers_and_lines_are_rows() {
        let expected = ["a.b=1 c=x", "c=y"];
        assert_eq!(read(r#"[{"a":{"b":1},"C":"x"},{"c":"y","n":null}]"#), expected);
        assert_eq!(read(r#"{"rooms":[{"a":{"b":1},"c":"x"},{"c":"y"}],"count":2}"#), expected);
        assert_eq!(read("{\"a\":{\"b\":1},\"c\":\"x\"}\n{\"c\":\"y\"}\n"), expected);
        assert!(rows("[1]").is_err() && rows("{\"a\":").is_err() && rows("").unwrap().is_empty());
    }

    #[test]
    fn what_mongodb_exports_is_read_as_it_is_meant() {
        let row = r#"{"_id":{"$oid":"5f"},"closedAt":{"$date":{"$numberLong":"1790000000000"}},"ts":{"$date":"2026-09-21T00:00:00Z"}}"#;
        assert_eq!(read(row), ["_id=5f closedat=1790000000000 ts=2026-09-21T00:00:00Z"]);
    }
}
