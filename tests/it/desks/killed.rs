//! The real binary at each desk, repeatedly killed with -9 while operators close chats, clients answer and ratings are
//! written back, over both databases. Everything acknowledged is asked, answered and shown to operators, each once.
//!
//! Short form in the normal run; `./test --long` kills more often.

mod at_desks;

use super::shift::Works;
use crate::on_both_databases;
use crate::rig::long;
use crate::rig::stub::{Seen, Stub};
use crate::torture::load::{client, press};
use crate::torture::{Accepted, Addresses, SECRET, node, prepare, settings, taken, verdict};
use async_trait::async_trait;
use lastword::domain::access::api_key::ApiKey;
use lastword::id::Ids;
use lastword::store::Db;
use lastword::store::question::{delivery, rating_request};
use lastword::time::Millis;
use lastword_contract::RawRequest;
use lastword_contract::kit::desks::DeskStub;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// The provider's connection.
const BOT: &str = "bot";
/// Only a failing test waits this long.
const PATIENCE: Duration = Duration::from_secs(150);
/// The desk's clock is behind ours, so simultaneous events stay in order.
const BEHIND: Millis = 60_000;

on_both_databases! {
    a_bitrix24_is_served_once_however_often_we_are_killed => killed::<crate::desks::bitrix24_day::portal::Portal>;
    a_chatwoot_is_served_once_however_often_we_are_killed => killed::<crate::desks::chatwoot_day::stub::Inside>;
    a_desk_of_ones_own_is_served_once_however_often_we_are_killed => killed::<crate::desks::called_day::stub::Inside>;
    a_rocketchat_is_served_once_however_often_we_are_killed => killed::<crate::desks::rocketchat_day::stub::Inside>;
    a_zammad_is_served_once_however_often_we_are_killed => killed::<crate::desks::zammad_day::stub::Inside>;
}

/// A desk that this test can run at.
#[async_trait]
trait Killed: Works + Sized {
    /// Initial webhooks of the desk.
    async fn begins(stub: &DeskStub<Self>) -> Vec<RawRequest> {
        let _ = stub;
        Vec::new()
    }

    /// Settings without delays.
    fn hurry(config: &mut Value) {
        let _ = config;
    }

    /// An operator closes a chat: returns its ID.
    fn closes(&mut self) -> String;

    /// The provider's chat of the client; `None` if the desk itself asks.
    fn outside(&self, session: &str) -> Option<String>;

    /// The desk's webhook for the client's answer to a question that the desk carried, once it was asked.
    fn answers(&self, session: &str, good: bool) -> Option<RawRequest> {
        let _ = (session, good);
        None
    }

    /// The rating shown at the desk, and the expected one.
    fn shows(&self, session: &str, good: bool) -> (Vec<String>, Vec<String>);
}

fn now() -> Millis {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    Millis::try_from(since.as_millis()).unwrap()
}

/// Every second client is satisfied.
fn is_good(number: usize) -> bool {
    number.is_multiple_of(2)
}

/// The chats so far, and which of them were answered.
#[derive(Default)]
struct Chats {
    closed: Vec<String>,
    answered: BTreeSet<usize>,
}

/// The network: the desk's webhooks and the clients' taps, each repeated until it is acknowledged.
struct Network<A: Killed> {
    desk: Arc<DeskStub<A>>,
    chats: Arc<Mutex<Chats>>,
    accepted: Accepted,
    addresses: Addresses,
    stop: CancellationToken,
}

impl<A: Killed> Network<A> {
    async fn carry(self, first: Vec<RawRequest>) {
        let http = client();
        let mut posts: VecDeque<RawRequest> = first.into();
        while !self.stop.is_cancelled() {
            posts.extend({
                let mut inside = self.desk.lock();
                inside.work();
                inside.take_posted()
            });
            while let Some(post) = posts.pop_front() {
                if !self.post(&http, &post).await {
                    posts.push_front(post);
                    break;
                }
            }
            self.answer(&http).await;
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    }

    /// True if a webhook of the desk was acknowledged.
    async fn post(&self, http: &reqwest::Client, post: &RawRequest) -> bool {
        let Some(address) = self.addresses.lock().unwrap().first().cloned() else { return false };
        let mut call = http.post(format!("http://{address}/hooks/{}?{}", A::NAME, post.query)).body(post.body.clone());
        for (name, value) in post.headers.iter() {
            call = call.header(name, value);
        }
        match call.send().await {
            Ok(answer) if answer.status().is_client_error() => panic!("{}: {}", answer.status(), answer.text().await.unwrap_or_default()),
            answer => answer.is_ok_and(|answer| answer.status().is_success()),
        }
    }

    /// Clients who were asked answer once.
    async fn answer(&self, http: &reqwest::Client) {
        let waiting: Vec<(usize, String)> = {
            let chats = self.chats.lock().unwrap();
            let all = chats.closed.iter().cloned().enumerate();
            all.filter(|(number, _)| !chats.answered.contains(number)).collect()
        };
        let tokens = self.tokens();
        for (number, session) in waiting {
            let good = is_good(number);
            let place = self.desk.lock().outside(&session);
            let done = match place {
                Some(chat) => match tokens.get(&chat) {
                    Some(both) => press(http, &self.addresses, BOT, &chat, &both[usize::from(!good)]).await,
                    None => false,
                },
                None => {
                    let answer = self.desk.lock().answers(&session, good);
                    match answer {
                        Some(answer) => self.post(http, &answer).await,
                        None => false,
                    }
                }
            };
            if done {
                self.chats.lock().unwrap().answered.insert(number);
            }
        }
    }

    /// Tokens of the questions that the provider accepted, good first.
    fn tokens(&self) -> BTreeMap<String, [String; 2]> {
        let token = |body: &Value, at: usize| body["data"]["choices"][at]["token"].as_str().unwrap_or_default().to_owned();
        let bodies = self.accepted.lock().unwrap().iter().map(Seen::json).collect::<Vec<_>>();
        let questions = bodies.iter().filter(|body| body["type"] == "question");
        questions
            .map(|body| (body["data"]["to"]["chat"].as_str().unwrap_or_default().to_owned(), [token(body, 0), token(body, 1)]))
            .collect()
    }
}

/// A node's settings for this desk and the provider.
fn connections<A: Killed>(desk: &str, provider: &str) -> String {
    let mut connection = A::config(desk);
    A::hurry(&mut connection);
    connection["kind"] = A::KIND.into();
    connection["line"] = "support".into();
    connection["note_after_secs"] = 0.into();
    if let Some(name) = A::asks_through() {
        connection["ask_through"] = json!({ "*": name });
    }
    let bot = json!({ "kind": "webhook", "url": format!("{provider}/"), "secret": SECRET, "allow_http": true,
        "allow_private_networks": true, "per_second": 100_000 });
    let all = json!({ "connections": { BOT: bot, A::NAME: connection } });
    toml::to_string(&all).unwrap()
}

async fn killed<A: Killed>(url: String) {
    let kills = if long() { 40 } else { 3 };
    let ids = Ids::seeded(21);
    let db = Db::open(&url, 4).await.unwrap();
    db.migrate().await.unwrap();
    prepare(&db, &ApiKey::generate([9; 32])).await;
    let accepted: Accepted = Arc::default();
    let log = accepted.clone();
    let provider = Stub::start(move |seen| taken(seen, &log));
    let desk = Arc::new(DeskStub::start(A::at_time(now() - BEHIND)).await);
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(folder.path(), &url, &provider.url(), &connections::<A>(&desk.url(), &provider.url()));
    let (addresses, chats, stop) = (Addresses::default(), Arc::<Mutex<Chats>>::default(), CancellationToken::new());
    let first = A::begins(&desk).await;
    let network =
        Network { desk: desk.clone(), chats: chats.clone(), accepted: accepted.clone(), addresses: addresses.clone(), stop: stop.clone() };
    let network: JoinHandle<()> = tokio::spawn(network.carry(first));
    for _ in 0..kills {
        let process = node(&settings, &addresses, &[]).await;
        for _ in 0..3 {
            {
                let mut inside = desk.lock();
                *inside.clock() = now() - BEHIND;
                let session = inside.closes();
                chats.lock().unwrap().closed.push(session);
            }
            tokio::time::sleep(Duration::from_millis(100 + (ids.fraction() * 400.0) as u64)).await;
        }
        addresses.lock().unwrap().clear();
        process.kill().await;
    }
    let process = node(&settings, &addresses, &[]).await;
    shown(&desk, &chats).await;
    stop.cancel();
    network.await.unwrap();
    verdict::settled(&db).await;
    let (status, log) = process.stop().await;
    assert!(status.success(), "{log}");
    reached(&db, &desk, &chats, &accepted).await;
}

/// Waits until every rating is shown at the desk.
async fn shown<A: Killed>(desk: &DeskStub<A>, chats: &Mutex<Chats>) {
    let began = Instant::now();
    loop {
        let missing: Vec<String> = {
            let (inside, chats) = (desk.lock(), chats.lock().unwrap());
            let all = chats.closed.iter().enumerate();
            let missing = all.filter(|(number, session)| {
                let (shown, wanted) = inside.shows(session, is_good(*number));
                !chats.answered.contains(number) || shown.len() < wanted.len()
            });
            missing.map(|(_, session)| session.clone()).collect()
        };
        if missing.is_empty() {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "not shown within {PATIENCE:?}: {missing:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Compares, while no node runs.
async fn reached<A: Killed>(db: &Db, desk: &DeskStub<A>, chats: &Mutex<Chats>, accepted: &Accepted) {
    let closed = chats.lock().unwrap().closed.clone();
    for (number, session) in closed.iter().enumerate() {
        let requests = rating_request::of_session(db, &A::NAME.into(), &session.as_str().into()).await.unwrap();
        let outcomes: Vec<_> = requests.iter().map(|request| request.outcome.map(|outcome| outcome.as_str())).collect();
        assert_eq!(outcomes, [Some("answered")], "chat {session} is there once, and was answered");
        let (shown, wanted) = desk.lock().shows(session, is_good(number));
        assert_eq!(shown, wanted, "chat {session}: the rating is written once");
        let asks = delivery::about(db, &[&requests[0].id]).await.unwrap();
        let resends: i64 = asks.iter().map(|delivery| delivery.resends).sum();
        if let Some(chat) = desk.lock().outside(session) {
            let is_its = |body: &Value| body["type"] == "question" && body["data"]["to"]["chat"] == chat.as_str();
            let copies = accepted.lock().unwrap().iter().filter(|seen| is_its(&seen.json())).count();
            assert!(i64::try_from(copies).unwrap() <= 1 + resends, "chat {session}: no hidden second question");
        }
    }
    println!("{} chats at {}, each asked, answered and shown once", closed.len(), A::NAME);
}
