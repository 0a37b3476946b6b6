//! A room: its service, its address, and which addresses are accepted.

use lastword_contract::Address;
use lastword_contract::address_filter::{AddressRule, is_allowed, may_call};
use std::net::IpAddr;
use url::{Host, Url};

/// A chat service with rooms, or a push service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// Slack, by an incoming webhook.
    Slack,
    /// Mattermost, by an incoming webhook.
    Mattermost,
    /// Rocket.Chat, by an incoming webhook.
    RocketChat,
    /// Zulip, by its Slack-compatible webhook.
    Zulip,
    /// Microsoft Teams, by a workflow.
    Teams,
    /// Discord, by a webhook.
    Discord,
    /// Google Chat, by a webhook of a space.
    GoogleChat,
    /// ntfy, by topic.
    Ntfy,
    /// Gotify, by application.
    Gotify,
    /// Matrix, by a room and an access token.
    Matrix,
    /// PagerDuty, by a routing key of Events v2.
    PagerDuty,
}

impl Service {
    /// All services.
    pub const ALL: [Service; 11] = [
        Service::Slack,
        Service::Mattermost,
        Service::RocketChat,
        Service::Zulip,
        Service::Teams,
        Service::Discord,
        Service::GoogleChat,
        Service::Ntfy,
        Service::Gotify,
        Service::Matrix,
        Service::PagerDuty,
    ];

    /// The name in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Service::Slack => "slack",
            Service::Mattermost => "mattermost",
            Service::RocketChat => "rocketchat",
            Service::Zulip => "zulip",
            Service::Teams => "teams",
            Service::Discord => "discord",
            Service::GoogleChat => "google_chat",
            Service::Ntfy => "ntfy",
            Service::Gotify => "gotify",
            Service::Matrix => "matrix",
            Service::PagerDuty => "pagerduty",
        }
    }

    /// Parses [`Service::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|service| service.as_str() == text)
    }
}

/// A room.
pub(crate) struct Place {
    pub(crate) service: Service,
    /// The URL of the hook or the server.
    pub(crate) url: Url,
    /// A token, if the service requires one.
    pub(crate) token: Option<String>,
    /// The topic or room on a server.
    pub(crate) room: String,
}

/// The URL of PagerDuty's events, unless the address is the European one.
const PAGERDUTY: &str = "https://events.pagerduty.com/v2/enqueue";
/// Maximum length of an address.
const URL_MAX: usize = 2_000;
/// Maximum length of a token.
const TOKEN_MAX: usize = 1_000;

impl Place {
    /// Parses an address.
    ///
    /// # Errors
    /// A sentence that starts with `service`, `url` or `token`, and a colon.
    pub(crate) fn read(address: &Address, rule: AddressRule) -> Result<Self, &'static str> {
        let service =
            address.via.as_deref().and_then(Service::parse).ok_or(
                "service: Use slack, mattermost, rocketchat, zulip, teams, discord, google_chat, ntfy, gotify, matrix or pagerduty.",
            )?;
        let token = address.user.as_deref().map(str::trim).filter(|token| !token.is_empty());
        if token.is_some_and(|token| token.len() > TOKEN_MAX || !token.bytes().all(|byte| byte.is_ascii_graphic())) {
            return Err("token: It holds characters that no token has, or is longer than 1,000 characters: copy it again.");
        }
        let typed = match address.chat.trim() {
            "" if service == Service::PagerDuty => PAGERDUTY,
            typed => typed,
        };
        let url = checked(typed, rule)?;
        let place = Place { service, url, token: token.map(str::to_owned), room: String::new() };
        place.with_room()?.with_token()
    }

    /// The address in its stored form.
    pub(crate) fn address(&self) -> Address {
        let mut url = self.url.clone();
        match self.service {
            Service::Ntfy | Service::Matrix => {
                if let Ok(mut segments) = url.path_segments_mut() {
                    segments.pop_if_empty().push(&self.room);
                }
            }
            _ => {}
        }
        Address { chat: url.into(), user: self.token.clone(), via: Some(self.service.as_str().to_owned()) }
    }

    /// `true` for a self-hosted server: rules for a service's own hosts do not apply to it.
    fn is_own_server(&self) -> bool {
        match self.url.host() {
            Some(Host::Ipv4(ip)) => !is_allowed(IpAddr::V4(ip), AddressRule::PublicOnly),
            Some(Host::Ipv6(ip)) => !is_allowed(IpAddr::V6(ip), AddressRule::PublicOnly),
            Some(Host::Domain(name)) => self.url.scheme() == "http" || name == "localhost",
            None => false,
        }
    }

    fn with_room(mut self) -> Result<Self, &'static str> {
        let host = self.url.host_str().unwrap_or_default().to_owned();
        let path = self.url.path().to_owned();
        let query = |name: &str| self.url.query_pairs().any(|(key, value)| key == name && !value.is_empty());
        let is_host = |hosts: &[&str]| self.is_own_server() || hosts.contains(&host.as_str());
        let fits = match self.service {
            Service::Slack if !is_host(&["hooks.slack.com", "hooks.slack-gov.com"]) || !path.starts_with("/services/") => {
                Err("url: A Slack hook begins with https://hooks.slack.com/services/.")
            }
            Service::Mattermost if !path.contains("/hooks/") => Err("url: A Mattermost hook looks like https://chat.example.com/hooks/ID."),
            Service::RocketChat if !path.contains("/hooks/") => {
                Err("url: A Rocket.Chat hook looks like https://chat.example.com/hooks/ID/TOKEN.")
            }
            Service::Zulip if !path.ends_with("/api/v1/external/slack_incoming") || !query("api_key") => Err(
                "url: Use Zulip's Slack-compatible hook: https://chat.example.com/api/v1/external/slack_incoming?api_key=…&stream=…&topic=….",
            ),
            Service::Teams if host.ends_with("webhook.office.com") || host == "outlook.office.com" => Err(
                "url: Microsoft has switched off connectors of this kind. Make a workflow in Teams (\"Post to a channel when a webhook \
                 request is received\") and use its address.",
            ),
            Service::Teams if !query("sig") => Err("url: The address of a Teams workflow is long and holds sig=: copy the whole of it."),
            Service::Discord
                if !is_host(&["discord.com", "discordapp.com", "ptb.discord.com", "canary.discord.com"])
                    || !path.starts_with("/api/webhooks/") =>
            {
                Err("url: A Discord webhook begins with https://discord.com/api/webhooks/.")
            }
            Service::GoogleChat
                if !is_host(&["chat.googleapis.com"]) || !path.starts_with("/v1/spaces/") || !query("key") || !query("token") =>
            {
                Err("url: A webhook of a Google Chat space looks like https://chat.googleapis.com/v1/spaces/…/messages?key=…&token=….")
            }
            Service::PagerDuty if !is_host(&["events.pagerduty.com", "events.eu.pagerduty.com"]) || path != "/v2/enqueue" => {
                Err("url: Leave it empty, or use https://events.eu.pagerduty.com/v2/enqueue for a European account.")
            }
            _ => Ok(()),
        };
        fits?;
        match self.service {
            Service::Ntfy => self.room = last_segment(&mut self.url).filter(|topic| is_topic(topic)).ok_or(NTFY)?,
            Service::Matrix => {
                let room = fragment(&mut self.url).or_else(|| last_segment(&mut self.url));
                self.room = room.filter(|room| room.starts_with('!') && room.len() <= 255).ok_or(MATRIX)?;
            }
            _ => self.url.set_fragment(None),
        }
        Ok(self)
    }

    fn with_token(mut self) -> Result<Self, &'static str> {
        match (self.service, self.token.as_deref()) {
            (Service::Gotify, None) => Err("token: Gotify wants the token of an application."),
            (Service::Matrix, None) => Err("token: Matrix wants the access token of the account that posts in the room."),
            (Service::PagerDuty, Some(key)) if key.len() != 32 || !key.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
                Err("token: A routing key of PagerDuty's Events API v2 has 32 letters and digits.")
            }
            (Service::PagerDuty, None) => Err("token: PagerDuty wants the routing key of an Events API v2 integration."),
            (Service::Gotify | Service::Matrix | Service::PagerDuty | Service::Ntfy, _) => Ok(self),
            // For all others, the URL of the hook is the secret.
            _ => {
                self.token = None;
                Ok(self)
            }
        }
    }
}

const NTFY: &str = "url: The address of an ntfy topic looks like https://ntfy.sh/my-topic.";
const MATRIX: &str = "url: The address of a Matrix room looks like https://matrix.example.org/!room:example.org: its server, and the room's \
                      internal ID (in Element: room settings, Advanced).";

fn checked(typed: &str, rule: AddressRule) -> Result<Url, &'static str> {
    if typed.len() > URL_MAX {
        return Err("url: It is longer than 2,000 characters.");
    }
    let url = Url::parse(typed).map_err(|_| "url: It is no address: copy the whole of it, with https://.")?;
    match url.scheme() {
        "https" => {}
        "http" if rule == AddressRule::PrivateToo => {}
        "http" => {
            return Err(
                "url: It has to begin with https://. For a server of your own, set connections.rooms.allow_private_networks = true.",
            );
        }
        _ => return Err("url: It has to begin with https://."),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("url: It must not hold a user or a password.");
    }
    if !may_call(&url, rule) {
        return Err("url: It points to an address inside a private network. For a server of your own, set \
             connections.rooms.allow_private_networks = true.");
    }
    Ok(url)
}

/// Removes the last path segment, and returns it decoded.
fn last_segment(url: &mut Url) -> Option<String> {
    let last = url.path_segments()?.rfind(|segment| !segment.is_empty())?.to_owned();
    url.path_segments_mut().ok()?.pop_if_empty().pop();
    decoded(&last)
}

/// Removes the fragment and returns the room in it, as in links of Matrix clients (`#/!room:server`).
fn fragment(url: &mut Url) -> Option<String> {
    let fragment = url.fragment()?.trim_start_matches('/').to_owned();
    url.set_fragment(None);
    decoded(&fragment)
}

fn decoded(part: &str) -> Option<String> {
    let bytes: Vec<u8> =
        url::form_urlencoded::parse(format!("a={}", part.replace('+', "%2B")).as_bytes()).next()?.1.into_owned().into_bytes();
    String::from_utf8(bytes).ok().filter(|text| !text.is_empty())
}

fn is_topic(topic: &str) -> bool {
    (1..=64).contains(&topic.len()) && topic.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}
