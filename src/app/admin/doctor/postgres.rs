//! Checks of PostgreSQL for an installation with several nodes: its hosts, a pooler, and its connections.

use super::Findings;
use crate::settings::{Pooler, Settings};
use crate::store::db::{Between, ask_hosts, between, leader};
use crate::store::records::server;
use crate::store::{Db, StoreError};

/// Share of used connections, in percent, that is reported.
const FULL: i64 = 80;

/// Each host of `database.url`, if there are several.
pub(super) async fn hosts(findings: &mut Findings, settings: &Settings) {
    let Ok(answers) = ask_hosts(&settings.database.url.address()).await else { return };
    if answers.len() < 2 {
        return;
    }
    let states: Vec<_> = answers.iter().map(|(_, answer)| answer.clone()).collect();
    let (used, writable) = (leader(&states), states.iter().flatten().filter(|state| state.writable).count());
    for (at, (host, answer)) in answers.into_iter().enumerate() {
        let about = format!("database host {host}");
        match answer {
            Err(error) => findings.problem(about, error.to_string(), ""),
            Ok(state) if !state.writable => findings.ok(about, "a standby: read-only"),
            Ok(_) if used == Some(at) => findings.ok(about, "the leader: takes writes"),
            Ok(_) => findings.ok(about, "takes writes"),
        }
    }
    if writable > 1 {
        let remedy = "stop the one that was not promoted last: what is written to it is lost";
        findings.problem("database", format!("{writable} hosts take writes: a partition left two leaders"), remedy);
    }
}

/// The pooler, and how many of PostgreSQL's connections are in use.
pub(super) async fn connections(findings: &mut Findings, settings: &Settings, db: &Db) -> Result<(), StoreError> {
    let (set, found) = (settings.database.pooler, between(&settings.database.url.address()).await?);
    let slow = "each statement takes several round trips; let database.url lead to PostgreSQL itself, or use a pooler in session mode";
    match (set, found) {
        (Pooler::Transaction, Between::Nothing) => {
            findings.problem("pooler", "database.pooler is \"transaction\", and there is none", "set database.pooler = \"none\"")
        }
        (Pooler::Transaction, Between::Transactions | Between::OneSession) => {
            findings.ok("pooler", format!("in transaction mode: {slow}"));
        }
        (Pooler::Transaction, Between::Sessions) => {
            let remedy = "set database.pooler = \"session\"";
            findings.problem("pooler", "database.pooler is \"transaction\", and the pooler is in session mode", remedy)
        }
        (Pooler::Session, Between::Nothing) => {
            findings.problem("pooler", "database.pooler is \"session\", and there is none", "set database.pooler = \"none\"")
        }
        (Pooler::None, Between::Nothing) => {}
        (_, Between::OneSession) => findings.problem("pooler", "it has one session for all", "raise its pool size"),
        (_, Between::Transactions) => {
            findings.problem("pooler", "it is in transaction mode", "set database.pooler = \"transaction\", or use its session mode")
        }
        (_, Between::Sessions) => findings.ok("pooler", "in session mode"),
    }
    let sessions = server::sessions(db).await?;
    if sessions.limit <= 0 {
        return Ok(());
    }
    if found != Between::Nothing {
        let what = format!("{} of {} of PostgreSQL are in use; the pooler limits those of the nodes", sessions.in_use(), sessions.limit);
        findings.ok("database connections", what);
        return Ok(());
    }
    let (nodes, each) = (sessions.nodes.max(1), i64::from(settings.database.connections));
    let wanted = nodes * each + sessions.others;
    let what = format!(
        "{nodes} node{} with up to {each} and {} of other programs are {wanted} of {}",
        if nodes == 1 { "" } else { "s" },
        sessions.others,
        sessions.limit
    );
    if wanted * 100 >= sessions.limit * FULL {
        let remedy = "raise max_connections of PostgreSQL, lower database.connections, or put a pooler in front";
        findings.problem("database connections", format!("{what}: {FULL} % or more"), remedy);
    } else {
        findings.ok("database connections", what);
    }
    Ok(())
}
