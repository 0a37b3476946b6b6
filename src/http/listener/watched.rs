//! The socket of a connection. It gives up on callers who read too slowly, and holds the connection's place for its
//! lifetime, also after an upgrade.

use super::places::Place;
use hyper::rt::{Sleep, Timer};
use hyper_util::rt::TokioTimer;
use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// Time limits for a caller who reads.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Maximum wait for the first byte, and a reserve for pauses.
    pub at_most: Duration,
    /// Bytes that each second of waiting must transfer; a lower rate uses up the reserve.
    pub bytes_per_second: u32,
}

/// The socket.
pub(super) struct Watched {
    stream: TcpStream,
    patience: Patience,
    /// Remaining reserve. Time with nothing to write does not count.
    left: Duration,
    /// Start of the current wait, and its timeout.
    waiting: Option<(Instant, Pin<Box<dyn Sleep>>)>,
    _place: Arc<Place>,
}

impl Watched {
    pub(super) fn new(stream: TcpStream, patience: Patience, place: Arc<Place>) -> Self {
        Self { stream, patience, left: patience.at_most, waiting: None, _place: place }
    }

    fn written(&mut self, context: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(Ok(count)) => {
                if let Some((since, _)) = self.waiting.take() {
                    self.left = self.left.saturating_sub(since.elapsed());
                }
                let rate = f64::from(self.patience.bytes_per_second.max(1));
                let earned = Duration::from_secs_f64(count as f64 / rate);
                self.left = self.left.saturating_add(earned).min(self.patience.at_most);
                Poll::Ready(Ok(count))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => {
                let left = self.left;
                let (_, over) = self.waiting.get_or_insert_with(|| (now(), TokioTimer::new().sleep(left)));
                match over.as_mut().poll(context) {
                    Poll::Ready(()) => Poll::Ready(Err(ErrorKind::TimedOut.into())),
                    Poll::Pending => Poll::Pending,
                }
            }
        }
    }
}

fn now() -> Instant {
    #[expect(clippy::disallowed_methods, reason = "how long a caller lets us wait is no matter of the engine's time")]
    Instant::now()
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
