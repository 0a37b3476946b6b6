//! The kit's cases on the channel, with and without links.

use crate::mail::{CLIENT, PASSWORD, email, read};
use crate::stub::{Encryption, Says, Server};
use async_trait::async_trait;
use lastword_contract::kit::{Call, Harness, Played, Remote};
use lastword_contract::{Address, Channel, RawRequest};
use lastword_email::Email;
use serde_json::json;

/// The channel and its server. Mails are the messages.
struct Mailed<const LINKS: bool> {
    server: Server,
    channel: Email,
}

#[async_trait]
impl<const LINKS: bool> Harness for Mailed<LINKS> {
    async fn start() -> Self {
        let server = Server::start(Encryption::None).await;
        let channel = email(&server, json!({ "links": LINKS, "timeout_secs": 4 }));
        Self { server, channel }
    }

    fn channel(&self) -> &dyn Channel {
        &self.channel
    }

    async fn play(&self, remote: Remote) -> Played {
        self.server.says(match remote {
            Remote::Ok => vec![],
            Remote::Blocked => vec![("RCPT", Says::Reply("550 5.1.1 <anna.client@example.org>: Recipient address rejected: User unknown"))],
            Remote::Throttled(_) => return Played::CannotHappen("a server says that it is busy, never for how long"),
            Remote::Down => vec![("content", Says::Reply("451 4.3.0 temporary system problem"))],
            Remote::Hang => vec![("content", Says::Nothing)],
            Remote::Refused => vec![("greeting", Says::Closes), ("NOOP", Says::Closes)],
            Remote::Garbage => vec![("content", Says::Reply("<html>\u{7f}</html>"))],
        });
        Played::Ready
    }

    async fn calls(&self) -> Vec<Call> {
        self.server.mails().iter().map(call).collect()
    }

    fn client(&self) -> Address {
        Address::chat(CLIENT)
    }

    fn press(&self, _: &str, _: &Address, _: Option<&str>) -> Option<RawRequest> {
        None
    }

    fn signed(&self, _: &[u8]) -> Option<RawRequest> {
        None
    }

    fn forgeries(&self, _: &RawRequest) -> Vec<RawRequest> {
        Vec::new()
    }

    fn secrets(&self) -> Vec<String> {
        vec![PASSWORD.to_owned(), "AHJvYm90AGh1c2gtaHVzaC1wYXNzd29yZA==".to_owned()]
    }
}

fn call(mail: &crate::stub::Mail) -> Call {
    let read = read(&mail.content);
    let (plain, html) = (read.part("text/plain"), read.part("text/html"));
    let token = |line: &str| line.split_once("/r/").map(|(_, token)| token.trim().to_owned());
    let mut tokens: Vec<String> = plain.lines().filter_map(token).collect();
    // Rows of stars go from one to five, and the engine names the best first.
    if plain.contains("\n★★★★★\n") {
        tokens.reverse();
    }
    Call {
        text: plain.split("\n\n").take_while(|block| !block.contains("/r/")).collect::<Vec<_>>().join("\n\n").trim().to_owned(),
        tokens,
        replaces: None,
        key: read.header("Message-ID").trim_start_matches('<').split('@').next().map(str::to_owned),
        raw: format!("{plain}\n{html}"),
    }
}

lastword_contract::channel_cases!(Mailed<true>);

mod without_links {
    lastword_contract::channel_cases!(super::Mailed<false>);
}
