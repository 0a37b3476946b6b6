//! Authenticates requests: a signature, a key, or a secret address.

use crate::config::Config;
use base64::Engine;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::engine::{DecodePaddingMode, general_purpose};
use hmac::{Hmac, KeyInit, Mac};
use lastword_contract::{Millis, RawRequest};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Maximum difference between the signed time and ours. More means a replay or a wrong clock.
const SKEW_MAX: Millis = 5 * 60_000;
/// Minimum bytes of a secret: 192 bits, as the standard requires.
const SECRET_MIN_BYTES: usize = 24;
/// Maximum signatures read of one header; a rotation needs two.
const SIGNATURES_MAX: usize = 10;
/// Secrets are pasted by people, so a missing `=` is accepted.
const FORGIVING: GeneralPurpose =
    GeneralPurpose::new(&ALPHABET, GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent));

/// Proofs that a call is from the desk. The debug format omits them.
#[derive(Debug)]
pub(crate) struct Proof {
    secrets: Vec<SecretSlice<u8>>,
    key: Option<SecretString>,
    path: Option<SecretString>,
}

impl Proof {
    /// The proofs of the settings.
    ///
    /// # Errors
    /// A sentence for the admin, without the secret.
    pub(crate) fn new(config: &Config) -> Result<Self, String> {
        let secrets = config.secret.iter().chain(&config.previous_secret).map(parse_secret).collect::<Result<_, _>>()?;
        Ok(Self { secrets, key: config.key.clone(), path: config.path.clone() })
    }

    /// Verifies that the request has one of the proofs.
    ///
    /// # Errors
    /// The missing or wrong part.
    pub(crate) fn check(&self, request: &RawRequest) -> Result<(), &'static str> {
        if self.by_key(request) || self.by_path(request) {
            return Ok(());
        }
        if self.secrets.is_empty() {
            return Err("no right key or path");
        }
        self.by_signature(request)
    }

    fn by_key(&self, request: &RawRequest) -> bool {
        let Some(key) = &self.key else { return false };
        let authorization = request.headers.get("authorization").unwrap_or_default();
        let (scheme, value) = authorization.split_once(' ').unwrap_or(("", authorization));
        let basic = || {
            let decoded = general_purpose::STANDARD.decode(value.trim()).ok()?;
            let text = String::from_utf8(decoded).ok()?;
            text.split_once(':').map(|(_, password)| password.to_owned())
        };
        let shown = if scheme.eq_ignore_ascii_case("basic") { basic() } else { Some(value.trim().to_owned()) };
        let bare = request.headers.get("x-api-key").map(|value| value.trim().to_owned());
        [shown, bare].into_iter().flatten().any(|shown| same(&shown, key))
    }

    fn by_path(&self, request: &RawRequest) -> bool {
        let Some(path) = &self.path else { return false };
        request.headers.get("x-lastword-path").is_some_and(|shown| same(shown, path))
    }

    fn by_signature(&self, request: &RawRequest) -> Result<(), &'static str> {
        // The standard originates from Svix, whose header names some libraries still send.
        let header = |name: &str| request.headers.get(&format!("webhook-{name}")).or_else(|| request.headers.get(&format!("svix-{name}")));
        let id = header("id").ok_or("webhook-id is missing")?;
        let timestamp = header("timestamp").ok_or("webhook-timestamp is missing")?;
        let signatures = header("signature").ok_or("webhook-signature is missing")?;
        let seconds: i64 = timestamp.trim().parse().map_err(|_| "webhook-timestamp is no number of seconds")?;
        if (request.received_at - seconds.saturating_mul(1_000)).abs() > SKEW_MAX {
            return Err("webhook-timestamp is more than five minutes from now");
        }
        let right = signatures
            .split(' ')
            .take(SIGNATURES_MAX)
            .filter_map(|signature| general_purpose::STANDARD.decode(signature.strip_prefix("v1,")?).ok())
            .any(|signature| self.secrets.iter().any(|key| mac(key, id, timestamp, &request.body).verify_slice(&signature).is_ok()));
        if right { Ok(()) } else { Err("webhook-signature") }
    }
}

fn same(shown: &str, kept: &SecretString) -> bool {
    shown.as_bytes().ct_eq(kept.expose_secret().as_bytes()).into()
}

fn parse_secret(secret: &SecretString) -> Result<SecretSlice<u8>, String> {
    let text = secret.expose_secret().trim();
    let key = match text.strip_prefix("whsec_") {
        Some(encoded) => FORGIVING.decode(encoded).map_err(|_| "the secret is not base64 after whsec_".to_owned())?,
        None => text.as_bytes().to_vec(),
    };
    if key.len() < SECRET_MIN_BYTES {
        return Err(format!("a secret has to be at least {SECRET_MIN_BYTES} bytes; make one with: openssl rand -base64 32"));
    }
    Ok(key.into())
}

fn mac(key: &SecretSlice<u8>, id: &str, timestamp: &str, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key.expose_secret()).expect("HMAC takes keys of any length");
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    mac
}
