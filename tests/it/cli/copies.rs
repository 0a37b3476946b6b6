//! `lastword backup`, `restore` and `release`, and copies made without them: however a database was restored, nothing is
//! sent to the messenger until it is released.

use super::shop::Shop;
use crate::rig::postgres::{self, Cluster, Fsync};
use crate::rig::process::Process;
use crate::rig::sqlite;
use crate::rig::stub::{Answer, Stub};
use crate::rig::tables::number;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tokio::process::Command;

fn settings(messenger: &Stub) -> String {
    format!(
        "[http]\nlisten = \"127.0.0.1:0\"\n[connections.desk]\nkind = \"webhook\"\nurl = \"{}\"\n\
         secret = \"a secret of at least twenty-four bytes\"\nallow_http = true\nallow_private_networks = true\n",
        messenger.url()
    )
}

fn messenger() -> Stub {
    Stub::start(|_| Answer::json(200, &json!({})))
}

/// A running server, and a key for it.
struct Server {
    process: Process,
    address: String,
    key: String,
}

impl Server {
    async fn start(shop: &Shop, sends: bool, key: &str) -> Self {
        let mut command = shop.command(&["serve"]);
        command.env("LASTWORD__QUEUE__ENABLED", sends.to_string());
        let process = Process::spawn(command);
        let address = process.listening().await.to_string();
        Self { process, address, key: key.to_owned() }
    }

    async fn close(&self, session: &str) -> Value {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64;
        let body = json!({
            "event_key": session, "session": session, "line": "support", "closed_at": now, "operator": { "id": "op-7" },
            "connection": "desk", "address": { "chat": session },
        });
        let call = reqwest::Client::new().post(format!("http://{}/v1/sessions/close", self.address)).bearer_auth(&self.key).json(&body);
        let answer = call.send().await.unwrap();
        assert_eq!(answer.status(), 202);
        answer.json().await.unwrap()
    }

    async fn ready(&self) -> Value {
        reqwest::get(format!("http://{}/readyz", self.address)).await.unwrap().json().await.unwrap()
    }

    async fn stop(self) {
        let (status, log) = self.process.stop().await;
        assert!(status.success(), "{log}");
    }
}

/// A shop whose desk has closed two sessions that are not asked about yet. Returns the API key.
async fn with_questions_that_wait(shop: &Shop) -> String {
    shop.run(&["line", "add", "--id", "support", "--name", "Support"]).await.done();
    shop.run(&["line", "set", "support", "delay_secs=0"]).await.done();
    let key = shop.run(&["key", "create", "--name", "desk", "--scope", "sessions:write"]).await.done();
    let server = Server::start(shop, false, &key).await;
    server.close("S-1").await;
    server.close("S-2").await;
    assert_eq!(server.ready().await["quarantine"], json!(false));
    server.stop().await;
    key
}

fn asked(messenger: &Stub) -> Vec<String> {
    messenger.seen().iter().filter_map(|seen| seen.json().pointer("/data/to/chat").and_then(Value::as_str).map(str::to_owned)).collect()
}

/// The database of `shop` came from a copy: it accepts everything, reports its state everywhere, and sends nothing until it
/// is released.
async fn asks_nobody(shop: &Shop, messenger: &Stub, key: &str, why: &str) {
    let server = Server::start(shop, true, key).await;
    server.process.says(why).await;
    let ready = server.ready().await;
    assert_eq!((&ready["ready"], &ready["quarantine"]), (&json!(true), &json!(true)));
    server.close("S-during").await;
    let doctor = shop.run(&["doctor"]).await;
    assert!(doctor.out.contains("PROBLEM quarantine: ") && doctor.out.contains("lastword release"), "{}", doctor.out);
    let metrics = reqwest::get(format!("http://{}/metrics", server.address)).await.unwrap().text().await.unwrap();
    assert!(metrics.contains("lastword_quarantine 1"), "{metrics}");
    assert_eq!(asked(messenger), Vec::<String>::new());
    let released = shop.run(&["release"]).await.done();
    assert!(released.starts_with("released: the database is sending again\n3 due messages canceled"), "{released}");
    server.close("S-after").await;
    messenger.wait_for(|seen| seen.json().pointer("/data/to/chat").is_some_and(|chat| chat == "S-after")).await;
    assert_eq!(asked(messenger), ["S-after"], "what was closed before is not asked about");
    assert!(shop.run(&["explain", "S-1"]).await.done().contains("restored"));
    assert_eq!(shop.run(&["release"]).await.refused(1), "the database is not in quarantine: messages are sent");
    server.stop().await;
    let server = Server::start(shop, true, key).await;
    assert_eq!(server.ready().await["quarantine"], json!(false), "released is released");
    server.stop().await;
}

fn copies(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|end| end == ending)).collect();
    found.sort();
    found
}

async fn backed_up_and_restored(shop: &Shop, messenger: &Stub, ending: &str) {
    let key = with_questions_that_wait(shop).await;
    let running = Server::start(shop, false, &key).await;
    let said = shop.run(&["backup", "copies", "--keep", "2"]).await.done();
    assert!(said.starts_with("copies/lastword-") && said.contains("(the key: keep it as safe as the backup)"), "{said}");
    let copy = copies(&shop.dir().join("copies"), ending).remove(0);
    let mode = |path: &Path| std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(path).unwrap().permissions()) & 0o077;
    assert_eq!((mode(&copy.with_extension("key")), mode(&copy)), (0, 0), "nobody else on the machine reads them");
    let copy = copy.to_str().unwrap();
    let refused = shop.run(&["restore", copy]).await.refused(1);
    assert!(refused.contains("stop"), "a server is at work: {refused}");
    running.stop().await;
    // Events since then are lost with the restore, and the key is another one now.
    let server = Server::start(shop, true, &key).await;
    messenger.wait_for(|seen| seen.json().pointer("/data/to/chat").is_some_and(|chat| chat == "S-2")).await;
    server.stop().await;
    std::fs::write(shop.dir().join("lastword.key"), "ab".repeat(32)).unwrap();

    let other = Stub::start(|_| Answer::json(200, &json!({})));
    std::fs::write(shop.dir().join("lastword.toml"), settings(&other)).unwrap();
    let said = shop.run(&["restore", copy]).await.done();
    assert!(said.contains("the previous database is kept in ") && said.contains("lastword release"), "{said}");
    assert!(
        said.contains("restored the backup's key to lastword.key") || said.contains("restored the backup's key to ./lastword.key"),
        "{said}"
    );
    asks_nobody(shop, &other, &key, "the database was restored from a backup").await;
    for file in ["no-such-file", "lastword.toml"] {
        let refused = shop.run(&["restore", file]).await;
        assert!(refused.err.contains(file), "{}", refused.err);
    }
    assert_eq!(
        Server::start(shop, true, &key).await.ready().await["quarantine"],
        json!(false),
        "a restore that was refused changed nothing"
    );
}

#[tokio::test]
async fn i19_a_backup_that_is_restored_asks_nobody_on_sqlite() {
    let messenger = messenger();
    let shop = Shop::new(&settings(&messenger));
    backed_up_and_restored(&shop, &messenger, "db").await;
    let backups = copies(shop.dir(), "db");
    assert_eq!(backups, [shop.dir().join("lastword.db")]);
}

#[tokio::test]
async fn i19_a_backup_that_is_restored_asks_nobody_on_postgres() {
    let messenger = messenger();
    let shop = Shop::over(&settings(&messenger), &postgres::empty().await);
    if let Some(server) = newer_than_the_tools(&shop.url()).await {
        // The tests of other versions of PostgreSQL have only its server.
        let refused = shop.run(&["backup", "copies"]).await.refused(1);
        assert!(refused.contains(&format!("it is older than the server (server version: {server}.")), "{refused}");
        assert!(refused.contains("install the client tools") && copies(&shop.dir().join("copies"), "dump").is_empty(), "{refused}");
        return;
    }
    backed_up_and_restored(&shop, &messenger, "dump").await;
}

/// The version of the server, if `pg_dump` is older.
async fn newer_than_the_tools(url: &str) -> Option<i64> {
    let server = number(url, "SELECT current_setting('server_version_num')::bigint / 10000").await;
    let said = std::process::Command::new("pg_dump").arg("--version").output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    let tools: i64 = said.split_whitespace().nth(2).and_then(|version| version.split('.').next()?.parse().ok()).unwrap();
    (server > tools).then_some(server)
}

/// The file copied by hand to another folder, with its key.
async fn beside(shop: &Shop, messenger: &Stub) -> Shop {
    let other = Shop::new(&settings(messenger));
    std::fs::copy(shop.dir().join("lastword.key"), other.dir().join("lastword.key")).unwrap();
    other
}

#[tokio::test]
async fn i19_a_file_that_was_copied_by_hand_asks_nobody() {
    let messenger = messenger();
    let shop = Shop::new(&settings(&messenger));
    let key = with_questions_that_wait(&shop).await;
    let (copied, vacuumed) = (beside(&shop, &messenger).await, beside(&shop, &messenger).await);
    std::fs::copy(shop.dir().join("lastword.db"), copied.dir().join("lastword.db")).unwrap();
    let target = vacuumed.dir().join("lastword.db");
    sqlite::beside(&shop.url()).execute("VACUUM INTO $1", [target.to_str().unwrap()]).unwrap();
    asks_nobody(&copied, &messenger, &key, "copied or moved from another place").await;
    let second = Stub::start(|_| Answer::json(200, &json!({})));
    std::fs::write(vacuumed.dir().join("lastword.toml"), settings(&second)).unwrap();
    asks_nobody(&vacuumed, &second, &key, "copied or moved from another place").await;
}

#[tokio::test]
async fn i19_an_older_state_that_is_put_into_the_very_file_asks_nobody() {
    let messenger = messenger();
    let shop = Shop::new(&settings(&messenger));
    let key = with_questions_that_wait(&shop).await;
    let file = shop.dir().join("lastword.db");
    let old = std::fs::read(&file).unwrap();
    let server = Server::start(&shop, false, &key).await;
    server.stop().await;
    // The same file, inode number and creation time.
    std::fs::write(&file, old).unwrap();
    asks_nobody(&shop, &messenger, &key, "older than the one that was at work here").await;
}

#[tokio::test]
async fn a_file_that_was_renamed_is_no_copy() {
    let messenger = messenger();
    let shop = Shop::new(&settings(&messenger));
    let key = with_questions_that_wait(&shop).await;
    std::fs::rename(shop.dir().join("lastword.db"), shop.dir().join("renamed.db")).unwrap();
    let text = format!("database.url = \"sqlite://renamed.db\"\n{}", settings(&messenger));
    std::fs::write(shop.dir().join("lastword.toml"), text).unwrap();
    let server = Server::start(&shop, true, &key).await;
    messenger.wait_for(|seen| seen.json().pointer("/data/to/chat").is_some_and(|chat| chat == "S-2")).await;
    server.stop().await;
}

#[tokio::test]
async fn i19_a_dump_that_is_put_into_another_database_asks_nobody_and_a_restart_is_no_restore() {
    let (messenger, cluster) = (messenger(), Cluster::own(Fsync::Off));
    let shop = Shop::over(&settings(&messenger), &cluster.database().await);
    let key = with_questions_that_wait(&shop).await;
    let dump = shop.dir().join("by-hand.dump");
    let target = cluster.database().await;
    let run = async |name: &str, arguments: &[&str]| {
        let done = Command::new(name).args(arguments).output().await.unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    run("pg_dump", &["--format=custom", "--file", dump.to_str().unwrap(), "--dbname", &shop.url()]).await;
    run("pg_restore", &["--dbname", &target, dump.to_str().unwrap()]).await;

    cluster.restart_immediate();
    let server = Server::start(&shop, true, &key).await;
    messenger.wait_for(|seen| seen.json().pointer("/data/to/chat").is_some_and(|chat| chat == "S-2")).await;
    server.stop().await;

    let second = Stub::start(|_| Answer::json(200, &json!({})));
    let copy = Shop::over(&settings(&second), &target);
    asks_nobody(&copy, &second, &key, "copied or moved from another place").await;
}

/// `kill -9` in the middle of a release leaves all or nothing of it.
#[tokio::test]
async fn i19_a_release_that_is_killed_lets_nothing_go() {
    let messenger = messenger();
    let shop = Shop::new(&settings(&messenger));
    let key = with_questions_that_wait(&shop).await;
    let connection = sqlite::beside(&shop.url());
    let many = "INSERT INTO delivery (id, kind, connection, address, payload, state, due_at, give_up_at, created_at) \
                WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6000) \
                SELECT '0000000000000' || (1000 + n), 'event', 'desk', '{\"chat\":\"copy\"}', '{}', 'scheduled', n, 9000000000000, n FROM n; \
                UPDATE installation SET quarantine = 'backup', quarantined_at = 1";
    connection.execute_batch(many).unwrap();
    let mut release = Process::spawn(shop.command(&["release"]));
    let left = "SELECT count(*) FROM delivery WHERE reason = 'restored'";
    while sqlite::number(&connection, left) == 0 {
        assert!(release.runs(), "it ended before it canceled anything: {}", release.log());
        tokio::task::yield_now().await;
    }
    release.kill().await;
    drop(connection);
    let server = Server::start(&shop, true, &key).await;
    if server.ready().await["quarantine"] == json!(true) {
        server.close("S-during").await;
        shop.run(&["release"]).await.done();
    }
    server.close("S-after").await;
    messenger.wait_for(|seen| seen.json().pointer("/data/to/chat").is_some_and(|chat| chat == "S-after")).await;
    assert_eq!(asked(&messenger), ["S-after"]);
    server.stop().await;
}
