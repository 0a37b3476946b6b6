//! A full day at a Rocket.Chat: a hundred chats with closes of every kind, a network that loses, repeats, reorders and
//! delays, a limit of ten calls per minute, and deleted chats. The stub is the adapter's own, written from Rocket.Chat's
//! documentation and source.

#[path = "../../../adapters/rocketchat/tests/it/stub.rs"]
#[expect(dead_code, reason = "the adapter's own tests use the rest")]
pub(crate) mod stub;

use super::shift::{Adapter, Day, MINUTE, Questions, SECOND, Works, a_stub, set_up};
use crate::on_both_databases;
use crate::rig::world::World;
use lastword_contract::RawRequest;
use lastword_contract::kit::Remote;
use lastword_rocketchat::RocketChat;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use stub::{ANN, BEN, Inside, OURS, OWL, SECRET, TOKEN, entity_of};

const CHATS: usize = 96;
/// Number of kinds of chats; the number of a chat selects its kind.
const KINDS: usize = 12;

impl Works for Inside {
    const NAME: &'static str = "rc";
    const KIND: &'static str = "rocketchat";

    a_stub!();

    fn config(url: &str) -> Value {
        json!({ "url": url, "user": OURS, "token": TOKEN, "secret": SECRET, "timeout_secs": 1 })
    }

    fn adapter(url: &str, _: &World) -> Adapter {
        let desk = RocketChat::new(serde_json::from_value(Self::config(url)).unwrap(), reqwest::Client::new()).unwrap();
        Adapter { desk: Arc::new(desk), channel: None }
    }

    fn asks_through() -> Option<&'static str> {
        Some("bot")
    }
}

/// The chats of a day, and the questions to their clients.
struct Chats {
    rooms: Vec<String>,
    /// Requests that the network delays.
    late: Vec<RawRequest>,
    questions: Questions,
}

async fn begin(url: &str) -> Day<Inside> {
    let day = Day::<Inside>::begin(url).await;
    set_up(&*day.at.desk, Inside::NAME).await;
    day
}

/// Every chat is opened and closed, with events in the network's order, and the process is killed once.
async fn morning(day: &mut Day<Inside>) -> Chats {
    let (mut rooms, mut held, mut late) = (Vec::new(), BTreeMap::new(), Vec::new());
    for number in 0..CHATS {
        let source = json!({ "type": "app", "id": "app-wa", "alias": "whatsapp" });
        rooms.push(day.stub.lock().open_through(source, Some("dSales")));
        let posted = day.posted();
        match number % KINDS {
            // For some chats not even the opening arrives; for others it arrives after the end.
            4 => {}
            5 => drop(held.insert(number, posted)),
            _ => day.bring(posted).await,
        }
    }
    for (number, room) in rooms.iter().enumerate() {
        let by = match number % KINDS {
            0 => "visitor",
            1 => "rocket.cat",
            2 => OWL,
            3 => BEN,
            _ => ANN,
        };
        day.stub.lock().close(room, by);
        let mut posted = day.posted();
        match number % KINDS {
            4 => posted.clear(),
            5 => posted = [posted.clone(), posted, held.remove(&number).unwrap()].concat(),
            8 => late.append(&mut posted),
            _ => {}
        }
        day.bring(posted).await;
        match number % KINDS {
            9 => drop(day.stub.lock().rooms.remove(room)),
            11 => {
                day.stub.lock().edit(room);
                let edited = day.posted();
                day.bring(edited).await;
            }
            _ => {}
        }
        if number == 12 {
            // Killed while reads are pending.
            day.start();
        }
        if number == 18 {
            // An administrator removes the role that exempts us from the limit.
            let mut stub = day.stub.lock();
            (stub.roles, stub.limit) = (vec!["livechat-manager"], Some(10));
        }
    }
    Chats { rooms, late, questions: Questions::new() }
}

/// Clients answer; one writes into the closed chat; some chats are deleted by then.
async fn afternoon(day: &Day<Inside>, chats: &Chats) {
    // The first write-backs succeed, but their responses are lost.
    day.stub.play(Remote::Hang).await;
    for (number, room) in chats.rooms.iter().enumerate() {
        let asked = || &chats.questions[&entity_of(room)][0];
        match number % KINDS {
            6 => {
                day.world.tap(asked(), "👍").await;
                day.stub.lock().says(room, "visitor", "thanks!");
            }
            7 => drop(day.world.tap(asked(), "👎").await),
            10 => {
                day.world.tap(asked(), "👍").await;
                day.stub.lock().rooms.remove(room);
            }
            _ => {}
        }
        let posted = day.posted();
        day.bring(posted).await;
    }
    day.go_on(5).await;
    day.stub.play(Remote::Ok).await;
}

/// Compares one chat with the expected result, and returns the outcomes of its closes.
async fn ended(day: &Day<Inside>, chats: &Chats, number: usize) -> String {
    let room = &chats.rooms[number];
    for request in day.requests(room).await {
        assert_eq!(
            request.operator_id.as_ref().map(|id| id.as_str()),
            Some(ANN),
            "chat {number}: whoever served is credited, whoever closed"
        );
    }
    shows(day, chats, number);
    day.outcomes(room).await
}

/// Compares the state at the desk, and the client's questions, with the expected ones.
fn shows(day: &Day<Inside>, chats: &Chats, number: usize) {
    let (room, kind) = (&chats.rooms[number], number % KINDS);
    let asked = chats.questions.get(&entity_of(room)).map_or(0, Vec::len);
    assert_eq!(asked, usize::from(!matches!(kind, 2 | 9)), "chat {number} was asked {asked} times");
    let stub = day.stub.lock();
    let Some(kept) = stub.rooms.get(room) else {
        assert!(matches!(kind, 9 | 10), "chat {number} is gone");
        return;
    };
    let order = if kind == 11 { "A-16" } else { "A-15" };
    assert_eq!((&kept.data["order"], &kept.survey["agentKnowledge"]), (&json!(order), &json!("4")), "chat {number}");
    let (ours, theirs): (Vec<&str>, Vec<&str>) = kept.tags.iter().map(String::as_str).partition(|tag| tag.starts_with("rated-"));
    let edited = if kind == 11 { vec!["billing", "vip", "refund"] } else { vec!["billing", "vip"] };
    assert_eq!(theirs, edited, "chat {number}: nothing of the desk's own is lost");
    let (tag, field) = match kind {
        6 => (vec!["rated-good"], Some(json!("👍"))),
        7 => (vec!["rated-low"], Some(json!("👎"))),
        _ => (Vec::new(), None),
    };
    assert_eq!((ours, kept.data.get("lastword_rating").cloned()), (tag, field.clone()), "chat {number}");
    let notes = kept.data.get("lastword_note").and_then(Value::as_str).map_or(0, |note| note.split('←').count());
    assert_eq!((notes, kept.saves), (usize::from(field.is_some()), usize::from(field.is_some())), "chat {number}: written once");
}

on_both_databases! {
    every_chat_of_a_day_ends_as_it_should_and_is_written_back_once => a_day;
}

async fn a_day(url: String) {
    let mut day = begin(&url).await;
    let mut chats = morning(&mut day).await;
    day.go_on(60).await;
    // Lost events are asked for, and only then the delayed ones arrive.
    day.pass(5 * MINUTE).await;
    day.reconcile().await;
    day.go_on(60).await;
    let late = std::mem::take(&mut chats.late);
    day.bring(late).await;
    day.go_on(24).await;
    day.keep_questions(&mut chats.questions);
    assert!(day.stub.lock().too_many > 0, "the limit was in the way");
    afternoon(&day, &chats).await;
    day.go_on(120).await;
    // Webhooks caused by our own write-backs, and one more reconciliation.
    let posted = day.posted();
    day.bring(posted).await;
    day.pass(5 * MINUTE).await;
    day.reconcile().await;
    day.go_on(60).await;
    day.pass(SECOND).await;
    day.keep_questions(&mut chats.questions);
    let mut outcomes: BTreeMap<(usize, String), usize> = BTreeMap::new();
    for number in 0..CHATS {
        *outcomes.entry((number % KINDS, ended(&day, &chats, number).await)).or_default() += 1;
    }
    let expected = |kind: usize| match kind {
        2 => "not_asked bot_close".to_owned(),
        9 => String::new(),
        6 | 7 | 10 => "answered ".to_owned(),
        _ => "asked ".to_owned(),
    };
    let wanted: BTreeMap<(usize, String), usize> = (0..KINDS).map(|kind| ((kind, expected(kind)), CHATS / KINDS)).collect();
    assert_eq!(outcomes, wanted);
    // Chats that clients began by writing into a closed one are open, and not asked about.
    let begun: Vec<String> = day.stub.lock().rooms.keys().filter(|room| !chats.rooms.contains(room)).cloned().collect();
    assert_eq!(begun.len(), CHATS / KINDS);
    for room in begun {
        assert_eq!(day.outcomes(&room).await, "", "{room}");
    }
}
