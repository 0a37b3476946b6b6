//! The keys of a connection to a desk that are ours: which of its queues is which line, through what its clients are asked,
//! how often it is asked what was lost. All other keys are the adapter's own.

use super::connection::Connection;
use super::problem::SettingsProblems;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The keys that every connection to a desk has.
const OURS: [&str; 6] = ["line", "lines", "ask_through", "reconcile_minutes", "note_after_secs", "default_country"];

/// What we want to know of every desk.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeskKeys {
    /// The line of chats whose queue is nobody else's.
    #[serde(default)]
    pub line: Option<String>,
    /// The line of each queue, by the desk's id of the queue.
    #[serde(default)]
    pub lines: BTreeMap<String, String>,
    /// The connection through which clients of a queue are asked, by the desk's id of the queue, or `*` for all others;
    /// `desk` stands for the desk itself.
    #[serde(default)]
    pub ask_through: BTreeMap<String, String>,
    /// How often the desk is asked what was lost, in minutes; 0 for never.
    #[serde(default = "five")]
    pub reconcile_minutes: u32,
    /// How long a rating waits for a comment before operators see it, in seconds.
    #[serde(default = "twenty")]
    pub note_after_secs: u32,
    /// Country of telephone numbers without a country code (ISO 3166-1: `DE`); by default that of the organisation.
    #[serde(default)]
    pub default_country: Option<String>,
}

fn five() -> u32 {
    5
}

fn twenty() -> u32 {
    20
}

impl Connection {
    /// What we want to know of a desk, and the connection with the adapter's own keys alone.
    ///
    /// # Errors
    /// Names each key of ours that is wrong, and its place.
    pub fn of_desk(&self) -> Result<(DeskKeys, Connection), SettingsProblems> {
        let keys: DeskKeys = self.with_keys(|key| OURS.contains(&key)).read()?;
        let mut problems = Vec::new();
        if keys.reconcile_minutes > 24 * 60 {
            problems.push(self.problem("reconcile_minutes", "is more than a day; write 0 (never) to 1440"));
        }
        if keys.note_after_secs > 3_600 {
            problems.push(self.problem("note_after_secs", "is more than an hour; write 0 to 3600"));
        }
        if problems.is_empty() { Ok((keys, self.with_keys(|key| !OURS.contains(&key)))) } else { Err(SettingsProblems(problems)) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{load, settings_file};

    #[test]
    fn our_keys_and_the_adapters_are_told_apart() {
        let file = settings_file(
            "[connections.desk]\nkind = \"chatwoot\"\ntoken = \"t\"\nline = \"support\"\nlines = { 3 = \"sales\" }\nask_through = { \"*\" = \"bot\" }\n",
        );
        let settings = load(Some(file.path()), &[]).unwrap();
        let (keys, rest) = settings.connections["desk"].of_desk().unwrap();
        assert_eq!((keys.line.as_deref(), keys.lines["3"].as_str(), keys.ask_through["*"].as_str()), (Some("support"), "sales", "bot"));
        assert_eq!((keys.reconcile_minutes, keys.note_after_secs), (5, 20));
        assert_eq!(rest.values(), serde_json::json!({"token": "t"}));
    }

    #[test]
    fn a_key_of_ours_that_is_wrong_is_named() {
        let file = settings_file("[connections.desk]\nkind = \"chatwoot\"\nreconcile_minutes = 5000\n");
        let problem = load(Some(file.path()), &[]).unwrap().connections["desk"].of_desk().unwrap_err().to_string();
        assert!(problem.starts_with("connections.desk.reconcile_minutes") && problem.contains("0 (never)"), "{problem}");
    }
}
