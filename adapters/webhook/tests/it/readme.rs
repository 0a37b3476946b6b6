//! The receiver that the README shows works as it stands there.

use crate::receiver::{Receiver, SECRET, config, local, outgoing};
use lastword_contract::{Channel, Choice, ChoiceKind, Headers, InboundKind, Outgoing, Purpose, RawRequest, Scale};
use lastword_webhook::Webhook;
use serde_json::json;
use std::process::Stdio;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::io::{AsyncBufReadExt, BufReader};

#[expect(clippy::disallowed_methods, reason = "the program in the README has a clock of its own, which we have to agree with")]
#[tokio::test]
async fn the_receiver_in_the_readme_verifies_and_answers() {
    let readme = include_str!("../../README.md");
    let program = readme.split("```python\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    // The same program on a free port, which it tells when it listens.
    let (listening, _) = program.split_once(".serve_forever()").unwrap();
    let program = listening.replace("http.server.ThreadingHTTPServer", "server = http.server.ThreadingHTTPServer").replace("9000", "0")
        + "\nprint(server.server_port, flush=True)\nserver.serve_forever()\n";
    let hook = Receiver::start().await;
    let child = tokio::process::Command::new("python3")
        .args(["-c", &program])
        .env("SECRET", SECRET)
        .env("HOOK", format!("http://{}/hooks/crm", hook.address))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn();
    let Ok(mut child) = child else {
        println!("there is no python3 on this machine");
        return;
    };
    let port = BufReader::new(child.stdout.take().unwrap()).lines().next_line().await.unwrap().unwrap();

    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis().try_into().unwrap();
    let channel = |secret: &str| {
        let mut config = config(&format!("http://127.0.0.1:{port}/"), &local(json!({})));
        config.secret = secret.into();
        Webhook::new("crm", config).unwrap()
    };
    let choices = vec![Choice { label: "👍".into(), token: "r1_x_1".into(), kind: ChoiceKind::Score, link: None }];
    let question = Outgoing { at: now, choices, ..outgoing(Purpose::Question(Scale::Binary)) };
    assert_eq!(channel("a secret of somebody else's").send(&question).await.unwrap_err().kind, "not_authorized");
    let crm = channel(SECRET);
    assert_eq!(crm.send(&question).await.unwrap().message_id.as_deref(), Some("dlv_1"));

    // The program ends its answer only after it has posted the press.
    let got = hook.got();
    let [press] = &got[..] else { panic!("{} requests instead of one press", got.len()) };
    let headers = press.headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap()));
    let request = RawRequest {
        method: "POST".into(),
        query: String::new(),
        headers: Headers::new(headers),
        body: press.body.to_vec(),
        received_at: now,
    };
    let pressed = InboundKind::Press { token: "r1_x_1".into(), by: "chat-4711".into(), message_id: Some("dlv_1".into()), press_id: None };
    assert_eq!(crm.receive(&request).unwrap().events[0].kind, pressed);
}
