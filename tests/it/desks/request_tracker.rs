//! A real Request Tracker 5 from Debian's packages, with the recipe exactly as in its README: tickets of clients who wrote
//! by mail are resolved, the question is sent by mail, the answer returns as a custom field and a comment, and reopened
//! tickets, lost events and answers during an outage of RT are handled. Only in the long form: it may install packages, and
//! takes minutes.

mod desk;
mod gate;

use crate::channels::readmes::examples;
use crate::links::visitor::assets;
use crate::rig::browser;
use crate::rig::folder::Folder;
use crate::rig::mail::{Mail, MailServer};
use crate::rig::process::Process;
use crate::rig::{long, root};
use desk::RequestTracker;
use gate::Gate;
use serde_json::json;
use std::future::Future;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::time::{Duration, Instant};
use toml::{Table, Value};

const SECRET: &str = "whsec_bGFzdHdvcmQtcnQtdGVzdC1rZXktMDEyMzQ1Njc4OWFi";
/// Lost posts are found within a minute and ten seconds. Only a failing test waits longer.
const PATIENCE: Duration = Duration::from_secs(180);

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port()
}

/// Polls until there is a result.
async fn until<T, F: Future<Output = Option<T>>>(what: &str, ask: impl Fn() -> F) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = ask().await {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "not within {PATIENCE:?}: {what}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// A Lastword with the settings of the README, a mail server, and a proxy for RT's requests.
struct Shop {
    folder: Folder,
    mail: MailServer,
    rt: RequestTracker,
    gate: Gate,
    address: SocketAddr,
    server: Process,
}

impl Shop {
    async fn open() -> Self {
        let (folder, mail) = (Folder::new(), MailServer::start().await);
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let gate = Gate::open(address).await;
        let hook = format!("http://{}/hooks/rt", gate.address);
        let port = free_port();
        let rt = tokio::task::spawn_blocking(move || RequestTracker::up(port, &hook, SECRET)).await.expect("RT is up");
        let settings = settings(&rt, &mail, address);
        std::fs::write(folder.path().join("lastword.toml"), settings.to_string()).unwrap();
        run(folder.path(), &["check"]).await;
        run(folder.path(), &["line", "add", "--id", "support", "--name", "Support"]).await;
        run(folder.path(), &["line", "set", "support", "delay_secs=0", "scale=five_star", "once_per_client_hours=0"]).await;
        let mut serve = std::process::Command::new(env!("CARGO_BIN_EXE_lastword"));
        serve.arg("serve").current_dir(folder.path());
        let server = Process::spawn(serve.into());
        server.listening().await;
        Self { folder, mail, rt, gate, address, server }
    }

    /// A client writes, an operator replies and resolves; returns the ticket.
    async fn ticket(&self, client: &str, who: &str) -> String {
        self.rt.mail(&format!("{client} <{}>", address(client)), &format!("Order of {client}"), "Where is it?");
        let ticket = self.rt.ticket(&format!("Order of {client}")).await;
        self.rt.serve(who, &ticket).await;
        ticket
    }

    /// The `number`th question to a client, counted from 1.
    async fn question(&self, client: &str, number: usize) -> Mail {
        let found = || async {
            let to = self.mail.mails().into_iter().filter(|mail| mail.to == address(client) && mail.text.contains("Please rate"));
            to.collect::<Vec<_>>().get(number - 1).cloned()
        };
        until(&format!("question {number} to {client}"), found).await
    }

    /// The history of a ticket, once it contains these words.
    async fn story(&self, ticket: &str, words: &str) -> String {
        until(&format!("\"{words}\" in the story of ticket {ticket}"), || async {
            Some(run(self.folder.path(), &["explain", ticket]).await).filter(|story| story.contains(words))
        })
        .await
    }

    /// The comments of a ticket, once its field shows this rating and there are `number` comments.
    async fn comments(&self, ticket: &str, rating: &str, number: usize) -> Vec<String> {
        let found = || async {
            let (field, comments) = self.rt.rating(ticket).await;
            (field == rating && comments.len() >= number).then_some(comments)
        };
        until(&format!("rating {rating} at ticket {ticket}"), found).await
    }

    /// The address of a link on this machine.
    fn here(&self, link: &str) -> String {
        link.replace("https://rate.example.com", &format!("http://{}", self.address))
    }

    /// A client opens the link of a score and sends the form.
    async fn rates(&self, question: &Mail, score: &str) -> u16 {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let link = self.here(&question.links()[5 - score.parse::<usize>().unwrap()]);
        let page = http.get(&link).send().await.unwrap().text().await.unwrap();
        let Some((_, rest)) = page.split_once("name=\"nonce\" value=\"") else { return 410 };
        let nonce = rest.split('"').next().unwrap();
        for asset in assets(&page) {
            http.get(format!("http://{}{asset}", self.address)).send().await.unwrap();
        }
        http.post(&link).form(&[("nonce", nonce), ("score", score)]).send().await.unwrap().status().as_u16()
    }
}

fn address(client: &str) -> String {
    format!("{}@example.org", client.to_lowercase())
}

/// The settings of the README, with the addresses and secrets of this machine.
fn settings(rt: &RequestTracker, mail: &MailServer, listen: SocketAddr) -> Table {
    let page = std::fs::read_to_string(root().join("adapters/desk/recipes/request_tracker/README.md")).unwrap();
    let mut settings: Table = examples(&page).concat().parse().expect("TOML");
    let mut set = |path: &[&str], value: Value| {
        let (last, way) = path.split_last().expect("a key");
        let section = way.iter().fold(&mut settings, |table, name| table.get_mut(*name).and_then(Value::as_table_mut).expect("a section"));
        section.insert((*last).to_owned(), value);
    };
    set(&["http", "listen"], listen.to_string().into());
    set(&["connections", "mail", "host"], "127.0.0.1".into());
    set(&["connections", "mail", "port"], i64::from(mail.address.port()).into());
    set(&["connections", "mail", "tls"], "none".into());
    set(&["connections", "rt", "url"], rt.url.clone().into());
    set(&["connections", "rt", "secret"], SECRET.into());
    set(&["connections", "rt", "token"], rt.token.clone().into());
    set(&["connections", "rt", "reconcile_minutes"], 1.into());
    set(&["connections", "rt", "note_after_secs"], 3.into());
    settings
}

async fn output(folder: &Path, arguments: &[&str]) -> std::process::Output {
    let mut words = vec!["--config", "lastword.toml"];
    words.extend(arguments);
    tokio::process::Command::new(env!("CARGO_BIN_EXE_lastword")).args(words).current_dir(folder).output().await.unwrap()
}

/// Output of a command, successful or not.
async fn told(folder: &Path, arguments: &[&str]) -> String {
    String::from_utf8(output(folder, arguments).await.stdout).unwrap()
}

async fn run(folder: &Path, arguments: &[&str]) -> String {
    let output = output(folder, arguments).await;
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Resolved, asked by mail, answered in a browser: the field and the comment exist once, and RT is otherwise unchanged.
async fn asked_and_answered(shop: &Shop) {
    let ticket = shop.ticket("Jane", "ann").await;
    let question = shop.question("Jane", 1).await;
    let shots = std::env::var("SHOTS").unwrap_or_default();
    browser::run("link_page.mjs", &[("PAGE", &shop.here(&question.links()[3])), ("STORY", "low"), ("SHOTS", &shots)]).await;
    let comments = until("the comment with the client's words", || async {
        Some(shop.comments(&ticket, "2", 1).await)
            .filter(|comments| comments.last().is_some_and(|last| last.contains("Nobody called back.")))
    })
    .await;
    let last = comments.last().unwrap();
    assert!(last.contains("★★☆☆☆ 2/5") && last.contains("Took too long") && last.contains("/ratings/"), "{comments:#?}");
    assert_eq!(shop.rt.status(&ticket).await, "resolved", "a comment opens nothing");
    shop.story(&ticket, "operator ann").await;
    shop.story(&ticket, "ended as answered").await;
}

/// The client writes again before answering: the question is canceled, and the next close asks again.
async fn opened_again(shop: &Shop) {
    let ticket = shop.ticket("Kim", "ann").await;
    let first = shop.question("Kim", 1).await;
    shop.rt.mail(&format!("Kim <{}>", address("Kim")), &format!("Re: [lastword.test #{ticket}] Order of Kim"), "Still not here.");
    assert_eq!(shop.rt.status(&ticket).await, "open", "RT opens it by the mail");
    shop.story(&ticket, "ended as canceled").await;
    shop.rates(&first, "1").await;
    shop.rt.serve("ben", &ticket).await;
    let second = shop.question("Kim", 2).await;
    assert_eq!(shop.rates(&second, "5").await, 303);
    shop.comments(&ticket, "5", 1).await;
    let story = shop.story(&ticket, "Close 2 ended as answered").await;
    assert!(story.contains("(close 2), operator ben"), "{story}");
    assert_eq!(shop.comments(&ticket, "5", 1).await.len(), 1, "the question that was taken back is worth nothing");
}

/// A close and a reopening that never arrived are found; a question that was asked wrongly is canceled.
async fn lost(shop: &Shop) {
    let open_again = shop.ticket("Lee", "ann").await;
    shop.question("Lee", 1).await;
    shop.gate.loses(true);
    let ticket = shop.ticket("Max", "ben").await;
    shop.rt.change("ann", &open_again, json!({ "Status": "open" })).await;
    shop.gate.lost(2).await;
    shop.gate.loses(false);
    let found = shop.question("Max", 1).await;
    shop.story(&ticket, "operator ben").await;
    shop.story(&open_again, "ended as canceled").await;

    // The answer arrives while RT is down, and is written back when it is up again.
    shop.rt.tell("stop");
    assert_eq!(shop.rates(&found, "4").await, 303);
    shop.story(&ticket, "ended as answered").await;
    shop.rt.tell("start");
    let comments = shop.comments(&ticket, "4", 1).await;
    assert_eq!(comments.len(), 1, "{comments:#?}");
}

#[tokio::test]
async fn a_real_request_tracker_is_asked_answered_and_made_good() {
    if !long() {
        return;
    }
    let shop = Shop::open().await;
    let doctor = told(shop.folder.path(), &["doctor"]).await;
    assert!(doctor.contains("connection rt: desk works: connected as 127.0.0.1"), "{doctor}");
    asked_and_answered(&shop).await;
    opened_again(&shop).await;
    lost(&shop).await;
    let questions = shop.mail.mails().into_iter().filter(|mail| mail.text.contains("Please rate")).map(|mail| mail.to);
    let mut questions: Vec<String> = questions.collect();
    questions.sort();
    assert_eq!(questions, [address("Jane"), address("Kim"), address("Kim"), address("Lee"), address("Max")], "each close asked once");
    let (status, log) = shop.server.stop().await;
    assert!(status.success(), "{log}");
    assert!(!log.contains(&shop.rt.token), "no token in the log:\n{log}");
    assert_eq!(shop.mail.mails().iter().filter(|mail| mail.to == address("Max")).count(), 1);
}
