//! Which addresses of rooms are accepted, and which may be called.

use crate::stub::{alert, room, rooms};
use lastword_contract::{Address, Channel, Verdict};
use lastword_rooms::{Config, Rooms, Service};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

fn address(service: &str, url: &str, token: Option<&str>) -> Address {
    Address { chat: url.to_owned(), user: token.map(str::to_owned), via: Some(service.to_owned()) }
}

fn public() -> Rooms {
    Rooms::new(&Config::default()).unwrap()
}

#[test]
fn the_addresses_that_services_give_are_accepted() {
    let key = "0123456789abcdef0123456789ABCDEF";
    let cases = [
        ("slack", "https://hooks.slack.com/services/T1/B1/x", None),
        ("mattermost", "https://chat.example.com/hooks/abc", None),
        ("rocketchat", "https://chat.example.com/hooks/id/token", None),
        ("zulip", "https://org.zulipchat.com/api/v1/external/slack_incoming?api_key=k&stream=s", None),
        ("teams", "https://prod-1.westus.logic.azure.com:443/workflows/w/triggers/manual/paths/invoke?sig=s", None),
        ("teams", "https://default0.11.environment.api.powerplatform.com/powerautomate/automations/x?sig=s", None),
        ("discord", "https://discord.com/api/webhooks/1/x", None),
        ("google_chat", "https://chat.googleapis.com/v1/spaces/S/messages?key=k&token=t", None),
        ("ntfy", "https://ntfy.sh/my_topic-1", None),
        ("ntfy", "https://ntfy.example.com/below/topic", Some("tk_1")),
        ("gotify", "https://push.example.com/", Some("Axyz")),
        ("matrix", "https://matrix.example.org/!abc:example.org", Some("syt_1")),
        ("pagerduty", "", Some(key)),
        ("pagerduty", "https://events.eu.pagerduty.com/v2/enqueue", Some(key)),
    ];
    for (service, url, token) in cases {
        let admitted = public().admit(address(service, url, token)).unwrap_or_else(|why| panic!("{service} {url}: {why}"));
        assert_eq!(public().admit(admitted.clone()), Ok(admitted), "{service} {url}: as it is kept, it is accepted again");
    }
    let link = address("matrix", "https://matrix.example.org/#/!abc:example.org", Some("syt_1"));
    assert_eq!(public().admit(link).unwrap().chat, "https://matrix.example.org/!abc:example.org");
}

#[test]
fn what_cannot_be_a_room_is_refused_by_name() {
    let cases = [
        ("opsgenie", "https://api.opsgenie.com/", None, "service:"),
        ("slack", "", None, "url:"),
        ("slack", "hooks.slack.com/services/T1", None, "url:"),
        ("slack", "http://hooks.slack.com/services/T1", None, "url:"),
        ("slack", "https://hooks.slack.com.evil.example/services/T1", None, "url:"),
        ("slack", "https://user:pass@hooks.slack.com/services/T1", None, "url:"),
        ("slack", "ftp://hooks.slack.com/services/T1", None, "url:"),
        ("mattermost", "https://127.0.0.1/hooks/abc", None, "url:"),
        ("mattermost", "https://0x7f.1/hooks/abc", None, "url:"),
        ("mattermost", "https://[::1]/hooks/abc", None, "url:"),
        ("mattermost", "https://localhost/hooks/abc", None, "url:"),
        ("mattermost", "https://169.254.169.254/hooks/abc", None, "url:"),
        ("teams", "https://contoso.webhook.office.com/webhookb2/x@y/IncomingWebhook/z", None, "url:"),
        ("teams", "https://prod-1.westus.logic.azure.com/workflows/w", None, "url:"),
        ("discord", "https://discord.com/channels/1/2", None, "url:"),
        ("google_chat", "https://chat.googleapis.com/v1/spaces/S/messages?key=k", None, "url:"),
        ("zulip", "https://org.zulipchat.com/api/v1/messages", None, "url:"),
        ("ntfy", "https://ntfy.sh/", None, "url:"),
        ("ntfy", "https://ntfy.sh/a%20topic", None, "url:"),
        ("gotify", "https://push.example.com/", None, "token:"),
        ("matrix", "https://matrix.example.org/!abc:example.org", None, "token:"),
        ("matrix", "https://matrix.example.org/#room:example.org", Some("t"), "url:"),
        ("pagerduty", "", None, "token:"),
        ("pagerduty", "", Some("short"), "token:"),
        ("gotify", "https://push.example.com/", Some("with\nline"), "token:"),
    ];
    for (service, url, token, field) in cases {
        let why = public().admit(address(service, url, token)).expect_err(&format!("{service} {url} {token:?} was accepted"));
        assert!(why.starts_with(field), "{service} {url} {token:?}: {why}");
    }
    let long = format!("https://hooks.slack.com/services/{}", "x".repeat(3_000));
    assert!(public().admit(address("slack", &long, None)).is_err());
}

#[test]
fn a_server_of_ones_own_is_called_where_a_setting_says_so() {
    for service in Service::ALL {
        assert!(rooms().admit(room(service, "http://127.0.0.1:8065")).is_ok(), "{service:?}");
        assert!(public().admit(room(service, "http://127.0.0.1:8065")).is_err(), "{service:?}");
    }
    assert!(rooms().admit(address("ntfy", "http://169.254.169.254/topic", None)).is_err(), "never the metadata of a cloud");
}

#[test]
fn a_setting_out_of_range_is_named() {
    let config = Config { timeout_secs: 0, ..Config::default() };
    assert!(Rooms::new(&config).unwrap_err().contains("timeout_secs"));
}

/// A resolver that returns this address for every name.
struct Names(IpAddr);

impl Resolve for Names {
    fn resolve(&self, _: Name) -> Resolving {
        let address = SocketAddr::new(self.0, 0);
        Box::pin(async move { Ok(Box::new(std::iter::once(address)) as Addrs) })
    }
}

#[tokio::test]
async fn a_name_that_leads_into_our_network_is_not_called() {
    for inside in ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00:ec2::254"] {
        let rooms = Rooms::with_resolver(&Config::default(), Arc::new(Names(inside.parse().unwrap()))).unwrap();
        let error = rooms.send(&alert(Service::Mattermost, "https://chat.example.com", "Low rating")).await.unwrap_err();
        assert_eq!((error.verdict, error.kind), (Verdict::RetryBackoff, "address_not_allowed"), "{inside}");
    }
}
