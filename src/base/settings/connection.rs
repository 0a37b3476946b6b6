//! `[connections.NAME]`: a configured account of a channel or desk. Its keys belong to the adapter, except `kind` and `pass_on`.

use super::Http;
use super::pass_on::PassOn;
use super::problem::{SettingsProblem, SettingsProblems, ValueSource};
use super::reader::Reader;
use super::sources::is_connection_name;
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt;

/// Prefix of the keys of `pass_on` in a connection of the database.
const PASS_ON: &str = "pass_on.";

/// A configured account with unparsed keys.
#[derive(Clone)]
pub struct Connection {
    /// Its name: 1 to 40 lowercase letters, digits and hyphens.
    pub name: String,
    /// Kind of channel or desk, such as `telegram`.
    pub kind: String,
    /// The desk that gets everything that is not ours, if the account is shared with one.
    pub pass_on: Option<PassOn>,
    /// `organisation.default_country`, for connections that set no country of their own.
    pub organisations_country: Option<String>,
    values: Map<String, Value>,
    places: BTreeMap<String, ValueSource>,
    place: ValueSource,
    /// Problems of keys that are not the adapter's, found when it was read from the database.
    problems: Vec<SettingsProblem>,
}

impl Connection {
    /// Reads all connections; invalid ones become problems of `reader`.
    pub(super) fn read_all(reader: &mut Reader, http: &Http, country: Option<&String>) -> BTreeMap<String, Connection> {
        let found: Map<String, Value> = match reader.sources.merged.get("connections") {
            Ok(found) => found,
            Err(config::ConfigError::NotFound(_)) => Map::new(),
            Err(error) => {
                reader.problem("connections", format!("cannot be read: {error}"));
                Map::new()
            }
        };
        let mut connections = BTreeMap::new();
        for (name, values) in found {
            let Value::Object(mut values) = values else { continue };
            let key = format!("connections.{name}");
            let kind = match values.remove("kind") {
                Some(Value::String(kind)) if !kind.is_empty() => kind,
                found => {
                    let what = if found.is_some() { "is not the name of a channel or desk" } else { "is missing" };
                    let message = format!("kind {what}; write for instance kind = \"telegram\"");
                    reader.problem(&key, message);
                    continue;
                }
            };
            let pass_on = values.remove("pass_on").and_then(|section| PassOn::read(reader, http, &format!("{key}.pass_on"), section));
            if let Some(message) = pass_on.as_ref().and_then(|_| unfit_sharing(&values)) {
                reader.problem(&format!("{key}.pass_on"), message);
            }
            let places = values.keys().map(|name| (name.clone(), reader.place(&format!("{key}.{name}")))).collect();
            let place = reader.place(&key);
            let (organisations_country, problems) = (country.cloned(), Vec::new());
            connections.insert(name.clone(), Connection { name, kind, pass_on, organisations_country, values, places, place, problems });
        }
        connections
    }

    /// A connection that is kept in the database instead of in settings. There, the keys of the section `pass_on` are those of the
    /// connection: `pass_on.url`. [`Connection::read`] names what is wrong with them.
    pub fn stored(name: &str, kind: &str, mut values: Map<String, Value>, http: &Http, country: Option<&String>) -> Self {
        let section: Map<String, Value> =
            values.iter().filter_map(|(key, value)| Some((key.strip_prefix(PASS_ON)?.to_owned(), value.clone()))).collect();
        values.retain(|key, _| !key.starts_with(PASS_ON));
        let key = format!("connections.{name}.pass_on");
        let at = |(name, message): (String, String)| {
            let key = if name.is_empty() { key.clone() } else { format!("{key}.{name}") };
            SettingsProblem::new(key, ValueSource::Stored, message)
        };
        let (pass_on, problems) = match (!section.is_empty()).then(|| PassOn::parse(http, &key, Value::Object(section))) {
            None => (None, Vec::new()),
            Some(Ok(pass_on)) => (Some(pass_on), unfit_sharing(&values).map(|message| at((String::new(), message))).into_iter().collect()),
            Some(Err(problems)) => (None, problems.into_iter().map(at).collect()),
        };
        let (name, kind, organisations_country) = (name.to_owned(), kind.to_owned(), country.cloned());
        Connection { name, kind, pass_on, organisations_country, values, places: BTreeMap::new(), place: ValueSource::Stored, problems }
    }

    /// True if `name` can be the name of a connection.
    pub fn is_name(name: &str) -> bool {
        is_connection_name(name)
    }

    /// The adapter's own keys, unchanged. [`Connection::read`] also converts texts from the environment.
    pub fn values(&self) -> Value {
        Value::Object(self.values.clone())
    }

    /// The connection with only those keys for which `wanted` returns true.
    pub(super) fn with_keys(&self, wanted: impl Fn(&str) -> bool) -> Self {
        let values = self.values.iter().filter(|(key, _)| wanted(key)).map(|(key, value)| (key.clone(), value.clone()));
        Self { values: values.collect(), ..self.clone() }
    }

    /// All strings in the connection's settings, by key. Any of them may be a secret.
    pub fn texts(&self) -> BTreeMap<String, String> {
        let own = self.values.iter().filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())));
        let secret = self.pass_on.as_ref().and_then(|desk| desk.secret.as_ref());
        own.chain(secret.map(|secret| (PassOn::SECRET.to_owned(), secret.expose_secret().to_owned()))).collect()
    }

    /// Parses the adapter's own keys into its type, which should deny unknown fields.
    ///
    /// # Errors
    /// Every invalid key with its place.
    pub fn read<C: DeserializeOwned>(&self) -> Result<C, SettingsProblems> {
        let (mut values, mut problems) = (self.values.clone(), self.problems.clone());
        loop {
            let error = match serde_path_to_error::deserialize(Value::Object(values.clone())) {
                Ok(config) if problems.is_empty() => return Ok(config),
                Ok(_) => return Err(SettingsProblems(problems)),
                Err(error) => error,
            };
            let path = error.path().to_string();
            // Environment variables are strings. One that does not fit is parsed as a number, boolean or list.
            let spelled = match values.get(&path) {
                Some(Value::String(text)) if matches!(self.places.get(&path), Some(ValueSource::Env(_))) => serde_json::from_str(text).ok(),
                _ => None,
            };
            match spelled {
                Some(value @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_))) => values.insert(path, value),
                Some(Value::Null | Value::String(_)) | None => {
                    let found = self.unreadable(&path, &error.inner().to_string());
                    // The invalid value is removed to find further problems. Errors that it, or a part of it, is missing
                    // are then ignored.
                    if !problems.iter().any(|known: &SettingsProblem| is_within(&known.key, &found.key)) {
                        problems.push(found);
                    }
                    if values.remove(&path).is_none() {
                        return Err(SettingsProblems(problems));
                    }
                    None
                }
            };
        }
    }

    /// Converts an error of serde at `path`. A missing key is named itself, with the ways to set it.
    fn unreadable(&self, path: &str, message: &str) -> SettingsProblem {
        let Some(key) = message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) else {
            return self.problem(path, message);
        };
        if !matches!(path, "." | "") {
            return self.problem(&format!("{path}.{key}"), &format!("is missing; write {key} = … there"));
        }
        let variable = format!("LASTWORD__CONNECTIONS__{}__{}", self.name.replace('-', "_"), key).to_uppercase();
        let message = format!("is missing; write {key} = … there, or set {variable} (or {variable}_FILE to a file that holds it)");
        self.problem(key, &message)
    }

    /// The problem of a kind for which this build has no adapter.
    pub fn unknown_kind(&self, known: &[&str]) -> SettingsProblem {
        self.problem("kind", &format!("\"{}\" is not in this build; it has {}", self.kind, known.join(", ")))
    }

    /// Converts an adapter's message about these settings; each line is a separate problem.
    pub fn refused(&self, message: &str) -> SettingsProblems {
        let named = format!("connections.{}: ", self.name);
        SettingsProblems(message.lines().map(|line| self.problem("", line.strip_prefix(&named).unwrap_or(line))).collect())
    }

    /// A problem with one of the adapter's keys, or with the whole section if `key` is `.`.
    pub fn problem(&self, key: &str, message: &str) -> SettingsProblem {
        let first = key.split(['.', '[']).next().unwrap_or(key);
        let place = self.places.get(first).unwrap_or(&self.place).clone();
        let key = if matches!(key, "." | "") { format!("connections.{}", self.name) } else { format!("connections.{}.{key}", self.name) };
        SettingsProblem::new(key, place, without_value(message))
    }
}

/// Why `pass_on` does not fit the setting `sharing`, as a sentence without its subject.
fn unfit_sharing(values: &Map<String, Value>) -> Option<String> {
    let sharing = values.get("sharing").and_then(Value::as_str).filter(|how| *how != "own")?;
    let why = if sharing == "forwarded" { "the desk has its updates already" } else { "nothing arrives here" };
    Some(format!("is for sharing = \"own\" alone: with \"{sharing}\" {why}; take it out"))
}

/// True if `key` is `section` or one of its keys.
fn is_within(key: &str, section: &str) -> bool {
    key.strip_prefix(section).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// Removes the quoted value from serde's message, because it may be a secret.
fn without_value(message: &str) -> String {
    let Some((head, expected)) = message.rsplit_once(", expected ") else { return message.to_owned() };
    let found = match head.strip_prefix("invalid type: ").or_else(|| head.strip_prefix("invalid value: ")) {
        Some(found) => found.split(['`', '"']).next().unwrap_or("").trim(),
        None => return message.to_owned(),
    };
    format!("found a value of the type {found}; write {expected}")
}

/// Leaves out the values, which may be secrets.
impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<&String> = self.values.keys().collect();
        f.debug_struct("Connection").field("name", &self.name).field("kind", &self.kind).field("keys", &keys).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{load, settings_file};
    use serde::Deserialize;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Bot {
        token: String,
        #[serde(default)]
        polling: bool,
        #[serde(default)]
        origins: Vec<String>,
    }

    #[test]
    fn an_adapter_reads_its_own_keys_from_file_and_environment() {
        let file = settings_file("[connections.shop]\nkind = \"telegram\"\ntoken = \"from the file\"\n");
        let env = [
            ("LASTWORD__CONNECTIONS__SHOP__TOKEN", "123456"),
            ("LASTWORD__CONNECTIONS__SHOP__POLLING", "true"),
            ("LASTWORD__CONNECTIONS__OTHER_BOT__KIND", "webchat"),
            ("LASTWORD__CONNECTIONS__OTHER_BOT__TOKEN", "t"),
            ("LASTWORD__CONNECTIONS__OTHER_BOT__ORIGINS", r#"["https://a.example"]"#),
        ];
        let settings = load(Some(file.path()), &env).unwrap();
        let shop: Bot = settings.connections["shop"].read().unwrap();
        assert_eq!(shop, Bot { token: "123456".to_owned(), polling: true, origins: vec![] }, "a text stays a text where one is wanted");
        let other: Bot = settings.connections["other-bot"].read().unwrap();
        assert_eq!(other.origins, ["https://a.example"]);
    }

    #[test]
    fn an_adapters_problem_names_key_and_place_but_no_value() {
        let file = settings_file("[connections.shop]\nkind = \"telegram\"\ntoken = \"hush\"\npolling = \"hush\"\n");
        let place = file.path().display();
        let read = |env: &[(&str, &str)]| load(Some(file.path()), env).unwrap().connections["shop"].read::<Bot>().unwrap_err().to_string();
        let message = format!("connections.shop.polling in {place}: found a value of the type string; write a boolean");
        assert_eq!(read(&[]), message);
        let unknown = read(&[("LASTWORD__CONNECTIONS__SHOP__POLLING", "true"), ("LASTWORD__CONNECTIONS__SHOP__TOKNE", "x")]);
        assert_eq!(
            unknown,
            "connections.shop.tokne in the environment variable LASTWORD__CONNECTIONS__SHOP__TOKNE: \
             unknown field `tokne`, expected one of `token`, `polling`, `origins`"
        );
    }

    #[test]
    fn a_missing_key_is_named_with_the_ways_to_set_it() {
        let file = settings_file("[connections.shop-bot]\nkind = \"telegram\"\n");
        let problem = load(Some(file.path()), &[]).unwrap().connections["shop-bot"].read::<Bot>().unwrap_err();
        let ways = "is missing; write token = … there, or set LASTWORD__CONNECTIONS__SHOP_BOT__TOKEN \
                    (or LASTWORD__CONNECTIONS__SHOP_BOT__TOKEN_FILE to a file that holds it)";
        assert_eq!(problem.to_string(), format!("connections.shop-bot.token in {}: {ways}", file.path().display()));
    }

    #[test]
    fn a_missing_key_of_a_section_is_named_there() {
        #[derive(Debug, Deserialize)]
        struct Page {
            #[expect(dead_code, reason = "only read")]
            feedback: Bot,
        }
        let file = settings_file("[connections.page]\nkind = \"messenger\"\n[connections.page.feedback]\npolling = true\n");
        let problem = load(Some(file.path()), &[]).unwrap().connections["page"].read::<Page>().unwrap_err();
        let place = file.path().display();
        assert_eq!(problem.to_string(), format!("connections.page.feedback.token in {place}: is missing; write token = … there"));
    }

    #[test]
    fn debug_shows_no_values() {
        let file = settings_file("[connections.shop]\nkind = \"telegram\"\ntoken = \"hush\"\n");
        let text = format!("{:?}", load(Some(file.path()), &[]).unwrap());
        assert!(text.contains("telegram") && !text.contains("hush"), "{text}");
    }
}
