//! The accept loop. `axum::serve` keeps a slow or silent caller for ever; here every wait on a caller has an end:
//! for the head of a request, for each part of its body, and for the caller to read what we write.

use super::head::{HEAD_MAX_BYTES, well_formed};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::middleware::from_fn;
use hyper::body::Incoming;
use hyper::rt::{Sleep, Timer};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::io::{self, ErrorKind, IoSlice};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::{Layer, ServiceExt};
use tower_http::timeout::RequestBodyTimeoutLayer;

/// The most headers of one request.
const HEADERS_MAX: usize = 64;
/// The pause after the machine refused us a socket, so that a full table of files does not become a busy loop.
const REFUSED_PAUSE: Duration = Duration::from_millis(100);

/// How long callers may keep us waiting, and how many of them.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most connections at once, upgraded ones included.
    pub connections_max: usize,
    /// For the head of a request (a silent or idle connection too), and for each next part of its body.
    pub read: Duration,
    /// For a caller to take any of what we write.
    pub write: Duration,
    /// For calls in flight to finish after the shutdown began.
    pub drain: Duration,
}

impl Limits {
    /// The limits of the settings, and ours for the rest.
    pub fn of(settings: &crate::settings::Http) -> Self {
        let (write, drain) = (Duration::from_secs(30), Duration::from_secs(10));
        Self { connections_max: settings.max_connections, read: settings.header_timeout, write, drain }
    }
}

/// Serves `router` until `shutdown`; then takes no more, lets calls in flight finish within [`Limits::drain`], and returns.
///
/// Handlers that stream for ever (events, sockets) have to end themselves at `shutdown`, or are cut at the drain's end.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, shutdown: CancellationToken) {
    let router = router.layer(from_fn(well_formed));
    let places = Arc::new(Semaphore::new(limits.connections_max));
    let connections = TaskTracker::new();
    let cut = CancellationToken::new();
    loop {
        let accepted = tokio::select! {
            () = shutdown.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => match places.clone().try_acquire_owned() {
                Ok(place) => {
                    let served = connection(stream, peer, place, router.clone(), limits, shutdown.clone());
                    let cut = cut.clone();
                    connections.spawn(async move {
                        tokio::select! {
                            () = cut.cancelled() => {}
                            () = served => {}
                        }
                    });
                }
                Err(_) => shed(&stream),
            },
            // The caller gave up between its knock and our answer: nothing is wrong with us.
            Err(error) if matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset) => {}
            Err(error) => {
                tracing::error!(%error, "no socket for a new connection");
                TokioTimer::new().sleep(REFUSED_PAUSE).await;
            }
        }
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(limits.drain, connections.wait()).await.is_err() {
        tracing::warn!(connections = connections.len(), "connections still busy at the end of the shutdown are cut");
        cut.cancel();
        connections.wait().await;
    }
}

/// One connection from its first byte to its last.
async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    place: OwnedSemaphorePermit,
    router: Router,
    limits: Limits,
    shutdown: CancellationToken,
) {
    // Answers are written whole; waiting to fill a packet would only delay them.
    let _ = stream.set_nodelay(true);
    let io = TokioIo::new(Watched { stream, limit: limits.write, stalled: None, _place: place });
    let timed = RequestBodyTimeoutLayer::new(limits.read).layer(router);
    let service = timed.map_request(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.map(Body::new)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.read).max_headers(HEADERS_MAX).max_buf_size(HEAD_MAX_BYTES);
    let mut served = pin!(http.serve_connection(io, TowerToHyperService::new(service)).with_upgrades());
    let ended = tokio::select! {
        ended = served.as_mut() => ended,
        () = shutdown.cancelled() => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Tells a caller beyond the limit to come back, as far as that goes without waiting for it.
fn shed(stream: &TcpStream) {
    let answer = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    let _ = stream.try_write(answer);
}

/// A socket that gives up on a caller who reads nothing, and holds the connection's place as long as it lives: also
/// after an upgrade.
struct Watched {
    stream: TcpStream,
    limit: Duration,
    stalled: Option<Pin<Box<dyn Sleep>>>,
    _place: OwnedSemaphorePermit,
}

impl Watched {
    fn written(&mut self, context: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let stalled = self.stalled.get_or_insert_with(|| TokioTimer::new().sleep(self.limit));
        ready!(stalled.as_mut().poll(context));
        Poll::Ready(Err(ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Watched {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.written(context, written)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, context: &mut Context<'_>, parts: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.written(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests;
