//! What each failure of a call means: definite where nothing can have happened, unknown where it can.

use lastword_contract::Verdict;
use lastword_contract::http::{Api, Client, Method, Refusal, base};
use lastword_contract::kit::desks::{DeskApi, DeskStub};
use lastword_contract::kit::{HttpAnswer, HttpRequest, Remote};
use serde_json::json;
use std::time::Duration;

/// A platform that says one thing.
struct Says(HttpAnswer);

impl DeskApi for Says {
    fn takes(&mut self, request: &HttpRequest) -> HttpAnswer {
        assert_eq!((request.headers.get("x-token"), request.path.as_str()), (Some("the token"), "/api/v1/things"));
        self.0.clone()
    }

    fn gone(&self, _: &HttpRequest) -> Option<HttpAnswer> {
        None
    }
}

async fn platform(status: u16, headers: &[(&'static str, &str)], body: &str) -> (DeskStub<Says>, Api) {
    let headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    let stub = DeskStub::start(Says(HttpAnswer { status, headers, body: body.to_owned() })).await;
    let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let proof = vec![("x-token", "the token".to_owned().into())];
    let api = Api::new("Duckdesk", client, base(&stub.url(), "api/v1").unwrap(), proof, Duration::from_secs(1));
    (stub, api)
}

/// How a read and a write end.
async fn ends(api: &Api) -> [(&'static str, Verdict); 2] {
    let read = api.get("things").await.unwrap_err();
    let written = api.post("things", &json!({})).await.unwrap_err();
    for error in [&read, &written] {
        assert!(!format!("{error:?}").contains("Jane"), "what people wrote is not passed on: {error:?}");
    }
    [(read.kind, read.verdict), (written.kind, written.verdict)]
}

#[tokio::test]
async fn each_answer_that_is_no_success_means_one_thing() {
    use Verdict::{CannotKnow, ConnectionBroken, RecipientGone, Refused, RetryAfter, RetryBackoff};
    for (status, headers, read, written) in [
        (401, vec![], ("token_refused", ConnectionBroken), ("token_refused", ConnectionBroken)),
        (403, vec![], ("missing_right", ConnectionBroken), ("missing_right", ConnectionBroken)),
        (404, vec![], ("not_found", RecipientGone), ("not_found", RecipientGone)),
        (422, vec![], ("refused", Refused), ("refused", Refused)),
        (302, vec![("location", "https://elsewhere.example")], ("redirected", ConnectionBroken), ("redirected", ConnectionBroken)),
        (429, vec![("retry-after", "7")], ("throttled", RetryAfter(7_000)), ("throttled", RetryAfter(7_000))),
        (429, vec![("retry-after", "9999999")], ("throttled", RetryAfter(3_600_000)), ("throttled", RetryAfter(3_600_000))),
        (429, vec![], ("throttled", RetryBackoff), ("throttled", RetryBackoff)),
        (500, vec![], ("server_error", RetryBackoff), ("server_error", RetryBackoff)),
        // Something in front gave up waiting: a write may have been done.
        (502, vec![], ("server_error", RetryBackoff), ("gateway_error", CannotKnow)),
        (504, vec![], ("server_error", RetryBackoff), ("gateway_error", CannotKnow)),
        // A 200 without JSON does not come from the platform.
        (200, vec![], ("garbled", RetryBackoff), ("garbled", CannotKnow)),
    ] {
        let (_stub, api) = platform(status, &headers, "Jane wrote this").await;
        assert_eq!(ends(&api).await, [read, written], "{status}");
    }
}

#[tokio::test]
async fn an_answer_that_never_ends_is_not_read_to_its_end() {
    let (_stub, api) = platform(200, &[], &"x".repeat(17 << 20)).await;
    assert_eq!(ends(&api).await, [("too_long", Verdict::RetryBackoff), ("too_long", Verdict::CannotKnow)]);
}

#[tokio::test]
async fn an_answer_that_was_lost_is_unknown_of_a_write_alone() {
    let (stub, api) = platform(200, &[], "{}").await;
    stub.play(Remote::Hang).await;
    let lost = api.post("things", &json!({})).await.unwrap_err();
    assert_eq!((lost.kind, lost.verdict), ("timeout", Verdict::CannotKnow));
    let searched = api.search("things", &json!({})).await.unwrap_err();
    assert_eq!(searched.verdict, Verdict::RetryBackoff, "a search changes nothing");
    stub.play(Remote::Refused).await;
    assert_eq!(ends(&api).await, [("not_connected", Verdict::RetryBackoff); 2]);
    stub.play(Remote::Ok).await;
    assert_eq!(api.get("things").await, Ok(json!({})), "it came back at its address");
}

#[tokio::test]
async fn a_platforms_own_refusals_are_read_first_and_nothing_is_an_answer_too() {
    let (_stub, api) = platform(400, &[], r#"{"error":"no-such-thing"}"#).await;
    let read = |refusal: &Refusal<'_>| {
        let is_gone = refusal.body["error"] == "no-such-thing";
        is_gone.then(|| lastword_contract::SendError::new(Verdict::RecipientGone, "gone", "there is no such thing"))
    };
    assert_eq!(ends(&api).await, [("refused", Verdict::Refused); 2]);
    assert_eq!(ends(&api.reading_refusals(read)).await, [("gone", Verdict::RecipientGone); 2]);
    let (_stub, api) = platform(204, &[], "").await;
    assert_eq!(api.call(Method::DELETE, "things", None).await.unwrap().body, json!(null));
}

#[test]
fn an_address_is_one_whatever_stands_at_its_end() {
    for written in ["https://desk.example.com", " https://desk.example.com/ ", "https://desk.example.com//"] {
        assert_eq!(base(written, "api/v1").unwrap().as_str(), "https://desk.example.com/api/v1/");
    }
    assert_eq!(base("https://example.com/desk/", "api/v1").unwrap().as_str(), "https://example.com/desk/api/v1/");
    for wrong in ["", "desk.example.com", "ftp://desk.example.com", "https://", "file:///etc"] {
        assert_eq!(base(wrong, "api/v1"), None, "{wrong}");
    }
}
