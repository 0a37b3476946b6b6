//! The senders with an outbox, run as they stand in the recipes: against a server that hangs, refuses, is away, and is back.

use crate::senders::{answered, must_be_there};
use crate::wire::{SECRET, desk, request};
use lastword_contract::{Desk, DeskEvent, DeskEventKind};
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

/// What the server does with a call.
#[derive(Clone, Copy)]
pub(crate) enum Does {
    Takes,
    Refuses,
    Hangs,
}

/// A Lastword as a sender sees it, and an outbox of its own.
pub(crate) struct Receiver {
    does: Arc<Mutex<Does>>,
    heard: Arc<Mutex<Vec<DeskEvent>>>,
    pub(crate) url: String,
    pub(crate) outbox: PathBuf,
}

impl Receiver {
    pub(crate) async fn start(name: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks/desk", listener.local_addr().unwrap());
        let (does, heard) = (Arc::new(Mutex::new(Does::Takes)), Arc::new(Mutex::new(Vec::new())));
        let (now, kept) = (does.clone(), heard.clone());
        tokio::spawn(async move {
            let mut held = Vec::new();
            while let Ok((socket, _)) = listener.accept().await {
                let does = *now.lock().unwrap();
                match does {
                    Does::Hangs => held.push(socket),
                    Does::Refuses => drop(answered(socket, 503).await),
                    Does::Takes => {
                        let (headers, body) = answered(socket, 200).await;
                        let pairs: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                        let at = pairs.iter().find(|(name, _)| *name == "webhook-timestamp").unwrap().1.parse::<i64>().unwrap();
                        let events = desk().receive(&request(&pairs, &body, at * 1_000)).unwrap().events;
                        kept.lock().unwrap().extend(events);
                    }
                }
            }
        });
        let outbox = std::env::temp_dir().join(format!("lastword-outbox-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&outbox);
        Self { does, heard, url, outbox }
    }

    pub(crate) fn now(&self, does: Does) {
        *self.does.lock().unwrap() = does;
    }

    pub(crate) fn heard(&self) -> Vec<DeskEvent> {
        std::mem::take(&mut self.heard.lock().unwrap())
    }

    pub(crate) fn waiting(&self) -> usize {
        let files = std::fs::read_dir(&self.outbox).into_iter().flatten().flatten();
        files.filter(|file| file.path().extension().is_some_and(|end| end == "json")).count()
    }

    #[expect(clippy::disallowed_methods, reason = "how long an agent waits is what is tested")]
    pub(crate) async fn run(&self, program: &str, arguments: &[&str]) -> (Output, Duration) {
        let began = Instant::now();
        let mut command = tokio::process::Command::new(program);
        command.args(arguments).env("LASTWORD_URL", &self.url).env("LASTWORD_SECRET", SECRET).env("LASTWORD_OUTBOX", &self.outbox);
        let output = command.kill_on_drop(true).output().await.unwrap();
        (output, began.elapsed())
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.outbox);
    }
}

pub(crate) fn recipe(path: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("recipes").join(path).display().to_string()
}

/// `program` with `script` before its arguments.
async fn holds_nobody_up_and_loses_nothing(program: &str, script: &str) {
    let receiver = Receiver::start(program).await;
    let said = |output: &Output| String::from_utf8_lossy(&output.stderr).into_owned();
    let run = async |arguments: &[&str]| receiver.run(program, &[&[script], arguments].concat()).await;
    // Nobody hears it: the agent waits two seconds once, and then not at all.
    receiver.now(Does::Hangs);
    let (output, took) = run(&["closed", "T-17", "ann"]).await;
    assert!(output.status.success() && took < Duration::from_secs(5), "{took:?}: {}", said(&output));
    assert!(took >= Duration::from_millis(1_500), "{took:?}: it was tried");
    let (output, took) = run(&["closed", r#"T"18\"#, r#"a"nn"#]).await;
    assert!(output.status.success() && took < Duration::from_millis(1_500), "{took:?}: {}", said(&output));
    assert_eq!(receiver.waiting(), 2);
    receiver.now(Does::Refuses);
    let (output, _) = run(&["send"]).await;
    assert!(!output.status.success() && said(&output).contains("503"), "{}", said(&output));
    assert_eq!((receiver.waiting(), receiver.heard().len()), (2, 0));
    receiver.now(Does::Takes);
    let (output, _) = run(&["send"]).await;
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(receiver.waiting(), 0);
    let heard = receiver.heard();
    let who: Vec<_> = heard.iter().map(|event| (event.session.as_str(), operator(event))).collect();
    assert_eq!(who, [("T-17", Some("ann".to_owned())), (r#"T"18\"#, Some(r#"a"nn"#.to_owned()))]);
    // From then on each event leaves at once.
    let (output, _) = run(&["closed", "T-19"]).await;
    assert!(output.status.success() && receiver.waiting() == 0, "{}", said(&output));
    assert_eq!(receiver.heard()[0].session, "T-19");
}

fn operator(event: &DeskEvent) -> Option<String> {
    let DeskEventKind::Closed(closing) = &event.kind else { panic!("{event:?}") };
    closing.chat.operator.as_ref().map(|one| one.id.clone())
}

#[tokio::test]
async fn the_php_sender_holds_no_agent_up_and_loses_nothing() {
    must_be_there("php");
    holds_nobody_up_and_loses_nothing("php", &recipe("php/lastword.php")).await;
}

#[tokio::test]
async fn the_shell_sender_holds_no_agent_up_and_loses_nothing() {
    holds_nobody_up_and_loses_nothing("sh", &recipe("sh/lastword-close")).await;
}

#[tokio::test]
async fn fields_of_the_caller_win_over_those_of_the_sender() {
    must_be_there("php");
    let receiver = Receiver::start("more").await;
    let code = format!(
        "require '{}'; exit(lastword_closed(17, ['id' => 7], ['closed_at' => 1795339187, 'client_name' => \"J\\xf6rg\"]) ? 0 : 1);",
        recipe("php/lastword.php")
    );
    assert!(receiver.run("php", &["-r", &code]).await.0.status.success());
    let arguments = [&recipe("sh/lastword-close"), "closed", "18", "7", r#""closed_at":1795339187"#];
    assert!(receiver.run("sh", &arguments).await.0.status.success());
    let heard = receiver.heard();
    assert_eq!(heard.iter().map(|event| event.at).collect::<Vec<_>>(), [1_795_339_187_000; 2]);
    assert_eq!(heard[0].key, "closed-17-1795339187");
}

#[tokio::test]
async fn a_sender_that_cannot_work_throws_nothing() {
    must_be_there("php");
    let receiver = Receiver::start("broken").await;
    // The outbox is a file: nothing can be kept.
    std::fs::write(&receiver.outbox, "").unwrap();
    let code = format!("require '{}'; echo lastword_closed('17') ? 'kept' : 'lost';", recipe("php/lastword.php"));
    let (output, _) = receiver.run("php", &["-r", &code]).await;
    assert!(output.status.success() && String::from_utf8_lossy(&output.stdout).ends_with("lost"), "{output:?}");
    let (output, _) = receiver.run("sh", &[&recipe("sh/lastword-close"), "closed", "17"]).await;
    assert!(!output.status.success());
    std::fs::remove_file(&receiver.outbox).unwrap();
}
