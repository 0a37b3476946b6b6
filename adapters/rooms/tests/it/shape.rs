//! Details of the requests to single services.

use crate::stub::{KEY, SECRET, alert, rooms, stub};
use lastword_contract::kit::{Call, HttpAnswer, HttpPlatform, HttpRequest, HttpStub};
use lastword_contract::{Channel, Outgoing, PageLink, Purpose, Verdict};
use lastword_rooms::Service;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// Records the request unchanged.
struct Keeps(Service, Arc<Mutex<Vec<HttpRequest>>>);

impl HttpPlatform for Keeps {
    fn message(&self, request: &HttpRequest) -> Option<Call> {
        self.1.lock().unwrap().push(request.clone());
        Some(Call::default())
    }

    fn takes(&self, _: &HttpRequest, number: usize) -> HttpAnswer {
        crate::stub::good(self.0, number)
    }

    fn blocked(&self, _: &HttpRequest) -> HttpAnswer {
        crate::stub::good(self.0, 1)
    }
}

/// The request for `message`.
pub(crate) async fn request(service: Service, message: impl FnOnce(Outgoing) -> Outgoing) -> HttpRequest {
    let kept = Arc::new(Mutex::new(Vec::new()));
    let stub = HttpStub::start(Keeps(service, kept.clone())).await;
    let outgoing = message(alert(service, &stub.url(), "Low rating 👎 on Support\nClient: Ann\nOperator: Olga"));
    rooms().send(&outgoing).await.unwrap();
    kept.lock().unwrap().remove(0)
}

async fn body(service: Service, data: Value) -> Value {
    request(service, |alert| Outgoing { data, ..alert }).await.json()
}

#[tokio::test]
async fn what_proves_who_we_are_is_where_each_service_wants_it() {
    let same = |alert| alert;
    let ntfy = request(Service::Ntfy, same).await;
    assert_eq!((ntfy.path.as_str(), ntfy.headers.get("authorization")), ("/", Some(format!("Bearer tk_{SECRET}").as_str())));
    assert_eq!(ntfy.json()["topic"], "support-alerts");
    let gotify = request(Service::Gotify, same).await;
    assert_eq!((gotify.path.as_str(), gotify.headers.get("x-gotify-key")), ("/message", Some(format!("A{SECRET}").as_str())));
    let matrix = request(Service::Matrix, same).await;
    assert_eq!((matrix.method.as_str(), matrix.headers.get("authorization")), ("PUT", Some(format!("Bearer syt_{SECRET}").as_str())));
    assert_eq!(matrix.path, "/_matrix/client/v3/rooms/!room:example.org/send/m.room.message/dlv_1", "our key is the transaction");
    assert_eq!(request(Service::PagerDuty, same).await.json()["routing_key"], KEY);
    let discord = request(Service::Discord, same).await;
    assert_eq!((discord.asked("wait").as_deref(), discord.asked("with_components").as_deref()), (Some("true"), Some("true")));
    let google = request(Service::GoogleChat, same).await;
    assert_eq!((google.asked("token").as_deref(), google.asked("requestId").as_deref()), (Some(SECRET), Some("dlv_1")));
}

#[tokio::test]
async fn an_incident_is_one_until_it_is_over() {
    let low = body(Service::PagerDuty, json!({ "kind": "low", "rating_request": { "id": "rq-1" } })).await;
    let late = body(Service::PagerDuty, json!({ "kind": "late", "rating_request": { "id": "rq-1" } })).await;
    let seen = body(Service::PagerDuty, json!({ "kind": "seen", "rating_request": { "id": "rq-1" } })).await;
    assert_eq!(seen, json!({ "routing_key": KEY, "event_action": "acknowledge", "dedup_key": low["dedup_key"] }));
    let done = body(Service::PagerDuty, json!({ "kind": "done", "rating_request": { "id": "rq-1" } })).await;
    assert_eq!(done, json!({ "routing_key": KEY, "event_action": "resolve", "dedup_key": low["dedup_key"] }));
    let changed = body(Service::PagerDuty, json!({ "kind": "changed", "rating_request": { "id": "rq-1" } })).await;
    assert_eq!((&low["event_action"], &low["payload"]["severity"]), (&json!("trigger"), &json!("critical")));
    assert_eq!(low["dedup_key"], late["dedup_key"]);
    assert_eq!(changed, json!({ "routing_key": KEY, "event_action": "resolve", "dedup_key": low["dedup_key"] }));
    let alarm = body(Service::PagerDuty, json!({ "kind": "alarm", "alarm": "al-1" })).await;
    let clear = body(Service::PagerDuty, json!({ "kind": "all_clear", "alarm": "al-1" })).await;
    assert_eq!((&alarm["payload"]["severity"], &clear["event_action"]), (&json!("warning"), &json!("resolve")));
    assert_eq!(alarm["dedup_key"], clear["dedup_key"]);
    assert_ne!(alarm["dedup_key"], low["dedup_key"]);
}

#[tokio::test]
async fn pages_are_buttons_or_links_and_never_lost() {
    let pages = vec![
        PageLink { label: "Open".into(), url: "https://rate.example/ratings/1".into() },
        PageLink { label: "✓ Seen".into(), url: "https://rate.example/r/a1_token".into() },
    ];
    for service in Service::ALL {
        let request = request(service, |alert| Outgoing { pages: pages.clone(), ..alert }).await;
        for page in &pages {
            assert!(request.text().contains(&page.url), "{service:?}: {} is not in {}", page.url, request.text());
        }
    }
}

/// The four kinds of messages that a room gets, as the engine sends them: data and text.
fn kinds() -> [(Value, &'static str); 4] {
    [
        (json!({ "kind": "low", "rating_request": { "id": "rq-1" } }), "Low rating on Support\nClient: Ann\nOperator: Olga"),
        (
            json!({ "kind": "letter", "letter": "weekly", "every": "weekly" }),
            "Support: ratings of the week\nGood: 80 percent of 40 ratings, from 65 to 90\nAnswered: 40 of 90 questions",
        ),
        (
            json!({ "kind": "alarm", "alarm": "al-1", "line": "support", "channel": "telegram" }),
            "More low ratings than usual: Support\n9 of the last 20 ratings are low; 2 of 20 are usual\nSince 1 October",
        ),
        (
            json!({ "connection": "bot", "trouble": "stopped" }),
            "The connection bot has stopped\nThe platform refuses its token\n3 questions wait",
        ),
    ]
}

#[tokio::test]
async fn each_service_shows_an_alert_a_letter_an_alarm_and_a_warning_whole() {
    for service in Service::ALL {
        for (data, text) in kinds() {
            let request = request(service, |alert| Outgoing { data: data.clone(), text: text.to_owned(), ..alert }).await;
            for line in text.lines() {
                assert!(request.text().contains(line), "{service:?}: “{line}” is not in {}", request.text());
            }
        }
    }
}

#[tokio::test]
async fn rooms_get_alerts_alone() {
    let stub = stub(Service::Slack).await;
    let event = Outgoing { purpose: Purpose::Event("rating.created".into()), ..alert(Service::Slack, &stub.url(), "x") };
    assert_eq!(rooms().send(&event).await.unwrap_err().verdict, Verdict::Refused);
    assert!(stub.calls().is_empty());
}

#[tokio::test]
async fn endless_texts_stay_within_each_limit() {
    let words = "слово 👩‍💻 & < > ".repeat(8_000);
    for service in Service::ALL {
        let long = |alert: Outgoing| Outgoing { text: format!("{words}\n{words}"), quote: Some(words.clone()), ..alert };
        let request = request(service, long).await;
        let body = request.json();
        let chars = |value: &Value| value.as_str().map_or(0, |text| text.chars().count());
        let within = match service {
            Service::Slack => {
                let blocks = &body["attachments"][0]["blocks"];
                chars(&blocks[0]["text"]["text"]) <= 150 && chars(&blocks[1]["text"]["text"]) <= 3_000
            }
            Service::Discord => chars(&body["content"]) <= 2_000 && chars(&body["embeds"][0]["description"]) <= 4_096,
            Service::Ntfy => body["message"].as_str().unwrap().len() <= 4_096,
            Service::PagerDuty => chars(&body["payload"]["summary"]) <= 1_024,
            Service::GoogleChat => chars(&body["text"]) <= 4_096 && request.body.len() <= 32_000,
            Service::Teams => request.body.len() <= 28_000,
            Service::Matrix => request.body.len() <= 60_000,
            Service::RocketChat => chars(&body["text"]) <= 5_000,
            Service::Zulip => chars(&body["text"]) <= 10_000,
            Service::Mattermost => chars(&body["text"]) <= 4_000,
            Service::Gotify => true,
        };
        assert!(within && request.body.len() < 64 * 1024, "{service:?}: {} bytes", request.body.len());
    }
}
