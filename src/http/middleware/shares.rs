//! Limits concurrent calls per client behind a proxy, where connections belong to the proxy.

use super::rate_limit::network;
use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use hyper::body::{Frame, SizeHint};
use std::collections::HashMap;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

/// Concurrent calls of all clients.
#[derive(Clone, Debug)]
pub struct Shares {
    max: usize,
    under_way: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Shares {
    /// Allows `max` concurrent calls per client.
    pub fn new(max: usize) -> Self {
        Self { max, under_way: Arc::default() }
    }

    /// Takes one of the concurrent calls of the client at `ip`; `None` if all are in use.
    pub fn take(&self, ip: IpAddr) -> Option<Share> {
        let of = network(ip);
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        let count = under_way.get(&of).copied().unwrap_or(0);
        if count >= self.max {
            return None;
        }
        under_way.insert(of, count + 1);
        Some(Share { of, under_way: self.under_way.clone() })
    }
}

/// One concurrent call of a client, released when dropped.
#[derive(Debug)]
pub struct Share {
    of: IpAddr,
    under_way: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        let count = under_way.get(&self.of).copied().unwrap_or(1);
        if count > 1 {
            under_way.insert(self.of, count - 1);
        } else {
            under_way.remove(&self.of);
        }
    }
}

/// Drops `share` when the response body has been read to its end, or its reader is gone.
pub fn keep_while_it_lasts<T: Send + Unpin + 'static>(response: Response, share: Option<T>) -> Response {
    match share {
        None => response,
        Some(kept) => response.map(|body| Body::new(Keeping { body, _kept: kept })),
    }
}

struct Keeping<T> {
    body: Body,
    _kept: T,
}

impl<T: Send + Unpin + 'static> HttpBody for Keeping<T> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
