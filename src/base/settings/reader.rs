//! Reads merged settings key by key. An invalid value becomes a problem and is replaced by the default, so that one run
//! reports every problem.

use super::problem::{SettingsProblem, ValueSource};
use super::sources::Sources;
use secrecy::SecretString;
use std::ops::RangeInclusive;
use toml::Value;

/// Reads the keys of [`Sources`].
pub(super) struct Reader {
    pub(super) sources: Sources,
}

impl Reader {
    /// Adds a problem with `key` and the place of its value.
    pub(super) fn problem(&mut self, key: &str, message: impl Into<String>) {
        let place = self.sources.place(key);
        self.sources.problems.push(SettingsProblem::new(key, place, message));
    }

    /// Reads a boolean.
    pub(super) fn switch(&self, key: &str) -> bool {
        self.sources.merged.get_bool(key).expect("its type was checked against the default")
    }

    /// Reads a string.
    pub(super) fn text(&self, key: &str) -> String {
        self.sources.merged.get_string(key).expect("its type was checked against the default")
    }

    /// Reads an integer within `range`.
    pub(super) fn number<N: TryFrom<i64>>(&mut self, key: &str, range: RangeInclusive<i64>) -> N {
        let found = self.sources.merged.get_int(key).expect("its type was checked against the default");
        let number = if range.contains(&found) {
            found
        } else {
            self.problem(key, format!("{found} is out of range; write a number from {} to {}", range.start(), range.end()));
            self.sources.default_of(key).and_then(Value::as_integer).unwrap_or(*range.start())
        };
        N::try_from(number).ok().expect("the range fits the type")
    }

    /// Reads a string that `read` parses. `remedy` continues after the value found: "is not …; write …".
    pub(super) fn parse<T>(&mut self, key: &str, remedy: &str, read: impl Fn(&str) -> Option<T>) -> T {
        let text = self.text(key);
        if let Some(value) = read(&text) {
            return value;
        }
        let found = Sources::found(key, &Value::String(text));
        self.problem(key, format!("{found} {remedy}"));
        let default = self.sources.default_of(key).and_then(Value::as_str).unwrap_or("");
        read(default).expect("a default is valid, as its test shows")
    }

    /// As [`Reader::parse`], for a string that may be empty.
    pub(super) fn parse_if_set<T>(&mut self, key: &str, remedy: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        self.parse(key, remedy, |text| if text.is_empty() { Some(None) } else { read(text).map(Some) })
    }

    /// Reads a list of strings, each parsed by `read`.
    pub(super) fn list<T>(&mut self, key: &str, remedy: &str, read: impl Fn(&str) -> Option<T>) -> Vec<T> {
        let items = self.sources.merged.get_array(key).expect("its type was checked against the default");
        let mut values = Vec::new();
        for item in items {
            let text = item.into_string().unwrap_or_else(|_| "a list".to_owned());
            match read(&text) {
                Some(value) => values.push(value),
                None => self.problem(key, format!("\"{text}\" {remedy}")),
            }
        }
        values
    }

    /// Reads a secret, if it is set.
    pub(super) fn secret(&self, key: &str) -> Option<SecretString> {
        Some(self.text(key)).filter(|text| !text.is_empty()).map(SecretString::from)
    }

    /// The place of `key`.
    pub(super) fn place(&self, key: &str) -> ValueSource {
        self.sources.place(key)
    }
}
