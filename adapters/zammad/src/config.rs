//! Settings of one connection.

use lastword_contract::http::{self, Url};
use lastword_contract::{Input, Setting};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

/// Settings of one connection with `kind = "zammad"`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Address of Zammad: `https://support.example.com`.
    pub url: String,
    /// Access token with the permission `ticket.agent`, of a user who may read and change all groups.
    pub token: SecretString,
    /// Only for `lastword desk setup`: a token with `admin.webhook` and `admin.trigger`. Default: `token`.
    #[serde(default)]
    pub setup_token: Option<SecretString>,
    /// HMAC SHA1 signature token of the webhook.
    pub secret: SecretString,
    /// Names of states that count as closed.
    #[serde(default = "closed")]
    pub closed_states: Vec<String>,
    /// Add the tags `rated-good` and `rated-low` to tickets.
    #[serde(default = "yes")]
    pub tags: bool,
    /// Text attribute of tickets, created by an administrator, that shows the rating.
    #[serde(default)]
    pub attribute: String,
    /// Timeout of one call, in seconds (1 to 60).
    #[serde(default = "ten")]
    pub timeout_secs: u32,
}

fn closed() -> Vec<String> {
    vec!["closed".to_owned()]
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
        if self.token.expose_secret().trim().is_empty() {
            wrong.push("token is empty; make one in Zammad: your avatar → Profile → Token Access, with ticket.agent".to_owned());
        }
        let secret = self.secret.expose_secret();
        // The command line writes a sentence here as a placeholder, which must not be used to verify webhooks.
        if secret.len() < 24 || secret.contains(char::is_whitespace) {
            wrong.push("secret has to be at least 24 characters without blanks; make one with: openssl rand -hex 32".to_owned());
        }
        if self.closed_states.is_empty() {
            wrong.push("closed_states is empty: name at least one state, such as \"closed\"".to_owned());
        }
        if !self.attribute.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            wrong.push("attribute has to be letters, digits and _ alone".to_owned());
        }
        let url = http::base(&self.url, "api/v1");
        if url.is_none() {
            wrong.push("url is no address; write for instance https://support.example.com".to_owned());
        }
        url.filter(|_| wrong.is_empty()).ok_or_else(|| wrong.join("\n"))
    }

    pub(crate) fn is_closed(&self, state: &str) -> bool {
        self.closed_states.iter().any(|closed| closed == state)
    }
}

/// Fields of the form that sets up a connection.
pub const SETTINGS: &[Setting] = &[
    Setting::required("url", Input::Address, "https://support.example.com"),
    Setting::required("token", Input::Secret, ""),
    Setting::required("secret", Input::OwnSecret, ""),
    Setting::optional("setup_token", Input::Secret, "").advanced(),
];
