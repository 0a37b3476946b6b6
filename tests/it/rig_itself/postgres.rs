//! The private PostgreSQL.

use crate::rig::long;
use crate::rig::postgres::{Cluster, Fsync, binaries, empty, watchdog};
use sqlx::Connection as _;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

#[tokio::test]
async fn every_database_is_fresh() {
    let (one, two) = tokio::join!(empty(), empty());
    assert_ne!(one, two);
    for url in [one, two] {
        let mut connection = sqlx::PgConnection::connect(&url).await.expect("connects");
        sqlx::query("CREATE TABLE planted (id bigint)").execute(&mut connection).await.expect("nothing was there before");
    }
}

#[tokio::test]
async fn a_crash_of_postgres_keeps_what_was_committed() {
    let cluster = Cluster::own(Fsync::On);
    let url = cluster.database().await;
    let mut connection = sqlx::PgConnection::connect(&url).await.expect("connects");
    sqlx::raw_sql("CREATE TABLE kept (id bigint)").execute(&mut connection).await.expect("commits");
    for crashes in 1..=if long() { 20 } else { 2 } {
        sqlx::raw_sql("INSERT INTO kept VALUES (7)").execute(&mut connection).await.expect("commits");
        cluster.restart_immediate();
        sqlx::query("SELECT 1").execute(&mut connection).await.expect_err("the old connection is dead");
        connection = sqlx::PgConnection::connect(&url).await.expect("connects again");
        let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM kept").fetch_one(&mut connection).await.expect("reads");
        assert_eq!(kept, crashes);
    }
    cluster.stop_immediate();
    sqlx::PgConnection::connect(&url).await.expect_err("nobody is there");
    cluster.start_again();
    sqlx::PgConnection::connect(&url).await.expect("there again");
    let dir = cluster.dir().to_owned();
    assert!(dir.exists());
    drop(cluster);
    assert!(!dir.exists(), "the folder goes with the cluster");
}

#[test]
fn the_cluster_goes_when_its_owner_is_killed() {
    // The pipe is owned by another process, which is killed with -9 as a test process might be.
    let mut owner = Command::new("sleep").arg("600").stdout(Stdio::piped()).spawn().expect("an owner");
    let (mut watchdog, port) = owned_by(&mut owner);
    let mut line = String::new();
    BufReader::new(watchdog.stdout.take().expect("piped")).read_line(&mut line).expect("the folder is told");
    let dir = PathBuf::from(line.trim_end().strip_prefix("dir ").unwrap_or_else(|| panic!("not a folder: {line}")));
    assert!(dir.join("data/postmaster.pid").exists());
    owner.kill().expect("killed");
    owner.wait().expect("reaped");
    assert!(watchdog.wait().expect("it ends by itself").success());
    assert!(!dir.exists());
    std::net::TcpStream::connect(("127.0.0.1", port)).expect_err("the server is gone");
}

#[test]
fn the_cluster_goes_when_its_owner_is_killed_before_it_is_up() {
    let mut owner = Command::new("sleep").arg("600").stdout(Stdio::piped()).spawn().expect("an owner");
    let (mut watchdog, port) = owned_by(&mut owner);
    // The output "dir …" of the running server is not read.
    drop(watchdog.stdout.take());
    owner.kill().expect("killed");
    owner.wait().expect("reaped");
    watchdog.wait().expect("it ends by itself");
    std::net::TcpStream::connect(("127.0.0.1", port)).expect_err("the server is gone");
}

/// A watchdog whose pipe is held by `owner`.
fn owned_by(owner: &mut Child) -> (Child, u16) {
    let pipe = Stdio::from(owner.stdout.take().expect("piped"));
    let bin = binaries().unwrap_or_else(|why| panic!("{why}"));
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port();
    (watchdog(&bin, port, Fsync::Off, None, pipe).expect("sh starts"), port)
}
