//! Authenticates requests. `X-Chatwoot-Signature` is `sha256=` and the hex of HMAC-SHA256 over `timestamp.body`; the key is
//! the secret as text. Releases before 4.11.2 sign nothing: there a secret address is the proof.

use crate::config::Config;
use hmac::{Hmac, KeyInit, Mac};
use lastword_contract::{Millis, RawRequest};
use secrecy::ExposeSecret;
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Maximum difference between the signed time and ours. More means a replay or a wrong clock.
const SKEW_MAX: Millis = 5 * 60_000;

/// The secret is correct, but the time is not.
const CLOCK: &str = "the secret is right, but the clocks of Chatwoot and this machine are more than five minutes apart: set both by NTP";

/// Verifies that the request is from Chatwoot.
///
/// # Errors
/// The missing or wrong part.
pub(crate) fn check(config: &Config, request: &RawRequest) -> Result<(), &'static str> {
    let path = config.path.as_ref().zip(request.headers.get("x-lastword-path"));
    if path.is_some_and(|(kept, shown)| kept.expose_secret().as_bytes().ct_eq(shown.as_bytes()).into()) {
        return Ok(());
    }
    let Some(secret) = &config.secret else { return Err("the last part of the address") };
    let timestamp = request.headers.get("x-chatwoot-timestamp").ok_or("x-chatwoot-timestamp is missing")?;
    let signature = request.headers.get("x-chatwoot-signature").ok_or("x-chatwoot-signature is missing")?;
    let signature = signature.strip_prefix("sha256=").and_then(|signature| hex::decode(signature).ok()).ok_or("x-chatwoot-signature")?;
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.expose_secret().as_bytes()).expect("HMAC takes keys of any length");
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(&request.body);
    mac.verify_slice(&signature).map_err(|_| "x-chatwoot-signature is not made with the secret of this connection")?;
    // Only callers with the correct secret get this far, so nobody else learns about our clock.
    let seconds: i64 = timestamp.parse().map_err(|_| "x-chatwoot-timestamp is no number of seconds")?;
    if (request.received_at - seconds.saturating_mul(1_000)).abs() > SKEW_MAX {
        return Err(CLOCK);
    }
    Ok(())
}
