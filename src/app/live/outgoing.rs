//! Checks addresses entered in a form or a settings file: cloud metadata addresses are never called, and calls without
//! encryption only go to private networks.

use crate::app::desks::callable;
use lastword_contract::address_filter::is_allowed;
use std::net::IpAddr;
use url::{Host, Url};

/// The reason to refuse an entered address; `None` if it may be called, or if its name cannot be resolved now: the call reports that.
pub(super) async fn refusal(text: &str) -> Option<&'static str> {
    let Ok(url) = Url::parse(text.trim()) else { return Some("is not an address; write for instance https://desk.example.com") };
    let secure = match url.scheme() {
        "https" => true,
        "http" => false,
        _ => return Some("has to begin with https://, or with http:// inside a private network"),
    };
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Some("has a user, a password or a fragment (#); write the address without it");
    }
    let ips: Vec<IpAddr> = match url.host() {
        Some(Host::Ipv4(ip)) => vec![ip.into()],
        Some(Host::Ipv6(ip)) => vec![ip.into()],
        Some(Host::Domain(name)) => {
            let port = url.port_or_known_default().unwrap_or(443);
            tokio::net::lookup_host((name, port)).await.map(|found| found.map(|address| address.ip()).collect()).unwrap_or_default()
        }
        None => return Some("has no host; write for instance https://desk.example.com"),
    };
    if ips.iter().any(|ip| !is_allowed(*ip, callable(true))) {
        return Some("leads to an address at which no platform can be");
    }
    if ips.iter().any(|ip| !is_allowed(*ip, callable(secure))) {
        return Some("would carry secrets and clients' messages unencrypted over the Internet; write https://");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_private_network_may_be_called_and_a_clouds_secrets_may_not() {
        for allowed in
            ["https://93.184.216.34/api", "http://127.0.0.1:8081", "http://10.0.0.7:3000/", "http://[::1]:3000", "https://10.0.0.7"]
        {
            assert_eq!(refusal(allowed).await, None, "{allowed}");
        }
        for (refused, why) in [
            ("http://169.254.169.254/latest", "no platform"),
            ("https://[fe80::1]/", "no platform"),
            ("https://168.63.129.16/", "no platform"),
            ("https://[64:ff9b::a9fe:a9fe]/", "no platform"),
            ("https://[fd00:ec2::254]/", "no platform"),
            ("https://0.0.0.0/", "no platform"),
            ("http://93.184.216.34/", "unencrypted"),
            ("ftp://10.0.0.7/", "begin with"),
            ("https://user@10.0.0.7/", "a user"),
            ("desk.example.com", "not an address"),
        ] {
            assert!(refusal(refused).await.is_some_and(|words| words.contains(why)), "{refused}: {:?}", refusal(refused).await);
        }
    }
}
