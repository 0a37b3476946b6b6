//! The settings of one connection.

use lastword_contract::http::{self, Url};
use lastword_contract::{Input, Setting};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

/// The settings of one connection with `kind = "chatwoot"`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where Chatwoot is: `https://chat.example.com`.
    pub url: String,
    /// The account's number: it stands in the address of every page of the desk.
    #[serde(default = "first")]
    pub account: u64,
    /// The access token of an administrator, best of a user made for this: Profile settings → Access token.
    pub token: SecretString,
    /// The secret of the webhook, which signs what is posted (from Chatwoot 4.11.2 on).
    #[serde(default)]
    pub secret: Option<SecretString>,
    /// For older installations, which sign nothing: the last part of the webhook's address, `/hooks/NAME/PATH`.
    #[serde(default)]
    pub path: Option<SecretString>,
    /// The custom attribute of conversations that shows the rating; empty for none.
    #[serde(default = "attribute")]
    pub attribute: String,
    /// Whether conversations get the labels `rated-good` and `rated-low`.
    #[serde(default = "yes")]
    pub labels: bool,
    /// Whether a conversation that was opened by nothing but the client's answer is resolved again.
    #[serde(default = "yes")]
    pub resolve_again: bool,
    /// Where operators open Chatwoot, where that is not `url`: the panel is shown there alone.
    #[serde(default)]
    pub frontend_url: Option<String>,
    /// How long one call may take as a whole, in seconds (1 to 60).
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
    /// Checks everything that can be known without the network, and gives the address of the account's API.
    ///
    /// # Errors
    /// All that is wrong, one sentence a line.
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
                "needs a proof of who calls: run lastword desk setup chatwoot, which gives the webhook's secret; or set path".to_owned(),
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

    /// The origin of the pages in which operators work.
    pub(crate) fn panel_origin(&self) -> Option<String> {
        let url = Url::parse(self.frontend_url.as_deref().unwrap_or(&self.url).trim()).ok()?;
        Some(url.origin()).filter(|origin| origin.is_tuple()).map(|origin| origin.ascii_serialization())
    }
}

/// What a person fills in to set up a connection.
pub const SETTINGS: &[Setting] = &[
    Setting::required("url", Input::Address, "https://chat.example.com"),
    Setting::optional("account", Input::Number, "1"),
    Setting::required("token", Input::Secret, ""),
    Setting::optional("secret", Input::Secret, "").advanced(),
    Setting::optional("path", Input::OwnSecret, "").advanced().made(),
    Setting::optional("frontend_url", Input::Address, "https://chat.example.com").advanced(),
];
