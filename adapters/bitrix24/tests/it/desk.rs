//! Bitrix24 as a desk.

use crate::portal::{ANN, APPLICATION, BEN, BOT, CLIENT, Portal, posted};
use crate::safe::Safe;
use crate::stub::{APP, KEY, Stub};
use async_trait::async_trait;
use lastword_bitrix24::{Bitrix24, Config};
use lastword_contract::kit::desks::{Act, DeskHarness, Traces, Wrong};
use lastword_contract::kit::{Played, Remote};
use lastword_contract::{CloseBy, Desk, Millis, RawRequest};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// 2026-11-22T08:20:00Z.
pub(crate) const MORNING: Millis = 1_795_335_600_000;
pub(crate) const HOOK: &str = "https://rate.example/hooks/b24";

/// A portal with our application in it.
pub(crate) struct Installed {
    pub(crate) stub: Stub,
    pub(crate) safe: Arc<Safe>,
    pub(crate) desk: Bitrix24,
}

pub(crate) fn settings(url: &str) -> Value {
    let through = json!({ "mychat": "own-chat" });
    json!({ "url": url, "client_id": APP, "secret": KEY, "auth_url": url, "supervisor_score": true, "through": through, "timeout_secs": 1 })
}

/// A desk over `safe`: what a node has that starts.
pub(crate) fn node(settings: Value, safe: &Arc<Safe>) -> Bitrix24 {
    let config: Config = serde_json::from_value(settings).unwrap();
    Bitrix24::new("b24", config, reqwest::Client::new(), safe.clone(), Some(HOOK.to_owned())).unwrap()
}

impl Installed {
    pub(crate) async fn begin() -> Self {
        let (stub, safe) = (Stub::start(Portal::at(MORNING)).await, Arc::new(Safe::default()));
        let desk = node(settings(&stub.url()), &safe);
        let installation = stub.lock().installation();
        desk.prepare(&installation).await.unwrap();
        Self { stub, safe, desk }
    }

    pub(crate) fn posted(&self) -> Vec<RawRequest> {
        std::mem::take(&mut self.stub.lock().posted)
    }
}

#[async_trait]
impl DeskHarness for Installed {
    async fn start() -> Self {
        Self::begin().await
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
        let id = self.stub.lock().open("mychat");
        (id.to_string(), self.posted())
    }

    async fn act(&self, session: &str, act: Act) -> Option<Vec<RawRequest>> {
        let id = session.parse().ok()?;
        {
            let mut portal = self.stub.lock();
            let is_closed = portal.sessions[&id].closed.is_some();
            match act {
                // In a closed chat that is another conversation, with an id of its own.
                Act::ClientWrites if is_closed => return None,
                Act::ClientWrites => portal.says(id, CLIENT, ""),
                Act::OperatorWrites => portal.says(id, ANN, ""),
                Act::ColleagueWrites => portal.says(id, BEN, ""),
                Act::ProgramWrites => portal.says(id, BOT, ""),
                Act::Close(CloseBy::Timeout) => portal.close(id, "auto"),
                Act::Close(_) => portal.close(id, "operator"),
                Act::Reassign => {
                    portal.tick();
                    portal.sessions.get_mut(&id).unwrap().operator = BEN;
                }
                Act::Edit => portal.sessions.get_mut(&id).unwrap().comment.push('!'),
                Act::Reopen | Act::Merge => return None,
            }
        }
        Some(self.posted())
    }

    async fn traces(&self, session: &str) -> Traces {
        let portal = self.stub.lock();
        let one = &portal.sessions[&session.parse().unwrap()];
        let head = format!("#{session}\n");
        let notes = portal.notices.values().filter_map(|notice| notice.text.strip_prefix(&head));
        let own = one.comment.split("[lastword").next().unwrap_or_default().trim().to_owned();
        Traces {
            notes: notes.map(str::to_owned).collect(),
            field: (one.score != 0).then(|| one.score.to_string()),
            of_others: vec![own],
            client_sees: one.messages.iter().filter(|message| message.sender != 0).count(),
        }
    }

    async fn echoes(&self) -> Vec<RawRequest> {
        self.posted()
    }

    fn people(&self) -> [String; 3] {
        [ANN, BEN, BOT].map(|id| id.to_string())
    }

    fn hook_url(&self) -> String {
        HOOK.into()
    }

    async fn hooks(&self) -> Option<usize> {
        let mut of_each: BTreeMap<String, usize> = BTreeMap::new();
        for bound in &self.stub.lock().bindings {
            *of_each.entry(bound["event"].to_string()).or_default() += 1;
        }
        of_each.into_values().max()
    }

    async fn spoil(&self, wrong: Wrong) -> bool {
        let mut portal = self.stub.lock();
        match wrong {
            Wrong::NoHook => portal.bindings.clear(),
            Wrong::AsksItself => portal.asks_itself = true,
            Wrong::FewRights => portal.scopes.retain(|scope| *scope != "im"),
        }
        true
    }

    async fn changes(&self) -> usize {
        self.stub.changes()
    }

    fn unknown_event(&self) -> RawRequest {
        posted("event=ONCRMLEADADD&data[FIELDS][ID]=7&ts=1795335600", APPLICATION, MORNING)
    }

    fn signed(&self, body: &[u8]) -> RawRequest {
        let mut request = posted("", APPLICATION, MORNING);
        request.body = [body, request.body.as_slice()].concat();
        request
    }

    fn forgeries(&self, request: &RawRequest) -> Vec<RawRequest> {
        forgeries(request)
    }

    fn secrets(&self) -> Vec<String> {
        secrets()
    }
}

pub(crate) fn secrets() -> Vec<String> {
    [KEY, APPLICATION, "access-token-", "refresh-token-"].map(str::to_owned).to_vec()
}

pub(crate) fn forgeries(request: &RawRequest) -> Vec<RawRequest> {
    let body = String::from_utf8(request.body.clone()).unwrap();
    let with = |body: String| RawRequest { body: body.into_bytes(), ..request.clone() };
    vec![
        with(body.replace(APPLICATION, "")),
        with(body.replace(APPLICATION, &APPLICATION.to_uppercase())),
        with(body.replace(APPLICATION, &APPLICATION[..10])),
        with(body.replace("application_token", "access_token")),
        RawRequest { query: body.clone(), body: Vec::new(), ..request.clone() },
        with(format!("{{\"event\":\"ONSESSIONFINISH\",\"x\":\"{APPLICATION}\"}}")),
    ]
}

lastword_contract::desk_cases!(Installed);
