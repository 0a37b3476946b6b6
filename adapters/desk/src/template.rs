//! Settings with placeholders: in `ticket/{session}` a value is filled in.

use serde_json::Value;
use std::fmt::Write as _;

/// A text with placeholders. A `{` that does not start a placeholder is kept.
#[derive(Clone, Debug)]
pub(crate) struct Template(Vec<Part>);

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    /// Path of a value: names and list indexes, separated by dots.
    Blank(String),
}

impl Template {
    pub(crate) fn new(text: &str) -> Self {
        let (mut parts, mut plain, mut rest) = (Vec::new(), String::new(), text);
        while let Some((before, after)) = rest.split_once('{') {
            plain.push_str(before);
            match after.split_once('}').filter(|(name, _)| is_name(name)) {
                Some((name, after)) => {
                    parts.push(Part::Text(std::mem::take(&mut plain)));
                    parts.push(Part::Blank(name.to_owned()));
                    rest = after;
                }
                None => {
                    plain.push('{');
                    rest = after;
                }
            }
        }
        plain.push_str(rest);
        parts.push(Part::Text(plain));
        parts.retain(|part| !matches!(part, Part::Text(text) if text.is_empty()));
        Self(parts)
    }

    /// The placeholders, in order.
    pub(crate) fn blanks(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Blank(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }

    /// The text with `values` filled in; missing values are empty.
    pub(crate) fn text(&self, values: &Value) -> String {
        self.filled(values, |text| text)
    }

    /// The text with encoded values, so that each stays one segment or parameter of an address.
    pub(crate) fn address(&self, values: &Value) -> String {
        self.filled(values, |text| escaped(&text))
    }

    /// A single placeholder returns its value unchanged, for example a number or a list; anything else is text.
    fn value(&self, values: &Value) -> Value {
        match self.0.as_slice() {
            [Part::Blank(name)] => at(values, name).cloned().unwrap_or_default(),
            _ => Value::String(self.text(values)),
        }
    }

    fn filled(&self, values: &Value, write: impl Fn(String) -> String) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Blank(name) => write(at(values, name).map(words).unwrap_or_default()),
        };
        self.0.iter().map(part).collect()
    }
}

/// JSON with placeholders in its texts.
#[derive(Clone, Debug)]
pub(crate) enum Form {
    Text(Template),
    List(Vec<Form>),
    Fields(Vec<(String, Form)>),
    Other(Value),
}

impl Form {
    pub(crate) fn new(json: &Value) -> Self {
        match json {
            Value::String(text) => Form::Text(Template::new(text)),
            Value::Array(items) => Form::List(items.iter().map(Form::new).collect()),
            Value::Object(fields) => Form::Fields(fields.iter().map(|(name, value)| (name.clone(), Form::new(value))).collect()),
            other => Form::Other(other.clone()),
        }
    }

    /// The placeholders of all texts.
    pub(crate) fn blanks(&self) -> Vec<&str> {
        match self {
            Form::Text(template) => template.blanks().collect(),
            Form::List(items) => items.iter().flat_map(Form::blanks).collect(),
            Form::Fields(fields) => fields.iter().flat_map(|(_, form)| form.blanks()).collect(),
            Form::Other(_) => Vec::new(),
        }
    }

    pub(crate) fn filled(&self, values: &Value) -> Value {
        match self {
            Form::Text(template) => template.value(values),
            Form::List(items) => items.iter().map(|form| form.filled(values)).collect(),
            Form::Fields(fields) => fields.iter().map(|(name, form)| (name.clone(), form.filled(values))).collect(),
            Form::Other(value) => value.clone(),
        }
    }
}

/// The value at a path such as `Requestor.0.Name`; the whole value if the path is empty.
pub(crate) fn at<'a>(value: &'a Value, way: &str) -> Option<&'a Value> {
    way.split('.').filter(|step| !step.is_empty()).try_fold(value, |value, step| match value {
        Value::Object(fields) => fields.get(step),
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        _ => None,
    })
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}

/// A value as text.
fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(words).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut escaped, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            escaped.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(escaped, "%{byte:02X}");
        }
        escaped
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_filled_in_where_they_belong() {
        let values = json!({ "id": 17, "Owner": { "Name": "Ann" }, "Requestor": [{ "Name": "Jane" }], "tags": ["a", "b"], "none": null });
        let text = |text: &str| Template::new(text).text(&values);
        assert_eq!(text("#{id} of {Owner.Name} for {Requestor.0.Name}: {tags}"), "#17 of Ann for Jane: a, b");
        assert_eq!(text("{none}{missing}{Requestor.7.Name}{id.deeper}|"), "|");
        assert_eq!(text(r#"{"a": {not a blank} {}"#), r#"{"a": {not a blank} {}"#, "what is no blank stays");
        assert_eq!(Template::new("{a}{b.c} {d e}").blanks().collect::<Vec<_>>(), ["a", "b.c"]);
    }

    #[test]
    fn a_value_stays_one_value_in_an_address() {
        let address = Template::new("ticket/{id}/note?by={who}").address(&json!({ "id": "../7?x=1&y#z", "who": "Анна" }));
        assert_eq!(address, "ticket/..%2F7%3Fx%3D1%26y%23z/note?by=%D0%90%D0%BD%D0%BD%D0%B0");
    }

    #[test]
    fn a_blank_alone_keeps_its_kind() {
        let form = Form::new(&json!({ "score": "{score}", "text": "{score}!", "list": ["{tags}"], "is": true, "none": "{missing}" }));
        let filled = form.filled(&json!({ "score": 4, "tags": ["a"] }));
        assert_eq!(filled, json!({ "score": 4, "text": "4!", "list": [["a"]], "is": true, "none": null }));
        assert_eq!(form.blanks(), ["tags", "missing", "score", "score"]);
    }
}
