//! The demo's stand-in for Chatwoot as the composition sees it: a connection of its kind in the settings, made ready as by `lastword
//! desk setup chatwoot`, and the post that carries its webhooks.

use crate::app::{DESKS, StartError};
use crate::id::Ids;
use crate::life::Engine;
use hmac::{Hmac, KeyInit, Mac};
use lastword_contract::SetUp;
use lastword_demo::cast::{LIVE_LINE, SHOP, operator_on_duty};
use lastword_demo::page::{Desk, Post};
use sha2::Sha256;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio_util::sync::CancellationToken;

/// The connection, and its kind.
const CHATWOOT: &str = "chatwoot";
/// Chatwoot waits so long for an answer to a webhook, and tries no second time.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// How long a rating waits for a reason before the operator sees it, in seconds: people who try it look at the screen.
const NOTE_AFTER: u32 = 4;

/// The stand-in's address and secrets.
pub(super) struct Chatwoot {
    base: String,
    token: String,
    secret: String,
}

impl Chatwoot {
    /// One on the server that listens on `address`; none where this build has no adapter for it.
    pub(super) fn new(address: SocketAddr, ids: &Ids) -> Option<Self> {
        DESKS.contains(&CHATWOOT).then(|| {
            let ip = if address.ip().is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { address.ip() };
            let base = format!("http://{}", SocketAddr::new(ip, address.port()));
            Self { base, token: hex::encode(ids.bytes::<24>()), secret: hex::encode(ids.bytes::<24>()) }
        })
    }

    /// The connection, as a person would write it.
    pub(super) fn settings(&self) -> String {
        let Self { base, token, secret } = self;
        format!(
            "[connections.{CHATWOOT}]\nkind = \"{CHATWOOT}\"\nurl = \"{base}/demo/chatwoot\"\ntoken = \"{token}\"\nsecret = \"{secret}\"\n\
             line = {LIVE_LINE:?}\nfrontend_url = \"{base}\"\nnote_after_secs = {NOTE_AFTER}\n"
        )
    }

    /// The stand-in, and what it posts.
    pub(super) fn open(&self) -> (Desk, UnboundedReceiver<Post>) {
        Desk::new(CHATWOOT, SHOP, &operator_on_duty(), &self.token, &self.secret)
    }

    /// Makes it ready. Where that fails, for instance since a proxy of the machine is between, the operator's column stays plain.
    pub(super) async fn set_up(&self, engine: &Engine) {
        let Some(at_desk) = engine.desks.get(CHATWOOT) else { return };
        let hook_url = Some(format!("{}/hooks/{CHATWOOT}", self.base));
        if let Err(error) = at_desk.desk.set_up(&SetUp { hook_url, native_off: false, change: true }).await {
            tracing::warn!(
                kind = error.kind,
                detail = error.detail,
                "the demo's Chatwoot could not be set up; the operator works without it"
            );
        }
    }

    /// The one who carries its webhooks.
    ///
    /// # Errors
    /// When there can be no HTTP client.
    pub(super) fn carrier(&self, engine: &Engine) -> Result<Carrier, StartError> {
        let http = reqwest::Client::builder().no_proxy().timeout(ANSWER_WITHIN).build();
        let http = http.map_err(|error| StartError::Other(format!("cannot make an HTTP client: {error}")))?;
        Ok(Carrier { engine: engine.clone(), http, secret: self.secret.clone() })
    }
}

/// Posts webhooks one after another, signed as Chatwoot signs.
pub(super) struct Carrier {
    engine: Engine,
    http: reqwest::Client,
    secret: String,
}

impl Carrier {
    /// Carries until `stop`.
    pub(super) async fn carry(self, mut posts: UnboundedReceiver<Post>, stop: CancellationToken) {
        loop {
            let post = tokio::select! {
                post = posts.recv() => post,
                () = stop.cancelled() => None,
            };
            let Some(post) = post else { return };
            if let Err(error) = self.post(post).await {
                tracing::warn!(error = %error.without_url(), "a webhook of the demo's Chatwoot did not arrive; it is found later");
            }
        }
    }

    async fn post(&self, Post { url, body }: Post) -> Result<(), reqwest::Error> {
        let now = self.engine.now();
        let timestamp = now.div_euclid(1_000).to_string();
        let call = self.http.post(url).header("content-type", "application/json");
        let call = call
            .header("x-chatwoot-signature", format!("sha256={}", sign(&self.secret, &timestamp, &body)))
            .header("x-chatwoot-timestamp", timestamp)
            .header("x-chatwoot-delivery", self.engine.ids.next(now));
        call.body(body).send().await?.error_for_status().map(drop)
    }
}

fn sign(secret: &str, timestamp: &str, body: &str) -> String {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}
