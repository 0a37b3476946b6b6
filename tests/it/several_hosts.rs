//! Several hosts in `database.url`, one of which accepts writes: the leader is found, followed when it moves, and waited
//! for; and connections that end, hang up or reach another service.

use crate::rig::folder::Folder;
use crate::rig::postgres::{Cluster, Fsync, database};
use crate::rig::process::Process;
use crate::rig::world::{World, messenger};
use lastword::life::answer::accept::accept;
use lastword::life::facts::inbound::Arrived;
use lastword::life::session::close::close_sessions;
use lastword::store::sql::Sql;
use lastword::store::{Db, StoreError};
use lastword::values;
use lastword_contract::{Inbound, InboundKind};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::net::TcpListener;
use std::time::{Duration, Instant};
use tokio::process::Command;

static ADD: Sql = Sql::new("INSERT INTO client (id, revision, updated_at) VALUES ($1, 0, 0)");

async fn run(url: &str, statements: &[&str]) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    for statement in statements {
        sqlx::raw_sql(AssertSqlSafe((*statement).to_owned())).execute(&mut connection).await.unwrap();
    }
}

async fn add(db: &Db, id: String) -> Result<(), StoreError> {
    db.write::<_, StoreError, _>(move |tx| {
        let id = id.clone();
        Box::pin(async move { tx.execute(&ADD, values![id]).await.map(drop) })
    })
    .await
}

/// The URL of a database on the hosts of `clusters`, in this order.
fn over(clusters: &[&Cluster], url: &str) -> String {
    let hosts: Vec<String> = clusters.iter().map(|cluster| cluster.address()).collect();
    let (_, name) = url.rsplit_once('/').unwrap();
    format!("postgres://lastword@{}/{name}", hosts.join(","))
}

/// A leader and its standby, which has everything committed, with a database of ours.
async fn leader_and_standby(synchronous: bool) -> (Cluster, Cluster, String) {
    let leader = Cluster::own(Fsync::Off);
    let url = leader.database().await;
    Db::open(&url, 2).await.unwrap().migrate().await.unwrap();
    let standby = leader.standby(Fsync::Off);
    if synchronous {
        let all =
            ["ALTER SYSTEM SET synchronous_standby_names = '*'", "ALTER SYSTEM SET synchronous_commit = on", "SELECT pg_reload_conf()"];
        run(&leader.url(), &all).await;
    }
    (leader, standby, url)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_a_synchronous_failover_no_acknowledged_close_is_lost() {
    let (leader, standby, url) = leader_and_standby(true).await;
    let hosts = over(&[&standby, &leader], &url);
    let world = World::on(&hosts, messenger()).await;
    let (engine, now) = (world.engine.clone(), world.now());
    let closes: Vec<_> = (0..600).map(|number| world.close_of(&format!("S-{number}"))).collect();
    let (acknowledged, killed) = (std::sync::Arc::new(std::sync::Mutex::new(BTreeSet::new())), Instant::now());
    let kept = acknowledged.clone();
    let caller = tokio::spawn(async move {
        let mut gap = (Instant::now(), Duration::ZERO);
        for close in closes {
            let id = close.session_id.clone();
            // Repeated until accepted, like a desk does.
            while close_sessions(&engine, vec![close.clone()], now).await.is_err() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            kept.lock().unwrap().insert(id);
            gap = (Instant::now(), gap.1.max(gap.0.elapsed()));
        }
        gap.1
    });
    while acknowledged.lock().unwrap().len() < 100 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    leader.stop_immediate();
    let before = acknowledged.lock().unwrap().len();
    standby.promote();
    let gap = caller.await.unwrap();
    eprintln!("{before} closes acknowledged before the kill; the longest gap was {gap:?} of {:?}", killed.elapsed());
    assert!(gap < Duration::from_secs(15), "{gap:?}");
    let standby_url = over(&[&standby], &url);
    let db = Db::open(&standby_url, 2).await.unwrap();
    static SESSIONS: Sql = Sql::new("SELECT session_id FROM rating_request");
    let mut rows = db.read(&SESSIONS, values![]).await.unwrap();
    let there: BTreeSet<_> = rows.iter_mut().map(|row| row.name().unwrap()).collect();
    assert_eq!(there.len(), 600, "each once");
    assert!(acknowledged.lock().unwrap().is_subset(&there));
    // A failover is no copy: there is no quarantine, and the node sends.
    let (_, question) = world.ask("after").await;
    assert!(!question.choices.is_empty());
}

/// PostgreSQL commits on the leader first. If the wait for a standby is ended there, everybody sees rows that no standby has: a caller who
/// repeats the close or the answer must wait for a standby as well.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_no_standby_has_is_not_acknowledged_when_it_is_repeated() {
    let leader = Cluster::own(Fsync::Off);
    let url = leader.database().await;
    let world = World::on(&url, messenger()).await;
    let (_, question) = world.ask("before").await;
    let close = world.close_of("S-1");
    replicated_before_acknowledged(&leader, &url, async || close_sessions(&world.engine, vec![close.clone()], world.now()).await.is_ok())
        .await;
    let kind = InboundKind::Press { token: question.choices[0].token.clone(), by: question.to.clone(), message_id: None, press_id: None };
    let inbound = Inbound { key: "tap".to_owned(), order: 1_000, at: None, kind };
    let tap = Arrived { connection: "bot".into(), inbound, body_hash: String::new(), came: None, form: None };
    replicated_before_acknowledged(&leader, &url, async || accept(&world.engine, vec![tap.clone()], None, world.now()).await.is_ok()).await;
}

/// Calls `call` while an absent standby has to confirm, and ends its wait; then calls it again.
async fn replicated_before_acknowledged(leader: &Cluster, url: &str, call: impl AsyncFn() -> bool) {
    const END_WAITS: &str = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    let waits =
        ["ALTER SYSTEM SET synchronous_standby_names = 'absent'", "ALTER SYSTEM SET synchronous_commit = on", "SELECT pg_reload_conf()"];
    let goes_on = ["ALTER SYSTEM SET synchronous_standby_names = ''", "SELECT pg_reload_conf()"];
    run(&leader.url(), &waits).await;
    let mut admin = PgConnection::connect(url).await.unwrap();
    let started = Instant::now();
    let end_waits = async {
        while sqlx::query_scalar::<_, i64>(END_WAITS).fetch_one(&mut admin).await.unwrap() == 0 {
            assert!(started.elapsed() < Duration::from_secs(10), "no commit waits");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let (first, ()) = tokio::join!(call(), end_waits);
    assert!(!first, "its wait was ended");
    assert!(tokio::time::timeout(Duration::from_secs(3), call()).await.is_err(), "acknowledged, and no standby has it");
    run(&leader.url(), &goes_on).await;
    assert!(call().await, "acknowledged once it is replicated as far as is wanted");
}

#[tokio::test]
async fn the_host_that_takes_writes_is_used_wherever_it_stands() {
    let (leader, standby, url) = leader_and_standby(false).await;
    for order in [[&leader, &standby], [&standby, &leader]] {
        let db = Db::open(&over(&order, &url), 2).await.unwrap();
        assert!(!db.is_read_only().await.unwrap());
        add(&db, format!("{:p}", order[0])).await.unwrap();
    }
    let said = Db::open(&format!("{}&target_session_attrs=read-write", over(&[&standby], &url)), 2).await.err().unwrap();
    assert!(matches!(said, StoreError::ReadOnly), "{said}");
    drop(leader);
    let said = Db::open(&over(&[&standby, &standby], &url), 2).await.err().unwrap().to_string();
    assert!(said.contains("none of its hosts can be used") && said.contains("is read-only: not the leader"), "{said}");
}

/// After a failover the old leader may come back as a standby that is behind: nothing is read from it.
#[tokio::test]
async fn nothing_is_read_from_a_server_that_takes_no_writes() {
    static WHERE: Sql = Sql::new("SELECT current_setting('port')");
    let (leader, standby, url) = leader_and_standby(false).await;
    let db = Db::open(&over(&[&leader, &standby], &url), 2).await.unwrap();
    let port = async || db.read(&WHERE, values![]).await.map(|mut rows| rows[0].text().unwrap());
    assert_eq!(port().await.unwrap(), leader.address().rsplit(':').next().unwrap());
    leader.stop_immediate();
    standby.promote();
    let makes_no_writes = leader.dir().join("data/standby.signal");
    let touched = std::process::Command::new("sh")
        .arg("-c")
        .arg(format!("touch '{0}' && chown --reference='{1}' '{0}'", makes_no_writes.display(), leader.dir().display()))
        .status()
        .unwrap();
    assert!(touched.success());
    leader.start_again();
    let new = standby.address();
    let mut read = 0;
    while read < 6 {
        // A connection that was used a moment ago may have to find out that its server is gone.
        if let Ok(port) = port().await {
            assert_eq!(port, new.rsplit(':').next().unwrap());
            read += 1;
        }
    }
}

#[tokio::test]
async fn a_server_waits_for_a_leader_and_says_so_and_a_doctor_names_each_host() {
    let (leader, standby, url) = leader_and_standby(false).await;
    let hosts = over(&[&leader, &standby], &url);
    leader.stop_immediate();
    let environment = [
        ("LASTWORD__DATABASE__URL", hosts.as_str()),
        ("LASTWORD__HTTP__LISTEN", "127.0.0.1:0"),
        ("LASTWORD__SECURITY__KEY", &"7".repeat(64)),
    ];
    let server = Process::lastword(&["serve"], &environment);
    let said = server.says("waiting for a database that takes writes").await;
    assert!(said.contains(&format!("{}: is read-only: not the leader", standby.address())), "{said}");
    let folder = Folder::new();
    let lastword = async |command: &'static str| {
        let mut lastword = Command::new(env!("CARGO_BIN_EXE_lastword"));
        let output = lastword.arg(command).current_dir(folder.path()).envs(environment).output().await.unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let doctor = lastword("doctor").await;
    assert!(doctor.contains(&format!("PROBLEM database host {}", leader.address())), "{doctor}");
    assert!(doctor.contains(&format!("database host {}: a standby: read-only", standby.address())), "{doctor}");
    assert!(doctor.contains("PROBLEM database: database.url: none of its hosts can be used"), "{doctor}");
    let check = lastword("check").await;
    assert!(check.contains("settings are valid") && check.contains("read-only: not the leader"), "{check}");
    standby.promote();
    server.listening().await;
    leader.start_again();
    let doctor = lastword("doctor").await;
    assert!(doctor.contains(&format!("database host {}: the leader: takes writes", standby.address())), "{doctor}");
    assert!(doctor.contains("PROBLEM database: 2 hosts take writes: a partition left two leaders"), "{doctor}");
    assert!(doctor.contains("ok      database connections: 1 node with up to 24"), "{doctor}");
    let (status, log) = server.stop().await;
    assert!(status.success(), "{log}");
}

#[tokio::test]
async fn a_server_that_waits_for_a_leader_ends_when_it_is_told() {
    let (leader, standby, url) = leader_and_standby(false).await;
    leader.stop_immediate();
    let url = over(&[&standby], &url);
    let server = Process::lastword(&["serve"], &[("LASTWORD__DATABASE__URL", url.as_str()), ("LASTWORD__HTTP__LISTEN", "127.0.0.1:0")]);
    server.says("waiting for a database that takes writes").await;
    let (status, log) = server.stop().await;
    assert!(status.success(), "{log}");
}

#[tokio::test]
async fn a_connection_that_the_server_ends_is_closed_and_the_next_one_works() {
    let url = database().await;
    let db = Db::open(&url, 4).await.unwrap();
    db.migrate().await.unwrap();
    let end =
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let mut tx = db.begin().await.unwrap();
    tx.execute(&ADD, values!["a"]).await.unwrap();
    run(&url, &[end]).await;
    let ended = tx.execute(&ADD, values!["b"]).await.unwrap_err();
    assert!(matches!(ended, StoreError::Disconnected(_)) && ended.to_string().contains("57P01"), "{ended}");
    tx.rollback().await;
    // A connection that rested for less than a second is not tried out before it is used. Each of the others fails once, and is closed.
    let mut failed = 0;
    for number in 0..8 {
        while let Err(error) = add(&db, format!("c-{number}")).await {
            assert!(matches!(error, StoreError::Disconnected(_)), "{error}");
            failed += 1;
            assert!(failed <= 3, "an ended connection is used again");
        }
    }
    static COUNT: Sql = Sql::new("SELECT count(*) FROM client");
    assert_eq!(db.read(&COUNT, values![]).await.unwrap()[0].int().unwrap(), 8, "what was not committed is gone");
}

/// A server that accepts connections, responds to each with `bytes`, and hangs up.
fn answering(bytes: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let _ = stream.write_all(bytes);
        }
    });
    address
}

#[tokio::test]
async fn what_is_no_postgresql_and_what_hangs_up_is_said_in_words_of_ours() {
    for (bytes, words) in [
        (&b""[..], "hangs up at once: a proxy without a PostgreSQL behind it"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "does not speak PostgreSQL's protocol"),
    ] {
        let address = answering(bytes);
        // Without TLS, the bytes are the beginning of a message that never ends.
        for mode in if bytes.is_empty() { &["prefer", "disable"][..] } else { &["prefer"] } {
            let said = Db::open(&format!("postgres://me@{address}/lw?sslmode={mode}"), 2).await.err().unwrap().to_string();
            assert!(said.contains(words) && said.contains(&address), "{mode}: {said}");
        }
    }
    let said = Db::open("postgres://me@no-such-host.invalid/lw", 2).await.err().unwrap().to_string();
    assert!(said.contains("no-such-host.invalid is not known to this machine"), "{said}");
}

#[tokio::test]
async fn a_database_that_only_speaks_the_protocol_is_refused_by_name() {
    let cluster = Cluster::own(Fsync::Off);
    let url = cluster.database().await;
    let name = url.rsplit('/').next().unwrap().split('?').next().unwrap().to_owned();
    let version = "CREATE FUNCTION fake.version() RETURNS text LANGUAGE sql AS $$ SELECT 'CockroachDB CCL v23.2.1 (x86_64)' $$";
    run(&url, &["CREATE SCHEMA fake", version, &format!("ALTER DATABASE {name} SET search_path = fake, pg_catalog, public")]).await;
    let said = Db::open(&url, 2).await.err().unwrap().to_string();
    assert!(said.contains("this is CockroachDB, which speaks PostgreSQL's protocol and is not PostgreSQL"), "{said}");
}

#[tokio::test]
async fn too_many_connections_are_said_with_their_remedy() {
    let cluster = Cluster::own(Fsync::Off);
    let url = cluster.database().await;
    run(&url, &["CREATE ROLE app LOGIN CONNECTION LIMIT 1"]).await;
    let theirs = url.replacen("lastword@", "app@", 1);
    let _one = PgConnection::connect(&theirs).await.unwrap();
    let said = Db::open(&theirs, 2).await.err().unwrap().to_string();
    assert!(said.contains("raise max_connections of PostgreSQL, lower database.connections"), "{said}");
}
