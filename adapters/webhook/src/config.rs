//! Settings of one webhook connection, and the check of its URL.

use crate::signature::Keys;
use lastword_contract::address_filter::{AddressRule, is_allowed};
use lastword_contract::{Input, Setting};
use secrecy::SecretString;
use serde::Deserialize;
use std::net::{IpAddr, Ipv4Addr};
use url::{Host, Url};

/// Settings of one connection with `kind = "webhook"`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// URL to which messages are posted: `https` on port 443 or 8443, without user and password.
    pub url: String,
    /// Signs outgoing messages and verifies incoming ones: `whsec_` and base64, or raw text; at least 24 bytes.
    pub secret: SecretString,
    /// The secret before the last rotation: also signs and is still accepted, until it is removed here.
    #[serde(default)]
    pub previous_secret: Option<SecretString>,
    /// Names of the events to post, such as `rating.created`.
    #[serde(default)]
    pub events: Vec<String>,
    /// Only events about these lines, by id; none for all. Events that are about no line come all the same.
    #[serde(default)]
    pub event_lines: Vec<String>,
    /// The receiver cannot show choices, as with SMS: they are sent as links to open in a browser.
    #[serde(default)]
    pub links: bool,
    /// Calls per second.
    #[serde(default = "default_per_second")]
    pub per_second: u32,
    /// Timeout of one call, in seconds (1 to 60).
    #[serde(default = "default_timeout_secs")]
    pub timeout_secs: u32,
    /// Also accepts `http` URLs and port 80. The traffic can then be read on the way.
    #[serde(default)]
    pub allow_http: bool,
    /// Allows calls to private and loopback addresses, on any port. Link-local and cloud metadata addresses stay blocked.
    #[serde(default)]
    pub allow_private_networks: bool,
    /// Ports that may be called.
    #[serde(default = "default_ports")]
    pub ports: Vec<u16>,
}

fn default_per_second() -> u32 {
    50
}

fn default_timeout_secs() -> u32 {
    10
}

fn default_ports() -> Vec<u16> {
    vec![443, 8443]
}

/// Shows only the URL's host, because its path is often a secret.
impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let host = Url::parse(&self.url).ok().and_then(|url| url.host_str().map(str::to_owned));
        f.debug_struct("Config").field("host", &host).field("events", &self.events).finish_non_exhaustive()
    }
}

impl Config {
    /// The rule for addresses that this connection may call.
    pub(crate) fn address_rule(&self) -> AddressRule {
        if self.allow_private_networks { AddressRule::PrivateToo } else { AddressRule::PublicOnly }
    }

    /// Checks everything that needs no network, and returns the URL.
    ///
    /// # Errors
    /// Every problem, one sentence per line.
    pub(crate) fn checked_url(&self) -> Result<Url, String> {
        let mut wrong = Vec::new();
        if !(1..=60).contains(&self.timeout_secs) {
            wrong.push("timeout_secs has to be 1 to 60".to_owned());
        }
        if let Err(why) = Keys::parse(&self.secret, self.previous_secret.as_ref()) {
            wrong.push(why);
        }
        let url = match Url::parse(&self.url) {
            Ok(url) => {
                wrong.extend(self.faults_of(&url));
                Some(url)
            }
            Err(error) => {
                wrong.push(format!("url cannot be read: {error}"));
                None
            }
        };
        url.filter(|_| wrong.is_empty()).ok_or_else(|| wrong.join("\n"))
    }

    /// Reasons why these settings do not allow `url`.
    fn faults_of(&self, url: &Url) -> Vec<String> {
        let mut wrong = Vec::new();
        match url.scheme() {
            "https" => {}
            "http" if self.allow_http => {}
            "http" => wrong.push("url has to begin with https:// (or set allow_http = true)".to_owned()),
            other => return vec![format!("url has to begin with https://, not {other}:")],
        }
        if !url.username().is_empty() || url.password().is_some() {
            wrong.push("url must not carry a user or a password: messages are signed instead".to_owned());
        }
        // The resolver never sees literal addresses, so they are checked here. `Url` has already converted 0x7f.1 and
        // 2130706433 to 127.0.0.1.
        let literal = match url.host() {
            Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
            Some(Host::Domain(name)) if name == "localhost" || name.ends_with(".localhost") => Some(Ipv4Addr::LOCALHOST.into()),
            Some(Host::Domain(_)) => None,
            None => return vec!["url has no host".to_owned()],
        };
        let is_inside = literal.is_some_and(|ip| !is_allowed(ip, AddressRule::PublicOnly));
        if literal.is_some_and(|ip| !is_allowed(ip, self.address_rule())) {
            wrong.push("url points to an address inside a private network (or set allow_private_networks = true)".to_owned());
        }
        // With private networks allowed, any port may be called there.
        let port = url.port_or_known_default().unwrap_or_default();
        let is_taken = self.allow_private_networks || self.ports.contains(&port) || (url.scheme() == "http" && port == 80);
        if !is_taken && !is_inside {
            wrong.push(format!("url has the port {port}, which is not among ports = {:?}", self.ports));
        }
        wrong
    }
}

/// Fields of the form that sets up a connection.
pub const SETTINGS: &[Setting] = &[
    Setting::required("url", Input::Address, "https://crm.example.com/lastword"),
    Setting::required("secret", Input::OwnSecret, ""),
    Setting::optional("events", Input::List, "rating.created"),
    Setting::optional("event_lines", Input::List, "support").advanced(),
    Setting::optional("links", Input::Switch, ""),
    Setting::optional("previous_secret", Input::Secret, "").advanced(),
    Setting::optional("allow_private_networks", Input::Switch, "").advanced(),
    Setting::optional("allow_http", Input::Switch, "").advanced(),
];
