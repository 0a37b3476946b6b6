//! The connection to all rooms.

use crate::answer::{Answer, judge, of_transport};
use crate::body::{Body, Call, call};
use crate::note::Note;
use crate::place::{Place, Service};
use async_trait::async_trait;
use lastword_contract::address_filter::{self, AddressRule, FilteredResolver, SystemResolver};
use lastword_contract::{Account, Address, Capabilities, Channel, Outgoing, Purpose, Rate, Receipt, SendError, Verdict};
use reqwest::dns::Resolve;
use reqwest::header::CONTENT_TYPE;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

/// Maximum number of bytes read of a response.
const ANSWER_MAX_BYTES: usize = 64 * 1024;
/// Minimum interval between messages in one room: the strictest services allow one per second.
const BETWEEN_MS: i64 = 1_000;

/// Settings of the connection to rooms. All have defaults, so it need not be in the settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Lets rooms be at servers inside private networks or on this machine, also without TLS: a Mattermost, ntfy or Gotify of your own.
    #[serde(default)]
    pub allow_private_networks: bool,
    /// Maximum duration of one call, in seconds (1 to 60).
    #[serde(default = "default_timeout_secs")]
    pub timeout_secs: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self { allow_private_networks: false, timeout_secs: default_timeout_secs() }
    }
}

fn default_timeout_secs() -> u32 {
    10
}

/// The connection to all rooms.
pub struct Rooms {
    rule: AddressRule,
    http: reqwest::Client,
}

impl std::fmt::Debug for Rooms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rooms").field("rule", &self.rule).finish_non_exhaustive()
    }
}

impl Rooms {
    /// Creates the connection without calling any service.
    ///
    /// It has its own HTTP client, because an address entered by a person must not reach internal networks: no redirects, no proxy from the
    /// environment, and addresses are filtered when connecting.
    ///
    /// # Errors
    /// A sentence for the admin that names the setting.
    pub fn new(config: &Config) -> Result<Self, String> {
        Self::with_resolver(config, Arc::new(SystemResolver))
    }

    /// Like [`Rooms::new`], with another resolver. Its addresses are filtered too.
    ///
    /// # Errors
    /// Same as [`Rooms::new`].
    pub fn with_resolver(config: &Config, resolver: Arc<dyn Resolve>) -> Result<Self, String> {
        if !(1..=60).contains(&config.timeout_secs) {
            return Err("timeout_secs has to be 1 to 60".to_owned());
        }
        let rule = if config.allow_private_networks { AddressRule::PrivateToo } else { AddressRule::PublicOnly };
        let timeout = Duration::from_secs(config.timeout_secs.into());
        let http = address_filter::client(timeout, Arc::new(FilteredResolver { inner: resolver, rule }))
            .https_only(rule == AddressRule::PublicOnly)
            .build()
            .map_err(|error| error.without_url().to_string())?;
        Ok(Self { rule, http })
    }

    async fn post(&self, call: Call) -> Result<(reqwest::StatusCode, reqwest::header::HeaderMap, Vec<u8>), reqwest::Error> {
        let mut request = self.http.request(call.method, call.url);
        for (name, value) in call.headers {
            request = request.header(name, value);
        }
        let request = match call.body {
            Body::Json(body) => request.header(CONTENT_TYPE, "application/json").body(body.to_string()),
        };
        let mut response = request.send().await?;
        let (status, headers, mut answer) = (response.status(), response.headers().clone(), Vec::new());
        // The status is known, so an error in the rest of the response does not make the result unknown.
        while let Ok(Some(part)) = response.chunk().await {
            answer.extend_from_slice(&part);
            if answer.len() > ANSWER_MAX_BYTES {
                break;
            }
        }
        Ok((status, headers, answer))
    }
}

#[async_trait]
impl Channel for Rooms {
    fn kind(&self) -> &'static str {
        "room"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            alerts: true,
            parts: true,
            chats_apart: true,
            rate: Rate { per_second: 50.0, burst: 50, per_chat_ms: BETWEEN_MS, ..Rate::default() },
            ..Capabilities::default()
        }
    }

    /// The error starts with the part of the address that it is about: `service`, `url` or `token`, and a colon.
    fn admit(&self, to: Address) -> Result<Address, &'static str> {
        Place::read(&to, self.rule).map(|place| place.address())
    }

    fn keeps_state(&self, to: &Address) -> bool {
        to.via.as_deref() == Some(Service::PagerDuty.as_str())
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<Receipt, SendError> {
        if matches!(outgoing.purpose, Purpose::Event(_) | Purpose::Question(_)) {
            return Err(SendError::new(Verdict::Refused, "not_sendable", "rooms get alerts alone"));
        }
        let place = Place::read(&outgoing.to, self.rule)
            .map_err(|why| SendError::new(Verdict::RecipientGone, "not_a_room", format!("the room's address cannot be used: {why}")))?;
        let call = call(&place, &Note::of(outgoing)).map_err(|why| SendError::new(Verdict::Refused, "not_sendable", why))?;
        match self.post(call).await {
            Ok((status, headers, body)) => judge(place.service, &Answer { status, headers: &headers, body: &body }),
            Err(error) => Err(of_transport(&error)),
        }
    }

    async fn check(&self) -> Result<Account, SendError> {
        let note = self.rule == AddressRule::PrivateToo;
        let note = note.then(|| "This connection may call addresses inside private networks.".to_owned());
        Ok(Account { name: "rooms".to_owned(), notes: note.into_iter().collect(), ..Account::default() })
    }
}
