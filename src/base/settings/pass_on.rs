//! `[connections.NAME.pass_on]`: the desk behind a shared account, which receives everything that is not ours.

use super::Http;
use super::problem::{SettingsProblem, ValueSource, nearest};
use super::reader::Reader;
use secrecy::SecretString;
use serde_json::{Map, Value};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::RangeInclusive;
use std::time::Duration;
use url::{Host, Url};

const KEYS: [&str; 4] = ["url", "secret", "give_up_after_hours", "timeout_secs"];
/// As long as Telegram stores an update for a webhook that does not respond.
const GIVE_UP_AFTER_HOURS: u64 = 24;
const TIMEOUT_SECS: u64 = 10;

/// The desk behind a shared account.
#[derive(Clone)]
pub struct PassOn {
    /// URL at which the desk receives what its platform would post to it.
    pub url: Url,
    /// Secret that the desk expects with a webhook, if we fetch updates and no platform sends it.
    pub secret: Option<SecretString>,
    /// Time for which a request is stored for a desk that does not accept it.
    pub give_up_after: Duration,
    /// Time limit of one call.
    pub timeout: Duration,
}

/// Shows only the host, because the path of the URL is often a secret.
impl fmt::Debug for PassOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PassOn").field("host", &self.url.host_str()).finish_non_exhaustive()
    }
}

impl PassOn {
    /// Name of the secret's key, within its connection.
    pub const SECRET: &'static str = "pass_on.secret";

    /// True if a request for `url` reaches this server's own hooks, which would pass it on without end.
    fn is_ours(url: &Url, http: &Http) -> bool {
        let here = |ip: Host<&str>| match ip {
            Host::Ipv4(ip) => ip.is_loopback(),
            Host::Ipv6(ip) => ip.is_loopback(),
            Host::Domain(name) => name == "localhost",
        };
        let local = url.host().is_some_and(here) && url.port_or_known_default() == Some(http.listen.port()) && http.listen.port() != 0;
        let public = http.public_url.as_ref().is_some_and(|ours| url.origin() == ours.origin() && url.path().starts_with(ours.path()));
        (local || public) && url.path().contains("/hooks/")
    }

    /// Reads the section `key` of the settings; errors become problems of `reader`.
    pub(super) fn read(reader: &mut Reader, http: &Http, key: &str, section: Value) -> Option<Self> {
        let read = Self::parse(http, key, section);
        read.inspect_err(|problems| problems.iter().for_each(|(name, message)| problem(reader, key, name, message.clone()))).ok()
    }

    /// Parses the section `key`.
    ///
    /// # Errors
    /// Each invalid key, or an empty name for the whole section, with what is wrong with it.
    pub(super) fn parse(http: &Http, key: &str, section: Value) -> Result<Self, Vec<(String, String)>> {
        let Value::Object(section) = section else {
            return Err(vec![(String::new(), format!("is not a section; write [{key}] with a url in it"))]);
        };
        let mut section = Section { keys: section, problems: Vec::new() };
        let timeout = section.number("timeout_secs", TIMEOUT_SECS, 1..=60);
        let hours = section.number("give_up_after_hours", GIVE_UP_AFTER_HOURS, 1..=720);
        let secret = section.text("secret").map(SecretString::from);
        let url = section.text("url");
        for name in std::mem::take(&mut section.keys).keys() {
            let meant = nearest(name, KEYS.into_iter()).map_or_else(|| KEYS.join(", "), str::to_owned);
            section.problem(name, format!("there is no such key; write {meant}"));
        }
        let url = match url.as_deref().map(desk_url) {
            None => Err("is missing; write where the desk takes its platform's webhook"),
            Some(Ok(url)) if Self::is_ours(&url, http) => Err("leads back to this server; write the address of the desk"),
            Some(read) => read,
        };
        match url {
            Ok(url) if section.problems.is_empty() => {
                Ok(Self { url, secret, give_up_after: Duration::from_secs(hours * 3_600), timeout: Duration::from_secs(timeout) })
            }
            Ok(_) => Err(section.problems),
            Err(why) => {
                section.problem("url", why.to_owned());
                Err(section.problems)
            }
        }
    }
}

fn problem(reader: &mut Reader, key: &str, name: &str, message: String) {
    let full = if name.is_empty() { key.to_owned() } else { format!("{key}.{name}") };
    // A missing key has no place of its own; the place of its section is shown.
    let place = Some(reader.place(&full)).filter(|place| *place != ValueSource::Default).unwrap_or_else(|| reader.place(key));
    reader.sources.problems.push(SettingsProblem::new(full, place, message));
}

/// A section while it is read: the keys that are left, and the problems so far.
struct Section {
    keys: Map<String, Value>,
    problems: Vec<(String, String)>,
}

impl Section {
    fn problem(&mut self, name: &str, message: String) {
        self.problems.push((name.to_owned(), message));
    }

    fn text(&mut self, name: &str) -> Option<String> {
        match self.keys.remove(name)? {
            Value::String(text) if !text.is_empty() => Some(text),
            Value::String(_) => None,
            _ => {
                self.problem(name, "is not a text; put it in quotes".to_owned());
                None
            }
        }
    }

    /// Reads an integer, also from the string of an environment variable.
    fn number(&mut self, name: &str, default: u64, range: RangeInclusive<u64>) -> u64 {
        let found = match self.keys.remove(name) {
            None => return default,
            Some(Value::Number(number)) => number.as_u64(),
            Some(Value::String(text)) => text.trim().parse().ok(),
            Some(_) => None,
        };
        found.filter(|number| range.contains(number)).unwrap_or_else(|| {
            self.problem(name, format!("is not a whole number from {} to {}", range.start(), range.end()));
            default
        })
    }
}

/// Parses the URL of a desk, or returns what is wrong with it.
fn desk_url(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "is not an address; write for instance \"https://desk.example.com/webhooks/telegram\"")?;
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err("has a user, a password or a fragment (#); write the address without it");
    }
    let ip = match url.host() {
        Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
        Some(Host::Domain(_)) => None,
        None => return Err("has no host; write for instance \"https://desk.example.com/webhooks/telegram\""),
    };
    let allowed = |secure| ip.is_none_or(|ip| may_call(ip, secure));
    match url.scheme() {
        "https" if allowed(true) => Ok(url),
        "http" if allowed(false) => Ok(url),
        "https" => Err("leads to an address at which no desk can be"),
        "http" => Err("would carry clients' messages unencrypted over the Internet; write https://"),
        _ => Err("has to begin with https://, or with http:// inside a private network"),
    }
}

/// True if a desk at `ip` may be called: with TLS anywhere, without it only in private networks and on this machine. Host
/// names are checked too, when a connection is made.
fn may_call(ip: IpAddr, secure: bool) -> bool {
    let ip = match ip {
        IpAddr::V6(ip) => ip.to_ipv4_mapped().map_or(IpAddr::V6(ip), IpAddr::V4),
        ip => ip,
    };
    match ip {
        IpAddr::V4(ip) if ip.is_loopback() || ip.is_private() || is_shared(ip) => true,
        IpAddr::V6(ip) if ip.is_loopback() || (ip.is_unique_local() && !is_metadata(ip)) => true,
        // Cloud metadata services use link-local addresses.
        IpAddr::V4(ip) => secure && !(ip.is_link_local() || ip.is_unspecified() || ip.is_multicast() || ip.is_broadcast()),
        IpAddr::V6(ip) => secure && !(ip.is_unicast_link_local() || ip.is_unspecified() || ip.is_multicast() || is_metadata(ip)),
    }
}

/// 100.64.0.0/10, used internally by providers and overlay networks (RFC 6598), except Alibaba's metadata service.
fn is_shared(ip: Ipv4Addr) -> bool {
    matches!(ip.octets(), [100, 64..=127, ..]) && ip != Ipv4Addr::new(100, 100, 100, 200)
}

/// Amazon's metadata service is in the private range.
fn is_metadata(ip: Ipv6Addr) -> bool {
    matches!(ip.segments(), [0xfd00, 0x0ec2, ..])
}

#[cfg(test)]
mod tests {
    use super::super::tests::{load, settings_file};
    use super::*;
    use secrecy::ExposeSecret;

    fn section(text: &str) -> Result<PassOn, String> {
        let file = settings_file(&format!("[connections.shop]\nkind = \"telegram\"\n{text}"));
        let place = file.path().display().to_string();
        match load(Some(file.path()), &[]) {
            Ok(settings) => Ok(settings.connections["shop"].pass_on.clone().expect("a desk")),
            Err(problems) => Err(problems.to_string().replace(&place, "F")),
        }
    }

    #[test]
    fn a_desk_needs_an_address_and_has_defaults_for_the_rest() {
        let desk = section("[connections.shop.pass_on]\nurl = \"https://desk.example.com/hook?x=1\"\n").unwrap();
        assert_eq!((desk.url.as_str(), desk.secret.is_none()), ("https://desk.example.com/hook?x=1", true));
        assert_eq!((desk.give_up_after.as_secs(), desk.timeout.as_secs()), (86_400, 10));
        assert!(!format!("{desk:?}").contains("hook"), "the path may be a secret: {desk:?}");
    }

    #[test]
    fn a_desk_may_be_set_by_the_environment() {
        let env = [
            ("LASTWORD__CONNECTIONS__SHOP__KIND", "telegram"),
            ("LASTWORD__CONNECTIONS__SHOP__PASS_ON__URL", "http://127.0.0.1:3000/hook"),
            ("LASTWORD__CONNECTIONS__SHOP__PASS_ON__SECRET", "hush"),
            ("LASTWORD__CONNECTIONS__SHOP__PASS_ON__TIMEOUT_SECS", "3"),
        ];
        let settings = load(None, &env).unwrap();
        let desk = settings.connections["shop"].pass_on.clone().unwrap();
        assert_eq!((desk.secret.unwrap().expose_secret(), desk.timeout.as_secs()), ("hush", 3));
        assert!(settings.connections["shop"].values()["pass_on"].is_null(), "an adapter does not see it");
        let wrong = load(None, &[("LASTWORD__CONNECTIONS__SHOP__OTHER__URL", "x")]).unwrap_err().to_string();
        assert!(wrong.contains("write LASTWORD__CONNECTIONS__NAME__KEY"), "{wrong}");
    }

    #[test]
    fn each_mistake_names_its_key_and_the_remedy() {
        let key = "connections.shop.pass_on";
        for (text, expected) in [
            ("pass_on = 1", format!("{key} in F: is not a section; write [{key}] with a url in it")),
            ("pass_on.secret = \"x\"", format!("{key}.url in F: is missing; write where the desk takes its platform's webhook")),
            ("pass_on.ulr = \"x\"\npass_on.url = \"https://d.example\"", format!("{key}.ulr in F: there is no such key; write url")),
            (
                "pass_on.url = \"https://d.example\"\npass_on.timeout_secs = 0",
                format!("{key}.timeout_secs in F: is not a whole number from 1 to 60"),
            ),
            ("pass_on.url = 7", format!("{key}.url in F: is not a text; put it in quotes")),
            (
                "pass_on.url = \"http://93.184.216.34/x\"",
                format!("{key}.url in F: would carry clients' messages unencrypted over the Internet; write https://"),
            ),
            ("pass_on.url = \"https://169.254.169.254/x\"", format!("{key}.url in F: leads to an address at which no desk can be")),
            (
                "sharing = \"forwarded\"\npass_on.url = \"https://d.example\"",
                format!("{key} in F: is for sharing = \"own\" alone: with \"forwarded\" the desk has its updates already"),
            ),
        ] {
            assert!(section(text).unwrap_err().contains(&expected), "{text}: {}", section(text).unwrap_err());
        }
    }

    #[test]
    fn a_desk_may_not_be_ourselves() {
        for url in ["https://rate.example.com/hooks/shop", "http://127.0.0.1:8080/hooks/shop"] {
            let text = format!("pass_on.url = \"{url}\"\n[http]\npublic_url = \"https://rate.example.com\"\n");
            assert!(section(&text).unwrap_err().contains("leads back to this server"), "{url}");
        }
    }

    #[test]
    fn plain_http_stays_inside() {
        for (ip, plain, secure) in [
            ("127.0.0.1", true, true),
            ("10.1.2.3", true, true),
            ("100.64.0.1", true, true),
            ("::1", true, true),
            ("fd12::1", true, true),
            ("::ffff:10.0.0.1", true, true),
            ("8.8.8.8", false, true),
            ("2a00::1", false, true),
            ("::ffff:8.8.8.8", false, true),
            ("169.254.169.254", false, false),
            ("100.100.100.200", false, true),
            ("fd00:ec2::254", false, false),
            ("fe80::1", false, false),
            ("0.0.0.0", false, false),
        ] {
            let ip: IpAddr = ip.parse().unwrap();
            assert_eq!((may_call(ip, false), may_call(ip, true)), (plain, secure), "{ip}");
        }
    }
}
