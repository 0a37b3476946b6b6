//! The accept loop. `axum::serve` waits for slow or silent callers without limit. Here every wait has a timeout: for the
//! head of a request, for each part of its body, for the caller to read the response, and for the connection as a whole.
//! The number of connections per caller is limited in `places`.

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

/// Maximum number of headers of a request.
const HEADERS_MAX: usize = 64;
/// Pause after the system refused a socket, so that a full file table does not cause a busy loop.
const REFUSED_PAUSE: Duration = Duration::from_millis(100);

/// Time limits for callers.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For the head of a request (also on a silent or idle connection), and for each further part of its body.
    pub read: Duration,
    /// For a caller to read what we write.
    pub write: Patience,
    /// For a connection, from its first byte. Then it ends after the current call, at the latest after the same time again.
    /// WebSockets are exempt.
    pub lifetime: Duration,
    /// For calls in progress to finish after the shutdown began.
    pub drain: Duration,
}

impl Limits {
    /// The limits from the settings, and fixed values for the rest.
    pub fn of(settings: &lastword_base::settings::Http) -> Self {
        let write = Patience { at_most: Duration::from_secs(30), bytes_per_second: settings.min_read_bytes_per_second };
        Self { read: settings.header_timeout, write, lifetime: settings.connection_lifetime, drain: Duration::from_secs(10) }
    }
}

/// Serves `router` until `shutdown`. Then it accepts no more connections, lets calls in progress finish within
/// [`Limits::drain`], and returns.
///
/// Handlers that stream without end (events, sockets) must end themselves at `shutdown`, or are cut off after `drain`.
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
            // The caller disconnected before we accepted; not an error on our side.
            Err(error) if matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset) => {}
            Err(error) => {
                tracing::error!(%error, "could not accept a connection");
                TokioTimer::new().sleep(REFUSED_PAUSE).await;
            }
        }
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(limits.drain, connections.wait()).await.is_err() {
        tracing::warn!(connections = connections.len(), "closing connections that are still busy at the end of the shutdown");
        cut.cancel();
        connections.wait().await;
    }
}

/// Serves one connection from its first byte to its last.
async fn connection(stream: TcpStream, peer: SocketAddr, place: Arc<Place>, router: Router, limits: Limits, shutdown: CancellationToken) {
    // Responses are written whole, so waiting to fill a packet would only delay them.
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
        // Dropped without a response: it was silent, and its place is needed.
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

/// Responds to a caller beyond the limit, as far as possible without waiting for it.
fn shed(stream: &TcpStream, peer: SocketAddr, why: Full) {
    tracing::debug!(%peer, ?why, "no place for a connection");
    let answer = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    let _ = stream.try_write(answer);
}

#[cfg(test)]
mod tests;
