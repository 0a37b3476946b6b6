//! A stub of a desk over HTTP, for tests of its adapter: it answers calls and behaves as [`Remote`] says. A test defines
//! only what is specific to this desk: its data, and its API.

use crate::Millis;
use crate::kit::http_stub::{read, write};
use crate::kit::{HttpAnswer, HttpRequest, Played, Remote};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::io::BufReader;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

/// The specific parts of a desk: its chats, its settings, and its API.
pub trait DeskApi: Send + 'static {
    /// The response to a successful call.
    fn takes(&mut self, request: &HttpRequest) -> HttpAnswer;

    /// The response to a call about a deleted chat; `None` for other calls.
    fn gone(&self, request: &HttpRequest) -> Option<HttpAnswer>;

    /// True if a call changes nothing.
    fn reads(&self, request: &HttpRequest) -> bool {
        request.method == "GET"
    }

    /// The response when the rate limit is exceeded. The default is status 429 with `Retry-After`.
    fn throttled(&self, wait: Millis) -> HttpAnswer {
        HttpAnswer { status: 429, headers: vec![("retry-after", (wait / 1_000).to_string())], body: "{}".to_owned() }
    }

    /// Called for each call that arrives, whatever its result.
    fn arrives(&mut self, request: &HttpRequest) {
        let _ = request;
    }
}

/// The running stub; it stops when dropped.
#[derive(Debug)]
pub struct DeskStub<A> {
    address: SocketAddr,
    inside: Arc<Inside<A>>,
    serving: Mutex<AbortHandle>,
}

#[derive(Debug)]
struct Inside<A> {
    api: Mutex<A>,
    remote: Mutex<Remote>,
    changes: AtomicUsize,
}

impl<A: DeskApi> DeskStub<A> {
    /// Starts a desk on a free port of this machine.
    ///
    /// # Panics
    /// If there is no free port.
    pub async fn start(api: A) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let inside = Arc::new(Inside { api: Mutex::new(api), remote: Mutex::new(Remote::Ok), changes: AtomicUsize::new(0) });
        let serving = Mutex::new(listen(listener, inside.clone()));
        Self { address, inside, serving }
    }

    /// `http://127.0.0.1:…`, without a trailing slash.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The data of the desk.
    pub fn lock(&self) -> MutexGuard<'_, A> {
        lock(&self.inside.api)
    }

    /// Number of calls that changed something so far.
    pub fn changes(&self) -> usize {
        self.inside.changes.load(Ordering::Relaxed)
    }

    /// For [`super::DeskHarness::play`]. A desk that was unreachable returns at the same address.
    ///
    /// # Panics
    /// If its port was taken meanwhile.
    pub async fn play(&self, remote: Remote) -> Played {
        let before = std::mem::replace(&mut *lock(&self.inside.remote), remote);
        if remote == Remote::Refused {
            lock(&self.serving).abort();
            // The port is free when the listener is gone.
            while TcpStream::connect(self.address).await.is_ok() {
                tokio::task::yield_now().await;
            }
        } else if before == Remote::Refused {
            let listener = TcpListener::bind(self.address).await.expect("the port that it had");
            *lock(&self.serving) = listen(listener, self.inside.clone());
        }
        Played::Ready
    }
}

impl<A> Drop for DeskStub<A> {
    fn drop(&mut self) {
        lock(&self.serving).abort();
    }
}

fn listen<A: DeskApi>(listener: TcpListener, inside: Arc<Inside<A>>) -> AbortHandle {
    let serving = tokio::spawn(async move {
        // Connections end with the listener: an unreachable desk holds none open.
        let mut connections = tokio::task::JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            let inside = inside.clone();
            connections.spawn(async move { inside.serve(stream).await });
        }
    });
    serving.abort_handle()
}

impl<A: DeskApi> Inside<A> {
    /// Answers calls until the caller disconnects.
    async fn serve(&self, stream: TcpStream) {
        let mut stream = BufReader::new(stream);
        while let Ok(Some(request)) = read(&mut stream).await {
            let Some(answer) = self.answer(&request) else { return std::future::pending().await };
            if write(&mut stream, &answer).await.is_err() {
                break;
            }
        }
    }

    /// `None` if the response is lost.
    fn answer(&self, request: &HttpRequest) -> Option<HttpAnswer> {
        let remote = *lock(&self.remote);
        let mut api = lock(&self.api);
        api.arrives(request);
        let reads = api.reads(request);
        let plain = |status, body: &str| Some(HttpAnswer { status, headers: Vec::new(), body: body.to_owned() });
        match remote {
            Remote::Throttled(wait) => return Some(api.throttled(wait)),
            Remote::Down => return plain(500, "away"),
            Remote::Garbage if !reads => return plain(200, "<html>a proxy</html>"),
            Remote::Blocked => {
                if let Some(gone) = api.gone(request) {
                    return Some(gone);
                }
            }
            Remote::Ok | Remote::Garbage | Remote::Hang | Remote::Refused => {}
        }
        self.changes.fetch_add(usize::from(!reads), Ordering::Relaxed);
        let answer = api.takes(request);
        // The call is performed anyway.
        (remote != Remote::Hang || reads).then_some(answer)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
