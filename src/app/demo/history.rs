//! Three months of made-up chats, driven through the real steps with a clock in the past: closed, asked about, answered
//! or not, thanked, told to the supervisor. The same seed gives the same history.

use super::cast::{COMMENT_SHARE, COMMENTS, LINES, MESSENGERS, OPERATORS, REASON_SHARE, SUPERVISOR};
use super::silent::Silent;
use crate::app::channel_handler::ChannelHandler;
use crate::app::{Node, runner};
use crate::domain::question::token::TokenKeys;
use crate::domain::session::{ClosedBy, Operator, Wish};
use crate::id::Ids;
use crate::life::answer::accept::accept;
use crate::life::answer::batch::Arrived;
use crate::life::connection::channels::Channels;
use crate::life::question::expire::expire;
use crate::life::session::close::close_sessions;
use crate::life::session::close_batch::Close;
use crate::life::{Engine, Options};
use crate::queue::{Runner, Tuning};
use crate::store::{Db, StoreError};
use crate::time::{DAY, HOUR, MINUTE, Millis, SetClock};
use lastword_contract::{Address, ChoiceKind, Inbound, InboundKind, Outgoing, Purpose};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::broadcast;

/// Clients who come back now and then.
const CLIENTS: f64 = 2_400.0;
/// More than a day of one line ever leaves behind.
const EXPIRED_MAX: i64 = 1_000;

/// The writer of the history.
pub(super) struct History {
    engine: Engine,
    runner: Runner<ChannelHandler>,
    clock: SetClock,
    messengers: BTreeMap<&'static str, Arc<Silent>>,
    chance: Ids,
    /// How content the client of each chat is, from 0 to 1, and how likely to answer.
    moods: BTreeMap<String, (f64, f64)>,
    chats: u64,
}

impl History {
    /// A writer into `db`, whose buttons carry tokens of `keys`.
    ///
    /// # Errors
    /// The database's error.
    pub(super) async fn open(db: &Db, keys: &TokenKeys, seed: u64) -> Result<Self, StoreError> {
        let clock = SetClock::at(0);
        let mut messengers: BTreeMap<&'static str, Arc<Silent>> = BTreeMap::new();
        for &(name, kind, ..) in MESSENGERS {
            messengers.insert(name, Arc::new(Silent::new(kind)));
        }
        messengers.insert(SUPERVISOR, Arc::new(Silent::new("webchat")));
        let mut channels = Channels::default();
        for (&name, silent) in &messengers {
            channels.add(name, silent.clone(), Vec::new());
        }
        let (news, _) = broadcast::channel(16);
        let ids = Arc::new(Ids::seeded(seed));
        let engine = Engine::new(db.clone(), Arc::new(clock.clone()), ids, channels, keys.clone(), Options::default(), news);
        let tuning = Tuning { batch: 1_000, ..Tuning::default() };
        let node = Node { engine: engine.clone(), sites: BTreeMap::new(), desks: BTreeMap::new(), tuning: tuning.clone() };
        node.register().await?;
        let runner = runner(&engine, tuning, None);
        Ok(Self { engine, runner, clock, messengers, chance: Ids::seeded(!seed), moods: BTreeMap::new(), chats: 0 })
    }

    /// One day, from its midnight.
    ///
    /// # Errors
    /// The database's error.
    pub(super) async fn day(&mut self, midnight: Millis) -> Result<(), StoreError> {
        let closes = self.closes(midnight);
        self.at(midnight + 20 * HOUR);
        expire(&self.engine, self.engine.now(), EXPIRED_MAX).await?;
        close_sessions(&self.engine, closes, self.engine.now()).await?;
        let asked = self.deliver().await?;
        self.at(midnight + 21 * HOUR);
        let taps = asked.iter().filter_map(|(name, message)| self.tap(name, message)).collect();
        let told = self.answer(taps).await?;
        self.at(midnight + 21 * HOUR + 5 * MINUTE);
        let more = told.iter().flat_map(|(name, message)| self.say_more(name, message)).collect();
        self.answer(more).await?;
        self.moods.clear();
        Ok(())
    }

    fn at(&self, now: Millis) {
        self.clock.set(now);
    }

    async fn answer(&self, arrived: Vec<Arrived>) -> Result<Vec<(&'static str, Outgoing)>, StoreError> {
        if !arrived.is_empty() {
            accept(&self.engine, arrived, None, self.engine.now()).await?;
        }
        self.deliver().await
    }

    /// Everything that is due leaves; gives what the messengers got.
    async fn deliver(&self) -> Result<Vec<(&'static str, Outgoing)>, StoreError> {
        while self.runner.tick().await? > 0 {}
        Ok(self.messengers.iter().flat_map(|(&name, silent)| silent.take().into_iter().map(move |message| (name, message))).collect())
    }

    /// The closes of one day, in the order of their times.
    fn closes(&mut self, midnight: Millis) -> Vec<Close> {
        // 1970 began on a Thursday.
        let weekend = matches!((midnight / DAY + 4) % 7, 0 | 6);
        let most = if weekend { 14.0 } else { 46.0 };
        let count = (most * (0.75 + 0.5 * self.chance.fraction())) as usize;
        let mut closes: Vec<Close> = (0..count).map(|_| self.close(midnight)).collect();
        closes.sort_by_key(|close| close.closed_at);
        closes
    }

    fn close(&mut self, midnight: Millis) -> Close {
        let (line, ..) = self.pick(LINES, |line| line.3);
        let (operator, name, _, content) = self.pick(OPERATORS, |operator| operator.2);
        let (connection, _, _, answers) = self.pick(MESSENGERS, |messenger| messenger.2);
        let closed_at = midnight + 8 * HOUR + (self.chance.fraction() * 11.5 * HOUR as f64) as Millis;
        let opened_at = closed_at - 2 * MINUTE - (self.chance.fraction() * 38.0 * MINUTE as f64) as Millis;
        let client = (self.chance.fraction() * CLIENTS) as u64;
        let closed_by = match self.chance.fraction() {
            share if share < 0.82 => ClosedBy::Operator,
            share if share < 0.92 => ClosedBy::Timeout,
            share if share < 0.95 => ClosedBy::Client,
            share if share < 0.98 => ClosedBy::Bot,
            _ => ClosedBy::Spam,
        };
        self.chats += 1;
        let chat = format!("client-{client}-{}", self.chats);
        self.moods.insert(chat.clone(), (*content, *answers));
        let operator = Operator { id: (*operator).to_owned(), name: Some((*name).to_owned()) };
        Close {
            source: "demo-desk".to_owned(),
            event_key: format!("close-{}", self.chats),
            body_hash: String::new(),
            session_id: format!("demo-{}", self.chats),
            line_id: (*line).to_owned(),
            closed_at,
            opened_at: Some(opened_at),
            closed_by,
            operator: Some(operator),
            operators: Vec::new(),
            client: Some(format!("client-{client}")),
            language: Some("en".to_owned()),
            connection: Some((*connection).to_owned()),
            address: Some(Address::chat(chat)),
            addresses: Vec::new(),
            last_client_message_at: Some(closed_at - MINUTE),
            operator_messages: Some(3),
            client_messages: Some(4),
            client_name: None,
            already_rated: false,
            wish: Wish::Auto,
            wish_reason: None,
        }
    }

    /// One of `from`, by their shares.
    fn pick<T>(&self, from: &'static [T], share: impl Fn(&T) -> f64) -> &'static T {
        let mut rest = self.chance.fraction() * from.iter().map(&share).sum::<f64>();
        let chosen = from.iter().find(|one| {
            rest -= share(one);
            rest < 0.0
        });
        chosen.unwrap_or(&from[0])
    }

    /// What the client taps on a question, if they do; the supervisor has seen most alerts.
    fn tap(&self, connection: &str, message: &Outgoing) -> Option<Arrived> {
        if !matches!(message.purpose, Purpose::Question(_)) {
            return None;
        }
        let &(content, answers) = self.moods.get(&message.to.chat)?;
        if self.chance.fraction() >= answers {
            return None;
        }
        let scores: Vec<_> = message.choices.iter().filter(|choice| choice.kind == ChoiceKind::Score).collect();
        let (well, where_in) = (self.chance.fraction() < content, self.chance.fraction());
        // Best first: content clients tap among the upper part of the scale, others among the lower.
        let place = match (scores.len(), well) {
            (2, true) => 0,
            (2, false) => 1,
            (_, true) => usize::from(where_in > 0.7),
            (_, false) => 2 + (where_in * 3.0) as usize,
        };
        Some(self.press(connection, message, &scores.get(place)?.token))
    }

    /// What comes after: a reason and a comment of those who were not content, and the supervisor's "seen".
    fn say_more(&self, connection: &str, message: &Outgoing) -> Vec<Arrived> {
        let tokens = |kind| message.choices.iter().filter(move |choice| choice.kind == kind).map(|choice| choice.token.as_str());
        if matches!(message.purpose, Purpose::Alert) {
            let seen = tokens(ChoiceKind::Acknowledge).next().filter(|_| self.chance.fraction() < 0.9);
            return seen.map(|token| self.press(connection, message, token)).into_iter().collect();
        }
        let reasons: Vec<&str> = tokens(ChoiceKind::Reason).collect();
        if reasons.is_empty() {
            return Vec::new();
        }
        let mut more = Vec::new();
        let (place, words) = &COMMENTS[(self.chance.fraction() * COMMENTS.len() as f64) as usize % COMMENTS.len()];
        if self.chance.fraction() < REASON_SHARE
            && let Some(token) = reasons.get(*place)
        {
            more.push(self.press(connection, message, token));
        }
        if self.chance.fraction() < COMMENT_SHARE
            && let Some(place) = &message.comment
        {
            let what = InboundKind::Comment { token: place.token.clone(), by: message.to.clone(), text: (*words).to_owned() };
            more.push(self.arrived(connection, format!("comment-{}", message.key), what));
        }
        more
    }

    fn press(&self, connection: &str, message: &Outgoing, token: &str) -> Arrived {
        let message_id = Some(message.replaces.as_ref().unwrap_or(&message.key).clone());
        let what = InboundKind::Press { token: token.to_owned(), by: message.to.clone(), message_id, press_id: None };
        self.arrived(connection, format!("press-{}-{token}", message.key), what)
    }

    fn arrived(&self, connection: &str, key: String, what: InboundKind) -> Arrived {
        let inbound = Inbound { key, order: self.engine.now(), at: None, kind: what };
        Arrived { connection: connection.to_owned(), inbound, body_hash: String::new(), came: None }
    }
}
