//! Web Push: a message to a browser with notifications switched on. It is sent through the push service of the browser's
//! vendor, which learns the time and the sender but cannot read it (RFC 8291): only the browser has the key. Messages are
//! signed with our own key (RFC 8292), which is created once and stored in the vault.
//!
//! An address is `chat`: the endpoint from the browser, `user`: its public key, `via`: its secret, both in base64url. An
//! endpoint comes from outside, so the same rules apply to it as to a webhook's URL.

mod subscriber;
mod vapid;

use self::subscriber::{Subscriber, encrypted};
use self::vapid::VapidKey;
use crate::error::{address_refused, judge};
use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lastword_contract::address_filter::{self, AddressRule, FilteredResolver, SystemResolver};
use lastword_contract::{Account, Address, Capabilities, Channel, Outgoing, Purpose, Rate, Receipt, SendError, TextLimit, Vault, Verdict};
use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE};
use reqwest::{RequestBuilder, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;

/// Lifetime of a message at the push service. A browser that is offline for longer gets none; the alert is on the page.
const WORTH_SECS: u32 = 12 * 3600;
const TIMEOUT: Duration = Duration::from_secs(10);
/// Push services accept 4096 bytes, of which the cipher needs about a hundred.
const BODY_CHARS_MAX: usize = 400;
/// Maximum length of the topic by which a push service identifies messages.
const TOPIC_CHARS: usize = 32;

/// Settings of Web Push. All have defaults, so the section is optional.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PushConfig {
    /// Contact for push services in case of problems: `mailto:…` or `https://…`. Default: our public address.
    #[serde(default)]
    pub contact: Option<String>,
    /// Allows push services in private networks or on this machine, also without TLS.
    #[serde(default)]
    pub allow_private_networks: bool,
}

/// Browsers in which people switched notifications on.
pub struct WebPush {
    name: String,
    contact: Option<String>,
    rule: AddressRule,
    http: reqwest::Client,
    vault: Arc<dyn Vault>,
}

impl std::fmt::Debug for WebPush {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebPush").field("name", &self.name).finish_non_exhaustive()
    }
}

impl WebPush {
    /// Creates the connection `name`, whose key is stored in `vault`. `public_url` is our public address.
    ///
    /// # Errors
    /// A sentence for the admin about the wrong setting.
    pub fn new(name: &str, config: PushConfig, vault: Arc<dyn Vault>, public_url: Option<&str>) -> Result<Self, String> {
        let is_contact = |contact: &String| contact.starts_with("mailto:") || contact.starts_with("https://");
        if config.contact.as_ref().is_some_and(|contact| !is_contact(contact)) {
            return Err("contact has to begin with mailto: or https://".to_owned());
        }
        let rule = if config.allow_private_networks { AddressRule::PrivateToo } else { AddressRule::PublicOnly };
        let http = address_filter::client(TIMEOUT, Arc::new(FilteredResolver { inner: Arc::new(SystemResolver), rule }))
            .https_only(rule == AddressRule::PublicOnly)
            .build()
            .map_err(|error| error.without_url().to_string())?;
        let contact = config.contact.or_else(|| public_url.map(str::to_owned).filter(is_contact));
        Ok(Self { name: name.to_owned(), contact, rule, http, vault })
    }

    /// Our key from the vault; created and stored if there is none.
    async fn key(&self) -> Result<VapidKey, SendError> {
        let unusable = |error: lastword_contract::VaultError| SendError::new(Verdict::RetryBackoff, "no_key", error.to_string());
        let kept = self.vault.open(&self.name, vapid::MADE_FROM).await.map_err(unusable)?;
        if let Some(key) = kept.and_then(|kept| VapidKey::read(&kept)) {
            return Ok(key);
        }
        self.vault.keep(&self.name, vapid::MADE_FROM, &VapidKey::new().text(), vapid::LASTS).await.map_err(unusable)?;
        // The stored key counts: another node may have created one at the same time.
        let kept = self.vault.open(&self.name, vapid::MADE_FROM).await.map_err(unusable)?;
        kept.and_then(|kept| VapidKey::read(&kept))
            .ok_or_else(|| SendError::new(Verdict::RetryBackoff, "no_key", "the key for Web Push could not be kept"))
    }

    async fn request(&self, outgoing: &Outgoing) -> Result<RequestBuilder, SendError> {
        let to = Subscriber::read(&outgoing.to, self.rule).map_err(|why| SendError::new(Verdict::RecipientGone, "not_a_browser", why))?;
        let body =
            encrypted(&to, payload(outgoing)).ok_or_else(|| SendError::new(Verdict::Refused, "not_sendable", "it cannot be encrypted"))?;
        let authorization = self.key().await?.authorization(&to.endpoint, self.contact.as_deref(), outgoing.at);
        let request = self.http.post(to.endpoint).header(AUTHORIZATION, authorization);
        let request = request.header(CONTENT_TYPE, "application/octet-stream").header(CONTENT_ENCODING, "aes128gcm");
        Ok(request.header("TTL", WORTH_SECS).header("Urgency", "high").header("Topic", topic(outgoing)).body(body))
    }
}

/// The topic: a waiting message with the same topic is replaced. The push service learns only that the topics are equal.
fn topic(outgoing: &Outgoing) -> String {
    let about = outgoing.data["tag"].as_str().unwrap_or(&outgoing.key);
    let mut topic = URL_SAFE_NO_PAD.encode(Sha256::digest(format!("{} {about}", outgoing.to.chat)));
    topic.truncate(TOPIC_CHARS);
    topic
}

/// Content of the notification: the first line of the text as the title, the rest as the body, and the facts.
fn payload(outgoing: &Outgoing) -> Vec<u8> {
    let (title, body) = outgoing.text.split_once('\n').unwrap_or((&outgoing.text, ""));
    let cut = |text: &str| TextLimit::Chars(BODY_CHARS_MAX).shorten(text);
    let mut message = outgoing.data.as_object().cloned().unwrap_or_else(Map::new);
    message.insert("title".to_owned(), json!(cut(title)));
    message.insert("body".to_owned(), json!(cut(body)));
    message.insert("lang".to_owned(), json!(outgoing.language));
    Value::Object(message).to_string().into_bytes()
}

#[async_trait]
impl Channel for WebPush {
    fn kind(&self) -> &'static str {
        "web_push"
    }

    fn capabilities(&self) -> Capabilities {
        // Recipients are only people who switched notifications on in their browser; nobody else enters a browser as a
        // recipient. A repeated message replaces itself.
        Capabilities { idempotent_sends: true, rate: Rate { per_second: 50.0, burst: 50, ..Rate::default() }, ..Capabilities::default() }
    }

    fn admit(&self, to: Address) -> Result<Address, &'static str> {
        Subscriber::read(&to, self.rule).map(|_| to)
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<Receipt, SendError> {
        if outgoing.purpose != Purpose::Alert {
            return Err(SendError::new(Verdict::Refused, "not_sendable", "browsers get alerts alone"));
        }
        let answer = self.request(outgoing).await?.send().await;
        let gone = |why| Err(SendError::new(Verdict::RecipientGone, "gone", why));
        match answer.as_ref().map(reqwest::Response::status) {
            Ok(StatusCode::NOT_FOUND | StatusCode::GONE) => return gone("the browser's push service no longer knows it"),
            // Notifications were switched on with an older key of ours, which no longer exists.
            Ok(StatusCode::FORBIDDEN) => return gone("the browser's push service does not take our key for it"),
            _ => {}
        }
        judge(answer.as_ref().map(|response| (response.status(), response.headers()))).map_err(|error| match error.verdict {
            // A problem with one push service, or one invalid endpoint, must not delay the others.
            Verdict::RetryAfter(_) | Verdict::ConnectionBroken => SendError { verdict: Verdict::RetryBackoff, ..error },
            // An endpoint whose name leads into our network is not a push service.
            _ if address_refused(&error) => SendError { verdict: Verdict::RecipientGone, ..error },
            _ => error,
        })?;
        Ok(Receipt::default())
    }

    async fn check(&self) -> Result<Account, SendError> {
        let note = self.rule == AddressRule::PrivateToo;
        let note = note.then(|| "This connection may call addresses inside private networks.".to_owned());
        Ok(Account { name: "browsers".to_owned(), notes: note.into_iter().collect(), ..Account::default() })
    }

    async fn public_key(&self) -> Result<Option<String>, SendError> {
        Ok(Some(self.key().await?.public()))
    }
}
