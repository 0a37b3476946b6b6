//! What came in together and is taken in together: what the steps of an answer read of it, change and bring about.

use super::opt_out_list::OptOutList;
use super::person::Person;
use crate::engine::Engine;
use crate::notifications::Notification;
use crate::question::settle::SettleMessage;
use lastword_contract::{Address, Inbound, RawRequest};
use lastword_domain::answer::Disposition;
use lastword_domain::answer::opt_out::MarkKey;
use lastword_domain::answer::scanner::{Evidence, SentForm};
use lastword_store::Millis;
use lastword_store::alert::{Alert, SeenBy};
use lastword_store::answer::message_change::{Here, MessageChange};
use lastword_store::answer::rating::Rating;
use lastword_store::answer::rating_edit::RatingEdit;
use lastword_store::answer::signal::{AnswerSignal, GivenByLink};
use lastword_store::answer::{AnswerEvent, Blanked};
use lastword_store::line::Line;
use lastword_store::question::client_message::ClientMessages;
use lastword_store::question::delivery::NewDelivery;
use lastword_store::question::ending::Behind;
use lastword_store::question::rating_request::place::Open;
use lastword_store::question::rating_request::{Ending, Progress, RatingRequest};
use lastword_store::records::inbox::Event;
use lastword_store::session::SessionEvent;
use lastword_store::session::address_move::{EarlierChat, OnConnection};
use lastword_store::session::conversation::{Conversation, ConversationUpdate};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// Something a channel told us.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// The connection.
    pub connection: String,
    /// What it told.
    pub inbound: Inbound,
    /// SHA-256 of what was told.
    pub body_hash: String,
    /// The request that told it, shared by all events that it told. Only where a desk is behind the connection.
    pub came: Option<Arc<RawRequest>>,
    /// Form of the page behind a link by which it came.
    pub form: Option<SentForm>,
}

/// What became of it, and what the platform may show to the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptResult {
    /// What became of it.
    pub disposition: Disposition,
    /// It was told before; nothing happened now.
    pub repeated: bool,
    /// It is an ordinary message as well, for the desk to read: text stood beside its score.
    pub also_message: bool,
    /// What stops the platform's spinner, with a word for the person.
    pub acknowledge: Option<(String, String)>,
}

/// The working state of one batch: what was read, as it becomes event by event, and what is to be written in the end.
pub(crate) struct Batch<'a> {
    pub(super) engine: &'a Engine,
    pub(super) now: Millis,
    /// Events told before, and whether presses among them are ours to answer.
    pub(super) seen: HashMap<(String, String), bool>,
    pub(super) requests: HashMap<String, RatingRequest>,
    pub(super) ratings: HashMap<String, Rating>,
    /// The ratings as they are in the database.
    pub(super) kept: HashMap<String, Rating>,
    /// The messages to the clients of the rating requests so far.
    pub(super) messages: ClientMessages,
    pub(super) lines: HashMap<String, Arc<Line>>,
    pub(super) questions: Questions,
    /// Earlier addresses of rating requests whose clients moved.
    pub(super) earlier: HashMap<OnConnection, Vec<Address>>,
    /// How far the questions came that may be withdrawn.
    pub(super) progress: HashMap<String, Progress>,
    pub(super) people: People,
    pub(super) alerts: PressedAlerts,
    /// The edits of the ratings that links are about.
    pub(super) edits: Vec<RatingEdit>,
    /// The scores that were given by link before, and when their question left.
    pub(super) given: Vec<GivenByLink>,
    pub(super) asked_at: HashMap<String, Millis>,
    /// Where and when a press came in, or the like: a word that its client wrote, told beside it, is part of it.
    pub(super) answers: HashSet<(String, String, Option<Millis>)>,
    /// The event that is being judged is an ordinary message as well.
    pub(super) also_message: bool,
    /// The client's own message that is being judged, where the platform names it.
    pub(super) said_in: Option<SaidIn>,
    /// What the clients' messages of this batch said, and how they were changed.
    pub(super) said: Said,
    pub(super) writes: Writes,
}

/// What a batch brings about.
#[derive(Default)]
pub(super) struct Writes {
    pub(super) events: Vec<Event>,
    pub(super) history: Vec<AnswerEvent>,
    pub(super) changes: Vec<MessageChange>,
    /// Messages of clients that came after their changes.
    pub(super) settled: Vec<Here>,
    /// Messages of clients whose comments are gone.
    pub(super) blanked: Vec<Blanked>,
    pub(super) signals: Vec<AnswerSignal>,
    pub(super) story: Vec<SessionEvent>,
    /// The ratings that changed.
    pub(super) touched: BTreeSet<String>,
    /// Whether any edit changed.
    pub(super) edited: bool,
    pub(super) conversations: BTreeMap<(String, String), Heard>,
    pub(super) typing_ended: BTreeSet<String>,
    /// Rating requests that changed, as they were read.
    pub(super) before: HashMap<String, RatingRequest>,
    /// How rating requests end, by id.
    pub(super) endings: BTreeMap<String, Ending>,
    pub(super) withdrawn: Withdrawals,
    /// Scores that are held for one more tap.
    pub(super) held: Vec<HeldScore>,
    /// Rating requests without a rating whose score is on hold until one more tap.
    pub(super) waiting: BTreeSet<String>,
    /// Rating requests whose alerts and events wait for more scores of the same program.
    pub(super) too_soon: Vec<String>,
    pub(super) seen_by: Vec<SeenBy>,
    /// Rating requests whose alerts somebody has seen, for the first time or again.
    pub(super) worked: BTreeSet<String>,
    pub(super) effects: Vec<Effect>,
    pub(super) deliveries: Vec<NewDelivery>,
    pub(super) news: Vec<Notification>,
}

/// A score that is held.
pub(super) struct HeldScore {
    /// Its rating request, as it is in the database.
    pub(super) request: RatingRequest,
    /// The rating that is in the database.
    pub(super) rating: Option<Rating>,
}

/// What was heard of a conversation.
pub(super) struct Heard {
    /// Who was heard last.
    pub(super) by: Address,
    pub(super) update: ConversationUpdate,
}

/// Questions that are not asked any more.
#[derive(Default)]
pub(super) struct Withdrawals {
    /// Those of clients who do not want to be asked.
    pub(super) opted_out: BTreeSet<String>,
    /// Those whose clients wrote about something else.
    pub(super) client_wrote: BTreeSet<String>,
    /// Of all, those that had reached their client.
    pub(super) sent: BTreeSet<String>,
    /// Of all, those that surely had not left: their clients may be asked again.
    pub(super) kept_back: BTreeSet<String>,
}

/// What the texts of a batch may be about.
#[derive(Default)]
pub(super) struct Questions {
    pub(super) open: Vec<Open>,
    pub(super) behind: Vec<Behind>,
    /// What was last asked about in a conversation.
    pub(super) last_asked: HashMap<Conversation, String>,
    /// Where something was tapped: the word that its client wrote is part of the tap.
    pub(super) tapped: Vec<Conversation>,
}

/// The people who may say in this batch that they do not want to be asked, or want to again.
#[derive(Default)]
pub(super) struct People {
    /// The client of each rating request that such a word may be about.
    pub(super) clients: HashMap<String, Person>,
    /// What the marks of their names are made with.
    pub(super) key: Option<MarkKey>,
    pub(super) list: OptOutList,
}

/// The alerts that recipients pressed.
#[derive(Default)]
pub(super) struct PressedAlerts {
    /// All alerts about their rating requests, by id.
    pub(super) about: Vec<Alert>,
    /// What the recipients are called.
    pub(super) names: HashMap<String, String>,
    /// The chats that the recipients had before.
    pub(super) earlier_chats: Vec<EarlierChat>,
}

/// What became of one event, what it was about, and a word for the person.
pub(super) struct Judged {
    pub(super) disposition: Disposition,
    pub(super) subject: Option<String>,
    pub(super) word: String,
}

impl Judged {
    /// Nothing that we know was meant.
    pub(super) fn nothing(disposition: Disposition) -> Self {
        Self { disposition, subject: None, word: String::new() }
    }

    /// It was about this rating request.
    pub(super) fn about(request: &str, disposition: Disposition) -> Self {
        Self { disposition, subject: Some(request.to_owned()), word: String::new() }
    }

    /// The person sees this word.
    pub(super) fn with(self, word: &str) -> Self {
        Self { word: word.to_owned(), ..self }
    }
}

/// A message of a client.
pub(super) struct SaidIn {
    /// The platform's id of it.
    pub(super) message: String,
    /// The platform's order of it, whatever the order of its edits.
    pub(super) order: i64,
}

/// What clients' messages said, and how they were changed, also in this batch.
#[derive(Default)]
pub(super) struct Said {
    pub(super) answers: Vec<AnswerEvent>,
    pub(super) changes: Vec<MessageChange>,
}

/// A score, and how it was given.
#[derive(Clone, Copy)]
pub(super) enum Scored {
    /// Tapped, typed, or in a form.
    Said(u8),
    /// By an emoji on the question.
    ByReaction(u8),
}

impl Scored {
    /// The score.
    pub(super) fn score(self) -> u8 {
        match self {
            Scored::Said(score) | Scored::ByReaction(score) => score,
        }
    }
}

/// What came with a token.
#[derive(Clone, Copy)]
pub(crate) enum TokenInput<'a> {
    /// Nothing: it was tapped.
    Tap,
    /// What the client wrote.
    Text(&'a str),
    /// The score that the platform's own form names.
    Score(u8),
}

/// What an answer brings about.
pub(super) struct Effect {
    pub(super) request: String,
    pub(super) pressed: Option<String>,
    pub(super) says: SettleMessage,
    /// The rating as it was before this; none when this is the first score.
    pub(super) before: Option<Rating>,
    /// Whether the value that counts is another one now.
    pub(super) changed: bool,
}

/// What the keys of events from links begin with, and no others do.
pub const EVENT_KEY_PREFIX: &str = "link:";

/// What the keys of events from mail programs begin with, behind the prefix of all events from links.
pub const ONE_CLICK: &str = "one_click:";

/// Suffix of the keys of events from pages without a sign that a browser opened them.
pub(super) const BARE: &str = ":bare";

/// Whether an event came through a link: only there a rating is edited later.
pub(super) fn through_link(key: &str) -> bool {
    key.starts_with(EVENT_KEY_PREFIX)
}

impl<'a> Batch<'a> {
    /// A batch about nothing yet.
    pub(super) fn new(engine: &'a Engine, now: Millis) -> Self {
        Self {
            engine,
            now,
            seen: HashMap::new(),
            requests: HashMap::new(),
            ratings: HashMap::new(),
            kept: HashMap::new(),
            messages: ClientMessages::default(),
            lines: HashMap::new(),
            questions: Questions::default(),
            earlier: HashMap::new(),
            progress: HashMap::new(),
            people: People::default(),
            alerts: PressedAlerts::default(),
            edits: Vec::new(),
            given: Vec::new(),
            asked_at: HashMap::new(),
            answers: HashSet::new(),
            also_message: false,
            said_in: None,
            said: Said::default(),
            writes: Writes::default(),
        }
    }

    /// Form by which an event came through a link. `None` for other events and for a mail program's one click.
    pub(super) fn sent_form(one: &Arrived) -> Option<SentForm> {
        let at = one.inbound.order;
        let is_form = one.inbound.key.strip_prefix(EVENT_KEY_PREFIX).is_some_and(|rest| !rest.starts_with(ONE_CLICK));
        is_form.then(|| one.form.unwrap_or(SentForm { shown_at: at, sent_at: at, opened: false }))
    }

    /// The evidence that a person sent an event.
    pub(super) fn evidence(one: &Arrived) -> Evidence {
        Self::sent_form(one).map_or(Evidence::Tap, SentForm::evidence)
    }

    /// A rating request is another one from here on.
    pub(super) fn change(&mut self, id: &str, change: impl FnOnce(&mut RatingRequest)) {
        let Some(request) = self.requests.get_mut(id) else { return };
        self.writes.before.entry(id.to_owned()).or_insert_with(|| request.clone());
        change(request);
    }

    /// A rating request as it is in the database.
    pub(super) fn as_read(&self, id: &str) -> Option<&RatingRequest> {
        self.writes.before.get(id).or_else(|| self.requests.get(id))
    }

    /// A rating request ends: for what comes after in this batch at once, and in the database with all of it.
    pub(super) fn end(&mut self, ending: Ending) {
        let (outcome, reason, at) = (ending.outcome.to_owned(), ending.reason.clone(), ending.at);
        self.change(&ending.id, |request| (request.outcome, request.reason, request.decided_at) = (Some(outcome), reason, Some(at)));
        self.writes.endings.insert(ending.id.clone(), ending);
    }
}
