//! Settings of one connection.

use lastword_contract::http::{self, Url};
use lastword_contract::{Input, Setting};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

/// Settings of one connection with `kind = "rocketchat"`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Address of Rocket.Chat: `https://chat.example.com`.
    pub url: String,
    /// ID of the token's user, which is shown beside the token when it is created.
    pub user: String,
    /// Personal access token of a user with the role `livechat-manager`.
    pub token: SecretString,
    /// Secret token of the webhook, which Rocket.Chat sends with every request.
    pub secret: SecretString,
    /// Custom field of rooms that shows the score; empty for none.
    #[serde(default = "field")]
    pub field: String,
    /// Custom field of rooms that shows all ratings and comments of the client, newest first; empty for none.
    #[serde(default = "note")]
    pub note: String,
    /// Add the tags `rated-good` and `rated-low` to rooms.
    #[serde(default = "yes")]
    pub tags: bool,
    /// Also write the rating as the room's own survey.
    #[serde(default)]
    pub survey: bool,
    /// Also post the rating as a message in the closed room, if the client does not receive it.
    #[serde(default)]
    pub message: bool,
    /// Determines the line and the way of asking.
    #[serde(default)]
    pub queue: Queue,
    /// Let `lastword desk setup` replace another program's webhook: a workspace has only one.
    #[serde(default)]
    pub replace_webhook: bool,
    /// Timeout of one call, in seconds (1 to 60).
    #[serde(default = "ten")]
    pub timeout_secs: u32,
}

/// Determines the line and the way of asking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Queue {
    /// The department's ID; the channel for rooms without a department.
    #[default]
    Department,
    /// The channel of the room: `widget`, `email`, `sms`, `api`, or the name of an app such as `whatsapp`.
    Channel,
}

fn field() -> String {
    "lastword_rating".to_owned()
}

fn note() -> String {
    "lastword_note".to_owned()
}

fn yes() -> bool {
    true
}

fn ten() -> u32 {
    10
}

impl Config {
    /// Checks everything that needs no network, and returns the address of the API.
    ///
    /// # Errors
    /// Every problem, one sentence per line.
    pub(crate) fn check(&self) -> Result<Url, String> {
        let mut wrong = Vec::new();
        if !(1..=60).contains(&self.timeout_secs) {
            wrong.push("timeout_secs has to be 1 to 60".to_owned());
        }
        let visible = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
        let made = "make one in Rocket.Chat: avatar → Profile → Personal Access Tokens, which shows the token and the user's id";
        if self.token.expose_secret().is_empty() || !visible(self.token.expose_secret()) {
            wrong.push(format!("token is none; {made}"));
        }
        if self.user.is_empty() || !visible(&self.user) {
            wrong.push(format!("user is no id of a user; {made}"));
        }
        if self.secret.expose_secret().len() < 24 || !visible(self.secret.expose_secret()) {
            wrong.push("secret has to be at least 24 characters without blanks; make one with: openssl rand -hex 32".to_owned());
        }
        for (key, field) in [("field", &self.field), ("note", &self.note)] {
            // A dot would address a field within a field.
            if !field.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')) {
                wrong.push(format!("{key} has to be letters, digits, _ and - alone"));
            }
        }
        if self.field.is_empty() && self.note.is_empty() && !self.tags && !self.survey && !self.message {
            wrong.push("field, note, tags, survey and message are all off: switch on what operators shall see".to_owned());
        }
        if !self.field.is_empty() && self.field == self.note {
            wrong.push("note has to be another field than field".to_owned());
        }
        let url = http::base(&self.url, "api/v1");
        if url.is_none() {
            wrong.push("url is no address; write for instance https://chat.example.com".to_owned());
        }
        url.filter(|_| wrong.is_empty()).ok_or_else(|| wrong.join("\n"))
    }

    /// Required custom fields: ID and label.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &'static str)> {
        [(self.field.as_str(), "Rating"), (self.note.as_str(), "Rating, in words")].into_iter().filter(|(field, _)| !field.is_empty())
    }
}

/// Fields of the form that sets up a connection.
pub const SETTINGS: &[Setting] = &[
    Setting::required("url", Input::Address, "https://chat.example.com"),
    Setting::required("user", Input::Text, "aobEdbYhXfu5hkeqG"),
    Setting::required("token", Input::Secret, ""),
    Setting::required("secret", Input::OwnSecret, ""),
    Setting::optional("queue", Input::Choice(&["department", "channel"]), "department").advanced(),
];
