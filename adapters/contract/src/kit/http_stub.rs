//! A stub of a platform over HTTP, for tests of channels: it stores received messages and behaves as [`Remote`] says. A
//! test defines only what is specific to this platform: how a request contains a message, and the responses.

use super::{Call, Played, Remote};
use crate::{Headers, Millis, RawRequest};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

/// A request as received by the platform.
#[derive(Clone, Debug)]
pub struct HttpRequest {
    /// `GET`, `POST` …
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The query, without `?`, not decoded.
    pub query: String,
    /// All headers.
    pub headers: Headers,
    /// The body.
    pub body: Vec<u8>,
}

impl HttpRequest {
    /// The body as JSON; `null` if it is not JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The decoded value of `name` in the query.
    pub fn asked(&self, name: &str) -> Option<String> {
        let value = self.query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
        let (mut bytes, mut rest) = (Vec::new(), value.as_bytes());
        while let Some((first, after)) = rest.split_first() {
            let (byte, after) = match (first, after) {
                (b'%', [high, low, after @ ..]) => (u8::from_str_radix(std::str::from_utf8(&[*high, *low]).ok()?, 16).ok()?, after),
                (b'+', after) => (b' ', after),
                (byte, after) => (*byte, after),
            };
            bytes.push(byte);
            rest = after;
        }
        String::from_utf8(bytes).ok()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// A response of the platform.
#[derive(Clone, Debug)]
pub struct HttpAnswer {
    /// The status.
    pub status: u16,
    /// Headers in addition to the usual ones.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: String,
}

impl HttpAnswer {
    /// A JSON response with this status.
    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        Self { status, headers: vec![("content-type", "application/json".to_owned())], body: body.to_string() }
    }
}

/// The specific parts of a platform.
pub trait HttpPlatform: Send + Sync + 'static {
    /// The message in a request; `None` for any other request, such as a check.
    fn message(&self, request: &HttpRequest) -> Option<Call>;

    /// The success response: to the message `number`, counted from 1, or to another request (0).
    fn takes(&self, request: &HttpRequest, number: usize) -> HttpAnswer;

    /// The refusal of a message to a client who blocked us, left or never existed.
    fn blocked(&self, request: &HttpRequest) -> HttpAnswer;

    /// The response when the rate limit is exceeded. The default is status 429 with `Retry-After`.
    fn throttled(&self, wait: Millis) -> HttpAnswer {
        HttpAnswer { status: 429, headers: vec![("retry-after", (wait / 1_000).to_string())], body: "{}".to_owned() }
    }
}

/// The running stub; it stops when dropped.
#[derive(Debug)]
pub struct HttpStub {
    address: SocketAddr,
    state: Arc<State>,
    serving: AbortHandle,
}

struct State {
    platform: Box<dyn HttpPlatform>,
    remote: Mutex<Remote>,
    calls: Mutex<Vec<Call>>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("remote", &self.remote).finish_non_exhaustive()
    }
}

impl HttpStub {
    /// Starts `platform` on a free port of this machine.
    ///
    /// # Panics
    /// If there is no free port.
    pub async fn start(platform: impl HttpPlatform) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let state = Arc::new(State { platform: Box::new(platform), remote: Mutex::new(Remote::Ok), calls: Mutex::default() });
        let shared = state.clone();
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = shared.clone();
                tokio::spawn(async move { state.serve(stream).await });
            }
        });
        Self { address, state, serving: serving.abort_handle() }
    }

    /// `http://127.0.0.1:…`, without a trailing slash: the channel's `base_url`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// For [`super::Harness::play`].
    pub async fn play(&self, remote: Remote) -> Played {
        *lock(&self.state.remote) = remote;
        if remote == Remote::Refused {
            self.serving.abort();
            // The port is free when the listener is gone.
            while TcpStream::connect(self.address).await.is_ok() {
                tokio::task::yield_now().await;
            }
        }
        Played::Ready
    }

    /// For [`super::Harness::calls`].
    pub fn calls(&self) -> Vec<Call> {
        lock(&self.state.calls).clone()
    }
}

impl Drop for HttpStub {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl State {
    /// Answers requests until the caller disconnects.
    async fn serve(&self, stream: TcpStream) {
        let mut stream = BufReader::new(stream);
        while let Ok(Some(request)) = read(&mut stream).await {
            let Some(answer) = self.answer(&request).await else { return std::future::pending().await };
            if write(&mut stream, &answer).await.is_err() {
                break;
            }
        }
    }

    /// `None` if there is never a response.
    async fn answer(&self, request: &HttpRequest) -> Option<HttpAnswer> {
        let number = match self.platform.message(request) {
            None => 0,
            Some(call) => {
                let mut calls = lock(&self.calls);
                calls.push(call);
                calls.len()
            }
        };
        let remote = *lock(&self.remote);
        let plain = |status, body: &str| Some(HttpAnswer { status, headers: Vec::new(), body: body.to_owned() });
        match remote {
            Remote::Blocked if number > 0 => Some(self.platform.blocked(request)),
            Remote::Ok | Remote::Refused | Remote::Blocked => Some(self.platform.takes(request, number)),
            Remote::Throttled(wait) => Some(self.platform.throttled(wait)),
            Remote::Down => plain(502, "away"),
            Remote::Garbage => plain(200, "<html>a proxy</html>"),
            Remote::Hang => None,
        }
    }
}

/// A request of the platform to our webhook: the query without `?`, its headers, and the exact bytes of the body.
pub fn posted(query: &str, headers: &[(&str, &str)], body: &[u8]) -> RawRequest {
    let headers = Headers::new(headers.iter().copied());
    RawRequest { method: "POST".to_owned(), query: query.to_owned(), headers, body: body.to_vec(), received_at: 1_700_000_000_000 }
}

/// Reads one request; `None` if the caller disconnected.
pub(super) async fn read(stream: &mut BufReader<TcpStream>) -> io::Result<Option<HttpRequest>> {
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        match line.trim_end().split_once(':') {
            Some((name, value)) => headers.push((name.to_owned(), value.trim().to_owned())),
            None => break,
        }
    }
    let headers = Headers::new(headers);
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok(Some(HttpRequest { method, path: path.to_owned(), query: query.to_owned(), headers, body }))
}

pub(super) async fn write(stream: &mut BufReader<TcpStream>, answer: &HttpAnswer) -> io::Result<()> {
    let mut head = format!("HTTP/1.1 {} -\r\ncontent-length: {}\r\n", answer.status, answer.body.len());
    for (name, value) in &answer.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(format!("{head}\r\n{}", answer.body).as_bytes()).await?;
    stream.flush().await
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
