//! The desk's side of the wire, written from the standard: what it signs and sends.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use lastword_contract::{Headers, Millis, RawRequest};
use lastword_desk::{AnyDesk, Config};
use reqwest::Client;
use serde_json::{Value, json};
use sha2::Sha256;

/// `lastword-close-v1-test-key-0123`, in base64 behind the standard's prefix.
pub(crate) const SECRET: &str = "whsec_bGFzdHdvcmQtY2xvc2UtdjEtdGVzdC1rZXktMDEyMw==";
/// 2026-11-22T09:20:00Z.
pub(crate) const NOW: Millis = 1_795_339_200_000;

pub(crate) fn config(value: Value) -> Config {
    serde_json::from_value(value).unwrap()
}

pub(crate) fn desk() -> AnyDesk {
    AnyDesk::new(config(json!({ "secret": SECRET })), Client::new()).unwrap()
}

pub(crate) fn request(headers: &[(&str, &str)], body: &[u8], received_at: Millis) -> RawRequest {
    let headers = Headers::new(headers.iter().map(|(name, value)| (*name, *value)));
    RawRequest { method: "POST".to_owned(), query: String::new(), headers, body: body.to_vec(), received_at }
}

pub(crate) fn signature(id: &str, seconds: i64, body: &[u8]) -> String {
    let key = STANDARD.decode(SECRET.strip_prefix("whsec_").unwrap()).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{id}.{seconds}.").as_bytes());
    mac.update(body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// As the standard signs it.
pub(crate) fn signed(id: &str, body: &[u8]) -> RawRequest {
    let (seconds, signature) = (NOW / 1_000, signature(id, NOW / 1_000, body));
    let timestamp = seconds.to_string();
    request(&[("webhook-id", id), ("webhook-timestamp", &timestamp), ("webhook-signature", &signature)], body, NOW)
}
