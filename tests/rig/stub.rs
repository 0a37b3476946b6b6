//! A stub of any HTTP service: accepts and records every request, and responds as the test specifies. It runs on its own
//! thread, so it responds even while a test is busy, and tolerates killed clients.

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::service::service_fn;
use hyper::{Request, Response, body::Incoming};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};

/// Only a failing test waits this long.
const PATIENCE: Duration = Duration::from_secs(60);

/// A received request.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// Its index among all requests of this stub, from 0.
    pub(crate) number: usize,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
}

impl Seen {
    /// The first header of that name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON; `null` if it is not JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

/// The stub's reaction to a request, after recording it.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// A complete response: status, headers, body.
    Full(u16, Vec<(String, String)>, Bytes),
    /// Closes the connection without a response: the caller cannot know the result.
    Cut,
    /// Never responds, but keeps the connection open.
    Hang,
    /// Another reaction after a delay.
    After(Duration, Box<Answer>),
}

impl Answer {
    /// A JSON body with this status.
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Self::Full(status, headers, Bytes::from(body.to_string()))
    }

    /// This reaction after a delay.
    pub(crate) fn after(self, delay: Duration) -> Self {
        Self::After(delay, Box::new(self))
    }
}

type Program = dyn Fn(&Seen) -> Answer + Send + Sync;

/// A running stub on a free loopback port; it stops on drop.
#[derive(Debug)]
pub(crate) struct Stub {
    pub(crate) address: SocketAddr,
    seen: watch::Receiver<Vec<Seen>>,
    state: Arc<State>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

struct State {
    seen: watch::Sender<Vec<Seen>>,
    program: Mutex<Arc<Program>>,
    log: Option<Mutex<File>>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").finish_non_exhaustive()
    }
}

impl Stub {
    /// A stub whose responses are returned by `program`.
    pub(crate) fn start(program: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> Self {
        Self::run(Arc::new(program), None)
    }

    /// The same; before it responds it appends one line of JSON to `log`, which survives every crash of ours.
    pub(crate) fn start_with_log(log: &Path, program: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> Self {
        let file = OpenOptions::new().create(true).append(true).open(log).expect("the provider's log opens");
        Self::run(Arc::new(program), Some(file))
    }

    /// Replaces the responses from now on.
    pub(crate) fn program(&self, program: impl Fn(&Seen) -> Answer + Send + Sync + 'static) {
        *self.state.program.lock().expect("no program panicked") = Arc::new(program);
    }

    /// `http://127.0.0.1:…`, without a slash at the end.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// All requests so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.borrow().clone()
    }

    /// Waits for a request that `wanted` accepts, earlier ones included, and returns it.
    pub(crate) async fn wait_for(&self, wanted: impl Fn(&Seen) -> bool) -> Seen {
        let mut seen = self.seen.clone();
        let wait = seen.wait_for(|seen| seen.iter().any(&wanted));
        let Ok(Ok(found)) = tokio::time::timeout(PATIENCE, wait).await else {
            panic!("the stub did not see it within {PATIENCE:?}. It saw: {:#?}", self.seen());
        };
        found.iter().find(|seen| wanted(seen)).cloned().expect("just found")
    }

    fn run(program: Arc<Program>, log: Option<File>) -> Self {
        let (sender, seen) = watch::channel(Vec::new());
        let state = Arc::new(State { seen: sender, program: Mutex::new(program), log: log.map(Mutex::new) });
        let (stop, stopped) = oneshot::channel();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("not blocking");
        let address = listener.local_addr().expect("bound");
        let shared = Arc::clone(&state);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).expect("a listener");
                tokio::select! {
                    () = accept(listener, shared) => {}
                    _ = stopped => {}
                }
            });
        });
        Self { address, seen, state, stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the stub itself was already printed; a second one here would abort the test run.
            let _ = thread.join();
        }
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve(stream, Arc::clone(&state)));
    }
}

async fn serve(stream: TcpStream, state: Arc<State>) {
    let service = service_fn(move |request| {
        let state = Arc::clone(&state);
        async move {
            let seen = record(request, &state).await?;
            let program = Arc::clone(&state.program.lock().expect("no program panicked"));
            answer(program(&seen)).await
        }
    });
    // An error means that the client disconnected, or that the stub cut the connection.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// Records the request, in memory and in the log, before responding.
async fn record(request: Request<Incoming>, state: &State) -> Result<Seen, CutOff> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| CutOff)?.to_bytes();
    let headers = head.headers.iter();
    let mut seen = Seen {
        number: 0,
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: headers.map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())).collect(),
        body,
    };
    if let Some(log) = &state.log {
        let body = String::from_utf8_lossy(&seen.body);
        let line = json!({ "method": seen.method, "path": seen.path, "query": seen.query, "headers": seen.headers, "body": body });
        writeln!(log.lock().expect("no writer panicked"), "{line}").expect("the provider's log takes a line");
    }
    state.seen.send_modify(|all| {
        seen.number = all.len();
        all.push(seen.clone());
    });
    Ok(seen)
}

async fn answer(mut answer: Answer) -> Result<Response<Full<Bytes>>, CutOff> {
    while let Answer::After(delay, then) = answer {
        tokio::time::sleep(delay).await;
        answer = *then;
    }
    match answer {
        Answer::Full(status, headers, body) => {
            let head = headers.into_iter().fold(Response::builder().status(status), |head, (name, value)| head.header(name, value));
            Ok(head.body(Full::new(body)).expect("the test's answer is HTTP"))
        }
        Answer::Hang => std::future::pending().await,
        Answer::Cut | Answer::After(..) => Err(CutOff),
    }
}

/// Makes hyper drop the connection.
#[derive(Debug, thiserror::Error)]
#[error("the stub cut the connection")]
struct CutOff;
