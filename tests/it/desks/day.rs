//! A full day at a Chatwoot: a hundred chats with every case, and a network that loses, repeats and reorders. The stub is the
//! adapter's own, written from Chatwoot's documents and source.

#[path = "../../../adapters/chatwoot/tests/it/stub.rs"]
#[expect(dead_code, reason = "the adapter's own tests use the rest")]
pub(super) mod stub;

use crate::rig::world::World;
use lastword::app::runner;
use lastword::life::Engine;
use lastword::life::channels::Channels;
use lastword::life::desks::{Desks, Routing};
use lastword::life::hear_desk::{Directly, hear};
use lastword::life::reconcile_desk::reconcile;
use lastword::queue::Tuning;
use lastword::store::connection;
use lastword::store::rating_request::{RatingRequest, of_session};
use lastword::time::Millis;
use lastword_chatwoot::Chatwoot;
use lastword_contract::RawRequest;
use lastword_contract::kit::Remote;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use stub::{Inside, SECRET, Stub, TOKEN, signed};

const CHATS: u64 = 100;
const SECOND: Millis = 1_000;
const MINUTE: Millis = 60_000;

struct Day {
    world: World,
    stub: Stub,
    desk: Arc<Chatwoot>,
}

impl Day {
    async fn begin() -> Self {
        let world = World::in_memory().await;
        let stub = Stub::start(Inside::at(world.now())).await;
        let desk = chatwoot(&stub.url());
        let mut day = Self { world, stub, desk };
        let now = day.world.now();
        let registered = day.world.engine.db.write(move |tx| Box::pin(async move { connection::started(tx, "cw", "chatwoot", now).await }));
        registered.await.unwrap();
        day.start();
        reconcile(&day.world.engine, "cw", now).await.unwrap();
        day
    }

    /// A process starts over the same database: nothing of the one before is left.
    fn start(&mut self) {
        self.desk = chatwoot(&self.stub.url());
        let mut channels = Channels::default();
        for (name, connection) in self.world.engine.channels.iter().filter(|(name, _)| *name != "cw") {
            channels.add(name, connection.channel.clone(), connection.events.clone());
        }
        channels.add("cw", self.desk.clone(), Vec::new());
        let mut desks = Desks::default();
        let routing =
            Routing { line: Some("support".to_owned()), reconcile_every: 5 * MINUTE, note_after: 20 * SECOND, ..Routing::default() };
        desks.add("cw", self.desk.clone(), routing);
        self.world.engine = Engine { channels: Arc::new(channels), desks: Arc::new(desks), ..self.world.engine.clone() };
        self.world.runner = runner(&self.world.engine, Tuning::default(), None);
    }

    /// Time passes on both clocks, and whatever is due is done.
    async fn pass(&self, millis: Millis) {
        self.world.pass(millis).await;
        let mut stub = self.stub.lock();
        stub.now = self.world.now().max(stub.now);
        stub.run_jobs();
    }

    /// So many times five seconds pass.
    async fn go_on(&self, times: usize) {
        for _ in 0..times {
            self.pass(5 * SECOND).await;
        }
    }

    /// Both clocks show what the later one does.
    fn agree(&self) {
        let later = self.stub.lock().now.max(self.world.now());
        self.world.clock.set(later);
        self.stub.lock().now = later;
    }

    /// What the stub has posted since.
    fn posted(&self) -> Vec<RawRequest> {
        std::mem::take(&mut self.stub.lock().posted)
    }

    /// The network brings these requests, as the hook takes them: answers first, then what happened to chats.
    async fn bring(&self, requests: Vec<RawRequest>) {
        self.agree();
        let (engine, now) = (&self.world.engine, self.world.now());
        for request in requests {
            for inbound in lastword_contract::Channel::receive(&*self.desk, &request).unwrap().events {
                self.world.arrives("cw", inbound).await;
            }
            let heard = lastword_contract::Desk::receive(&*self.desk, &request).unwrap();
            hear(engine, "cw", heard.events, &Directly(engine, now), now).await.unwrap();
        }
    }

    async fn requests(&self, id: u64) -> Vec<RatingRequest> {
        of_session(&self.world.engine.db, "cw", &id.to_string()).await.unwrap()
    }

    /// The tokens of the question in a conversation, good first.
    fn question(&self, id: u64) -> Vec<String> {
        let stub = self.stub.lock();
        let asked = stub.conversations[&id].messages.iter().find(|message| message["content_type"] == "input_select");
        let items = asked.unwrap_or_else(|| panic!("chat {id} was asked"))["content_attributes"]["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["value"].as_str().unwrap().to_owned()).collect()
    }

    /// The client taps in the widget: that opens nothing.
    fn tap(&self, id: u64, token: &str) -> RawRequest {
        let stub = self.stub.lock();
        let asked =
            stub.conversations[&id].messages.iter().find(|message| message["content_type"] == "input_select").unwrap()["id"].clone();
        let attributes = json!({ "submitted_values": [{ "title": "…", "value": token }] });
        let body = json!({ "event": "message_updated", "id": asked, "content_type": "input_select", "message_type": "outgoing",
            "content_attributes": attributes, "conversation": { "id": id }, "account": { "id": 1 } });
        signed(body.to_string().as_bytes(), stub.now)
    }
}

fn chatwoot(url: &str) -> Arc<Chatwoot> {
    let config: Value = json!({ "url": url, "token": TOKEN, "secret": SECRET, "timeout_secs": 5 });
    Arc::new(Chatwoot::new(serde_json::from_value(config).unwrap(), reqwest::Client::new()).unwrap())
}

/// The morning: every chat is opened and closed, in the order in which the network likes it, and we are killed once.
async fn morning(day: &mut Day) {
    for _ in 1..=CHATS {
        let id = day.stub.lock().open("Channel::WebWidget");
        let posted = day.posted();
        // Of some, not even the beginning arrives.
        if id % 10 != 4 {
            day.bring(posted).await;
        }
    }
    // The morning: every chat is closed, a few of them at once, in the order in which the network likes it.
    for id in 1..=CHATS {
        let by = match id % 10 {
            0 => "client",
            1 => "timeout",
            2 => "bot",
            _ => "operator",
        };
        day.stub.lock().close(id, by);
        if id % 10 == 3 {
            let mut stub = day.stub.lock();
            stub.tick();
            stub.set_status(id, "open", "Conversation was reopened by Ann");
        }
        let mut posted = day.posted();
        match id % 10 {
            4 => posted.clear(),
            5 => {
                posted = [posted.clone(), posted.clone(), posted].concat();
                posted.reverse();
            }
            _ => {}
        }
        day.bring(posted).await;
        if id == 30 {
            // Killed with looks under way.
            day.start();
        }
        if id == 50 {
            day.stub.play(Remote::Throttled(2_000)).await;
            day.pass(5 * SECOND).await;
            day.stub.play(Remote::Ok).await;
        }
    }
}

/// Clients answer; in some chats somebody else has become responsible meanwhile.
async fn afternoon(day: &Day) {
    for id in 1..=CHATS {
        match id % 10 {
            6 => day.stub.lock().says(id, "client", "👍"),
            7 | 9 => {
                if id % 10 == 9 {
                    day.stub.lock().reassign(id);
                }
                let tokens = day.question(id);
                let tap = day.tap(id, &tokens[usize::from(id % 10 == 7)]);
                day.bring(vec![tap]).await;
            }
            _ => {}
        }
        let posted = day.posted();
        day.bring(posted).await;
    }
}

/// Holds one chat against what should have become of it, and gives how its closes ended.
async fn ended(day: &Day, id: u64) -> String {
    let requests = day.requests(id).await;
    let told: Vec<String> = requests
        .iter()
        .map(|request| format!("{} {}", request.outcome.as_deref().unwrap_or("asked"), request.reason.as_deref().unwrap_or("")))
        .collect();
    let credited = if id % 10 == 2 { None } else { Some("1") };
    for request in requests.iter().filter(|_| id % 10 != 2) {
        assert_eq!(request.operator_id.as_deref(), credited, "chat {id}: whoever served at the close is credited");
    }
    let stub = day.stub.lock();
    let (notes, attribute, others, _) = stub.traces(id);
    assert_eq!(others, ["order=\"A-15\"", "vip=true", "billing"], "chat {id}: nothing of the desk's own is lost");
    let rated = matches!(id % 10, 6 | 7 | 9);
    assert_eq!((notes.len(), attribute.is_some()), (usize::from(rated), rated), "chat {id}: {notes:?}");
    let label = match id % 10 {
        6 | 9 => Some("rated-good"),
        7 => Some("rated-low"),
        _ => None,
    };
    assert_eq!(stub.conversations[&id].labels.iter().find(|one| one.starts_with("rated-")).map(String::as_str), label, "chat {id}");
    let ends = if id % 10 == 3 { "open" } else { "resolved" };
    assert_eq!(stub.conversations[&id].status, ends, "chat {id}: an answer alone leaves no chat open");
    let asked =
        stub.conversations[&id].messages.iter().filter(|message| message["content_attributes"]["items"][0]["title"] == "👍").count();
    assert_eq!(asked, usize::from(!matches!(id % 10, 2 | 3)), "chat {id} was asked {asked} times");
    told.join(", ")
}

#[tokio::test]
async fn every_chat_of_a_day_ends_as_it_should_and_is_written_back_once() {
    let mut day = Day::begin().await;
    morning(&mut day).await;
    day.go_on(30).await;
    // What was lost is asked for.
    day.pass(5 * MINUTE).await;
    reconcile(&day.world.engine, "cw", day.world.now()).await.unwrap();
    day.go_on(60).await;
    day.posted();
    afternoon(&day).await;
    day.go_on(60).await;
    // Whatever our own traces made Chatwoot post, and the closes of what the answers had opened.
    let posted = day.posted();
    day.bring(posted).await;
    day.go_on(30).await;
    reconcile(&day.world.engine, "cw", day.world.now()).await.unwrap();
    day.go_on(60).await;
    let mut outcomes: BTreeMap<(u64, String), usize> = BTreeMap::new();
    for id in 1..=CHATS {
        *outcomes.entry((id % 10, ended(&day, id).await)).or_default() += 1;
    }
    let expected = |rest: u64| match rest {
        2 => "not_asked bot_close".to_owned(),
        3 => String::new(),
        6 | 7 | 9 => "answered ".to_owned(),
        _ => "asked ".to_owned(),
    };
    let wanted: BTreeMap<(u64, String), usize> = (0..10).map(|rest| ((rest, expected(rest)), 10)).collect();
    assert_eq!(outcomes, wanted);
}
