//! Who calls: the header `X-RocketChat-Livechat-Token` is the webhook's secret token as it stands. Nothing else is signed, so a
//! request can be sent again by whoever saw it: all it can do is have a chat read once more.

use crate::config::Config;
use lastword_contract::RawRequest;
use secrecy::ExposeSecret;
use subtle::ConstantTimeEq;

/// Whether the request is Rocket.Chat's.
///
/// # Errors
/// What is missing or wrong.
pub(crate) fn check(config: &Config, request: &RawRequest) -> Result<(), &'static str> {
    let token = request.headers.get("x-rocketchat-livechat-token").filter(|token| !token.is_empty());
    let token = token.ok_or("x-rocketchat-livechat-token is missing")?;
    let same: bool = config.secret.expose_secret().as_bytes().ct_eq(token.as_bytes()).into();
    if same { Ok(()) } else { Err("x-rocketchat-livechat-token") }
}
