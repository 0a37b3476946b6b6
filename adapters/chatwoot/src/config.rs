//! Settings of one connection.

use lastword_contract::http::{self, Url};
use lastword_contract::{Input, Setting};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

/// Settings of one connection with `kind = "chatwoot"`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Address of Chatwoot: `https://chat.example.com`.
    pub url: String,
    /// Account number, which is part of the address of every page of the desk.
    #[serde(default = "first")]
    pub account: u64,
    /// Access token of an administrator, preferably of a user created for this: Profile settings → Access token.
    pub token: SecretString,
    /// Secret of the webhook, which signs its requests (Chatwoot 4.11.2 or later).
    #[serde(default)]
    pub secret: Option<SecretString>,
    /// For older installations, which sign nothing: the last part of the webhook's address, `/hooks/NAME/PATH`.
    #[serde(default)]
    pub path: Option<SecretString>,
    /// Custom attribute of conversations that shows the rating; empty for none.
    #[serde(default = "attribute")]
    pub attribute: String,
    /// Add the labels `rated-good` and `rated-low` to conversations.
    #[serde(default = "yes")]
    pub labels: bool,
    /// Resolve a conversation again if only the client's answer reopened it.
    #[serde(default = "yes")]
    pub resolve_again: bool,
    /// Address where operators open Chatwoot, if it is not `url`. Only pages of this address may frame the panel.
    #[serde(default)]
    pub frontend_url: Option<String>,
    /// Timeout of one call, in seconds (1 to 60).
    #[serde(default = "default_timeout_secs")]
    pub timeout_secs: u32,
}

fn first() -> u64 {
    1
}

fn attribute() -> String {
    "lastword_rating".to_owned()
}

fn yes() -> bool {
    true
}

fn default_timeout_secs() -> u32 {
    10
}

impl Config {
    /// Checks everything that needs no network, and returns the address of the account's API.
    ///
    /// # Errors
    /// Every problem, one sentence per line.
    pub(crate) fn check(&self) -> Result<Url, String> {
        let mut wrong = Vec::new();
        if !(1..=60).contains(&self.timeout_secs) {
            wrong.push("timeout_secs has to be 1 to 60".to_owned());
        }
        if self.token.expose_secret().trim().is_empty() {
            wrong.push("token is empty; copy it from Profile settings → Access token of an administrator".to_owned());
        }
        if self.secret.is_none() && self.path.is_none() {
            wrong.push(
                "needs a proof of calls: run lastword desk setup chatwoot, which prints the webhook's secret; or set path".to_owned(),
            );
        }
        if self.path.as_ref().is_some_and(|path| path.expose_secret().len() < 24 || path.expose_secret().contains('/')) {
            wrong.push("path has to be at least 24 characters without /; make one with: openssl rand -hex 32".to_owned());
        }
        if !self.attribute.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')) {
            wrong.push("attribute has to be letters, digits, _, - and . alone".to_owned());
        }
        if self.panel_origin().is_none() {
            wrong.push("frontend_url is no address; write for instance https://chat.example.com".to_owned());
        }
        let url = http::base(&self.url, &format!("api/v1/accounts/{}", self.account));
        if url.is_none() {
            wrong.push("url is no address; write for instance https://chat.example.com".to_owned());
        }
        url.filter(|_| wrong.is_empty()).ok_or_else(|| wrong.join("\n"))
    }

    /// Origin of the pages in which operators work.
    pub(crate) fn panel_origin(&self) -> Option<String> {
        let url = Url::parse(self.frontend_url.as_deref().unwrap_or(&self.url).trim()).ok()?;
        Some(url.origin()).filter(|origin| origin.is_tuple()).map(|origin| origin.ascii_serialization())
    }
}

/// Fields of the form that sets up a connection.
pub const SETTINGS: &[Setting] = &[
    Setting::required("url", Input::Address, "https://chat.example.com"),
    Setting::optional("account", Input::Number, "1"),
    Setting::required("token", Input::Secret, ""),
    Setting::optional("secret", Input::Secret, "").advanced(),
    Setting::optional("path", Input::OwnSecret, "").advanced().made(),
    Setting::optional("frontend_url", Input::Address, "https://chat.example.com").advanced(),
];
