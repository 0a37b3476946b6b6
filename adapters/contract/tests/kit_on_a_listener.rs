//! The kit's case for channels that fetch their events, on one that fetches from a list, and on two that are broken.

use async_trait::async_trait;
use lastword_contract::kit::{Call, Harness, Passed, Played, Remote, listening};
use lastword_contract::{
    Account, Address, Capabilities, Channel, Fetched, Headers, Inbound, InboundKind, Intake, Outgoing, RawRequest, Receipt, SendError,
};
use std::sync::Mutex;

const UPDATE: &[u8] = b"{ \"update\" : 1.50 }";

#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    None,
    WritesAnew,
    ForgetsTheSecret,
    PostsToNobody,
}

#[derive(Debug)]
struct Listener {
    fault: Fault,
    updates: Mutex<Vec<&'static [u8]>>,
}

impl Listener {
    fn with(fault: Fault) -> Self {
        Self { fault, updates: Mutex::default() }
    }

    fn as_posted(&self, update: &[u8], intake: &dyn Intake) -> Option<RawRequest> {
        let secret = match (intake.desk(), self.fault) {
            (Some(_), Fault::ForgetsTheSecret) => None,
            (Some(desk), _) => desk.secret,
            (None, Fault::PostsToNobody) => Some("whose?"),
            (None, _) => return None,
        };
        let body = if self.fault == Fault::WritesAnew { b"{\"update\":1.5}".to_vec() } else { update.to_vec() };
        let headers = Headers::new(secret.map(|secret| ("x-secret", secret)));
        Some(RawRequest { method: "POST".into(), query: String::new(), headers, body, received_at: intake.now() })
    }
}

#[async_trait]
impl Channel for Listener {
    fn kind(&self) -> &'static str {
        "listener"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::default()
    }

    async fn send(&self, _: &Outgoing) -> Result<Receipt, SendError> {
        Ok(Receipt::default())
    }

    async fn check(&self) -> Result<Account, SendError> {
        Ok(Account::default())
    }

    fn listens(&self) -> bool {
        true
    }

    async fn listen(&self, intake: &dyn Intake, _: Option<String>) -> Result<(), SendError> {
        let updates = std::mem::take(&mut *self.updates.lock().unwrap());
        let event = |update: &&[u8]| Fetched {
            inbound: Inbound { key: "1".into(), order: 1, at: None, kind: InboundKind::Other { kind: "update".into() } },
            as_posted: self.as_posted(update, intake),
        };
        intake.take(updates.iter().map(event).collect(), "1".into()).await.unwrap();
        intake.stopped().await;
        Ok(())
    }
}

#[async_trait]
impl Harness for Listener {
    async fn start() -> Self {
        Self::with(Fault::None)
    }

    fn channel(&self) -> &dyn Channel {
        self
    }

    async fn play(&self, _: Remote) -> Played {
        Played::CannotHappen("there is no remote")
    }

    async fn calls(&self) -> Vec<Call> {
        Vec::new()
    }

    fn client(&self) -> Address {
        "client".into()
    }

    fn press(&self, _: &str, _: &Address, _: Option<&str>) -> Option<RawRequest> {
        None
    }

    async fn offer(&self) -> Option<Vec<u8>> {
        self.updates.lock().unwrap().push(UPDATE);
        Some(UPDATE.to_vec())
    }

    fn signed(&self, _: &[u8]) -> Option<RawRequest> {
        None
    }

    fn forgeries(&self, _: &RawRequest) -> Vec<RawRequest> {
        Vec::new()
    }

    fn secrets(&self) -> Vec<String> {
        Vec::new()
    }
}

#[tokio::test]
async fn a_listener_that_hands_over_what_it_fetched_passes() {
    assert_eq!(listening::hands_over_what_it_fetched(&Listener::start().await).await, Ok(Passed::Held));
}

#[tokio::test]
async fn each_broken_listener_is_caught() {
    for (fault, words) in [
        (Fault::WritesAnew, "the platform's own bytes"),
        (Fault::ForgetsTheSecret, "the desk's secret"),
        (Fault::PostsToNobody, "made up for them"),
    ] {
        let why = listening::hands_over_what_it_fetched(&Listener::with(fault)).await.unwrap_err();
        assert!(why.contains(words), "{fault:?}: {why}");
    }
}
