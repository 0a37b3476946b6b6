//! Server at the demo's address while its history is written.

use crate::http::listener::{self, Limits, Places, PlacesMax};
use crate::settings::Http;
use lastword_demo::preparing::{Preparing, routes};
use std::io;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// A server that shows the progress of the history.
pub(super) struct Waiting {
    preparing: Arc<Preparing>,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Waiting {
    /// Serves on `socket` until [`end`](Self::end). Also returns a second handle of the socket for the demo itself; clients
    /// that connect in between wait in its queue.
    ///
    /// # Errors
    /// If the socket cannot be duplicated.
    pub(super) fn serve(socket: TcpListener, http: &Http, days: u32) -> io::Result<(Self, TcpListener)> {
        let socket = socket.into_std()?;
        let ours = TcpListener::from_std(socket.try_clone()?)?;
        let (preparing, stop) = (Preparing::new(days), CancellationToken::new());
        let (limits, places) = (Limits::of(http), Places::new(PlacesMax::of(http)));
        let task = tokio::spawn(listener::serve(ours, routes(preparing.clone()), limits, places, stop.clone()));
        Ok((Self { preparing, stop, task }, TcpListener::from_std(socket)?))
    }

    /// Sets the number of written days.
    pub(super) fn set(&self, done: u32) {
        self.preparing.set(done);
    }

    /// Accepts no more requests; finishes those in progress.
    pub(super) async fn end(self) {
        self.stop.cancel();
        // A panic of the task was already reported, and the demo no longer needs it.
        let _ = self.task.await;
    }
}
