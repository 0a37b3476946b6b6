//! Reads mails back: headers unfolded and decoded, bodies decoded. And makes the channel and messages of the tests.

use crate::stub::Server;
use lastword_contract::{Address, Choice, ChoiceKind, Outgoing, Purpose, Scale};
use lastword_email::{Config, Email};
use serde_json::{Value, json};

pub(crate) const PASSWORD: &str = "hush-hush-password";
pub(crate) const CLIENT: &str = "anna.client@example.org";

/// The settings of a connection to `server`.
pub(crate) fn config(server: &Server, more: Value) -> Config {
    let mut settings = json!({
        "host": "127.0.0.1", "port": server.address.port(), "tls": "none", "from": "Support <support@example.com>",
        "user": "robot", "password": PASSWORD, "timeout_secs": 60,
    });
    settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    serde_json::from_value(settings).unwrap()
}

pub(crate) fn email(server: &Server, more: Value) -> Email {
    Email::new(config(server, more)).unwrap_or_else(|why| panic!("{why}"))
}

/// A message with a key and a time of its own.
pub(crate) fn outgoing(purpose: Purpose, text: &str) -> Outgoing {
    Outgoing {
        key: "01Hk3bqfX0a9ZzY7Yq2w3E".to_owned(),
        to: Address::chat(CLIENT),
        language: "en".to_owned(),
        purpose,
        text: text.to_owned(),
        at: 1_700_000_000_000,
        ..Outgoing::default()
    }
}

/// Something to tap, as a link.
pub(crate) fn choice(label: &str, token: &str, kind: ChoiceKind) -> Choice {
    let link = Some(format!("https://rate.example.com/r/{token}"));
    Choice { label: label.to_owned(), token: token.to_owned(), kind, link }
}

/// The question on `scale`.
pub(crate) fn question(scale: Scale, text: &str) -> Outgoing {
    let score = |&score: &u8| choice(&scale.label(score), &format!("r1_01Hk3bqfX0a9ZzY7Yq2w3F_{score}_Zz0123456789Zz"), ChoiceKind::Score);
    let choices = scale.scores().iter().map(score).collect();
    Outgoing { choices, ..outgoing(Purpose::Question(scale), text) }
}

/// All of them, at the same time.
pub(crate) async fn at_once<F: Future>(all: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut waiting: Vec<_> = all.map(|one| (Box::pin(one), None)).collect();
    std::future::poll_fn(|context| {
        for (future, done) in &mut waiting {
            if done.is_none()
                && let std::task::Poll::Ready(output) = future.as_mut().poll(context)
            {
                *done = Some(output);
            }
        }
        if waiting.iter().all(|(_, done)| done.is_some()) { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    waiting.into_iter().filter_map(|(_, done)| done).collect()
}

/// A mail taken apart.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) headers: Vec<(String, String)>,
    /// The decoded parts, by their type.
    pub(crate) parts: Vec<(String, String)>,
}

impl Read {
    /// The value of a header, unfolded; it must be there once.
    pub(crate) fn header(&self, name: &str) -> &str {
        let found: Vec<&str> =
            self.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str()).collect();
        assert_eq!(found.len(), 1, "{name} is there {} times", found.len());
        found[0]
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|(key, _)| key.eq_ignore_ascii_case(name))
    }

    /// The part of this type.
    pub(crate) fn part(&self, kind: &str) -> &str {
        &self.parts.iter().find(|(of, _)| of.starts_with(kind)).unwrap_or_else(|| panic!("no {kind}")).1
    }
}

/// Takes a mail apart.
pub(crate) fn read(content: &str) -> Read {
    let (head, body) = content.split_once("\r\n\r\n").expect("a head and a body");
    let headers = headers(head);
    let kind =
        headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type")).map(|(_, value)| value.clone()).unwrap_or_default();
    let boundary = kind.split("boundary=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a boundary");
    let line = format!("--{boundary}");
    let parts = body.split(&line).skip(1).filter(|part| !part.starts_with("--"));
    let parts = parts.map(|part| {
        let (head, body) = part.trim_start_matches("\r\n").split_once("\r\n\r\n").expect("a part");
        let head = self::headers(head);
        let of = |name: &str| {
            head.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_lowercase()).unwrap_or_default()
        };
        (of("content-type"), decode(&of("content-transfer-encoding"), body))
    });
    Read { parts: parts.collect(), headers }
}

fn headers(head: &str) -> Vec<(String, String)> {
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let lines = unfolded.split("\r\n").filter_map(|line| line.split_once(": "));
    lines.map(|(name, value)| (name.to_owned(), words(value))).collect()
}

fn decode(encoding: &str, body: &str) -> String {
    let bytes = match encoding {
        "7bit" | "8bit" | "" => body.as_bytes().to_vec(),
        "base64" => base64(&body.split_whitespace().collect::<String>()),
        "quoted-printable" => quoted(&body.replace("=\r\n", "")),
        other => panic!("an encoding {other}"),
    };
    String::from_utf8(bytes).expect("UTF-8").replace("\r\n", "\n")
}

/// The encoded words of a header (RFC 2047), decoded.
fn words(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once("=?") {
        if !(out.ends_with('\u{0}') && before.trim().is_empty()) {
            out.push_str(before);
        }
        let mut parts = after.splitn(3, '?');
        let (_, how, tail) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
        let (text, after) = tail.split_once("?=").unwrap();
        let bytes = if how.eq_ignore_ascii_case("b") { base64(text) } else { quoted(&text.replace('_', " ")) };
        out.push_str(&String::from_utf8(bytes).expect("UTF-8"));
        out.push('\u{0}');
        rest = after;
    }
    out.push_str(rest);
    out.replace('\u{0}', "")
}

fn quoted(text: &str) -> Vec<u8> {
    let (bytes, mut out, mut at) = (text.as_bytes(), Vec::new(), 0);
    while at < bytes.len() {
        if bytes[at] == b'=' {
            out.push(u8::from_str_radix(&text[at + 1..at + 3], 16).expect("two digits"));
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    out
}

fn base64(text: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        other => panic!("not base64: {other}"),
    };
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b'=').map(digit).collect();
    let group = |four: &[u8]| {
        let number = four.iter().fold(0_u32, |number, digit| (number << 6) | u32::from(*digit)) << (6 * (4 - four.len()));
        number.to_be_bytes()[1..four.len()].to_vec()
    };
    digits.chunks(4).flat_map(group).collect()
}
