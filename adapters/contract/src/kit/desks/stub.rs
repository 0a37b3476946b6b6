//! A desk over HTTP, as a stub for its adapter's tests: it answers calls and behaves as [`Remote`] says. A test says only what
//! is this desk's own: what it holds, and how its API answers.

use crate::Millis;
use crate::kit::http_stub::{read, write};
use crate::kit::{HttpAnswer, HttpRequest, Played, Remote};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::io::BufReader;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

/// What is this desk's own: its chats, its settings, and its API over them.
pub trait DeskApi: Send + 'static {
    /// Its answer to a call where all is well.
    fn takes(&mut self, request: &HttpRequest) -> HttpAnswer;

    /// Its answer to a call about a chat that was deleted; nothing for calls about anything else.
    fn gone(&self, request: &HttpRequest) -> Option<HttpAnswer>;

    /// Whether a call changes nothing.
    fn reads(&self, request: &HttpRequest) -> bool {
        request.method == "GET"
    }

    /// Its refusal for its rate limit, which asks to wait. The default is status 429 with `Retry-After`.
    fn throttled(&self, wait: Millis) -> HttpAnswer {
        HttpAnswer { status: 429, headers: vec![("retry-after", (wait / 1_000).to_string())], body: "{}".to_owned() }
    }

    /// A call arrived, whatever becomes of it.
    fn arrives(&mut self, request: &HttpRequest) {
        let _ = request;
    }
}

/// The running stub; it ends when dropped.
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
    /// Starts a desk with this inside on a free port of this machine.
    ///
    /// # Panics
    /// Where there is no free port.
    pub async fn start(api: A) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let inside = Arc::new(Inside { api: Mutex::new(api), remote: Mutex::new(Remote::Ok), changes: AtomicUsize::new(0) });
        let serving = Mutex::new(listen(listener, inside.clone()));
        Self { address, inside, serving }
    }

    /// `http://127.0.0.1:…`, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What the desk holds.
    pub fn lock(&self) -> MutexGuard<'_, A> {
        lock(&self.inside.api)
    }

    /// How many calls changed something so far.
    pub fn changes(&self) -> usize {
        self.inside.changes.load(Ordering::Relaxed)
    }

    /// For [`super::DeskHarness::play`]. A desk that went away comes back at the same address.
    ///
    /// # Panics
    /// Where its port was taken meanwhile.
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
        // They end with the listener: a desk that went away holds no connection open.
        let mut connections = tokio::task::JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            let inside = inside.clone();
            connections.spawn(async move { inside.serve(stream).await });
        }
    });
    serving.abort_handle()
}

impl<A: DeskApi> Inside<A> {
    /// Answers calls until the caller hangs up.
    async fn serve(&self, stream: TcpStream) {
        let mut stream = BufReader::new(stream);
        while let Ok(Some(request)) = read(&mut stream).await {
            let Some(answer) = self.answer(&request) else { return std::future::pending().await };
            if write(&mut stream, &answer).await.is_err() {
                break;
            }
        }
    }

    /// `None` where the answer is lost.
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
        // What was asked for is done all the same.
        (remote != Remote::Hang || reads).then_some(answer)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
