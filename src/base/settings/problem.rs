//! What is wrong with the settings: one line each, with the key, the place, what was found and the remedy.

use std::fmt;
use std::path::Path;

/// One thing that is wrong with the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsProblem {
    /// The key, such as `http.listen`; empty where a whole file is meant.
    pub key: String,
    /// The file or environment variable it stands in.
    pub place: ValueSource,
    /// What was found, and the remedy.
    pub message: String,
}

impl SettingsProblem {
    pub(crate) fn new(key: impl Into<String>, place: ValueSource, message: impl Into<String>) -> Self {
        Self { key: key.into(), place, message: message.into() }
    }

    /// A connection puts links into its messages, and nobody has said what they begin with.
    pub fn unset_public_url(connection: &str) -> Self {
        let message = format!(
            "is not set, but connections.{connection} sends links; write the address at which clients reach this server, \
             for instance \"https://rate.example.com\""
        );
        Self::new("http.public_url", ValueSource::Default, message)
    }
}

impl fmt::Display for SettingsProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Keys and values come from outside: nothing of them may break the line or reach the terminal raw.
        let line = match (&self.place, self.key.is_empty()) {
            (place, true) => format!("{place}: {}", self.message),
            (ValueSource::Default, false) => format!("{}: {}", self.key, self.message),
            (place, false) => format!("{} in {place}: {}", self.key, self.message),
        };
        line.chars().try_for_each(|c| if c.is_control() { write!(f, "{}", c.escape_default()) } else { write!(f, "{c}") })
    }
}

/// Everything that is wrong with the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsProblems(pub Vec<SettingsProblem>);

impl fmt::Display for SettingsProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for SettingsProblem {}
impl std::error::Error for SettingsProblems {}

impl From<SettingsProblem> for SettingsProblems {
    fn from(problem: SettingsProblem) -> Self {
        Self(vec![problem])
    }
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueSource {
    /// `settings.default.toml`: nobody set it.
    Default,
    /// A settings file.
    File(String),
    /// An environment variable, or the file that it names.
    Env(String),
}

impl ValueSource {
    pub(crate) fn file(path: &Path) -> Self {
        ValueSource::File(path.display().to_string())
    }
}

impl fmt::Display for ValueSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ValueSource::Default => f.write_str("the defaults"),
            ValueSource::File(path) => f.write_str(path),
            ValueSource::Env(name) => write!(f, "the environment variable {name}"),
        }
    }
}

/// A value as it is shown in a message: short, on one line, a text in quotes.
pub(crate) fn shown(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => {
            let short: String = text.chars().take(60).collect();
            let dots = if short.len() < text.len() { "…" } else { "" };
            format!("\"{short}{dots}\"")
        }
        toml::Value::Integer(number) => number.to_string(),
        toml::Value::Float(number) => number.to_string(),
        toml::Value::Boolean(yes) => yes.to_string(),
        toml::Value::Datetime(_) => "a date".to_owned(),
        toml::Value::Array(_) => "a list".to_owned(),
        toml::Value::Table(_) => "a section".to_owned(),
    }
}

/// The name among `known` that `found` was probably meant to be.
pub(crate) fn nearest<'a>(found: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known.map(|name| (distance(found, name), name)).min().filter(|(steps, _)| *steps <= 3).map(|(_, name)| name)
}

/// Levenshtein's distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().take(80).enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, right) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(left != *right);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_key_finds_its_neighbour() {
        let known = ["listen", "public_url", "trusted_proxies"];
        assert_eq!(nearest("listne", known.into_iter()), Some("listen"));
        assert_eq!(nearest("publicurl", known.into_iter()), Some("public_url"));
        assert_eq!(nearest("colour_scheme", known.into_iter()), None);
    }

    #[test]
    fn a_hostile_value_stays_on_its_line() {
        let problem = SettingsProblem::new("http.\u{1b}[31m", ValueSource::File("a\nb".to_owned()), "x\ry");
        assert!(!problem.to_string().chars().any(char::is_control), "{problem}");
    }
}
