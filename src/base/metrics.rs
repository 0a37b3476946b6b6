//! Metrics for Prometheus. All are in one value, so that two servers in one test process do not share counters.
//!
//! Label values are names from the settings and constants from the code, never input from callers: labels with open values
//! would grow without limit.

mod format;
mod ratings;

pub use format::Format;
pub use ratings::Ratings;

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Upper bounds of the histogram of delivery lateness, in seconds.
const LATENESS: [f64; 14] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0];

/// All metrics of a server.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    queue_due: Gauge,
    quarantine: Gauge,
    wal: Gauge,
    queue_oldest_due_age: Gauge<f64, AtomicU64>,
    delivery_lateness: Histogram,
    sends: Family<Send, Counter>,
    outcomes: Family<Outcome, Counter>,
    closes: Family<Decision, Counter>,
    answers: Family<Disposition, Counter>,
    alerts: Family<State, Counter>,
    by_place: Ratings,
    inbound_rejected: Family<Rejected, Counter>,
    calls_refused: Family<Refused, Counter>,
    passed_on: Family<PassedOn, Counter>,
    pass_on_backlog: Family<Connection, Gauge>,
    pass_on_oldest_age: Family<Connection, Gauge<f64, AtomicU64>>,
    connection_stopped: Family<Connection, Gauge>,
    connection_deaf: Family<Connection, Gauge>,
    connection_heard: Family<Connection, Gauge<f64, AtomicU64>>,
    commits: Counter,
    /// Reads the number of commits, which the database counts.
    commits_so_far: SoFar,
    group_commits: Family<Batches, Counter>,
    group_commit_items: Family<Batches, Counter>,
    http_requests: Family<Request, Counter>,
    clock_offset: Gauge<f64, AtomicU64>,
    clock_went_back: Counter,
}

/// Label values of counters that start at zero.
#[derive(Debug)]
pub struct Beginnings<'w> {
    /// Kinds of deliveries.
    pub kinds: &'w [&'w str],
    /// Reasons for refusing calls from platforms.
    pub rejected: &'w [&'w str],
    /// Results of requests passed on to the desk behind a shared bot.
    pub passed_on: &'w [&'w str],
    /// States of alerts.
    pub alerts: &'w [&'w str],
    /// Refusals of calls from desks: the call and the error code.
    pub refused: &'w [(&'w str, String)],
}

#[derive(Default)]
struct SoFar(OnceLock<Box<dyn Fn() -> u64 + std::marker::Send + Sync>>);

impl fmt::Debug for SoFar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SoFar")
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Send {
    connection: String,
    kind: String,
    verdict: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: String,
    reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Decision {
    decision: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Disposition {
    disposition: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct State {
    state: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Rejected {
    connection: String,
    why: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Refused {
    call: String,
    code: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Connection {
    connection: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct PassedOn {
    connection: String,
    result: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Batches {
    of: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    route: String,
    status: u16,
}

impl Metrics {
    /// Creates all metrics at zero; `version` is exported as `lastword_build_info`.
    pub fn new(version: &str) -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("lastword"),
            queue_due: Gauge::default(),
            quarantine: Gauge::default(),
            wal: Gauge::default(),
            queue_oldest_due_age: Gauge::default(),
            delivery_lateness: Histogram::new(LATENESS),
            sends: Family::default(),
            outcomes: Family::default(),
            closes: Family::default(),
            answers: Family::default(),
            alerts: Family::default(),
            by_place: Ratings::default(),
            inbound_rejected: Family::default(),
            calls_refused: Family::default(),
            passed_on: Family::default(),
            pass_on_backlog: Family::default(),
            pass_on_oldest_age: Family::default(),
            connection_stopped: Family::default(),
            connection_deaf: Family::default(),
            connection_heard: Family::default(),
            commits: Counter::default(),
            commits_so_far: SoFar::default(),
            group_commits: Family::default(),
            group_commit_items: Family::default(),
            http_requests: Family::default(),
            clock_offset: Gauge::default(),
            clock_went_back: Counter::default(),
        };
        metrics.registry.register("build", "The running version", Info::new([("version".to_owned(), version.to_owned())]));
        metrics.register();
        metrics
    }

    fn register(&mut self) {
        let registry = &mut self.registry;
        registry.register("queue_due", "Deliveries that are due and not yet claimed", self.queue_due.clone());
        let about = "1 while the database is in quarantine: it came from a copy, accepts everything and sends nothing";
        registry.register("quarantine", about, self.quarantine.clone());
        registry.register("wal_bytes", "Size of the write-ahead log of the SQLite file", self.wal.clone());
        let age = self.queue_oldest_due_age.clone();
        registry.register("queue_oldest_due_age_seconds", "Age of the oldest due delivery", age);
        let lateness = self.delivery_lateness.clone();
        registry.register("delivery_lateness_seconds", "Time from when a delivery was due to its call", lateness);
        registry.register("sends", "Calls to platforms, by result", self.sends.clone());
        registry.register("outcomes", "Closes, by the outcome of their rating request", self.outcomes.clone());
        registry.register("closes", "Accepted closes, by the decision to ask or not", self.closes.clone());
        registry.register("answers", "Received answers, by how they were treated", self.answers.clone());
        registry.register("alerts", "Low-rating alerts, by the state they entered", self.alerts.clone());
        self.by_place.register(registry);
        registry.register("inbound_rejected", "Calls from platforms that were refused", self.inbound_rejected.clone());
        registry.register("events_refused", "Refused reports from desks, by call and code", self.calls_refused.clone());
        registry.register("passed_on", "Requests for the desks behind shared bots, by result", self.passed_on.clone());
        registry.register("pass_on_backlog", "Requests that wait for the desk behind a shared bot", self.pass_on_backlog.clone());
        let age = self.pass_on_oldest_age.clone();
        registry.register("pass_on_oldest_age_seconds", "Age of the oldest of these requests", age);
        registry.register(
            "connection_stopped",
            "1 while a connection is stopped because its platform reports it as broken",
            self.connection_stopped.clone(),
        );
        registry.register("connection_deaf", "1 while a connection receives nothing", self.connection_deaf.clone());
        let heard = self.connection_heard.clone();
        registry.register("connection_heard_timestamp_seconds", "Time a connection last received something", heard);
        let about = "Transactions committed by this process; one that was rolled back or repeated counts at most once";
        registry.register("commits", about, self.commits.clone());
        let about = "Commits shared by concurrent callers, by what they contain; each is also counted in lastword_commits";
        registry.register("group_commits", about, self.group_commits.clone());
        registry.register("group_commit_items", "Closes or answers stored by these commits", self.group_commit_items.clone());
        registry.register("http_requests", "HTTP responses", self.http_requests.clone());
        let about = "How far the database's clock is ahead of this machine's; 0 if the database has no clock of its own";
        registry.register("clock_offset_seconds", about, self.clock_offset.clone());
        registry.register("clock_went_back", "Number of times the clock went back by more than two seconds", self.clock_went_back.clone());
    }

    /// Creates the counters used by alert rules at zero. Prometheus sees no increase if a counter first appears with its first event.
    pub fn begin<'a>(&self, connections: impl Iterator<Item = &'a str>, words: &Beginnings<'_>) {
        for connection in connections {
            let labels = Connection { connection: connection.to_owned() };
            self.connection_stopped.get_or_create(&labels).set(0);
            self.connection_deaf.get_or_create(&labels).set(0);
            self.pass_on_oldest_age.get_or_create(&labels).set(0.0);
            self.pass_on_backlog.get_or_create(&labels).set(0);
            for kind in words.kinds {
                let labels = Send { connection: connection.to_owned(), kind: (*kind).to_owned(), verdict: "sent".to_owned() };
                self.sends.get_or_create(&labels).inc_by(0);
            }
            for why in words.rejected {
                self.inbound_rejected.get_or_create(&Rejected { connection: connection.to_owned(), why: (*why).to_owned() }).inc_by(0);
            }
            for result in words.passed_on {
                self.passed_on.get_or_create(&PassedOn { connection: connection.to_owned(), result: (*result).to_owned() }).inc_by(0);
            }
        }
        for state in words.alerts {
            self.alerts.get_or_create(&State { state: (*state).to_owned() }).inc_by(0);
        }
        for (call, code) in words.refused {
            self.calls_refused.get_or_create(&Refused { call: (*call).to_owned(), code: code.clone() }).inc_by(0);
        }
        self.closes.get_or_create(&Decision { decision: "ask".to_owned() }).inc_by(0);
    }

    /// Sets the number of due deliveries and the age of the oldest.
    pub fn queue(&self, due: u64, oldest_due_age_ms: i64) {
        self.queue_due.set(i64::try_from(due).unwrap_or(i64::MAX));
        self.queue_oldest_due_age.set(seconds(oldest_due_age_ms));
    }

    /// Sets whether the database is in quarantine.
    pub fn quarantine(&self, is: bool) {
        self.quarantine.set(i64::from(is));
    }

    /// Sets the size of the write-ahead log of the SQLite file.
    pub fn wal(&self, bytes: u64) {
        self.wal.set(i64::try_from(bytes).unwrap_or(i64::MAX));
    }

    /// Records a call to a platform that began `late_ms` after its delivery was due.
    pub fn delivery_lateness(&self, late_ms: i64) {
        self.delivery_lateness.observe(seconds(late_ms));
    }

    /// Records a completed call to a platform; `verdict` is `sent` or the name of a verdict.
    pub fn send(&self, connection: &str, kind: &str, verdict: &str) {
        let labels = Send { connection: connection.to_owned(), kind: kind.to_owned(), verdict: verdict.to_owned() };
        self.sends.get_or_create(&labels).inc();
    }

    /// Counts a close whose outcome was decided.
    pub fn outcome(&self, outcome: &str, reason: &str) {
        self.outcomes.get_or_create(&Outcome { outcome: outcome.to_owned(), reason: reason.to_owned() }).inc();
    }

    /// Counts `count` accepted closes with the same decision.
    pub fn closes(&self, decision: &str, count: u64) {
        self.closes.get_or_create(&Decision { decision: decision.to_owned() }).inc_by(count);
    }

    /// Counts a received answer.
    pub fn answer(&self, disposition: &str) {
        self.answers.get_or_create(&Disposition { disposition: disposition.to_owned() }).inc();
    }

    /// Counts an alert that entered a state.
    pub fn alert(&self, state: &str) {
        self.alerts.get_or_create(&State { state: state.to_owned() }).inc();
    }

    /// The metrics by line and channel.
    pub fn by_place(&self) -> &Ratings {
        &self.by_place
    }

    /// Counts a refused call from a platform.
    pub fn inbound_rejected(&self, connection: &str, why: &str) {
        self.inbound_rejected.get_or_create(&Rejected { connection: connection.to_owned(), why: why.to_owned() }).inc();
    }

    /// Counts a refused report from a desk: `call` is the route, `code` the error code of the problem.
    pub fn call_refused(&self, call: &str, code: &str) {
        self.calls_refused.get_or_create(&Refused { call: call.to_owned(), code: code.to_owned() }).inc();
    }

    /// Counts `count` requests for the desk behind a connection: `passed`, `failed`, or `dropped` as too old.
    pub fn passed_on(&self, connection: &str, result: &str, count: u64) {
        self.passed_on.get_or_create(&PassedOn { connection: connection.to_owned(), result: result.to_owned() }).inc_by(count);
    }

    /// Sets the number of requests waiting for each desk behind a connection, and the age of the oldest in milliseconds; 0 for the
    /// other `connections`, and nothing for those that are gone.
    pub fn pass_on_backlogs<'n>(&self, connections: impl Iterator<Item = &'n str>, waiting: impl Iterator<Item = (&'n str, i64, i64)>) {
        self.pass_on_backlog.clear();
        self.pass_on_oldest_age.clear();
        for (connection, waiting, oldest_age_ms) in connections.map(|connection| (connection, 0, 0)).chain(waiting) {
            let labels = Connection { connection: connection.to_owned() };
            self.pass_on_backlog.get_or_create(&labels).set(waiting);
            self.pass_on_oldest_age.get_or_create(&labels).set(seconds(oldest_age_ms));
        }
    }

    /// Sets the state of a connection: stopped by its platform, not receiving, and when something was last received.
    pub fn connection(&self, connection: &str, stopped: bool, deaf: bool, heard_at: Option<i64>) {
        let labels = Connection { connection: connection.to_owned() };
        self.connection_stopped.get_or_create(&labels).set(i64::from(stopped));
        self.connection_deaf.get_or_create(&labels).set(i64::from(deaf));
        if let Some(heard_at) = heard_at {
            self.connection_heard.get_or_create(&labels).set(seconds(heard_at));
        }
    }

    /// Reads the number of committed transactions from `so_far` whenever metrics are read.
    pub fn count_commits_by(&self, so_far: impl Fn() -> u64 + std::marker::Send + Sync + 'static) {
        // Only the first call has an effect: a process has one database.
        let _ = self.commits_so_far.0.set(Box::new(so_far));
    }

    /// Records a commit of a batch of `items` items of the group `of`.
    pub fn group_commit(&self, of: &str, items: u64) {
        let labels = Batches { of: of.to_owned() };
        self.group_commits.get_or_create(&labels).inc();
        self.group_commit_items.get_or_create(&labels).inc_by(items);
    }

    /// Counts an HTTP response. `route` is the pattern, never the path.
    pub fn http_request(&self, route: &str, status: u16) {
        self.http_requests.get_or_create(&Request { route: route.to_owned(), status }).inc();
    }

    /// Sets how far the database's clock is ahead of this machine's, and how often the clock went back so far.
    #[expect(clippy::cast_precision_loss, reason = "an offset of more than 2^52 ms has other problems")]
    pub fn clock(&self, offset_ms: i64, went_back: u64) {
        self.clock_offset.set(offset_ms as f64 / 1000.0);
        self.clock_went_back.inner().store(went_back, Ordering::Relaxed);
    }

    /// All metrics in `format`.
    pub fn encode_as(&self, format: Format) -> String {
        let page = self.encode();
        match format {
            Format::OpenMetrics => page,
            Format::Plain => format::plain(&page),
        }
    }

    /// All metrics in the OpenMetrics text format.
    pub fn encode(&self) -> String {
        if let Some(so_far) = self.commits_so_far.0.get() {
            self.commits.inner().store(so_far(), Ordering::Relaxed);
        }
        let mut page = String::new();
        text::encode(&mut page, &self.registry).expect("writing to a String cannot fail");
        page
    }
}

#[expect(clippy::cast_precision_loss, reason = "a wait of more than 2^52 ms has other problems")]
fn seconds(millis: i64) -> f64 {
    millis.max(0) as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_has_its_name_and_labels() {
        let metrics = Metrics::new("1.2.3");
        metrics.queue(7, 1500);
        metrics.quarantine(true);
        metrics.wal(4096);
        metrics.delivery_lateness(20);
        metrics.delivery_lateness(-5);
        metrics.send("shop", "telegram", "sent");
        metrics.outcome("not_asked", "sampled_out");
        metrics.closes("ask", 3);
        metrics.answer("counted");
        metrics.alert("sent");
        metrics.by_place().alarms([("support", "telegram", "score", true), ("support", "telegram", "delivery", false)].into_iter());
        metrics.inbound_rejected("shop", "unsigned");
        metrics.passed_on("shop", "passed", 2);
        metrics.pass_on_backlogs(["shop", "other"].into_iter(), [("shop", 3, 2500)].into_iter());
        metrics.connection("shop", true, false, Some(1_790_000_000_500));
        metrics.group_commit("closes", 128);
        metrics.count_commits_by(|| 3);
        metrics.http_request("/r/{token}", 200);
        metrics.clock(-2500, 1);
        let page = metrics.encode();
        for line in [
            r#"lastword_build_info{version="1.2.3"} 1"#,
            "lastword_queue_due 7",
            "lastword_quarantine 1",
            "lastword_wal_bytes 4096",
            "lastword_queue_oldest_due_age_seconds 1.5",
            r#"lastword_delivery_lateness_seconds_bucket{le="0.025"} 2"#,
            r#"lastword_sends_total{connection="shop",kind="telegram",verdict="sent"} 1"#,
            r#"lastword_outcomes_total{outcome="not_asked",reason="sampled_out"} 1"#,
            r#"lastword_closes_total{decision="ask"} 3"#,
            r#"lastword_answers_total{disposition="counted"} 1"#,
            r#"lastword_alerts_total{state="sent"} 1"#,
            r#"lastword_alarm_state{line="support",channel="telegram",kind="score"} 1"#,
            r#"lastword_alarm_state{line="support",channel="telegram",kind="delivery"} 0"#,
            r#"lastword_inbound_rejected_total{connection="shop",why="unsigned"} 1"#,
            r#"lastword_passed_on_total{connection="shop",result="passed"} 2"#,
            r#"lastword_pass_on_backlog{connection="shop"} 3"#,
            r#"lastword_pass_on_oldest_age_seconds{connection="shop"} 2.5"#,
            r#"lastword_connection_stopped{connection="shop"} 1"#,
            r#"lastword_connection_deaf{connection="shop"} 0"#,
            r#"lastword_connection_heard_timestamp_seconds{connection="shop"} 1790000000.5"#,
            "lastword_commits_total 3",
            r#"lastword_group_commits_total{of="closes"} 1"#,
            r#"lastword_group_commit_items_total{of="closes"} 128"#,
            r#"lastword_http_requests_total{route="/r/{token}",status="200"} 1"#,
            "lastword_clock_offset_seconds -2.5",
            "lastword_clock_went_back_total 1",
        ] {
            assert!(page.lines().any(|found| found == line), "{line} is not in\n{page}");
        }
        assert!(!Metrics::new("x").encode().contains("shop"), "two values share nothing");
    }
}
