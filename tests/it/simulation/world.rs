//! The world of one seed: its scheduler chooses the next event among desks, clients, the provider's moods, the clocks and
//! every single step of every node, so that a crash can occur between any two of them.

use super::desk::Desk;
use super::faults::Mood;
use super::invariants::{Broken, Watch, check};
use super::node::{Node, Work};
use super::people::{chats, settle_in};
use super::provider::{CONNECTIONS, Shared};
use super::seeds::{Trace, mix};
use lastword::domain::question::delivery::State;
use lastword::life::alert::escalate::escalate;
use lastword::life::question::expire::expire;
use lastword::life::report::recount::fold;
use lastword::life::report::store_label_counts::store_label_counts;
use lastword::names::RequestId;
use lastword::store::question::lease;
use lastword::store::records::inspect;
use lastword::store::{Db, StoreError, connection};
use lastword::time::{DAY, HOUR, MINUTE, Millis, SECOND};
use lastword_contract::Inbound;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// A world.
pub(crate) struct World {
    pub(crate) rng: StdRng,
    pub(crate) seed: u64,
    pub(crate) step: usize,
    pub(crate) now: Millis,
    pub(crate) db: Db,
    pub(crate) provider: Shared,
    pub(crate) nodes: Vec<Node>,
    pub(crate) desk: Desk,
    /// True if many clients are unhappy at once.
    pub(crate) storm: bool,
    /// Actions of clients and recipients in flight to us; they can arrive repeatedly and in any order.
    pub(crate) under_way: Vec<Tap>,
    pub(crate) watch: Watch,
    pub(crate) trace: Trace,
}

/// An action of a person, with facts that the engine must find out itself.
#[derive(Clone, Debug)]
pub(crate) struct Tap {
    pub(crate) connection: &'static str,
    pub(crate) inbound: Inbound,
    /// The rating request and the score, if this is an answer by the client who was asked.
    pub(crate) honest: Option<(RequestId, i64)>,
    pub(crate) is_score: bool,
}

/// Maximum number of rounds of all nodes until no work is left. Rate limits used up by a clock that was ahead, and chats
/// that accept one message per second, can delay some for half a minute, at 50 ms per round.
const ROUNDS: usize = 3_000;

impl World {
    /// A new world.
    pub(crate) async fn new(seed: u64, loud: bool) -> Result<Self, Broken> {
        let mut rng = StdRng::seed_from_u64(mix(seed, 0));
        let now = 1_750_000_000_000 + rng.random_range(0..30 * 24) * HOUR;
        let db = Db::open("sqlite::memory:", 1).await?;
        db.migrate().await?;
        let provider = Shared::new(seed, now);
        let storm = rng.random_bool(0.12);
        let desk = Desk::new(chats(&mut rng, now, storm));
        let (watch, trace) = (Watch::default(), Trace::new(loud));
        let mut world = Self { rng, seed, step: 0, now, db, provider, nodes: Vec::new(), desk, storm, under_way: Vec::new(), watch, trace };
        for number in 0..world.rng.random_range(2..4) {
            let node = Node::start(&world.db, &world.provider, seed, number, 0, now).await?;
            world.nodes.push(node);
        }
        for name in CONNECTIONS {
            let mood = Mood::draw(&mut world.rng);
            world.provider.lock().moods.insert(name, mood);
        }
        settle_in(&world.nodes[0].engine, now).await?;
        Ok(world)
    }

    /// Runs `steps` steps, removes all faults, lets time pass until no work is left, and checks the invariants.
    pub(crate) async fn run(&mut self, steps: usize) -> Result<(), Broken> {
        // A storm takes time to build up.
        let steps = if self.storm { steps * 3 } else { steps };
        while self.step < steps {
            self.step += 1;
            self.pass_time();
            self.one_step().await?;
            self.watch.look(&self.db).await?;
            self.note_rows();
        }
        self.heal().await?;
        let provider = self.provider.clone();
        let provider = provider.lock().clone();
        self.watch.finish(&self.db, &provider).await
    }

    /// Records an event.
    pub(crate) fn note(&mut self, text: impl AsRef<str>) {
        let line = format!("{} {} {}", self.step, self.now, text.as_ref());
        self.trace.note(&line);
    }

    fn note_rows(&mut self) {
        let rows: String =
            self.watch.rows.values().map(|held| format!("{}{}{};", held.delivery.id, held.delivery.state, held.delivery.token)).collect();
        let mut rows_only = Trace::new(false);
        rows_only.note(&rows);
        self.trace.note(&format!("rows {:x}", rows_only.hash));
    }

    fn pass_time(&mut self) {
        let by = match self.rng.random_range(0..if self.storm { 88 } else { 100 }) {
            0..55 => self.rng.random_range(0..300),
            55..85 => self.rng.random_range(300..3 * SECOND),
            85..95 => self.rng.random_range(3 * SECOND..2 * MINUTE),
            95..99 => self.rng.random_range(2 * MINUTE..2 * HOUR),
            _ => self.rng.random_range(2 * HOUR..30 * HOUR),
        };
        self.set_time(self.now + by);
    }

    fn set_time(&mut self, now: Millis) {
        self.now = now;
        self.provider.lock().now = now;
        for node in &self.nodes {
            node.clock.set(now + node.skew);
        }
    }

    async fn one_step(&mut self) -> Result<(), Broken> {
        let number = self.rng.random_range(0..self.nodes.len());
        if self.storm && self.rng.random_bool(0.4) {
            self.somebody_taps();
            self.something_arrives(number).await?;
            self.watch.look(&self.db).await?;
            // One node keeps up with the storm.
            while number == 0 && !self.nodes[0].work.is_empty() {
                self.work_on(0, 0).await?;
                self.watch.look(&self.db).await?;
            }
            return if number == 0 { self.claim(0).await } else { Ok(()) };
        }
        match self.rng.random_range(0..100) {
            0..14 => self.desk_acts(number).await,
            14..28 => {
                self.somebody_taps();
                Ok(())
            }
            28..40 => self.something_arrives(number).await,
            40..52 => self.claim(number).await,
            52..80 => self.work(number).await,
            80..85 => self.rescue(number).await,
            85..88 => self.expire(number).await,
            88..91 => self.escalate(number).await,
            91..94 => self.crash(number).await,
            94..95 => self.stop(number).await,
            95..97 => {
                let (name, mood) = (CONNECTIONS[self.rng.random_range(0..3)], Mood::draw(&mut self.rng));
                self.note(format!("{name} is {mood:?}"));
                self.provider.lock().moods.insert(name, mood);
                Ok(())
            }
            97..99 => {
                // Nodes follow the database's clock: they differ by little, whatever their machines' clocks show.
                let most = if self.rng.random_bool(0.2) { SECOND } else { 400 };
                self.nodes[number].skew = self.rng.random_range(-most..most);
                self.note(format!("clock of {number} off by {}", self.nodes[number].skew));
                self.set_time(self.now);
                Ok(())
            }
            _ => self.resume().await,
        }
    }

    async fn claim(&mut self, number: usize) -> Result<(), Broken> {
        let room = self.rng.random_range(1..9);
        let leased = self.nodes[number].runner.claim(room).await?;
        self.note(format!("node {number} claims {:?}", leased.iter().map(|one| (&one.id, one.token)).collect::<Vec<_>>()));
        if leased.is_empty() {
            return Ok(());
        }
        let at = self.nodes[number].engine.now();
        self.nodes[number].work.push(Work::Leased(leased.clone()));
        self.watch.claimed(&leased, at)
    }

    async fn work(&mut self, number: usize) -> Result<(), Broken> {
        if self.nodes[number].work.is_empty() {
            return self.claim(number).await;
        }
        let at = self.rng.random_range(0..self.nodes[number].work.len());
        self.work_on(number, at).await
    }

    /// Runs one step of one piece of work.
    async fn work_on(&mut self, number: usize, at: usize) -> Result<(), Broken> {
        match self.nodes[number].work.remove(at) {
            Work::Leased(leased) => {
                let prepared = self.nodes[number].runner.prepare(leased).await?;
                self.note(format!("node {number} wrote {}", prepared.len()));
                self.watch.written(&self.db, &prepared).await?;
                self.nodes[number].work.push(Work::Prepared(prepared));
            }
            Work::Prepared(prepared) => {
                let connection_limits = connection::all(&self.db).await?;
                let (sending, at) = self.nodes[number].runner.intend(prepared).await?;
                self.note(format!("node {number} intends {:?}", sending.iter().map(|(one, _)| (&one.id, one.token)).collect::<Vec<_>>()));
                self.watch.intended(&sending, at, &connection_limits)?;
                if !sending.is_empty() {
                    self.nodes[number].work.push(Work::Sending(sending, at, Vec::new()));
                }
            }
            Work::Sending(mut left, at, mut done) => {
                if !left.is_empty() && (done.is_empty() || self.rng.random_bool(0.6)) {
                    let (row, message) = left.remove(0);
                    let finished = self.nodes[number].runner.send(row, &message, at).await;
                    self.note(format!("node {number} sent {} {}: {:?}", finished.delivery.kind, finished.delivery.id, finished.result));
                    done.push(finished);
                    self.nodes[number].work.push(Work::Sending(left, at, done));
                } else {
                    self.note(format!("node {number} records {}", done.len()));
                    self.nodes[number].runner.record(done.clone()).await?;
                    self.watch.recorded(&self.db, &done).await?;
                    if !left.is_empty() {
                        self.nodes[number].work.push(Work::Sending(left, at, Vec::new()));
                    }
                }
            }
        }
        Ok(())
    }

    async fn rescue(&mut self, number: usize) -> Result<(), Broken> {
        let count = self.nodes[number].runner.rescue().await?;
        self.note(format!("node {number} rescues {count}"));
        Ok(())
    }

    async fn expire(&mut self, number: usize) -> Result<(), Broken> {
        let engine = self.nodes[number].engine.clone();
        let count = expire(&engine, engine.now(), 100).await?;
        self.note(format!("node {number} expires {count}"));
        // The same duty adds up counters, now or later: reports must not depend on it.
        if self.now % 3 != 0 {
            fold(&self.db).await?;
            // Also of young closes, which change most.
            store_label_counts(&self.db, self.now + 10 * DAY, 2).await?;
        }
        Ok(())
    }

    async fn escalate(&mut self, number: usize) -> Result<(), Broken> {
        let engine = self.nodes[number].engine.clone();
        let count = escalate(&engine, engine.now(), 100).await?;
        self.note(format!("node {number} escalates {count}"));
        Ok(())
    }

    /// The node dies, its memory is lost, and another one replaces it.
    async fn crash(&mut self, number: usize) -> Result<(), Broken> {
        self.note(format!("node {number} dies with {} pieces of work", self.nodes[number].work.len()));
        let lives = self.nodes[number].lives + 1;
        let number_ = u64::try_from(number).unwrap_or(0);
        self.nodes[number] = Node::start(&self.db, &self.provider, self.seed, number_, lives, self.now).await?;
        Ok(())
    }

    /// The node stops gracefully: calls in progress end and are recorded, leases are released (I18).
    async fn stop(&mut self, number: usize) -> Result<(), Broken> {
        self.nodes[number].work.retain(|work| matches!(work, Work::Sending(..)));
        while !self.nodes[number].work.is_empty() {
            self.work_on(number, 0).await?;
            self.watch.look(&self.db).await?;
        }
        let owner = self.nodes[number].owner.clone();
        self.db
            .write(move |tx| {
                let owner = owner.clone();
                Box::pin(async move { lease::release(tx, &owner).await })
            })
            .await?;
        let owner = Some(self.nodes[number].owner.clone());
        let held = inspect::deliveries(&self.db).await?.into_iter().find(|held| held.owner == owner);
        check(held.is_none(), "I18", || format!("{held:?}"))?;
        self.watch.look(&self.db).await?;
        self.crash(number).await
    }

    async fn resume(&mut self) -> Result<(), Broken> {
        self.note("a person resumes all connections");
        self.watch.paused.clear();
        let now = self.nodes[0].engine.now();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    for name in CONNECTIONS {
                        connection::resume(tx, &name.into(), now).await?;
                    }
                    Ok::<_, StoreError>(())
                })
            })
            .await?;
        Ok(())
    }

    /// Faults end, nodes run, and time passes until no work is left (I24).
    async fn heal(&mut self) -> Result<(), Broken> {
        self.note("faults stop");
        self.provider.lock().moods.values_mut().for_each(|mood| *mood = Mood::Good);
        for number in 0..self.nodes.len() {
            self.nodes[number].skew = 0;
            self.crash(number).await?;
        }
        self.resume().await?;
        for _ in 0..ROUNDS {
            while !self.under_way.is_empty() || !self.provider.lock().statuses.is_empty() {
                self.something_arrives(0).await?;
            }
            for number in 0..self.nodes.len() {
                self.rescue(number).await?;
                self.watch.look(&self.db).await?;
                self.expire(number).await?;
                self.escalate(number).await?;
                self.watch.look(&self.db).await?;
                self.claim(number).await?;
                self.watch.look(&self.db).await?;
                while !self.nodes[number].work.is_empty() {
                    self.work_on(number, 0).await?;
                    self.watch.look(&self.db).await?;
                }
            }
            self.watch.look(&self.db).await?;
            let Some(next) = self.next_time().await? else { return Ok(()) };
            self.set_time(next.max(self.now + 50));
        }
        let rows: Vec<_> = self.watch.rows.values().filter(|held| is_open(held.delivery.state) || held.resend_at.is_some()).collect();
        Err(Broken::Invariant("I24", format!("never quiet: {rows:?}")))
    }

    /// The next time at which work is due, if any.
    async fn next_time(&self) -> Result<Option<Millis>, Broken> {
        let rows = self.watch.rows.values();
        let of_row = |held: &inspect::Held| match held.delivery.state.as_str() {
            "scheduled" => Some(held.delivery.due_at),
            "leased" | "sending" => held.lease_until.map(|at| at + 1),
            _ => held.resend_at,
        };
        let mut times: Vec<Millis> = rows.filter_map(of_row).collect();
        let requests = inspect::rating_requests(&self.db).await?;
        times.extend(requests.iter().filter(|request| request.outcome.is_none()).filter_map(|request| request.expires_at));
        times.extend(inspect::alerts(&self.db).await?.iter().filter_map(|alert| alert.escalate_at));
        Ok(times.into_iter().min())
    }
}

fn is_open(state: State) -> bool {
    matches!(state, State::Scheduled | State::Leased | State::Sending)
}
