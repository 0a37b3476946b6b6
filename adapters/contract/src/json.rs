//! What platforms write in JSON, read leniently: an id is a number here and a text there, and a blank says nothing.

use serde_json::Value;

/// An id, as text.
pub fn id(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::String(_) => text(value),
        _ => None,
    }
}

/// A text that says something.
pub fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_id_is_a_number_or_a_text_that_says_something() {
        assert_eq!([id(&json!(7)), id(&json!(" 7 ")), id(&json!("a7"))], [Some("7".into()), Some("7".into()), Some("a7".into())]);
        assert_eq!([id(&json!(" ")), id(&json!(null)), id(&json!({})), text(&json!(7))], [None, None, None, None]);
    }
}
