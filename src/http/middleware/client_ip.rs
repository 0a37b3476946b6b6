//! The client's address: the peer's, or the one reported by a trusted proxy.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};
use ipnet::IpNet;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The client's address, as far as it can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientIp(pub IpAddr);

impl ClientIp {
    /// The address set by the middleware. A router without the middleware is called by a local test.
    pub fn of(extensions: &Extensions) -> Self {
        extensions.get().copied().unwrap_or(ClientIp(IpAddr::V4(Ipv4Addr::LOCALHOST)))
    }

    /// Follows `X-Forwarded-For` backwards while the proxy that wrote the entry is trusted.
    pub fn find(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> Self {
        let mut found = peer.to_canonical();
        let values = headers.get_all("x-forwarded-for").into_iter().filter_map(|value| value.to_str().ok());
        let entries: Vec<&str> = values.flat_map(|value| value.split(',')).collect();
        for entry in entries.into_iter().rev() {
            if !trusted.iter().any(|network| network.contains(&found)) {
                break;
            }
            let Some(before) = address(entry.trim()) else { break };
            found = before.to_canonical();
        }
        Self(found)
    }
}

/// Parses an entry. Some proxies include the port.
fn address(entry: &str) -> Option<IpAddr> {
    entry.parse().ok().or_else(|| entry.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

impl<S: Sync> FromRequestParts<S> for ClientIp {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
        let table = [
            ("203.0.113.9", "198.51.100.1", "203.0.113.9", "a stranger may write what it likes"),
            ("10.0.0.1", "", "10.0.0.1", "no header"),
            ("10.0.0.1", "198.51.100.1", "198.51.100.1", "one proxy"),
            ("::ffff:10.0.0.1", "198.51.100.1:5000", "198.51.100.1", "a mapped peer, an entry with a port"),
            ("10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.7", "198.51.100.1", "two proxies, and a forged entry before"),
            ("::1", "1.1.1.1, nonsense", "::1", "an entry that is no address ends the way"),
        ];
        for (peer, forwarded, expected, why) in table {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", forwarded.parse().unwrap());
            let found = ClientIp::find(peer.parse().unwrap(), &headers, &trusted);
            assert_eq!(found, ClientIp(expected.parse().unwrap()), "{why}");
        }
    }
}
