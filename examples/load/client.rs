//! A minimal HTTP client that keeps 64 connections busy: raw sockets, requests written in one piece, responses read up to
//! their length. The same client loads the baselines and the server, so its cost affects both sides.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Result of a run.
pub(crate) struct Run {
    /// Responses per second.
    pub(crate) per_second: f64,
    /// Latencies, sorted, in milliseconds.
    pub(crate) millis: Vec<f64>,
    /// Number of responses that were not 2xx.
    pub(crate) refused: u64,
}

impl Run {
    /// Latency below which `share` of all responses arrived.
    pub(crate) fn percentile(&self, share: f64) -> f64 {
        let at = ((self.millis.len() as f64 * share) as usize).min(self.millis.len().saturating_sub(1));
        self.millis.get(at).copied().unwrap_or(0.0)
    }
}

/// Posts the bodies returned by `body` over `connections` connections for `seconds`.
pub(crate) async fn post(
    address: &str,
    path: &str,
    headers: &str,
    connections: usize,
    seconds: u64,
    body: impl Fn(u64) -> String + Send + Sync + 'static,
) -> Run {
    let headers = headers.to_owned();
    post_each(address, path, connections, seconds, move |number| Some((headers.clone(), body(number)))).await
}

/// Posts the requests returned by `make` (headers and body of the first, the second …) over `connections` connections, for
/// `seconds` or until it returns `None`.
pub(crate) async fn post_each(
    address: &str,
    path: &str,
    connections: usize,
    seconds: u64,
    make: impl Fn(u64) -> Option<(String, String)> + Send + Sync + 'static,
) -> Run {
    let (make, number) = (Arc::new(make), Arc::new(AtomicU64::new(0)));
    let started = Instant::now();
    let until = started + Duration::from_secs(seconds);
    let head = Arc::new(format!("POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n"));
    let tasks: Vec<_> = (0..connections)
        .map(|_| {
            let (address, head, make, number) = (address.to_owned(), head.clone(), make.clone(), number.clone());
            tokio::spawn(async move { one_connection(&address, &head, until, || make(number.fetch_add(1, Ordering::Relaxed))).await })
        })
        .collect();
    let (mut millis, mut refused) = (Vec::new(), 0);
    for task in tasks {
        let (latencies, wrong) = task.await.expect("a connection");
        millis.extend(latencies);
        refused += wrong;
    }
    let elapsed = started.elapsed().as_secs_f64();
    millis.sort_by(f64::total_cmp);
    Run { per_second: millis.len() as f64 / elapsed, millis, refused }
}

async fn one_connection(address: &str, head: &str, until: Instant, make: impl Fn() -> Option<(String, String)>) -> (Vec<f64>, u64) {
    let mut stream = TcpStream::connect(address).await.expect("the server listens");
    stream.set_nodelay(true).expect("a socket");
    let (mut millis, mut refused, mut buffer) = (Vec::new(), 0, Vec::with_capacity(64 << 10));
    while Instant::now() < until {
        let Some((headers, body)) = make() else { break };
        let request = format!("{head}{headers}content-length: {}\r\n\r\n{body}", body.len());
        let started = Instant::now();
        stream.write_all(request.as_bytes()).await.expect("the server reads");
        if !read_answer(&mut stream, &mut buffer).await.starts_with('2') {
            refused += 1;
        }
        millis.push(started.elapsed().as_secs_f64() * 1_000.0);
    }
    (millis, refused)
}

/// Reads one response with a length. Returns its status.
async fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> String {
    buffer.clear();
    loop {
        if stream.read_buf(buffer).await.expect("the server answers") == 0 {
            panic!("the server hung up after {}", String::from_utf8_lossy(buffer));
        }
        let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&buffer[..end]).to_ascii_lowercase();
        let length: usize = head
            .split("content-length: ")
            .nth(1)
            .and_then(|rest| rest.lines().next())
            .and_then(|text| text.trim().parse().ok())
            .unwrap_or(0);
        if buffer.len() >= end + 4 + length {
            return head.split(' ').nth(1).unwrap_or("?").to_owned();
        }
    }
}
