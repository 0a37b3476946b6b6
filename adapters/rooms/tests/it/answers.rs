//! Verdicts on the responses of each service.

use crate::stub::{Platform, alert, rooms, stub};
use lastword_contract::kit::{Call, HttpAnswer, HttpPlatform, HttpRequest, HttpStub, Remote};
use lastword_contract::{Channel, SendError, Verdict};
use lastword_rooms::Service;
use serde_json::{Value, json};

/// A service that always returns this response.
struct Answers(HttpAnswer);

impl HttpPlatform for Answers {
    fn message(&self, request: &HttpRequest) -> Option<Call> {
        Some(Call { raw: request.text(), ..Call::default() })
    }

    fn takes(&self, _: &HttpRequest, _: usize) -> HttpAnswer {
        self.0.clone()
    }

    fn blocked(&self, _: &HttpRequest) -> HttpAnswer {
        self.0.clone()
    }
}

async fn answered(service: Service, answer: HttpAnswer) -> Result<Option<String>, SendError> {
    let stub = HttpStub::start(Answers(answer)).await;
    rooms().send(&alert(service, &stub.url(), "Low rating")).await.map(|receipt| receipt.message_id)
}

fn plain(status: u16, body: &str) -> HttpAnswer {
    HttpAnswer { status, headers: Vec::new(), body: body.to_owned() }
}

fn json(status: u16, body: Value) -> HttpAnswer {
    HttpAnswer::json(status, &body)
}

#[tokio::test]
async fn what_is_gone_is_gone_and_what_is_refused_is_refused() {
    use Service::*;
    let cases = [
        (Slack, plain(404, "channel_not_found"), Verdict::RecipientGone),
        (Slack, plain(403, "action_prohibited"), Verdict::RecipientGone),
        (Slack, plain(400, "invalid_payload"), Verdict::Refused),
        (Slack, plain(400, "invalid_blocks"), Verdict::Refused),
        (Slack, plain(500, "rollup_error"), Verdict::RetryBackoff),
        (Mattermost, json(403, json!({ "id": "api.context.permissions.app_error" })), Verdict::RecipientGone),
        (Mattermost, json(400, json!({ "id": "web.incoming_webhook.parse.app_error" })), Verdict::Refused),
        (RocketChat, json(404, json!({ "success": false })), Verdict::RecipientGone),
        (RocketChat, json(400, json!({ "success": false, "error": "error-too-long" })), Verdict::Refused),
        (Zulip, json(401, json!({ "result": "error", "code": "INVALID_API_KEY" })), Verdict::RecipientGone),
        (Zulip, json(400, json!({ "result": "error", "code": "BAD_REQUEST" })), Verdict::Refused),
        (Teams, json(401, json!({ "error": { "code": "DirectApiAuthorizationRequired" } })), Verdict::RecipientGone),
        (Teams, json(400, json!({ "error": { "code": "InvalidRequestContent" } })), Verdict::Refused),
        (Discord, json(400, json!({ "code": 50035 })), Verdict::Refused),
        (GoogleChat, json(403, json!({ "error": { "status": "PERMISSION_DENIED" } })), Verdict::RecipientGone),
        (Ntfy, json(413, json!({ "code": 41303 })), Verdict::Refused),
        (Gotify, json(400, json!({ "errorCode": 400 })), Verdict::Refused),
        (Matrix, json(401, json!({ "errcode": "M_UNKNOWN_TOKEN" })), Verdict::RecipientGone),
        (Matrix, json(413, json!({ "errcode": "M_TOO_LARGE" })), Verdict::Refused),
        (PagerDuty, json(400, json!({ "errors": ["'payload.severity' is invalid"] })), Verdict::Refused),
        (Slack, plain(302, ""), Verdict::Refused),
        (Discord, plain(503, "{}"), Verdict::RetryBackoff),
    ];
    for (service, answer, verdict) in cases {
        let said = format!("{service:?} {} {}", answer.status, answer.body);
        assert_eq!(answered(service, answer).await.unwrap_err().verdict, verdict, "{said}");
    }
}

#[tokio::test]
async fn a_success_that_says_that_it_is_none_is_none() {
    use Service::*;
    let cases = [
        (RocketChat, json(200, json!({ "success": false, "error": "error-invalid-channel" }))),
        (Zulip, json(200, json!({ "result": "error", "code": "BAD_REQUEST", "msg": "no" }))),
        (Slack, json(200, json!({ "ok": false, "error": "invalid_auth" }))),
        (GoogleChat, json(200, json!({ "error": { "status": "INVALID_ARGUMENT" } }))),
    ];
    for (service, answer) in cases {
        assert_eq!(answered(service, answer).await.unwrap_err().verdict, Verdict::Refused, "{service:?}");
    }
}

#[tokio::test]
async fn what_was_only_queued_is_taken() {
    assert_eq!(answered(Service::Teams, plain(202, "")).await, Ok(None));
    assert_eq!(answered(Service::Teams, plain(200, "")).await, Ok(None));
    assert_eq!(answered(Service::PagerDuty, plain(202, "")).await, Ok(None));
    assert_eq!(answered(Service::Discord, json(200, json!({ "id": "42" }))).await, Ok(Some("42".to_owned())));
}

#[tokio::test]
async fn a_wait_without_a_number_is_a_minute_and_a_used_up_day_an_hour() {
    let wait = |service, answer| async move { answered(service, answer).await.unwrap_err().verdict };
    assert_eq!(
        wait(Service::GoogleChat, json(429, json!({ "error": { "status": "RESOURCE_EXHAUSTED" } }))).await,
        Verdict::RetryAfter(60_000)
    );
    assert_eq!(wait(Service::Ntfy, json(429, json!({ "code": 42901 }))).await, Verdict::RetryAfter(60_000));
    assert_eq!(wait(Service::Ntfy, json(429, json!({ "code": 42908 }))).await, Verdict::RetryAfter(3_600_000));
    assert_eq!(wait(Service::Discord, json(429, json!({ "retry_after": 0.3 }))).await, Verdict::RetryAfter(1_000));
    let endless = HttpAnswer { status: 429, headers: vec![("retry-after", "99999999".to_owned())], body: String::new() };
    assert_eq!(wait(Service::Slack, endless).await, Verdict::RetryAfter(24 * 3_600_000));
}

#[tokio::test]
async fn no_words_of_a_service_come_through_but_its_code() {
    let error = answered(Service::Matrix, json(400, json!({ "errcode": "M_UNKNOWN", "error": "Ann said: too slow" }))).await.unwrap_err();
    assert!(error.detail.contains("M_UNKNOWN") && !error.detail.contains("Ann"), "{error}");
    let error = answered(Service::Slack, plain(400, "invalid_payload because of Ann's words")).await.unwrap_err();
    assert!(!error.detail.contains("Ann"), "{error}");
}

#[tokio::test]
async fn a_redirect_is_followed_nowhere() {
    let elsewhere = stub(Service::Slack).await;
    let answer = HttpAnswer { status: 307, headers: vec![("location", elsewhere.url())], body: String::new() };
    let error = answered(Service::Slack, answer).await.unwrap_err();
    assert_eq!((error.verdict, error.kind), (Verdict::Refused, "redirected"));
    assert!(elsewhere.calls().is_empty());
}

#[tokio::test]
async fn who_hangs_is_not_waited_for() {
    let stub = HttpStub::start(Platform(Service::Slack)).await;
    stub.play(Remote::Hang).await;
    let (rooms, alert) = (rooms(), alert(Service::Slack, &stub.url(), "Low rating"));
    let sent = tokio::time::timeout(std::time::Duration::from_secs(10), rooms.send(&alert)).await;
    assert_eq!(sent.expect("the call has a limit of its own").unwrap_err().verdict, Verdict::CannotKnow);
}
