//! Bodies posted by Bitrix24: forms whose names have brackets (`data[DATA][0][session][id]=1`), as PHP reads them. All values are strings.

use serde_json::{Map, Value};

/// Maximum depth of a name.
const DEPTH_MAX: usize = 10;
/// Maximum number of fields.
const FIELDS_MAX: usize = 20_000;

/// Parses a body into nested fields. A JSON body is parsed as JSON.
pub(crate) fn fields(body: &[u8]) -> Value {
    if body.first() == Some(&b'{') {
        return serde_json::from_slice(body).unwrap_or_default();
    }
    let mut root = Map::new();
    for (name, value) in url::form_urlencoded::parse(body).take(FIELDS_MAX) {
        put(&mut root, &path(&name), value.into_owned());
    }
    Value::Object(root)
}

/// Splits `a[b][c]` into its parts.
fn path(name: &str) -> Vec<&str> {
    let (first, rest) = name.split_once('[').unwrap_or((name, ""));
    let rest = rest.strip_suffix(']').unwrap_or(rest);
    std::iter::once(first).chain(rest.split("][").filter(|_| !rest.is_empty())).take(DEPTH_MAX).collect()
}

fn put(at: &mut Map<String, Value>, path: &[&str], value: String) {
    let [first, rest @ ..] = path else { return };
    if rest.is_empty() {
        at.insert((*first).to_owned(), Value::String(value));
        return;
    }
    let below = at.entry(*first).or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(below) = below {
        put(below, rest, value);
    }
}

/// Items of a list, of a list encoded as a form, or a single item, recognized by `field`.
pub(crate) fn items<'v>(value: &'v Value, field: &str) -> Vec<&'v Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(fields) if fields.contains_key(field) => vec![value],
        Value::Object(fields) => fields.values().collect(),
        _ => Vec::new(),
    }
}

/// An ID as text; `None` for zero.
pub(crate) fn id(value: &Value) -> Option<String> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    let plain = !text.is_empty() && text.len() <= 18 && text.bytes().all(|byte| byte.is_ascii_digit());
    Some(text).filter(|text| plain && !text.trim_start_matches('0').is_empty())
}

/// A non-empty text, trimmed.
pub(crate) fn text(value: &Value) -> Option<&str> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_with_brackets_are_read_as_php_reads_them() {
        let body = b"event=ONSESSIONFINISH&data[DATA][0][session][id]=17&data%5BDATA%5D%5B0%5D%5Bchat%5D%5Bid%5D=8&ts=1714649632&auth[domain]=a%20b";
        let read = fields(body);
        let wanted = json!({ "event": "ONSESSIONFINISH", "data": { "DATA": { "0": { "session": { "id": "17" }, "chat": { "id": "8" } } } },
            "ts": "1714649632", "auth": { "domain": "a b" } });
        assert_eq!(read, wanted);
        assert_eq!(items(&read["data"]["DATA"], "connector").len(), 1);
        assert_eq!(fields(br#"{"event":"X"}"#), json!({ "event": "X" }));
        for odd in ["", "=", "[", "]", "a[", "a[]", "a]=1", "a[b=1&a=2&a[c]=3", "%zz=&&", "{"] {
            fields(odd.as_bytes());
        }
    }

    #[test]
    fn an_id_is_a_number_above_zero() {
        for (value, read) in
            [(json!("17"), Some("17")), (json!(17), Some("17")), (json!("0"), None), (json!("x1"), None), (json!(null), None)]
        {
            assert_eq!(id(&value).as_deref(), read);
        }
    }
}
