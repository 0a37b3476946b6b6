//! A private PostgreSQL cluster from Debian's binaries, or the server named by `LASTWORD_TEST_POSTGRES_URL`.
//!
//! A small shell script (`postgres.sh`) starts it and holds a pipe to this process: when the process ends for any reason,
//! the script reads the end of the pipe, stops the server immediately and removes its folder.

use lastword::store::Db;
use sqlx::Connection as _;
use std::hash::BuildHasher as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};
use tokio::sync::OnceCell;

const WATCHDOG: &str = include_str!("postgres.sh");
/// Another program may take the free port between our check and the server's start.
const START_TRIES: u32 = 5;

/// True if a cluster syncs to the disk: only a power failure shows the difference, so most tests do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fsync {
    On,
    Off,
}

/// Creates a fresh database with our empty tables on the server shared by all tests of this process, and returns its URL.
///
/// The tables are copied from a template that is migrated once: running the migrations for each of hundreds of tests takes longer.
///
/// On a server given by `LASTWORD_TEST_POSTGRES_URL` the databases (`lastword_test_…`) are not removed; that is left to its owner.
pub(crate) async fn database() -> String {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    let server = server();
    let template = TEMPLATE.get_or_init(|| async {
        let url = create(&server, "template0").await;
        Db::open(&url, 1).await.expect("the migrations run").close().await;
        url.rsplit('/').next().and_then(|name| name.split('?').next()).expect("a name").to_owned()
    });
    create(&server, template.await).await
}

/// Creates a fresh, empty database there, without tables.
pub(crate) async fn empty() -> String {
    create(&server(), "template0").await
}

/// The server shared by all tests of this process.
fn server() -> String {
    static SHARED: OnceLock<Result<Cluster, String>> = OnceLock::new();
    if let Ok(given) = std::env::var("LASTWORD_TEST_POSTGRES_URL") {
        return given;
    }
    match SHARED.get_or_init(|| Cluster::start(Fsync::Off)) {
        Ok(cluster) => cluster.url(),
        Err(why) => panic!("{why}"),
    }
}

/// A private server, stopped and removed on drop.
#[derive(Debug)]
pub(crate) struct Cluster {
    port: u16,
    dir: PathBuf,
    /// `None` only while dropping: closing the pipe stops the server.
    pipe: Option<Mutex<(ChildStdin, BufReader<ChildStdout>)>>,
    watchdog: Child,
}

impl Cluster {
    /// Starts a separate cluster for the caller, which can stop and start it.
    pub(crate) fn own(fsync: Fsync) -> Self {
        Self::start(fsync).unwrap_or_else(|why| panic!("{why}"))
    }

    /// Starts a standby that copies this cluster from now on.
    pub(crate) fn standby(&self, fsync: Fsync) -> Self {
        Self::start_as(fsync, Some(self.port)).unwrap_or_else(|why| panic!("{why}"))
    }

    /// Promotes a standby; returns when it accepts writes.
    pub(crate) fn promote(&self) {
        self.command("promote");
    }

    /// Host and port.
    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The URL of its maintenance database.
    pub(crate) fn url(&self) -> String {
        format!("postgres://lastword@127.0.0.1:{}/postgres?sslmode=disable", self.port)
    }

    /// The folder that holds its data, log and Unix socket.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Creates a fresh, empty database and returns its URL.
    pub(crate) async fn database(&self) -> String {
        create(&self.url(), "template0").await
    }

    /// Stops without a checkpoint, as in a crash, and starts again; returns when connections are accepted.
    pub(crate) fn restart_immediate(&self) {
        self.command("restart");
    }

    /// Stops without a checkpoint, and stays down until [`Cluster::start_again`].
    pub(crate) fn stop_immediate(&self) {
        self.command("stop");
    }

    /// Starts after [`Cluster::stop_immediate`]; returns when connections are accepted.
    pub(crate) fn start_again(&self) {
        self.command("start");
    }

    fn start(fsync: Fsync) -> Result<Self, String> {
        Self::start_as(fsync, None)
    }

    fn start_as(fsync: Fsync, primary: Option<u16>) -> Result<Self, String> {
        let bin = binaries()?;
        let mut why = String::new();
        for _ in 0..START_TRIES {
            match Self::try_start(&bin, fsync, primary) {
                Ok(cluster) => return Ok(cluster),
                Err(error) => why = error,
            }
        }
        Err(format!("no private PostgreSQL after {START_TRIES} tries: {why}"))
    }

    fn try_start(bin: &Path, fsync: Fsync, primary: Option<u16>) -> Result<Self, String> {
        let told = |error: std::io::Error| error.to_string();
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).map_err(told)?.port();
        let mut watchdog = watchdog(bin, port, fsync, primary, Stdio::piped()).map_err(told)?;
        let pipe = watchdog.stdin.take().zip(watchdog.stdout.take());
        let (stdin, stdout) = pipe.ok_or("the watchdog has no pipes")?;
        let mut stdout = BufReader::new(stdout);
        let mut line = String::new();
        stdout.read_line(&mut line).map_err(told)?;
        let Some(dir) = line.trim_end().strip_prefix("dir ").map(PathBuf::from) else {
            let status = watchdog.wait().map_err(told)?;
            return Err(format!("the cluster's watchdog ended with {status}; its words are above"));
        };
        Ok(Self { port, dir, pipe: Some(Mutex::new((stdin, stdout))), watchdog })
    }

    fn command(&self, command: &str) {
        let pipe = self.pipe.as_ref().expect("the pipe is there until drop");
        let mut pipe = pipe.lock().expect("no command panicked");
        writeln!(pipe.0, "{command}").expect("the watchdog lives");
        let mut line = String::new();
        pipe.1.read_line(&mut line).expect("the watchdog answers");
        assert_eq!(line.trim_end(), "ok", "PostgreSQL's {command} failed; the watchdog's words are above");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.pipe = None;
        // Waiting ensures that nothing is left; an error would only hide the test's own.
        let _ = self.watchdog.wait();
    }
}

/// The shell script that starts the cluster and removes it at the end of `stdin`.
pub(crate) fn watchdog(bin: &Path, port: u16, fsync: Fsync, primary: Option<u16>, stdin: Stdio) -> std::io::Result<Child> {
    Command::new("sh")
        .args(["-c", WATCHDOG, "lastword-test-postgres"])
        .arg(bin)
        .arg(port.to_string())
        .arg(if fsync == Fsync::On { "on" } else { "off" })
        .args(primary.map(|port| port.to_string()))
        .env("WATCHDOG", WATCHDOG)
        .stdin(stdin)
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        // A Ctrl-C on the terminal must not reach the server before us.
        .process_group(0)
        .spawn()
}

/// The server binaries in the folder `LASTWORD_TEST_POSTGRES_BIN`, or else the newest ones that Debian's packages installed.
pub(crate) fn binaries() -> Result<PathBuf, String> {
    if let Some(given) = std::env::var_os("LASTWORD_TEST_POSTGRES_BIN").map(PathBuf::from) {
        return if given.join("initdb").exists() { Ok(given) } else { Err(format!("there is no initdb in {}", given.display())) };
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let installed = versions.filter(|entry| entry.path().join("bin/initdb").exists());
    let newest = installed.max_by_key(|entry| entry.file_name().to_string_lossy().parse::<u32>().unwrap_or(0));
    newest.map(|entry| entry.path().join("bin")).ok_or_else(|| {
        "these tests need PostgreSQL's server binaries: run ./test, which installs them, or `apt-get install postgresql`, \
         or set LASTWORD_TEST_POSTGRES_URL to a server where databases can be made"
            .to_owned()
    })
}

/// Creates a copy of `template` with a unique name on the server of `url`.
async fn create(url: &str, template: &str) -> String {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let made = MADE.fetch_add(1, Ordering::Relaxed);
    let salt = std::hash::RandomState::new().hash_one(made);
    let name = format!("lastword_test_{}_{made}_{salt:016x}", std::process::id());
    let mut connection = sqlx::PgConnection::connect(url).await.expect("the test PostgreSQL takes connections");
    let statement = format!("CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'");
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut connection).await.expect("a database is made");
    connection.close().await.expect("the connection closes");
    let mut fresh = url::Url::parse(url).expect("a PostgreSQL URL");
    fresh.set_path(&name);
    fresh.into()
}
