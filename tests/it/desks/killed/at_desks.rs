//! Desk-specific parts of the test.

use super::{Killed, is_good};
use crate::desks::bitrix24_day::portal::{CARRIED, Portal};
use crate::desks::chatwoot_day::{tapped, tokens};
use crate::desks::shift::{Works as _, set_up};
use crate::desks::{called_day, chatwoot_day, rocketchat_day, zammad_day};
use async_trait::async_trait;
use lastword_contract::kit::desks::DeskStub;
use lastword_contract::{CloseBy, RawRequest};
use lastword_rocketchat::RocketChat;
use lastword_zammad::Zammad;
use serde_json::{Value, json};

fn thumb(good: bool) -> &'static str {
    if good { "👍" } else { "👎" }
}

/// The notes at the desk: the score named by each.
fn notes<'n>(texts: impl Iterator<Item = &'n str>) -> Vec<String> {
    texts.map(|text| thumb(!text.contains("👎") && text.contains("👍")).to_owned()).collect()
}

/// Every second conversation runs through the channel of our application, so its rating is also a vote.
#[async_trait]
impl Killed for Portal {
    async fn begins(stub: &DeskStub<Self>) -> Vec<RawRequest> {
        let mut portal = stub.lock();
        (portal.asks_itself, portal.registered, portal.active) = (true, true, true);
        let events = ["ONSESSIONSTART", "ONSESSIONFINISH", "ONIMCONNECTORMESSAGEADD", "ONIMCONNECTORDIALOGFINISH"];
        let bound = events.map(|event| json!({ "event": event, "handler": "https://rate.example.com/hooks/b24" }));
        portal.bindings.extend(bound);
        vec![portal.installation()]
    }

    fn hurry(config: &mut Value) {
        (config["calls_per_second"], config["calls_at_once"]) = (json!(100), json!(1_000));
    }

    fn closes(&mut self) -> String {
        let is_carried = is_good(self.sessions.len() / 2);
        let id = self.open(if is_carried { CARRIED } else { "mychat" });
        self.finish(id);
        id.to_string()
    }

    fn outside(&self, session: &str) -> Option<String> {
        Some(format!("out-{}", self.sessions[&session.parse().unwrap()].chat))
    }

    fn shows(&self, session: &str, good: bool) -> (Vec<String>, Vec<String>) {
        let (id, head) = (session.parse().unwrap(), format!("#{session}\n"));
        let mut shown = notes(self.notices.values().filter_map(|notice| notice.text.strip_prefix(&head)));
        shown.extend(self.written.iter().filter(|(landed, _)| *landed == id).map(|(_, text)| text.clone()));
        let mut wanted = vec![thumb(good).to_owned()];
        if self.sessions[&id].connector == CARRIED {
            wanted.push(if good { "1" } else { "0" }.to_owned());
        }
        (shown, wanted)
    }
}

#[async_trait]
impl Killed for chatwoot_day::stub::Inside {
    fn closes(&mut self) -> String {
        let id = self.open("Channel::WebWidget");
        self.close(id, "operator");
        id.to_string()
    }

    fn outside(&self, _: &str) -> Option<String> {
        None
    }

    fn answers(&self, session: &str, good: bool) -> Option<RawRequest> {
        let id = session.parse().unwrap();
        let tokens = tokens(self, id)?;
        // Chatwoot signs with the time of the request.
        Some(tapped(self, id, &tokens[usize::from(!good)]))
    }

    fn shows(&self, session: &str, good: bool) -> (Vec<String>, Vec<String>) {
        let (texts, ..) = self.traces(session.parse().unwrap());
        (notes(texts.iter().map(String::as_str)), vec![thumb(good).to_owned()])
    }
}

#[async_trait]
impl Killed for called_day::stub::Inside {
    fn closes(&mut self) -> String {
        let session = self.open();
        called_day::closes(self, &session, CloseBy::Operator);
        session
    }

    fn outside(&self, session: &str) -> Option<String> {
        Some(format!("out-{session}"))
    }

    fn shows(&self, session: &str, good: bool) -> (Vec<String>, Vec<String>) {
        let ticket = &self.tickets[session.parse::<usize>().unwrap() - 1];
        (notes(ticket.notes.iter().filter_map(|note| note["text"].as_str())), vec![thumb(good).to_owned()])
    }
}

#[async_trait]
impl Killed for rocketchat_day::stub::Inside {
    async fn begins(stub: &DeskStub<Self>) -> Vec<RawRequest> {
        let desk = RocketChat::new(serde_json::from_value(Self::config(&stub.url())).unwrap(), reqwest::Client::new()).unwrap();
        set_up(&desk, Self::NAME).await;
        Vec::new()
    }

    fn closes(&mut self) -> String {
        let room = self.open_through(json!({ "type": "app", "id": "app-wa", "alias": "whatsapp" }), Some("dSales"));
        self.close(&room, rocketchat_day::stub::ANN);
        room
    }

    fn outside(&self, session: &str) -> Option<String> {
        Some(rocketchat_day::stub::entity_of(session))
    }

    fn shows(&self, session: &str, good: bool) -> (Vec<String>, Vec<String>) {
        let note = self.rooms[session].data.get("lastword_note").and_then(|note| note.as_str());
        let shown: Vec<&str> = note.into_iter().flat_map(|note| note.split('←')).collect();
        (notes(shown.into_iter()), vec![thumb(good).to_owned()])
    }
}

#[async_trait]
impl Killed for zammad_day::stub::Inside {
    async fn begins(stub: &DeskStub<Self>) -> Vec<RawRequest> {
        let desk = Zammad::new(serde_json::from_value(Self::config(&stub.url())).unwrap(), reqwest::Client::new()).unwrap();
        set_up(&desk, Self::NAME).await;
        Vec::new()
    }

    fn closes(&mut self) -> String {
        let id = self.open();
        self.tick();
        self.set_state(id, "closed", zammad_day::stub::ANN);
        id.to_string()
    }

    fn outside(&self, session: &str) -> Option<String> {
        Some(zammad_day::stub::telegram_of(session.parse().unwrap()))
    }

    fn shows(&self, session: &str, good: bool) -> (Vec<String>, Vec<String>) {
        let (texts, ..) = self.traces(session.parse().unwrap());
        (notes(texts.iter().map(String::as_str)), vec![thumb(good).to_owned()])
    }
}
