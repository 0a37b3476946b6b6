//! Where a URL that somebody typed may lead.

use crate::receiver::{Names, Receiver, config, outgoing};
use lastword_contract::{Channel, Purpose, Verdict};
use lastword_webhook::{Config, Webhook};
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr};

/// Hosts as somebody might write them to get inside.
const INSIDE: [&str; 52] = [
    // Loopback and its disguises
    "127.0.0.1",
    "127.1",
    "127.0.1.3",
    "127.255.255.254",
    "0x7f000001",
    "0x7f.0.0.1",
    "2130706433",
    "0177.0.0.1",
    "017700000001",
    "①②⑦.⓪.⓪.①",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    // Nothing, which is this machine
    "0",
    "0.0.0.0",
    "0.1.2.3",
    "[::]",
    "[::ffff:0:0]",
    // Private networks
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.254",
    "192.168.0.1",
    "192.168.255.255",
    "0xc0a80001",
    "100.64.0.1",
    "100.127.255.254",
    "[fc00::1]",
    "[fd12:3456::1]",
    "[::ffff:10.0.0.1]",
    "[64:ff9b::10.0.0.1]",
    // Link-local and metadata
    "169.254.0.1",
    "169.254.169.254",
    "0xa9fea9fe",
    "[::ffff:169.254.169.254]",
    "[fe80::1]",
    "[fd00:ec2::254]",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    // Set aside
    "192.0.2.1",
    "198.18.0.1",
    "203.0.113.1",
    "224.0.0.1",
    "255.255.255.255",
    "[ff02::1]",
    "[2001:db8::1]",
    "[2002:7f00:1::]",
    "[2001::1]",
];

/// Neighbours of the above that are ordinary Internet.
const OUTSIDE: [&str; 12] = [
    "8.8.8.8",
    "1.1.1.1",
    "9.255.255.255",
    "11.0.0.1",
    "172.15.255.255",
    "172.32.0.1",
    "100.63.255.255",
    "100.128.0.1",
    "169.253.1.1",
    "192.167.1.1",
    "[2606:4700::1111]",
    "[64:ff9b::8.8.8.8]",
];

fn build(url: &str, more: Value) -> Result<Webhook, String> {
    Webhook::new("crm", config(url, &more))
}

fn address(host: &str) -> Option<IpAddr> {
    match url::Url::parse(&format!("https://{host}/")).unwrap().host()? {
        url::Host::Ipv4(ip) => Some(ip.into()),
        url::Host::Ipv6(ip) => Some(ip.into()),
        url::Host::Domain(_) => None,
    }
}

#[test]
fn literal_addresses_inside_are_refused_and_outside_taken() {
    for host in INSIDE {
        assert!(build(&format!("https://{host}/"), json!({})).is_err(), "{host} was taken");
    }
    for host in OUTSIDE {
        build(&format!("https://{host}/"), json!({})).unwrap();
    }
}

#[tokio::test]
async fn names_that_lead_inside_are_refused_and_outside_taken() {
    let check = async |ip: IpAddr| {
        let webhook = Webhook::with_resolver("crm", config("https://hooks.example.com/", &json!({})), Names::all_are(&[ip])).unwrap();
        webhook.look_up().await
    };
    for host in INSIDE {
        let error = check(address(host).unwrap()).await.expect_err(host);
        assert_eq!((error.verdict, error.kind), (Verdict::RetryBackoff, "address_not_allowed"), "{host}");
    }
    for host in OUTSIDE {
        check(address(host).unwrap()).await.unwrap();
    }
}

#[test]
fn private_networks_open_by_setting_but_metadata_stays_shut() {
    let open = json!({ "allow_private_networks": true });
    for host in ["127.0.0.1:9000", "10.0.0.1:9000", "192.168.0.1", "100.64.0.1", "[::1]:9000", "[fd12::1]"] {
        build(&format!("https://{host}/"), open.clone()).unwrap();
    }
    for host in
        ["169.254.169.254", "[fe80::1]", "[fd00:ec2::254]", "100.100.100.200", "168.63.129.16", "0.0.0.0", "[::ffff:169.254.169.254]"]
    {
        assert!(build(&format!("https://{host}/"), open.clone()).is_err(), "{host} was taken");
    }
}

#[test]
fn urls_are_https_on_the_usual_ports_without_a_password() {
    for url in ["https://example.com/", "https://example.com:443/x", "https://example.com:8443/x?y=z", "HTTPS://EXAMPLE.COM"] {
        build(url, json!({})).unwrap();
    }
    let wrong = [
        "http://example.com/",
        "http://example.com:443/",
        "https://example.com:22/",
        "https://example.com:8080/",
        "https://user@example.com/",
        "https://user:pass@example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "unix:/run/x",
        "example.com",
        "",
        "https://",
        "https:///",
    ];
    for url in wrong {
        let error = build(url, json!({})).expect_err(url);
        assert!(!error.contains("connections.crm") && !error.contains("pass@"), "whoever reads the settings names the place: {error}");
    }
    build("http://example.com/", json!({ "allow_http": true })).unwrap();
    build("https://example.com:9443/", json!({ "ports": [9443] })).unwrap();
    assert!(build("http://example.com:22/", json!({ "allow_http": true })).is_err());
    assert!(build("https://example.com/", json!({ "timeout_secs": 0 })).is_err());
    assert!(build("https://example.com/", json!({ "timeout_secs": 61 })).is_err());
}

#[test]
fn unknown_settings_are_refused_by_name() {
    let error =
        serde_json::from_value::<Config>(json!({ "url": "https://example.com", "secret": "x", "allow_everything": true })).unwrap_err();
    assert!(error.to_string().contains("allow_everything"), "{error}");
}

/// The name is harmless when it is checked, and leads to a service of ours when it is called.
#[tokio::test]
async fn a_name_that_changes_its_address_does_not_get_inside() {
    let receiver = Receiver::start().await;
    let url = format!("http://rebind.test:{}/", receiver.address.port());
    let names = Names::all_are(&[Ipv4Addr::new(93, 184, 215, 14).into()]);
    let settings = json!({ "allow_http": true, "ports": [receiver.address.port()] });
    let webhook = Webhook::with_resolver("crm", config(&url, &settings), names.clone()).unwrap();
    webhook.look_up().await.unwrap();

    names.become_(Ipv4Addr::LOCALHOST);
    let error = webhook.send(&outgoing(Purpose::Text)).await.unwrap_err();
    assert_eq!((error.verdict, error.kind), (Verdict::RetryBackoff, "address_not_allowed"));
    assert!(receiver.got().is_empty());

    // The same call goes through where it is allowed, so it was the filter that held it.
    let open = json!({ "allow_http": true, "allow_private_networks": true });
    Webhook::with_resolver("crm", config(&url, &open), names).unwrap().send(&outgoing(Purpose::Text)).await.unwrap();
    assert_eq!(receiver.got().len(), 1);
}

/// A client tries a name's addresses in turn, so one good address must not open the way to a bad one.
#[tokio::test]
async fn of_mixed_addresses_only_the_allowed_are_called() {
    let receiver = Receiver::start().await;
    let url = format!("http://mixed.test:{}/", receiver.address.port());
    // 0.0.0.0 is never allowed and would reach our receiver; at 127.0.0.2 nobody listens, but it is allowed.
    let names = Names::all_are(&[Ipv4Addr::UNSPECIFIED.into(), Ipv4Addr::new(127, 0, 0, 2).into()]);
    let open = json!({ "allow_http": true, "allow_private_networks": true });
    let webhook = Webhook::with_resolver("crm", config(&url, &open), names).unwrap();
    let error = webhook.send(&outgoing(Purpose::Text)).await.unwrap_err();
    assert_eq!((error.verdict, error.kind), (Verdict::RetryBackoff, "not_connected"));
    assert!(receiver.got().is_empty());
}
