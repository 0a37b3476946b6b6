//! A running Request Tracker, with its operators and clients.

use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

/// The installation made by `tests/desks/rt/up`; stopped and removed on drop.
#[derive(Debug)]
pub(super) struct RequestTracker {
    pub(super) url: String,
    pub(super) token: String,
    /// `None` only while dropping: closing its input ends it.
    pipes: Option<Mutex<(ChildStdin, BufReader<ChildStdout>)>>,
    up: Child,
    http: reqwest::Client,
}

impl RequestTracker {
    /// Starts one that posts to `hook`.
    pub(super) fn up(port: u16, hook: &str, secret: &str) -> Self {
        let script = crate::rig::root().join("tests/desks/rt/up");
        let mut up = Command::new(script);
        up.args([&port.to_string(), hook, secret]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut up = up.spawn().expect("bash runs");
        let (stdin, mut stdout) = (up.stdin.take().expect("piped"), BufReader::new(up.stdout.take().expect("piped")));
        let mut token = String::new();
        loop {
            let mut line = String::new();
            assert!(stdout.read_line(&mut line).expect("text") > 0, "tests/desks/rt/up ended; its words are above");
            if let Some(told) = line.strip_prefix("token ") {
                token = format!("token {}", told.trim());
            }
            if line.trim() == "up" {
                break;
            }
        }
        let pipes = Some(Mutex::new((stdin, stdout)));
        Self { url: format!("http://127.0.0.1:{port}"), token, pipes, up, http: reqwest::Client::new() }
    }

    /// Stops or starts it: `stop`, `start`.
    pub(super) fn tell(&self, command: &str) {
        let pipes = self.pipes.as_ref().expect("there until the end");
        let mut pipes = pipes.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(pipes.0, "{command}").expect("it listens");
        let mut line = String::new();
        pipes.1.read_line(&mut line).expect("text");
        assert_eq!(line.trim(), "ok", "{command}");
    }

    /// Delivers a client's mail as RT's own mail server would.
    pub(super) fn mail(&self, from: &str, subject: &str, text: &str) {
        static WRITTEN: AtomicU32 = AtomicU32::new(1);
        let id = WRITTEN.fetch_add(1, Ordering::Relaxed);
        let mail = format!("From: {from}\nTo: rt@lastword.test\nSubject: {subject}\nMessage-ID: <{id}@example.com>\n\n{text}\n");
        let gate = ["--queue", "General", "--action", "correspond", "--url", &self.url];
        let mut gate = Command::new("rt-mailgate-5").args(gate).stdin(Stdio::piped()).spawn().expect("installed with RT");
        gate.stdin.take().expect("piped").write_all(mail.as_bytes()).expect("it reads");
        assert!(gate.wait().expect("ours").success());
    }

    async fn call(&self, method: reqwest::Method, who: &str, path: &str, body: Option<Value>) -> Value {
        let call = self.http.request(method, format!("{}/REST/2.0/{path}", self.url)).basic_auth(who, Some(format!("{who}-secret-1")));
        let call = match body {
            Some(body) => call.json(&body),
            None => call,
        };
        let answer = call.send().await.expect("RT answers");
        let (status, text) = (answer.status(), answer.text().await.expect("text"));
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}: {text}"))
    }

    /// Reads a resource.
    pub(super) async fn get(&self, path: &str) -> Value {
        self.call(reqwest::Method::GET, "root", path, None).await
    }

    /// Changes a ticket as an operator.
    pub(super) async fn change(&self, who: &str, ticket: &str, change: Value) {
        self.call(reqwest::Method::PUT, who, &format!("ticket/{ticket}"), Some(change)).await;
    }

    /// An operator takes a ticket, replies, and resolves it.
    pub(super) async fn serve(&self, who: &str, ticket: &str) {
        self.change(who, ticket, json!({ "Owner": who })).await;
        let answer = json!({ "Content": "We look into it.", "ContentType": "text/plain" });
        self.call(reqwest::Method::POST, who, &format!("ticket/{ticket}/correspond"), Some(answer)).await;
        self.change(who, ticket, json!({ "Status": "resolved" })).await;
    }

    /// The newest ticket with this subject.
    pub(super) async fn ticket(&self, subject: &str) -> String {
        let found = self.get(&format!("tickets?query=Subject='{subject}'&orderby=id&order=DESC")).await;
        found["items"][0]["id"].as_str().unwrap_or_else(|| panic!("no ticket {subject}: {found}")).to_owned()
    }

    /// The custom field *Rating*, and our comments, oldest first.
    pub(super) async fn rating(&self, ticket: &str) -> (String, Vec<String>) {
        let shown = self.get(&format!("ticket/{ticket}")).await;
        let fields = shown["CustomFields"].as_array().cloned().unwrap_or_default();
        let field = fields.iter().find(|field| field["name"] == "Rating").and_then(|field| field["values"][0].as_str());
        let mut comments = Vec::new();
        let query = format!("ObjectType='RT::Ticket' AND ObjectId={ticket} AND Type='Comment' AND Creator='lastword'");
        for one in self.get(&format!("transactions?query={query}&orderby=id&per_page=100")).await["items"].as_array().expect("a list") {
            let held = self.get(&format!("transaction/{}/attachments?fields=Content,Subject", one["id"].as_str().expect("an id"))).await;
            comments.push(held.to_string());
        }
        (field.unwrap_or_default().to_owned(), comments)
    }

    /// The ticket's status.
    pub(super) async fn status(&self, ticket: &str) -> String {
        self.get(&format!("ticket/{ticket}")).await["Status"].as_str().expect("a status").to_owned()
    }
}

impl Drop for RequestTracker {
    fn drop(&mut self) {
        self.pipes = None;
        // Waiting ensures that nothing is left; an error would only hide the test's own.
        let _ = self.up.wait();
    }
}
