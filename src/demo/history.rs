//! Three months of made-up chats, run through the real steps by a clock in the past, time by time: chats are closed,
//! clients are asked, answer minutes later or not at all, and are thanked; supervisors are alerted and deal with low
//! ratings. The same seed and end produce the same history.

use super::agenda::{Event, Mood};
use super::cast::{self, BAD_DAYS, LINES, MESSENGERS, OPERATORS, SHOP, SUPERVISOR, TRIED, mood};
use super::day::Pace;
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
use lastword_life::connection::register::register;
use lastword_life::engine::channels::Channels;
use lastword_life::question::expire::expire;
use lastword_life::report::watch::{learn, mature};
use lastword_life::review::overdue::tell_late;
use lastword_life::session::close::close_sessions;
use lastword_life::session::close_batch::Close;
use lastword_life::{Engine, Options};
use lastword_queue::{Handler, Runner, Tuning};
use lastword_store::{Db, StoreError, line};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::broadcast;

/// Number of recurring clients.
const CLIENTS: f64 = 2_400.0;
/// Maximum questions that expire at a time; more than one line has in a day.
const EXPIRED_MAX: i64 = 1_000;
/// Hours at which late replies are checked. Old ones are reported in the past, so that visitors do not find all of them at once.
const LATE_HOURS: [Millis; 4] = [10, 13, 16, 19];
/// Number of recent days with exact times.
const EXACT_DAYS: i64 = 2;
/// Interval of times for late answers and supervisors' work in the older part of the history.
const GATHERED: Millis = 2 * HOUR;
/// Closes reported together in the bad days, and before.
const LATELY: Pace = Pace::Within(20 * MINUTE);
const LONG_AGO: Pace = Pace::Groups(14, 30 * MINUTE);
/// Time after a close at which its question is sent.
const ASKED_AFTER: Millis = 2 * SECOND;

/// Writes the history.
pub struct History<H: Handler> {
    pub(super) engine: Engine,
    runner: Runner<H>,
    clock: SetClock,
    messengers: BTreeMap<&'static str, Arc<Silent>>,
    chance: Arc<Ids>,
    /// Supervisors who deal with low ratings.
    pub(super) supervisors: Vec<By>,
    /// Properties of clients whose chats wait for an answer, by chat.
    pub(super) moods: BTreeMap<String, Mood>,
    /// Planned events by time, in the order in which they were planned.
    agenda: BTreeMap<(Millis, u64), Event>,
    decided: u64,
    chats: u64,
    /// True once baselines of the watched shares are learned.
    watched: bool,
    /// End of the history.
    pub(super) until: Millis,
}

impl<H: Handler> History<H> {
    /// Creates a writer of the history from `first` until `until` in `db`, with button tokens signed by `keys`; `runner`
    /// creates the queue over its engine.
    ///
    /// # Errors
    /// Errors of the database.
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
        Ok(Self { engine, runner, clock, messengers, chance, supervisors, moods, agenda, decided: 0, chats: 0, watched: false, until })
    }

    /// Starts the experiment on one line, at the current time of the history.
    ///
    /// # Errors
    /// Errors of the database.
    pub async fn try_other_words(&self) -> Result<(), StoreError> {
        let now = self.engine.now();
        let (Some(line), Some(by)) = (line::find(&self.engine.db, &TRIED.line.into()).await?, self.supervisors.first()) else {
            return Ok(());
        };
        let trial = Trial { questions: [("en".to_owned(), TRIED.question.to_owned())].into(), ..Trial::default() };
        let wanted = Wanted { trial, margin: MARGIN_DEFAULT, clients_max: CLIENTS_MAX_DEFAULT };
        let begun = change_experiment::start(&self.engine, by, &line, wanted, now).await?;
        debug_assert!(matches!(begun, ExperimentChange::Done(_)), "{begun:?}");
        Ok(())
    }

    /// Writes one day from midnight, or its part until the end.
    ///
    /// # Errors
    /// Errors of the database.
    pub async fn day(&mut self, midnight: Millis) -> Result<(), StoreError> {
        let bad_days = midnight + BAD_DAYS * DAY > self.until;
        let pace = match () {
            () if midnight + EXACT_DAYS * DAY > self.until => Pace::EXACT,
            () if bad_days => LATELY,
            () => LONG_AGO,
        };
        if bad_days && !self.watched {
            self.learn_baselines(midnight).await?;
        }
        let chance = self.chance.clone();
        for group in day::closes(midnight, pace, || chance.fraction()) {
            let Some(&end) = group.last() else { continue };
            let asked = end + ASKED_AFTER;
            for closed_at in group {
                let close = self.close(closed_at, bad_days);
                self.plan(asked, Event::Close(Box::new(close)));
            }
            self.plan(asked, Event::Leave);
        }
        self.plan(midnight + 3 * HOUR, Event::Expire);
        for hour in LATE_HOURS {
            self.plan(midnight + hour * HOUR, Event::Late);
        }
        self.live_until((midnight + DAY).min(self.until)).await
    }

    /// Learns what is usual on each line before the bad days, so that their trend alarm is raised when the demo starts, and everybody sees it.
    async fn learn_baselines(&mut self, now: Millis) -> Result<(), StoreError> {
        self.watched = true;
        for &(id, ..) in LINES {
            if let Some(line) = line::find(&self.engine.db, &id.into()).await? {
                learn::look(&self.engine, &line, None, now).await?;
            }
        }
        Ok(())
    }

    /// Reports late replies at the end.
    ///
    /// # Errors
    /// Errors of the database.
    pub async fn end(&self) -> Result<(), StoreError> {
        tell_late(&self.engine, self.until, EXPIRED_MAX).await.map(drop)
    }

    /// Runs everything planned before `end`.
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

    /// Runs the events of one time.
    async fn moment(&mut self, events: impl Iterator<Item = Event>, now: Millis) -> Result<(), StoreError> {
        let (mut closes, mut arrived, mut leaves) = (Vec::new(), Vec::new(), false);
        for event in events {
            leaves |= match &event {
                // Their messages are sent with the next ones; the day has many.
                Event::Close(_) | Event::Late => false,
                Event::Work(task) => task.writes(),
                Event::Arrive(_) | Event::Leave | Event::Expire => true,
            };
            match event {
                Event::Close(close) => closes.push(*close),
                Event::Arrive(one) => arrived.push(*one),
                Event::Work(task) => self.work(task, now).await?,
                Event::Expire => drop(expire(&self.engine, now, EXPIRED_MAX).await?),
                Event::Late => {
                    tell_late(&self.engine, now, EXPIRED_MAX).await?;
                    if self.watched {
                        mature::mature(&self.engine, now, EXPIRED_MAX).await?;
                    }
                }
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

    /// Plans an event.
    pub(super) fn plan(&mut self, at: Millis, event: Event) {
        self.decided += 1;
        self.agenda.insert((at, self.decided), event);
    }

    /// Plans an event whose exact time does not matter.
    pub(super) fn plan_gathered(&mut self, at: Millis, event: Event) {
        self.plan(self.gathered(at), event);
    }

    /// `at`, or in the older part of the history the next common time for such events: each distinct time makes the demo
    /// start more slowly. Each chat's common time has its own minute.
    pub(super) fn gathered(&self, at: Millis) -> Millis {
        if at + EXACT_DAYS * DAY > self.until {
            return at;
        }
        let next = at.div_euclid(GATHERED) + 1;
        next * GATHERED + (next * 7_919).rem_euclid(GATHERED / SECOND / 2) * SECOND
    }

    /// A random number from 0 to 1.
    pub(super) fn chance(&self) -> f64 {
        self.chance.fraction()
    }

    /// A random time from `least` to `most`.
    pub(super) fn between(&self, least: Millis, most: Millis) -> Millis {
        least + (self.chance() * (most - least) as f64) as Millis
    }

    /// A random item of `from`, weighted by `share`.
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
        // In the past, the window of such a messenger has closed if the client was silent.
        let silent_for = if closed_by == ClosedBy::Timeout && kind == "whatsapp" { self.between(20 * HOUR, 30 * HOUR) } else { MINUTE };
        self.chats += 1;
        let chat = format!("client-{client}-{}", self.chats);
        let content = mood(content, line, connection, bad_days);
        self.moods.insert(chat.clone(), Mood { line, content, answers, bad_days, opened_at, closed_at, operator: name, reason: "" });
        let (operator_messages, client_messages) = (self.between(2, 9), self.between(2, 10));
        Close {
            source: "demo-desk".into(),
            event_key: format!("close-{}", self.chats),
            session_id: format!("demo-{}", self.chats).into(),
            line_id: line.into(),
            closed_at,
            opened_at: Some(opened_at),
            closed_by,
            operator: Some(Operator { id: operator.into(), name: Some(name.to_owned()), kind: None }),
            client: Some(format!("client-{client}").into()),
            language: Some("en".to_owned()),
            connection: Some(connection.into()),
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
