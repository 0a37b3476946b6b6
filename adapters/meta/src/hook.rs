//! Checks of webhook addresses, and messages about them without another program's secret path.

use lastword_contract::{SendError, Verdict};
use url::Url;

/// The host of an address.
pub(crate) fn host(address: &str) -> String {
    Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_else(|| "another address".to_owned())
}

/// Fails unless Meta would accept `address` as a webhook.
pub(crate) fn check(address: &str) -> Result<(), SendError> {
    // Meta's limit for an alternate callback URL.
    const BYTES_MAX: usize = 200;
    match Url::parse(address) {
        Ok(url) if url.scheme() == "https" && address.len() <= BYTES_MAX => Ok(()),
        Ok(_) | Err(_) => Err(SendError::new(
            Verdict::Refused,
            "bad_hook_url",
            "Meta posts to https addresses of at most 200 bytes: set http.public_url to one",
        )),
    }
}
