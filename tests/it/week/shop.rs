//! A shop with five lines on four channels, with its desks and clients.

use super::platform::{Platform, Sent, Trouble};
use crate::rig::world::MORNING;
use lastword::app::channel_handler::ChannelHandler;
use lastword::app::{maintenance, runner};
use lastword::domain::access::audit::By;
use lastword::domain::line::{LineSettings, QuietHours, ShutOut, WindowRules};
use lastword::domain::outcome::NotAsked;
use lastword::domain::question::token::TokenKeys;
use lastword::domain::session::{ClosedBy, Operator};
use lastword::id::Ids;
use lastword::life::admin::change_line::{Changed, save_line};
use lastword::life::answer::accept::accept;
use lastword::life::connection::resume::resume;
use lastword::life::engine::channels::Channels;
use lastword::life::engine::other_address::OtherAddress;
use lastword::life::facts::inbound::Arrived;
use lastword::life::session::close::close_sessions;
use lastword::life::session::close_batch::{Close, Closed};
use lastword::life::{Engine, Options};
use lastword::names::RequestId;
use lastword::queue::{Runner, Tuning};
use lastword::store::line::LineChange;
use lastword::store::{Db, connection};
use lastword::time::{HOUR, MINUTE, Millis, SECOND, SetClock};
use lastword_contract::{Address, Inbound, InboundKind, TextMessage};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::ops::Range;
use std::sync::Arc;
use tokio::sync::broadcast;

const DAY: Millis = 24 * HOUR;
/// Reserved time before the end of a window.
const MARGIN: Millis = 30 * SECOND;

/// A line in plain numbers.
pub(super) struct Line {
    pub(super) id: &'static str,
    delay: Millis,
    /// Start and end hour, UTC.
    quiet: Option<(i64, i64)>,
    skips_when_quiet: bool,
    ask_early: bool,
    template: bool,
    fallback: bool,
    remind_after_hours: Option<u32>,
}

const PLAIN: Line = Line {
    id: "plain",
    delay: 2 * SECOND,
    quiet: None,
    skips_when_quiet: false,
    ask_early: true,
    template: true,
    fallback: false,
    remind_after_hours: Some(20),
};

pub(super) const LINES: [Line; 5] = [
    PLAIN,
    Line { id: "slow", delay: 30 * HOUR, ..PLAIN },
    Line { id: "night", delay: 2 * HOUR, quiet: Some((20, 8)), fallback: true, ..PLAIN },
    Line { id: "strict", quiet: Some((20, 8)), skips_when_quiet: true, ask_early: false, template: false, ..PLAIN },
    Line { id: "mail", delay: 10 * MINUTE, ask_early: false, template: false, fallback: true, ..PLAIN },
];

impl Line {
    pub(super) fn quiet_at(&self, at: Millis) -> bool {
        let hour = at.rem_euclid(DAY) / HOUR;
        self.quiet.is_some_and(|(from, to)| if from < to { (from..to).contains(&hour) } else { hour >= from || hour < to })
    }

    fn settings(&self) -> LineSettings {
        let shut_out = if self.skips_when_quiet { ShutOut::Skip } else { ShutOut::Early };
        let clock = |hour: i64| format!("{hour:02}:00");
        LineSettings {
            delay_secs: u32::try_from(self.delay / SECOND).unwrap(),
            quiet_hours: self.quiet.map(|(from, to)| QuietHours { from: clock(from), to: clock(to), time_zone: None, shut_out }),
            window: WindowRules { ask_early: self.ask_early, template: self.template, fallback: self.fallback.then(|| "post".into()) },
            reminder_after_hours: self.remind_after_hours,
            ..LineSettings::default()
        }
    }
}

/// Facts about one close, known without asking the engine.
#[derive(Debug)]
pub(super) struct Fact {
    pub(super) request: RequestId,
    line: usize,
    platform: usize,
    closed_at: Millis,
    /// As known at the close.
    shuts_at: Option<Millis>,
    has_mail: bool,
    /// True if the desk did not report the client's last message.
    pub(super) untold: bool,
}

pub(super) struct Shop {
    pub(super) engine: Engine,
    pub(super) facts: Vec<Fact>,
    clock: SetClock,
    platforms: Vec<Arc<Platform>>,
    runner: Runner<ChannelHandler>,
    rng: StdRng,
    told: i64,
}

impl Shop {
    pub(super) async fn open(seed: u64, url: &str) -> Self {
        let db = Db::open(url, 2).await.unwrap();
        db.migrate().await.unwrap();
        let clock = SetClock::at(MORNING);
        let platforms: Vec<Arc<Platform>> = vec![
            Arc::new(Platform::new("day", Some(DAY), true, &clock)),
            Arc::new(Platform::new("plain_day", Some(DAY), false, &clock)),
            Arc::new(Platform::new("week", Some(7 * DAY), false, &clock)),
            Arc::new(Platform::new("post", None, false, &clock)),
        ];
        let channels = Channels::default();
        platforms.iter().for_each(|platform| channels.add(platform.name, platform.clone(), Vec::new()));
        let keys = TokenKeys::new(b"a key of thirty-two bytes, or so", None);
        let engine = Engine::new(
            db,
            Arc::new(clock.clone()),
            Arc::new(Ids::seeded(seed)),
            channels,
            keys,
            Options::default(),
            broadcast::channel(64).0,
        );
        let started = engine.db.write(|tx| {
            Box::pin(async move {
                for name in ["day", "plain_day", "week", "post"] {
                    connection::started(tx, &name.into(), name, MORNING).await?;
                }
                Ok::<_, lastword::store::StoreError>(())
            })
        });
        started.await.unwrap();
        for line in &LINES {
            let (id, settings) = (line.id.to_owned(), line.settings());
            let change = LineChange {
                name: id.clone(),
                id: id.into(),
                settings,
                archived: false,
                seen_version: 0,
                by: "test".to_owned(),
                at: MORNING,
            };
            assert!(matches!(save_line(&engine, change).await.unwrap(), Changed::Saved(_)));
        }
        let runner = runner(&engine, Tuning::default(), None);
        Self { engine, facts: Vec::new(), clock, platforms, runner, rng: StdRng::seed_from_u64(seed), told: 0 }
    }

    pub(super) fn now(&self) -> Millis {
        self.engine.now()
    }

    pub(super) fn sent(&self) -> Vec<Sent> {
        self.platforms.iter().flat_map(|platform| platform.sent()).collect()
    }

    pub(super) fn line_of(&self, chat: &str) -> usize {
        let number: usize = chat.rsplit('-').next().and_then(|number| number.parse().ok()).unwrap();
        self.facts[number].line
    }

    /// One or two events happen.
    pub(super) async fn somebody_acts(&mut self) {
        for _ in 0..self.rng.random_range(1..3) {
            match self.rng.random_range(0..100) {
                0..45 => self.close().await,
                45..65 => self.somebody_writes().await,
                65..85 => self.somebody_answers().await,
                85..88 => self.trouble(),
                _ => self.relief().await,
            }
        }
    }

    pub(super) async fn pass_minutes(&mut self, minutes: Range<i64>) {
        let by = self.rng.random_range(minutes.start * MINUTE..minutes.end * MINUTE);
        self.pass(by).await;
    }

    /// Lets time pass, in steps short enough for everything due to be sent in time.
    pub(super) async fn pass(&self, by: Millis) {
        let end = self.now() + by;
        while self.now() < end {
            self.clock.advance((end - self.now()).min(5 * MINUTE));
            while self.runner.tick().await.unwrap() > 0 {}
        }
    }

    /// Duties of a node other than sending: rescue, expire, add up.
    pub(super) async fn do_duties(&self) {
        maintenance::round(&self.engine, &self.runner).await.unwrap();
    }

    async fn close(&mut self) {
        let number = self.facts.len();
        let (line, platform) = (self.rng.random_range(0..LINES.len()), self.rng.random_range(0..self.platforms.len()));
        let silent_for = match self.rng.random_range(0..10) {
            0..5 => self.rng.random_range(MINUTE..3 * HOUR),
            5..8 => self.rng.random_range(3 * HOUR..26 * HOUR),
            _ => self.rng.random_range(26 * HOUR..9 * DAY),
        };
        let (closed_at, chat, has_mail) = (self.now(), format!("chat-{number}"), self.rng.random_bool(0.5));
        self.platforms[platform].wrote(&chat, closed_at - silent_for);
        let untold = self.rng.random_bool(0.1);
        if untold {
            self.platforms[platform].keeps_silent(&chat);
        }
        let post = OtherAddress { connection: "post".into(), address: Address::chat(format!("post-{number}")) };
        let close = Close {
            source: "desk".into(),
            event_key: format!("close-{number}"),
            body_hash: format!("hash-{number}"),
            session_id: format!("S-{number}").into(),
            line_id: LINES[line].id.into(),
            closed_at,
            closed_by: ClosedBy::Operator,
            operator: Some(Operator { id: "op-7".into(), name: None, kind: None }),
            client: Some(format!("client-{number}").into()),
            connection: Some(self.platforms[platform].name.into()),
            address: Some(Address::chat(chat.clone())),
            addresses: if has_mail { vec![post] } else { Vec::new() },
            last_client_message_at: Some(closed_at - silent_for).filter(|_| !untold),
            operator_messages: Some(3),
            client_messages: Some(2),
            ..Close::default()
        };
        let told = close_sessions(&self.engine, vec![close], closed_at).await.unwrap().remove(0);
        let Closed::Kept { rating_request: request, .. } = told else { panic!("kept: {told:?}") };
        // An unknown window does not prevent an attempt.
        let shuts_at = self.platforms[platform].shuts_at(&chat).filter(|_| !untold);
        self.facts.push(Fact { request, line, platform, closed_at, shuts_at, has_mail, untold });
    }

    async fn somebody_writes(&mut self) {
        if self.facts.is_empty() {
            return;
        }
        let number = self.rng.random_range(self.facts.len().saturating_sub(40)..self.facts.len());
        let (platform, chat) = (self.platforms[self.facts[number].platform].clone(), format!("chat-{number}"));
        platform.wrote(&chat, self.now());
        let text = InboundKind::Text(TextMessage::new("One more thing, please", Address::chat(chat)));
        self.arrives(platform.name, vec![text]).await;
    }

    async fn somebody_answers(&mut self) {
        let platform = self.platforms[self.rng.random_range(0..self.platforms.len())].clone();
        let questions: Vec<Sent> = platform.sent().into_iter().filter(|sent| sent.asks).collect();
        if questions.is_empty() {
            return;
        }
        let question = &questions[self.rng.random_range(questions.len().saturating_sub(30)..questions.len())];
        let choice = &question.message.choices[self.rng.random_range(0..question.message.choices.len())];
        let (by, at) = (Address::chat(question.chat.clone()), self.now());
        let message_id = Some(format!("m-{}", question.message.key));
        let press = InboundKind::Press { token: choice.token.clone(), by: by.clone(), message_id, press_id: None };
        platform.wrote(&question.chat, at);
        self.arrives(platform.name, vec![press, InboundKind::Wrote { by, at, window_expires_at: None }]).await;
    }

    async fn arrives(&mut self, connection: &str, happenings: Vec<InboundKind>) {
        let now = self.now();
        self.told += 1;
        let order = self.told;
        let arrived = happenings.into_iter().enumerate().map(|(part, what)| Arrived {
            connection: connection.into(),
            inbound: Inbound { key: format!("u{order}-{part}"), order, at: Some(now), kind: what },
            body_hash: String::new(),
            came: None,
            form: None,
        });
        accept(&self.engine, arrived.collect(), None, now).await.unwrap();
    }

    fn trouble(&mut self) {
        let troubles = [Trouble::Down, Trouble::Broken, Trouble::Throttled, Trouble::Silent];
        let (which, what) = (self.rng.random_range(0..self.platforms.len()), self.rng.random_range(0..troubles.len()));
        self.platforms[which].turns(Some(troubles[what]));
    }

    async fn relief(&mut self) {
        let platform = self.platforms[self.rng.random_range(0..self.platforms.len())].clone();
        platform.turns(None);
        resume(&self.engine, &By::command(), &platform.name.into(), self.now()).await.unwrap();
    }

    /// All platforms recover.
    pub(super) async fn mend(&mut self) {
        for platform in self.platforms.clone() {
            platform.turns(None);
            resume(&self.engine, &By::command(), &platform.name.into(), self.now()).await.unwrap();
        }
    }

    /// True if a platform that could have carried the question had a fault while it was open.
    pub(super) fn was_troubled(&self, fact: &Fact) -> bool {
        let span = (fact.closed_at, fact.closed_at + 72 * HOUR);
        let post = LINES[fact.line].fallback && fact.has_mail;
        self.platforms[fact.platform].was_troubled(span.0, span.1) || post && self.platforms[3].was_troubled(span.0, span.1)
    }

    /// Reason that this close cannot be asked about, computed from the rules minute by minute; `None` if it can.
    pub(super) fn why_not(&self, fact: &Fact) -> Option<NotAsked> {
        let line = &LINES[fact.line];
        let (wanted, until) = (fact.closed_at + line.delay, fact.closed_at + 72 * HOUR);
        let open = |at: Millis| fact.shuts_at.is_none_or(|shuts_at| at + MARGIN < shuts_at);
        let free = |at: &Millis| !line.quiet_at(*at);
        let minutes = |from: Millis| (0..).map(move |minute| from + minute * MINUTE).take_while(move |at| *at < until);
        let waited = minutes(wanted).find(free);
        // Quiet hours end on the hour: at that very moment, not up to a minute later.
        let waited = waited.map(|at| if at == wanted { at } else { at / HOUR * HOUR });
        if waited.is_some_and(open) {
            return None;
        }
        let reason = if open(wanted) { NotAsked::QuietHours } else { NotAsked::WindowShut };
        if open(wanted) && line.skips_when_quiet {
            return Some(reason);
        }
        if (open(wanted) || line.ask_early) && minutes(fact.closed_at).any(|at| open(at) && free(&at)) {
            return None;
        }
        let template = line.template && self.platforms[fact.platform].has_templates();
        let post = line.fallback && fact.has_mail;
        if waited.is_some() && (template || post) { None } else { Some(reason) }
    }
}
