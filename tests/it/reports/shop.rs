//! A shop with several lines, operators and messengers, and weeks of random events: closes, questions that arrive or not,
//! taps, changed scores, comments, late answers, reopenings. All through the real steps; a seed determines the history.

use crate::rig::world::{Parrot, messenger, parrot};
use async_trait::async_trait;
use chrono_tz::Tz;
use lastword::app::channel_handler::ChannelHandler;
use lastword::app::{maintenance, runner};
use lastword::domain::access::audit::By;
use lastword::domain::answer::rating::Scale;
use lastword::domain::answer::reason::Reason;
use lastword::domain::line::tag_rule::TagRule;
use lastword::domain::line::{Attribution, FollowUp, LineSettings, Resolved, Texts};
use lastword::domain::question::token::TokenKeys;
use lastword::domain::session::label::Fields;
use lastword::domain::session::{ClosedBy, Operator, OperatorKind};
use lastword::id::Ids;
use lastword::life::admin::change_line::{Changed, save_line};
use lastword::life::answer::accept::accept;
use lastword::life::engine::channels::Channels;
use lastword::life::facts::inbound::Arrived;
use lastword::life::report::recount::fold;
use lastword::life::report::store_label_counts::store_label_counts;
use lastword::life::review::supervisor_score::{Opinion, score};
use lastword::life::session::change::{SessionChange, change_session};
use lastword::life::session::close::close_sessions;
use lastword::life::session::close_batch::Close;
use lastword::life::session::event::EventEnvelope;
use lastword::life::{Engine, Options};
use lastword::names::ConnectionId;
use lastword::queue::{Runner, Tuning};
use lastword::store::answer::rating::{self, Rating};
use lastword::store::line::LineChange;
use lastword::store::question::rating_request;
use lastword::store::records::{inspect, personal};
use lastword::store::{Db, StoreError, connection};
use lastword::time::{Clock, DAY, HOUR, MINUTE, Millis, SECOND, SetClock};
use lastword_contract::{
    Account, Address, Capabilities, Channel, ChoiceKind, Inbound, InboundKind, Outgoing, Purpose, Receipt, SendError, Verdict,
};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::broadcast;

pub(super) const ZONE: Tz = chrono_tz::Europe::Berlin;
pub(super) const LINES: [&str; 3] = ["sales", "support", "vip"];
pub(super) const OPERATORS: [&str; 3] = ["olga", "pavel", "quinn"];
/// Connections and the kinds of their channels.
const CONNECTIONS: [(&str, &str); 2] = [("blue", "bluebird"), ("red", "redbird")];
pub(super) const CHANNELS: [&str; 2] = ["bluebird", "redbird"];
/// Labels of a session: not random, so that the rest of the history is unchanged.
fn labels(key: i64) -> Vec<String> {
    [("refund", 7), ("vip", 5)].into_iter().filter(|(_, every)| key % every == 0).map(|(label, _)| label.to_owned()).collect()
}

/// Some sessions have one topic of more than a report shows.
fn fields(key: i64) -> Fields {
    let topic = if key % 2 == 0 { "bill".to_owned() } else { format!("t{}", key % 37) };
    Fields((key % 3 == 0).then(|| ("topic".to_owned(), topic)).into_iter().collect())
}

/// Comments of clients.
const COMMENTS: [&str; 5] = [
    "the printer is still broken",
    "Ещё раз: принтер не работает!",
    "Printing café menus – très bien, merci",
    "=SUM(A1:A9) is <b>broken</b>",
    "No, no, no.",
];
/// 2026-09-20, ten days before the end of a month; daylight saving time ends on 25 October.
pub(super) const BEGIN: Millis = 1_789_862_400_000;

/// A parrot of another kind.
#[derive(Debug)]
struct Bird(Arc<Parrot>, &'static str);

#[async_trait]
impl Channel for Bird {
    fn kind(&self) -> &'static str {
        self.1
    }

    fn capabilities(&self) -> Capabilities {
        self.0.capabilities()
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<Receipt, SendError> {
        self.0.send(outgoing).await
    }

    async fn check(&self) -> Result<Account, SendError> {
        self.0.check().await
    }
}

/// The shop.
pub(super) struct Shop {
    pub(super) engine: Engine,
    pub(super) clock: SetClock,
    runner: Runner<ChannelHandler>,
    birds: Vec<(&'static str, Arc<Parrot>)>,
    pub(super) chance: StdRng,
    sessions: Vec<(String, Millis)>,
    events: i64,
    /// True if clients are erased occasionally.
    pub(super) erases: bool,
    /// Number of second questions asked.
    pub(super) seconds: i64,
    /// Results of edits through links.
    pub(super) edited: BTreeSet<&'static str>,
}

impl Shop {
    /// A shop over the database at `url`, with a history from `seed`.
    pub(super) async fn open(url: &str, seed: u64) -> Self {
        let db = Db::open(url, 4).await.unwrap().with_time_zone(ZONE);
        db.migrate().await.unwrap();
        lastword::life::report::recount::begin(&db).await.unwrap();
        Self::over(db, seed).await
    }

    /// Another node of the shop.
    pub(super) async fn over(db: Db, seed: u64) -> Self {
        let (clock, channels, mut birds) = (SetClock::at(BEGIN), Channels::default(), Vec::new());
        for (name, kind) in CONNECTIONS {
            let bird = parrot(messenger());
            channels.add(name, Arc::new(Bird(bird.clone(), kind)), Vec::new());
            birds.push((name, bird));
        }
        let keys = TokenKeys::new(b"a key of thirty-two bytes, or so", None);
        let ids = Arc::new(Ids::seeded(seed));
        let engine = Engine::new(db, Arc::new(clock.clone()), ids, channels, keys, Options::default(), broadcast::channel(16).0);
        for (name, kind) in CONNECTIONS {
            let step = engine.db.write(move |tx| Box::pin(async move { connection::started(tx, &name.into(), kind, BEGIN).await }));
            step.await.unwrap();
        }
        let runner = runner(&engine, Tuning::default(), None);
        Self {
            engine,
            clock,
            runner,
            birds,
            chance: StdRng::seed_from_u64(seed),
            sessions: Vec::new(),
            events: 0,
            erases: false,
            seconds: 0,
            edited: BTreeSet::new(),
        }
    }

    /// The lines: thumbs for the closer, stars for the closer, stars for all who wrote.
    pub(super) async fn set_up(&self) {
        let base = || LineSettings {
            once_per_client_hours: 0,
            expires_after_hours: 24,
            follow_up: FollowUp { reasons: true, comment: true, resolved: Resolved::Always },
            ..LineSettings::default()
        };
        let rule = |code: &str, words: &[&str]| {
            let words = words.iter().map(|word| (*word).to_owned()).collect();
            TagRule { code: code.to_owned(), words: [("en".to_owned(), words)].into() }
        };
        let tag_rules = vec![rule("broken", &["broken", "не работ*"]), rule("slow", &["no no"])];
        self.line("sales", LineSettings { sampling_percent: 80, tag_rules, ..base() }).await;
        let reason = |code: &str, text: &str| Reason { code: code.to_owned(), text: text.to_owned() };
        let reasons = Some(vec![reason("price", "Too expensive"), reason("slow", "Slow")]);
        let texts = [("en".to_owned(), Texts { reasons, ..Texts::default() })].into();
        let tag_rules = vec![rule("price", &["sum", "print*"])];
        self.line("support", LineSettings { scale: Scale::FiveStar, texts, tag_rules, ..base() }).await;
        self.line("vip", LineSettings { scale: Scale::FiveStar, low_max: Some(3), attribution: Attribution::Shared, ..base() }).await;
    }

    pub(super) async fn line(&self, id: &str, settings: LineSettings) {
        let known = lastword::store::line::find(&self.engine.db, &id.into()).await.unwrap();
        let (id, name, at) = (id.to_owned(), id.to_uppercase(), self.clock.now());
        let seen_version = known.map_or(0, |line| line.version);
        let change = LineChange { id: id.into(), name, settings, archived: false, seen_version, by: "test".to_owned(), at };
        assert!(matches!(save_line(&self.engine, change).await.unwrap(), Changed::Saved(_)));
    }

    /// `rounds` rounds of random events, over `days` days.
    pub(super) async fn live(&mut self, rounds: u32, days: i64) {
        let step = days * DAY / i64::from(rounds);
        for round in 0..rounds {
            let at = BEGIN + i64::from(round) * step + self.chance.random_range(0..step);
            self.clock.set(at.max(self.clock.now()));
            self.close().await;
            if self.chance.random_bool(0.3) {
                self.reopen().await;
            }
            self.clock.advance(10_000);
            self.send().await;
            self.answer().await;
            self.judge().await;
            if self.chance.random_bool(0.6) {
                self.review().await;
            }
            if self.chance.random_bool(0.5) {
                maintenance::round(&self.engine, &self.runner).await.unwrap();
            }
            if self.chance.random_bool(0.2) {
                fold(&self.engine.db).await.unwrap();
                store_label_counts(&self.engine.db, self.clock.now() + 10 * DAY, 1).await.unwrap();
            }
        }
    }

    async fn close(&mut self) {
        let count = self.chance.random_range(1..=4);
        let closes: Vec<Close> = (0..count).map(|_| self.one()).collect();
        close_sessions(&self.engine, closes, self.clock.now()).await.unwrap();
    }

    fn one(&mut self) -> Close {
        self.events += 1;
        let (chance, key, now) = (&mut self.chance, self.events, self.clock.now());
        let again = (!self.sessions.is_empty() && chance.random_bool(0.1)).then(|| chance.random_range(0..self.sessions.len()));
        let session = again.map_or_else(|| format!("s{key}"), |place| self.sessions[place].0.clone());
        // The third is a program; its desk says so.
        let who = |chance: &mut StdRng| {
            let id = OPERATORS[chance.random_range(0..3)].to_owned();
            Operator { kind: (id == OPERATORS[2]).then_some(OperatorKind::Program), id: id.into(), name: Some("N.".to_owned()) }
        };
        let connection = (chance.random_bool(0.9)).then(|| CONNECTIONS[chance.random_range(0..2)].0.to_owned());
        let closed_by =
            [ClosedBy::Operator, ClosedBy::Operator, ClosedBy::Client, ClosedBy::Bot, ClosedBy::Spam][chance.random_range(0..5)];
        self.sessions.push((session.clone(), now));
        Close {
            source: "desk".into(),
            event_key: format!("c{key}-{}", self.engine.ids.fraction()),
            line_id: LINES[chance.random_range(0..3)].into(),
            // Some desks report late.
            closed_at: now - [0, 0, 5 * MINUTE, 3 * HOUR][chance.random_range(0..4)],
            closed_by,
            operator: chance.random_bool(0.85).then(|| who(chance)),
            operators: (0..chance.random_range(0..3)).map(|_| who(chance)).collect(),
            address: connection.as_ref().map(|_| Address::chat(format!("chat-{session}"))),
            connection: connection.map(ConnectionId::from),
            session_id: session.into(),
            last_client_message_at: Some(now),
            operator_messages: Some(1),
            client_messages: Some(1),
            labels: labels(key),
            fields: fields(key),
            ..Close::default()
        }
    }

    async fn reopen(&mut self) {
        let Some((session_id, _)) = self.sessions.last().cloned() else { return };
        self.events += 1;
        let (event_key, occurred_at) = (format!("r{}-{}", self.events, self.engine.ids.fraction()), self.clock.now());
        let told = EventEnvelope { source: "desk".into(), event_key, body_hash: String::new(), session_id: session_id.into(), occurred_at };
        change_session(&self.engine, told, SessionChange::Reopened, self.clock.now()).await.unwrap();
    }

    async fn send(&mut self) {
        for (_, bird) in &self.birds {
            let verdict = [Verdict::Refused, Verdict::CannotKnow, Verdict::RecipientGone][self.chance.random_range(0..3)];
            if self.chance.random_bool(0.3) {
                bird.fails_with([SendError::new(verdict, "chance", "by chance")]);
            }
        }
        while self.runner.tick().await.unwrap() > 0 {}
    }

    /// Clients tap, now or much later, and some add more.
    async fn answer(&mut self) {
        let asked: Vec<(&'static str, Outgoing)> =
            self.birds.iter().flat_map(|(name, bird)| bird.take().into_iter().map(|message| (*name, message))).collect();
        for (name, message) in asked.into_iter().filter(|(_, message)| matches!(message.purpose, Purpose::Question(_))) {
            match self.chance.random_range(0..10) {
                0..=3 => continue,
                4 => {
                    self.clock.advance(26 * HOUR);
                    maintenance::round(&self.engine, &self.runner).await.unwrap();
                }
                _ => {
                    self.clock.advance([SECOND, 4 * MINUTE, 2 * HOUR][self.chance.random_range(0..3)]);
                }
            }
            for _ in 0..self.chance.random_range(1..=2) {
                let scores: Vec<_> = message.choices.iter().filter(|choice| choice.kind == ChoiceKind::Score).collect();
                let token = scores[self.chance.random_range(0..scores.len())].token.clone();
                self.happens(name, InboundKind::Press { token, by: message.to.clone(), message_id: None, press_id: None }).await;
            }
            while self.runner.tick().await.unwrap() > 0 {}
            self.say_more().await;
        }
    }

    async fn say_more(&mut self) {
        let thanks: Vec<(&'static str, Outgoing)> =
            self.birds.iter().flat_map(|(name, bird)| bird.take().into_iter().map(|message| (*name, message))).collect();
        for (name, message) in thanks {
            let said: Vec<_> = message.choices.iter().filter(|choice| choice.kind == ChoiceKind::Resolved).collect();
            if !said.is_empty() && self.chance.random_bool(0.5) {
                let token = said[self.chance.random_range(0..said.len())].token.clone();
                self.happens(name, InboundKind::Press { token, by: message.to.clone(), message_id: None, press_id: None }).await;
            }
            let reasons: Vec<_> = message.choices.iter().filter(|choice| choice.kind == ChoiceKind::Reason).collect();
            // None, one, two, or the same reason twice.
            for place in 0..(self.events % 4).min(reasons.len() as i64) {
                let token = reasons[((self.events / 2 + place) % reasons.len() as i64) as usize].token.clone();
                self.happens(name, InboundKind::Press { token, by: message.to.clone(), message_id: None, press_id: None }).await;
            }
            if let Some(place) = message.comment.as_ref().filter(|_| self.chance.random_bool(0.5)) {
                let text = COMMENTS[self.events.unsigned_abs() as usize % COMMENTS.len()].to_owned();
                self.happens(name, InboundKind::Comment { token: place.token.clone(), by: message.to.clone(), text }).await;
            }
        }
    }

    /// People review what arrived: an admin voids some ratings, a supervisor scores some closes.
    async fn judge(&mut self) {
        let db = &self.engine.db;
        if self.chance.random_bool(0.1) {
            let ratings = inspect::ratings(db).await.unwrap();
            let Some(any) = ratings.get(self.chance.random_range(0..ratings.len().max(1))) else { return };
            let (id, now) = (any.request_id, self.clock.now());
            let step = db.write(move |tx| {
                let id = id;
                Box::pin(async move {
                    // Its state once it is locked: clients at other nodes change their scores.
                    let request = rating_request::hold(tx, &[id]).await?.remove(0);
                    let before = rating::load(tx, &[id]).await?.remove(&id).unwrap();
                    let voided_at = if before.voided_at.is_some() { None } else { Some(now) };
                    let after = Rating { voided_at, ..before.clone() };
                    rating::save(tx, &[rating::Change { request: &request, before: Some(&before), after: &after }]).await
                })
            });
            step.await.unwrap();
        }
        if self.erases && self.chance.random_bool(0.1) {
            // A client is erased: their texts are deleted, their scores stay.
            let ratings = inspect::ratings(db).await.unwrap();
            let Some(any) = ratings.get(self.chance.random_range(0..ratings.len().max(1))) else { return };
            let (id, now) = (any.request_id, self.clock.now());
            let step = db.write(move |tx| {
                let id = id;
                Box::pin(async move {
                    rating_request::hold(tx, &[id]).await?;
                    personal::take_away(tx, &[id], now).await
                })
            });
            let () = step.await.map_err(|error: StoreError| error).unwrap();
        }
        if self.chance.random_bool(0.2) {
            let requests = inspect::rating_requests(db).await.unwrap();
            let request = &requests[self.chance.random_range(0..requests.len())];
            let opinion = Opinion { score: Some(self.chance.random_range(1..=5)), comment: None, by: By::nobody("Sam"), seen: None };
            score(&self.engine, request.id, opinion, self.clock.now()).await.unwrap();
        }
    }

    async fn happens(&mut self, connection: &str, what: InboundKind) {
        self.events += 1;
        let key = format!("u{}-{}", self.events, self.engine.ids.fraction());
        let inbound = Inbound { key, order: self.events, at: None, kind: what };
        let arrived = Arrived { connection: connection.into(), inbound, body_hash: String::new(), came: None, form: None };
        accept(&self.engine, vec![arrived], None, self.clock.now()).await.unwrap();
    }
}
