//! Labels and fields of a session, as an admin named them in the settings, and conditions on them.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Maximum number of labels and fields together.
pub const NAMED_MAX: usize = 20;
/// Maximum length of a key, in characters.
pub const KEY_CHARS_MAX: usize = 40;
/// Maximum length of a field's value, in characters. A longer one is cut.
pub const VALUE_CHARS_MAX: usize = 60;
/// Maximum number of values of a field in a report, the most frequent ones; the rest is one group.
pub const VALUES_SHOWN: usize = 20;

/// True if a text is a valid key of a label or field.
pub fn is_key(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-');
    (1..=KEY_CHARS_MAX).contains(&text.len()) && text.bytes().all(letter)
}

/// The fields of one session: a value by key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(transparent)]
pub struct Fields(pub BTreeMap<String, String>);

impl Fields {
    /// Text form: `topic: refund, plan: pro`.
    pub fn written(&self) -> String {
        self.0.iter().map(|(key, value)| format!("{key}: {value}")).collect::<Vec<_>>().join(", ")
    }
}

/// Labels and fields of a close.
#[derive(Clone, Copy, Debug, Default)]
pub struct Labels<'a> {
    /// Its labels.
    pub labels: &'a [String],
    /// Its fields with their values.
    pub fields: Option<&'a Fields>,
}

impl<'a> Labels<'a> {
    /// Of these labels and fields.
    pub fn of(labels: &'a [String], fields: &'a Fields) -> Self {
        Self { labels, fields: Some(fields) }
    }

    fn value(self, key: &str) -> Option<&'a String> {
        self.fields.and_then(|fields| fields.0.get(key))
    }
}

/// A condition on the labels and fields of a session: `vip`, or `topic:refund`. A field without a value means any value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LabelIs {
    /// The label or field.
    pub key: String,
    /// The value of the field; `None` for a label, or for any value.
    pub value: Option<String>,
}

impl LabelIs {
    /// Parses a condition.
    pub fn parse(text: &str) -> Option<Self> {
        let (key, value) = match text.split_once(':') {
            None => (text.trim(), None),
            Some((key, value)) => (key.trim(), Some(cut(value)?)),
        };
        is_key(key).then(|| Self { key: key.to_owned(), value })
    }

    /// True if a session with these labels and fields matches.
    pub fn holds(&self, of: Labels<'_>) -> bool {
        let has = of.labels.contains(&self.key) || of.value(&self.key).is_some();
        self.value.as_ref().map_or(has, |wanted| of.value(&self.key) == Some(wanted))
    }
}

impl std::fmt::Display for LabelIs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.value {
            None => f.write_str(&self.key),
            Some(value) => write!(f, "{}:{value}", self.key),
        }
    }
}

impl From<LabelIs> for String {
    fn from(condition: LabelIs) -> Self {
        condition.to_string()
    }
}

impl TryFrom<String> for LabelIs {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let shown: String = text.chars().take(KEY_CHARS_MAX).collect();
        Self::parse(&text)
            .ok_or_else(|| format!("\"{shown}\" is neither a label nor a field with its value; write \"vip\" or \"topic:refund\""))
    }
}

/// Normalizes a value: trimmed, on one line, and not too long. `None` if it is empty.
fn cut(value: &str) -> Option<String> {
    let plain = |letter: char| if letter.is_control() { ' ' } else { letter };
    let cut: String = value.trim().chars().map(plain).take(VALUE_CHARS_MAX).collect();
    Some(cut.trim_end().to_owned()).filter(|cut| !cut.is_empty())
}

/// The labels and fields that an admin named: their display names, by key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Labels: a session has them or not.
    pub labels: BTreeMap<String, String>,
    /// Fields: a session has a value of them or not.
    pub fields: BTreeMap<String, String>,
}

impl Named {
    /// Parses an entry of the settings: `vip`, or `vip: Important clients`.
    pub fn parse(text: &str) -> Option<(String, String)> {
        let (key, name) = text.split_once(':').unwrap_or((text, text));
        let (key, name) = (key.trim(), name.trim());
        (is_key(key) && !name.is_empty()).then(|| (key.to_owned(), name.to_owned()))
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.fields.is_empty()
    }

    /// True if sessions can match this condition.
    pub fn knows(&self, condition: &LabelIs) -> bool {
        self.fields.contains_key(&condition.key) || (condition.value.is_none() && self.labels.contains_key(&condition.key))
    }

    /// A list of the keys, for messages.
    pub fn in_words(&self) -> String {
        let keys = |of: &BTreeMap<String, String>| of.keys().cloned().collect::<Vec<_>>().join(", ");
        match (self.labels.is_empty(), self.fields.is_empty()) {
            (true, true) => "none is named: list them in sessions.labels and sessions.fields of the settings".to_owned(),
            (false, true) => format!("the labels are {}", keys(&self.labels)),
            (true, false) => format!("the fields are {}", keys(&self.fields)),
            (false, false) => format!("the labels are {}, the fields {}", keys(&self.labels), keys(&self.fields)),
        }
    }

    /// Display name of a group of a report: `VIP clients`, or `Topic: refund`. `None` for a value that belongs to `other`.
    pub fn name_of(&self, id: &str, other: &str) -> String {
        let (key, value) = id.split_once(':').map_or((id, None), |(key, value)| (key, Some(value)));
        let name = self.labels.get(key).or_else(|| self.fields.get(key)).map_or(key, String::as_str);
        match value {
            None => name.to_owned(),
            Some("") => format!("{name}: {other}"),
            Some(value) => format!("{name}: {value}"),
        }
    }

    /// Normalizes labels: each once and in order. The first unknown one is an error.
    ///
    /// # Errors
    /// The unknown label.
    pub fn labels(&self, mut given: Vec<String>) -> Result<Vec<String>, String> {
        given.sort();
        given.dedup();
        match given.iter().find(|label| !self.labels.contains_key(*label)) {
            None => Ok(given),
            Some(unknown) => Err(unknown.clone()),
        }
    }

    /// Normalizes fields, without empty ones. The first unknown one is an error.
    ///
    /// # Errors
    /// The unknown field.
    pub fn fields(&self, given: BTreeMap<String, String>) -> Result<Fields, String> {
        if let Some(unknown) = given.keys().find(|key| !self.fields.contains_key(*key)) {
            return Err(unknown.clone());
        }
        Ok(Fields(given.into_iter().filter_map(|(key, value)| Some((key, cut(&value)?))).collect()))
    }

    /// The known labels and fields among those that a desk reports for a chat; desks have others that were not configured here.
    pub fn of_desk(&self, labels: Vec<String>, fields: BTreeMap<String, String>) -> (Vec<String>, Fields) {
        let mut known: Vec<String> = labels.into_iter().filter(|label| self.labels.contains_key(label)).collect();
        known.sort();
        known.dedup();
        let fields = fields.into_iter().filter(|(key, _)| self.fields.contains_key(key));
        (known, Fields(fields.filter_map(|(key, value)| Some((key, cut(&value)?))).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_hold_for_labels_and_for_values_of_fields() {
        let (labels, fields) = (vec!["vip".to_owned()], Fields([("topic".to_owned(), "refund".to_owned())].into()));
        let of = Labels::of(&labels, &fields);
        for (text, holds) in [
            ("vip", true),
            ("topic", true),
            ("topic:refund", true),
            ("topic: refund ", true),
            ("topic:Refund", false),
            ("spam", false),
            ("vip:yes", false),
        ] {
            assert_eq!(LabelIs::parse(text).unwrap().holds(of), holds, "{text}");
        }
        for text in ["", "VIP", ":x", "topic:", "a b", &"x".repeat(41)] {
            assert_eq!(LabelIs::parse(text), None, "{text}");
        }
        assert!(!LabelIs::parse("vip").unwrap().holds(Labels::default()));
    }

    #[test]
    fn what_is_not_named_is_refused_or_left_out() {
        let named = Named {
            labels: [Named::parse("vip: Important clients").unwrap(), Named::parse("refund").unwrap()].into(),
            fields: [Named::parse("topic:Topic").unwrap()].into(),
        };
        let (text, long) = (|text: &str| text.to_owned(), "x".repeat(70));
        assert_eq!(named.labels(vec![text("vip"), text("refund"), text("vip")]), Ok(vec![text("refund"), text("vip")]));
        assert_eq!(named.labels(vec![text("vip"), text("topic")]), Err(text("topic")));
        assert_eq!(named.fields([(text("vip"), text("yes"))].into()), Err(text("vip")));
        let kept = named.fields([(text("topic"), format!(" a\n{long} "))].into()).unwrap();
        assert_eq!(kept.0["topic"], format!("a {}", &long[..58]));
        assert_eq!(named.fields([(text("topic"), text("  "))].into()), Ok(Fields::default()));
        let (labels, fields) =
            named.of_desk(vec![text("other"), text("vip")], [(text("mood"), text("x")), (text("topic"), text("y"))].into());
        assert_eq!((labels, fields.0.len()), (vec![text("vip")], 1));
        assert_eq!(named.name_of("vip", "other"), "Important clients");
        assert_eq!(
            (named.name_of("topic:refund", "other"), named.name_of("topic:", "other")),
            (text("Topic: refund"), text("Topic: other"))
        );
        assert!(named.knows(&LabelIs::parse("topic:x").unwrap()) && !named.knows(&LabelIs::parse("vip:x").unwrap()));
    }
}
