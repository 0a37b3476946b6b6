//! The senders of the docs, run as they stand there where their interpreter is.

use crate::wire::{SECRET, desk, request};
use lastword_contract::{Desk, DeskEventKind};
use std::process::{Command, Stdio};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const DOCS: &str = include_str!("../../../../docs/close.md");

/// An id in which JSON has to be escaped.
const OPERATOR: &str = r#"ann "the\fast""#;

/// The first block of code under a heading.
fn block(heading: &str, fence: &str) -> &'static str {
    let under = DOCS.split_once(&format!("### {heading}\n")).expect("the heading is there").1;
    let block = under.split_once(&format!("```{fence}\n")).expect("its block is there").1;
    block.split_once("```").expect("the block ends").0
}

/// `./test` installs all of them: a sender that is not run is not tested.
pub(crate) fn must_be_there(program: &str) {
    let found = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(found.is_ok_and(|status| status.success()), "{program} is missing: run ./test, which installs it");
}

/// One request, read whole and answered with 200.
async fn one(listener: &TcpListener) -> (Vec<(String, String)>, Vec<u8>) {
    let (socket, _) = listener.accept().await.unwrap();
    answered(socket, 200).await
}

/// One request, read whole and answered with `status`.
pub(crate) async fn answered(mut socket: TcpStream, status: u16) -> (Vec<(String, String)>, Vec<u8>) {
    let (mut bytes, mut chunk) = (Vec::new(), [0; 4_096]);
    loop {
        let read = socket.read(&mut chunk).await.unwrap();
        bytes.extend_from_slice(&chunk[..read]);
        let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let headers: Vec<(String, String)> = head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
            .collect();
        let length = headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, value)| value.parse().unwrap());
        if bytes.len() >= end + 4 + length {
            let answer = format!("HTTP/1.1 {status} So\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            socket.write_all(answer.as_bytes()).await.unwrap();
            return (headers, bytes[end + 4..].to_vec());
        }
    }
}

async fn sends(heading: &str, fence: &str, program: &str, file: &str) {
    let code = block(heading, fence);
    let lines = code.lines().filter(|line| !line.trim().is_empty()).count();
    assert!(lines <= 20, "the sender for {heading} has {lines} lines");
    if program != "sh" {
        must_be_there(program);
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hooks/desk", listener.local_addr().unwrap());
    let path = std::env::temp_dir().join(format!("lastword-sender-{}-{file}", std::process::id()));
    std::fs::write(&path, code).unwrap();
    let mut sender = tokio::process::Command::new(program);
    sender.arg(&path).args(["T-17", OPERATOR]).env("LASTWORD_URL", url).env("LASTWORD_SECRET", SECRET).kill_on_drop(true);
    let (status, (headers, body)) = tokio::join!(sender.status(), one(&listener));
    std::fs::remove_file(&path).unwrap();
    assert!(status.unwrap().success(), "{heading}");
    let pairs: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let at = pairs.iter().find(|(name, _)| *name == "webhook-timestamp").unwrap().1.parse::<i64>().unwrap() * 1_000;
    let event = desk().receive(&request(&pairs, &body, at)).unwrap_or_else(|error| panic!("{heading}: {error}")).events.remove(0);
    assert_eq!((event.session.as_str(), event.at), ("T-17", at), "{heading}");
    assert!(event.key.starts_with("close-T-17-") && event.notes.is_empty(), "{heading}: {event:?}");
    let DeskEventKind::Closed(closing) = event.kind else { panic!("{heading}") };
    assert_eq!(closing.chat.operator.unwrap().id, OPERATOR, "{heading}");
}

#[tokio::test]
async fn the_sender_for_curl_is_taken() {
    sends("curl", "sh", "sh", "close.sh").await;
}

#[tokio::test]
async fn the_sender_for_python_is_taken() {
    sends("Python", "python", "python3", "close.py").await;
}

#[tokio::test]
async fn the_sender_for_node_is_taken() {
    sends("Node", "js", "node", "close.cjs").await;
}

#[tokio::test]
async fn the_sender_for_php_is_taken() {
    sends("PHP", "php", "php", "close.php").await;
}
