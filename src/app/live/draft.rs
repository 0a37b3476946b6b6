//! Turns settings from a form into a connection, or into problems by key.

use super::super::{Connections, StartError};
use super::LiveConnections;
use super::outgoing::refusal;
use crate::life::engine::adapters::draft::Draft;
use crate::life::engine::adapters::kind::Kind;
use crate::life::engine::adapters::{Adapters, DraftProblem};
use crate::names::LineId;
use crate::settings::{Connection, SettingsProblem};
use crate::store::{Db, StoreError, line};
use lastword_contract::{Channel, Input, SendError, Verdict};

/// A sentence for each line in the channel's filter of events that does not exist.
///
/// # Errors
/// Errors of the database.
pub(crate) async fn unknown_event_lines(db: &Db, channel: &dyn Channel) -> Result<Vec<String>, StoreError> {
    let lines = channel.event_lines();
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let known = line::names(db).await?;
    let mut there: Vec<&str> = known.keys().map(LineId::as_str).collect();
    there.sort_unstable();
    let there = if there.is_empty() { "there is none yet".to_owned() } else { format!("there is {}", there.join(", ")) };
    let unknown = lines.iter().filter(|line| !known.contains_key(&LineId::from(line.as_str())));
    Ok(unknown.map(|line| format!("\"{line}\" is the ID of no line; {there}")).collect())
}

/// Error kinds of our adapters that mean a wrong secret.
const SECRET_REFUSED: [&str; 6] = ["invalid_token", "token_refused", "bad_token", "missing_right", "forbidden", "credentials_refused"];
/// Error kinds of a failed call: the platform's address may be wrong.
const NOT_REACHED: [&str; 8] = [
    "not_connected",
    "not_resolved",
    "untrusted_certificate",
    "timeout",
    "not_the_bot_api",
    "not_the_graph_api",
    "not_found",
    "redirected",
];

impl LiveConnections {
    /// Creates the connection of these settings without starting it.
    pub(super) fn make(&self, draft: &Draft) -> Result<Connections, Vec<DraftProblem>> {
        if !Connection::is_name(draft.name.as_str()) {
            return Err(vec![DraftProblem::new("name", "write 1 to 40 small letters, digits and hyphens")]);
        }
        let connection = Connection::stored(draft.name.as_str(), &draft.kind, draft.values.clone(), &self.http, self.country.as_ref());
        let mut made = Connections::default();
        match made.add(&connection, &self.deps) {
            Ok(()) => Ok(made),
            Err(StartError::Settings(problems)) => Err(problems.0.iter().map(|problem| self.by_key(draft, problem)).collect()),
            Err(error) => Err(vec![DraftProblem::new("", error.to_string())]),
        }
    }

    fn kind_of(&self, draft: &Draft) -> Option<Kind> {
        self.kinds().into_iter().find(|kind| kind.name == draft.kind)
    }

    /// Assigns a problem of the settings to its key. Adapters start the sentence with the name of the key.
    fn by_key(&self, draft: &Draft, problem: &SettingsProblem) -> DraftProblem {
        let named = problem.key.strip_prefix(&format!("connections.{}", draft.name)).unwrap_or_default();
        let named = named.trim_start_matches('.');
        // A key of the desk behind the account has a field of its own; of other keys, the first part has.
        let shared = self.kind_of(draft).is_some_and(|kind| kind.setting(named).is_some());
        let named = if shared { named } else { named.split(['.', '[']).next().unwrap_or_default() };
        if problem.key == "http.public_url" {
            return DraftProblem::new("", format!("http.public_url {}", problem.message));
        }
        if !named.is_empty() {
            // A missing value is entered in the form, so instructions for a settings file are dropped.
            let message = if problem.message.starts_with("is missing") { "is missing" } else { &problem.message };
            return DraftProblem::new(named, message);
        }
        let word = problem.message.trim_start_matches('`');
        let word = word.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap_or_default();
        let known = self.kind_of(draft).and_then(|kind| kind.setting(word));
        DraftProblem::new(known.map_or("", |setting| setting.key), problem.message.replace('`', ""))
    }

    /// Assigns a platform's error to the key that most likely caused it.
    pub(super) fn problem_of(&self, draft: &Draft, error: &SendError) -> DraftProblem {
        let kind = self.kind_of(draft);
        let first = |wanted: fn(Input) -> bool| {
            let settings = kind.map(|kind| kind.settings).unwrap_or_default();
            settings.iter().find(|setting| wanted(setting.input)).map_or("", |setting| setting.key)
        };
        let address = || match first(|input| input == Input::Address) {
            "" if draft.kind == "email" => "host",
            key => key,
        };
        let key = if SECRET_REFUSED.contains(&error.kind) {
            first(|input| input == Input::Secret)
        } else if NOT_REACHED.contains(&error.kind) {
            address()
        } else if error.verdict == Verdict::ConnectionBroken && error.kind != "conflict" {
            first(|input| input == Input::Secret)
        } else {
            ""
        };
        DraftProblem::new(key, error.detail.replace('`', ""))
    }

    /// Addresses that must not be called.
    pub(super) async fn refused_addresses(&self, draft: &Draft) -> Vec<DraftProblem> {
        let settings = self.kind_of(draft).map(|kind| kind.settings).unwrap_or_default();
        let mut refused = Vec::new();
        for setting in settings.iter().filter(|setting| setting.input == Input::Address) {
            // The webhook adapter has a stricter rule of its own.
            let Some(address) = draft.values.get(setting.key).and_then(|value| value.as_str()).filter(|_| draft.kind != "webhook") else {
                continue;
            };
            refused.extend(refusal(address).await.map(|why| DraftProblem::new(setting.key, why)));
        }
        refused
    }

    /// Lines in the connection's filter of events that do not exist. Their events would never be sent.
    pub(super) async fn unknown_lines(&self, draft: &Draft, made: &Connections) -> Vec<DraftProblem> {
        let Some(channel) = made.channels.get(&draft.name) else { return Vec::new() };
        match unknown_event_lines(&self.db, &*channel).await {
            Ok(unknown) => unknown.into_iter().map(|words| DraftProblem::new("event_lines", words)).collect(),
            Err(error) => vec![DraftProblem::new("event_lines", error.to_string())],
        }
    }

    /// Address to which the platform posts for this connection.
    pub(super) fn hook_url(&self, name: &str) -> Option<String> {
        self.deps.public_url.as_ref()?.join(&format!("hooks/{name}")).ok().map(String::from)
    }
}
