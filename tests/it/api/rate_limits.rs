//! Callers over the limit are told when to retry; other callers are not affected.

use crate::rig::caller::{Answer, Api};
use crate::rig::world::{World, messenger};
use async_trait::async_trait;
use lastword::http::api::openapi;
use lastword::life::Engine;
use lastword::life::engine::desks::{Desks, Routing};
use lastword::names::KeyId;
use lastword::settings::Limits;
use lastword_contract::{Abilities, Account, Beside, Desk, Heard, PanelPlace, PanelTold, RawRequest, Rejected, SendError, Verdict};
use serde_json::json;
use sqlx::Connection as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Three calls per second with a key; two per second without one, with a burst of twenty.
const LIMITS: Limits = Limits { key_per_second: 3, address_per_second: 2, sign_ins_per_minute: 20 };

async fn api() -> Api {
    Api::limited(World::in_memory().await, LIMITS).await
}

/// A call through the proxy from the client address `address`.
async fn from(api: &Api, address: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let forwarded = [("x-forwarded-for", address)];
    let headers: Vec<(&str, String)> = forwarded.iter().chain(headers).map(|(name, value)| (*name, (*value).to_owned())).collect();
    api.send(if path.starts_with("/hooks") { "POST" } else { "GET" }, path, &headers, Vec::new()).await
}

/// Calls until refused; returns the number of accepted calls.
async fn until_refused(api: &Api, address: &str, path: &str, headers: &[(&str, &str)], heard: u16) -> usize {
    for number in 0..1_000 {
        let answer = from(api, address, path, headers).await;
        if answer.status == 429 {
            let said = answer.json();
            assert_eq!((said["code"].as_str(), said["status"].as_u64()), (Some("rate_limited"), Some(429)), "{said}");
            assert!(said["detail"].is_string() && said["remedy"].as_str().unwrap().contains("Retry-After"), "{said}");
            assert_eq!(answer.headers["retry-after"], "1");
            return number;
        }
        assert_eq!(answer.status, heard, "{answer:?}");
    }
    panic!("{path} is never refused");
}

#[tokio::test]
async fn a_key_calls_as_often_as_the_settings_let_it() {
    let api = api().await;
    let (one, other) = (api.key(5, &["lines:read"]).await, api.key(6, &["lines:read"]).await);
    let bearer = |key: &str| format!("Bearer {key}");
    let (one, other) = (bearer(&one), bearer(&other));
    assert_eq!(until_refused(&api, "192.0.2.1", "/v1/lines", &[("authorization", &one)], 200).await, 3);
    assert_eq!(from(&api, "192.0.2.2", "/v1/lines", &[("authorization", &one)]).await.status, 429, "a key is one caller from anywhere");
    assert_eq!(from(&api, "192.0.2.1", "/v1/lines", &[("authorization", &other)]).await.status, 200, "another key is another caller");
    api.world.clock.advance(1_000);
    assert_eq!(from(&api, "192.0.2.1", "/v1/lines", &[("authorization", &one)]).await.status, 200, "after Retry-After it may call again");
}

#[tokio::test]
async fn what_is_refused_is_not_kept() {
    let api = api().await;
    let close = |number: usize| {
        let (key, session) = (format!("e{number}"), format!("S-{number}"));
        json!({ "event_key": key, "session": session, "line": "support", "closed_at": api.world.now() })
    };
    let mut statuses = Vec::new();
    for number in 0..4 {
        statuses.push(api.post("/v1/sessions/close", &close(number)).await.status);
    }
    assert_eq!(statuses, [202, 202, 202, 429]);
    api.world.clock.advance(1_000);
    assert_eq!(api.get("/v1/rating-requests").await.json()["items"].as_array().unwrap().len(), 3);
    assert_eq!(api.post("/v1/sessions/close", &close(3)).await.json()["repeated"], false, "sent again as it was, it is taken");
}

#[tokio::test]
async fn wrong_keys_are_counted_by_address_and_a_right_one_is_never_refused_for_them() {
    let api = api().await;
    let right = format!("Bearer {}", api.key(5, &["lines:read"]).await);
    let well_formed = lastword::domain::access::api_key::ApiKey::generate([9; 32]);
    let wrong = format!("Bearer {}", well_formed.text());
    // Seen once from the flooded address, as behind a proxy that is not trusted.
    assert_eq!(from(&api, "192.0.2.1", "/v1/lines", &[("authorization", &right)]).await.status, 200);
    assert_eq!(until_refused(&api, "192.0.2.1", "/v1/lines", &[("authorization", &wrong)], 401).await, 20);
    assert_eq!(from(&api, "192.0.2.1", "/v1/lines", &[]).await.status, 429, "no key is as good as a wrong one");
    assert_eq!(from(&api, "192.0.2.1", "/v1/lines", &[("authorization", "Bearer nonsense")]).await.status, 429);
    for _ in 0..3 {
        // Longer than a valid key is cached without a query; the flood continues.
        api.world.clock.advance(6_000);
        until_refused(&api, "192.0.2.1", "/v1/lines", &[("authorization", &wrong)], 401).await;
        assert_eq!(from(&api, "192.0.2.1", "/v1/lines", &[("authorization", &right)]).await.status, 200);
    }
    // Created while the flood continues, and unknown to this process.
    let new = format!("Bearer {}", api.key(6, &["lines:read"]).await);
    api.world.clock.advance(1_000);
    until_refused(&api, "192.0.2.1", "/v1/lines", &[("authorization", &wrong)], 401).await;
    assert_eq!(from(&api, "192.0.2.1", "/v1/lines", &[("authorization", &new)]).await.status, 200, "a right key is heard at once");
    assert_eq!(from(&api, "192.0.2.2", "/v1/lines", &[]).await.status, 401, "another address is another stranger");
    api.revoke(5).await;
    api.world.clock.advance(6_000);
    until_refused(&api, "192.0.2.1", "/v1/lines", &[("authorization", &wrong)], 401).await;
    assert_eq!(from(&api, "192.0.2.1", "/v1/lines", &[("authorization", &right)]).await.status, 429, "a revoked key is a stranger's");
}

/// The time is read after the database has responded: other calls may have passed while it was slow.
#[tokio::test]
async fn a_right_key_is_not_refused_because_the_database_was_slow() {
    let url = crate::rig::postgres::database().await;
    let api = Api::limited(World::on(&url, messenger()).await, LIMITS).await;
    let key = format!("Bearer {}", api.key(5, &["lines:read"]).await);
    let headers = [("authorization", key.as_str())];
    assert_eq!(from(&api, "192.0.2.1", "/v1/lines", &headers).await.status, 200);
    api.world.clock.advance(6_000);
    let mut slow = sqlx::PgConnection::connect(&url).await.unwrap();
    sqlx::raw_sql("BEGIN; LOCK TABLE api_key IN ACCESS EXCLUSIVE MODE").execute(&mut slow).await.unwrap();
    let waits = async {
        let is_waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while sqlx::query_scalar::<_, i64>(is_waiting).fetch_one(&mut slow).await.unwrap() == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        // Another call with the same key, which came later, has already passed.
        let now = api.world.clock.advance(20_000);
        api.app.limits.keys.take(&KeyId::first_of(5), now).unwrap();
        sqlx::raw_sql("COMMIT").execute(&mut slow).await.unwrap();
    };
    let (answer, ()) = tokio::join!(from(&api, "192.0.2.1", "/v1/lines", &headers), waits);
    assert_eq!(answer.status, 200, "{answer:?}");
}

#[tokio::test]
async fn only_a_proxy_that_is_trusted_names_the_caller() {
    let api = api().await;
    // The entries before the proxy's own were sent by the caller and can be forged.
    for number in 0..20 {
        assert_eq!(from(&api, &format!("203.0.113.{number}, 192.0.2.1"), "/v1/lines", &[]).await.status, 401);
    }
    assert_eq!(from(&api, "203.0.113.99, 192.0.2.1", "/v1/lines", &[]).await.status, 429);
}

#[tokio::test]
async fn unsigned_webhooks_are_counted_and_signed_ones_always_heard() {
    let api = api().await;
    assert_eq!(until_refused(&api, "192.0.2.1", "/hooks/post", &[("x-secret", "wrong")], 401).await, 20);
    let signed = [("x-secret", "hush")];
    for _ in 0..50 {
        assert_eq!(from(&api, "192.0.2.1", "/hooks/post", &signed).await.status, 200, "no answer of a client waits for a stranger");
    }
}

#[tokio::test]
async fn links_pages_and_showcases_are_counted_by_address() {
    let api = api().await;
    for (path, heard) in [("/sign-in", 200), ("/no-such-page", 404), ("/showcase/support", 404)] {
        let address = format!("192.0.2.{}", path.len());
        assert_eq!(until_refused(&api, &address, path, &[], heard).await, 20, "{path}");
    }
    let mut answers = Vec::new();
    for _ in 0..21 {
        answers.push(from(&api, "192.0.2.1", "/r/no-such-token", &[]).await);
    }
    let last = answers.pop().unwrap();
    assert!(answers.iter().all(|answer| answer.status == 404));
    assert_eq!((last.status, &last.headers["retry-after"]), (429, &"1".parse().unwrap()));
    assert!(last.text.contains("<html"), "a client gets a page");
}

#[test]
fn the_description_says_of_every_call_that_it_may_come_too_soon() {
    let document = openapi::document();
    let mut calls = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap().iter().filter(|(_, operation)| operation["operationId"].is_string()) {
            let refused = &operation["responses"]["429"];
            assert!(refused["headers"]["Retry-After"].is_object(), "{method} {path}");
            assert_eq!(refused["content"]["application/problem+json"]["schema"]["$ref"], "#/components/schemas/Problem", "{method} {path}");
            calls += 1;
        }
    }
    assert!(calls > 50);
}

/// A desk that asks its servers if the tokens of a call are valid. None are.
#[derive(Debug, Default)]
struct Asks(AtomicUsize);

impl Asks {
    fn ask(&self) -> SendError {
        self.0.fetch_add(1, Ordering::Relaxed);
        SendError::new(Verdict::Refused, "tokens_not_good", "not ours")
    }
}

#[async_trait]
impl Desk for Asks {
    fn kind(&self) -> &'static str {
        "asks"
    }

    fn abilities(&self) -> Abilities {
        Abilities::default()
    }

    fn tries_tokens(&self, _: &RawRequest) -> bool {
        true
    }

    async fn prepare(&self, _: &RawRequest) -> Result<(), SendError> {
        Err(self.ask())
    }

    fn receive(&self, _: &RawRequest) -> Result<Heard, Rejected> {
        Err(Rejected::NotHere)
    }

    async fn look(&self, _: Option<&str>) -> Result<Account, SendError> {
        Ok(Account::default())
    }

    fn panel(&self) -> Option<PanelPlace> {
        Some(PanelPlace { origin: "https://portal.example".to_owned(), told_by: PanelTold::Post })
    }

    async fn panel_chat(&self, _: &RawRequest) -> Result<Option<Beside>, SendError> {
        Err(self.ask())
    }
}

#[tokio::test]
async fn strangers_make_us_call_a_desk_no_more_often_than_they_are_heard() {
    let (mut world, desk) = (World::in_memory().await, Arc::new(Asks::default()));
    let desks = Desks::default();
    desks.add("bot", desk.clone(), Routing::default());
    world.engine = Engine { desks: Arc::new(desks), ..world.engine };
    let api = Api::limited(world, LIMITS).await;
    let post = async |path: &str| {
        let headers = [("x-forwarded-for", "192.0.2.7".to_owned()), ("content-type", "application/x-www-form-urlencoded".to_owned())];
        api.send("POST", path, &headers, b"event=ONAPPINSTALL".to_vec()).await.status
    };
    for path in ["/hooks/bot", "/panel/bot"] {
        let mut heard = 0;
        while post(path).await == 401 {
            heard += 1;
        }
        let asked = desk.0.load(Ordering::Relaxed);
        assert!((20..=22).contains(&asked) && heard <= asked, "{path}: {asked} {heard}");
        for _ in 0..50 {
            assert_eq!(post(path).await, 429);
        }
        assert_eq!(desk.0.swap(0, Ordering::Relaxed), asked, "{path}: nobody is asked any more");
        api.world.clock.advance(60_000);
    }
}
