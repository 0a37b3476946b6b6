//! Problems with the settings: one line each, with the key, the place, the value found and the remedy.

use std::fmt;
use std::path::Path;

/// A problem with the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsProblem {
    /// The key, such as `http.listen`; empty for a problem with a whole file.
    pub key: String,
    /// The file or environment variable of the value.
    pub place: ValueSource,
    /// The value found, and the remedy.
    pub message: String,
}

impl SettingsProblem {
    pub(crate) fn new(key: impl Into<String>, place: ValueSource, message: impl Into<String>) -> Self {
        Self { key: key.into(), place, message: message.into() }
    }

    /// A connection puts links into its messages, but `http.public_url` is not set.
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
        // Keys and values are external input: they must not break the line or reach the terminal unescaped.
        let line = match (&self.place, self.key.is_empty()) {
            (place, true) => format!("{place}: {}", self.message),
            (ValueSource::Default, false) => format!("{}: {}", self.key, self.message),
            (place, false) => format!("{} in {place}: {}", self.key, self.message),
        };
        line.chars().try_for_each(|c| if c.is_control() { write!(f, "{}", c.escape_default()) } else { write!(f, "{c}") })
    }
}

/// All problems with the settings.
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

/// Source of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueSource {
    /// `settings.default.toml`: the key is not set.
    Default,
    /// A settings file.
    File(String),
    /// An environment variable, or the file named by it.
    Env(String),
    /// The database: an admin entered it on a page or by the API.
    Stored,
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
            ValueSource::Stored => f.write_str("the database"),
            ValueSource::Env(name) => write!(f, "the environment variable {name}"),
        }
    }
}

/// Formats a value for a message: short, on one line, strings in quotes.
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

/// The name among `known` that was probably meant by `found`.
pub(crate) fn nearest<'a>(found: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known.map(|name| (distance(found, name), name)).min().filter(|(steps, _)| *steps <= 3).map(|(_, name)| name)
}

/// Levenshtein distance.
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
