//! Rows of a JSON file: one array, a response of an API with a list in it, or JSON lines. Each row maps paths
//! (`via.channel`, in lower case) to values, so that it can be read like a table.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Names of the lists in responses of APIs.
const LISTS: &[&str] = &["rooms", "tickets", "conversations", "results", "sessions", "data", "rows"];
/// Maximum depth of a path.
const DEPTH_MAX: usize = 4;

/// A row: values by path.
pub(super) type Row = BTreeMap<String, String>;

/// Replaces an invalid byte of a text; it occurs in no valid text.
const NO_LETTER: char = '\u{ffff}';

/// Rows of a file, each with its problem if it has one.
///
/// # Errors
/// The position at which the file is not valid JSON.
pub(super) fn rows(bytes: &[u8]) -> Result<Vec<Result<Row, String>>, String> {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend((!chunk.invalid().is_empty()).then_some(NO_LETTER));
    }
    let mut rows = Vec::new();
    for value in serde_json::Deserializer::from_str(text.trim_start_matches('\u{feff}')).into_iter::<Value>() {
        let value = value.map_err(|error| format!("is not valid JSON ({error})"))?;
        for item in list(value) {
            let Value::Object(fields) = item else {
                rows.push(Err("is no JSON object; write one for each chat".to_owned()));
                continue;
            };
            let mut row = Row::new();
            flatten("", fields, 0, &mut row);
            let is_text = row.iter().all(|(path, value)| !path.contains(NO_LETTER) && !value.contains(NO_LETTER));
            rows.push(if is_text { Ok(row) } else { Err("holds a byte that is no letter in utf-8; correct it".to_owned()) });
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

/// Converts the extended JSON of MongoDB's tools (IDs, dates, large numbers) to plain values.
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
        rows(text.as_bytes()).unwrap().iter().flatten().map(shown).collect()
    }

    #[test]
    fn arrays_answers_and_lines_are_rows() {
        let expected = ["a.b=1 c=x", "c=y"];
        assert_eq!(read(r#"[{"a":{"b":1},"C":"x"},{"c":"y","n":null}]"#), expected);
        assert_eq!(read(r#"{"rooms":[{"a":{"b":1},"c":"x"},{"c":"y"}],"count":2}"#), expected);
        assert_eq!(read("{\"a\":{\"b\":1},\"c\":\"x\"}\n{\"c\":\"y\"}\n"), expected);
        assert!(rows(b"{\"a\":").is_err() && rows(b"").unwrap().is_empty());
    }

    #[test]
    fn what_is_wrong_with_an_element_is_a_matter_of_its_own() {
        let found = rows(b"[1,{\"a\":\"\xe9\"},{\"a\":\"\xc3\xa9\",\"n\":7}]").unwrap();
        let problem = |at: usize| found[at].clone().unwrap_err();
        assert!(problem(0).starts_with("is no JSON object") && problem(1).starts_with("holds a byte"), "{found:?}");
        assert_eq!(read("[1,{\"a\":\"é\",\"n\":7}]"), ["a=é n=7"]);
    }

    #[test]
    fn what_mongodb_exports_is_read_as_it_is_meant() {
        let row = r#"{"_id":{"$oid":"5f"},"closedAt":{"$date":{"$numberLong":"1790000000000"}},"ts":{"$date":"2026-09-21T00:00:00Z"}}"#;
        assert_eq!(read(row), ["_id=5f closedat=1790000000000 ts=2026-09-21T00:00:00Z"]);
    }
}
