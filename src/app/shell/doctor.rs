//! A look at everything that a person may have to mend. Changes nothing: no tables, no keys, no connections.

use super::probe::make_each;
use crate::app::Connections;
use crate::app::duties::follow_clock;
use crate::domain::token::TokenKeys;
use crate::id::Ids;
use crate::life::change_line::warnings;
use crate::life::channels::Channels;
use crate::life::recount;
use crate::life::{Engine, Options};
use crate::settings::{DatabaseUrl, Settings};
use crate::store::{Db, StoreError, connection, connection_secret, delivery, lease, line, pass_on, recipient};
use crate::time::{Clock, DAY, MINUTE, Millis, SECOND, SystemClock};
use lastword_contract::Channel;
use serde::Serialize;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast;

/// How long a platform may take to say who we are.
const CHECK_LIMIT: Duration = Duration::from_secs(10);
/// Nodes agree on the time by the database's clock; a clock so far off still spoils logs and certificates.
const OFFSET_MAX: Millis = 5 * SECOND;
/// Less room than this, in MiB, and the next busy day may fill the disk.
const ROOM_MIN: u64 = 200;

/// How serious a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// All is well.
    Ok,
    /// Worth knowing.
    Note,
    /// A person has to do something.
    Problem,
}

/// One line of the doctor's.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// How serious it is.
    pub grade: Grade,
    /// What it is about.
    pub about: String,
    /// What was found.
    pub what: String,
    /// What to do; empty when there is nothing to do.
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

/// Looks at everything.
pub async fn examine(settings: &Settings) -> Vec<Finding> {
    let mut findings = Findings::default();
    findings.ok("settings", "can be read");
    room(&mut findings, settings.database.url.folder());
    let channels = check_connections(&mut findings, settings).await;
    if let Some(db) = reach(&mut findings, settings).await
        && let Err(error) = inside(&mut findings, settings, channels, &db).await
    {
        findings.problem("database", error.to_string(), "mend the database, then run lastword doctor again");
    }
    findings.0
}

fn room(findings: &mut Findings, folder: &Path) {
    match rustix::fs::statvfs(folder) {
        Err(error) => {
            findings.problem("disk", format!("{} cannot be looked at: {error}", folder.display()), "make the folder, or check database.url")
        }
        Ok(disk) => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize) >> 20;
            let what = format!("{free} MiB free at {}", folder.display());
            if free < ROOM_MIN {
                findings.problem("disk", what, format!("make room: below {ROOM_MIN} MiB the next busy day may fill it"));
            } else {
                findings.ok("disk", what);
            }
        }
    }
}

/// Opens the database without making or changing one.
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
    let db = match Db::open(&settings.database.url.address(), 2).await {
        Ok(db) => db.on_the_clock_of(settings.organisation.time_zone),
        Err(error) => {
            // All others say themselves what to do.
            let remedy = if matches!(error, StoreError::Driver(_)) { "check database.url, and that the server runs" } else { "" };
            findings.problem("database", error.to_string(), remedy);
            return None;
        }
    };
    let looked = async { Ok::<_, StoreError>((db.version().await?, db.tables().await?)) };
    let (version, tables) = match looked.await {
        Ok(found) => found,
        Err(error) => {
            findings.problem("database", error.to_string(), "check the rights of the database's user");
            return None;
        }
    };
    findings.ok("database", format!("{}, {version}", settings.database.url.shown()));
    if let Err(error) = tables.not_newer() {
        findings.problem("tables", error.to_string(), "");
        return None;
    }
    if tables.pending > 0 {
        findings.problem("tables", format!("{} migrations behind", tables.pending), "run lastword migrate");
        return None;
    }
    findings.ok("tables", format!("up to date (migration {})", tables.found));
    // Reads a large file for as long as it takes: whoever asks has the time.
    if let Err(error) = db.check_file().await {
        findings.problem("database", error.to_string(), "");
        return None;
    }
    Some(db)
}

async fn check_connections(findings: &mut Findings, settings: &Settings) -> Channels {
    let mut all = Channels::default();
    if settings.connections.is_empty() {
        findings.add(Grade::Note, "connections", "there are none", "add [connections.NAME] to lastword.toml; see settings.default.toml");
    }
    let mut checks = tokio::task::JoinSet::new();
    for (at, (name, made)) in make_each(settings).await.into_iter().enumerate() {
        match made {
            Err(error) => findings.problem(format!("connection {name}"), error.to_string(), "correct the settings"),
            Ok(Connections { channels, .. }) => {
                let Some(channel) = channels.get(&name).cloned() else { continue };
                all.add(name.clone(), channel.clone(), Vec::new());
                checks.spawn(async move { (at, check(&name, &*channel).await) });
            }
        }
    }
    let mut checked = checks.join_all().await;
    checked.sort_by_key(|(at, _)| *at);
    findings.0.extend(checked.into_iter().flat_map(|(_, found)| found));
    all
}

async fn check(name: &str, channel: &dyn Channel) -> Vec<Finding> {
    let mut findings = Findings::default();
    let about = format!("connection {name}");
    match tokio::time::timeout(CHECK_LIMIT, channel.check()).await {
        Err(_) => findings.problem(about, "no answer within 10 seconds", "check the network, a proxy, and base_url"),
        Ok(Err(error)) => findings.problem(about, error.to_string(), "check its keys in the settings, and the account on the platform"),
        Ok(Ok(account)) => {
            let who = if account.name.is_empty() { String::new() } else { format!(": we are {}", account.name) };
            findings.ok(about.clone(), format!("{} works{who}", channel.kind()));
            for warning in account.warnings {
                findings.problem(about.clone(), warning, "see the README of its adapter");
            }
        }
    }
    findings.0
}

async fn inside(findings: &mut Findings, settings: &Settings, channels: Channels, db: &Db) -> Result<(), StoreError> {
    let clock = Arc::new(SystemClock::default());
    offset(findings, db, &clock).await?;
    let now = clock.now();
    for state in connection::all(db).await?.into_iter().filter(|state| settings.connections.contains_key(&state.name)) {
        let about = format!("connection {}", state.name);
        let told = if state.told_at.is_some() { "" } else { " (nobody has been told)" };
        if state.stopped_at.is_some() {
            let why = state.stopped_reason.unwrap_or_default();
            findings.problem(&about, format!("stopped: {why}{told}"), "mend it, then restart lastword serve or resume it by the API");
        }
        if state.deaf_at.is_some() {
            let why = state.deaf_reason.unwrap_or_default();
            findings.problem(&about, format!("nothing arrives: {why}{told}"), "mend it; it goes on by itself when something arrives");
        }
    }
    for secret in connection_secret::all(db).await?.into_iter().filter(|secret| settings.connections.contains_key(&secret.connection)) {
        if secret.ends_at < now + 14 * DAY {
            let what = format!("its renewed token ends in {} days, and could not be renewed again", (secret.ends_at - now).max(0) / DAY);
            findings.problem(format!("connection {}", secret.connection), what, "make a new access token on the platform, and set it");
        }
    }
    match recount::doubt(db).await? {
        Some(doubt) => findings.problem("reports", doubt, ""),
        None => findings.ok("reports", format!("days are counted by the clock of {}", db.zone().name())),
    }
    waiting(findings, settings, db, now).await?;
    desks(findings, db, now).await?;
    stuck(findings, db, now).await?;
    lines(findings, channels, db, clock).await
}

async fn offset(findings: &mut Findings, db: &Db, clock: &SystemClock) -> Result<(), StoreError> {
    let Some(offset) = follow_clock(db, clock).await? else {
        findings.ok("clock", "the database runs on this machine's clock");
        return Ok(());
    };
    let what = format!("{offset} ms from the database's");
    if offset.abs() > OFFSET_MAX {
        findings.problem("clock", what, "set this machine's clock by NTP");
    } else {
        findings.ok("clock", what);
    }
    Ok(())
}

/// Messages that should have left: nobody sends, or too slowly.
async fn waiting(findings: &mut Findings, settings: &Settings, db: &Db, now: Millis) -> Result<(), StoreError> {
    let names: Vec<&str> = settings.connections.keys().map(String::as_str).collect();
    for lane in lease::lanes(db, &names).await? {
        let late = lane.next_due.map_or(0, |due| now - due);
        if late > MINUTE && lane.blocked_until <= now {
            let what = format!("messages have been waiting for {} minutes", late / MINUTE);
            findings.problem(format!("connection {}", lane.name), what, "is lastword serve running, with queue.enabled = true?");
        }
    }
    Ok(())
}

/// Desks behind shared accounts that do not take what is theirs.
async fn desks(findings: &mut Findings, db: &Db, now: Millis) -> Result<(), StoreError> {
    for desk in pass_on::desks(db).await? {
        let about = format!("desk behind {}", desk.connection);
        if desk.failures > 0 {
            let minutes = desk.oldest_at.map_or(0, |at| (now - at) / MINUTE);
            let what = format!("{} updates wait, the oldest for {minutes} minutes: {}", desk.backlog, desk.error.unwrap_or_default());
            findings.problem(about, what, "mend the desk, or correct pass_on.url; they leave by themselves then, in order");
        } else if desk.dropped_at.is_some_and(|at| at > now - DAY) {
            let what = format!("{} updates became too old and were dropped", desk.dropped);
            findings.problem(about, what, "raise pass_on.give_up_after_hours if the desk can be away for longer");
        }
    }
    Ok(())
}

async fn stuck(findings: &mut Findings, db: &Db, now: Millis) -> Result<(), StoreError> {
    let counts = delivery::count_by_state(db).await?;
    let needs = |state: &str| matches!(state, "unknown" | "failed" | "dead" | "undeliverable");
    let parts: Vec<String> = counts.iter().filter(|(state, _)| needs(state)).map(|(state, count)| format!("{count} {state}")).collect();
    if parts.is_empty() {
        findings.ok("deliveries", "none is stuck");
        return Ok(());
    }
    let recent = delivery::stuck(db, None, 1).await?.first().is_some_and(|delivery| delivery.created_at > now - DAY);
    // Old ones stay in the tables for good; they are news for a day.
    let grade = if recent { Grade::Problem } else { Grade::Note };
    findings.add(
        grade,
        "deliveries",
        format!("stuck: {}", parts.join(", ")),
        "look at each with lastword explain SESSION, or GET /v1/deliveries",
    );
    Ok(())
}

async fn lines(findings: &mut Findings, channels: Channels, db: &Db, clock: Arc<SystemClock>) -> Result<(), StoreError> {
    let lines = line::all(db).await?;
    if lines.is_empty() {
        findings.problem("lines", "there is none, so nobody is asked", "run lastword line add --id support --name Support");
        return Ok(());
    }
    // Channels are all that warnings look at: the key file, which only a start may make, is left alone.
    let (ids, keys, news) = (Arc::new(Ids::random()), TokenKeys::new(&[0; 32], None), broadcast::channel(1).0);
    let engine = Engine::new(db.clone(), clock, ids, channels, keys, Options::default(), news);
    let recipients = recipient::all(db).await?;
    for line in lines.iter().filter(|line| line.archived_at.is_none()) {
        let about = format!("line {}", line.id);
        let found = warnings(&engine, line, &recipients);
        if found.is_empty() {
            findings.ok(about, "low ratings reach somebody");
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
