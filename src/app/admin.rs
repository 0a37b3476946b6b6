//! Commands of the command line, run beside a server or without one; none starts a queue. Each file implements one command;
//! its output is formatted by the command line.

mod accounts;
mod alert_test;
mod asking;
mod backup;
mod clients;
mod deliveries;
mod desks;
mod doctor;
mod exporting;
pub(super) mod importing;
mod keys;
mod lines;
mod plan;
mod postgres;
mod probe;
mod recipients;
mod recounting;
mod releasing;
mod restore;
mod upgrade;

pub use self::accounts::{NewAccount, ROLES};
pub use self::alert_test::TestAlertResult;
pub use self::backup::{BackedUp, KeyCopy, Made, Watch, back_up};
pub use self::deliveries::{Delivery, Mending, WantedDeliveries};
pub use self::desks::{ReadyDesk, WantedDesk, set_up_desk, write_history};
pub use self::doctor::{Finding, Grade, examine};
pub use self::exporting::bi::{BiProgress, bi_views};
pub use self::exporting::{ExportProgress, FileKind};
pub use self::importing::{Checked, Encoding, Wanted, formats as import_formats, wanted as import_wanted};
pub use self::keys::{NewKey, lines_of, scopes};
pub use self::lines::NewLine;
pub use self::plan::DryRun;
pub use self::postgres::database_note;
pub use self::postgres::moving::{Moved, Report, Step, move_to};
pub use self::postgres::role::role_statements;
pub use self::probe::{probe, readyz_of, try_connections};
pub use self::recipients::letters::NewLetter;
pub use self::recipients::{NamedRoom, NewRecipient, WroteLately, shown_room};
pub use self::releasing::ReleaseCommand;
pub use self::restore::{KeyBack, PutBack, Restored, put_back};
pub use self::upgrade::{Upgraded, upgrade};
pub use crate::life::admin::dry_run::LinePlan;

use super::maintenance::follow_clock;
use super::{Node, StartError, connect_with, open_database};
use crate::id::Ids;
use crate::life::session::explain::{Story, explain};
use crate::settings::{DatabaseUrl, Settings};
use crate::store::{Db, StoreError};
use crate::time::{Clock, Millis, SystemClock};
use lastword_import::ReadError;
use std::sync::Arc;

/// Why a command failed, as text for the operator of the server.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// An argument or a setting is invalid.
    #[error("{0}")]
    Usage(String),
    /// The command failed.
    #[error("{0}")]
    Failed(String),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Failure::Failed(error.to_string())
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::NotOfThisKind(why) => Failure::Usage(why),
            ReadError::Failed(why) => Failure::Failed(why),
        }
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Settings(problems) => Failure::Usage(problems.to_string()),
            other => Failure::Failed(other.to_string()),
        }
    }
}

/// What a command does if there is no database yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfMissing {
    /// Creates one, because data will be written.
    Create,
    /// Fails: there is nothing to read, and an empty database in the wrong place would hide that.
    Refuse,
}

impl IfMissing {
    /// [`IfMissing::Create`] if `creates` is true.
    pub fn create_if(creates: bool) -> Self {
        if creates { Self::Create } else { Self::Refuse }
    }
}

/// An open database and its settings.
pub struct Shell {
    settings: Settings,
    db: Db,
    clock: Arc<SystemClock>,
    ids: Arc<Ids>,
}

impl Shell {
    /// Opens the database of the settings, and upgrades its tables if the settings allow it.
    ///
    /// # Errors
    /// If it cannot be opened, its tables have another version, or it is required and missing.
    pub async fn open(settings: Settings, missing: IfMissing) -> Result<Self, Failure> {
        if missing == IfMissing::Refuse {
            expect_database(&settings).await?;
        }
        let db = open_database(&settings).await?.with_time_zone(settings.organisation.time_zone);
        let clock = Arc::new(SystemClock::default());
        follow_clock(&db, &clock).await?;
        Ok(Self { settings, db, clock, ids: Arc::new(Ids::random()) })
    }

    /// Closes the database.
    pub async fn close(self) {
        self.db.close().await;
    }

    /// The stories of the sessions with this ID, of all sources or only of `source`.
    ///
    /// # Errors
    /// If there is no such session.
    pub async fn explain(&self, session: &str, source: Option<&str>) -> Result<Vec<Story>, Failure> {
        let mut stories = explain(&self.db, &session.into()).await?;
        let all = stories.len();
        stories.retain(|story| source.is_none_or(|source| story.source == source));
        match (stories.is_empty(), all) {
            (true, 0) => Err(Failure::Failed(format!("there is no session \"{session}\"; use the desk's own id of the chat"))),
            (true, _) => {
                Err(Failure::Failed(format!("there is a session \"{session}\", but not from this source; leave out --source to see it")))
            }
            (false, _) => Ok(stories),
        }
    }

    /// Formats a time for people, in the organisation's time zone.
    pub fn shown(&self, at: Millis) -> String {
        let time = chrono::DateTime::from_timestamp_millis(at).unwrap_or_default();
        time.with_timezone(&self.settings.organisation.time_zone).format("%Y-%m-%d %H:%M:%S %Z").to_string()
    }

    fn now(&self) -> Millis {
        self.clock.now()
    }

    /// Engine and connections over the same database, including those made by admins. They are not registered in the database.
    async fn node(&self) -> Result<Node, Failure> {
        let node = Node::over(self.db.clone(), &self.settings, self.clock.clone(), self.ids.clone())?;
        node.take_up().await?;
        Ok(node)
    }
}

/// Formats the times of a document for programs as the API does.
pub fn with_moments(mut document: serde_json::Value) -> serde_json::Value {
    crate::domain::moment::write_out(&mut document);
    document
}

async fn expect_database(settings: &Settings) -> Result<(), Failure> {
    let url = &settings.database.url;
    if let Some(problem) = url.hindrance() {
        return Err(StartError::from(problem).into());
    }
    let there = match url {
        DatabaseUrl::SqliteFile(path) => path.exists(),
        DatabaseUrl::SqliteMemory => true,
        DatabaseUrl::Postgres(_) => {
            let db = connect_with(settings, 2).await?;
            let tables = db.tables().await;
            db.close().await;
            tables?.found > 0
        }
    };
    let remedy = "name the right settings file with --config, or create the database: lastword migrate";
    if there { Ok(()) } else { Err(Failure::Failed(format!("database.url: there is no database yet ({}); {remedy}", url.shown()))) }
}

/// Checks an ID that is used in addresses and settings.
fn check_id(what: &str, id: &str) -> Result<(), Failure> {
    let fits = (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b));
    if fits { Ok(()) } else { Err(Failure::Usage(format!("{what}: \"{id}\" is not a valid ID; use 1 to 64 letters, digits or - _ . :"))) }
}

/// Checks a name that people read.
fn check_name(what: &str, name: &str) -> Result<(), Failure> {
    let fits = !name.trim().is_empty() && name.chars().count() <= 100 && !name.chars().any(char::is_control);
    if fits { Ok(()) } else { Err(Failure::Usage(format!("{what}: write 1 to 100 characters on one line"))) }
}
