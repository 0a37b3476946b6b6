//! A stub of a room for each service: its messages as a reader would see them, and its responses.

use lastword_contract::kit::{Call, HttpAnswer, HttpPlatform, HttpRequest, HttpStub};
use lastword_contract::{Address, Millis, Outgoing, Purpose};
use lastword_rooms::{Config, Rooms, Service};
use serde_json::{Value, json};

/// Parts of addresses that are easy to recognize in logs.
pub(crate) const SECRET: &str = "T0PSECRETHOOK";
pub(crate) const KEY: &str = "R0UT1NGKEYR0UT1NGKEYR0UT1NGKEY12";

/// A service.
pub(crate) struct Platform(pub(crate) Service);

impl HttpPlatform for Platform {
    fn message(&self, request: &HttpRequest) -> Option<Call> {
        let body = request.json();
        Some(Call {
            text: seen(self.0, &body),
            raw: request.text(),
            key: (self.0 == Service::Matrix).then(|| request.path.rsplit('/').next().unwrap_or_default().to_owned()),
            ..Call::default()
        })
    }

    fn takes(&self, _: &HttpRequest, number: usize) -> HttpAnswer {
        good(self.0, number)
    }

    fn blocked(&self, _: &HttpRequest) -> HttpAnswer {
        let plain = |status, body: &str| HttpAnswer { status, headers: Vec::new(), body: body.to_owned() };
        match self.0 {
            Service::Slack => plain(410, "channel_is_archived"),
            Service::Mattermost => {
                HttpAnswer::json(400, &json!({ "id": "web.incoming_webhook.invalid.app_error", "message": SECRET, "status_code": 400 }))
            }
            Service::RocketChat => {
                HttpAnswer::json(400, &json!({ "success": false, "error": "Invalid integration id or token provided." }))
            }
            Service::Zulip => HttpAnswer::json(400, &json!({ "result": "error", "code": "STREAM_DOES_NOT_EXIST", "msg": SECRET })),
            Service::Teams => HttpAnswer::json(404, &json!({ "error": { "code": "WorkflowNotFound", "message": SECRET } })),
            Service::Discord => HttpAnswer::json(404, &json!({ "message": "Unknown Webhook", "code": 10015 })),
            Service::GoogleChat => HttpAnswer::json(404, &json!({ "error": { "code": 404, "status": "NOT_FOUND", "message": SECRET } })),
            Service::Ntfy => HttpAnswer::json(403, &json!({ "code": 40301, "http": 403, "error": "forbidden" })),
            Service::Gotify => HttpAnswer::json(401, &json!({ "error": "Unauthorized", "errorCode": 401, "errorDescription": SECRET })),
            Service::Matrix => HttpAnswer::json(403, &json!({ "errcode": "M_FORBIDDEN", "error": SECRET })),
            Service::PagerDuty => HttpAnswer::json(400, &json!({ "status": "invalid event", "errors": ["Invalid routing key"] })),
        }
    }

    fn throttled(&self, wait: Millis) -> HttpAnswer {
        let seconds = wait / 1_000;
        match self.0 {
            Service::Discord => HttpAnswer::json(429, &json!({ "message": "slow", "retry_after": wait as f64 / 1_000.0, "global": false })),
            Service::Zulip => HttpAnswer::json(429, &json!({ "result": "error", "code": "RATE_LIMIT_HIT", "retry-after": seconds })),
            Service::Matrix => HttpAnswer::json(429, &json!({ "errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": wait })),
            _ => HttpAnswer { status: 429, headers: vec![("retry-after", seconds.to_string())], body: "{}".to_owned() },
        }
    }
}

/// The response of a service to an accepted message.
pub(crate) fn good(service: Service, number: usize) -> HttpAnswer {
    let plain = |status, body: &str| HttpAnswer { status, headers: Vec::new(), body: body.to_owned() };
    match service {
        Service::Slack | Service::Mattermost => plain(200, "ok"),
        Service::RocketChat => HttpAnswer::json(200, &json!({ "success": true })),
        Service::Zulip => HttpAnswer::json(200, &json!({ "result": "success", "id": number })),
        Service::Teams => plain(202, ""),
        Service::Discord => HttpAnswer::json(200, &json!({ "id": format!("d-{number}"), "type": 0 })),
        Service::GoogleChat => HttpAnswer::json(200, &json!({ "name": format!("spaces/S/messages/{number}") })),
        Service::Ntfy => HttpAnswer::json(200, &json!({ "id": format!("n{number}"), "event": "message" })),
        Service::Gotify => HttpAnswer::json(200, &json!({ "id": number, "appid": 1 })),
        Service::Matrix => HttpAnswer::json(200, &json!({ "event_id": format!("$e{number}") })),
        Service::PagerDuty => HttpAnswer::json(202, &json!({ "status": "success", "dedup_key": "x" })),
    }
}

/// All texts that a reader of the room sees, in order.
pub(crate) fn seen(service: Service, body: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let unescaped = |text: String| {
        let text = text
            .replace("<br>", "\n")
            .replace("<br/>", "\n")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#x27;", "'");
        text.replace("&amp;", "&")
    };
    let mut texts = Vec::new();
    match service {
        Service::Slack => {
            for block in body["attachments"][0]["blocks"].as_array().into_iter().flatten() {
                texts.push(unescaped(text(&block["text"]["text"])));
                texts.push(text(&block["elements"][0]["elements"][0]["text"]));
            }
        }
        Service::Mattermost | Service::RocketChat => {
            texts.push(text(&body["text"]));
            texts.push(text(&body["attachments"][0]["text"]));
        }
        Service::Zulip => texts.push(text(&body["text"])),
        Service::Teams => {
            for part in body["attachments"][0]["content"]["body"].as_array().into_iter().flatten() {
                texts.push(text(&part["text"]));
                texts.push(text(&part["inlines"][0]["text"]));
            }
        }
        Service::Discord => {
            texts.push(text(&body["content"]));
            texts.push(text(&body["embeds"][0]["description"]));
        }
        Service::GoogleChat => {
            texts.push(text(&body["text"]));
            for widget in body["cardsV2"][0]["card"]["sections"][0]["widgets"].as_array().into_iter().flatten() {
                texts.push(unescaped(text(&widget["textParagraph"]["text"])));
            }
        }
        Service::Ntfy | Service::Gotify => texts.extend([text(&body["title"]), text(&body["message"])]),
        Service::Matrix => texts.push(unescaped(text(&body["formatted_body"]))),
        Service::PagerDuty => texts.extend([text(&body["payload"]["summary"]), text(&body["payload"]["custom_details"]["quote"])]),
    }
    texts.retain(|text| !text.is_empty());
    texts.join("\n")
}

/// The room of a service at this server.
pub(crate) fn room(service: Service, server: &str) -> Address {
    let (path, token) = match service {
        Service::Slack => (format!("/services/T1/B1/{SECRET}"), None),
        Service::Mattermost => (format!("/hooks/{SECRET}"), None),
        Service::RocketChat => (format!("/hooks/id/{SECRET}"), None),
        Service::Zulip => (format!("/api/v1/external/slack_incoming?api_key={SECRET}&stream=support"), None),
        Service::Teams => (format!("/workflows/w/triggers/manual/paths/invoke?sig={SECRET}"), None),
        Service::Discord => (format!("/api/webhooks/41/{SECRET}"), None),
        Service::GoogleChat => (format!("/v1/spaces/S/messages?key=k&token={SECRET}"), None),
        Service::Ntfy => ("/support-alerts".to_owned(), Some(format!("tk_{SECRET}"))),
        Service::Gotify => ("/".to_owned(), Some(format!("A{SECRET}"))),
        Service::Matrix => ("/!room:example.org".to_owned(), Some(format!("syt_{SECRET}"))),
        Service::PagerDuty => ("/v2/enqueue".to_owned(), Some(KEY.to_owned())),
    };
    Address { chat: format!("{server}{path}"), user: token, via: Some(service.as_str().to_owned()) }
}

/// The connection, allowed to call this machine.
pub(crate) fn rooms() -> Rooms {
    Rooms::new(&Config { allow_private_networks: true, timeout_secs: 1 }).unwrap()
}

/// An alert to the room of a service.
pub(crate) fn alert(service: Service, server: &str, text: &str) -> Outgoing {
    Outgoing {
        key: "dlv_1".to_owned(),
        to: room(service, server),
        language: "en".to_owned(),
        purpose: Purpose::Alert,
        text: text.to_owned(),
        data: json!({ "kind": "low", "rating_request": { "id": "rq-1" } }),
        at: 1_700_000_000_000,
        ..Outgoing::default()
    }
}

/// A stub of the service.
pub(crate) async fn stub(service: Service) -> HttpStub {
    HttpStub::start(Platform(service)).await
}
