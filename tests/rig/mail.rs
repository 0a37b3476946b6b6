//! A stub mail server: accepts every mail, and stores it with its parts decoded. It stops with the test.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Only a failing test waits this long.
const PATIENCE: Duration = Duration::from_secs(60);

/// A received mail.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mail {
    pub(crate) to: String,
    /// Headers and bodies, decoded.
    pub(crate) text: String,
}

impl Mail {
    /// Addresses on separate lines, as in the plain-text part.
    pub(crate) fn links(&self) -> Vec<String> {
        self.text.lines().filter(|line| line.starts_with("https://")).map(str::to_owned).collect()
    }
}

/// A running mail server.
#[derive(Debug)]
pub(crate) struct MailServer {
    pub(crate) address: SocketAddr,
    mails: watch::Receiver<Vec<Mail>>,
}

impl MailServer {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let (sender, mails) = watch::channel(Vec::new());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, sender.clone()));
            }
        });
        Self { address, mails }
    }

    /// Waits for a mail to this address that `wanted` accepts, earlier ones included.
    pub(crate) async fn wait_for(&self, to: &str, wanted: impl Fn(&Mail) -> bool) -> Mail {
        let mut mails = self.mails.clone();
        let ours = |mail: &&Mail| mail.to == to && wanted(mail);
        let wait = mails.wait_for(|mails| mails.iter().any(|mail| ours(&mail)));
        let Ok(Ok(found)) = tokio::time::timeout(PATIENCE, wait).await else {
            panic!("no such mail to {to} within {PATIENCE:?}; there are {:#?}", self.mails.borrow());
        };
        found.iter().find(ours).cloned().expect("just found")
    }

    /// All mails so far.
    pub(crate) fn mails(&self) -> Vec<Mail> {
        self.mails.borrow().clone()
    }
}

async fn talk(stream: TcpStream, mails: watch::Sender<Vec<Mail>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 mail\r\n").await?;
    let mut mail = Mail::default();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let answer = match line.get(..4).unwrap_or_default().to_uppercase().as_str() {
            "RCPT" => {
                mail.to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                "250 ok\r\n"
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                mail.text = decoded(&content(&mut stream).await?);
                mails.send_modify(|mails| mails.push(std::mem::take(&mut mail)));
                "250 kept\r\n"
            }
            "QUIT" => return Ok(()),
            _ => "250 ok\r\n",
        };
        stream.write_all(answer.as_bytes()).await?;
    }
}

async fn content(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut content = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 || line == ".\r\n" {
            return Ok(content);
        }
        content.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}

/// Decodes parts in base64, and quoted-printable elsewhere.
fn decoded(content: &str) -> String {
    let mut parts = content.split("Content-Transfer-Encoding: base64\r\n\r\n");
    let head = plain(parts.next().unwrap_or_default());
    parts.fold(head, |before, part| {
        let (packed, rest) = part.split_once("\r\n--").unwrap_or((part, ""));
        let bytes = STANDARD.decode(packed.replace("\r\n", "")).expect("base64");
        before + &String::from_utf8_lossy(&bytes) + "\n--" + &plain(rest)
    })
}

/// Decodes quoted-printable everywhere, which is good enough to search for text and addresses.
fn plain(content: &str) -> String {
    let joined = content.replace("=\r\n", "").replace("\r\n", "\n");
    let (bytes, mut out, mut at) = (joined.as_bytes(), Vec::new(), 0);
    while at < bytes.len() {
        let code = joined.get(at + 1..at + 3).filter(|_| bytes[at] == b'=').and_then(|code| u8::from_str_radix(code, 16).ok());
        out.push(code.unwrap_or(bytes[at]));
        at += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}
