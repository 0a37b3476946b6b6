//! The routes of a world, and a caller.

use crate::rig::world::{World, messenger};
use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use http_body_util::BodyExt;
use lastword::domain::access::api_key::{ApiKey, Scope};
use lastword::http::middleware::rate_limit::RateLimits;
use lastword::http::middleware::shares::Shares;
use lastword::http::middleware::{self, Middleware};
use lastword::http::ops::{Ops, Readiness};
use lastword::http::pages::Pages;
use lastword::http::routes;
use lastword::http::state::{AppState, BodyMax};
use lastword::life::Engine;
use lastword::life::engine::channels::Channels;
use lastword::metrics::Metrics;
use lastword::names::KeyId;
use lastword::settings::Limits;
use lastword::store::StoreError;
use lastword::store::access::api_key;
use lastword_contract::{
    Account, Address, Capabilities, Channel, Inbound, InboundKind, Outgoing, RawRequest, Receipt, Received, Rejected, SendError,
};
use serde_json::Value;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tower::ServiceExt;

/// A world with its routes. Its connection `post` accepts webhooks: see [`Postbox`].
pub(crate) struct Api {
    pub(crate) world: World,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) postbox: Arc<Postbox>,
    pub(crate) app: Arc<AppState>,
    router: Router,
    admin: String,
}

/// A response.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) kind: String,
    pub(crate) text: String,
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// Status, code and field of a problem.
    pub(crate) fn problem(&self) -> (u16, String, String) {
        assert_eq!(self.kind, "application/problem+json", "{self:?}");
        let body = self.json();
        assert_eq!(body["status"], self.status);
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        (self.status, text("code"), text("field"))
    }
}

struct Ready;

#[async_trait]
impl Readiness for Ready {
    async fn not_ready_reasons(&self) -> Vec<String> {
        Vec::new()
    }
}

impl Api {
    pub(crate) async fn new(url: &str) -> Self {
        Self::over(World::on(url, messenger()).await).await
    }

    pub(crate) async fn in_memory() -> Self {
        Self::over(World::in_memory().await).await
    }

    pub(crate) async fn over(world: World) -> Self {
        Self::limited(world, Limits::NONE).await
    }

    /// Over a world with these rate limits.
    pub(crate) async fn limited(mut world: World, limits: Limits) -> Self {
        let postbox = Arc::new(Postbox::default());
        let channels = Channels::default();
        for (name, connection) in world.engine.channels.iter() {
            channels.add(name, connection.channel.clone(), connection.events.clone());
        }
        channels.add("post", postbox.clone(), Vec::new());
        world.engine = Engine { channels: Arc::new(channels), ..world.engine };
        let metrics = Arc::new(Metrics::new("test"));
        let app = AppState::open(&world.engine, Default::default(), metrics.clone(), BodyMax::default(), RateLimits::of(&limits));
        let ops = Ops { readiness: Arc::new(Ready), metrics: Some(metrics.clone()), token: None };
        let new_id: Arc<dyn Fn() -> String + Send + Sync> = Arc::new(|| "a-call".to_owned());
        // Every caller comes through a proxy on this machine, which reports their address.
        let trusted_proxies = Arc::new(["127.0.0.1/32".parse().unwrap()]);
        let edge = Middleware {
            new_id,
            metrics: metrics.clone(),
            trusted_proxies,
            timeout: Duration::from_secs(30),
            https: false,
            shares: Shares::new(1_000),
        };
        let pages = Pages::new(&app, Default::default(), Default::default());
        let router = middleware::wrap(routes::all(&app, ops, &pages), edge);
        let mut api = Self { world, metrics, postbox, app, router, admin: String::new() };
        api.admin = api.key(1, &["admin"]).await;
        api
    }

    /// A new key with these scopes.
    pub(crate) async fn key(&self, number: u8, scopes: &[&str]) -> String {
        let key = ApiKey::generate([number; 32]);
        let scopes: Vec<String> = scopes.iter().map(|&scope| scope.to_owned()).collect();
        assert!(scopes.iter().all(|scope| Scope::parse(scope).is_some()));
        let row = api_key::ApiKey {
            id: KeyId::first_of(number.into()),
            name: format!("Key {number}"),
            prefix: key.prefix().to_owned(),
            hash: key.hash(),
            scopes,
            lines: lastword::domain::access::rights::Lines::All,
            created_at: self.world.now(),
            last_used_at: None,
            revoked_at: None,
        };
        let written = self.world.engine.db.write(move |tx| {
            let row = row.clone();
            Box::pin(async move { api_key::insert(tx, &row).await })
        });
        written.await.unwrap();
        key.text().to_owned()
    }

    pub(crate) async fn revoke(&self, number: u8) {
        let now = self.world.now();
        let revoked: Result<u64, StoreError> = self
            .world
            .engine
            .db
            .write(move |tx| Box::pin(async move { api_key::revoke(tx, &KeyId::first_of(number.into()).to_string(), now).await }))
            .await;
        assert_eq!(revoked.unwrap(), 1);
    }

    /// The key of an administrator.
    pub(crate) fn admin(&self) -> &str {
        &self.admin
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, Some(&self.admin), "").await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call("POST", path, Some(&self.admin), &body.to_string()).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Answer {
        self.call("PUT", path, Some(&self.admin), &body.to_string()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.call("DELETE", path, Some(&self.admin), "").await
    }

    pub(crate) async fn call(&self, method: &str, path: &str, key: Option<&str>, body: &str) -> Answer {
        let mut headers = vec![("content-type", "application/json".to_owned())];
        headers.extend(key.map(|key| ("authorization", format!("Bearer {key}"))));
        self.send(method, path, &headers, body.as_bytes().to_vec()).await
    }

    pub(crate) async fn send(&self, method: &str, path: &str, headers: &[(&str, String)], body: Vec<u8>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let response = self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let kind = response.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned()).unwrap_or_default();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.into_body().collect().await.unwrap().to_bytes();
        Answer { status, headers, kind, text: String::from_utf8_lossy(&body).into_owned() }
    }
}

/// A channel with a webhook: the secret is a header; the body is `KEY CHAT TOKEN`, or `hello`, which has no content.
#[derive(Debug, Default)]
pub(crate) struct Postbox {
    pub(crate) acknowledged: Mutex<Vec<String>>,
}

#[async_trait]
impl Channel for Postbox {
    fn kind(&self) -> &'static str {
        "postbox"
    }

    fn capabilities(&self) -> Capabilities {
        messenger()
    }

    fn admit(&self, to: Address) -> Result<Address, &'static str> {
        if to.chat.starts_with("post ") { Err("Send the chat without the word post.") } else { Ok(to) }
    }

    async fn send(&self, _: &Outgoing) -> Result<Receipt, SendError> {
        Ok(Receipt::default())
    }

    fn receive(&self, request: &RawRequest) -> Result<Received, Rejected> {
        if request.headers.get("x-secret") != Some("hush") {
            return Err(Rejected::Unsigned("x-secret"));
        }
        if request.method == "GET" {
            return Ok(Received { events: Vec::new(), reply: request.query.clone() });
        }
        let text = String::from_utf8_lossy(&request.body);
        let words: Vec<&str> = text.split(' ').collect();
        let [key, chat, token] = words[..] else { return Err(Rejected::Unreadable("not three words".to_owned())) };
        let (by, press_id) = (Address::chat(chat), Some(format!("spin-{key}")));
        let what = InboundKind::Press { token: token.to_owned(), by, message_id: None, press_id };
        Ok(Received { events: vec![Inbound { key: key.to_owned(), order: 1, at: None, kind: what }], reply: "ok".to_owned() })
    }

    async fn acknowledge(&self, press_id: &str, _: &str) {
        self.acknowledged.lock().unwrap().push(press_id.to_owned());
    }

    async fn check(&self) -> Result<Account, SendError> {
        Ok(Account::default())
    }
}
