//! The torture test: the real binary, killed with -9 at random moments under load, on both databases, with a provider that
//! refuses, drops and loses responses. Afterwards its database is compared with what was acknowledged and with the
//! provider's log (I1, I3, I4, I5, I12, I24). On SQLite the power fails too: writes that were not synced are lost with the
//! process.
//!
//! Short form in the normal run; `./test --long` kills a hundred times per database, and cuts the power five hundred times.

pub(crate) mod load;
mod power;
pub(crate) mod verdict;

use crate::rig::folder::Folder;
use crate::rig::process::Process;
use crate::rig::stub::{Answer, Seen, Stub};
use crate::rig::{long, postgres};
use lastword::domain::access::api_key::ApiKey;
use lastword::domain::line::LineSettings;
use lastword::id::Ids;
use lastword::names::KeyId;
use lastword::store::access::api_key;
use lastword::store::line::{self, LineChange};
use lastword::store::{Db, StoreError};
use load::{Load, Told};
use power::Disk;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Signing secret between the engine and the provider.
pub(crate) const SECRET: &str = "a secret of at least twenty-four bytes";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_random_on_sqlite_nothing_acknowledged_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    torture(&format!("sqlite://{}/torture.db", folder.path().display()), 1, 11).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_random_on_postgres_with_two_nodes_nothing_acknowledged_is_lost() {
    torture(&postgres::database().await, 2, 12).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_power_goes_at_random_on_sqlite_and_nothing_acknowledged_is_lost() {
    let cuts = if long() { 500 } else { 10 };
    let (chance, folder) = (Ids::seeded(13), Folder::new());
    let path = folder.path().join("torture.db");
    let url = format!("sqlite://{}", path.display());
    let key = ApiKey::generate([9; 32]);
    let accepted: Accepted = Arc::default();
    let provider = Stub::start(moody(13, accepted.clone()));
    let settings = settings(folder.path(), &url, &provider.url(), "");
    let addresses: Addresses = Arc::default();
    // A node creates the database. All processes that had it open are dead when the power fails.
    let maker = node(&settings, &addresses, &[]).await;
    let db = Db::open(&url, 1).await.unwrap();
    prepare(&db, &key).await;
    drop(db);
    addresses.lock().unwrap().clear();
    maker.stop().await;

    let mut disk = Disk::under(&path, folder.path());
    let load = Load::start(addresses.clone(), key.text().to_owned(), accepted.clone());
    let (mut lost, mut made) = (0, 0);
    // On a busy machine a node may do little before its power goes: more cuts, until one takes something.
    while made < cuts || (lost == 0 && made < 5 * cuts) {
        made += 1;
        let running = node(&settings, &addresses, &disk.environment()).await;
        tokio::time::sleep(Duration::from_millis(80 + (chance.fraction() * 370.0) as u64)).await;
        addresses.lock().unwrap().clear();
        running.kill().await;
        lost += disk.cut(&chance);
    }
    assert!(lost > 0, "the power took something");
    println!("{made} times the power went, and took {} KiB of what was not waited for", lost / 1_024);
    let running = node(&settings, &addresses, &[]).await;
    let told: Told = load.stop().await;
    let log = accepted.clone();
    provider.program(move |seen| taken(seen, &log));
    let db = Db::open(&url, 1).await.unwrap();
    verdict::kept(&db, &told).await;
    verdict::settled(&db).await;
    let (status, log) = running.stop().await;
    assert!(status.success(), "{log}");
    verdict::reach(&db, &accepted, &told).await;
}

/// The provider's own log: every message that it accepted, even if its response was lost.
pub(crate) type Accepted = Arc<Mutex<Vec<Seen>>>;

/// Addresses of the running nodes; empty while they are dead.
pub(crate) type Addresses = Arc<Mutex<Vec<String>>>;

async fn torture(url: &str, nodes: usize, seed: u64) {
    let kills = if long() { 100 } else { 8 };
    let ids = Arc::new(Ids::seeded(seed));
    let db = Db::open(url, 4).await.unwrap();
    db.migrate().await.unwrap();
    let key = ApiKey::generate([9; 32]);
    prepare(&db, &key).await;

    let accepted: Accepted = Arc::default();
    let provider = Stub::start(moody(seed, accepted.clone()));
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(folder.path(), url, &provider.url(), "");
    let addresses: Addresses = Arc::default();
    let load = Load::start(addresses.clone(), key.text().to_owned(), accepted.clone());

    let mut running: Vec<Process> = Vec::new();
    for kill in 0..kills {
        while running.len() < nodes {
            running.push(node(&settings, &addresses, &[]).await);
        }
        tokio::time::sleep(Duration::from_millis(80 + (ids.fraction() * 370.0) as u64)).await;
        let victim = running.remove(kill % running.len());
        addresses.lock().unwrap().remove(kill % nodes);
        victim.kill().await;
    }
    while running.len() < nodes {
        running.push(node(&settings, &addresses, &[]).await);
    }
    let told: Told = load.stop().await;
    let log = accepted.clone();
    provider.program(move |seen| taken(seen, &log));
    verdict::settled(&db).await;

    // A graceful stop leaves no leases and creates no unknown results (I18).
    let unknown = verdict::count(&db, "unknown").await;
    for process in running {
        let (status, log) = process.stop().await;
        assert!(status.success(), "{log}");
    }
    assert_eq!((verdict::count(&db, "leased").await, verdict::count(&db, "unknown").await), (0, unknown));
    verdict::reach(&db, &accepted, &told).await;
}

pub(crate) async fn node(settings: &str, addresses: &Addresses, environment: &[(&str, &str)]) -> Process {
    let process = Process::lastword(&["serve", "--config", settings], environment);
    let address = process.listening().await;
    addresses.lock().unwrap().push(address.to_string());
    process
}

/// A provider that accepts most messages, refuses some with 429 or 503, drops some unread, and accepts some without a response.
fn moody(seed: u64, accepted: Accepted) -> impl Fn(&Seen) -> Answer + Send + Sync {
    let chance = Ids::seeded(seed + 1);
    move |seen| match chance.fraction() {
        low if low < 0.03 => Answer::Full(429, vec![("retry-after".to_owned(), "1".to_owned())], "".into()),
        low if low < 0.05 => Answer::json(503, &serde_json::json!({})),
        low if low < 0.07 => Answer::Cut,
        low if low < 0.12 => {
            accepted.lock().unwrap().push(seen.clone());
            Answer::Cut
        }
        _ => taken(seen, &accepted),
    }
}

pub(crate) fn taken(seen: &Seen, accepted: &Accepted) -> Answer {
    accepted.lock().unwrap().push(seen.clone());
    Answer::json(200, &serde_json::json!({ "message_id": seen.header("webhook-id") }))
}

/// Writes the settings of a node to `folder`, with `more` appended; returns the path of the file.
pub(crate) fn settings(folder: &std::path::Path, url: &str, provider: &str, more: &str) -> String {
    let path = folder.join("lastword.toml");
    let text = format!(
        "http.listen = \"127.0.0.1:0\"\ndatabase.url = \"{url}\"\nsecurity.key = \"{key}\"\nlog.level = \"warn\"\n\
         queue.send_timeout_ms = 1000\nqueue.lease_ms = 6000\nqueue.unknown_hold_ms = 1000\n\
         [connections.stub]\nkind = \"webhook\"\nurl = \"{provider}/\"\nsecret = \"{SECRET}\"\nallow_http = true\n\
         allow_private_networks = true\nper_second = 100000\n{more}",
        key = "cd".repeat(32)
    );
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

pub(crate) async fn prepare(db: &Db, key: &ApiKey) {
    let row = api_key::ApiKey {
        id: KeyId::first_of(1),
        name: "torture".to_owned(),
        prefix: key.prefix().to_owned(),
        hash: key.hash(),
        scopes: vec!["admin".to_owned()],
        lines: lastword::domain::access::rights::Lines::All,
        created_at: 1,
        last_used_at: None,
        revoked_at: None,
    };
    let change = LineChange {
        id: "support".into(),
        name: "Support".to_owned(),
        settings: LineSettings { delay_secs: 0, once_per_client_hours: 0, ..LineSettings::default() },
        archived: false,
        seen_version: 0,
        by: "test".to_owned(),
        at: 1,
    };
    db.write(move |tx| {
        let (row, change) = (row.clone(), change.clone());
        Box::pin(async move {
            api_key::insert(tx, &row).await?;
            line::save(tx, &change).await?;
            Ok::<_, StoreError>(())
        })
    })
    .await
    .unwrap();
}
