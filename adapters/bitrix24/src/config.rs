//! Settings of one connection.

use lastword_contract::http::{self, Url};
use lastword_contract::{Input, Setting};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Authorization servers of Bitrix24. The application's secret is sent only to these.
const AUTHORIZATION_SERVERS: [&str; 2] = ["oauth.bitrix24.tech", "oauth.bitrix.info"];

/// Settings of one connection with `kind = "bitrix24"`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Address of the portal: `https://example.bitrix24.com`.
    pub url: String,
    /// Application code (client_id).
    pub client_id: String,
    /// Application key (client_secret).
    pub secret: SecretString,
    /// Authorization server, if it is not one of Bitrix24's own.
    #[serde(default)]
    pub auth_url: Option<String>,
    /// Notify the operator of the rating.
    #[serde(default = "yes")]
    pub notify: bool,
    /// Write the rating to the conversation as the supervisor's score.
    #[serde(default)]
    pub supervisor_score: bool,
    /// Connection through which clients are asked, by the code of their Bitrix24 channel.
    #[serde(default)]
    pub through: BTreeMap<String, String>,
    /// Codes of Bitrix24 channels whose conversations are ignored, because another program reports them.
    #[serde(default)]
    pub leave_out: Vec<String>,
    /// Channels provided by this application in which ratings are written as the clients' votes in Bitrix24, by channel
    /// code. The value is the pattern of a client's ID (`user.id`); `{chat}` is replaced with the chat's ID.
    #[serde(default)]
    pub vote_as_client: BTreeMap<String, String>,
    /// Read the client's mail address and phone number from the CRM when a conversation is closed.
    #[serde(default = "yes")]
    pub crm: bool,
    /// Calls per second that the portal's plan allows.
    #[serde(default = "two")]
    pub calls_per_second: u32,
    /// Burst of calls that the plan allows after a pause.
    #[serde(default = "fifty")]
    pub calls_at_once: u32,
    /// Timeout of one call, in seconds (1 to 60).
    #[serde(default = "ten")]
    pub timeout_secs: u32,
}

fn yes() -> bool {
    true
}

fn two() -> u32 {
    2
}

fn fifty() -> u32 {
    50
}

fn ten() -> u32 {
    10
}

impl Config {
    /// Checks everything that needs no network, and returns the address of the portal's API.
    ///
    /// # Errors
    /// Every problem, one sentence per line.
    pub(crate) fn check(&self) -> Result<Url, String> {
        let mut wrong = Vec::new();
        if !(1..=60).contains(&self.timeout_secs) {
            wrong.push("timeout_secs has to be 1 to 60".to_owned());
        }
        if !(1..=100).contains(&self.calls_per_second) {
            wrong.push("calls_per_second has to be 1 to 100; Bitrix24 allows 2, on Enterprise 5".to_owned());
        }
        if !(1..=1_000).contains(&self.calls_at_once) {
            wrong.push("calls_at_once has to be 1 to 1000; Bitrix24 allows 50, on Enterprise 250".to_owned());
        }
        for (key, value, place) in
            [("client_id", self.client_id.as_str(), "client_id"), ("secret", self.secret.expose_secret(), "client_secret")]
        {
            if value.trim().is_empty() {
                wrong.push(format!("{key} is empty; copy {place} from the page of the local application in Bitrix24"));
            }
        }
        for (connector, form) in &self.vote_as_client {
            if !form.contains("{chat}") {
                wrong.push(format!(
                    "vote_as_client.{connector} has to hold {{chat}}: it says how the id of a client is formed of that of the chat"
                ));
            }
            if self.leave_out.contains(connector) {
                wrong.push(format!("{connector} is in vote_as_client and in leave_out; take it out of one of them"));
            }
        }
        if self.auth_url.as_deref().is_some_and(|url| http::base(url, "oauth").is_none()) {
            wrong.push("auth_url is no address; leave it out, or write for instance https://oauth.bitrix24.tech".to_owned());
        }
        let url = http::base(&self.url, "rest");
        if url.is_none() {
            wrong.push("url is no address; write for instance https://example.bitrix24.com".to_owned());
        }
        url.filter(|_| wrong.is_empty()).ok_or_else(|| wrong.join("\n"))
    }

    /// The authorization server for the `server_endpoint` of a request; `None` if it is not a server of Bitrix24.
    pub(crate) fn authorization_server(&self, server_endpoint: &str) -> Option<String> {
        if let Some(own) = &self.auth_url {
            return Some(own.trim().trim_end_matches('/').to_owned());
        }
        let url = Url::parse(server_endpoint.trim()).ok().filter(|url| url.scheme() == "https" && url.port().is_none())?;
        let host = url.host_str()?;
        AUTHORIZATION_SERVERS.contains(&host).then(|| format!("https://{host}"))
    }
}

/// Fields of the form that sets up a connection.
pub const SETTINGS: &[Setting] = &[
    Setting::required("url", Input::Address, "https://example.bitrix24.com"),
    Setting::required("client_id", Input::Text, "local.65a1b2c3d4e5f6.12345678"),
    Setting::required("secret", Input::Secret, ""),
    Setting::optional("auth_url", Input::Address, "https://oauth.bitrix24.tech").advanced(),
];
