//! A subscribed browser: the endpoint of its push service, and its keys, which only it can decrypt with.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lastword_contract::Address;
use lastword_contract::address_filter::{AddressRule, is_allowed};
use std::net::{IpAddr, Ipv4Addr};
use url::{Host, Url};
use web_push_native::p256::PublicKey;
use web_push_native::{Auth, encrypt};

/// Maximum length of an endpoint, which usually has a few hundred characters.
const ENDPOINT_CHARS_MAX: usize = 2048;
const AUTH_BYTES: usize = 16;

pub(super) struct Subscriber {
    pub(super) endpoint: Url,
    key: PublicKey,
    auth: Auth,
}

impl Subscriber {
    /// Parses an address; the error says why no message may be sent to it.
    pub(super) fn read(to: &Address, rule: AddressRule) -> Result<Self, &'static str> {
        const KEYS: &str = "the browser's keys cannot be read";
        let endpoint = endpoint(&to.chat, rule)?;
        let bytes = |text: &Option<String>| URL_SAFE_NO_PAD.decode(text.as_deref()?.trim_end_matches('=')).ok();
        let key = bytes(&to.user).and_then(|bytes| PublicKey::from_sec1_bytes(&bytes).ok()).ok_or(KEYS)?;
        let auth: [u8; AUTH_BYTES] = bytes(&to.via).and_then(|bytes| bytes.try_into().ok()).ok_or(KEYS)?;
        Ok(Self { endpoint, key, auth: auth.into() })
    }
}

/// Encrypts a message for this browser.
pub(super) fn encrypted(to: &Subscriber, message: Vec<u8>) -> Option<Vec<u8>> {
    encrypt(message, &to.key, &to.auth).ok()
}

fn endpoint(text: &str, rule: AddressRule) -> Result<Url, &'static str> {
    const NONE: &str = "this is no address of a browser's push service";
    let url = Url::parse(text).ok().filter(|_| text.len() <= ENDPOINT_CHARS_MAX).ok_or(NONE)?;
    // Names are checked when connecting; literal addresses bypass the resolver, so they are checked here.
    let literal = match url.host().ok_or(NONE)? {
        Host::Ipv4(ip) => Some(IpAddr::V4(ip)),
        Host::Ipv6(ip) => Some(IpAddr::V6(ip)),
        Host::Domain(name) if name == "localhost" || name.ends_with(".localhost") => Some(Ipv4Addr::LOCALHOST.into()),
        Host::Domain(_) => None,
    };
    if literal.is_some_and(|ip| !is_allowed(ip, rule)) {
        return Err("this address leads into a private network");
    }
    let inside = rule == AddressRule::PrivateToo;
    let taken = match url.scheme() {
        "https" => inside || matches!(url.port_or_known_default(), Some(443 | 8443)),
        "http" => inside,
        _ => false,
    };
    let plain = url.username().is_empty() && url.password().is_none();
    if taken && plain { Ok(url) } else { Err(NONE) }
}
