//! A day at a desk around the real engine: the adapter against its own stub, a network between them that loses, repeats and
//! reorders, and a killed process. Each day runs over both databases; `killed.rs` kills the real binary.

use crate::rig::world::{World, messenger};
use lastword::app::runner;
use lastword::life::Engine;
use lastword::life::desk::events::{Directly, hear};
use lastword::life::desk::reconcile::{Reconciled, reconcile};
use lastword::life::engine::channels::Channels;
use lastword::life::engine::desks::{DeskAlone, Desks, Routing};
use lastword::queue::Tuning;
use lastword::store::connection;
use lastword::store::question::rating_request::{RatingRequest, of_session};
use lastword::time::Millis;
use lastword_contract::kit::desks::{DeskApi, DeskStub};
use lastword_contract::{Channel, Desk, Outgoing, Purpose, RawRequest, SetUp};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) const SECOND: Millis = 1_000;
pub(super) const MINUTE: Millis = 60_000;

/// A stub that a day can run at.
pub(super) trait Works: DeskApi {
    /// The connection's name, and the kind of desk.
    const NAME: &'static str;
    const KIND: &'static str;

    /// A stub whose clock shows this time.
    fn at_time(now: Millis) -> Self;

    /// Its clock.
    fn clock(&mut self) -> &mut Millis;

    /// Webhooks since the last call.
    fn take_posted(&mut self) -> Vec<RawRequest>;

    /// Runs its background jobs.
    fn work(&mut self) {}

    /// The settings of a connection to `url`, without those common to all desks.
    fn config(url: &str) -> Value;

    /// The adapter at `url`, for a process in this world.
    fn adapter(url: &str, world: &World) -> Adapter;

    /// The connection through which its clients are asked, if it is not the desk itself.
    fn asks_through() -> Option<&'static str> {
        None
    }
}

/// Common parts of all stubs: a clock, and requests waiting to be posted.
macro_rules! a_stub {
    () => {
        fn at_time(now: lastword::time::Millis) -> Self {
            Self::at(now)
        }

        fn clock(&mut self) -> &mut lastword::time::Millis {
            &mut self.now
        }

        fn take_posted(&mut self) -> Vec<lastword_contract::RawRequest> {
            std::mem::take(&mut self.posted)
        }
    };
}

pub(super) use a_stub;

/// Questions to clients, by chat.
pub(super) type Questions = BTreeMap<String, Vec<Outgoing>>;

/// Makes a desk post to the hook of the connection `name`.
pub(super) async fn set_up(desk: &dyn Desk, name: &str) {
    let hook_url = Some(format!("https://rate.example.com/hooks/{name}"));
    desk.set_up(&SetUp { hook_url, native_off: false, change: true }).await.unwrap();
}

/// A desk, and the same as a channel if it carries questions.
pub(super) struct Adapter {
    pub(super) desk: Arc<dyn Desk>,
    pub(super) channel: Option<Arc<dyn Channel>>,
}

pub(super) struct Day<A: Works> {
    pub(super) world: World,
    pub(super) stub: DeskStub<A>,
    pub(super) at: Adapter,
}

impl<A: Works> Day<A> {
    /// A day over the database at `url`.
    pub(super) async fn begin(url: &str) -> Self {
        let world = World::on(url, messenger()).await;
        let stub = DeskStub::start(A::at_time(world.now())).await;
        let at = A::adapter(&stub.url(), &world);
        let mut day = Self { world, stub, at };
        let now = day.world.now();
        let registered =
            day.world.engine.db.write(move |tx| Box::pin(async move { connection::started(tx, &A::NAME.into(), A::KIND, now).await }));
        registered.await.unwrap();
        day.start();
        day.reconcile().await;
        day
    }

    /// Starts a new process over the same database, without any state in memory.
    pub(super) fn start(&mut self) {
        self.at = A::adapter(&self.stub.url(), &self.world);
        let channels = Channels::default();
        for (name, connection) in self.world.engine.channels.iter().filter(|(name, _)| *name != A::NAME) {
            channels.add(name, connection.channel.clone(), connection.events.clone());
        }
        let channel = self.at.channel.clone().unwrap_or_else(|| Arc::new(DeskAlone(self.at.desk.clone())));
        channels.add(A::NAME, channel, Vec::new());
        let desks = Desks::default();
        let ask_through = A::asks_through().map(|name| ("*".to_owned(), name.into())).into_iter().collect();
        let routing = Routing {
            line: Some("support".into()),
            ask_through,
            reconcile_every: 5 * MINUTE,
            note_after: 20 * SECOND,
            ..Routing::default()
        };
        desks.add(A::NAME, self.at.desk.clone(), routing);
        self.world.engine = Engine { channels: Arc::new(channels), desks: Arc::new(desks), ..self.world.engine.clone() };
        self.world.runner = runner(&self.world.engine, Tuning::default(), None);
    }

    /// Lets time pass on both clocks, and does everything that is due.
    pub(super) async fn pass(&self, millis: Millis) {
        self.world.pass(millis).await;
        let mut stub = self.stub.lock();
        *stub.clock() = self.world.now().max(*stub.clock());
        stub.work();
    }

    /// Lets `times` times five seconds pass.
    pub(super) async fn go_on(&self, times: usize) {
        for _ in 0..times {
            self.pass(5 * SECOND).await;
        }
    }

    /// Sets both clocks to the later one.
    fn agree(&self) {
        let later = (*self.stub.lock().clock()).max(self.world.now());
        self.world.clock.set(later);
        *self.stub.lock().clock() = later;
    }

    /// Webhooks of the stub since the last call.
    pub(super) fn posted(&self) -> Vec<RawRequest> {
        self.stub.lock().take_posted()
    }

    /// Delivers these requests to the hook: answers first, then the events of chats.
    pub(super) async fn bring(&self, requests: Vec<RawRequest>) {
        self.agree();
        let (engine, now) = (&self.world.engine, self.world.now());
        for request in requests {
            if let Some(channel) = &self.at.channel {
                for inbound in channel.receive(&request).unwrap_or_default().events {
                    self.world.arrives(A::NAME, inbound).await;
                }
            }
            self.at.desk.prepare(&request).await.unwrap();
            let heard = self.at.desk.receive(&request).unwrap();
            hear(engine, &A::NAME.into(), heard.events, &Directly(engine, now), now).await.unwrap();
        }
    }

    /// Reconciles with the desk, if it is due.
    pub(super) async fn reconcile(&self) -> Reconciled {
        reconcile(&self.world.engine, &A::NAME.into(), self.world.now()).await.unwrap()
    }

    /// Adds the new questions of clients to the earlier ones.
    pub(super) fn keep_questions(&self, questions: &mut Questions) {
        let asks = |message: &Outgoing| matches!(message.purpose, Purpose::Question(_)) && message.replaces.is_none();
        for question in self.world.client.take().into_iter().filter(asks) {
            questions.entry(question.to.chat.clone()).or_default().push(question);
        }
    }

    pub(super) async fn requests(&self, session: &str) -> Vec<RatingRequest> {
        of_session(&self.world.engine.db, &A::NAME.into(), &session.into()).await.unwrap()
    }

    /// The outcomes of a chat's closes.
    pub(super) async fn outcomes(&self, session: &str) -> String {
        let told = self.requests(session).await.into_iter();
        let told =
            told.map(|one| format!("{} {}", one.outcome.map(|word| word.as_str()).unwrap_or("asked"), one.reason.as_deref().unwrap_or("")));
        told.collect::<Vec<_>>().join(", ")
    }
}
