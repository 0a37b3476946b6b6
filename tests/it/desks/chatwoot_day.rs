//! A full day at a Chatwoot: a hundred chats with every case, and a network that loses, repeats and reorders. The stub is
//! the adapter's own, written from Chatwoot's documentation and source.

#[path = "../../../adapters/chatwoot/tests/it/stub.rs"]
#[expect(dead_code, reason = "the adapter's own tests use the rest")]
pub(crate) mod stub;

use super::shift::{Adapter, Day, MINUTE, SECOND, Works, a_stub};
use crate::on_both_databases;
use crate::rig::world::World;
use lastword_chatwoot::Chatwoot;
use lastword_contract::RawRequest;
use lastword_contract::kit::Remote;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use stub::{Inside, SECRET, TOKEN, signed};

const CHATS: u64 = 100;

impl Works for Inside {
    const NAME: &'static str = "cw";
    const KIND: &'static str = "chatwoot";

    a_stub!();

    fn work(&mut self) {
        self.run_jobs();
    }

    fn config(url: &str) -> Value {
        json!({ "url": url, "token": TOKEN, "secret": SECRET, "timeout_secs": 5 })
    }

    fn adapter(url: &str, _: &World) -> Adapter {
        let chatwoot = Arc::new(Chatwoot::new(serde_json::from_value(Self::config(url)).unwrap(), reqwest::Client::new()).unwrap());
        Adapter { desk: chatwoot.clone(), channel: Some(chatwoot) }
    }
}

/// The question in a conversation, once it was asked.
fn question(inside: &Inside, id: u64) -> Option<&Value> {
    inside.conversations[&id].messages.iter().find(|message| message["content_type"] == "input_select")
}

/// The tokens of that question, good first.
pub(super) fn tokens(inside: &Inside, id: u64) -> Option<Vec<String>> {
    let items = question(inside, id)?["content_attributes"]["items"].as_array()?;
    Some(items.iter().map(|item| item["value"].as_str().unwrap().to_owned()).collect())
}

/// The client taps in the widget, which reopens nothing.
pub(super) fn tapped(inside: &Inside, id: u64, token: &str) -> RawRequest {
    let asked = question(inside, id).unwrap()["id"].clone();
    let attributes = json!({ "submitted_values": [{ "title": "…", "value": token }] });
    let body = json!({ "event": "message_updated", "id": asked, "content_type": "input_select", "message_type": "outgoing",
        "content_attributes": attributes, "conversation": { "id": id }, "account": { "id": 1 } });
    signed(body.to_string().as_bytes(), inside.now)
}

/// The morning: every chat is opened and closed, with events in the network's order, and the process is killed once.
async fn morning(day: &mut Day<Inside>) {
    for _ in 1..=CHATS {
        let id = day.stub.lock().open("Channel::WebWidget");
        let posted = day.posted();
        // For some chats, not even the opening arrives.
        if id % 10 != 4 {
            day.bring(posted).await;
        }
    }
    // Every chat is closed, several of them at once, with events in the network's order.
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
            // Killed while reads are pending.
            day.start();
        }
        if id == 50 {
            day.stub.play(Remote::Throttled(2_000)).await;
            day.pass(5 * SECOND).await;
            day.stub.play(Remote::Ok).await;
        }
    }
}

/// Clients answer; in some chats another operator is responsible by then.
async fn afternoon(day: &Day<Inside>) {
    for id in 1..=CHATS {
        match id % 10 {
            6 => day.stub.lock().says(id, "client", "👍"),
            7 | 9 => {
                if id % 10 == 9 {
                    day.stub.lock().reassign(id);
                }
                let tap = {
                    let inside = day.stub.lock();
                    let tokens = tokens(&inside, id).unwrap_or_else(|| panic!("chat {id} was asked"));
                    tapped(&inside, id, &tokens[usize::from(id % 10 == 7)])
                };
                day.bring(vec![tap]).await;
            }
            _ => {}
        }
        let posted = day.posted();
        day.bring(posted).await;
    }
}

/// Compares one chat with the expected result, and returns the outcomes of its closes.
async fn ended(day: &Day<Inside>, id: u64) -> String {
    let (requests, told) = (day.requests(&id.to_string()).await, day.outcomes(&id.to_string()).await);
    let credited = if id % 10 == 2 { None } else { Some("1") };
    for request in requests.iter().filter(|_| id % 10 != 2) {
        assert_eq!(request.operator_id.as_ref().map(|id| id.as_str()), credited, "chat {id}: whoever served at the close is credited");
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
    told
}

on_both_databases! {
    every_chat_of_a_day_ends_as_it_should_and_is_written_back_once => a_day;
}

async fn a_day(url: String) {
    let mut day = Day::<Inside>::begin(&url).await;
    morning(&mut day).await;
    day.go_on(30).await;
    // Lost events are asked for.
    day.pass(5 * MINUTE).await;
    day.reconcile().await;
    day.go_on(60).await;
    day.posted();
    afternoon(&day).await;
    day.go_on(60).await;
    // Webhooks caused by our own write-backs, and the closes of chats that the answers had reopened.
    let posted = day.posted();
    day.bring(posted).await;
    day.go_on(30).await;
    day.reconcile().await;
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
