//! The real binary is killed with -9 while the desk is down, cut off, hanging or slow. Afterwards the desk has received
//! every update that is not ours, unchanged and in order, on both databases, by webhook and by polling.

use crate::rig::postgres;
use crate::rig::process::Process;
use crate::rig::stub::{Answer, Seen, Stub};
use lastword::domain::access::api_key::ApiKey;
use lastword::domain::question::token::{Purpose, TokenKeys, TokenValue};
use lastword::names::KeyId;
use lastword::store::access::api_key;
use lastword::store::{Db, StoreError};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const HOOK_SECRET: &str = "hook-secret";
const DESK_SECRET: &str = "desk-secret";
const KEY: [u8; 32] = [0xcd; 32];
/// Updates per round, of which the fourth is a press on one of our buttons.
const ROUND: usize = 8;
/// Only a failing test waits this long.
const PATIENCE: Duration = Duration::from_secs(90);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Webhook,
    Polling,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_webhook_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/killed.db", folder.path().display());
    Bot::shared(&url, Way::Webhook).await.lives(1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_webhook_on_postgres_with_two_nodes() {
    Bot::shared(&postgres::database().await, Way::Webhook).await.lives(2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_polling_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/killed.db", folder.path().display());
    Bot::shared(&url, Way::Polling).await.lives(1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_polling_on_postgres() {
    Bot::shared(&postgres::database().await, Way::Polling).await.lives(1).await;
}

/// State of the desk.
#[derive(Clone, Copy, Debug)]
enum Mood {
    Down,
    Cut,
    Hanging,
    Slow,
    Well,
}

/// Telegram with one bot, a desk, and Lastword between them.
struct Bot {
    way: Way,
    telegram: Stub,
    updates: Arc<Mutex<Vec<String>>>,
    desk: Stub,
    taken: Arc<Mutex<Vec<Seen>>>,
    folder: tempfile::TempDir,
    key: String,
}

impl Bot {
    async fn shared(database: &str, way: Way) -> Self {
        let (updates, taken) = (Arc::<Mutex<Vec<String>>>::default(), Arc::<Mutex<Vec<Seen>>>::default());
        let held = updates.clone();
        let telegram = Stub::start(move |seen| api(seen, &held.lock().unwrap()));
        let desk = Stub::start(|_| Answer::Cut);
        let folder = tempfile::tempdir().unwrap();
        let receive = match way {
            Way::Webhook => format!("receive = \"webhook\"\nwebhook_secret = \"{HOOK_SECRET}\"\n"),
            Way::Polling => format!("pass_on.secret = \"{DESK_SECRET}\"\n"),
        };
        let settings = format!(
            "http.listen = \"127.0.0.1:0\"\ndatabase.url = \"{database}\"\nsecurity.key = \"{key}\"\n\
             [connections.bot]\nkind = \"telegram\"\ntoken = \"1:abc\"\nbase_url = \"{}\"\n{receive}\
             pass_on.url = \"{}/inbox?from=lastword\"\npass_on.timeout_secs = 1\n",
            telegram.url(),
            desk.url(),
            key = hex::encode(KEY),
        );
        std::fs::write(folder.path().join("lastword.toml"), settings).unwrap();
        let key = ApiKey::generate([9; 32]);
        let bot = Self { way, telegram, updates, desk, taken, folder, key: key.text().to_owned() };
        bot.prepare(database, &key).await;
        bot
    }

    async fn prepare(&self, database: &str, key: &ApiKey) {
        let db = Db::open(database, 2).await.unwrap();
        db.migrate().await.unwrap();
        let row = api_key::ApiKey {
            id: KeyId::first_of(1),
            name: "watcher".to_owned(),
            prefix: key.prefix().to_owned(),
            hash: key.hash(),
            scopes: vec!["connections:read".to_owned()],
            lines: lastword::domain::access::rights::Lines::All,
            created_at: 1,
            last_used_at: None,
            revoked_at: None,
        };
        let written: Result<(), StoreError> = db
            .write(move |tx| {
                let row = row.clone();
                Box::pin(async move { api_key::insert(tx, &row).await.map(drop) })
            })
            .await;
        written.unwrap();
        db.close().await;
    }

    /// Sets the desk's behaviour. Accepted requests are recorded before it responds.
    fn mood(&self, mood: Mood) {
        let taken = self.taken.clone();
        let ok = || Answer::Full(204, Vec::new(), "".into());
        self.desk.program(move |seen| match mood {
            Mood::Down => Answer::json(503, &json!({})),
            Mood::Cut => Answer::Cut,
            Mood::Hanging => Answer::Hang,
            Mood::Slow | Mood::Well => {
                taken.lock().unwrap().push(seen.clone());
                if matches!(mood, Mood::Slow) { ok().after(Duration::from_millis(150)) } else { ok() }
            }
        });
    }

    async fn start(&self) -> (Process, String) {
        let settings = self.folder.path().join("lastword.toml");
        let process = Process::lastword(&["serve", "--config", &settings.display().to_string()], &[]);
        let address = process.listening().await;
        (process, format!("http://{address}"))
    }

    /// The whole run: bad days with a kill in each, and a good one at the end.
    async fn lives(self, nodes: usize) {
        let (mut running, mut sent) = (Vec::new(), Vec::new());
        for (round, mood) in [Mood::Down, Mood::Slow, Mood::Cut, Mood::Slow, Mood::Hanging].into_iter().enumerate() {
            self.mood(mood);
            while running.len() < nodes {
                running.push(self.start().await);
            }
            let before = self.desk.seen().len();
            for place in round * ROUND..(round + 1) * ROUND {
                self.happens(place, &running[place % nodes].1, &mut sent).await;
            }
            // Killed while the desk has a request of ours, or has just refused one.
            self.desk.wait_for(|seen| seen.number >= before).await;
            if matches!(mood, Mood::Down) {
                self.is_shown(&running[0].1).await;
            }
            running.remove(0).0.kill().await;
        }
        self.mood(Mood::Well);
        while running.len() < nodes {
            running.push(self.start().await);
        }
        self.happens(5 * ROUND, &running[0].1, &mut sent).await;
        let last = sent.last().expect("updates").clone();
        let arrived = |seen: &Seen| seen.body == last.as_bytes();
        tokio::time::timeout(PATIENCE, self.desk.wait_for(arrived)).await.expect("the desk gets the last one");
        for (process, _) in running {
            let (status, log) = process.stop().await;
            assert!(status.success(), "{log}");
            assert!(!log.contains("J\\u00fcrgen") && !log.contains(HOOK_SECRET) && !log.contains(DESK_SECRET), "I22: {log}");
        }
        self.agrees(&sent);
    }

    /// One update at Telegram, repeated until Lastword has accepted it. The desk's updates are recorded in `sent`.
    async fn happens(&self, place: usize, address: &str, sent: &mut Vec<String>) {
        let ours = place % ROUND == 3;
        let update = if ours { our_press(place) } else { update(place) };
        if !ours {
            sent.push(update.clone());
        }
        match self.way {
            Way::Webhook => self.post(address, &update).await,
            Way::Polling => {
                self.updates.lock().unwrap().push(update);
                let confirmed = |seen: &Seen| seen.json()["offset"].as_u64().is_some_and(|offset| offset > place as u64);
                self.telegram.wait_for(confirmed).await;
            }
        }
    }

    async fn post(&self, address: &str, update: &str) {
        let name = reqwest::header::HeaderValue::from_bytes(b"J\xfcrgen").unwrap();
        let call = reqwest::Client::new().post(format!("{address}/hooks/bot?q=%41&r"));
        let call = call.header("content-type", "application/json").header("x-telegram-bot-api-secret-token", HOOK_SECRET);
        let call = call.header("user-agent", "Telegram/9").header("x-name", name).body(update.to_owned());
        let answer = call.send().await.expect("the node lives");
        assert_eq!(answer.status(), 200, "the platform never waits for the desk");
    }

    /// State shown by the API and the metrics while the desk is down.
    async fn is_shown(&self, address: &str) {
        let client = reqwest::Client::new();
        let shown = async {
            loop {
                let call = client.get(format!("{address}/v1/connections")).bearer_auth(&self.key);
                let connections: Value = call.send().await.unwrap().json().await.unwrap();
                let desk = &connections["items"][0]["pass_on"];
                let page = client.get(format!("{address}/metrics")).send().await.unwrap().text().await.unwrap();
                let counted = page.lines().any(|line| line.starts_with("lastword_passed_on_total{connection=\"bot\",result=\"failed\"}"));
                let waiting = page.lines().any(|line| line == format!("lastword_pass_on_backlog{{connection=\"bot\"}} {}", ROUND - 1));
                if desk["last_error"] == "the desk answered 503 Service Unavailable" && counted && waiting {
                    assert_eq!((&desk["backlog"], &desk["dropped"]), (&json!(ROUND - 1), &json!(0)), "{desk}");
                    assert!(desk["oldest_at"].is_string() && desk["next_try_at"].is_string(), "{desk}");
                    return;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(PATIENCE, shown).await.expect("it is shown");
    }

    /// Compares what the desk accepted with what the platform sent.
    fn agrees(&self, sent: &[String]) {
        let mut first: Vec<Seen> = Vec::new();
        for seen in self.taken.lock().unwrap().iter() {
            if first.iter().all(|earlier| earlier.body != seen.body) {
                first.push(seen.clone());
            }
        }
        let bodies: Vec<String> = first.iter().map(|seen| String::from_utf8(seen.body.to_vec()).unwrap()).collect();
        assert_eq!(bodies, sent, "every update that is not ours, byte for byte and in order; none that is ours");
        let written_anew = ["host", "content-length", "accept"];
        for seen in &first {
            let mut headers: Vec<(&str, &str)> = seen.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            headers.retain(|(name, _)| !written_anew.contains(name));
            headers.sort_unstable();
            let secret = |secret| ("x-telegram-bot-api-secret-token", secret);
            let (query, expected) = match self.way {
                // The stub shows invalid UTF-8 as �.
                Way::Webhook => (
                    "from=lastword&q=%41&r",
                    vec![
                        ("content-type", "application/json"),
                        ("user-agent", "Telegram/9"),
                        ("x-name", "J\u{fffd}rgen"),
                        secret(HOOK_SECRET),
                    ],
                ),
                Way::Polling => ("from=lastword", vec![("content-type", "application/json"), secret(DESK_SECRET)]),
            };
            assert_eq!((seen.method.as_str(), seen.path.as_str(), seen.query.as_str()), ("POST", "/inbox", query));
            assert_eq!(headers, expected);
        }
    }
}

/// The Bot API: returns unconfirmed updates in Telegram's own bytes.
pub(super) fn api(seen: &Seen, updates: &[String]) -> Answer {
    if !seen.path.to_lowercase().ends_with("getupdates") {
        return Answer::json(200, &json!({ "ok": true, "result": true }));
    }
    let offset = usize::try_from(seen.json()["offset"].as_u64().unwrap_or(0)).unwrap();
    let waiting = updates.get(offset..).unwrap_or_default().join(" ,\n");
    let answer = Answer::Full(200, Vec::new(), format!("{{\"ok\": true, \"result\": [ {waiting} ]}}").into());
    // A long poll without updates is answered late, like the real one.
    if waiting.is_empty() { answer.after(Duration::from_millis(50)) } else { answer }
}

/// An update for the desk, formatted as no program of ours would.
pub(super) fn update(place: usize) -> String {
    match place % 3 {
        0 => format!(
            "{{ \"update_id\" : {place},\n\"message\": {{\"message_id\":{place}, \"date\":1790000000.0e0, \"chat\":{{\"id\":777,\"type\":\"private\"}},\
             \"from\":{{\"id\":777,\"is_bot\":false,\"first_name\":\"J\\u00fcrgen\"}}, \"text\":\"Ünï ☂ \\/ {place}\"}} }}"
        ),
        1 => format!("{{\"edited_message\":{{\"x\":1.50,\"x\":1.50}},\"update_id\":{place}}}"),
        _ => format!(
            "{{\"update_id\":{place},\"callback_query\":{{\"id\":\"9{place}\",\"chat_instance\":\"1\",\"data\":\"order:42\",\
             \"from\":{{\"id\":777,\"is_bot\":false,\"first_name\":\"A\"}}}}}}"
        ),
    }
}

/// A press on one of our buttons, for a question that was erased long ago.
fn our_press(place: usize) -> String {
    let token = TokenKeys::new(&KEY, None).mint(Purpose::Rate, "00000000000000000", "bot:777", TokenValue::Score(1));
    json!({ "update_id": place, "callback_query": { "id": format!("9{place}"), "chat_instance": "1", "data": token,
        "from": { "id": 777, "is_bot": false, "first_name": "A" } } })
    .to_string()
}
