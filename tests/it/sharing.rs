//! A shared bot: our updates are processed here, all others are forwarded unchanged to the desk behind the connection.

mod carried;
mod judged;
mod killed;
mod set_up;

use crate::rig::world::{World, messenger};
use async_trait::async_trait;
use lastword::life::Engine;
use lastword::life::answer::accept::accept;
use lastword::life::engine::channels::{Channels, DeskBehind};
use lastword::life::facts::inbound::{AcceptResult, Arrived};
use lastword::life::shared_account::forward::{Desk, Done, Passed, pass_on};
use lastword_contract::{Headers, Inbound, InboundKind, RawRequest};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

const SECRET: &str = "the-webhooks-own-secret";

/// A desk that records what it accepts, and refuses on demand.
#[derive(Default)]
struct Notebook {
    taken: Mutex<Vec<Passed>>,
    refusals: Mutex<VecDeque<String>>,
}

impl Notebook {
    fn refuses(&self, times: usize) {
        self.refusals.lock().unwrap().extend((0..times).map(|_| "the desk answered 503 Service Unavailable".to_owned()));
    }

    /// Bodies accepted since the last call.
    fn bodies(&self) -> Vec<String> {
        let taken = std::mem::take(&mut *self.taken.lock().unwrap());
        taken.into_iter().map(|passed| String::from_utf8_lossy(&passed.body).into_owned()).collect()
    }
}

#[async_trait]
impl Desk for Notebook {
    async fn take(&self, request: Passed) -> Result<(), String> {
        if let Some(why) = self.refusals.lock().unwrap().pop_front() {
            return Err(why);
        }
        self.taken.lock().unwrap().push(request);
        Ok(())
    }
}

/// A world whose connection `bot` has a desk behind it.
struct Shared {
    world: World,
    desk: Notebook,
}

impl Shared {
    async fn on(url: &str) -> Self {
        let mut world = World::on(url, messenger()).await;
        let channels = Channels::default();
        for (name, connection) in world.engine.channels.iter() {
            channels.add(name, connection.channel.clone(), connection.events.clone());
        }
        let settings = BTreeMap::from([("webhook_secret".to_owned(), SECRET.to_owned())]);
        channels.share(&"bot".into(), DeskBehind { keep_for: 24 * 3_600_000, call_for: 10_000, secret: None, settings });
        world.engine = Engine { channels: Arc::new(channels), ..world.engine };
        Self { world, desk: Notebook::default() }
    }

    /// One request of the platform, with these events.
    async fn posted(&self, body: &str, events: Vec<Inbound>) -> Vec<AcceptResult> {
        let came = Arc::new(request(body, self.world.now()));
        let arrived =
            |inbound| Arrived { connection: "bot".into(), inbound, body_hash: String::new(), came: Some(came.clone()), form: None };
        accept(&self.world.engine, events.into_iter().map(arrived).collect(), None, self.world.now()).await.unwrap()
    }

    /// One round of forwarding.
    async fn round(&self) -> Option<Done> {
        pass_on(&self.world.engine, &"bot".into(), &self.desk, "a node").await.unwrap()
    }

    /// Bodies received by the desk once everything due was forwarded.
    async fn passed(&self) -> Vec<String> {
        while self.round().await.is_some_and(|done| done.failed.is_none()) {}
        self.desk.bodies()
    }
}

fn event(key: &str, what: InboundKind) -> Inbound {
    Inbound { key: key.to_owned(), order: 1, at: None, kind: what }
}

/// An update that is not ours.
fn other(key: &str) -> Inbound {
    event(key, InboundKind::Other { kind: "edited_message".to_owned() })
}

fn request(body: &str, now: i64) -> RawRequest {
    let headers =
        [("host", "rate.example"), ("connection", "keep-alive, x-hop"), ("x-hop", "1"), ("x-token", SECRET), ("x-name", "J\u{fc}rgen")];
    RawRequest {
        method: "POST".to_owned(),
        query: "a=1&b=%20".to_owned(),
        headers: Headers::new(headers),
        body: body.as_bytes().to_vec(),
        received_at: now,
    }
}
