//! The channel: its capabilities, its HTTP client, and its data for `lastword doctor`.

use crate::body::{body, message_id, not_sendable};
use crate::config::Config;
use crate::error::{self, judge};
use crate::signature::Keys;
use async_trait::async_trait;
use lastword_contract::address_filter::{self, FilteredResolver, SystemResolver};
use lastword_contract::{
    Account, Address, Capabilities, Channel, Outgoing, Rate, RawRequest, Receipt, Received, Rejected, SendError, phone,
};
use reqwest::StatusCode;
use reqwest::dns::{Name, Resolve};
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use std::sync::Arc;
use std::time::Duration;
use url::{Host, Url};

/// One configured receiver of webhooks.
pub struct Webhook {
    name: String,
    pub(crate) url: Url,
    pub(crate) keys: Keys,
    pub(crate) http: reqwest::Client,
    resolver: Arc<FilteredResolver>,
    config: Config,
}

/// Shows only the host, because the URL's path is often a secret.
impl std::fmt::Debug for Webhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Webhook").field("name", &self.name).field("host", &self.url.host_str()).finish_non_exhaustive()
    }
}

impl Webhook {
    /// Creates the connection `name` without calling the receiver.
    ///
    /// It has its own HTTP client, because a configured URL must not lead into our network: no redirects, no proxy from the
    /// environment, and addresses are filtered when connecting.
    ///
    /// # Errors
    /// A sentence for the admin about the wrong setting.
    pub fn new(name: impl Into<String>, config: Config) -> Result<Self, String> {
        Self::with_resolver(name, config, Arc::new(SystemResolver))
    }

    /// Like [`Webhook::new`], with another resolver. Its addresses are filtered too.
    ///
    /// # Errors
    /// Errors of [`Webhook::new`].
    pub fn with_resolver(name: impl Into<String>, config: Config, resolver: Arc<dyn Resolve>) -> Result<Self, String> {
        let name = name.into();
        let url = config.checked_url()?;
        let keys = Keys::parse(&config.secret, config.previous_secret.as_ref())?;
        let resolver = Arc::new(FilteredResolver { inner: resolver, rule: config.address_rule() });
        let timeout = Duration::from_secs(config.timeout_secs.into());
        let http = address_filter::client(timeout, resolver.clone())
            .https_only(!config.allow_http)
            .build()
            .map_err(|error| error.without_url().to_string())?;
        Ok(Self { name, url, keys, http, resolver, config })
    }

    /// Resolves the receiver's name without connecting.
    ///
    /// # Errors
    /// If the name has no address, or none that may be called.
    pub async fn look_up(&self) -> Result<(), SendError> {
        if let Some(Host::Domain(domain)) = self.url.host() {
            let name: Name = domain.parse().map_err(|_| error::not_resolved("the host is not a name"))?;
            let _addresses = self.resolver.resolve(name).await.map_err(|why| error::of_lookup(why.as_ref()))?;
        }
        Ok(())
    }

    /// Names of the events to which this receiver subscribed.
    pub fn events(&self) -> &[String] {
        &self.config.events
    }
}

#[async_trait]
impl Channel for Webhook {
    fn kind(&self) -> &'static str {
        "webhook"
    }

    /// Addresses are the receiver's own, except for spellings that only phone numbers and mail addresses have. Digits alone may be any ID.
    fn identity(&self, address: &Address) -> String {
        let chat = address.chat.trim();
        let is_plain = chat.bytes().all(|byte| byte.is_ascii_digit()) && !chat.starts_with("00");
        let digits = (!is_plain).then(|| phone::read(chat, None).ok()).flatten();
        digits.unwrap_or_else(|| if chat.matches('@').count() == 1 { chat.to_lowercase() } else { chat.to_owned() })
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            binary: true,
            five_star: true,
            choices_max: 100,
            // A link leads to a page that thanks and asks for the comment.
            edits: !self.config.links,
            comment_box: !self.config.links,
            free_text: true,
            reactions: true,
            edits_seen: true,
            deletions_seen: true,
            links: self.config.links,
            alerts: true,
            events: true,
            idempotent_sends: true,
            rate: Rate { per_second: self.config.per_second.into(), burst: self.config.per_second, ..Rate::default() },
            ..Capabilities::default()
        }
    }

    fn event_lines(&self) -> &[String] {
        &self.config.event_lines
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<Receipt, SendError> {
        send(self, outgoing).await
    }

    fn receive(&self, request: &RawRequest) -> Result<Received, Rejected> {
        crate::receive::receive(&self.keys, request)
    }

    /// Sends a `HEAD` request and accepts any response. It posts nothing, because a receiver would treat any post as an
    /// event. An unknown name, a closed port and an untrusted certificate are reported.
    async fn check(&self) -> Result<Account, SendError> {
        let host = self.url.host_str().unwrap_or_default();
        self.look_up().await?;
        error::reached(self.http.head(self.url.clone()).send().await)?;
        let notes = [
            (self.url.scheme() == "http", "Messages travel unencrypted: the URL is http, not https."),
            (self.config.allow_private_networks, "This connection may call addresses inside private networks."),
        ];
        let notes = notes.into_iter().filter(|(stands, _)| *stands).map(|(_, note)| note.to_owned()).collect();
        let rotated = self.config.previous_secret.is_some();
        let rotated = rotated.then(|| "The previous secret is still taken. Remove it when the receiver uses the new one.".to_owned());
        Ok(Account { name: host.to_owned(), warnings: rotated.into_iter().collect(), notes })
    }
}

/// Posts one message.
async fn send(webhook: &Webhook, outgoing: &Outgoing) -> Result<Receipt, SendError> {
    let id = HeaderValue::from_str(&outgoing.key).map_err(|_| not_sendable("the key does not fit a header"))?;
    let body = body(outgoing).ok_or_else(|| not_sendable("the time is out of range"))?;
    let at_secs = outgoing.at.div_euclid(1000);
    let answer = webhook
        .http
        .post(webhook.url.clone())
        .header(CONTENT_TYPE, "application/json")
        .header("webhook-id", id)
        .header("webhook-timestamp", at_secs)
        .header("webhook-signature", webhook.keys.sign(&outgoing.key, at_secs, &body))
        .body(body)
        .send()
        .await;
    let gone = |error: SendError, status: StatusCode| match (status, &outgoing.replaces) {
        (StatusCode::CONFLICT, Some(_)) => SendError { kind: SendError::NOT_EDITABLE, ..error },
        _ => error,
    };
    let status = answer.as_ref().map_or(StatusCode::OK, reqwest::Response::status);
    judge(answer.as_ref().map(|response| (response.status(), response.headers()))).map_err(|error| gone(error, status))?;
    let message_id = match answer {
        Ok(response) => message_id(response).await,
        Err(_) => None,
    };
    // An edit keeps the message's ID unless the receiver returns a new one.
    Ok(Receipt { message_id: message_id.or_else(|| outgoing.replaces.clone()), moved_to: None })
}
