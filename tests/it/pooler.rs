//! A pooler in front of PostgreSQL, PgBouncer in session and in transaction mode: two nodes through the whole life of a
//! rating, a burst of closes, and a restart of the pooler; and errors about a pooler that does not match the settings.

use crate::rig::folder::Folder;
use crate::rig::postgres::{self, Cluster, Fsync};
use crate::rig::world::{World, messenger};
use lastword::app::runner;
use lastword::id::Ids;
use lastword::life::Engine;
use lastword::life::session::close::close_sessions;
use lastword::queue::Tuning;
use lastword::settings::Pooler;
use lastword::store::db::Opening;
use lastword::store::sql::Sql;
use lastword::store::{Db, StoreError};
use lastword::values;
use std::collections::BTreeSet;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

/// A PgBouncer in front of the server of `url`. It is stopped on drop.
struct PgBouncer {
    child: Child,
    port: u16,
    folder: tempfile::TempDir,
    /// URL of the same database through it.
    url: String,
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl PgBouncer {
    async fn before(url: &str, mode: &str, ignores: &str, sessions: u32) -> Self {
        let direct = url::Url::parse(url).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).unwrap().port();
        let folder = tempfile::Builder::new().prefix("lastword-pooler").tempdir_in("/tmp").unwrap();
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let settings = folder.path().join("pgbouncer.ini");
        let text = format!(
            "[databases]\n* = host={} port={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n\
             pool_mode = {mode}\nignore_startup_parameters = {ignores}\nmax_client_conn = 100\ndefault_pool_size = {sessions}\n[users]\n",
            direct.host_str().unwrap(),
            direct.port().unwrap(),
        );
        let text = text.replace("* = host", &format!("* = user={} host", direct.username()));
        std::fs::write(&settings, text).unwrap();
        let child = Self::start(folder.path(), port).await;
        let mut through = direct;
        through.set_port(Some(port)).unwrap();
        Self { child, port, folder, url: through.into() }
    }

    async fn start(folder: &Path, port: u16) -> Child {
        let settings = folder.join("pgbouncer.ini");
        let program = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"].into_iter().find(|path| std::path::Path::new(path).exists());
        let program = program.expect("this test needs PgBouncer: run ./test, which installs it, or `apt-get install pgbouncer`");
        // It refuses to run as root.
        let user = if rustix::process::getuid().is_root() {
            ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"].as_slice()
        } else {
            &[]
        };
        let mut words = user.iter().copied().chain([program, settings.to_str().unwrap()]);
        let mut command = Command::new(words.next().unwrap());
        let child = command.args(words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        for _ in 0..200 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        child
    }

    /// Stops it immediately, with all its connections, and starts it again.
    async fn restart(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.child = Self::start(self.folder.path(), self.port).await;
    }
}

/// Opens a database through a pooler in this mode.
async fn opened(url: &str, pooler: Pooler) -> Result<Db, StoreError> {
    Db::open_with(url, Opening { connections: 6, pooler, ..Opening::default() }).await
}

/// Two nodes on one database behind a pooler with fewer sessions than the nodes have connections.
async fn serves_two_nodes(mode: &str, pooler: Pooler, sessions: u32) {
    let mut between = PgBouncer::before(&postgres::empty().await, mode, "", sessions).await;
    let db = opened(&between.url, pooler).await.unwrap();
    db.migrate().await.unwrap();
    let world = World::over(db, messenger()).await;
    let second = opened(&between.url, pooler).await.unwrap();
    let second = Engine { db: second, ids: Arc::new(Ids::seeded(2)), lines: Arc::default(), ..world.engine.clone() };
    let other = runner(&second, Tuning::default(), None);
    // The whole life of a rating: asked by one node, answered at the other, alerted.
    let (_, question) = world.ask("one").await;
    world.tap(&question, "\u{1f44e}").await;
    while other.tick().await.unwrap() > 0 {}
    assert_eq!(world.staff.take().iter().filter(|message| message.text.contains("one")).count(), 1);
    // A burst of closes at both nodes, with a restart of the pooler in the middle.
    let now = world.now();
    let storm = 60;
    let mut callers = Vec::new();
    for number in 0..storm {
        let close = world.close_of(&format!("storm-{number}"));
        let engine = if number % 2 == 0 { world.engine.clone() } else { second.clone() };
        callers.push(tokio::spawn(async move {
            // Repeated until accepted, like a desk does.
            while close_sessions(&engine, vec![close.clone()], now).await.is_err() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }));
        if number == storm / 2 {
            between.restart().await;
        }
    }
    for caller in callers {
        caller.await.unwrap();
    }
    world.clock.advance(60_000);
    let sent = async || {
        // A tick that meets an old connection of the pooler fails, and the next one gets a new connection.
        let _ = (world.runner.tick().await, other.tick().await);
        let sent = world.client.sent.lock().unwrap();
        sent.iter().filter(|message| message.to.chat.starts_with("chat-storm")).map(|message| message.to.chat.clone()).collect::<Vec<_>>()
    };
    let mut chats = sent().await;
    for _ in 0..100 {
        if chats.len() >= storm {
            break;
        }
        chats = sent().await;
    }
    let once: BTreeSet<&String> = chats.iter().collect();
    assert_eq!((once.len(), chats.len()), (storm, storm), "each is asked once: {chats:?}");
    let counted = lastword::life::report::recount::recount(&world.engine.db, world.now(), |_| ()).await.unwrap();
    assert_eq!(counted.wrong, 0, "{:?}", counted.told);
}

#[tokio::test]
async fn session_mode_serves_two_nodes_over_a_restart_of_the_pooler() {
    static SETTING: Sql = Sql::new("SELECT current_setting('lock_timeout') || ' ' || current_setting('enable_seqscan')");
    serves_two_nodes("session", Pooler::Session, 20).await;
    let between = PgBouncer::before(&postgres::database().await, "session", "", 20).await;
    let db = opened(&between.url, Pooler::Session).await.unwrap();
    assert_eq!(db.read(&SETTING, values![]).await.unwrap()[0].text().unwrap(), "5s off");
}

#[tokio::test]
async fn transaction_mode_serves_two_nodes_over_a_restart_of_the_pooler() {
    serves_two_nodes("transaction", Pooler::Transaction, 3).await;
}

#[tokio::test]
async fn transaction_mode_brings_the_settings_into_each_transaction_and_a_pool_of_one_is_enough() {
    static SETTING: Sql = Sql::new(
        "SELECT current_setting('lock_timeout') || ' ' || current_setting('enable_seqscan') || ' ' || current_setting('statement_timeout')",
    );
    let url = postgres::database().await;
    let between = PgBouncer::before(&url, "transaction", "", 1).await;
    let db = opened(&between.url, Pooler::Transaction).await.unwrap();
    let direct = Db::open(&url, 2).await.unwrap();
    for _ in 0..3 {
        assert_eq!(db.read(&SETTING, values![]).await.unwrap()[0].text().unwrap(), "5s off 15s");
        assert_eq!(db.place().await.unwrap(), direct.place().await.unwrap(), "each transaction knows where it is");
    }
    let reads = (0..20).map(|_| {
        let db = db.clone();
        tokio::spawn(async move { db.read(&SETTING, values![]).await.map(drop) })
    });
    for read in reads.collect::<Vec<_>>() {
        read.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_role_with_the_settings_saves_them_in_each_transaction() {
    let cluster = Cluster::own(Fsync::Off);
    let url = cluster.database().await;
    let name = url.rsplit('/').next().unwrap().split('?').next().unwrap().to_owned();
    let folder = Folder::new();
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_lastword"));
    let output = command.args(["database", "role"]).current_dir(folder.path()).env("LASTWORD__DATABASE__URL", &url).output().await.unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.contains(&format!("ALTER ROLE \"lastword\" IN DATABASE \"{name}\" SET enable_seqscan = 'off';")), "{printed}");
    let mut owner = <sqlx::PgConnection as sqlx::Connection>::connect(&url).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(printed)).execute(&mut owner).await.unwrap();
    let between = PgBouncer::before(&url, "transaction", "", 4).await;
    static LOCAL: Sql = Sql::new("SELECT source FROM pg_settings WHERE name = 'enable_seqscan'");
    let db = opened(&between.url, Pooler::Transaction).await.unwrap();
    assert_eq!(
        db.read(&LOCAL, values![]).await.unwrap()[0].text().unwrap(),
        "database user",
        "it is the role's, and not the transaction's"
    );
}

/// A database replaced under a running node, behind a pooler that keeps its connections: nothing is sent from it.
#[tokio::test]
async fn behind_a_pooler_a_swapped_database_sends_nothing() {
    let cluster = Cluster::own(Fsync::Off);
    let url = cluster.database().await;
    let name = url.rsplit('/').next().unwrap().split('?').next().unwrap().to_owned();
    let between = PgBouncer::before(&url, "transaction", "", 4).await;
    let db = opened(&between.url, Pooler::Transaction).await.unwrap();
    db.migrate().await.unwrap();
    let world = World::over(db, messenger()).await;
    lastword::life::records::detect_copy::beat(&world.engine, None, world.now()).await.unwrap();
    world.tell(world.close_of("one")).await;
    let mut owner = <sqlx::PgConnection as sqlx::Connection>::connect(&cluster.url()).await.unwrap();
    for statement in [
        format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"),
        format!("ALTER DATABASE {name} RENAME TO old"),
        format!("CREATE DATABASE {name} TEMPLATE old"),
    ] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut owner).await.unwrap();
    }
    world.clock.advance(60_000);
    for _ in 0..8 {
        let _ = world.runner.tick().await;
    }
    assert!(world.client.take().is_empty(), "the copy asks nobody");
}

#[tokio::test]
async fn transaction_mode_that_the_settings_do_not_name_is_refused_with_its_remedy() {
    let between = PgBouncer::before(&postgres::database().await, "transaction", "", 20).await;
    for pooler in [Pooler::None, Pooler::Session] {
        let said = opened(&between.url, pooler).await.err().expect("refused").to_string();
        assert!(said.contains("pooler in transaction mode") && said.contains("database.pooler = \"transaction\""), "{said}");
    }
}

#[tokio::test]
async fn a_parameter_that_the_pooler_refuses_is_named_with_its_setting() {
    let between = PgBouncer::before(&postgres::database().await, "session", "", 20).await;
    let said = Db::open(&format!("{}&options=-c%20jit%3Doff", between.url), 4).await.err().expect("refused").to_string();
    assert!(said.contains("unsupported startup parameter: options") && said.contains("ignore_startup_parameters"), "{said}");
}

#[tokio::test]
async fn a_pooler_with_one_session_is_named_and_does_not_hold_up_the_start() {
    let between = PgBouncer::before(&postgres::database().await, "session", "", 1).await;
    let said = Db::open(&between.url, 4).await.err().expect("refused").to_string();
    assert!(said.contains("no second connection within 5 seconds") && said.contains("pool size"), "{said}");
}

#[tokio::test]
async fn a_doctor_recognises_a_pooler_and_a_setting_that_does_not_fit() {
    let url = postgres::database().await;
    let (sessions, transactions) =
        (PgBouncer::before(&url, "session", "", 20).await, PgBouncer::before(&url, "transaction", "options", 20).await);
    let folder = Folder::new();
    for (url, pooler, words) in [
        (&sessions.url, "session", "ok      pooler: in session mode"),
        (&transactions.url, "transaction", "ok      pooler: in transaction mode: each statement takes several round trips"),
        (&url, "session", "PROBLEM pooler: database.pooler is \"session\", and there is none"),
        (&url, "transaction", "PROBLEM pooler: database.pooler is \"transaction\", and there is none"),
        (&sessions.url, "transaction", "PROBLEM pooler: database.pooler is \"transaction\", and the pooler is in session mode"),
        (&transactions.url, "none", "PROBLEM database: database.url: it leads through a pooler in transaction mode"),
    ] {
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_lastword"));
        command.arg("doctor").current_dir(folder.path()).env("LASTWORD__DATABASE__URL", url).env("LASTWORD__DATABASE__POOLER", pooler);
        let said = String::from_utf8(command.output().await.unwrap().stdout).unwrap();
        assert!(said.contains(words), "{pooler}: {said}");
    }
}

/// Measures the cost of a mode with one caller, so that round trips count and not the machine. Long form only.
#[tokio::test]
async fn what_each_mode_costs() {
    if !crate::rig::long() {
        return;
    }
    static ONE: Sql = Sql::new("SELECT name FROM line WHERE id = $1");
    let url = postgres::database().await;
    Db::open(&url, 2).await.unwrap().migrate().await.unwrap();
    let (sessions, transactions) = (PgBouncer::before(&url, "session", "", 20).await, PgBouncer::before(&url, "transaction", "", 20).await);
    for (name, url, pooler) in [
        ("PostgreSQL itself", &url, Pooler::None),
        ("session mode", &sessions.url, Pooler::Session),
        ("transaction mode", &transactions.url, Pooler::Transaction),
    ] {
        let world = World::over(opened(url, pooler).await.unwrap(), messenger()).await;
        let (reads, closes) = (400, 200);
        let started = std::time::Instant::now();
        for _ in 0..reads {
            world.engine.db.read(&ONE, values!["support"]).await.unwrap();
        }
        let read = started.elapsed() / reads;
        let started = std::time::Instant::now();
        for number in 0..closes {
            world.tell(world.close_of(&format!("{name} {number}"))).await;
        }
        eprintln!("{name}: a read {read:?}, a close {:?}", started.elapsed() / closes);
    }
}
