//! Our identity at push services: a key pair whose public half a browser receives when notifications are switched on, so
//! that only we can send to it, and a short-lived signed token with each message (RFC 8292).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lastword_contract::Millis;
use serde_json::json;
use url::Url;
use web_push_native::p256::SecretKey;
use web_push_native::p256::ecdsa::signature::Signer;
use web_push_native::p256::ecdsa::{Signature, SigningKey};
use web_push_native::p256::elliptic_curve::rand_core::OsRng;
use web_push_native::p256::elliptic_curve::sec1::ToEncodedPoint;

/// Marks the key as independent of the settings.
pub(super) const MADE_FROM: &str = "web_push";
/// A hundred years: with a new key, notifications would have to be switched on again in every browser.
pub(super) const LASTS: Millis = 100 * 365 * 24 * 3_600_000;
/// Lifetime of a token. Push services accept up to a day.
const TOKEN_SECS: i64 = 12 * 3600;

pub(super) struct VapidKey(SecretKey);

impl VapidKey {
    pub(super) fn new() -> Self {
        Self(SecretKey::random(&mut OsRng))
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        SecretKey::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok().map(Self)
    }

    /// Serializes the key for the vault.
    pub(super) fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.to_bytes())
    }

    /// The public key, which a browser needs for its subscription.
    pub(super) fn public(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.public_key().to_encoded_point(false).as_bytes())
    }

    /// The header that authenticates us to the push service of `endpoint` at `at`.
    pub(super) fn authorization(&self, endpoint: &Url, contact: Option<&str>, at: Millis) -> String {
        let mut claims = json!({ "aud": endpoint.origin().ascii_serialization(), "exp": at.div_euclid(1000) + TOKEN_SECS });
        if let Some(contact) = contact {
            claims["sub"] = json!(contact);
        }
        let part = |json: serde_json::Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let signed = format!("{}.{}", part(json!({ "typ": "JWT", "alg": "ES256" })), part(claims));
        let signature: Signature = SigningKey::from(&self.0).sign(signed.as_bytes());
        format!("vapid t={signed}.{}, k={}", URL_SAFE_NO_PAD.encode(signature.to_bytes()), self.public())
    }
}
