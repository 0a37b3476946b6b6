//! A small world around the real engine: a database, a clock that moves on demand, and a channel that records its messages.
//! A test reads like the story it tests.

use async_trait::async_trait;
use lastword::app::channel_handler::ChannelHandler;
use lastword::app::{maintenance, runner};
use lastword::domain::alert::RecipientKind;
use lastword::domain::line::LineSettings;
use lastword::domain::question::token::TokenKeys;
use lastword::domain::session::{ClosedBy, Operator};
use lastword::id::Ids;
use lastword::life::admin::change_line::{Changed, save_line, save_recipient};
use lastword::life::answer::accept::accept;
use lastword::life::engine::channels::Channels;
use lastword::life::facts::inbound::{AcceptResult, Arrived};
use lastword::life::session::close::close_sessions;
use lastword::life::session::close_batch::{Close, Closed};
use lastword::life::{Engine, Options};
use lastword::queue::{Runner, Tuning};
use lastword::store::alert::recipient::Recipient;
use lastword::store::line::LineChange;
use lastword::store::{Db, StoreError, connection};
use lastword::time::{Millis, SetClock};
use lastword_base::names::OperatorId;
use lastword_contract::{Account, Address, Capabilities, Channel, Inbound, InboundKind, Outgoing, Receipt, SendError};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::broadcast;

/// Start time of every world.
pub(crate) const MORNING: Millis = 1_790_000_000_000;

/// Public URL of every world.
pub(crate) const PUBLIC_URL: &str = "https://rate.example.com/";

/// A channel that records its messages, and responds as instructed.
#[derive(Debug)]
pub(crate) struct Parrot {
    can: Capabilities,
    pub(crate) sent: Mutex<Vec<Outgoing>>,
    answers: Mutex<VecDeque<SendError>>,
    answers_to: Mutex<Vec<(String, SendError)>>,
    /// Its response to every call while it is down.
    down: Mutex<Option<SendError>>,
    /// Number of calls, whatever the result.
    pub(crate) calls: AtomicUsize,
    moved: Mutex<Option<(String, Address)>>,
    /// Duration of a call.
    takes: Mutex<Duration>,
}

impl Parrot {
    /// Messages to the chat `from` are delivered to `to` from now on, and the platform reports that.
    pub(crate) fn moves(&self, from: &str, to: Address) {
        *self.moved.lock().unwrap() = Some((from.to_owned(), to));
    }

    /// Makes the next calls fail, one each.
    pub(crate) fn fails_with(&self, errors: impl IntoIterator<Item = SendError>) {
        self.answers.lock().unwrap().extend(errors);
    }

    /// Makes the next calls to this chat fail, one each.
    pub(crate) fn fails_for(&self, chat: &str, errors: impl IntoIterator<Item = SendError>) {
        self.answers_to.lock().unwrap().extend(errors.into_iter().map(|error| (chat.to_owned(), error)));
    }

    /// From now on all calls succeed.
    pub(crate) fn fails_no_more(&self) {
        self.answers_to.lock().unwrap().clear();
    }

    /// From now on every call fails with this error; `None` ends that.
    pub(crate) fn is_down(&self, error: Option<SendError>) {
        *self.down.lock().unwrap() = error;
    }

    /// From now on each call takes this long.
    pub(crate) fn takes(&self, time: Duration) {
        *self.takes.lock().unwrap() = time;
    }

    /// Messages sent since the last call.
    pub(crate) fn take(&self) -> Vec<Outgoing> {
        std::mem::take(&mut self.sent.lock().unwrap())
    }
}

#[async_trait]
impl Channel for Parrot {
    fn kind(&self) -> &'static str {
        "parrot"
    }

    fn capabilities(&self) -> Capabilities {
        self.can.clone()
    }

    fn is_group(&self, to: &Address) -> bool {
        to.chat.starts_with('-')
    }

    /// `+777` and `777` are two forms of one address.
    fn identity(&self, address: &Address) -> String {
        address.chat.trim_start_matches('+').to_owned()
    }

    fn nobody_reads(&self, to: &Address) -> bool {
        to.chat.starts_with("noreply@")
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<Receipt, SendError> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let takes = *self.takes.lock().unwrap();
        if !takes.is_zero() {
            tokio::time::sleep(takes).await;
        }
        let answer = self.answers.lock().unwrap().pop_front().or_else(|| self.down.lock().unwrap().clone());
        if let Some(error) = answer {
            return Err(error);
        }
        let mut answers_to = self.answers_to.lock().unwrap();
        if let Some(at) = answers_to.iter().position(|(chat, _)| *chat == outgoing.to.chat) {
            return Err(answers_to.remove(at).1);
        }
        let mut sent = self.sent.lock().unwrap();
        sent.push(outgoing.clone());
        let moved = self.moved.lock().unwrap().clone();
        let moved_to = moved.filter(|(from, _)| *from == outgoing.to.chat).map(|(_, to)| to);
        Ok(Receipt { message_id: Some(outgoing.replaces.clone().unwrap_or_else(|| format!("m-{}", outgoing.key))), moved_to })
    }

    async fn check(&self) -> Result<Account, SendError> {
        Ok(Account { name: "parrot".to_owned(), ..Account::default() })
    }
}

/// A parrot with these capabilities.
pub(crate) fn parrot(can: Capabilities) -> Arc<Parrot> {
    Arc::new(Parrot {
        can,
        sent: Mutex::default(),
        answers: Mutex::default(),
        answers_to: Mutex::default(),
        down: Mutex::default(),
        calls: AtomicUsize::new(0),
        moved: Mutex::default(),
        takes: Mutex::default(),
    })
}

/// Capabilities of a full-featured messenger.
pub(crate) fn messenger() -> Capabilities {
    Capabilities { binary: true, five_star: true, choices_max: 10, edits: true, free_text: true, alerts: true, ..Capabilities::default() }
}

/// The world.
pub(crate) struct World {
    pub(crate) engine: Engine,
    pub(crate) clock: SetClock,
    pub(crate) client: Arc<Parrot>,
    /// Another channel on which clients have an address: `mail`.
    pub(crate) mail: Arc<Parrot>,
    pub(crate) staff: Arc<Parrot>,
    pub(crate) runner: Runner<ChannelHandler>,
    events: Mutex<i64>,
}

impl World {
    /// A world over the database at `url`, whose client channel has the capabilities `can`.
    pub(crate) async fn on(url: &str, can: Capabilities) -> Self {
        let db = Db::open(url, 4).await.unwrap();
        db.migrate().await.unwrap();
        Self::over(db, can).await
    }

    /// A world whose staff channel has the capabilities `staff`.
    pub(crate) async fn with_staff(url: &str, staff: Capabilities) -> Self {
        let db = Db::open(url, 4).await.unwrap();
        db.migrate().await.unwrap();
        Self::staffed(db, messenger(), staff).await
    }

    /// A world over SQLite in memory.
    pub(crate) async fn in_memory() -> Self {
        Self::on("sqlite::memory:", messenger()).await
    }

    /// A world over an open database with our tables.
    pub(crate) async fn over(db: Db, can: Capabilities) -> Self {
        Self::staffed(db, can, messenger()).await
    }

    async fn staffed(db: Db, can: Capabilities, staff: Capabilities) -> Self {
        let (client, clock) = (parrot(can), SetClock::at(MORNING));
        let staff = parrot(Capabilities { events: true, ..staff });
        let mail = parrot(Capabilities { edits: false, free_text: false, alerts: false, footer: true, ..messenger() });
        let channels = Channels::default();
        channels.add("bot", client.clone(), Vec::new());
        channels.add("mail", mail.clone(), Vec::new());
        channels.add("staff", staff.clone(), vec!["*".to_owned()]);
        let keys = TokenKeys::new(b"a key of thirty-two bytes, or so", None);
        let news = broadcast::channel(1_024).0;
        let options = Options { public_url: Some(PUBLIC_URL.parse().unwrap()), ..Options::default() };
        let engine = Engine::new(db, Arc::new(clock.clone()), Arc::new(Ids::seeded(1)), channels, keys, options, news);
        engine
            .db
            .write(|tx| {
                Box::pin(async move {
                    connection::started(tx, &"bot".into(), "parrot", MORNING).await?;
                    connection::started(tx, &"mail".into(), "parrot", MORNING).await?;
                    connection::started(tx, &"staff".into(), "parrot", MORNING).await
                })
            })
            .await
            .unwrap();
        let runner = runner(&engine, Tuning::default(), None);
        let world = Self { engine, clock, client, mail, staff, runner, events: Mutex::new(0) };
        world.recipient("anna", Some("op-7")).await;
        world.line(LineSettings::default()).await;
        world
    }

    /// The same world with an additional connection.
    pub(crate) async fn and(mut self, name: &'static str, channel: Arc<dyn Channel>) -> Self {
        let channels = Channels::clone(&self.engine.channels);
        let (kind, now) = (channel.kind(), self.now());
        channels.add(name, channel, Vec::new());
        self.engine.channels = Arc::new(channels);
        self.runner = runner(&self.engine, Tuning::default(), None);
        let known = self.engine.db.write(move |tx| Box::pin(async move { connection::started(tx, &name.into(), kind, now).await }));
        let known: Result<(), lastword::store::StoreError> = known.await;
        known.unwrap();
        self
    }

    pub(crate) fn now(&self) -> Millis {
        self.engine.now()
    }

    /// Saves the line `support`; low ratings go to Anna unless the settings say otherwise.
    pub(crate) async fn line(&self, mut settings: LineSettings) {
        if settings.alerts.recipients.is_empty() {
            settings.alerts.recipients = vec!["anna".to_owned()];
        }
        self.line_as_it_is(settings).await;
    }

    /// Saves the line `support` with exactly these settings.
    pub(crate) async fn line_as_it_is(&self, settings: LineSettings) {
        let known = lastword::store::line::find(&self.engine.db, &"support".into()).await.unwrap();
        let change = LineChange {
            id: "support".into(),
            name: "Support".to_owned(),
            settings,
            archived: false,
            seen_version: known.map_or(0, |line| line.version),
            by: "test".to_owned(),
            at: self.now(),
        };
        assert!(matches!(save_line(&self.engine, change).await.unwrap(), Changed::Saved(_)));
    }

    /// A person who receives alerts through `staff`.
    pub(crate) async fn recipient(&self, id: &str, operator: Option<&str>) {
        let recipient = Recipient {
            id: id.to_owned(),
            name: id.to_owned(),
            kind: RecipientKind::Person,
            connection: Some("staff".into()),
            address: Some(serde_json::to_string(&Address::chat(id)).unwrap()),
            operator_id: operator.map(OperatorId::from),
            created_at: self.now(),
            ..Recipient::default()
        };
        assert!(save_recipient(&self.engine, recipient).await.unwrap());
    }

    /// A close of `session`, as reported by a desk.
    pub(crate) fn close_of(&self, session: &str) -> Close {
        let key = self.next_event();
        Close {
            source: "desk".into(),
            event_key: format!("close-{key}"),
            body_hash: format!("hash-{key}"),
            session_id: session.into(),
            line_id: "support".into(),
            closed_at: self.now(),
            closed_by: ClosedBy::Operator,
            operator: Some(Operator { id: "op-7".into(), name: Some("Olga".to_owned()), kind: None }),
            client: Some(format!("client-of-{session}").into()),
            connection: Some("bot".into()),
            address: Some(Address::chat(format!("chat-{session}"))),
            last_client_message_at: Some(self.now() - 60_000),
            operator_messages: Some(3),
            client_messages: Some(2),
            ..Close::default()
        }
    }

    fn next_event(&self) -> i64 {
        let mut events = self.events.lock().unwrap();
        *events += 1;
        *events
    }

    /// Reports a close.
    pub(crate) async fn tell(&self, close: Close) -> Closed {
        close_sessions(&self.engine, vec![close], self.now()).await.unwrap().remove(0)
    }

    /// Closes `session` and sends its question. Returns the rating request and the question as received by the client.
    pub(crate) async fn ask(&self, session: &str) -> (String, Outgoing) {
        let Closed::Kept { rating_request, decision: Ok(due_at), .. } = self.tell(self.close_of(session)).await else { panic!("asks") };
        self.clock.set(due_at);
        self.work().await;
        (rating_request.to_string(), self.client.take().pop().expect("the question"))
    }

    /// Lets time pass, and the node do everything that is due.
    pub(crate) async fn pass(&self, millis: Millis) {
        self.clock.advance(millis);
        maintenance::round(&self.engine, &self.runner).await.unwrap();
        lastword::life::connection::watch::watch(&self.engine, self.now()).await.unwrap();
        self.work().await;
    }

    /// Sends everything that is due.
    pub(crate) async fn work(&self) {
        while self.runner.tick().await.unwrap() > 0 {}
    }

    /// The client taps the choice with this label.
    pub(crate) async fn tap(&self, message: &Outgoing, label: &str) -> AcceptResult {
        let choice = message.choices.iter().find(|choice| choice.label == label);
        let token = choice.unwrap_or_else(|| panic!("no choice {label} among {:?}", message.choices)).token.clone();
        self.press(&message.to.chat, token, message).await
    }

    /// Like [`World::tap`], but may fail.
    pub(crate) async fn try_tap(&self, message: &Outgoing, label: &str) -> Result<Vec<AcceptResult>, StoreError> {
        let choice = message.choices.iter().find(|choice| choice.label == label).expect("a choice");
        let kind = InboundKind::Press { token: choice.token.clone(), by: message.to.clone(), message_id: None, press_id: None };
        let order = self.next_event();
        let inbound = Inbound { key: format!("u{order}"), order, at: None, kind };
        let arrived = Arrived { connection: "bot".into(), inbound, body_hash: String::new(), came: None, form: None };
        accept(&self.engine, vec![arrived], None, self.now()).await
    }

    async fn press(&self, chat: &str, token: String, message: &Outgoing) -> AcceptResult {
        let what = InboundKind::Press { token, by: Address::chat(chat), message_id: Some(format!("m-{}", message.key)), press_id: None };
        let taken = self.happens("bot", what).await;
        self.work().await;
        taken
    }

    /// An event arrives on a connection.
    pub(crate) async fn happens(&self, connection: &str, what: InboundKind) -> AcceptResult {
        let order = self.next_event();
        self.arrives(connection, Inbound { key: format!("u{order}"), order, at: None, kind: what }).await
    }

    /// This exact event arrives on a connection.
    pub(crate) async fn arrives(&self, connection: &str, inbound: Inbound) -> AcceptResult {
        let arrived = Arrived { connection: connection.into(), inbound, body_hash: String::new(), came: None, form: None };
        accept(&self.engine, vec![arrived], None, self.now()).await.unwrap().remove(0)
    }
}

/// Runs `test` on SQLite in memory, on a SQLite file and on PostgreSQL: one suite for both databases.
#[macro_export]
macro_rules! on_both_databases {
    ($($(#[$about:meta])* $name:ident => $test:expr;)*) => { $(
        mod $name {
            use super::*;
            $(#[$about])*
            #[tokio::test]
            async fn sqlite() {
                let folder = tempfile::tempdir().unwrap();
                ($test)(format!("sqlite://{}/test.db", folder.path().display())).await;
            }
            $(#[$about])*
            #[tokio::test]
            async fn postgres() {
                ($test)($crate::rig::postgres::database().await).await;
            }
        }
    )* };
}
