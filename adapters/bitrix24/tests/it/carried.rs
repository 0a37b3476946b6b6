//! The same desk where its conversations run through the channel of our application, and Bitrix24's own question is on: the
//! kit's cases once more, with a vote in each rating.

use crate::desk::{Installed, MORNING, node, settings};
use crate::portal::{CARRIED, CLIENT, Portal};
use crate::safe::Safe;
use crate::stub::Stub;
use async_trait::async_trait;
use lastword_contract::kit::desks::{Act, DeskHarness, Traces, Wrong};
use lastword_contract::kit::{Played, Remote};
use lastword_contract::{CloseBy, Desk, Millis, RawRequest};
use serde_json::{Value, json};
use std::sync::Arc;

pub(crate) struct Carried(pub(crate) Installed);

/// The settings of a connection that writes votes.
pub(crate) fn votes(url: &str) -> Value {
    let mut settings = settings(url);
    settings["vote_as_client"] = json!({ CARRIED: "u-{chat}" });
    settings["through"] = json!({ CARRIED: "own-chat" });
    settings
}

impl Carried {
    pub(crate) async fn begin() -> Self {
        let (stub, safe) = (Stub::start(Portal::at(MORNING)).await, Arc::new(Safe::default()));
        let desk = node(votes(&stub.url()), &safe);
        let installation = {
            let mut portal = stub.lock();
            (portal.asks_itself, portal.registered, portal.active) = (true, true, true);
            portal.installation()
        };
        desk.prepare(&installation).await.unwrap();
        Self(Installed { stub, safe, desk })
    }
}

#[async_trait]
impl DeskHarness for Carried {
    async fn start() -> Self {
        Self::begin().await
    }

    fn desk(&self) -> &dyn Desk {
        self.0.desk()
    }

    fn now(&self) -> Millis {
        self.0.now()
    }

    async fn later(&self) {
        self.0.stub.lock().full_closes();
    }

    async fn play(&self, remote: Remote) -> Played {
        self.0.play(remote).await
    }

    async fn open(&self) -> (String, Vec<RawRequest>) {
        let id = self.0.stub.lock().open(CARRIED);
        (id.to_string(), self.0.posted())
    }

    async fn act(&self, session: &str, act: Act) -> Option<Vec<RawRequest>> {
        let id = session.parse().ok()?;
        match act {
            Act::Close(CloseBy::Operator) => self.0.stub.lock().finish(id),
            // What silence closes is closed for good when it is looked at: only then is it known for what it was.
            Act::Close(CloseBy::Timeout) => {
                let mut portal = self.0.stub.lock();
                portal.finish(id);
                portal.close(id, "auto");
            }
            act => return self.0.act(session, act).await,
        }
        Some(self.0.posted())
    }

    async fn traces(&self, session: &str) -> Traces {
        let traces = self.0.traces(session).await;
        // The vote is the client's own word.
        let portal = self.0.stub.lock();
        let one = &portal.sessions[&session.parse().unwrap()];
        Traces { client_sees: one.messages.iter().filter(|message| ![0, CLIENT].contains(&message.sender)).count(), ..traces }
    }

    async fn echoes(&self) -> Vec<RawRequest> {
        self.0.posted()
    }

    fn people(&self) -> [String; 3] {
        self.0.people()
    }

    fn hook_url(&self) -> String {
        self.0.hook_url()
    }

    async fn hooks(&self) -> Option<usize> {
        self.0.hooks().await
    }

    async fn spoil(&self, wrong: Wrong) -> bool {
        if wrong == Wrong::AsksItself {
            // Here it is wrong that it does not.
            self.0.stub.lock().asks_itself = false;
            return true;
        }
        self.0.spoil(wrong).await
    }

    async fn changes(&self) -> usize {
        self.0.changes().await
    }

    fn unknown_event(&self) -> RawRequest {
        self.0.unknown_event()
    }

    fn signed(&self, body: &[u8]) -> RawRequest {
        self.0.signed(body)
    }

    fn forgeries(&self, request: &RawRequest) -> Vec<RawRequest> {
        self.0.forgeries(request)
    }

    fn secrets(&self) -> Vec<String> {
        self.0.secrets()
    }
}

lastword_contract::desk_cases!(Carried);
