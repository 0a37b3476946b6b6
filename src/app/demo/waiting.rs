//! What answers at the demo's address while its history is written.

use crate::http::listener::{self, Limits, Places, PlacesMax};
use crate::settings::Http;
use lastword_demo::preparing::{Preparing, routes};
use std::io;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// A server that shows how far the history has come.
pub(super) struct Waiting {
    preparing: Arc<Preparing>,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Waiting {
    /// Serves at `socket` until [`end`](Self::end). Also gives the same socket back, for the demo itself: a caller who connects between
    /// the two waits in its queue.
    ///
    /// # Errors
    /// When the machine gives no second handle of the socket.
    pub(super) fn serve(socket: TcpListener, http: &Http, days: u32) -> io::Result<(Self, TcpListener)> {
        let socket = socket.into_std()?;
        let ours = TcpListener::from_std(socket.try_clone()?)?;
        let (preparing, stop) = (Preparing::new(days), CancellationToken::new());
        let (limits, places) = (Limits::of(http), Places::new(PlacesMax::of(http)));
        let task = tokio::spawn(listener::serve(ours, routes(preparing.clone()), limits, places, stop.clone()));
        Ok((Self { preparing, stop, task }, TcpListener::from_std(socket)?))
    }

    /// `done` days are written.
    pub(super) fn set(&self, done: u32) {
        self.preparing.set(done);
    }

    /// Takes no more calls; answers those under way.
    pub(super) async fn end(self) {
        self.stop.cancel();
        // A task that panicked has been reported, and the demo needs it no longer.
        let _ = self.task.await;
    }
}
