//! A PostgreSQL that is read-only, does not permit creating tables, or cannot store every character: behaviour of the
//! server, and what its operator sees.

use crate::rig::folder::Folder;
use crate::rig::postgres::{Cluster, Fsync, database};
use crate::rig::process::Process;
use lastword::store::sql::Sql;
use lastword::store::{Db, StoreError};
use lastword::values;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use std::process::Output;
use std::time::Duration;
use tokio::process::Command;

async fn run(url: &str, statements: &[&str]) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    for statement in statements {
        sqlx::raw_sql(AssertSqlSafe((*statement).to_owned())).execute(&mut connection).await.unwrap();
    }
}

async fn lastword(arguments: &[&str], url: &str, folder: &Folder) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lastword"));
    command.args(arguments).current_dir(folder.path()).env("LASTWORD__DATABASE__URL", url).env("LASTWORD__HTTP__LISTEN", "127.0.0.1:0");
    let Output { status, stdout, stderr } = command.output().await.unwrap();
    (status.success(), [stdout, stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat())
}

/// Status and body of the readiness check at `address`.
async fn ready(address: &str) -> (u16, String) {
    let answer = reqwest::get(format!("http://{address}/readyz")).await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// Waits until the readiness check returns `wanted`.
async fn becomes(address: &str, wanted: u16) -> String {
    for _ in 0..100 {
        let (status, said) = ready(address).await;
        if status == wanted {
            return said;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("it did not become {wanted}: {:?}", ready(address).await)
}

#[tokio::test]
async fn a_read_only_database_is_not_ready_is_said_once_in_a_while_and_all_goes_on_when_it_takes_writes() {
    static ADD: Sql = Sql::new("INSERT INTO client (id, revision, updated_at) VALUES ($1, 0, 0)");
    let (cluster, folder) = (Cluster::own(Fsync::Off), Folder::new());
    let url = cluster.database().await;
    let db = Db::open(&url, 2).await.unwrap();
    db.migrate().await.unwrap();
    let add = async |id: &'static str| {
        db.write::<_, StoreError, _>(move |tx| Box::pin(async move { tx.execute(&ADD, values![id]).await.map(drop) })).await
    };
    let server = Process::lastword(
        &["serve"],
        &[
            ("LASTWORD__DATABASE__URL", url.as_str()),
            ("LASTWORD__HTTP__LISTEN", "127.0.0.1:0"),
            ("LASTWORD__SECURITY__KEY", &"7".repeat(64)),
        ],
    );
    let address = server.listening().await.to_string();
    becomes(&address, 200).await;
    run(&url, &["ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()"]).await;
    let said = becomes(&address, 503).await;
    assert!(said.contains("The database is read-only: this PostgreSQL is not the leader"), "{said}");
    let health = lastword(&["healthcheck", "--url", &format!("http://{address}/readyz")], &url, &folder).await;
    assert!(!health.0 && health.1.contains("read-only"), "{health:?}");
    let doctor = lastword(&["doctor"], &url, &folder).await;
    assert!(!doctor.0 && doctor.1.contains("PROBLEM database: this PostgreSQL is read-only: not the leader"), "{doctor:?}");
    assert!(matches!(add("refused").await, Err(StoreError::ReadOnly)));
    tokio::time::sleep(Duration::from_secs(6)).await;
    let lines = server.log().lines().filter(|line| line.contains("WARN") || line.contains("ERROR")).map(str::to_owned).collect::<Vec<_>>();
    let about = lines.iter().filter(|line| line.contains("read-only")).count();
    assert!((1..=2).contains(&about) && lines.len() <= 3, "one line in ten seconds: {lines:#?}");
    run(&url, &["ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf()"]).await;
    becomes(&address, 200).await;
    add("taken").await.unwrap();
    server.says("the database accepts writes again").await;
    let (status, log) = server.stop().await;
    assert!(status.success(), "{log}");
}

/// A session is read-only or not from its start: read-only ones are closed and replaced.
#[tokio::test]
async fn sessions_that_began_read_only_are_replaced() {
    static ADD: Sql = Sql::new("INSERT INTO client (id, revision, updated_at) VALUES ('a', 0, 0)");
    let url = database().await;
    let name = url.rsplit('/').next().unwrap().split('?').next().unwrap().to_owned();
    Db::open(&url, 2).await.unwrap().migrate().await.unwrap();
    run(&url, &[&format!("ALTER DATABASE {name} SET default_transaction_read_only = on")]).await;
    let db = Db::open(&url, 2).await.unwrap();
    assert!(db.is_read_only().await.unwrap());
    let add = async || db.write::<_, StoreError, _>(|tx| Box::pin(async move { tx.execute(&ADD, values![]).await.map(drop) })).await;
    assert!(matches!(add().await, Err(StoreError::ReadOnly)));
    run(&url, &["BEGIN READ WRITE", &format!("ALTER DATABASE {name} RESET default_transaction_read_only"), "COMMIT"]).await;
    for _ in 0..3 {
        let _ = db.is_read_only().await.unwrap();
    }
    assert!(!db.is_read_only().await.unwrap());
    add().await.unwrap();
}

#[tokio::test]
async fn whoever_may_not_create_tables_is_told_the_grant() {
    let cluster = Cluster::own(Fsync::Off);
    let url = cluster.database().await;
    run(&url, &["REVOKE CREATE ON SCHEMA public FROM PUBLIC", "CREATE ROLE \"App User\" LOGIN"]).await;
    let theirs = url.replacen("lastword@", "App%20User@", 1);
    let said = Db::open(&theirs, 2).await.unwrap().migrate().await.unwrap_err().to_string();
    assert!(said.starts_with("database.url: the user \"App User\" may not create tables in the schema public of the database "), "{said}");
    assert!(said.ends_with("GRANT USAGE, CREATE ON SCHEMA public TO \"App User\"; then start again"), "{said}");
    run(&url, &["GRANT USAGE, CREATE ON SCHEMA public TO \"App User\""]).await;
    Db::open(&theirs, 2).await.unwrap().migrate().await.unwrap();
}

#[tokio::test]
async fn a_database_that_cannot_hold_every_letter_is_refused_with_the_remedy() {
    let cluster = Cluster::own(Fsync::Off);
    for encoding in ["LATIN1", "SQL_ASCII"] {
        let name = encoding.to_ascii_lowercase();
        run(&cluster.url(), &[&format!("CREATE DATABASE {name} ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")])
            .await;
        let said = Db::open(&cluster.url().replacen("/postgres", &format!("/{name}"), 1), 2).await.err().unwrap().to_string();
        assert!(said.starts_with(&format!("database.url: the database {name} has the encoding {encoding}, ")), "{said}");
        assert!(said.ends_with("CREATE DATABASE lastword OWNER lastword ENCODING 'UTF8' TEMPLATE template0"), "{said}");
    }
}
