//! A world with its pages, and browsers that visit it: they keep cookies, follow no redirects, and submit forms as shown.

use crate::rig::world::{World, messenger};
use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request};
use http_body_util::BodyExt;
use lastword::domain::access::audit::By;
use lastword::domain::access::rights::Role;
use lastword::http::middleware::rate_limit::RateLimits;
use lastword::http::middleware::shares::Shares;
use lastword::http::middleware::{self, Middleware};
use lastword::http::ops::{Ops, Readiness};
use lastword::http::pages::{self, Options, Pages};
use lastword::http::routes;
use lastword::http::site::Sites;
use lastword::http::state::{AppState, BodyMax};
use lastword::life::access::change_account::{self, Wanted};
use lastword::life::access::{passwords, sign_in};
use lastword::metrics::Metrics;
use lastword::settings::Limits;
use lastword::store::StoreError;
use lastword::store::access::account::Account;
use lastword_base::names::OperatorId;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt;

/// An acceptable password.
pub(crate) const PASSWORD: &str = "quiet lamp under rivers";

struct Ready;

#[async_trait]
impl Readiness for Ready {
    async fn not_ready_reasons(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A world with its pages.
pub(crate) struct House {
    pub(crate) world: World,
    router: Router,
}

impl House {
    /// Over the database at `url`, with this public URL.
    pub(crate) async fn on(url: &str, public_url: Option<&str>) -> Self {
        Self::limited(url, public_url, Limits::NONE, None).await
    }

    /// The same with rate limits and a time limit for generating files.
    pub(crate) async fn limited(url: &str, public_url: Option<&str>, limits: Limits, file_within: Option<Duration>) -> Self {
        Self::over(World::on(url, messenger()).await, public_url, limits, file_within)
    }

    /// Over a world.
    pub(crate) fn over(world: World, public_url: Option<&str>, limits: Limits, file_within: Option<Duration>) -> Self {
        Self::with_sites(world, Arc::default(), public_url, limits, file_within)
    }

    /// Over a world with these web chats.
    pub(crate) fn with_sites(
        world: World,
        sites: Arc<Sites>,
        public_url: Option<&str>,
        limits: Limits,
        file_within: Option<Duration>,
    ) -> Self {
        let metrics = Arc::new(Metrics::new("test"));
        let app = AppState::open(&world.engine, sites, metrics.clone(), BodyMax::default(), RateLimits::of(&limits));
        let public_url = public_url.map(|url| url.parse().unwrap());
        let https = public_url.is_some();
        let options = Options { public_url, language: "en".to_owned(), file_within };
        let pages = Pages::new(&app, options, Default::default());
        let ops = Ops { readiness: Arc::new(Ready), metrics: None, token: None };
        let new_id: Arc<dyn Fn() -> String + Send + Sync> = Arc::new(|| "a-call".to_owned());
        let edge = Middleware {
            new_id,
            metrics,
            trusted_proxies: Arc::new([]),
            timeout: Duration::from_secs(60),
            https,
            shares: Shares::new(1_000),
        };
        let router = middleware::wrap(routes::all(&app, ops, &pages).merge(pages::home()), edge);
        Self { world, router }
    }

    /// Creates an account. `lines` are those of a supervisor; empty means all.
    pub(crate) async fn person(&self, login: &str, role: Role, lines: &[&str]) -> Account {
        let wanted = wanted(login, role, lines);
        let hash = passwords::hash(PASSWORD, [7; 16]).unwrap();
        let (engine, now) = (&self.world.engine, self.world.now());
        change_account::add(engine, &By::command(), login, wanted, Some(hash), now).await.unwrap().expect("a free login")
    }

    /// A browser that is already signed in.
    pub(crate) async fn signed_in(&self, account: &Account) -> Browser<'_> {
        let (engine, account, now) = (self.world.engine.clone(), account.clone(), self.world.now());
        let opened = self.world.engine.db.write(move |tx| {
            let (engine, account) = (engine.clone(), account.clone());
            Box::pin(async move { sign_in::open(tx, &engine, &account, "192.0.2.7", "test", now).await })
        });
        let secret: Result<String, StoreError> = opened.await;
        let mut browser = self.browser();
        browser.cookies.insert("lastword".to_owned(), secret.unwrap());
        browser
    }

    /// A browser without cookies.
    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser { house: self, cookies: BTreeMap::new(), headers: vec![("sec-fetch-site", "same-origin".to_owned())], peer: None }
    }
}

/// An account as created by an admin.
pub(crate) fn wanted(name: &str, role: Role, lines: &[&str]) -> Wanted {
    Wanted {
        name: name.to_owned(),
        role,
        operator_id: (role == Role::Operator).then(|| "op-7".to_owned()).map(OperatorId::from),
        all_lines: lines.is_empty(),
        lines: lines.iter().map(|&line| line.into()).collect(),
        comments: false,
        disabled: false,
    }
}

/// A browser.
#[derive(Clone)]
pub(crate) struct Browser<'h> {
    house: &'h House,
    pub(crate) cookies: BTreeMap<String, String>,
    /// Headers that it sends with every changing call.
    pub(crate) headers: Vec<(&'static str, String)>,
    /// Its address, if not this machine.
    peer: Option<SocketAddr>,
}

/// A response.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    /// The body as bytes, for binary content.
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    /// Target of the redirect.
    pub(crate) fn leads_to(&self) -> &str {
        assert_eq!(self.status, 303, "{self:?}");
        self.headers["location"].to_str().unwrap()
    }

    /// Token that binds its forms to the browser.
    pub(crate) fn token(&self) -> String {
        let (_, rest) = self.text.split_once("name=\"form_token\" value=\"").unwrap_or_else(|| panic!("no form on {}", self.text));
        rest.split('"').next().unwrap().to_owned()
    }

    /// The `Set-Cookie` of a cookie.
    pub(crate) fn sets(&self, cookie: &str) -> Option<&str> {
        let all = self.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
        all.into_iter().find(|set| set.starts_with(&format!("{cookie}=")))
    }
}

impl Browser<'_> {
    /// The same browser at another address.
    pub(crate) fn from(mut self, address: &str) -> Self {
        self.peer = Some((address.parse::<IpAddr>().unwrap(), 4_711).into());
        self
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.call("GET", path, None).await
    }

    /// Submits the form of the page at `shown_at` to `path`.
    pub(crate) async fn send(&mut self, shown_at: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.get(shown_at).await.token();
        let mut all = vec![("form_token", token.as_str())];
        all.extend_from_slice(fields);
        self.post(path, &all).await
    }

    /// Submits exactly these fields.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields);
        self.call("POST", path, Some(body.finish())).await
    }

    /// Signs in with a login and a password.
    pub(crate) async fn sign_in(&mut self, login: &str, password: &str) -> Answer {
        self.send("/sign-in", "/sign-in", &[("login", login), ("password", password)]).await
    }

    /// Starts to download a file, and disconnects after the first chunk.
    pub(crate) async fn break_off(&mut self, path: &str) -> String {
        let cookie: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::get(path).header("host", "desk.example").header("cookie", cookie.join("; "));
        let answer = self.house.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let piece = answer.into_body().frame().await.unwrap().unwrap().into_data().unwrap();
        String::from_utf8_lossy(&piece).into_owned()
    }

    async fn call(&mut self, method: &str, path: &str, body: Option<String>) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("host", "desk.example").header("accept", "text/html");
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        if body.is_some() {
            request = request.header("content-type", "application/x-www-form-urlencoded");
            for (name, value) in &self.headers {
                request = request.header(*name, value);
            }
        }
        let mut request = request.body(Body::from(body.unwrap_or_default())).unwrap();
        if let Some(peer) = self.peer {
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        let (parts, body) = self.house.router.clone().oneshot(request).await.unwrap().into_parts();
        for set in parts.headers.get_all("set-cookie") {
            let (name, rest) = set.to_str().unwrap().split_once('=').unwrap();
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), rest.split(';').next().unwrap().to_owned());
            }
        }
        // A live stream never ends: only its head is read.
        let endless = parts.headers.get("content-type").is_some_and(|kind| kind == "text/event-stream");
        let bytes = if endless { Vec::new() } else { body.collect().await.unwrap().to_bytes().to_vec() };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status.as_u16(), headers: parts.headers, text, bytes }
    }
}
