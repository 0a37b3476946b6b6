//! A PostgreSQL cluster under Patroni (three hosts, each with an etcd, and HAProxy) whose leader is killed, frozen, cut off or switched
//! over, while two nodes take closes and answers and send: one node goes through HAProxy, the other names all three hosts in its URL.
//! The leader returns while the load goes on. Afterwards everything that was acknowledged is there, what was asked twice is shown as such,
//! counters equal a recount, nothing is in quarantine, and writes resumed in time.
//!
//! Long form only (`./test --long`), as root, with Debian's iproute2, etcd-server, etcd-client and haproxy; `./test` installs Patroni into
//! `tests/patroni/.venv`. It writes the table of `docs/operations.md` where `LASTWORD_WRITE_DOCS=1`.

use crate::rig::folder::Folder;
use crate::rig::stub::Stub;
use crate::rig::{long, root};
use crate::torture::load::{Load, Told};
use crate::torture::{Accepted, Addresses, node, prepare, settings, taken, verdict};
use lastword::domain::access::api_key::ApiKey;
use lastword::life::report::recount::recount;
use lastword::store::Db;
use lastword::store::records::installation;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Patroni's ttl, and what HAProxy's check and a node's own look need.
const RESUMES_WITHIN: Duration = Duration::from_secs(20 + 5);
/// Two rounds of Patroni (`loop_wait`): a strictly synchronous leader takes writes once a standby of its own is chosen.
const CHOOSES_STANDBY_WITHIN: Duration = Duration::from_secs(2 * 4);
/// The network of the cluster, which exists on this machine only: addresses that are reserved for such tests.
const NET: &str = "198.18.71";
/// Where `./test` installs Patroni.
const PATRONI: &str = "tests/patroni/.venv";

/// A failure of the leader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Blow {
    Kill,
    KillAhead,
    Freeze,
    CutEtcd,
    CutHost,
    Switchover,
}

impl Blow {
    fn command(self) -> &'static str {
        match self {
            Blow::Kill => "kill",
            Blow::KillAhead => "kill_ahead",
            Blow::Freeze => "freeze",
            Blow::CutEtcd => "cut_etcd",
            Blow::CutHost => "cut_host",
            Blow::Switchover => "switchover",
        }
    }

    fn sentence(self) -> &'static str {
        match self {
            Blow::Kill => "leader and its Patroni killed (-9)",
            Blow::KillAhead => "the same, a second ahead of its standbys",
            Blow::Freeze => "leader frozen (SIGSTOP)",
            Blow::CutEtcd => "leader cut off from the other etcds",
            Blow::CutHost => "leader's host cut off",
            Blow::Switchover => "switchover",
        }
    }
}

/// The cluster. It ends with this.
struct Cluster {
    child: Child,
    pipe: Option<ChildStdin>,
    says: BufReader<ChildStdout>,
}

impl Cluster {
    fn up(synchronous: bool) -> Self {
        let files = root().join("tests/it/failover");
        let mut command = Command::new("bash");
        command.arg(files.join("cluster.sh")).arg(&files).args([&synchronous.to_string(), NET]).arg(root().join(PATRONI));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let (pipe, says) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        let mut cluster = Self { child, pipe, says };
        cluster.heard();
        cluster
    }

    fn heard(&mut self) -> String {
        let mut line = String::new();
        self.says.read_line(&mut line).unwrap();
        line.trim_end().strip_prefix("ok").unwrap_or_else(|| panic!("the cluster: {line}")).trim().to_owned()
    }

    fn tell(&mut self, command: &str) -> String {
        writeln!(self.pipe.as_mut().unwrap(), "{command}").unwrap();
        self.heard()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.pipe = None;
        let _ = self.child.wait();
    }
}

/// Result of one failure.
struct Measured {
    blow: Blow,
    synchronous: bool,
    acknowledged: usize,
    /// Closes and answers.
    lost: (usize, usize),
    gap: Duration,
    twice: usize,
}

#[test]
fn what_is_acknowledged_survives_the_leader_of_a_cluster() {
    if !long() {
        eprintln!("long form only: ./test --long");
        return;
    }
    let missing: Vec<_> = ["ip", "etcd", "etcdctl", "haproxy"].into_iter().filter(|name| !there(name)).collect();
    assert!(missing.is_empty(), "missing {missing:?}: apt-get install iproute2 etcd-server etcd-client haproxy");
    assert!(root().join(PATRONI).join("bin/patroni").exists(), "no Patroni in {PATRONI}: ./test --long installs it");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let blows = [
        (Blow::Kill, true),
        (Blow::Freeze, true),
        (Blow::CutEtcd, true),
        (Blow::CutHost, true),
        (Blow::Switchover, true),
        (Blow::Kill, false),
        (Blow::KillAhead, false),
    ];
    let mut measured = Vec::new();
    for (blow, synchronous) in blows {
        measured.push(runtime.block_on(strike(blow, synchronous)));
        eprintln!("{}", table(&measured));
    }
    publish(&table(&measured));
    for row in &measured {
        assert!(row.lost == (0, 0) || !row.synchronous, "{:?} lost {:?} with synchronous replication", row.blow, row.lost);
        assert!(row.lost.0 > 0 || row.blow != Blow::KillAhead, "what no standby had received cannot be there");
        let within = if row.synchronous { RESUMES_WITHIN + CHOOSES_STANDBY_WITHIN } else { RESUMES_WITHIN };
        assert!(row.gap <= within, "{:?}: writes resumed after {:?}", row.blow, row.gap);
    }
}

fn there(program: &str) -> bool {
    ["/usr/bin", "/usr/sbin", "/usr/local/bin"].iter().any(|folder| std::path::Path::new(folder).join(program).exists())
}

async fn strike(blow: Blow, synchronous: bool) -> Measured {
    let mut cluster = Cluster::up(synchronous);
    let through_proxy = format!("postgres://lastword:lastword@{NET}.10:5000/lastword");
    let by_name = format!("postgres://lastword:lastword@{NET}.1:5432,{NET}.2:5432,{NET}.3:5432/lastword");
    let db = Db::open(&by_name, 4).await.unwrap();
    db.migrate().await.unwrap();
    let key = ApiKey::generate([9; 32]);
    prepare(&db, &key).await;
    let (accepted, addresses): (Accepted, Addresses) = (Arc::default(), Arc::default());
    let log = accepted.clone();
    let provider = Stub::start(move |seen| taken(seen, &log));
    let folders = [Folder::new(), Folder::new()];
    let mut nodes = Vec::new();
    for (folder, url) in folders.iter().zip([&through_proxy, &by_name]) {
        nodes.push(node(&settings(folder.path(), url, &provider.url(), ""), &addresses, &[]).await);
    }
    let load = Load::start(addresses.clone(), key.text().to_owned(), accepted.clone());
    let gaps = Gaps::watch(&load);
    tokio::time::sleep(Duration::from_secs(6)).await;
    let before = cluster.tell("leader");
    cluster.tell(blow.command());
    // Until another one leads and took writes for a while.
    let struck = Instant::now();
    while cluster.tell("leader") == before || cluster.tell("leader") == "none" {
        assert!(struck.elapsed() < Duration::from_secs(120), "{blow:?}: no new leader");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    tokio::time::sleep(Duration::from_secs(15)).await;
    let leads = cluster.tell("leader");
    cluster.tell("heal");
    assert_eq!(cluster.tell("leader"), leads, "{blow:?}: the returned leader is a standby");
    let gap = gaps.longest();
    let told: Told = load.stop().await;
    verdict::settled(&db).await;
    assert_eq!(installation::quarantine(&db).await.unwrap(), None, "a failover is no copy");
    for running in nodes {
        let (status, log) = running.stop().await;
        assert!(status.success(), "{log}");
    }
    let lost = verdict::missing(&db, &told).await;
    if lost == (0, 0) {
        verdict::reach(&db, &accepted, &told).await;
    }
    let counted = recount(&db, 0, |_| ()).await.unwrap();
    assert_eq!(counted.wrong, 0, "{:?}", counted.told);
    Measured { blow, synchronous, acknowledged: told.closed.len() + told.scores.len(), lost, gap, twice: verdict::twice(&accepted) }
}

/// The longest time in which nothing was acknowledged.
struct Gaps(Arc<Mutex<(usize, Instant, Duration)>>);

impl Gaps {
    fn watch(load: &Load) -> Self {
        let (acknowledged, kept) = (load.acknowledged(), Arc::new(Mutex::new((0, Instant::now(), Duration::ZERO))));
        let gaps = Self(kept.clone());
        tokio::spawn(async move {
            while Arc::strong_count(&kept) > 1 {
                let count = acknowledged();
                {
                    let mut gap = kept.lock().unwrap();
                    if count != gap.0 {
                        *gap = (count, Instant::now(), gap.2);
                    }
                    gap.2 = gap.2.max(gap.1.elapsed());
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
        gaps
    }

    fn longest(self) -> Duration {
        self.0.lock().unwrap().2
    }
}

fn table(measured: &[Measured]) -> String {
    let mut text = "| blow | replication | closes and answers acknowledged | lost closes | lost answers | longest time without an acknowledgement | asked twice, and shown |\n\
                    |---|---|---|---|---|---|---|\n"
        .to_owned();
    for row in measured {
        let replication = if row.synchronous { "quorum, strict" } else { "asynchronous" };
        let _ = writeln!(
            text,
            "| {} | {replication} | {} | {} | {} | {:.1} s | {} |",
            row.blow.sentence(),
            row.acknowledged,
            row.lost.0,
            row.lost.1,
            row.gap.as_secs_f64(),
            row.twice
        );
    }
    text
}

/// Puts the table into the documentation, where that is asked for.
fn publish(table: &str) {
    const BEGIN: &str = "<!-- made by tests/it/failover.rs -->\n";
    const END: &str = "<!-- end -->\n";
    if std::env::var("LASTWORD_WRITE_DOCS").is_ok_and(|value| value == "1") {
        let path = root().join("docs/operations.md");
        let text = std::fs::read_to_string(&path).unwrap();
        let (before, rest) = text.split_once(BEGIN).expect("the place of the table");
        let (_, after) = rest.split_once(END).expect("its end");
        std::fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
    }
}
