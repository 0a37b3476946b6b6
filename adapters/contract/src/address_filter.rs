//! Addresses that may be connected to.
//!
//! A name is checked by the addresses that it has at the moment of connecting, and the connection goes to one of those: a name
//! that was harmless when it was configured may resolve to an address in our own network a second later.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// The networks that may be connected to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressRule {
    /// The Internet.
    PublicOnly,
    /// The Internet, private networks and this machine; never link-local or cloud metadata.
    PrivateToo,
    /// Private networks and this machine: for calls without encryption.
    PrivateOnly,
}

/// A name has no address that may be connected to.
#[derive(Debug, thiserror::Error)]
#[error("the host has no address that may be called")]
pub struct AddressNotAllowed;

/// Resolves with `inner` and drops every address that `rule` does not allow.
pub struct FilteredResolver {
    /// Source of the addresses.
    pub inner: Arc<dyn Resolve>,
    /// The networks that may be connected to.
    pub rule: AddressRule,
}

impl std::fmt::Debug for FilteredResolver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FilteredResolver").field("rule", &self.rule).finish_non_exhaustive()
    }
}

impl Resolve for FilteredResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (rule, resolving) = (self.rule, self.inner.resolve(name));
        Box::pin(async move {
            let allowed: Vec<SocketAddr> = resolving.await?.filter(|address| is_allowed(address.ip(), rule)).collect();
            if allowed.is_empty() {
                return Err(AddressNotAllowed.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// An HTTP client for addresses that people enter: no redirects, no retries, no proxy of the environment, and only addresses that
/// `resolver` admits. Connecting has half of `timeout`, to distinguish an unreachable server from one that does not respond.
pub fn client(timeout: Duration, resolver: Arc<FilteredResolver>) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .user_agent(concat!("lastword/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .referer(false)
        .connect_timeout(timeout / 2)
        .timeout(timeout)
        .dns_resolver(resolver)
}

/// The operating system's resolver.
#[derive(Debug)]
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // reqwest puts the URL's port in place of 0.
            let addresses: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// True if the host of `url` may be called under `rule`, as far as that is known without a lookup. The resolver never sees literal
/// addresses, so they are checked here: [`url::Url`] has already turned `0x7f.1` and `2130706433` into `127.0.0.1`.
pub fn may_call(url: &url::Url, rule: AddressRule) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(ip)) => is_allowed(IpAddr::V4(ip), rule),
        Some(url::Host::Ipv6(ip)) => is_allowed(IpAddr::V6(ip), rule),
        Some(url::Host::Domain(name)) if name == "localhost" || name.ends_with(".localhost") => {
            is_allowed(Ipv4Addr::LOCALHOST.into(), rule)
        }
        Some(url::Host::Domain(_)) => true,
        None => false,
    }
}

/// True if `ip` may be connected to under `rule`.
pub fn is_allowed(ip: IpAddr, rule: AddressRule) -> bool {
    let reach = match ip {
        IpAddr::V4(ip) => reach_v4(ip),
        IpAddr::V6(ip) => reach_v6(ip),
    };
    match reach {
        Reach::Public => rule != AddressRule::PrivateOnly,
        Reach::Private => rule != AddressRule::PublicOnly,
        Reach::Never => false,
    }
}

enum Reach {
    Public,
    Private,
    Never,
}

fn reach_v4(ip: Ipv4Addr) -> Reach {
    // Metadata services outside of 169.254/16: Azure's wire server, Alibaba's, Oracle's.
    if matches!(ip.octets(), [168, 63, 129, 16] | [100, 100, 100, 200] | [192, 0, 0, 192]) {
        return Reach::Never;
    }
    match ip.octets() {
        [10, ..] | [127, ..] | [192, 168, ..] => Reach::Private,
        [172, b, ..] if (16..32).contains(&b) => Reach::Private,
        [100, b, ..] if (64..128).contains(&b) => Reach::Private,
        [0, ..] | [169, 254, ..] => Reach::Never,
        // Reserved for protocols, documentation, 6to4 relays and benchmarks.
        [192, 0, 0 | 2, _] | [192, 88, 99, _] | [198, 18 | 19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => Reach::Never,
        // Multicast, reserved and broadcast.
        [224..=255, ..] => Reach::Never,
        _ => Reach::Public,
    }
}

fn reach_v6(ip: Ipv6Addr) -> Reach {
    let [a, b, c, d, e, f, g, h] = ip.segments();
    let embedded = || reach_v4(Ipv4Addr::new((g >> 8) as u8, g as u8, (h >> 8) as u8, h as u8));
    match (a, b) {
        _ if ip == Ipv6Addr::LOCALHOST => Reach::Private,
        // IPv4 addresses inside IPv6: mapped, and translated by NAT64.
        (0, 0) if (c, d, e, f) == (0, 0, 0, 0xffff) => embedded(),
        (0x64, 0xff9b) if (c, d, e, f) == (0, 0, 0, 0) => embedded(),
        // Amazon's metadata service is in the private range.
        (0xfd00, 0x0ec2) => Reach::Never,
        (0xfc00..=0xfdff, _) => Reach::Private,
        // Teredo and other protocols, documentation, 6to4.
        (0x2001, 0..=0x01ff | 0x0db8) | (0x2002, _) | (0x3fff, 0..=0x0fff) => Reach::Never,
        (0x2000..=0x3fff, _) => Reach::Public,
        // Only 2000::/3 is assigned to the Internet; the rest is link-local, multicast or unassigned.
        _ => Reach::Never,
    }
}
