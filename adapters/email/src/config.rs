//! Settings of one mail connection, and their checks.

use crate::address;
use lastword_contract::{Input, Setting};
use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::path::PathBuf;
use url::Host;

/// Settings of one connection with `kind = "email"`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// SMTP server.
    pub host: String,
    /// Port. Default: 587 with `starttls`, 465 with `tls`, 25 with `none`.
    #[serde(default)]
    pub port: Option<u16>,
    /// Encryption of the connection.
    #[serde(default)]
    pub tls: Tls,
    /// PEM file with the certificate of a private authority, trusted in addition to the system's.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// Login name.
    #[serde(default)]
    pub user: Option<String>,
    /// The password.
    #[serde(default)]
    pub password: Option<SecretString>,
    /// Sender of the mail: `Support <support@example.com>`.
    pub from: String,
    /// Address for replies, if not `from`.
    #[serde(default)]
    pub reply_to: Option<String>,
    /// Address at which clients opt out of questions: `mailto:…` or `https://…`.
    #[serde(default)]
    pub unsubscribe: Option<String>,
    /// Name in EHLO. Default: the domain of `from`.
    #[serde(default)]
    pub hello_name: Option<String>,
    /// Send choices as links. Without links, mails contain no questions, only alerts and texts.
    #[serde(default = "default_links")]
    pub links: bool,
    /// Ask clients whose address is one from which programs send (`noreply@…`) or this connection's own. Off by default,
    /// because mail between programs can loop.
    #[serde(default)]
    pub allow_no_reply_addresses: bool,
    /// Mails per second.
    #[serde(default = "default_per_second")]
    pub per_second: u32,
    /// Maximum connections to the server at a time.
    #[serde(default = "default_connections")]
    pub connections: u32,
    /// Timeout of one mail, in seconds (2 to 120).
    #[serde(default = "default_timeout_secs")]
    pub timeout_secs: u32,
}

/// Encryption of the connection to the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tls {
    /// Starts unencrypted and is encrypted before anything is sent. A server without STARTTLS is not used.
    #[default]
    Starttls,
    /// Encrypted from the first byte.
    Tls,
    /// Unencrypted: for a server on this machine.
    None,
}

fn default_links() -> bool {
    true
}

fn default_per_second() -> u32 {
    5
}

fn default_connections() -> u32 {
    4
}

fn default_timeout_secs() -> u32 {
    9
}

/// Checked settings.
pub(crate) struct Checked {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) tls: Tls,
    pub(crate) tls_parameters: Option<TlsParameters>,
    pub(crate) credentials: Option<Credentials>,
    pub(crate) from: Mailbox,
    pub(crate) reply_to: Option<Mailbox>,
    pub(crate) unsubscribe: Option<String>,
    pub(crate) hello: ClientId,
}

impl Config {
    /// Checks everything that needs no network.
    ///
    /// # Errors
    /// Every problem, one sentence per line.
    pub(crate) fn checked(&self) -> Result<Checked, String> {
        let mut wrong = Vec::new();
        let host = Host::parse(self.host.trim());
        let host =
            noted(&mut wrong, host.map_err(|_| "host is not the name of a server; write for instance \"smtp.example.com\"".to_owned()));
        noted(&mut wrong, within("timeout_secs", self.timeout_secs, 2, 120));
        noted(&mut wrong, within("per_second", self.per_second, 1, 1_000));
        noted(&mut wrong, within("connections", self.connections, 1, 64));
        let from = noted(&mut wrong, mailbox("from", &self.from));
        let hello = self.hello_name.clone().or_else(|| Some(from.as_ref()?.email.domain().to_owned()));
        let hello = hello.and_then(|hello| noted(&mut wrong, machine(&hello)));
        let tls_parameters = match host.as_ref().filter(|_| self.tls != Tls::None) {
            Some(host) => noted(&mut wrong, self.tls_parameters(host)),
            None => None,
        };
        let credentials = noted(&mut wrong, self.credentials(host.as_ref()));
        let reply_to = noted(&mut wrong, self.reply_to.as_deref().map(|text| mailbox("reply_to", text)).transpose());
        let unsubscribe = noted(&mut wrong, self.unsubscribe.as_deref().map(unsubscribe).transpose());
        let port = self.port.unwrap_or(match self.tls {
            Tls::Starttls => 587,
            Tls::Tls => 465,
            Tls::None => 25,
        });
        match (host, from, hello, credentials, reply_to, unsubscribe) {
            (Some(host), Some(from), Some(hello), Some(credentials), Some(reply_to), Some(unsubscribe)) if wrong.is_empty() => {
                let (tls, host) = (self.tls, host.to_string());
                Ok(Checked { host, port, tls, tls_parameters, credentials, from, reply_to, unsubscribe, hello })
            }
            _ => Err(wrong.join("\n")),
        }
    }

    fn credentials(&self, host: Option<&Host>) -> Result<Option<Credentials>, String> {
        let (user, password) = match (&self.user, &self.password) {
            (None, None) => return Ok(None),
            (Some(user), Some(password)) => (user, password),
            (Some(_), None) => return Err("user is set, but password is not".to_owned()),
            (None, Some(_)) => return Err("password is set, but user is not".to_owned()),
        };
        let here = match host {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            // A parse error was already reported.
            None => true,
        };
        if self.tls == Tls::None && !here {
            return Err("with tls = \"none\" the password would travel in the clear; write tls = \"starttls\" or \"tls\"".to_owned());
        }
        Ok(Some(Credentials::new(user.clone(), password.expose_secret().to_owned())))
    }

    fn tls_parameters(&self, host: &Host) -> Result<TlsParameters, String> {
        let mut builder = TlsParameters::builder(host.to_string().trim_matches(['[', ']']).to_owned());
        if let Some(path) = &self.ca_file {
            let shown = path.display();
            let pem = std::fs::read(path).map_err(|error| format!("ca_file: {shown} cannot be read: {error}"))?;
            let authority = Certificate::from_pem(&pem).map_err(|_| format!("ca_file: {shown} is not a certificate in PEM"))?;
            builder = builder.add_root_certificate(authority);
        }
        builder.build().map_err(|error| format!("tls cannot be set up: {error}"))
    }
}

/// Returns the value, or records its problem.
fn noted<T>(wrong: &mut Vec<String>, checked: Result<T, String>) -> Option<T> {
    checked.map_err(|why| wrong.push(why)).ok()
}

/// Parses the name for EHLO.
fn machine(name: &str) -> Result<ClientId, String> {
    let host = Host::parse(name.trim());
    let host = host.map_err(|_| "hello_name is not the name of a machine; write for instance \"rate.example.com\"".to_owned())?;
    Ok(ClientId::Domain(host.to_string()))
}

fn within(key: &str, value: u32, min: u32, max: u32) -> Result<(), String> {
    if (min..=max).contains(&value) { Ok(()) } else { Err(format!("{key} is {value}; write {min} to {max}")) }
}

/// Parses `Name <user@domain>` or a bare address.
fn mailbox(key: &str, text: &str) -> Result<Mailbox, String> {
    let wrong = || format!("{key} is not a mail address; write for instance \"Support <support@example.com>\"");
    if text.chars().any(char::is_control) {
        return Err(wrong());
    }
    let (name, bare) = match text.trim().strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) {
        Some((name, bare)) => (name.trim().trim_matches('"').to_owned(), bare),
        None => (String::new(), text),
    };
    let email = address::parse(bare).ok_or_else(wrong)?;
    Ok(Mailbox::new((!name.is_empty()).then_some(name), email))
}

fn unsubscribe(text: &str) -> Result<String, String> {
    let url = url::Url::parse(text.trim()).ok().filter(|url| matches!(url.scheme(), "mailto" | "https"));
    let url = url.ok_or("unsubscribe has to begin with mailto: or https://")?;
    // The header delimits the address with angle brackets.
    if url.as_str().contains(['<', '>', ',']) {
        Err("unsubscribe holds a character that its header cannot".to_owned())
    } else {
        Ok(url.to_string())
    }
}

/// Fields of the form that sets up a connection.
pub const SETTINGS: &[Setting] = &[
    Setting::required("host", Input::Text, "smtp.example.com"),
    Setting::optional("tls", Input::Choice(&["starttls", "tls", "none"]), "starttls"),
    Setting::optional("port", Input::Number, "587"),
    Setting::optional("user", Input::Text, "support@example.com"),
    Setting::optional("password", Input::Secret, ""),
    Setting::required("from", Input::Text, "Example Support <support@example.com>"),
    Setting::optional("reply_to", Input::Text, "help@example.com").advanced(),
    Setting::optional("unsubscribe", Input::Text, "mailto:unsubscribe@example.com").advanced(),
];

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn config(more: serde_json::Value) -> Config {
        let mut settings = json!({ "host": "smtp.example.com", "from": "Support <support@example.com>" });
        settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value(settings).unwrap()
    }

    #[test]
    fn the_usual_ports_and_names_need_no_saying() {
        for (tls, port) in [("starttls", 587), ("tls", 465), ("none", 25)] {
            let checked = config(json!({ "tls": tls })).checked().unwrap_or_else(|why| panic!("{why}"));
            assert_eq!((checked.port, checked.tls_parameters.is_some()), (port, tls != "none"));
            assert_eq!(checked.hello, ClientId::Domain("example.com".to_owned()));
            assert_eq!((checked.from.name.as_deref(), checked.from.email.to_string().as_str()), (Some("Support"), "support@example.com"));
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_its_key() {
        let table = [
            (json!({ "host": "" }), "host"),
            (json!({ "host": "a b" }), "host"),
            (json!({ "from": "support" }), "from"),
            (json!({ "from": "Support\r\nBcc: eve@example.com <support@example.com>" }), "from"),
            (json!({ "reply_to": "nobody" }), "reply_to"),
            (json!({ "unsubscribe": "http://example.com" }), "unsubscribe"),
            (json!({ "unsubscribe": "https://example.com/a,b" }), "unsubscribe"),
            (json!({ "hello_name": "a b" }), "hello_name"),
            (json!({ "user": "me" }), "password"),
            (json!({ "password": "hush" }), "user"),
            (json!({ "user": "me", "password": "hush", "tls": "none" }), "tls"),
            (json!({ "timeout_secs": 1 }), "timeout_secs"),
            (json!({ "per_second": 0 }), "per_second"),
            (json!({ "connections": 0 }), "connections"),
            (json!({ "ca_file": "/nowhere/ca.pem" }), "ca_file"),
        ];
        for (more, key) in table {
            let why = config(more).checked().err().unwrap_or_else(|| panic!("{key} is taken"));
            assert!(why.contains(key) && !why.contains("hush"), "{key}: {why}");
        }
        let several = json!({ "host": "a b", "from": "support", "reply_to": "nobody", "user": "me", "per_second": 0, "ca_file": "/no/ca" });
        let why = config(several).checked().err().expect("five are wrong");
        let keys: Vec<&str> = why.lines().filter_map(|line| line.split_whitespace().next()).collect();
        assert_eq!(keys, ["host", "per_second", "from", "user", "reply_to"], "all at once: {why}");
        config(json!({ "user": "me", "password": "hush", "tls": "none", "host": "127.0.0.1" })).checked().map(drop).unwrap();
    }
}
