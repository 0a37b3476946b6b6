//! Rocket.Chat as a desk.

use crate::stub::{ANN, BEN, Inside, OURS, OWL, SECRET, Stub, TOKEN, signed};
use async_trait::async_trait;
use lastword_contract::kit::desks::{Act, DeskHarness, Traces, Wrong};
use lastword_contract::kit::{Played, Remote};
use lastword_contract::{CloseBy, Desk, Headers, Millis, RawRequest, SetUp};
use lastword_rocketchat::{Config, RocketChat};
use serde_json::{Value, json};

/// 2026-11-22T08:20:00Z.
pub(crate) const MORNING: Millis = 1_795_335_600_000;
pub(crate) const HOOK: &str = "https://rate.example/hooks/rocketchat";

/// A desk at `url`, with more settings.
pub(crate) fn rocketchat(url: &str, more: Value) -> RocketChat {
    let mut config = json!({ "url": url, "user": OURS, "token": TOKEN, "secret": SECRET, "timeout_secs": 1 });
    config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let config: Config = serde_json::from_value(config).unwrap();
    RocketChat::new(config, reqwest::Client::new()).unwrap()
}

pub(crate) fn wish(change: bool) -> SetUp {
    SetUp { hook_url: Some(HOOK.to_owned()), native_off: false, change }
}

pub(crate) struct AtRocketChat {
    pub(crate) stub: Stub,
    pub(crate) desk: RocketChat,
}

impl AtRocketChat {
    pub(crate) async fn with(more: Value) -> Self {
        let stub = Stub::start(Inside::at(MORNING)).await;
        let desk = rocketchat(&stub.url(), more);
        desk.set_up(&wish(true)).await.unwrap();
        Self { stub, desk }
    }

    pub(crate) fn posted(&self) -> Vec<RawRequest> {
        std::mem::take(&mut self.stub.lock().posted)
    }
}

#[async_trait]
impl DeskHarness for AtRocketChat {
    async fn start() -> Self {
        Self::with(json!({})).await
    }

    fn desk(&self) -> &dyn Desk {
        &self.desk
    }

    fn now(&self) -> Millis {
        self.stub.lock().now
    }

    async fn play(&self, remote: Remote) -> Played {
        self.stub.play(remote).await
    }

    async fn open(&self) -> (String, Vec<RawRequest>) {
        let id = self.stub.lock().open();
        (id, self.posted())
    }

    async fn act(&self, session: &str, act: Act) -> Option<Vec<RawRequest>> {
        {
            let mut stub = self.stub.lock();
            let is_closed = stub.rooms[session].closed.is_some();
            match act {
                // Nobody writes into a closed room, takes it, or opens it again: see telling.rs for what happens instead.
                Act::ClientWrites | Act::Reassign | Act::Reopen if is_closed => return None,
                Act::ClientWrites => drop(stub.says(session, "visitor", "And another thing")),
                Act::OperatorWrites => drop(stub.says(session, ANN, "Sure")),
                Act::ColleagueWrites => drop(stub.says(session, BEN, "I can help")),
                Act::ProgramWrites => drop(stub.says(session, OWL, "I am a bot")),
                Act::Close(CloseBy::Operator) => stub.close(session, ANN),
                Act::Close(CloseBy::Client) => stub.close(session, "visitor"),
                Act::Close(CloseBy::Timeout) => stub.close(session, "rocket.cat"),
                Act::Close(CloseBy::Bot) => stub.close(session, OWL),
                Act::Edit => stub.edit(session),
                Act::Reassign => stub.forward(session, BEN, Some("dSales")),
                Act::Close(CloseBy::Spam | CloseBy::Forced) | Act::Reopen | Act::Merge => return None,
            }
        }
        Some(self.posted())
    }

    async fn traces(&self, session: &str) -> Traces {
        let stub = self.stub.lock();
        let room = &stub.rooms[session];
        let words = |field: &str| room.data.get(field).and_then(Value::as_str).map(str::to_owned);
        let mut notes: Vec<String> = words("lastword_note").unwrap_or_default().split(" ← ").map(str::to_owned).collect();
        notes.retain(|note| !note.is_empty());
        notes.reverse();
        let mut of_others: Vec<String> = room.tags.iter().filter(|tag| !tag.starts_with("rated-")).cloned().collect();
        let fields = room.data.iter().filter(|(field, _)| !field.starts_with("lastword_"));
        of_others.extend(fields.map(|(field, value)| format!("{field}={value}")));
        of_others.extend(room.survey.iter().map(|(name, value)| format!("{name}={value}")));
        Traces { notes, field: words("lastword_rating"), of_others, client_sees: stub.seen_by_client(session) }
    }

    async fn echoes(&self) -> Vec<RawRequest> {
        self.posted()
    }

    fn people(&self) -> [String; 3] {
        [ANN, BEN, OWL].map(str::to_owned)
    }

    fn hook_url(&self) -> String {
        HOOK.into()
    }

    async fn hooks(&self) -> Option<usize> {
        Some(usize::from(self.stub.lock().settings["Livechat_webhookUrl"] == HOOK))
    }

    async fn spoil(&self, wrong: Wrong) -> bool {
        let mut stub = self.stub.lock();
        match wrong {
            Wrong::NoHook => drop(stub.settings.insert("Livechat_webhookUrl", json!(""))),
            Wrong::FewRights => stub.roles = vec!["user", "livechat-agent", "bot"],
            // It has no question of its own.
            Wrong::AsksItself => return false,
        }
        true
    }

    async fn changes(&self) -> usize {
        self.stub.changes()
    }

    fn unknown_event(&self) -> RawRequest {
        signed(br#"{"type":"LivechatSomethingNew","_id":"R900xYz","messages":[]}"#, MORNING)
    }

    fn signed(&self, body: &[u8]) -> RawRequest {
        signed(body, MORNING)
    }

    fn forgeries(&self, request: &RawRequest) -> Vec<RawRequest> {
        let with = |token: String| RawRequest { headers: Headers::new([("x-rocketchat-livechat-token", token)]), ..request.clone() };
        vec![
            RawRequest { headers: Headers::default(), ..request.clone() },
            with(String::new()),
            with("another-webhook-secret-of-the-test".to_owned()),
            with(format!("{SECRET}x")),
            with(SECRET[..SECRET.len() - 1].to_owned()),
            with(SECRET.to_uppercase()),
        ]
    }

    fn secrets(&self) -> Vec<String> {
        vec![SECRET.to_owned(), TOKEN.to_owned()]
    }
}

lastword_contract::desk_cases!(AtRocketChat);
