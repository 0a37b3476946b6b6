//! The hosts of `database.url`: selects the host to use, and finds the leader when it has moved. The driver supports one
//! host, so the pool is given the options of another one.

use super::fault::unreachable;
use crate::db::place::PROCESS;
use crate::error::StoreError;
use lastword_base::settings::PostgresUrl;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool};
use sqlx::{ConnectOptions as _, Connection as _, Row as _};
use std::io::ErrorKind;
use std::str::FromStr as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

/// Maximum time until PostgreSQL responds.
const FIRST_WORD: Duration = Duration::from_secs(2);

/// The hosts of a URL.
pub(in crate::db) struct Hosts {
    all: Vec<Host>,
    /// True if the server must accept writes.
    writable: bool,
    /// Index of the host in use.
    at: AtomicUsize,
    looking: Mutex<()>,
}

struct Host {
    shown: String,
    options: PgConnectOptions,
}

/// A host that answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostState {
    /// True if it accepts writes.
    pub writable: bool,
    /// Its timeline, which increases with each promotion of a standby; `None` if it cannot be queried.
    pub timeline: Option<i64>,
}

/// A host of `database.url`, and its response.
pub type HostAnswer = (String, Result<HostState, StoreError>);

/// Queries the state of each host of `url`.
///
/// # Errors
/// If the URL cannot be parsed.
pub async fn ask_hosts(url: &str) -> Result<Vec<HostAnswer>, StoreError> {
    let hosts = Hosts::of(url)?;
    let answers = hosts.ask_all().await;
    Ok(hosts.all.into_iter().map(|host| host.shown).zip(answers).collect())
}

/// Index of the leader among `answers`. If several accept writes, as after a partition, the one with the highest timeline.
/// `None` if none accepts writes.
pub fn leader(answers: &[Result<HostState, StoreError>]) -> Option<usize> {
    let writable = answers.iter().enumerate().filter_map(|(at, answer)| Some((at, answer.as_ref().ok().filter(|state| state.writable)?)));
    // The first of those with equal timelines.
    writable.rev().max_by_key(|(_, state)| state.timeline).map(|(at, _)| at)
}

impl Hosts {
    /// The hosts of `url`; the first is used until [`Hosts::find`] selects one.
    pub(super) fn of(url: &str) -> Result<Self, StoreError> {
        let url = PostgresUrl::parse(url).map_err(|problem| StoreError::Address(format!("it {problem}")))?;
        let all = url.each().map(|(host, url)| Ok(Host { shown: host.shown(), options: options(&url)? }));
        let all = all.collect::<Result<_, StoreError>>()?;
        Ok(Self { all, writable: url.wants_writable(), at: AtomicUsize::new(0), looking: Mutex::new(()) })
    }

    /// `true` if there are several hosts.
    pub(super) fn are_several(&self) -> bool {
        self.all.len() > 1
    }

    /// The connection options of the host in use.
    pub(super) fn used(&self) -> &PgConnectOptions {
        &self.all[self.at.load(Ordering::Relaxed)].options
    }

    /// Selects the host to use. The error names each host with its reason.
    pub(super) async fn find(&self) -> Result<(), StoreError> {
        let answers = self.ask_all().await;
        let found = if self.writable { leader(&answers) } else { answers.iter().position(Result::is_ok) };
        let Some(at) = found else { return Err(self.none_of(answers)) };
        let writable = answers.iter().filter(|answer| answer.as_ref().is_ok_and(|state| state.writable)).count();
        if self.writable && writable > 1 {
            tracing::error!(
                used = self.all[at].shown,
                "{writable} hosts of database.url take writes: a partition left two leaders; the one that was promoted last is used"
            );
        }
        if self.at.swap(at, Ordering::Relaxed) != at {
            tracing::warn!(host = self.all[at].shown, "database.url: now using another host");
        }
        Ok(())
    }

    /// `true` if only a server that takes writes will do.
    pub(super) fn writable(&self) -> bool {
        self.writable
    }

    /// Selects the host to use, unless that is already in progress, and makes the pool connect to it.
    ///
    /// # Errors
    /// When there is none: [`StoreError::NoLeader`] or [`StoreError::Unreachable`].
    pub(super) async fn follow(&self, pool: &PgPool) -> Result<(), StoreError> {
        let Ok(_looking) = self.looking.try_lock() else { return Ok(()) };
        let before = self.at.load(Ordering::Relaxed);
        self.find().await?;
        if self.at.load(Ordering::Relaxed) != before {
            pool.set_connect_options(self.used().clone());
        }
        Ok(())
    }

    async fn ask_all(&self) -> Vec<Result<HostState, StoreError>> {
        let mut asked = JoinSet::new();
        for (at, host) in self.all.iter().enumerate() {
            let (shown, options) = (host.shown.clone(), host.options.clone());
            asked.spawn(async move { (at, ask(&shown, &options).await) });
        }
        let mut answers = asked.join_all().await;
        answers.sort_by_key(|(at, _)| *at);
        answers.into_iter().map(|(_, answer)| answer).collect()
    }

    /// The error if no host can be used.
    fn none_of(&self, mut answers: Vec<Result<HostState, StoreError>>) -> StoreError {
        if !self.are_several() {
            return answers.pop().map_or(StoreError::ReadOnly, |answer| answer.err().unwrap_or(StoreError::ReadOnly));
        }
        let waits = answers.iter().any(|answer| answer.as_ref().err().is_none_or(StoreError::is_read_only));
        let each = self.all.iter().zip(answers).map(|(host, answer)| {
            let why = answer.err().map_or_else(|| "is read-only: not the leader".to_owned(), |error| error.without_key());
            format!("{}: {why}", host.shown)
        });
        let each = format!("none of its hosts can be used: {}", each.collect::<Vec<_>>().join("; "));
        if waits { StoreError::NoLeader(each) } else { StoreError::Unreachable(each) }
    }
}

/// Connection options for a URL with one host.
fn options(url: &str) -> Result<PgConnectOptions, StoreError> {
    Ok(PgConnectOptions::from_str(url)
        .map_err(|error| StoreError::Address(error.to_string()))?
        // Distinguishes the connections of this process from those of others.
        .application_name(&format!("lastword {}", PROCESS.as_str()))
        // No column is a floating-point number, and poolers refuse parameters that they do not know.
        .extra_float_digits(None)
        .disable_statement_logging())
}

/// Queries the state of a host. A pool would retry for ten seconds; a single connection reports an absent server immediately.
async fn ask(shown: &str, options: &PgConnectOptions) -> Result<HostState, StoreError> {
    let silent = |_| Err(sqlx::Error::Io(std::io::Error::new(ErrorKind::TimedOut, "no answer within 2 seconds")));
    let asked = tokio::time::timeout(FIRST_WORD, state(options)).await.unwrap_or_else(silent);
    asked.map_err(|error| unreachable(shown, &error))
}

/// True if the server takes writes. One message without values, which holds together behind any pooler.
pub(super) async fn takes_writes(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    const WRITES: &str = "SELECT current_setting('transaction_read_only')";
    let read_only: String = sqlx::raw_sql(WRITES).fetch_one(connection).await?.try_get(0)?;
    Ok(read_only == "off")
}

async fn state(options: &PgConnectOptions) -> Result<HostState, sqlx::Error> {
    const TIMELINE: &str = "SELECT ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::bigint";
    let mut connection = options.connect().await?;
    let mut state = HostState { writable: takes_writes(&mut connection).await?, timeline: None };
    if state.writable {
        // A managed server may not permit the query.
        state.timeline = sqlx::raw_sql(TIMELINE).fetch_one(&mut connection).await.and_then(|row| row.try_get(0)).ok();
    }
    let closed: Result<(), sqlx::Error> = PgConnection::close(connection).await;
    closed.map(|()| state)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_leaders_the_one_promoted_last_is_used() {
        let state = |writable, timeline| Ok(HostState { writable, timeline });
        let gone = || Err(StoreError::Unreachable("gone".to_owned()));
        for (answers, found) in [
            (vec![gone(), state(false, None), state(true, Some(3))], Some(2)),
            (vec![state(true, Some(3)), state(true, Some(4))], Some(1)),
            (vec![state(true, Some(4)), state(true, Some(3))], Some(0)),
            (vec![state(true, None), state(true, None)], Some(0)),
            (vec![state(false, None), gone()], None),
        ] {
            assert_eq!(leader(&answers), found, "{answers:?}");
        }
    }
}
