//! `lastword move`: from SQLite to PostgreSQL and back, across interruptions, with every row equal; and its refusals.

use crate::rig::folder::Folder;
use crate::rig::long;
use crate::rig::postgres;
use crate::rig::process::Process;
use crate::rig::world::{World, messenger};
use lastword::app::admin::{Moved, Step, move_to};
use lastword::domain::quarantine::Cause;
use lastword::life::report::recount::recount;
use lastword::settings::Settings;
use lastword::store::records::{installation, moving};
use lastword::store::{Db, StoreError};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

fn settings(url: &str) -> Settings {
    let environment = [("LASTWORD__DATABASE__URL".to_owned(), url.to_owned())];
    Settings::load(None, environment.into_iter()).unwrap_or_else(|problems| panic!("{problems}"))
}

fn sqlite(folder: &Folder, name: &str) -> String {
    format!("sqlite://{}", folder.path().join(name).display())
}

/// An installation with varied data.
async fn lived_in(url: &str, closes: usize) {
    let world = World::on(url, messenger()).await;
    for number in 0..closes.min(40) {
        let (_, question) = world.ask(&format!("S-{number} \u{1f44d} \"quoted\"")).await;
        if number % 2 == 0 {
            world.tap(&question, if number % 4 == 0 { "\u{1f44e}" } else { "\u{1f44d}" }).await;
        }
        world.work().await;
    }
    for number in 40..closes {
        world.tell(world.close_of(&format!("S-{number}"))).await;
    }
    world.engine.db.close().await;
}

/// Number of rows of each table.
async fn sizes(url: &str) -> BTreeMap<String, i64> {
    let db = Db::open(url, 2).await.unwrap();
    let mut sizes = BTreeMap::new();
    for table in moving::tables(&db).await.unwrap() {
        let name = table.name.clone();
        let of = moving::Move::new(table.clone(), &table, db.dialect()).unwrap();
        sizes.insert(name, of.count(&db).await.unwrap());
    }
    db.close().await;
    sizes
}

async fn cause(url: &str) -> Option<Cause> {
    let db = Db::open(url, 2).await.unwrap();
    let cause = installation::quarantine(&db).await.unwrap().map(|(cause, _)| cause);
    db.close().await;
    cause
}

async fn whole(from: &str, to: &str) -> Result<Moved, String> {
    move_to(&settings(from), to, |_| ()).await.map_err(|failure| failure.to_string())
}

#[tokio::test]
async fn there_and_back_again_every_row_is_equal_and_both_are_in_quarantine() {
    let folder = Folder::new();
    let (first, second, third) = (sqlite(&folder, "first.db"), postgres::empty().await, sqlite(&folder, "third.db"));
    lived_in(&first, 60).await;
    let before = sizes(&first).await;
    assert!(before["rating"] >= 20 && before["rating_request"] == 60 && before["delivery"] > 60, "{before:?}");
    let there = whole(&first, &second).await.unwrap();
    assert_eq!((there.rows, there.resumed), (before.values().sum::<i64>(), 0));
    assert_eq!(sizes(&second).await, before);
    assert_eq!((cause(&first).await, cause(&second).await), (Some(Cause::Elsewhere), Some(Cause::Elsewhere)));
    let back = whole(&second, &third).await.unwrap();
    assert_eq!(back.rows, there.rows);
    assert_eq!(sizes(&third).await, before);
    for url in [&second, &third] {
        let db = Db::open(url, 2).await.unwrap();
        let counted = recount(&db, 1_790_000_100_000, |_| ()).await.unwrap();
        assert_eq!(counted.wrong, 0, "{:?}", counted.told);
        db.close().await;
    }
    // The copy works: PostgreSQL's sequences continue after the copied rows. A world adds rows of its own, so this only reads and adds.
    let db = Db::open(&second, 2).await.unwrap();
    let added = db.write::<_, StoreError, _>(|tx| Box::pin(async move { tx.execute(lastword_counter(), vec![]).await.map(drop) })).await;
    added.unwrap();
    db.close().await;
}

/// A row numbered by PostgreSQL.
fn lastword_counter() -> &'static lastword::store::sql::Sql {
    static ADD: lastword::store::sql::Sql = lastword::store::sql::Sql::new(
        "INSERT INTO counter_delta (day, hour, whose, line_id, operator_id, channel, scale, handled_by, reason_of, reason, n) \
         VALUES (0, 0, 'line', 'support', '', '', 'binary', '', '', '', 0)",
    );
    &ADD
}

/// The move is dropped in the middle of a transaction in each tenth, as by a kill, and continues.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_that_is_interrupted_in_each_tenth_goes_on() {
    let folder = Folder::new();
    let (from, to) = (sqlite(&folder, "from.db"), postgres::empty().await);
    lived_in(&from, if long() { 20_000 } else { 1_500 }).await;
    let before = sizes(&from).await;
    let (stopped, resumed) = (Arc::new(Mutex::new(Vec::new())), AtomicI64::new(0));
    for tenth in 1..10 {
        let (kept, old, new) = (stopped.clone(), from.clone(), to.clone());
        let moving = tokio::spawn(async move {
            let report = |(step, table, done, all): (Step, &str, i64, i64)| {
                let copied = if step == Step::Copy { done } else { all / 2 + done };
                if copied * 10 >= all * tenth {
                    kept.lock().unwrap().push(format!("{table} {copied}"));
                    // The running move is dropped at this point.
                    panic!("killed");
                }
            };
            move_to(&settings(&old), &new, report).await
        });
        assert!(moving.await.is_err_and(|ended| ended.is_panic()), "it was stopped in tenth {tenth}");
        let db = Db::open(&to, 2).await.unwrap();
        assert!(installation::quarantine(&db).await.unwrap().is_some(), "what is half there sends nothing");
        let moved: i64 = moving::progress(&db).await.unwrap().values().map(|table| table.moved).sum();
        assert!(moved >= resumed.swap(moved, Ordering::Relaxed), "nothing is moved again");
        db.close().await;
    }
    let done = whole(&from, &to).await.unwrap();
    assert_eq!(done.rows, before.values().sum::<i64>());
    assert!(done.resumed > 0, "{:?}", stopped.lock().unwrap());
    assert_eq!(sizes(&to).await, before);
}

#[tokio::test]
async fn a_process_that_is_killed_goes_on_and_the_command_says_what_to_do_next() {
    let folder = Folder::new();
    let (from, to) = (sqlite(&folder, "from.db"), postgres::empty().await);
    lived_in(&from, 400).await;
    let environment = [("LASTWORD__DATABASE__URL", from.as_str()), ("LASTWORD_MOVE_TO", to.as_str())];
    let killed = Process::lastword(&["move"], &environment);
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    killed.kill().await;
    let output = lastword(&["move", "--to", &to], &from, folder.path()).await;
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    // It may have been finished before the kill.
    let done = said.contains("moved and compared one by one") && said.contains("lastword release --moved");
    assert!(done || said.contains("holds tables already"), "{said}");
    assert_eq!(sizes(&to).await, sizes(&from).await);
}

/// The new database is on a small disk, which gets a little more room after each failure.
#[tokio::test]
async fn a_disk_that_is_full_half_way_is_named_and_the_same_command_goes_on() {
    let folder = Folder::new();
    let (from, small) = (sqlite(&folder, "from.db"), folder.path().join("small"));
    std::fs::create_dir(&small).unwrap();
    lived_in(&from, 1_500).await;
    let script = format!(
        "mount -t tmpfs -o size=2m tmpfs '{small}'
         for size in 3 4 5 6 7 8 9 10 11 12 16; do
             '{lastword}' move --to 'sqlite://{small}/to.db' && cp '{small}'/to.db* '{folder}' && exit 0
             mount -o remount,size=${{size}}m '{small}'
         done
         exit 1",
        small = small.display(),
        folder = folder.path().display(),
        lastword = env!("CARGO_BIN_EXE_lastword")
    );
    let mut command = tokio::process::Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", &script]).current_dir(folder.path());
    let output = command.env("LASTWORD__DATABASE__URL", &from).output().await.unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    let refused: Vec<&str> = said.lines().filter(|line| line.contains("the disk is full")).collect();
    assert!(refused.len() >= 2 && refused.iter().all(|line| line.starts_with("--to: ")), "{said}");
    assert!(said.contains("before the interruption"), "{said}");
    assert_eq!(sizes(&sqlite(&folder, "to.db")).await, sizes(&from).await);
}

async fn lastword(arguments: &[&str], url: &str, folder: &Path) -> Output {
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_lastword"));
    command.args(arguments).current_dir(folder).env("LASTWORD__DATABASE__URL", url).output().await.unwrap()
}

#[tokio::test]
async fn what_cannot_be_moved_is_refused_with_its_remedy_and_nothing_is_written() {
    let folder = Folder::new();
    let (from, full) = (sqlite(&folder, "from.db"), postgres::database().await);
    let said = whole(&from, &postgres::empty().await).await.unwrap_err();
    assert!(said.contains("there is no file"), "{said}");
    lived_in(&from, 3).await;
    Db::open(&full, 2).await.unwrap().migrate().await.unwrap();
    for (to, words) in [
        (full.as_str(), "holds tables already; name an empty one"),
        ("mysql://a/b", "--to is not a database; write postgres://"),
        ("sqlite::memory:", "--to is not a database"),
        (from.as_str(), "--to is the database of database.url"),
        ("postgres://me@127.0.0.1:1/none", "--to: cannot reach PostgreSQL"),
    ] {
        let said = whole(&from, to).await.unwrap_err();
        assert!(said.contains(words), "{to}: {said}");
    }
    assert_eq!(cause(&from).await, None, "the old database is as it was");
    // In use: by a server that holds the lock, and by another node on PostgreSQL.
    let server = Process::lastword(&["serve"], &[("LASTWORD__DATABASE__URL", from.as_str()), ("LASTWORD__HTTP__LISTEN", "127.0.0.1:0")]);
    server.listening().await;
    let said = whole(&from, &postgres::empty().await).await.unwrap_err();
    assert!(said.contains("another lastword"), "{said}");
    server.stop().await;
    let node = Process::lastword(
        &["serve"],
        &[
            ("LASTWORD__DATABASE__URL", full.as_str()),
            ("LASTWORD__HTTP__LISTEN", "127.0.0.1:0"),
            ("LASTWORD__SECURITY__KEY", &"7".repeat(64)),
        ],
    );
    node.listening().await;
    let said = whole(&full, &sqlite(&folder, "other.db")).await.unwrap_err();
    assert!(said.contains("stop every lastword first"), "{said}");
    node.stop().await;
    // The target has half of another database.
    let (half, other) = (postgres::empty().await, sqlite(&folder, "another.db"));
    lived_in(&other, 3).await;
    let db = Db::open(&half, 2).await.unwrap();
    moving::begin(&db, "another lineage").await.unwrap();
    db.close().await;
    let said = whole(&other, &half).await.unwrap_err();
    assert!(said.contains("did not arrive whole; name an empty database"), "{said}");
}

/// A row that changed in the old database after it was copied is found and reported.
#[tokio::test]
async fn a_row_that_was_written_meanwhile_is_named() {
    let folder = Folder::new();
    let (from, to) = (sqlite(&folder, "from.db"), postgres::empty().await);
    lived_in(&from, 10).await;
    let path = from.strip_prefix("sqlite://").unwrap().to_owned();
    let changed = std::sync::atomic::AtomicBool::new(false);
    let old = settings(&from);
    let said = move_to(&old, &to, |(step, ..)| {
        if step == Step::Compare && !changed.swap(true, Ordering::Relaxed) {
            rusqlite::Connection::open(&path).unwrap().execute_batch("UPDATE rating SET score = 1 - score").unwrap();
        }
    });
    let said = said.await.map(|_| ()).map_err(|failure| failure.to_string()).unwrap_err();
    assert!(said.contains("the table rating differs at the row [\""), "{said}");
}
