//! The desks' kit on a toy desk, and the proof that the kit catches lies.
//!
//! A nest is a help desk that is only memory, so this file is also the shortest complete example of a desk and its harness.
//! Below, nests that are broken on purpose each fail the case that is about their fault.

use async_trait::async_trait;
use lastword_contract::kit::desks::{Act, DeskHarness, Traces, Wrong, guarding, mending, telling, writing};
use lastword_contract::kit::{CaseResult, Passed, Played, Remote};
use lastword_contract::{
    Abilities, Account, Arrangement, Chat, CloseBy, Closing, Desk, DeskEvent, DeskEventKind, Headers, Heard, Millis, Person, RawRequest,
    Receipt, Reconciled, Rejected, SendError, SetUp, Tells, Verdict, WriteBack, Writer,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

const SECRET: &str = "twig-twig-secret";

/// What is wrong with a nest.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    None,
    BlamesTheOperator,
    NamesClosesAnew,
    OneKeyForAllCloses,
    TrustsTheEvent,
    ClosesOnEdits,
    ForgetsColleagues,
    TakesProgramsForPeople,
    WritesEachTime,
    WipesLabels,
    TellsTheClient,
    HearsItself,
    TakesLossForGood,
    FindsNothing,
    NamesNothing,
    ChangesWhenLooking,
    HooksTwice,
    TrustsAnybody,
    ShowsItsSecret,
    UnwrapsBodies,
}

/// One chat at the remote.
#[derive(Clone, Default)]
struct Egg {
    open: bool,
    closed_at: Millis,
    opened_again_at: Millis,
    closed_by: String,
    operator: String,
    wrote: Vec<String>,
    client_at: Millis,
    client_sees: usize,
    notes: Vec<(String, String)>,
    labels: Vec<String>,
    rating: Option<String>,
}

/// The remote: a desk in memory.
struct Tree {
    now: Millis,
    eggs: BTreeMap<String, Egg>,
    remote: Remote,
    hooks: usize,
    asks_itself: bool,
    changes: usize,
    echoes: Vec<RawRequest>,
}

/// The adapter. A real one holds an HTTP client where this one holds the tree.
struct Nest {
    fault: Fault,
    tree: Arc<Mutex<Tree>>,
}

impl std::fmt::Debug for Nest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Nest({})", if self.fault == Fault::ShowsItsSecret { SECRET } else { "…" })
    }
}

impl Nest {
    /// The remote, when it answers.
    fn call<T>(&self, act: impl FnOnce(&mut Tree) -> T) -> Result<T, SendError> {
        let mut tree = self.tree.lock().unwrap();
        let error = |verdict, kind| Err(SendError::new(verdict, kind, "the tree says no"));
        match tree.remote {
            Remote::Ok => Ok(act(&mut tree)),
            Remote::Blocked => error(Verdict::RecipientGone, "no_such_chat"),
            Remote::Throttled(wait) => error(Verdict::RetryAfter(wait), "throttled"),
            Remote::Down | Remote::Refused => error(Verdict::RetryBackoff, "server_error"),
            Remote::Garbage => error(Verdict::CannotKnow, "garbled"),
            Remote::Hang => {
                let done = act(&mut tree);
                if self.fault == Fault::TakesLossForGood { Ok(done) } else { error(Verdict::CannotKnow, "timeout") }
            }
        }
    }

    fn person(&self, id: &str) -> Person {
        Person { id: id.to_owned(), name: None, program: id == "owl" && self.fault != Fault::TakesProgramsForPeople }
    }

    fn close_of(&self, session: &str, egg: &Egg) -> DeskEvent {
        let chat = Chat {
            operator: Some(self.person(&egg.operator)),
            operators: match self.fault {
                Fault::ForgetsColleagues => vec![self.person(&egg.operator)],
                _ => egg.wrote.iter().map(|id| self.person(id)).collect(),
            },
            last_client_message_at: Some(egg.client_at),
            ..Chat::default()
        };
        let by = match egg.closed_by.as_str() {
            _ if self.fault == Fault::BlamesTheOperator => CloseBy::Operator,
            "client" => CloseBy::Client,
            "timeout" => CloseBy::Timeout,
            "bot" => CloseBy::Bot,
            _ => CloseBy::Operator,
        };
        let key = match self.fault {
            Fault::OneKeyForAllCloses => format!("close-{session}"),
            Fault::NamesClosesAnew => format!("close-{session}-{}", self.tree.lock().unwrap().changes),
            _ => format!("close-{session}-{}", egg.closed_at),
        };
        DeskEvent::new(key, egg.closed_at, session, DeskEventKind::Closed(Box::new(Closing { chat, by, ..Closing::default() })))
    }
}

#[async_trait]
impl Desk for Nest {
    fn kind(&self) -> &'static str {
        "nest"
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            tells: &[
                Tells::Opened,
                Tells::Reopened,
                Tells::Reassigned,
                Tells::Merged,
                Tells::ByClient,
                Tells::ByTimeout,
                Tells::ByBot,
                Tells::Operators,
                Tells::Programs,
                Tells::ClientTime,
            ],
            reads: true,
            writes_back: true,
            reconciles: true,
            follows: true,
            sets_up: true,
            ..Abilities::default()
        }
    }

    fn receive(&self, request: &RawRequest) -> Result<Heard, Rejected> {
        if request.headers.get("x-nest-secret") != Some(SECRET) && self.fault != Fault::TrustsAnybody {
            return Err(Rejected::Unsigned("x-nest-secret"));
        }
        if self.fault == Fault::UnwrapsBodies {
            let _: Value = serde_json::from_slice(&request.body).unwrap();
        }
        let body: Value = serde_json::from_slice(&request.body).map_err(|_| Rejected::Unreadable("not JSON".into()))?;
        let word = |name: &str| body[name].as_str().map(str::to_owned);
        let need = |name: &'static str| word(name).ok_or_else(|| Rejected::Unreadable(format!("no {name}")));
        let (session, at) = (need("session")?, body["at"].as_i64().ok_or_else(|| Rejected::Unreadable("no time".into()))?);
        let what = match need("tweet")?.as_str() {
            "opened" => DeskEventKind::Opened(Box::default()),
            "note" if self.fault == Fault::HearsItself => DeskEventKind::Wrote(Writer::Operator(None)),
            "client" => DeskEventKind::Wrote(Writer::Client),
            "wrote" => DeskEventKind::Wrote(Writer::Operator(word("who").map(|id| self.person(&id)))),
            "closed" if self.fault == Fault::TrustsTheEvent => DeskEventKind::Closed(Box::default()),
            "edited" if self.fault == Fault::ClosesOnEdits => DeskEventKind::Closed(Box::default()),
            "closed" | "edited" => DeskEventKind::Changed { read_after: 10 },
            "reopened" => DeskEventKind::Reopened,
            "reassigned" => DeskEventKind::Reassigned { operator: word("who").map(|id| self.person(&id)), queue: None },
            "merged" => DeskEventKind::Merged { into: need("into")? },
            kind => DeskEventKind::Other { kind: kind.to_owned() },
        };
        let key = format!("{}-{session}-{at}", need("tweet")?);
        Ok(Heard { events: vec![DeskEvent::new(key, at, session, what)], reply: String::new() })
    }

    async fn read(&self, session: &str, _: Millis, _: Millis) -> Result<Vec<DeskEvent>, SendError> {
        let egg = self.call(|tree| tree.eggs.get(session).cloned())?;
        Ok(egg.filter(|egg| !egg.open).map(|egg| self.close_of(session, &egg)).into_iter().collect())
    }

    async fn write_back(&self, rating: &WriteBack) -> Result<Receipt, SendError> {
        let fault = self.fault;
        self.call(|tree| {
            tree.changes += 1;
            let (session, now) = (&rating.session, tree.now);
            tree.echoes.extend(["note", "edited"].map(|tweet| request(session, tweet, now, &json!({}))));
            let Some(egg) = tree.eggs.get_mut(&rating.session) else { return };
            if fault == Fault::WritesEachTime || egg.notes.iter().all(|(key, _)| *key != rating.key) {
                egg.notes.push((rating.key.clone(), rating.text.clone()));
            }
            if fault == Fault::WipesLabels {
                egg.labels.clear();
            }
            egg.client_sees += usize::from(fault == Fault::TellsTheClient);
            egg.rating = Some(rating.score.to_string());
        })?;
        Ok(Receipt::default())
    }

    async fn reconcile(&self, since: Millis, now: Millis) -> Result<Reconciled, SendError> {
        let found = |tree: &mut Tree| {
            let closed = tree.eggs.iter().filter(|(_, egg)| !egg.open && egg.closed_at >= since);
            closed.map(|(id, egg)| (id.clone(), egg.clone())).collect::<Vec<_>>()
        };
        let mut found = self.call(found)?;
        found.sort_by_key(|(_, egg)| egg.closed_at);
        if self.fault == Fault::FindsNothing {
            found.clear();
        }
        // Fifty a look, as APIs do.
        let until = found.get(50).map_or(now, |(_, egg)| egg.closed_at);
        let events = found.iter().take(50).map(|(id, egg)| self.close_of(id, egg)).collect();
        Ok(Reconciled { events, until })
    }

    async fn follow(&self, open: &[String], _: Millis) -> Result<Vec<DeskEvent>, SendError> {
        let found = self.reconcile(0, 0).await?.events;
        Ok(found.into_iter().filter(|event| open.contains(&event.session)).collect())
    }

    async fn look(&self, _: Option<&str>) -> Result<Account, SendError> {
        let changes = self.fault == Fault::ChangesWhenLooking;
        let (hooks, asks) = self.call(|tree| {
            tree.changes += usize::from(changes);
            (tree.hooks, tree.asks_itself)
        })?;
        let mut warnings = Vec::new();
        if hooks == 0 && self.fault != Fault::NamesNothing {
            warnings.push("The nest posts nothing to us; run lastword desk setup nest.".to_owned());
        }
        if asks && self.fault != Fault::NamesNothing {
            warnings.push("The nest asks clients by itself; switch that off.".to_owned());
        }
        Ok(Account { name: "Nest".into(), warnings, ..Account::default() })
    }

    async fn set_up(&self, wish: &SetUp) -> Result<Arrangement, SendError> {
        let twice = self.fault == Fault::HooksTwice;
        self.call(|tree| {
            if wish.change {
                tree.changes += 1;
                tree.hooks = if twice { tree.hooks + 1 } else { 1 };
                tree.asks_itself = false;
            }
        })?;
        Ok(Arrangement { steps: vec!["The nest posts to us.".to_owned()], ..Arrangement::default() })
    }
}

fn signed(body: &[u8]) -> RawRequest {
    let headers = Headers::new([("x-nest-secret", SECRET)]);
    RawRequest { method: "POST".into(), query: String::new(), headers, body: body.to_vec(), received_at: 1 }
}

fn request(session: &str, tweet: &str, at: Millis, more: &Value) -> RawRequest {
    let mut body = json!({"session": session, "tweet": tweet, "at": at});
    for (key, value) in more.as_object().into_iter().flatten() {
        body[key] = value.clone();
    }
    signed(body.to_string().as_bytes())
}

/// The harness: the nest and its tree.
struct InTheTree(Nest);

impl InTheTree {
    fn with(fault: Fault) -> Self {
        let tree = Tree {
            now: 1_700_000_000_000,
            eggs: BTreeMap::new(),
            remote: Remote::Ok,
            hooks: 1,
            asks_itself: false,
            changes: 0,
            echoes: Vec::new(),
        };
        Self(Nest { fault, tree: Arc::new(Mutex::new(tree)) })
    }

    fn tree(&self) -> std::sync::MutexGuard<'_, Tree> {
        self.0.tree.lock().unwrap()
    }
}

#[async_trait]
impl DeskHarness for InTheTree {
    async fn start() -> Self {
        Self::with(Fault::None)
    }

    fn desk(&self) -> &dyn Desk {
        &self.0
    }

    fn now(&self) -> Millis {
        self.tree().now
    }

    async fn play(&self, remote: Remote) -> Played {
        self.tree().remote = remote;
        Played::Ready
    }

    async fn open(&self) -> (String, Vec<RawRequest>) {
        let mut tree = self.tree();
        tree.now += 1_000;
        let (at, id) = (tree.now, format!("egg{}", tree.eggs.len() + 1));
        let wrote = vec!["ann".to_owned()];
        let labels = vec!["vip".to_owned()];
        tree.eggs.insert(id.clone(), Egg { open: true, operator: "ann".into(), wrote, labels, client_at: at, ..Egg::default() });
        (id.clone(), vec![request(&id, "opened", at, &json!({}))])
    }

    async fn act(&self, session: &str, act: Act) -> Option<Vec<RawRequest>> {
        let mut tree = self.tree();
        tree.now += 1_000;
        let at = tree.now;
        let egg = tree.eggs.get_mut(session)?;
        let (tweet, more) = match act {
            Act::ClientWrites => {
                egg.client_at = at;
                ("client", json!({}))
            }
            Act::OperatorWrites | Act::ColleagueWrites | Act::ProgramWrites => {
                let who = if act == Act::OperatorWrites {
                    "ann"
                } else if act == Act::ColleagueWrites {
                    "ben"
                } else {
                    "owl"
                };
                egg.wrote.retain(|known| known != who);
                egg.wrote.push(who.to_owned());
                ("wrote", json!({"who": who}))
            }
            Act::Close(by) => {
                (egg.open, egg.closed_at) = (false, at);
                egg.closed_by = format!("{by:?}").to_lowercase();
                ("closed", json!({}))
            }
            Act::Reopen => {
                (egg.open, egg.opened_again_at) = (true, at);
                ("reopened", json!({}))
            }
            Act::Reassign => {
                egg.operator = "ben".into();
                ("reassigned", json!({"who": "ben"}))
            }
            Act::Merge => ("merged", json!({"into": "egg0"})),
            Act::Edit => ("edited", json!({})),
        };
        Some(vec![request(session, tweet, at, &more)])
    }

    async fn traces(&self, session: &str) -> Traces {
        let egg = self.tree().eggs[session].clone();
        let notes = egg.notes.into_iter().map(|(_, text)| text).collect();
        Traces { notes, field: egg.rating, of_others: egg.labels, client_sees: egg.client_sees }
    }

    async fn echoes(&self) -> Vec<RawRequest> {
        std::mem::take(&mut self.tree().echoes)
    }

    fn people(&self) -> [String; 3] {
        ["ann".into(), "ben".into(), "owl".into()]
    }

    fn hook_url(&self) -> String {
        "https://rate.example/hooks/nest".into()
    }

    async fn hooks(&self) -> Option<usize> {
        Some(self.tree().hooks)
    }

    async fn spoil(&self, wrong: Wrong) -> bool {
        match wrong {
            Wrong::NoHook => self.tree().hooks = 0,
            Wrong::AsksItself => self.tree().asks_itself = true,
            Wrong::FewRights => return false,
        }
        true
    }

    async fn changes(&self) -> usize {
        self.tree().changes
    }

    fn unknown_event(&self) -> RawRequest {
        request("egg1", "sang", 1, &json!({}))
    }

    fn signed(&self, body: &[u8]) -> RawRequest {
        signed(body)
    }

    fn forgeries(&self, request: &RawRequest) -> Vec<RawRequest> {
        let with = |headers| RawRequest { headers, ..request.clone() };
        vec![with(Headers::default()), with(Headers::new([("x-nest-secret", "wrong")]))]
    }

    fn secrets(&self) -> Vec<String> {
        vec![SECRET.to_owned()]
    }
}

lastword_contract::desk_cases!(InTheTree);

/// Runs one case on a nest with this fault, which has to fail it.
macro_rules! caught {
    ($($name:ident: $fault:ident by $group:ident::$case:ident;)*) => {$(
        #[tokio::test]
        async fn $name() {
            let result: CaseResult = $group::$case(&InTheTree::with(Fault::$fault)).await;
            assert!(result.is_err(), "{:?} was not caught by {}: {result:?}", Fault::$fault, stringify!($case));
            assert_eq!($group::$case(&InTheTree::with(Fault::None)).await, Ok(Passed::Held), "a whole nest");
        }
    )*};
}

caught! {
    who_closed_is_checked: BlamesTheOperator by telling::tells_a_close_by_timeout;
    another_key_for_the_same_close_is_caught: NamesClosesAnew by writing::hears_no_event_in_its_own_traces;
    one_key_for_two_closes_is_caught: OneKeyForAllCloses by telling::tells_a_second_close_apart;
    an_event_that_was_overtaken_is_caught: TrustsTheEvent by telling::tells_a_close_by_an_operator;
    an_edit_taken_for_a_close_is_caught: ClosesOnEdits by telling::tells_nothing_of_edits_after_the_close;
    a_forgotten_colleague_is_caught: ForgetsColleagues by telling::tells_all_who_served;
    a_program_taken_for_a_person_is_caught: TakesProgramsForPeople by telling::tells_all_who_served;
    a_note_written_twice_is_caught: WritesEachTime by writing::writes_back_once_per_key;
    a_note_written_twice_after_a_loss_is_caught: WritesEachTime by writing::writes_once_when_the_answer_was_lost;
    wiped_labels_are_caught: WipesLabels by writing::keeps_what_others_wrote;
    words_to_the_client_are_caught: TellsTheClient by writing::says_nothing_to_the_client;
    an_echo_taken_for_a_message_is_caught: HearsItself by writing::hears_no_event_in_its_own_traces;
    a_loss_taken_for_success_is_caught: TakesLossForGood by writing::writes_once_when_the_answer_was_lost;
    a_close_that_is_never_found_is_caught: FindsNothing by mending::finds_a_lost_close;
    an_open_chat_whose_close_is_never_found_is_caught: FindsNothing by mending::finds_lost_closes_of_open_chats;
    a_fault_that_is_not_named_is_caught: NamesNothing by mending::names_what_is_wrong;
    a_look_that_changes_is_caught: ChangesWhenLooking by mending::looks_without_changing;
    a_second_hook_is_caught: HooksTwice by mending::sets_up_twice_without_harm;
    trust_in_anybody_is_caught: TrustsAnybody by guarding::rejects_what_is_not_signed;
    a_shown_secret_is_caught: ShowsItsSecret by guarding::shows_no_secret;
    a_panic_is_caught: UnwrapsBodies by guarding::survives_garbage;
}
