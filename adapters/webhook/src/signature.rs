//! Signs and verifies by [Standard Webhooks](https://www.standardwebhooks.com): HMAC-SHA256 over `id.timestamp.body`, in
//! base64, after `v1,`.

use base64::Engine;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use base64::engine::{DecodePaddingMode, general_purpose};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use sha2::Sha256;

/// Minimum bytes of a secret: 192 bits, as the standard requires.
const SECRET_MIN_BYTES: usize = 24;

/// Maximum signatures read of one header; a rotation needs two.
const SIGNATURES_MAX: usize = 10;

/// Secrets are pasted by people, so a missing `=` is accepted.
const FORGIVING: GeneralPurpose =
    GeneralPurpose::new(&ALPHABET, GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent));

/// Secrets of one connection, the current one first. The debug format omits them.
#[derive(Debug)]
pub struct Keys(Vec<SecretSlice<u8>>);

impl Keys {
    /// Parses the current secret and, during a rotation, the previous one: `whsec_` and base64, or raw text.
    ///
    /// # Errors
    /// A sentence for the admin, without the secret: invalid base64 after `whsec_`, or fewer than 24 bytes.
    pub fn parse(current: &SecretString, previous: Option<&SecretString>) -> Result<Self, String> {
        std::iter::once(current).chain(previous).map(parse_secret).collect::<Result<_, _>>().map(Self)
    }

    /// The value of `webhook-signature`: one signature per secret, separated by spaces.
    pub fn sign(&self, id: &str, timestamp_secs: i64, body: &[u8]) -> String {
        let sign = |key| format!("v1,{}", STANDARD.encode(mac(key, id, timestamp_secs, body).finalize().into_bytes()));
        self.0.iter().map(sign).collect::<Vec<_>>().join(" ")
    }

    /// True if one of the signatures in `header` is made with one of the secrets. Compares in constant time.
    pub fn verify(&self, header: &str, id: &str, timestamp_secs: i64, body: &[u8]) -> bool {
        header
            .split(' ')
            .take(SIGNATURES_MAX)
            .filter_map(|signature| general_purpose::STANDARD.decode(signature.strip_prefix("v1,")?).ok())
            .any(|signature| self.0.iter().any(|key| mac(key, id, timestamp_secs, body).verify_slice(&signature).is_ok()))
    }
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

fn mac(key: &SecretSlice<u8>, id: &str, timestamp_secs: i64, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key.expose_secret()).expect("HMAC takes keys of any length");
    mac.update(format!("{id}.{timestamp_secs}.").as_bytes());
    mac.update(body);
    mac
}
