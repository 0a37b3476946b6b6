//! The accept loop. `axum::serve` keeps a slow or silent caller for ever; here every wait on a caller has an end: for the head
//! of a request, for each part of its body, for the caller to read what we write, and for the connection as a whole. Who may
//! have how many of them is in `places`.

mod places;
mod watched;

pub use places::{Full, InCall, Place, Places, PlacesMax};
pub use watched::Patience;

use super::middleware::head::{HEAD_MAX_BYTES, well_formed};
use super::middleware::shares::keep_while_it_lasts;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderValue, header};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper::rt::Timer;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::convert::Infallible;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::{Layer, ServiceExt};
use tower_http::timeout::RequestBodyTimeoutLayer;
use watched::Watched;

/// The most headers of one request.
const HEADERS_MAX: usize = 64;
/// The pause after the machine refused us a socket, so that a full table of files does not become a busy loop.
const REFUSED_PAUSE: Duration = Duration::from_millis(100);

/// How long callers may keep us waiting.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For the head of a request (a silent or idle connection too), and for each next part of its body.
    pub read: Duration,
    /// For a caller to take what we write.
    pub write: Patience,
    /// For a connection, from its first byte on: then it ends after the call that is under way, at the latest after as long again.
    /// Sockets are not meant.
    pub lifetime: Duration,
    /// For calls in flight to finish after the shutdown began.
    pub drain: Duration,
}

impl Limits {
    /// The limits of the settings, and ours for the rest.
    pub fn of(settings: &lastword_base::settings::Http) -> Self {
        let write = Patience { at_most: Duration::from_secs(30), bytes_per_second: settings.min_read_bytes_per_second };
        Self { read: settings.header_timeout, write, lifetime: settings.connection_lifetime, drain: Duration::from_secs(10) }
    }
}

/// Serves `router` until `shutdown`; then takes no more, lets calls in flight finish within [`Limits::drain`], and returns.
///
/// Handlers that stream for ever (events, sockets) have to end themselves at `shutdown`, or are cut at the drain's end.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, places: Arc<Places>, shutdown: CancellationToken) {
    let router = router.layer(from_fn(well_formed));
    let connections = TaskTracker::new();
    let cut = CancellationToken::new();
    loop {
        let accepted = tokio::select! {
            () = shutdown.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => match places.take(peer.ip()) {
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
                Err(why) => shed(&stream, peer, why),
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
async fn connection(stream: TcpStream, peer: SocketAddr, place: Arc<Place>, router: Router, limits: Limits, shutdown: CancellationToken) {
    // Answers are written whole; waiting to fill a packet would only delay them.
    let _ = stream.set_nodelay(true);
    let io = TokioIo::new(Watched::new(stream, limits.write, place.clone()));
    let timed = RequestBodyTimeoutLayer::new(limits.read).layer(router);
    let (held, lost) = (place.clone(), place.clone());
    let service = tower::service_fn(move |mut request: hyper::Request<Incoming>| {
        let (timed, held) = (timed.clone(), held.clone());
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(held.clone());
        async move {
            let call = held.in_call();
            let mut response: Response = timed.oneshot(request.map(Body::new)).await?.into_response();
            if held.is_spare() {
                response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            Ok::<_, Infallible>(keep_while_it_lasts(response, Some(call)))
        }
    });
    drop(place);
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.read).max_headers(HEADERS_MAX).max_buf_size(HEAD_MAX_BYTES);
    let mut served = pin!(http.serve_connection(io, TowerToHyperService::new(service)).with_upgrades());
    let ended = tokio::select! {
        ended = served.as_mut() => ended,
        () = shutdown.cancelled() => {
            served.as_mut().graceful_shutdown();
            served.await
        }
        // Dropped as it is: it has been silent, and somebody else needs its place.
        () = lost.is_lost() => return,
        () = TokioTimer::new().sleep(limits.lifetime) => {
            served.as_mut().graceful_shutdown();
            tokio::select! { ended = served => ended, () = TokioTimer::new().sleep(limits.lifetime) => Ok(()) }
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Tells a caller beyond the limit to come back, as far as that goes without waiting for it.
fn shed(stream: &TcpStream, peer: SocketAddr, why: Full) {
    tracing::debug!(%peer, ?why, "no place for a connection");
    let answer = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    let _ = stream.try_write(answer);
}

#[cfg(test)]
mod tests;
