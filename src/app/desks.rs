//! The desks behind shared accounts, over HTTP: each gets every update that is not ours, by `crate::life::shared_account::forward`.

use super::StartError;
use crate::life::Engine;
use crate::life::engine::channels::DeskBehind;
use crate::life::shared_account::forward::{self, Desk, Passed};
use crate::metrics::Metrics;
use crate::names::ConnectionId;
use crate::settings::{Connection, PassOn};
use crate::time::{Millis, SECOND, wait};
use async_trait::async_trait;
use lastword_contract::address_filter::{AddressRule, FilteredResolver, SystemResolver};
use lastword_contract::{Channel, Headers, RawRequest, Rejected};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// The desks behind the shared accounts of a node, by connection. They can change while it runs.
#[derive(Default)]
pub struct Desks(RwLock<BTreeMap<ConnectionId, Arc<HttpDesk>>>);

impl Desks {
    /// The desk behind a connection.
    pub(super) fn get(&self, connection: &ConnectionId) -> Option<Arc<HttpDesk>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(connection).cloned()
    }

    /// Adds a desk, or replaces the one behind the same connection.
    pub(super) fn put(&self, connection: &ConnectionId, desk: Arc<HttpDesk>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(connection.clone(), desk);
    }

    pub(super) fn remove(&self, connection: &ConnectionId) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(connection);
    }
}

/// Another node may have stored an update, or a clock may have jumped.
const SLEEP_MAX: Millis = SECOND;

/// A desk behind a shared account.
pub struct HttpDesk {
    http: reqwest::Client,
    to: PassOn,
}

/// The desk behind a connection, for the steps and for the calls.
///
/// # Errors
/// If the channel receives nothing that could be forwarded.
pub(super) fn behind(connection: &Connection, channel: &dyn Channel) -> Result<(DeskBehind, HttpDesk), StartError> {
    let Some(to) = connection.pass_on.clone() else { return Err(StartError::Other("no desk is configured".to_owned())) };
    let nothing =
        RawRequest { method: "GET".to_owned(), query: String::new(), headers: Headers::default(), body: Vec::new(), received_at: 0 };
    if !channel.listens() && channel.receive(&nothing) == Err(Rejected::NotHere) {
        let message = format!("is not for this connection: a {} receives nothing from a platform; take it out", channel.kind());
        return Err(connection.problem("pass_on", &message).into());
    }
    if to.secret.is_some() && !channel.listens() {
        let message = "is for updates that are fetched by polling; what a platform posts keeps its own headers; take it out";
        return Err(connection.problem(PassOn::SECRET, message).into());
    }
    let millis = |duration: Duration| Millis::try_from(duration.as_millis()).unwrap_or(Millis::MAX);
    let behind = DeskBehind {
        keep_for: millis(to.give_up_after),
        call_for: millis(to.timeout),
        secret: to.secret.as_ref().map(|_| PassOn::SECRET),
        settings: connection.texts(),
    };
    Ok((behind, HttpDesk::new(to)?))
}

/// Networks that may be called: with encryption all but metadata and reserved addresses, without it only private ones.
pub(super) fn callable(secure: bool) -> AddressRule {
    if secure { AddressRule::PrivateToo } else { AddressRule::PrivateOnly }
}

/// The system's resolver, without addresses that may not be called.
pub(super) fn resolver(secure: bool) -> Arc<FilteredResolver> {
    Arc::new(FilteredResolver { inner: Arc::new(SystemResolver), rule: callable(secure) })
}

impl HttpDesk {
    fn new(to: PassOn) -> Result<Self, StartError> {
        let secure = to.url.scheme() == "https";
        let http = reqwest::Client::builder()
            .connect_timeout(to.timeout / 2)
            .timeout(to.timeout)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .dns_resolver(resolver(secure));
        // Calls inside the network do not use a proxy.
        let http = if secure { http } else { http.no_proxy() };
        let http = http.build().map_err(|error| StartError::Other(format!("cannot make an HTTP client: {error}")))?;
        Ok(Self { http, to })
    }
}

#[async_trait]
impl Desk for HttpDesk {
    async fn take(&self, request: Passed) -> Result<(), String> {
        let method = reqwest::Method::from_bytes(request.method.as_bytes()).map_err(|_| "the method cannot be sent".to_owned())?;
        let mut url = self.to.url.clone();
        if !request.query.is_empty() {
            let query = url.query().map_or_else(|| request.query.clone(), |own| format!("{own}&{}", request.query));
            url.set_query(Some(&query));
        }
        let call = self.http.request(method, url).headers(headers(&request.headers)).body(request.body);
        let answer = call.send().await.map_err(|error| self.on_the_way(&error))?;
        let status = answer.status();
        if status.is_success() { Ok(()) } else { Err(format!("the desk answered {status}")) }
    }
}

impl HttpDesk {
    /// Describes a network error. Its own text would contain the URL.
    fn on_the_way(&self, error: &reqwest::Error) -> String {
        if error.is_timeout() {
            format!("no answer within {} s", self.to.timeout.as_secs())
        } else if error.is_connect() {
            "no connection".to_owned()
        } else {
            "the connection broke".to_owned()
        }
    }
}

/// Restores the headers byte by byte: each character is one byte.
fn headers(pairs: &[(String, String)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in pairs {
        let bytes: Option<Vec<u8>> = value.chars().map(|letter| u8::try_from(letter).ok()).collect();
        let value = bytes.and_then(|bytes| HeaderValue::from_bytes(&bytes).ok());
        if let (Ok(name), Some(value)) = (HeaderName::from_bytes(name.as_bytes()), value) {
            map.append(name, value);
        }
    }
    map
}

/// Forwards to the desk behind a connection until `stop`.
pub(super) fn pass_on(
    engine: &Engine,
    connection: &ConnectionId,
    desk: Arc<HttpDesk>,
    metrics: &Arc<Metrics>,
    stop: &CancellationToken,
) -> JoinHandle<()> {
    let (connection, owner) = (connection.clone(), engine.ids.text(engine.now()));
    let carrier = Carrier { engine: engine.clone(), connection, desk, metrics: metrics.clone(), owner };
    let stop = stop.clone();
    tokio::spawn(async move { carrier.carry(&stop).await })
}

/// Forwards to one desk.
struct Carrier {
    engine: Engine,
    connection: ConnectionId,
    desk: Arc<HttpDesk>,
    metrics: Arc<Metrics>,
    owner: String,
}

impl Carrier {
    async fn carry(self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            let mut woken = std::pin::pin!(self.engine.pass_on.notified());
            // Subscribe first, so that an update stored meanwhile does not wait.
            woken.as_mut().enable();
            let pause = match forward::pass_on(&self.engine, &self.connection, &*self.desk, &self.owner).await {
                Ok(Some(done)) => {
                    self.count(&done);
                    if done.failed.is_none() && done.passed + done.dropped > 0 {
                        continue;
                    }
                    self.pause().await
                }
                Ok(None) => self.pause().await,
                Err(error) => {
                    if !error.is_read_only() {
                        tracing::warn!(connection = self.connection.as_str(), %error, "forwarding: database error; trying again");
                    }
                    SLEEP_MAX
                }
            };
            tokio::select! { () = wait(pause) => {}, () = woken => {}, () = stop.cancelled() => {} }
        }
    }

    fn count(&self, done: &forward::Done) {
        self.metrics.passed_on(self.connection.as_str(), "passed", done.passed);
        if done.dropped > 0 {
            self.metrics.passed_on(self.connection.as_str(), "dropped", done.dropped);
            tracing::error!(connection = self.connection.as_str(), count = done.dropped, "updates for the desk expired and were dropped");
        }
        if let Some(why) = &done.failed {
            self.metrics.passed_on(self.connection.as_str(), "failed", 1);
            tracing::warn!(connection = self.connection.as_str(), why, "the desk did not accept an update; it will be sent again");
        }
    }

    /// Time until something may be forwarded.
    async fn pause(&self) -> Millis {
        let next = forward::next_at(&self.engine, &self.connection).await.unwrap_or_default();
        next.map_or(SLEEP_MAX, |at| (at - self.engine.now()).clamp(10, SLEEP_MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_keep_their_bytes_and_their_copies() {
        let pairs =
            [("x-name".to_owned(), "J\u{fc}rgen".to_owned()), ("x-list".to_owned(), "a".to_owned()), ("x-list".to_owned(), "b".to_owned())];
        let map = headers(&pairs);
        assert_eq!(map.get("x-name").unwrap().as_bytes(), b"J\xfcrgen");
        assert_eq!(map.get_all("x-list").iter().count(), 2);
    }
}
