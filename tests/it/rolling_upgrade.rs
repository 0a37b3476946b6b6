//! A program together with a newer one on one database: after a migration that only adds, both work, in either order; after
//! an incompatible one, an older node stops, states the reason, and sends nothing. And no migration may be incompatible
//! without declaring it.

use crate::rig::folder::Folder;
use crate::rig::postgres::database;
use crate::rig::process::Process;
use crate::rig::root;
use crate::rig::sqlite;
use crate::rig::world::{World, messenger};
use lastword::id::Ids;
use lastword::life::Engine;
use lastword::life::report::recount::recount;
use lastword::life::session::close::close_sessions;
use lastword::store::{Db, StoreError};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use std::sync::Arc;
use std::time::Duration;

/// Schema change by a newer program with which older ones can continue.
const ADDS: &str = "ALTER TABLE rating ADD COLUMN of_the_next_version TEXT; \
     INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
     SELECT 2, 'adds', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1;";
/// Declaration by a newer program that older ones cannot.
const BREAKS: &str = "UPDATE schema_support SET oldest_migration = 2, oldest_program = '0.2.0';";

/// A newer program upgrades the database at `url`.
async fn upgrade(url: &str, statements: &[&str]) {
    let statements = statements.concat();
    if url.starts_with("sqlite") {
        sqlite::beside(url).execute_batch(&format!("BEGIN;{statements}COMMIT;")).unwrap();
        return;
    }
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut connection).await.unwrap();
}

fn serving(url: &str) -> Process {
    let environment =
        [("LASTWORD__DATABASE__URL", url), ("LASTWORD__HTTP__LISTEN", "127.0.0.1:0"), ("LASTWORD__SECURITY__KEY", &"7".repeat(64))];
    Process::lastword(&["serve"], &environment)
}

async fn answer(address: &str, path: &str) -> (u16, String) {
    let answer = reqwest::get(format!("http://{address}{path}")).await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beside_a_migration_that_adds_both_go_on_under_load_whichever_came_first() {
    let url = database().await;
    let world = World::on(&url, messenger()).await;
    let second =
        Engine { db: Db::open(&url, 4).await.unwrap(), ids: Arc::new(Ids::seeded(2)), lines: Arc::default(), ..world.engine.clone() };
    let (closes, now) = (400, world.now());
    let mut callers = Vec::new();
    for number in 0..closes {
        let (close, engine) = (world.close_of(&format!("S-{number}")), if number % 2 == 0 { world.engine.clone() } else { second.clone() });
        callers.push(tokio::spawn(async move { close_sessions(&engine, vec![close], now).await.map(drop) }));
        if number == closes / 2 {
            upgrade(&url, &[ADDS]).await;
        }
    }
    for caller in callers {
        caller.await.unwrap().unwrap();
    }
    world.clock.advance(60_000);
    world.work().await;
    assert_eq!(world.client.take().iter().filter(|message| !message.choices.is_empty()).count(), closes, "each is asked once");
    let (_, question) = world.ask("after").await;
    world.tap(&question, "\u{1f44e}").await;
    world.work().await;
    assert!(world.staff.take().iter().any(|message| message.text.contains("after")));
    assert_eq!(recount(&world.engine.db, world.now(), |_| ()).await.unwrap().wrong, 0);
    // Older than the tables when it starts, and fully functional.
    let late = serving(&url);
    let address = late.listening().await.to_string();
    assert_eq!(answer(&address, "/readyz").await.0, 200);
    let (status, log) = late.stop().await;
    assert!(status.success() && !log.contains("too old"), "{log}");
}

#[tokio::test]
async fn a_node_that_is_too_old_stops_says_why_and_sends_nothing() {
    let url = database().await;
    let node = serving(&url);
    let address = node.listening().await.to_string();
    let world = World::on(&url, messenger()).await;
    world.tell(world.close_of("one")).await;
    world.clock.advance(60_000);
    upgrade(&url, &[ADDS, BREAKS]).await;
    // The fence is in the statements: it works before a node has noticed.
    for _ in 0..3 {
        assert_eq!(world.runner.tick().await.unwrap(), 0);
    }
    assert!(world.client.take().is_empty());
    node.says("too old for its database").await;
    let (status, said) = answer(&address, "/readyz").await;
    assert!(status == 503 && said.contains("This Lastword is too old for its database, which needs 0.2.0 or newer."), "{said}");
    let (status, said) = answer(&address, "/v1/lines").await;
    assert!(status == 503 && said.contains("its database is for Lastword 0.2.0 or newer"), "{said}");
    assert_eq!(answer(&address, "/healthz").await.0, 200);
    let (status, log) = node.stop().await;
    assert!(status.success(), "{log}");
    let (status, said) = serving(&url).ended().await;
    assert!(!status.success() && said.contains("has migration 2, this program knows up to 1"), "{said}");
}

#[tokio::test]
async fn sqlite_keeps_the_same_rule() {
    let folder = Folder::new();
    for (name, statements, starts) in [("adds.db", &[ADDS][..], true), ("breaks.db", &[ADDS, BREAKS], false)] {
        let url = format!("sqlite://{}", folder.path().join(name).display());
        let db = Db::open(&url, 2).await.unwrap();
        db.migrate().await.unwrap();
        db.close().await;
        upgrade(&url, statements).await;
        let db = Db::open(&url, 2).await.unwrap();
        let again = db.migrate().await;
        assert!(if starts { again.is_ok() } else { matches!(again, Err(StoreError::Newer { found: 2, known: 1 })) }, "{name}");
        assert_eq!(db.tables().await.unwrap().not_newer().is_ok(), starts, "{name}");
        db.close().await;
    }
}

/// The first incompatible statement of a migration, unless the migration declares that older programs must stop.
fn unsaid(sql: &str) -> Option<String> {
    let code: String = sql.lines().map(|line| line.split("--").next().unwrap_or_default()).collect::<Vec<_>>().join(" ");
    let statements = code.split(';').map(|statement| statement.split_whitespace().collect::<Vec<_>>().join(" "));
    let statements: Vec<String> = statements.filter(|statement| !statement.is_empty()).collect();
    let said = statements.iter().any(|statement| statement.starts_with("UPDATE schema_support SET oldest_migration"));
    let breaks = |statement: &&String| {
        let words = statement.to_uppercase();
        let alter = words.starts_with("ALTER TABLE");
        let adds = !alter || words.contains(" ADD COLUMN ") || words.contains(" SET (");
        let bare = alter && words.contains(" ADD COLUMN ") && words.contains(" NOT NULL") && !words.contains(" DEFAULT ");
        let drops = ["DROP TABLE", "DROP VIEW", "CREATE UNIQUE INDEX"].iter().any(|begin| words.starts_with(begin));
        !adds || bare || drops
    };
    statements.iter().find(breaks).filter(|_| !said).cloned()
}

#[test]
fn a_migration_that_older_programs_cannot_work_with_says_so() {
    for folder in ["sqlite", "postgres"] {
        for file in std::fs::read_dir(root().join("migrations").join(folder)).unwrap().map(|file| file.unwrap().path()) {
            // The first migration creates the tables.
            if !file.ends_with("0001_schema.sql") {
                let found = unsaid(&std::fs::read_to_string(&file).unwrap());
                assert_eq!(found, None, "{}: raise schema_support.oldest_migration in it", file.display());
            }
        }
    }
    for (planted, found) in [
        ("ALTER TABLE rating ADD COLUMN a TEXT; CREATE TABLE b (id TEXT); CREATE INDEX c ON b (id);", None),
        ("ALTER TABLE rating ADD COLUMN a INTEGER NOT NULL DEFAULT 0; -- DROP TABLE rating;", None),
        ("ALTER TABLE rating DROP COLUMN score;", Some("ALTER TABLE rating DROP COLUMN score")),
        ("ALTER TABLE rating RENAME TO r;", Some("ALTER TABLE rating RENAME TO r")),
        ("ALTER TABLE rating ADD COLUMN a TEXT NOT NULL;", Some("ALTER TABLE rating ADD COLUMN a TEXT NOT NULL")),
        ("DROP TABLE attempt;", Some("DROP TABLE attempt")),
        ("CREATE UNIQUE INDEX a ON rating (score);", Some("CREATE UNIQUE INDEX a ON rating (score)")),
        ("DROP TABLE attempt; UPDATE schema_support SET oldest_migration = 2, oldest_program = '0.2.0';", None),
    ] {
        assert_eq!(unsaid(planted).as_deref(), found, "{planted}");
    }
}

/// Keeps the test of a whole upgrade honest: its changes of the tables are what the program reads.
#[tokio::test]
async fn a_running_node_notices_within_seconds() {
    let url = database().await;
    let db = Db::open(&url, 2).await.unwrap();
    db.migrate().await.unwrap();
    assert_eq!(db.look_for_newer().await.unwrap(), None);
    upgrade(&url, &[BREAKS]).await;
    tokio::time::timeout(Duration::from_secs(5), async { while db.look_for_newer().await.unwrap().is_none() {} }).await.unwrap();
    assert_eq!(db.needs_newer().as_deref(), Some("0.2.0"));
}
