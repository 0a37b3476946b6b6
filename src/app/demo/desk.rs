//! The demo's stand-in for Chatwoot in the composition: a connection of its kind in the settings, set up as by `lastword
//! desk setup chatwoot`, and the task that posts its webhooks.

use crate::app::{DESKS, StartError};
use crate::id::Ids;
use crate::life::Engine;
use hmac::{Hmac, KeyInit, Mac};
use lastword_contract::SetUp;
use lastword_demo::cast::{LIVE_LINE, SHOP, operator_on_duty};
use lastword_demo::page::{Desk, Post};
use sha2::Sha256;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio_util::sync::CancellationToken;

/// Name of the connection, and its kind.
const CHATWOOT: &str = "chatwoot";
/// Timeout of Chatwoot's webhooks, which are not retried.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// Seconds that a rating waits for a reason before the operator sees it: short, because visitors watch the screen.
const NOTE_AFTER: u32 = 4;

/// Address and secrets of the stand-in.
pub(super) struct Chatwoot {
    base: String,
    token: String,
    secret: String,
}

impl Chatwoot {
    /// Creates one on the server at `base`; `None` if this build lacks the adapter.
    pub(super) fn new(base: String, ids: &Ids) -> Option<Self> {
        let has = DESKS.contains(&CHATWOOT);
        has.then(|| Self { base, token: hex::encode(ids.bytes::<24>()), secret: hex::encode(ids.bytes::<24>()) })
    }

    /// Settings of the connection, as a person would write them.
    pub(super) fn settings(&self) -> String {
        let Self { base, token, secret } = self;
        format!(
            "[connections.{CHATWOOT}]\nkind = \"{CHATWOOT}\"\nurl = \"{base}/demo/chatwoot\"\ntoken = \"{token}\"\nsecret = \"{secret}\"\n\
             line = {LIVE_LINE:?}\nfrontend_url = \"{base}\"\nnote_after_secs = {NOTE_AFTER}\n"
        )
    }

    /// The stand-in, and its webhooks.
    pub(super) fn open(&self) -> (Desk, UnboundedReceiver<Post>) {
        Desk::new(CHATWOOT, SHOP, &operator_on_duty(), &self.token, &self.secret)
    }

    /// Sets it up. If that fails, for instance because of a proxy on the machine, the operator's column has no desk.
    pub(super) async fn set_up(&self, engine: &Engine) {
        let Some(at_desk) = engine.desks.get(&CHATWOOT.into()) else { return };
        let hook_url = Some(format!("{}/hooks/{CHATWOOT}", self.base));
        if let Err(error) = at_desk.desk.set_up(&SetUp { hook_url, native_off: false, change: true }).await {
            tracing::warn!(
                kind = error.kind,
                detail = error.detail,
                "the demo's Chatwoot could not be set up; the operator works without it"
            );
        }
    }

    /// The task that posts its webhooks.
    ///
    /// # Errors
    /// If the HTTP client cannot be created.
    pub(super) fn carrier(&self, engine: &Engine) -> Result<Carrier, StartError> {
        let http = reqwest::Client::builder().no_proxy().timeout(ANSWER_WITHIN).build();
        let http = http.map_err(|error| StartError::Other(format!("cannot make an HTTP client: {error}")))?;
        Ok(Carrier { engine: engine.clone(), http, secret: self.secret.clone() })
    }
}

/// Posts webhooks in order, signed as by Chatwoot.
pub(super) struct Carrier {
    engine: Engine,
    http: reqwest::Client,
    secret: String,
}

impl Carrier {
    /// Runs until `stop`.
    pub(super) async fn carry(self, mut posts: UnboundedReceiver<Post>, stop: CancellationToken) {
        loop {
            let post = tokio::select! {
                post = posts.recv() => post,
                () = stop.cancelled() => None,
            };
            let Some(post) = post else { return };
            if let Err(error) = self.post(post).await {
                tracing::warn!(error = %error.without_url(), "a webhook of the demo's Chatwoot failed; the change will be found later");
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
            .header("x-chatwoot-delivery", self.engine.ids.text(now));
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
