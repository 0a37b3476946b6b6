//! The three layers of settings (defaults, file, environment). Each key is checked against the defaults, then the layers
//! are merged by the `config` crate. The place of every value is remembered for problem messages.

use super::problem::{SettingsProblem, ValueSource, nearest, shown};
use std::collections::BTreeMap;
use std::path::Path;
use toml::{Table, Value};

/// The embedded document that lists every key.
pub(super) const DEFAULTS: &str = include_str!("../../../settings.default.toml");

const PREFIX: &str = "LASTWORD__";
/// Keys whose values never appear in messages.
const SECRET_KEYS: &[&str] = &["database.url", "security.key", "security.previous_key", "metrics.token"];

/// All layers, merged.
pub(super) struct Sources {
    pub(super) merged: config::Config,
    pub(super) problems: Vec<SettingsProblem>,
    defaults: Table,
    places: BTreeMap<String, ValueSource>,
}

impl Sources {
    /// Reads the file at `path` (if any) and those variables of `env` that start with our prefix.
    pub(super) fn read(path: Option<&Path>, env: impl Iterator<Item = (String, String)>) -> Self {
        let defaults: Table = toml::from_str(DEFAULTS).expect("settings.default.toml is valid, as its test shows");
        let empty = config::Config::default();
        let mut sources = Self { merged: empty, problems: Vec::new(), defaults, places: BTreeMap::new() };
        let mut layers = config::Config::builder().add_source(config::File::from_str(DEFAULTS, config::FileFormat::Toml));
        if let Some(file) = path.and_then(|path| sources.read_file(path)) {
            let text = file.to_string();
            layers = layers.add_source(config::File::from_str(&text, config::FileFormat::Toml));
        }
        let mut ours: Vec<_> = env.filter(|(name, _)| name.starts_with(PREFIX)).collect();
        ours.sort();
        for (name, text) in ours {
            if let Some((key, value)) = sources.read_variable(&name, text) {
                layers = layers.set_override(&key, plain(value)).expect("the key was checked, so it is a path");
            }
        }
        sources.merged = layers.build().expect("every layer was checked before");
        sources
    }

    /// The place of the value of `key`.
    pub(super) fn place(&self, key: &str) -> ValueSource {
        self.places.get(key).cloned().unwrap_or(ValueSource::Default)
    }

    /// True if `key` was set by an environment variable, so that its value is a string whatever its type.
    pub(super) fn set_by_env(&self, key: &str) -> bool {
        matches!(self.places.get(key), Some(ValueSource::Env(_)))
    }

    /// Describes the value found at `key` for a message.
    pub(super) fn found(key: &str, value: &Value) -> String {
        if SECRET_KEYS.contains(&key) { "what stands there".to_owned() } else { shown(value) }
    }

    /// The default of `key`.
    pub(super) fn default_of(&self, key: &str) -> Option<&Value> {
        let (section, name) = key.split_once('.')?;
        self.defaults.get(section)?.get(name)
    }

    fn sections(&self) -> Vec<&str> {
        self.defaults.keys().map(String::as_str).chain(["connections"]).collect()
    }

    fn problem(&mut self, key: &str, place: ValueSource, message: impl Into<String>) {
        self.problems.push(SettingsProblem::new(key, place, message));
    }

    /// Reads the usable parts of the file; the rest becomes problems.
    fn read_file(&mut self, path: &Path) -> Option<Table> {
        let place = ValueSource::file(path);
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                self.problem("", place, format!("cannot be read ({error}); name another file with --config"));
                return None;
            }
        };
        let table: Table = match toml::from_str(&text) {
            Ok(table) => table,
            Err(error) => {
                let before = error.span().map_or("", |span| text.get(..span.start).unwrap_or(""));
                let message = error.message().lines().collect::<Vec<_>>().join(", ");
                self.problem("", place, format!("line {}: is not TOML: {message}", before.matches('\n').count() + 1));
                return None;
            }
        };
        Some(table.into_iter().filter_map(|(section, value)| self.read_section(&place, section, value)).collect())
    }

    fn read_section(&mut self, place: &ValueSource, section: String, value: Value) -> Option<(String, Value)> {
        if section != "connections" && !self.defaults.contains_key(&section) {
            let remedy = match nearest(&section, self.sections().into_iter()) {
                Some(name) => format!("did you mean [{name}]?"),
                None => format!("the sections are {}", self.sections().join(", ")),
            };
            self.problem(&section, place.clone(), format!("there is no such section; {remedy}"));
            return None;
        }
        let Value::Table(table) = value else {
            self.problem(&section, place.clone(), format!("{} is not a section; write [{section}]", shown(&value)));
            return None;
        };
        let kept: Table = if section == "connections" {
            table.into_iter().filter_map(|(name, value)| self.read_connection(place, name, value)).collect()
        } else {
            table.into_iter().filter_map(|(name, value)| self.read_key(place, &section, name, value)).collect()
        };
        Some((section, Value::Table(kept)))
    }

    fn read_key(&mut self, place: &ValueSource, section: &str, name: String, value: Value) -> Option<(String, Value)> {
        let key = format!("{section}.{name}");
        let Some(default) = self.default_of(&key) else {
            self.unknown_key(&key, place.clone());
            return None;
        };
        if !default.same_type(&value) {
            let message = wrong_type(&key, default, &value);
            self.problem(&key, place.clone(), message);
            return None;
        }
        self.places.insert(key, place.clone());
        Some((name, value))
    }

    fn read_connection(&mut self, place: &ValueSource, name: String, value: Value) -> Option<(String, Value)> {
        let key = format!("connections.{name}");
        if !is_connection_name(&name) {
            self.problem(&key, place.clone(), CONNECTION_NAMES);
            return None;
        }
        let Value::Table(table) = &value else {
            self.problem(&key, place.clone(), format!("{} is not a section; write [{key}]", shown(&value)));
            return None;
        };
        for (name, value) in table {
            self.places.insert(format!("{key}.{name}"), place.clone());
            for inner in value.as_table().into_iter().flat_map(Table::keys) {
                self.places.insert(format!("{key}.{name}.{inner}"), place.clone());
            }
        }
        self.places.insert(key, place.clone());
        Some((name, value))
    }

    fn unknown_key(&mut self, key: &str, place: ValueSource) {
        let section = key.split('.').next().unwrap_or("");
        let message = match self.defaults.get(section).and_then(Value::as_table) {
            None => format!("there is no such key; the sections are {}", self.sections().join(", ")),
            Some(table) => {
                let name = key.split_once('.').map_or("", |(_, name)| name);
                match nearest(name, table.keys().map(String::as_str)) {
                    Some(meant) => format!("there is no such key; did you mean {section}.{meant}?"),
                    None => {
                        let keys: Vec<&str> = table.keys().map(String::as_str).collect();
                        format!("there is no such key; [{section}] has {}", keys.join(", "))
                    }
                }
            }
        };
        self.problem(key, place, message);
    }

    /// Parses one `LASTWORD__…` variable into a key and a value.
    fn read_variable(&mut self, name: &str, text: String) -> Option<(String, Value)> {
        let place = ValueSource::Env(name.to_owned());
        let path = name[PREFIX.len()..].to_ascii_lowercase();
        let (path, from_file) = match path.strip_suffix("_file") {
            Some(path) => (path.to_owned(), true),
            None => (path, false),
        };
        let mut parts: Vec<String> = path.split("__").map(str::to_owned).collect();
        // Names of variables cannot contain hyphens, names of connections no underscores; an underscore stands for a hyphen.
        if parts[0] == "connections" && parts.len() > 1 {
            parts[1] = parts[1].replace('_', "-");
        }
        let key = parts.join(".");
        let default = self.default_of(&key).cloned();
        if parts[0] == "connections" {
            let deep = parts.get(2).is_some_and(|part| part == "pass_on");
            let whole = parts.len() == 3 + usize::from(deep) && parts.iter().all(|part| part.bytes().all(is_key_byte) && !part.is_empty());
            if !whole || !is_connection_name(&parts[1]) {
                self.problem(&key, place, format!("is not a key of a connection; write {PREFIX}CONNECTIONS__NAME__KEY"));
                return None;
            }
        } else if default.is_none() {
            self.unknown_key(&key, place);
            return None;
        }
        if self.set_by_env(&key) {
            let other = self.place(&key);
            self.problem(&key, place, format!("{other} sets the same key; keep one of them"));
            return None;
        }
        let text = if from_file { self.read_secret(&key, &place, &text)? } else { text };
        let value = match &default {
            None => Value::String(text),
            Some(default) => match typed(default, &text) {
                Some(value) => value,
                None => {
                    let message = wrong_type(&key, default, &Value::String(text));
                    self.problem(&key, place, message);
                    return None;
                }
            },
        };
        if default.is_none() {
            for above in 2..parts.len() {
                self.places.entry(parts[..above].join(".")).or_insert_with(|| place.clone());
            }
        }
        self.places.insert(key.clone(), place);
        Some((key, value))
    }

    /// Reads the file named by a `…_FILE` variable, without the newline that editors add at its end.
    fn read_secret(&mut self, key: &str, place: &ValueSource, path: &str) -> Option<String> {
        match std::fs::read_to_string(path) {
            Ok(text) => Some(text.strip_suffix('\n').map_or(&*text, |text| text.strip_suffix('\r').unwrap_or(text)).to_owned()),
            Err(error) => {
                self.problem(key, place.clone(), format!("the file \"{path}\" cannot be read ({error}); name one that holds the value"));
                None
            }
        }
    }
}

const CONNECTION_NAMES: &str = "is not a name for a connection; write 1 to 40 small letters, digits and hyphens";

pub(super) fn is_connection_name(name: &str) -> bool {
    (1..=40).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn is_key_byte(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-'
}

/// Parses `text` from the environment as the type of `default`.
fn typed(default: &Value, text: &str) -> Option<Value> {
    match default {
        Value::Integer(_) => text.trim().parse().ok().map(Value::Integer),
        Value::Boolean(_) => text.trim().parse().ok().map(Value::Boolean),
        Value::Array(_) => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            Some(Value::Array(items.map(|item| Value::String(item.to_owned())).collect()))
        }
        Value::String(_) | Value::Float(_) | Value::Datetime(_) | Value::Table(_) => Some(Value::String(text.to_owned())),
    }
}

fn wrong_type(key: &str, default: &Value, found: &Value) -> String {
    let found = Sources::found(key, found);
    match default {
        Value::Integer(number) => format!("{found} is not a whole number; write for instance {number}"),
        Value::Boolean(_) => format!("{found} is neither true nor false; write one of them, without quotes"),
        Value::Array(_) => format!("{found} is not a list; write for instance [\"127.0.0.1\"]"),
        Value::String(_) | Value::Float(_) | Value::Datetime(_) | Value::Table(_) => {
            format!("{found} is not a text; put it in quotes")
        }
    }
}

/// Converts a value to the `config` crate's type.
fn plain(value: Value) -> config::Value {
    let kind = match value {
        Value::Integer(number) => config::ValueKind::I64(number),
        Value::Boolean(yes) => config::ValueKind::Boolean(yes),
        Value::Array(items) => config::ValueKind::Array(items.into_iter().map(plain).collect()),
        Value::String(text) => config::ValueKind::String(text),
        Value::Float(_) | Value::Datetime(_) | Value::Table(_) => unreachable!("the environment gives none of these"),
    };
    config::Value::new(None, kind)
}
