//! Measures page times over a large history and a small one of the same shape: every report, every list from its first page
//! to its last, the search, and the first bytes of files.
//!
//! ```console
//! $ cargo run --release --example make_history -- --ratings 100000 --answered 0.9 --until 2026-11-21 --out small.csv
//! $ cargo run --release --example make_history -- --ratings 10000000 --answered 0.9 --until 2026-11-21 --out big.csv
//! $ export LASTWORD__SESSIONS__LABELS=vip LASTWORD__SESSIONS__FIELDS=topic
//! $ LASTWORD__DATABASE__URL=sqlite://small.db lastword import small.csv --format csv --make-lines --yes
//! $ LASTWORD__DATABASE__URL=sqlite://big.db lastword import big.csv --format csv --make-lines --yes
//! $ cargo run --release --example report_times -- --small sqlite://$PWD/small.db --big sqlite://$PWD/big.db
//! ```
//!
//! Two servers run at once (this program twice more, as separate processes), one for each database, and first complete the
//! check of their files. Every round requests each page from both, one right after the other, so that noise on the machine
//! affects both sides of the ratio; medians and minima are shown. Times are measured by a client on the same machine, from
//! the request to the last byte, so they slightly exceed the server's own. A page is too slow if its median over the large
//! history exceeds `--most` milliseconds (`--most-by-label` for a report by label, whose time grows with the closes that have it, and is
//! that of the first request until it is answered), or twice that over the small one; below `--noise` milliseconds ratios are ignored.
//!
//! A running server deletes data older than a line's `retention_months`. To keep the history unchanged, set them to 0
//! first: `lastword line set line-00 retention_months=0`. With `--walk` the whole list of ratings is paged through, and the
//! time per page is shown at each tenth of the way.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the machine's clock and waits")]

#[path = "load/listening.rs"]
mod listening;

use clap::Parser;
use lastword::domain::access::rights::Role;
use lastword::store::Db;
use lastword::store::access::account::{self, Account};
use lastword::store::report::recount;
use lastword_base::names::OperatorId;
use listening::listening;
use std::collections::BTreeMap;
use std::process::{ExitCode, Stdio};
use std::time::{Duration, Instant};

/// The program's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const LOGIN: &str = "report-times";
const OPERATOR: &str = "report-times-operator";
/// Password of the generated accounts.
const PASSWORD: &str = "quiet lamp under rivers";
/// An operator of the generated history.
const ONE_OPERATOR: &str = "op-003";
const DAY: i64 = 86_400_000;

/// Measures page times over a large history and a small one.
#[derive(Debug, Parser)]
struct Arguments {
    /// URL of the database with the small history
    #[arg(long)]
    small: String,
    /// URL of the database with the large history
    #[arg(long)]
    big: String,
    /// Number of requests per page
    #[arg(long, default_value_t = 11)]
    rounds: usize,
    /// Maximum time of a page in milliseconds
    #[arg(long, default_value_t = 100.0)]
    most: f64,
    /// The same for a report by label
    #[arg(long, default_value_t = 300.0)]
    most_by_label: f64,
    /// Times below this many milliseconds are not compared
    #[arg(long, default_value_t = 10.0)]
    noise: f64,
    /// Only pages whose address contains this
    #[arg(long)]
    only: Option<String>,
    /// Also page through the whole list of ratings of the large history
    #[arg(long)]
    walk: bool,
}

fn main() -> ExitCode {
    // This program also runs the measured servers.
    let mut words: Vec<std::ffi::OsString> = std::env::args_os().collect();
    if words.get(1).is_some_and(|word| word == "lastword") {
        words.remove(0);
        return lastword::cli::run(words);
    }
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    if runtime.block_on(measure(&arguments)) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A server over one file, and its signed-in people.
struct Server {
    process: tokio::process::Child,
    address: String,
    client: reqwest::Client,
    admin: String,
    operator: String,
    /// Times of the first and the last close.
    extent: (i64, i64),
    started: Duration,
    _folder: tempfile::TempDir,
}

impl Server {
    async fn start(url: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let settings = folder.path().join("lastword.toml");
        let extent = prepare(url).await;
        let text = format!(
            "http.listen = \"127.0.0.1:0\"\ndatabase.url = \"{url}\"\nsecurity.key = \"{}\"\nlog.level = \"warn\"\n\
             sessions.labels = [\"vip\"]\nsessions.fields = [\"topic\"]\n",
            "ab".repeat(32)
        );
        std::fs::write(&settings, text).expect("the settings");
        let begun = Instant::now();
        let mut process = tokio::process::Command::new(std::env::current_exe().expect("this program"))
            .args(["lastword", "serve", "--config"])
            .arg(&settings)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the server starts");
        let address = listening(&mut process).await;
        let started = begun.elapsed();
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        let mut server = Self { process, address, client, admin: String::new(), operator: String::new(), extent, started, _folder: folder };
        server.admin = server.sign_in(LOGIN).await;
        server.operator = server.sign_in(OPERATOR).await;
        server.checked().await;
        server
    }

    /// Waits until the server has checked its file, which it reads completely after the start.
    async fn checked(&self) {
        let tasks = format!("/proc/{}/task", self.process.id().unwrap_or(0));
        let checks = || {
            let names = std::fs::read_dir(&tasks).into_iter().flatten().flatten();
            names.filter_map(|task| std::fs::read_to_string(task.path().join("comm")).ok()).any(|name| name.trim() == "sqlite check")
        };
        while checks() {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    async fn sign_in(&self, login: &str) -> String {
        let url = format!("http://{}/sign-in", self.address);
        let page = self.client.get(&url).send().await.expect("the way in");
        let guest = cookies(&page);
        let text = page.text().await.expect("the way in");
        let token = text.split_once("name=\"form_token\" value=\"").and_then(|(_, rest)| rest.split('"').next()).expect("a form");
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs([("form_token", token), ("login", login), ("password", PASSWORD)]);
        let request = self.client.post(&url).header("cookie", guest).header("sec-fetch-site", "same-origin");
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(form.finish());
        let answer = request.send().await.expect("signed in");
        assert_eq!(answer.status(), 303, "{login} is signed in");
        cookies(&answer)
    }

    /// Requests a page. Returns the time and the body.
    async fn ask(&self, page: &Page) -> (f64, String) {
        let path = page.path(self.extent);
        let cookie = if path.starts_with("/me") { &self.operator } else { &self.admin };
        let begun = Instant::now();
        let mut answer = loop {
            let request = self.client.get(format!("http://{}{path}", self.address)).header("cookie", cookie).header("accept", "text/html");
            let answer = request.send().await.expect("an answer");
            // Counting goes on beyond the time limit of a request; the page asks again.
            if page.what == BY_LABEL && answer.status() == 503 {
                tokio::time::sleep(Duration::from_millis(200)).await;
                continue;
            }
            assert_eq!(answer.status(), 200, "{path}");
            break answer;
        };
        let text = if page.first_bytes {
            let first = answer.chunk().await.expect("bytes").unwrap_or_default();
            String::from_utf8_lossy(&first).into_owned()
        } else {
            String::from_utf8_lossy(&answer.bytes().await.expect("a page")).into_owned()
        };
        (begun.elapsed().as_secs_f64() * 1_000.0, text)
    }

    /// A line of `/proc/PID/status` in MiB.
    fn memory(&self, name: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id().unwrap_or(0))).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
    }
}

fn cookies(answer: &reqwest::Response) -> String {
    let all = answer.headers().get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    all.filter_map(|set| set.split(';').next()).collect::<Vec<_>>().join("; ")
}

/// Adds the two signed-in people if they are missing. Returns the times of the first and the last close.
async fn prepare(url: &str) -> (i64, i64) {
    let db = Db::open(url, 1).await.expect("the database");
    db.migrate().await.expect("its tables");
    let hash = lastword::life::access::passwords::hash(PASSWORD, [7; 16]).expect("a password");
    for (login, role, operator) in [(LOGIN, Role::Admin, None), (OPERATOR, Role::Operator, Some(ONE_OPERATOR.to_owned()))] {
        if account::by_login(&db, login).await.expect("the accounts").is_none() {
            let new = Account {
                id: lastword::names::AccountId::first_of(if role == Role::Admin { 1 } else { 2 }),
                login: login.to_owned(),
                name: login.to_owned(),
                role,
                password_hash: hash.clone(),
                operator_id: operator.map(OperatorId::from),
                all_lines: true,
                comments: true,
                ..Account::default()
            };
            let add = db.write(move |tx| {
                let new = new.clone();
                Box::pin(async move { account::insert(tx, &new).await })
            });
            add.await.expect("an account");
        }
    }
    let days = recount::extent(&db).await.expect("its days").expect("closes");
    let extent = (days.0.start(db.zone()), days.1.plus(1).start(db.zone()));
    db.close().await;
    extent
}

/// A page to request. In its address, `{first}`, `{middle}` and `{last}` are positions in the list, `{from}` and `{until}`
/// the first and the last day, and `{quarter}` a day a quarter of the way back.
struct Page {
    what: &'static str,
    address: String,
    first_bytes: bool,
}

impl Page {
    fn path(&self, (first, last): (i64, i64)) -> String {
        let day = |at: i64| chrono::DateTime::from_timestamp_millis(at).unwrap_or_default().format("%Y-%m-%d").to_string();
        let places = [
            ("{middle}", format!("{}.", (first + last) / 2)),
            ("{last}", format!("{}.", first + (last - first) / 500)),
            ("{from}", day(first)),
            ("{odd}", day(first + 17 * DAY)),
            ("{until}", day(last - DAY)),
            ("{before}", day(last - 16 * DAY)),
            ("{quarter}", day(last - (last - first) / 4)),
        ];
        places.iter().fold(self.address.clone(), |path, (word, place)| path.replace(word, place))
    }
}

/// Filters by everything available, and combinations.
const FILTERS: [&str; 6] = [
    "line=line-03",
    "operator=op-003",
    "channel=telegram",
    "scale=five_star",
    "line=line-03&channel=telegram&scale=five_star",
    "line=line-03&operator=op-003&channel=telegram",
];

/// Pages whose first request counts: later ones are answered from memory for ten minutes.
const BY_LABEL: &str = "report by label";

const PERIODS: [&str; 12] = [
    "period=today",
    "period=yesterday",
    "period=7",
    "period=30",
    "period=90",
    "period=month",
    "period=last_month",
    "period=quarter",
    "period=year",
    "from={quarter}&until={before}",
    "from={odd}&until={before}",
    "from={from}&until={until}",
];

const LISTS: [&str; 18] = [
    "",
    "outcome=all",
    "outcome=expired",
    "outcome=not_asked",
    "line=line-03",
    "operator=op-003",
    "channel=email",
    "scale=five_star",
    "score=1",
    "grade=bad",
    "grade=neutral",
    "commented=1",
    "resolved=no",
    "q=people",
    "q=times+people",
    "q=fre",
    "q=nobody-wrote-this",
    "line=line-03&operator=op-003&score=1&commented=1",
];

fn pages() -> Vec<Page> {
    let mut pages: Vec<Page> = Vec::new();
    let mut add = |what: &'static str, address: String| pages.push(Page { what, address, first_bytes: false });
    add("today", "/today".to_owned());
    for period in PERIODS {
        for by in ["operator", "line", "channel", "day", "week", "month"] {
            // Three years of days exceed the maximum number of steps.
            if by != "day" || !["from={odd}", "from={from}"].iter().any(|long| period.starts_with(long)) {
                add("report", format!("/reports?{period}&by={by}"));
            }
        }
        for filter in FILTERS {
            add("report", format!("/reports?{period}&{filter}&by=operator"));
        }
        for tab in ["tab=compare&by=operator", "tab=compare&by=line", "tab=reasons", "tab=reasons&by=operator", "tab=week", "tab=details"] {
            add("report's tab", format!("/reports?{period}&{tab}"));
        }
        for filter in ["label=vip", "label=vip&by=operator", "label=topic:refund", "by=label"] {
            add(BY_LABEL, format!("/reports?{period}&{filter}&wait=1"));
        }
        add("operators", format!("/operators?{period}"));
        add("operator", format!("/operators/{ONE_OPERATOR}?{period}"));
    }
    add("own numbers", "/me".to_owned());
    for page in ["/lines", "/lines/line-03", "/lines/line-03/alarms", "/lines/line-03/experiments", "/letters", "/alerts", "/deliveries"] {
        add("setup", page.to_owned());
    }
    for format in ["csv", "xlsx"] {
        add("report's file", format!("/reports/file?from={{odd}}&until={{before}}&by=operator&format={format}"));
    }
    for show in ["waiting", "mine", "nobody", "all", "all&before={middle}", "all&before={last}", "done", "done&before={middle}"] {
        add("low ratings", format!("/low?show={show}"));
    }
    for filter in LISTS {
        for place in ["", "&cursor={middle}", "&cursor={last}"] {
            add(if filter.starts_with("q=") { "search" } else { "ratings" }, format!("/ratings?{filter}{place}"));
        }
    }
    for file in ["/ratings.csv", "/ratings.csv?q=people", "/ratings.xlsx?from={until}&until={until}&operator=op-003"] {
        pages.push(Page { what: "file, first bytes", address: file.to_owned(), first_bytes: true });
    }
    pages
}

/// Requests everything; returns true if nothing was too slow.
async fn measure(arguments: &Arguments) -> bool {
    let (small, big) = (Server::start(&arguments.small).await, Server::start(&arguments.big).await);
    for (name, server) in [("small", &small), ("big", &big)] {
        println!("{name}: started in {:.1} s, {:.0} MiB resident", server.started.as_secs_f64(), server.memory("VmRSS:"));
    }
    let mut pages = pages();
    pages.retain(|page| arguments.only.as_ref().is_none_or(|only| page.address.contains(only.as_str())));
    let mut times: BTreeMap<usize, [Vec<f64>; 2]> = BTreeMap::new();
    for round in 0..=arguments.rounds {
        for (at, page) in pages.iter().enumerate() {
            let both = [small.ask(page).await.0, big.ask(page).await.0];
            // The first round is a warm-up, where not the first request is meant.
            if (round > 0) != (page.what == BY_LABEL) {
                let mine = times.entry(at).or_default();
                mine.iter_mut().zip(both).for_each(|(mine, took)| mine.push(took));
            }
        }
    }
    println!("\n{:>8} {:>8} | {:>8} {:>8} | {:>6}  page", "small", "min", "big", "min", "ratio");
    let (mut slow, mut steep) = (Vec::new(), Vec::new());
    let mut medians = Vec::new();
    for (at, [small, big]) in &mut times {
        let page = &pages[*at];
        let (one, other) = (median(small), median(big));
        let ratio = other.0 / one.0;
        let by_label = page.what == BY_LABEL;
        let verdict = if other.0 > if by_label { arguments.most_by_label } else { arguments.most } {
            slow.push(page);
            "  TOO SLOW"
        } else if ratio > 2.0 && other.0 > arguments.noise && !by_label {
            steep.push(page);
            "  TOO STEEP"
        } else {
            ""
        };
        medians.push(other.0);
        println!("{:8.1} {:8.1} | {:8.1} {:8.1} | {ratio:6.2}  {}: {}{verdict}", one.0, one.1, other.0, other.1, page.what, page.address);
    }
    if arguments.walk {
        walk(&big).await;
    }
    let middle = median(&mut medians).0;
    let longest = medians.last().copied().unwrap_or_default();
    println!("\n{} pages over the big past: median {middle:.1} ms, longest {longest:.1} ms", pages.len());
    println!(
        "{} take too long ({} ms, {} by label); {} more than twice their time over the small past",
        slow.len(),
        arguments.most,
        arguments.most_by_label,
        steep.len()
    );
    for (name, server) in [("small", &small), ("big", &big)] {
        println!("{name}: {:.0} MiB resident, {:.0} at most", server.memory("VmRSS:"), server.memory("VmHWM:"));
    }
    slow.is_empty() && steep.is_empty()
}

/// Pages through the whole list of ratings.
async fn walk(server: &Server) {
    let mut page = Page { what: "ratings", address: "/ratings".to_owned(), first_bytes: false };
    let (first, last) = server.extent;
    let (mut tenths, mut count): (BTreeMap<i64, Vec<f64>>, u64) = (BTreeMap::new(), 0);
    let mut tenth = 0;
    loop {
        let (took, text) = server.ask(&page).await;
        tenths.entry(tenth).or_default().push(took);
        count += 1;
        // Other links on a page lead back to the page itself.
        let Some((before, _)) = text.split_once("\" rel=\"next\"") else { break };
        let Some((_, address)) = before.rsplit_once("href=\"") else { break };
        let cursor = address.split_once("cursor=").map_or(address, |(_, cursor)| cursor);
        let at: i64 = cursor.split('.').next().and_then(|at| at.parse().ok()).unwrap_or(first);
        tenth = (last - at) * 10 / (last - first).max(1);
        page.address = address.to_owned();
    }
    println!("\n{count} pages of the list of ratings, by tenths of the way:");
    for (tenth, times) in &mut tenths {
        let (middle, least) = median(times);
        println!(
            "  {tenth}: {} pages, median {middle:.1} ms, least {least:.1} ms, most {:.1} ms",
            times.len(),
            times.last().unwrap_or(&0.0)
        );
    }
}

/// Median and minimum of the times, which are sorted afterwards.
fn median(times: &mut [f64]) -> (f64, f64) {
    times.sort_by(f64::total_cmp);
    (times.get(times.len() / 2).copied().unwrap_or_default(), times.first().copied().unwrap_or_default())
}
