//! Three months of made-up chats, driven through the real steps by a clock in the past, moment by moment: closed, asked about,
//! answered minutes later or not at all, thanked, told to the supervisor, worked off. The same seed and the same end give
//! the same history.

use super::agenda::{Event, Mood};
use super::cast::{self, BAD_DAYS, LINES, MESSENGERS, OPERATORS, SHOP, SUPERVISOR, TRIED, mood};
use super::silent::Silent;
use super::{day, words};
use lastword_base::id::Ids;
use lastword_base::time::{DAY, HOUR, MINUTE, Millis, SECOND, SetClock};
use lastword_contract::{Address, Outgoing};
use lastword_domain::access::audit::By;
use lastword_domain::line::experiment::{CLIENTS_MAX_DEFAULT, MARGIN_DEFAULT, Trial};
use lastword_domain::question::token::TokenKeys;
use lastword_domain::session::{ClosedBy, Operator};
use lastword_life::admin::change_experiment::{self, ExperimentChange, Wanted};
use lastword_life::answer::accept::accept;
use lastword_life::connection::channels::Channels;
use lastword_life::connection::register::register;
use lastword_life::question::expire::expire;
use lastword_life::review::overdue::tell_late;
use lastword_life::session::close::close_sessions;
use lastword_life::session::close_batch::Close;
use lastword_life::{Engine, Options};
use lastword_queue::{Handler, Runner, Tuning};
use lastword_store::{Db, StoreError, line};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::broadcast;

/// Clients who come back now and then.
const CLIENTS: f64 = 2_400.0;
/// More than a day of one line ever leaves behind.
const EXPIRED_MAX: i64 = 1_000;
/// When somebody looks which replies are late: what was late long ago is told long ago, and no newcomer finds it all at once.
const LATE_HOURS: [Millis; 4] = [10, 13, 16, 19];
/// How many of the last days are exact to the moment.
const EXACT_DAYS: i64 = 2;
/// Long ago, what follows answers at leisure (late answers, the work of supervisors) happens at moments that are so far apart.
const GATHERED: Millis = 2 * HOUR;
/// How long after a close all questions about it are on their way.
const ASKED_AFTER: Millis = 2 * SECOND;

/// The writer of the history.
pub struct History<H: Handler> {
    pub(super) engine: Engine,
    runner: Runner<H>,
    clock: SetClock,
    messengers: BTreeMap<&'static str, Arc<Silent>>,
    chance: Arc<Ids>,
    /// Those who work off low ratings.
    pub(super) supervisors: Vec<By>,
    /// What the clients of chats that wait for an answer are like, by chat.
    pub(super) moods: BTreeMap<String, Mood>,
    /// What will happen, by moment, in the order in which it was decided.
    agenda: BTreeMap<(Millis, u64), Event>,
    decided: u64,
    chats: u64,
    /// The end.
    pub(super) until: Millis,
}

impl<H: Handler> History<H> {
    /// A writer into `db` of what happened from `first` until `until`, whose buttons carry tokens of `keys`; `runner` makes
    /// the queue over its engine.
    ///
    /// # Errors
    /// The database's error.
    pub async fn open(
        db: &Db,
        keys: &TokenKeys,
        seed: u64,
        supervisors: Vec<By>,
        (first, until): (Millis, Millis),
        runner: impl FnOnce(&Engine, Tuning) -> Runner<H>,
    ) -> Result<Self, StoreError> {
        let clock = SetClock::at(first);
        let mut messengers: BTreeMap<&'static str, Arc<Silent>> = BTreeMap::new();
        for &(name, kind, ..) in MESSENGERS {
            messengers.insert(name, Arc::new(Silent::of_the_past(kind)));
        }
        messengers.insert(SUPERVISOR, Arc::new(Silent::of_the_past("webchat")));
        let channels = Channels::default();
        for (&name, silent) in &messengers {
            channels.add(name, silent.clone(), Vec::new());
        }
        let (news, _) = broadcast::channel(16);
        let ids = Arc::new(Ids::seeded(seed));
        let options = Options { organisation: SHOP.to_owned(), ..Options::default() };
        let engine = Engine::new(db.clone(), Arc::new(clock.clone()), ids, channels, keys.clone(), options, news);
        let tuning = Tuning { batch: 1_000, ..Tuning::default() };
        register(&engine).await?;
        let runner = runner(&engine, tuning);
        let (moods, agenda) = (BTreeMap::new(), BTreeMap::new());
        let chance = Arc::new(Ids::seeded(!seed));
        Ok(Self { engine, runner, clock, messengers, chance, supervisors, moods, agenda, decided: 0, chats: 0, until })
    }

    /// Begins what is tried on one line, at the moment to which the history has come.
    ///
    /// # Errors
    /// The database's error.
    pub async fn try_other_words(&self) -> Result<(), StoreError> {
        let now = self.engine.now();
        let (Some(line), Some(by)) = (line::find(&self.engine.db, TRIED.line).await?, self.supervisors.first()) else { return Ok(()) };
        let trial = Trial { questions: [("en".to_owned(), TRIED.question.to_owned())].into(), ..Trial::default() };
        let wanted = Wanted { trial, margin: MARGIN_DEFAULT, clients_max: CLIENTS_MAX_DEFAULT };
        let begun = change_experiment::start(&self.engine, by, &line, wanted, now).await?;
        debug_assert!(matches!(begun, ExperimentChange::Done(_)), "{begun:?}");
        Ok(())
    }

    /// One day from its midnight, or what there is of it until the end.
    ///
    /// # Errors
    /// The database's error.
    pub async fn day(&mut self, midnight: Millis) -> Result<(), StoreError> {
        let (exact, bad_days) = (midnight + EXACT_DAYS * DAY > self.until, midnight + BAD_DAYS * DAY > self.until);
        let chance = self.chance.clone();
        for minute in day::closes(midnight, exact, || chance.fraction()) {
            let Some(&end) = minute.last() else { continue };
            for closed_at in minute {
                let close = self.close(closed_at, bad_days);
                self.plan(end, Event::Close(Box::new(close)));
            }
            self.plan(end + ASKED_AFTER, Event::Leave);
        }
        self.plan(midnight + 3 * HOUR, Event::Expire);
        for hour in LATE_HOURS {
            self.plan(midnight + hour * HOUR, Event::Late);
        }
        self.live_until((midnight + DAY).min(self.until)).await
    }

    /// Tells what is late at the end.
    ///
    /// # Errors
    /// The database's error.
    pub async fn end(&self) -> Result<(), StoreError> {
        tell_late(&self.engine, self.until, EXPIRED_MAX).await.map(drop)
    }

    /// Everything that happens before `end`.
    async fn live_until(&mut self, end: Millis) -> Result<(), StoreError> {
        while let Some((&(at, _), _)) = self.agenda.first_key_value()
            && at < end
        {
            let later = self.agenda.split_off(&(at + 1, 0));
            let events = std::mem::replace(&mut self.agenda, later);
            self.clock.set(at);
            self.moment(events.into_values(), at).await?;
        }
        self.clock.set(end);
        Ok(())
    }

    /// What happens at one moment.
    async fn moment(&mut self, events: impl Iterator<Item = Event>, now: Millis) -> Result<(), StoreError> {
        let (mut closes, mut arrived, mut leaves) = (Vec::new(), Vec::new(), false);
        for event in events {
            leaves |= match &event {
                // What they are told leaves with the next message: the day is full of them.
                Event::Close(_) | Event::Late => false,
                Event::Work(task) => task.writes(),
                Event::Arrive(_) | Event::Leave | Event::Expire => true,
            };
            match event {
                Event::Close(close) => closes.push(*close),
                Event::Arrive(one) => arrived.push(*one),
                Event::Work(task) => self.work(task, now).await?,
                Event::Expire => drop(expire(&self.engine, now, EXPIRED_MAX).await?),
                Event::Late => drop(tell_late(&self.engine, now, EXPIRED_MAX).await?),
                Event::Leave => {}
            }
        }
        if !closes.is_empty() {
            close_sessions(&self.engine, closes, now).await?;
        }
        if !arrived.is_empty() {
            accept(&self.engine, arrived, None, now).await?;
        }
        if leaves {
            self.runner.tick().await?;
            let heard: Vec<(&'static str, Outgoing)> =
                self.messengers.iter().flat_map(|(&name, silent)| silent.take().into_iter().map(move |message| (name, message))).collect();
            self.react(heard, now).await?;
        }
        Ok(())
    }

    /// Something will happen.
    pub(super) fn plan(&mut self, at: Millis, event: Event) {
        self.decided += 1;
        self.agenda.insert((at, self.decided), event);
    }

    /// Something will happen at leisure.
    pub(super) fn plan_gathered(&mut self, at: Millis, event: Event) {
        self.plan(self.gathered(at), event);
    }

    /// `at`, or long ago the next moment at which such things happen: each moment costs the start of the demo time, and each has its own
    /// minute.
    pub(super) fn gathered(&self, at: Millis) -> Millis {
        if at + EXACT_DAYS * DAY > self.until {
            return at;
        }
        let next = at.div_euclid(GATHERED) + 1;
        next * GATHERED + (next * 7_919).rem_euclid(GATHERED / SECOND / 2) * SECOND
    }

    /// From 0 to 1.
    pub(super) fn chance(&self) -> f64 {
        self.chance.fraction()
    }

    /// A time from `least` to `most`.
    pub(super) fn between(&self, least: Millis, most: Millis) -> Millis {
        least + (self.chance() * (most - least) as f64) as Millis
    }

    /// One of `from`, by their shares.
    pub(super) fn pick<T>(&self, from: &'static [T], share: impl Fn(&T) -> f64) -> &'static T {
        let mut rest = self.chance() * from.iter().map(&share).sum::<f64>();
        let chosen = from.iter().find(|one| {
            rest -= share(one);
            rest < 0.0
        });
        chosen.unwrap_or(&from[0])
    }

    fn close(&mut self, closed_at: Millis, bad_days: bool) -> Close {
        let (line, ..) = *self.pick(LINES, |line| line.3);
        let (operator, name, _, content) = *self.pick(OPERATORS, |operator| operator.2);
        let (connection, kind, _, answers) = *self.pick(MESSENGERS, |messenger| messenger.2);
        let opened_at = closed_at - self.between(3 * MINUTE, 40 * MINUTE);
        let client = (self.chance() * CLIENTS) as u64;
        let closed_by = match self.chance() {
            share if share < 0.83 => ClosedBy::Operator,
            share if share < 0.92 => ClosedBy::Timeout,
            share if share < 0.95 => ClosedBy::Client,
            share if share < 0.98 => ClosedBy::Bot,
            _ => ClosedBy::Spam,
        };
        // Where the client fell silent long ago, a messenger with a window has shut it.
        let silent_for = if closed_by == ClosedBy::Timeout && kind == "whatsapp" { self.between(20 * HOUR, 30 * HOUR) } else { MINUTE };
        self.chats += 1;
        let chat = format!("client-{client}-{}", self.chats);
        let content = content * mood(line, connection, bad_days);
        self.moods.insert(chat.clone(), Mood { line, content, answers, bad_days, opened_at, closed_at, operator: name, reason: "" });
        let (operator_messages, client_messages) = (self.between(2, 9), self.between(2, 10));
        Close {
            source: "demo-desk".to_owned(),
            event_key: format!("close-{}", self.chats),
            session_id: format!("demo-{}", self.chats),
            line_id: line.to_owned(),
            closed_at,
            opened_at: Some(opened_at),
            closed_by,
            operator: Some(Operator { id: operator.to_owned(), name: Some(name.to_owned()), kind: None }),
            client: Some(format!("client-{client}")),
            language: Some("en".to_owned()),
            connection: Some(connection.to_owned()),
            address: Some(Address::chat(chat)),
            last_client_message_at: Some(closed_at - silent_for),
            operator_messages: Some(operator_messages),
            client_messages: Some(client_messages),
            client_name: Some(words::client_name(client)),
            labels: cast::labels(self.chats),
            fields: cast::fields(self.chats),
            ..Close::default()
        }
    }
}
