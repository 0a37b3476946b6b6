//! Authenticates webhooks by Meta's handshake and by its signature over the raw bytes.

use hmac::{Hmac, KeyInit, Mac};
use lastword_contract::{RawRequest, Received, Rejected, json};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Meta's challenge is a number of about ten digits.
const CHALLENGE_BYTES_MAX: usize = 256;

/// Verifies the webhooks of one account.
pub(crate) struct Verifier {
    app_secret: SecretString,
    verify_token: Option<SecretString>,
}

/// A verified request.
pub(crate) enum Verified {
    /// The webhook's address is being saved at Meta; this is the response.
    Handshake(Received),
    /// A body signed by Meta.
    Signed(Value),
}

impl Verifier {
    pub(crate) fn new(app_secret: SecretString, verify_token: Option<SecretString>) -> Self {
        Self { app_secret, verify_token }
    }

    /// Verifies a request and parses its body.
    pub(crate) fn verify(&self, request: &RawRequest) -> Result<Verified, Rejected> {
        if request.method.eq_ignore_ascii_case("GET") {
            return self.handshake(&request.query).map(Verified::Handshake);
        }
        let signature = request.headers.get("x-hub-signature-256").ok_or(Rejected::Unsigned("X-Hub-Signature-256"))?;
        if !self.signed(signature, &request.body) {
            return Err(Rejected::Unsigned("X-Hub-Signature-256"));
        }
        // The parser's message may quote the body.
        let read = json::read(&request.body).map_err(|error| {
            Rejected::Unreadable(format!("{:?} error in JSON at line {} column {}", error.classify(), error.line(), error.column()))
        })?;
        let body = read.value;
        match body["entry"].is_array() {
            true => Ok(Verified::Signed(body)),
            false => Err(Rejected::Unreadable("there is no list `entry`".to_owned())),
        }
    }

    fn handshake(&self, query: &str) -> Result<Received, Rejected> {
        let value = |name: &str| url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value);
        let ours = self.verify_token.as_ref().ok_or(Rejected::Unsigned("hub.verify_token"))?;
        let theirs = value("hub.verify_token").ok_or(Rejected::Unsigned("hub.verify_token"))?;
        let same: bool = ours.expose_secret().as_bytes().ct_eq(theirs.as_bytes()).into();
        if !same || value("hub.mode").as_deref() != Some("subscribe") {
            return Err(Rejected::Unsigned("hub.verify_token"));
        }
        let challenge = value("hub.challenge").filter(|challenge| {
            (1..=CHALLENGE_BYTES_MAX).contains(&challenge.len())
                && challenge.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
        });
        let challenge = challenge.ok_or(Rejected::Unsigned("hub.challenge"))?;
        Ok(Received { events: Vec::new(), reply: challenge.into_owned() })
    }

    /// True if `signature` (`sha256=` and hex) is valid for exactly these bytes. Compares in constant time.
    fn signed(&self, signature: &str, body: &[u8]) -> bool {
        let Some(claimed) = signature.strip_prefix("sha256=").and_then(|hex| hex::decode(hex).ok()) else { return false };
        let key = self.app_secret.expose_secret().as_bytes();
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("HMAC takes keys of any length");
        mac.update(body);
        mac.verify_slice(&claimed).is_ok()
    }
}
