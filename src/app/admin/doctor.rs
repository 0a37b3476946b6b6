//! Checks everything that may need a person's attention. Changes nothing: no tables, no keys, no connections.

mod connections;
mod desks;
mod filters;
mod postgres;
mod refusals;
mod stored;

use self::desks::DeskAt;
use crate::app::maintenance::follow_clock;
use crate::app::{connect_with, quarantine};
use crate::domain::connection::pause::clock;
use crate::domain::question::token::TokenKeys;
use crate::id::Ids;
use crate::life::admin::change_line::warnings;
use crate::life::engine::channels::Channels;
use crate::life::records::detect_copy::look;
use crate::life::records::refused_call::refusals;
use crate::life::report::recount;
use crate::life::{Engine, Options};
use crate::names::ConnectionId;
use crate::settings::{DatabaseUrl, Settings};
use crate::store::alert::{end, recipient};
use crate::store::connection::{self, forward_outbox, outage, secret};
use crate::store::db::WAL_REPORTED;
use crate::store::question::{delivery_list, lease};
use crate::store::records::ahead;
use crate::store::{Db, StoreError, line};
use crate::time::{AGREE_WITHIN, Clock, DAY, MINUTE, Millis, OFFSET_MAX, SECOND, SystemClock};
use serde::Serialize;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast;

/// Timeout of a platform's check.
const CHECK_LIMIT: Duration = Duration::from_secs(10);
/// Minimum free disk space in MiB; with less, a busy day may fill the disk.
const ROOM_MIN: u64 = 200;

/// Severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// No problem.
    Ok,
    /// For information.
    Note,
    /// A person has to act.
    Problem,
}

/// One line of the output.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// Severity of the finding.
    pub grade: Grade,
    /// Subject of the finding.
    pub about: String,
    /// The finding itself.
    pub what: String,
    /// Remedy; empty if none is needed.
    pub remedy: String,
}

#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, grade: Grade, about: impl Into<String>, what: impl Into<String>, remedy: impl Into<String>) {
        self.0.push(Finding { grade, about: about.into(), what: what.into(), remedy: remedy.into() });
    }

    fn ok(&mut self, about: impl Into<String>, what: impl Into<String>) {
        self.add(Grade::Ok, about, what, "");
    }

    fn problem(&mut self, about: impl Into<String>, what: impl Into<String>, remedy: impl Into<String>) {
        self.add(Grade::Problem, about, what, remedy);
    }
}

/// Runs all checks.
pub async fn examine(settings: &Settings) -> Vec<Finding> {
    let mut findings = Findings::default();
    findings.ok("settings", "can be read");
    room(&mut findings, settings.database.url.folder());
    let mut of_database = Findings::default();
    let db = reach(&mut of_database, settings).await;
    let settings = &stored::beside_stored(&mut of_database, settings, db.as_ref()).await;
    let (channels, help_desks) = connections::check_all(&mut findings, settings).await;
    findings.0.append(&mut of_database.0);
    if let Some(db) = db
        && let Err(error) = inside(&mut findings, settings, channels, &help_desks, &db).await
    {
        findings.problem("database", error.to_string(), "fix the database, then run lastword doctor again");
    }
    findings.0
}

fn room(findings: &mut Findings, folder: &Path) {
    match rustix::fs::statvfs(folder) {
        Err(error) => {
            findings.problem("disk", format!("cannot read {}: {error}", folder.display()), "create the folder, or check database.url")
        }
        Ok(disk) => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize) >> 20;
            let what = format!("{free} MiB free at {}", folder.display());
            if free < ROOM_MIN {
                findings.problem("disk", what, format!("free up space: below {ROOM_MIN} MiB, the next busy day may fill the disk"));
            } else {
                findings.ok("disk", what);
            }
        }
    }
}

/// Opens the database without creating or changing it.
async fn reach(findings: &mut Findings, settings: &Settings) -> Option<Db> {
    if let Some(problem) = settings.database.url.hindrance() {
        findings.problem("database", problem.to_string(), "then run lastword doctor again");
        return None;
    }
    if let DatabaseUrl::SqliteFile(path) = &settings.database.url
        && !path.exists()
    {
        findings.problem(
            "database",
            format!("there is no file {} yet", path.display()),
            "run lastword serve or lastword migrate, or check database.url",
        );
        return None;
    }
    if let DatabaseUrl::Postgres(_) = &settings.database.url {
        postgres::hosts(findings, settings).await;
    }
    let db = match connect_with(settings, 2).await {
        Ok(db) => db.with_time_zone(settings.organisation.time_zone),
        Err(error) => {
            // All other errors contain their remedy.
            let remedy = if matches!(error, StoreError::Driver(_)) { "check database.url, and that the server is running" } else { "" };
            findings.problem("database", error.to_string(), remedy);
            return None;
        }
    };
    let looked = async { Ok::<_, StoreError>((db.version().await?, db.tables().await?)) };
    let (version, tables) = match looked.await {
        Ok(found) => found,
        Err(error) => {
            findings.problem("database", error.to_string(), "check the permissions of the database's user");
            return None;
        }
    };
    findings.ok("database", format!("{}, {version}", settings.database.url.shown()));
    if db.is_read_only().await.is_ok_and(|is| is) {
        let remedy = "let database.url lead to the leader, or switch default_transaction_read_only off for this database and its user";
        findings.problem("database", "this PostgreSQL is read-only: not the leader, or set to take no writes", remedy);
    }
    if let DatabaseUrl::Postgres(_) = &settings.database.url
        && let Err(error) = postgres::connections(findings, settings, &db).await
    {
        findings.problem("database", error.to_string(), "check the permissions of the database's user");
    }
    if let Err(error) = tables.not_newer() {
        findings.problem("tables", error.to_string(), "");
        return None;
    }
    if tables.pending > 0 {
        findings.problem("tables", format!("{} migrations behind", tables.pending), "run lastword migrate");
        return None;
    }
    findings.ok("tables", format!("up to date (migration {})", tables.found));
    // Reads the whole file, which may take long; the operator asked for it.
    if let Err(error) = db.check_file().await {
        findings.problem("database", error.to_string(), "");
        return None;
    }
    Some(db)
}

async fn inside(
    findings: &mut Findings,
    settings: &Settings,
    channels: Channels,
    help_desks: &[DeskAt],
    db: &Db,
) -> Result<(), StoreError> {
    let clock = Arc::new(SystemClock::default());
    offset(findings, db, &clock).await?;
    let now = clock.now();
    log_size(findings, db);
    match look(db, quarantine::noted(db), now).await? {
        None => findings.ok("quarantine", "no: messages are sent"),
        Some(cause) => {
            let what = format!("{}: everything is accepted, nothing is sent", cause.sentence());
            findings.problem("quarantine", what, "see docs/operations.md, then run lastword release");
        }
    }
    in_trouble(findings, settings, db, now).await?;
    desks::doubts(findings, help_desks, db).await?;
    desks::unreached(findings, settings, db, now).await?;
    match recount::doubt(db).await? {
        Some(doubt) => findings.problem("reports", doubt, ""),
        None => findings.ok("reports", format!("days are counted in time zone {}", db.zone().name())),
    }
    waiting(findings, settings, db, now).await?;
    behind_shared_accounts(findings, db, now).await?;
    stuck(findings, db, now).await?;
    refusals::unreadable(findings, db, now).await?;
    lost(findings, db, now).await?;
    filters::unknown_lines(findings, &channels, db).await?;
    lines(findings, channels, db, clock).await
}

/// Connections that stopped or receive nothing, and tokens that expire.
async fn in_trouble(findings: &mut Findings, settings: &Settings, db: &Db, now: Millis) -> Result<(), StoreError> {
    let states = connection::all(db).await?;
    let refused = refusals(db, &states, now).await?;
    for state in states.into_iter().filter(|state| settings.connections.contains_key(state.name.as_str())) {
        let about = format!("connection {}", state.name);
        let told = if state.notified_at.is_some() { "" } else { " (no recipient was alerted)" };
        if let Some(at) = state.suspended_at {
            findings.add(
                Grade::Note,
                &about,
                format!("paused by a person since {}", clock(at, now, settings.organisation.time_zone)),
                "resume it on the page Connections",
            );
        } else if state.stopped_at.is_some() {
            let why = state.stopped_reason.as_deref().unwrap_or_default();
            findings.problem(
                &about,
                format!("stopped: {why}{told}"),
                "fix the cause, then resume it on the page Connections or through the API, or restart lastword serve",
            );
        }
        if let Some(until) = state.waits_until(now) {
            let what = format!("the platform asked us to wait until {}", clock(until, now, settings.organisation.time_zone));
            findings.problem(&about, what, "send less through this account; what waits leaves at that time");
        }
        if state.deaf_at.is_some() {
            let why = state.deaf_reason.as_deref().unwrap_or_default();
            findings.problem(
                &about,
                format!("nothing arrives: {why}{told}"),
                "fix the cause; it recovers automatically when something arrives",
            );
        }
        refused.get(&state.name).into_iter().for_each(|refusals| refusals::refused_calls(findings, &state.name, refusals));
        refusals::refused_write_backs(findings, db, &state.name, now).await?;
    }
    for secret in secret::all(db).await?.into_iter().filter(|secret| settings.connections.contains_key(secret.connection.as_str())) {
        if secret.ends_at < now + 14 * DAY {
            let what = format!("its renewed token expires in {} days and could not be renewed again", (secret.ends_at - now).max(0) / DAY);
            findings.problem(format!("connection {}", secret.connection), what, "create a new access token and put it in the settings");
        }
    }
    Ok(())
}

/// A write-ahead log that cannot be emptied fills the disk.
fn log_size(findings: &mut Findings, db: &Db) {
    let mib = db.wal_bytes() >> 20;
    if db.wal_bytes() > WAL_REPORTED {
        let remedy = "stop whatever keeps the file open for long, such as a backup tool or an open shell; it then shrinks automatically";
        findings.problem("log", format!("the write-ahead log next to the database file is {mib} MiB"), remedy);
    } else if db.path().is_some() {
        findings.ok("log", format!("the write-ahead log next to the database file is {mib} MiB"));
    }
}

async fn offset(findings: &mut Findings, db: &Db, clock: &SystemClock) -> Result<(), StoreError> {
    let Some(offset) = follow_clock(db, clock).await? else {
        findings.ok("clock", "the database uses this machine's clock");
        return times_to_come(findings, db, clock.now()).await;
    };
    let what = format!("{offset} ms from the database's");
    if offset.abs() > OFFSET_MAX {
        findings.problem("clock", what, "synchronise this machine's clock with NTP");
    } else {
        findings.ok("clock", what);
    }
    times_to_come(findings, db, clock.now()).await
}

/// Future times in the database: the clock was ahead when they were written, or is behind now.
async fn times_to_come(findings: &mut Findings, db: &Db, now: Millis) -> Result<(), StoreError> {
    if let Some(ahead) = ahead::newest(db).await?.map(|newest| newest - now).filter(|ahead| *ahead > AGREE_WITHIN) {
        let what = format!("the newest time in the database is {} seconds ahead of now", ahead / SECOND);
        findings.problem("clock", what, "synchronise the clock with NTP; a running server then reschedules what waits for that time");
    }
    Ok(())
}

/// Overdue messages: no node sends, or sending is too slow.
async fn waiting(findings: &mut Findings, settings: &Settings, db: &Db, now: Millis) -> Result<(), StoreError> {
    for (name, since) in outage::all_failing(db).await? {
        let what = format!("its calls have failed for {} minutes", (now - since) / MINUTE);
        let remedy = "check whether its platform or the network is down; waiting messages are sent automatically once it works again";
        findings.problem(format!("connection {name}"), what, remedy);
    }
    let names: Vec<ConnectionId> = settings.connections.keys().map(ConnectionId::from).collect();
    for waiting in lease::running_connections(db, &names, now).await? {
        let late = waiting.next_due.map_or(0, |due| now - due);
        if late > MINUTE && waiting.blocked_until <= now {
            let what = format!("messages have been waiting for {} minutes", late / MINUTE);
            findings.problem(format!("connection {}", waiting.name), what, "is lastword serve running, with queue.enabled = true?");
        }
    }
    Ok(())
}

/// Desks behind shared accounts that do not accept their updates.
async fn behind_shared_accounts(findings: &mut Findings, db: &Db, now: Millis) -> Result<(), StoreError> {
    for desk in forward_outbox::desks(db).await? {
        let about = format!("desk behind {}", desk.connection);
        if desk.failures > 0 {
            let minutes = desk.oldest_at.map_or(0, |at| (now - at) / MINUTE);
            let what = format!("{} updates wait, the oldest for {minutes} minutes: {}", desk.backlog, desk.error.unwrap_or_default());
            findings.problem(about, what, "fix the desk, or correct pass_on.url; they are then delivered automatically, in order");
        } else if desk.dropped_at.is_some_and(|at| at > now - DAY) {
            let what = format!("{} updates expired and were dropped", desk.dropped);
            findings.problem(about, what, "raise pass_on.give_up_after_hours if the desk can be down for longer");
        }
    }
    Ok(())
}

/// Messages that need attention. An unreachable client, a test and a late edit do not.
async fn stuck(findings: &mut Findings, db: &Db, now: Millis) -> Result<(), StoreError> {
    let troubles = delivery_list::troubles(db, now - DAY).await?;
    if troubles.is_empty() {
        findings.ok("deliveries", "none is stuck");
        return Ok(());
    }
    let parts: Vec<String> = troubles.iter().map(|(state, count)| format!("{count} {state}")).collect();
    findings.problem(
        "deliveries",
        format!("stuck: {}", parts.join(", ")),
        "see lastword delivery list, then lastword delivery resend ID, or dismiss ID",
    );
    Ok(())
}

/// Low ratings without any delivered alert that have not been handled since.
async fn lost(findings: &mut Findings, db: &Db, now: Millis) -> Result<(), StoreError> {
    match end::lost(db, now - DAY).await? {
        0 => findings.ok("alerts", "every low rating of the last 24 hours reached someone or was handled"),
        count => {
            let what = format!("low ratings of the last 24 hours that reached no recipient: {count}");
            findings.problem("alerts", what, "see the page Low ratings; the lines below say who could not be reached");
        }
    }
    Ok(())
}

async fn lines(findings: &mut Findings, channels: Channels, db: &Db, clock: Arc<SystemClock>) -> Result<(), StoreError> {
    let lines = line::all(db).await?;
    if lines.is_empty() {
        findings.add(Grade::Note, "lines", "there are none, so no client is asked", "run lastword line add --id support --name Support");
        return Ok(());
    }
    // Warnings only use the channels. The key file, which only a server start may create, is not touched.
    let (ids, keys, news) = (Arc::new(Ids::random()), TokenKeys::new(&[0; 32], None), broadcast::channel(1).0);
    let engine = Engine::new(db.clone(), clock, ids, channels, keys, Options::default(), news);
    let recipients = recipient::all(db).await?;
    for line in lines.iter().filter(|line| line.archived_at.is_none()) {
        let about = format!("line {}", line.id);
        if !line.settings.enabled || line.settings.sampling_percent == 0 {
            findings.ok(about, "asks no clients, so it needs no recipients");
            continue;
        }
        let found = warnings(&engine, line, &recipients);
        if found.is_empty() {
            findings.ok(about, "low ratings reach someone");
        } else {
            for warning in found {
                findings.problem(
                    format!("line {}", line.id),
                    warning,
                    format!("lastword recipient add, lastword line set {} 'alerts.recipients=[\"ID\"]'", line.id),
                );
            }
        }
    }
    Ok(())
}
