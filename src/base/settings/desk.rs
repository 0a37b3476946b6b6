//! Keys of a desk's connection that do not belong to the adapter: which queue is which line, how its clients are asked, and
//! how often the desk is asked for missed chats.

use super::connection::Connection;
use super::problem::SettingsProblems;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Keys of every desk connection.
const OURS: [&str; 6] = ["line", "lines", "ask_through", "reconcile_minutes", "note_after_secs", "default_country"];

/// Settings common to all desks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeskKeys {
    /// Line of chats whose queue has no line of its own.
    #[serde(default)]
    pub line: Option<String>,
    /// Line of each queue, by the desk's ID of the queue.
    #[serde(default)]
    pub lines: BTreeMap<String, String>,
    /// Connection through which clients of a queue are asked, by the desk's ID of the queue, or `*` for all others; `desk`
    /// means the desk itself.
    #[serde(default)]
    pub ask_through: BTreeMap<String, String>,
    /// Minutes between queries for missed chats; 0 for never.
    #[serde(default = "five")]
    pub reconcile_minutes: u32,
    /// Seconds that a rating waits for a comment before operators see it.
    #[serde(default = "twenty")]
    pub note_after_secs: u32,
    /// Country of phone numbers without a country code (ISO 3166-1: `DE`); default: that of the organisation.
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
    /// Splits the settings common to all desks from the adapter's own keys.
    ///
    /// # Errors
    /// Every invalid common key with its place.
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
