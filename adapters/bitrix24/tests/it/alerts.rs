//! Alerts as notices to members of staff.

use crate::desk::{Installed, MORNING, forgeries, secrets};
use crate::portal::{APPLICATION, posted};
use async_trait::async_trait;
use lastword_contract::kit::{Call, Harness, Played, Remote};
use lastword_contract::{Address, Channel, Outgoing, Purpose, RawRequest, Scale, Verdict};
use serde_json::Value;

struct Notices(Installed);

#[async_trait]
impl Harness for Notices {
    async fn start() -> Self {
        Self(Installed::begin().await)
    }

    fn channel(&self) -> &dyn Channel {
        &self.0.desk
    }

    async fn play(&self, remote: Remote) -> Played {
        self.0.stub.play(remote).await
    }

    async fn calls(&self) -> Vec<Call> {
        let call = |sent: &Value| Call {
            text: sent["MESSAGE"].as_str().unwrap().to_owned(),
            key: sent["TAG"].as_str().and_then(|tag| tag.strip_prefix("LASTWORD|")).map(str::to_owned),
            raw: sent.to_string(),
            ..Call::default()
        };
        self.0.stub.lock().asked.iter().map(call).collect()
    }

    fn client(&self) -> Address {
        Address::chat("11")
    }

    fn press(&self, _: &str, _: &Address, _: Option<&str>) -> Option<RawRequest> {
        None
    }

    fn signed(&self, _: &[u8]) -> Option<RawRequest> {
        None
    }

    fn forgeries(&self, request: &RawRequest) -> Vec<RawRequest> {
        forgeries(request)
    }

    fn secrets(&self) -> Vec<String> {
        secrets()
    }
}

lastword_contract::channel_cases!(Notices);

fn alert(text: &str) -> Outgoing {
    Outgoing { key: "dlv_1".into(), to: Address::chat("12"), purpose: Purpose::Alert, text: text.into(), ..Outgoing::default() }
}

#[tokio::test]
async fn an_alert_that_is_sent_again_is_there_once() {
    let Notices(portal) = Notices::start().await;
    for _ in 0..3 {
        portal.desk.send(&alert("👎 by Jane")).await.unwrap();
    }
    portal.desk.send(&Outgoing { key: "dlv_2".into(), ..alert("another one") }).await.unwrap();
    let texts: Vec<(String, String)> =
        portal.stub.lock().notices.values().map(|notice| (notice.user.clone(), notice.text.clone())).collect();
    assert_eq!(texts, [("12".into(), "👎 by Jane".into()), ("12".into(), "another one".into())]);
}

#[tokio::test]
async fn what_a_client_wrote_is_no_markup() {
    let Notices(portal) = Notices::start().await;
    portal.desk.send(&alert("[URL=https://evil.example]win[/URL]")).await.unwrap();
    let text = portal.stub.lock().notices.values().next().unwrap().text.clone();
    assert!(!text.contains("[URL") && !text.contains("[/URL"), "{text}");
}

#[tokio::test]
async fn clients_are_not_asked_through_it() {
    let Notices(portal) = Notices::start().await;
    let question = Outgoing { purpose: Purpose::Question(Scale::Binary), ..alert("How was it?") };
    assert_eq!(portal.desk.send(&question).await.unwrap_err().verdict, Verdict::Refused);
    assert!(portal.desk.admit(Address::chat("ann@example.com")).is_err());
    // Its posts are the desk's: no answer of a client is read from them.
    assert!(Channel::receive(&portal.desk, &posted("event=X", APPLICATION, MORNING)).is_err());
}
