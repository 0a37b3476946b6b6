//! Real sockets against the accept loop: silent, slow and many callers, and calls in progress at the shutdown.

use super::*;
use axum::extract::Request;
use axum::response::IntoResponse;
use axum::response::sse::{Event, Sse};
use axum::routing::{get, post};
use std::convert::Infallible;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

const SHORT: Duration = Duration::from_millis(50);
const LONG: Duration = Duration::from_secs(60);

struct Server {
    address: SocketAddr,
    shutdown: CancellationToken,
    served: JoinHandle<()>,
}

async fn start(router: Router, limits: Limits) -> Server {
    start_with(router, limits, 8, 8, 0).await
}

/// A server with these limits for all, per address, and spare; two WebSockets, one per address.
async fn start_with(router: Router, limits: Limits, connections: usize, of_address: usize, spare: usize) -> Server {
    let max = PlacesMax { connections, of_address, spare, sockets: 2, sockets_of_address: 1, trusted_proxies: Arc::new([]) };
    let places = Places::new(max);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, shutdown) = (listener.local_addr().unwrap(), CancellationToken::new());
    Server { address, shutdown: shutdown.clone(), served: tokio::spawn(serve(listener, router, limits, places, shutdown)) }
}

fn patient() -> Limits {
    Limits { read: LONG, write: Patience { at_most: LONG, bytes_per_second: 1 }, lifetime: LONG, drain: LONG }
}

fn echo() -> Router {
    Router::new()
        .route("/", get(async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.to_string()))
        .route("/echo", post(async |request: Request| crate::json::bytes(request).await))
}

impl Server {
    async fn connect(&self, say: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(say.as_bytes()).await.unwrap();
        stream
    }
}

/// Fails a test that would wait without end.
async fn at_last<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(LONG, what).await.expect("this never happened")
}

/// Reads until the other side closes.
async fn rest(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    // A reset counts as an end.
    let _ = at_last(stream.read_to_end(&mut text)).await;
    String::from_utf8_lossy(&text).into_owned()
}

/// Calls repeatedly until a place is free.
async fn served_again(server: &Server) {
    at_last(async {
        loop {
            let mut stream = TcpStream::connect(server.address).await.unwrap();
            let _ = stream.write_all(ORDINARY.as_bytes()).await;
            let mut start = [0; 12];
            if stream.read_exact(&mut start).await.is_ok() && &start == b"HTTP/1.1 200" {
                return;
            }
        }
    })
    .await;
}

async fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let mut text = String::new();
    while !text.contains(end) {
        let mut bytes = [0; 1024];
        let count = at_last(stream.read(&mut bytes)).await.unwrap();
        assert!(count > 0, "closed before {end:?}: {text:?}");
        text.push_str(&String::from_utf8_lossy(&bytes[..count]));
    }
    text
}

const ORDINARY: &str = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";

#[tokio::test]
async fn silent_half_and_idle_connections_are_closed() {
    let server = start(echo(), Limits { read: SHORT, ..patient() }).await;
    for say in ["", "GET / HTTP/1.1\r\nhost", ORDINARY] {
        let mut stream = server.connect(say).await;
        let text = rest(&mut stream).await;
        assert_eq!(text.contains(" 200 OK"), say == ORDINARY, "{say:?}: {text}");
    }
}

#[tokio::test]
async fn a_handler_knows_its_peer_and_a_connection_serves_many_calls() {
    let server = start(echo(), patient()).await;
    let mut stream = server.connect(ORDINARY).await;
    let us = stream.local_addr().unwrap().to_string();
    read_until(&mut stream, &us).await;
    stream.write_all(ORDINARY.as_bytes()).await.unwrap();
    read_until(&mut stream, &us).await;
}

#[tokio::test]
async fn a_body_that_stops_is_given_up() {
    let server = start(echo(), Limits { read: SHORT, ..patient() }).await;
    let mut stream = server.connect("POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc").await;
    let text = rest(&mut stream).await;
    assert!(text.contains(" 408 ") && text.contains("too_slow"), "{text}");
}

#[tokio::test]
async fn a_caller_who_reads_nothing_is_given_up() {
    let endless = futures_util::stream::repeat_with(|| Ok::<_, Infallible>(axum::body::Bytes::from_static(&[b'x'; 64 * 1024])));
    let router = Router::new().route("/", get(async move || Body::from_stream(endless.clone())));
    let write = Patience { at_most: SHORT, bytes_per_second: 1 };
    let server = start_with(router, Limits { write, ..patient() }, 1, 1, 0).await;
    let _reads_nothing = server.connect(ORDINARY).await;
    served_again(&server).await;
}

#[tokio::test]
async fn one_call_too_many_is_shed_and_a_place_is_free_again_after_its_end() {
    let finish = CancellationToken::new();
    let may_finish = finish.clone();
    let (entered, mut is_entered) = mpsc::channel::<()>(2);
    let handler = async move || {
        entered.send(()).await.unwrap();
        may_finish.cancelled().await;
    };
    let server = start_with(echo().route("/slow", get(handler)), patient(), 2, 2, 0).await;
    let mut held = Vec::new();
    for _ in 0..2 {
        held.push(server.connect("GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await);
        at_last(is_entered.recv()).await.unwrap();
    }
    let mut third = TcpStream::connect(server.address).await.unwrap();
    let text = rest(&mut third).await;
    assert!(text.starts_with("HTTP/1.1 503 ") && text.contains("retry-after: 1"), "{text}");
    finish.cancel();
    served_again(&server).await;
}

/// Formerly, each byte restarted a timeout of half a minute, without end.
#[tokio::test]
async fn a_caller_who_reads_a_little_now_and_then_is_given_up() {
    let endless = futures_util::stream::repeat_with(|| Ok::<_, Infallible>(axum::body::Bytes::from_static(&[b'x'; 64 * 1024])));
    let router = Router::new().route("/", get(async move || Body::from_stream(endless.clone())));
    let write = Patience { at_most: SHORT * 4, bytes_per_second: 100_000_000 };
    let server = start(router, Limits { write, ..patient() }).await;
    let mut slow = server.connect(ORDINARY).await;
    at_last(async {
        let mut bytes = [0; 4096];
        // Reads as slowly as possible without stopping; the connection ends normally or with a reset.
        while matches!(slow.read(&mut bytes).await, Ok(count) if count > 0) {
            TokioTimer::new().sleep(SHORT / 10).await;
        }
    })
    .await;
}

/// Formerly, five hundred silent connections from one address used up all places.
#[tokio::test]
async fn silent_connections_of_one_address_make_room_for_each_other_and_not_for_others() {
    let server = start_with(echo(), patient(), 8, 2, 0).await;
    let elsewhere = tokio::net::TcpSocket::new_v4().unwrap();
    elsewhere.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let mut other = elsewhere.connect(server.address).await.unwrap();
    other.write_all(ORDINARY.as_bytes()).await.unwrap();
    read_until(&mut other, "127.0.0.2:").await;
    let mut silent = Vec::new();
    for _ in 0..50 {
        silent.push(TcpStream::connect(server.address).await.unwrap());
    }
    let mut caller = server.connect(ORDINARY).await;
    read_until(&mut caller, "127.0.0.1:").await;
    for mut gone in silent.drain(..48) {
        assert_eq!(rest(&mut gone).await, "");
    }
    other.write_all(ORDINARY.as_bytes()).await.unwrap();
    read_until(&mut other, "127.0.0.2:").await;
}

#[tokio::test]
async fn in_the_last_place_nobody_stays_without_a_right_key() {
    let vouch = async |axum::Extension(place): axum::Extension<Arc<Place>>| place.vouch();
    let server = start_with(echo().route("/key", get(vouch)), patient(), 2, 2, 1).await;
    let mut idle = server.connect(ORDINARY).await;
    read_until(&mut idle, "127.0.0.1:").await;
    let mut stranger = server.connect(ORDINARY).await;
    let text = rest(&mut stranger).await;
    assert!(text.contains(" 200 OK") && text.to_lowercase().contains("connection: close"), "{text}");
    at_last(async {
        loop {
            let mut known = TcpStream::connect(server.address).await.unwrap();
            let _ = known.write_all(b"GET /key HTTP/1.1\r\nhost: x\r\n\r\n").await;
            let mut start = [0; 12];
            if known.read_exact(&mut start).await.is_err() || &start != b"HTTP/1.1 200" {
                continue;
            }
            read_until(&mut known, "\r\n\r\n").await;
            known.write_all(ORDINARY.as_bytes()).await.unwrap();
            return read_until(&mut known, "127.0.0.1:").await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_connection_has_an_end() {
    let server = start(echo(), Limits { lifetime: SHORT * 4, ..patient() }).await;
    let mut busy = server.connect(ORDINARY).await;
    let mut heard = String::new();
    at_last(async {
        let mut bytes = [0; 1024];
        while let Ok(count) = busy.read(&mut bytes).await
            && count > 0
        {
            heard.push_str(&String::from_utf8_lossy(&bytes[..count]));
            let _ = busy.write_all(ORDINARY.as_bytes()).await;
        }
    })
    .await;
    assert!(heard.contains(" 200 OK"));
}

#[tokio::test]
async fn calls_in_flight_finish_at_the_shutdown_and_idle_connections_end() {
    let (entered, mut is_entered) = mpsc::channel::<()>(1);
    let finish = CancellationToken::new();
    let may_finish = finish.clone();
    let handler = async move || {
        entered.send(()).await.unwrap();
        may_finish.cancelled().await;
        "finished"
    };
    let server = start(echo().route("/slow", get(handler)), patient()).await;
    let mut idle = server.connect(ORDINARY).await;
    read_until(&mut idle, "127.0.0.1:").await;
    let mut busy = server.connect("GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await;
    at_last(is_entered.recv()).await.unwrap();
    server.shutdown.cancel();
    assert_eq!(rest(&mut idle).await, "", "the idle one is closed though another is busy");
    // No new connections are accepted.
    at_last(async { while TcpStream::connect(server.address).await.is_ok() {} }).await;
    finish.cancel();
    let text = rest(&mut busy).await;
    assert!(text.contains(" 200 OK") && text.ends_with("finished"), "{text}");
    at_last(server.served).await.unwrap();
}

#[tokio::test]
async fn a_call_that_never_ends_is_cut_at_the_end_of_the_drain() {
    let (entered, mut is_entered) = mpsc::channel::<()>(1);
    let handler = async move || {
        entered.send(()).await.unwrap();
        std::future::pending::<&'static str>().await
    };
    let server = start(Router::new().route("/", get(handler)), Limits { drain: SHORT, ..patient() }).await;
    let mut busy = server.connect(ORDINARY).await;
    at_last(is_entered.recv()).await.unwrap();
    server.shutdown.cancel();
    at_last(server.served).await.unwrap();
    assert_eq!(rest(&mut busy).await, "");
}

#[tokio::test]
async fn a_stream_of_events_outlives_the_read_limit() {
    let (send, receive) = mpsc::channel::<u32>(1);
    let receive = Arc::new(tokio::sync::Mutex::new(Some(receive)));
    let handler = async move || {
        let receive = receive.lock().await.take().unwrap();
        Sse::new(futures_util::stream::unfold(receive, async |mut receive| {
            let number = receive.recv().await?;
            Some((Ok::<_, Infallible>(Event::default().data(number.to_string())), receive))
        }))
    };
    let server = start(echo().route("/events", get(handler)), Limits { read: SHORT, ..patient() }).await;
    let mut events = server.connect("GET /events HTTP/1.1\r\nhost: x\r\n\r\n").await;
    send.send(1).await.unwrap();
    read_until(&mut events, "data: 1").await;
    // A later silent connection has been closed for its silence. The stream, which is older and just as silent, has not.
    rest(&mut server.connect("").await).await;
    send.send(2).await.unwrap();
    read_until(&mut events, "data: 2").await;
}

#[tokio::test]
async fn an_upgraded_connection_outlives_the_read_limit_and_counts_apart() {
    use axum::extract::ws::{Message, WebSocketUpgrade};
    let handler = async |axum::Extension(place): axum::Extension<Arc<Place>>, upgrade: WebSocketUpgrade| {
        if !place.becomes_socket([127, 0, 0, 1].into()) {
            return axum::http::StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
        let echo = async |mut socket: axum::extract::ws::WebSocket| {
            while let Some(Ok(Message::Text(text))) = socket.recv().await {
                let _ = socket.send(Message::Text(text)).await;
            }
        };
        upgrade.on_upgrade(echo).into_response()
    };
    let router = echo().route("/ws", get(handler));
    let limits = Limits { read: SHORT, ..patient() };
    let (server, other) = (start_with(router, limits, 1, 1, 0).await, start(echo(), limits).await);
    let upgrade = "GET /ws HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
                   sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    let mut socket = server.connect(upgrade).await;
    read_until(&mut socket, "\r\n\r\n").await;
    // The only place is free again.
    served_again(&server).await;
    at_last(async {
        loop {
            let mut second = TcpStream::connect(server.address).await.unwrap();
            let _ = second.write_all(upgrade.as_bytes()).await;
            let text = rest(&mut second).await;
            assert!(!text.contains(" 101 "), "this address has its socket");
            // While the other connection's place is not released yet, the response has Retry-After.
            if text.contains(" 503 ") && !text.contains("retry-after") {
                return;
            }
        }
    })
    .await;
    // A later silent connection has been closed for its silence. This one, which is older and just as silent, has not.
    rest(&mut other.connect("").await).await;
    // One masked text frame, "hi", with a mask of zeros, and its echo.
    socket.write_all(&[0x81, 0x82, 0, 0, 0, 0, b'h', b'i']).await.unwrap();
    let mut echo = [0; 4];
    at_last(socket.read_exact(&mut echo)).await.unwrap();
    assert_eq!(echo, [0x81, 2, b'h', b'i']);
}

#[tokio::test]
async fn a_call_says_once_which_host_it_means_and_has_a_head_with_an_end() {
    let server = start(echo(), patient()).await;
    let huge = format!("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-long: {}\r\n\r\n", "x".repeat(70_000));
    let table = [
        ("GET / HTTP/1.1\r\nconnection: close\r\n\r\n", " 400 ", "bad_request"),
        ("GET / HTTP/1.1\r\nhost: x\r\nhost: y\r\nconnection: close\r\n\r\n", " 400 ", "bad_request"),
        ("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", " 200 ", "127.0.0.1"),
        ("GET / HTTP/1.0\r\n\r\n", " 200 ", "127.0.0.1"),
        (&huge, " 431 ", ""),
    ];
    for (call, status, word) in table {
        let text = rest(&mut server.connect(call).await).await;
        assert!(text.lines().next().unwrap_or_default().contains(status) && text.contains(word), "{text}");
    }
}
