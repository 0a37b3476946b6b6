//! Authenticates requests: the header `X-RocketChat-Livechat-Token` is the webhook's secret token itself. Nothing else is
//! signed, so anyone who has seen a request can replay it; a replay only causes the chat to be read again.

use crate::config::Config;
use lastword_contract::RawRequest;
use secrecy::ExposeSecret;
use subtle::ConstantTimeEq;

/// Verifies that the request is from Rocket.Chat.
///
/// # Errors
/// The missing or wrong part.
pub(crate) fn check(config: &Config, request: &RawRequest) -> Result<(), &'static str> {
    let token = request.headers.get("x-rocketchat-livechat-token").filter(|token| !token.is_empty());
    let token = token.ok_or("x-rocketchat-livechat-token is missing")?;
    let same: bool = config.secret.expose_secret().as_bytes().ct_eq(token.as_bytes()).into();
    if same { Ok(()) } else { Err("x-rocketchat-livechat-token") }
}
