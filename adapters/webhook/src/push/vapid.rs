//! Who we are to a push service: a key pair whose public half a browser was given when it was switched on, so that nobody else can
//! write to it, and a short-lived signed token with each message (RFC 8292).

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

/// It is made from nothing in the settings.
pub(super) const MADE_FROM: &str = "web_push";
/// A hundred years: all browsers would have to be switched on again with another one.
pub(super) const LASTS: Millis = 100 * 365 * 24 * 3_600_000;
/// Push services take tokens of up to a day.
const TOKEN_SECS: i64 = 12 * 3600;

pub(super) struct VapidKey(SecretKey);

impl VapidKey {
    pub(super) fn new() -> Self {
        Self(SecretKey::random(&mut OsRng))
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        SecretKey::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok().map(Self)
    }

    /// For the vault alone.
    pub(super) fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.to_bytes())
    }

    /// What a browser needs to be switched on for us.
    pub(super) fn public(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.public_key().to_encoded_point(false).as_bytes())
    }

    /// The header that says to the push service of `endpoint`, at `at`, that it is us.
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
