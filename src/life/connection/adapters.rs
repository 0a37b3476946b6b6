//! What the adapters of this build can be asked for while a node runs: which kinds there are, whether settings would do, what a platform
//! says to them. Made by the composition, which alone knows adapters.

use super::draft::Draft;
use super::kind::Kind;
use async_trait::async_trait;
use lastword_store::StoreError;

/// What is wrong with a connection that somebody wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftProblem {
    /// The key; empty where it is the whole.
    pub key: String,
    /// What is wrong, and the remedy. It never shows a secret.
    pub message: String,
}

impl DraftProblem {
    /// A problem of `key`.
    pub fn new(key: &str, message: impl Into<String>) -> Self {
        Self { key: key.to_owned(), message: message.into() }
    }
}

/// How answers arrive through a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrives {
    /// We fetch them.
    Fetched,
    /// The platform posts them to this address; none where `http.public_url` is not set.
    Posted(Option<String>),
    /// The widget on the site brings them.
    Widget,
    /// Nothing arrives.
    Nothing,
}

/// What a platform said to a connection that somebody wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriedOut {
    /// Who we are there: a bot's user name, a page's name; empty where the platform has no name for it.
    pub account: String,
    /// What stands in the way, as sentences.
    pub warnings: Vec<String>,
    /// How answers arrive.
    pub arrives: Arrives,
}

/// What was done at a desk, or would be.
#[derive(Clone, Debug, Default)]
pub struct DeskReady {
    /// What was done, as sentences.
    pub steps: Vec<String>,
    /// What a person has to do.
    pub warnings: Vec<String>,
    /// Settings that the desk gave us: key and value. Some are secrets.
    pub settings: Vec<(&'static str, String)>,
}

/// The adapters of this build.
#[async_trait]
pub trait Adapters: Send + Sync {
    /// The kinds that a person can set up.
    fn kinds(&self) -> Vec<Kind>;

    /// Whether the settings file or the environment of this node has a connection of this name; they win.
    fn is_configured(&self, name: &str) -> bool;

    /// What is wrong with these settings, as far as it can be known without calling anybody.
    async fn check(&self, draft: &Draft) -> Vec<DraftProblem>;

    /// Asks the platform who we are and what stands in the way. It changes nothing there.
    ///
    /// # Errors
    /// What is wrong, by key.
    async fn try_out(&self, draft: &Draft) -> Result<TriedOut, Vec<DraftProblem>>;

    /// Makes a desk ready, or says what would be done.
    ///
    /// # Errors
    /// What is wrong, by key.
    async fn set_up_desk(&self, draft: &Draft, change: bool) -> Result<DeskReady, Vec<DraftProblem>>;

    /// Takes up what changed among the connections in the database.
    ///
    /// # Errors
    /// The database's error; then what runs goes on running.
    async fn reload(&self) -> Result<(), StoreError>;

    /// Why a connection in the database does not run on this node; none where it does.
    fn not_running(&self, name: &str) -> Option<NotRunning>;
}

/// Why a connection in the database does not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotRunning {
    /// `security.key` is not the one that its secrets were sealed with.
    Locked,
    /// Its settings cannot be used.
    Unusable(String),
    /// The settings file or the environment has a connection of this name too.
    Overruled,
}

/// No adapters: for commands and tests that make no connections.
#[derive(Debug)]
pub struct NoAdapters;

#[async_trait]
impl Adapters for NoAdapters {
    fn kinds(&self) -> Vec<Kind> {
        Vec::new()
    }

    fn is_configured(&self, _: &str) -> bool {
        false
    }

    async fn check(&self, draft: &Draft) -> Vec<DraftProblem> {
        vec![DraftProblem::new("kind", format!("\"{}\" is not in this build", draft.kind))]
    }

    async fn try_out(&self, draft: &Draft) -> Result<TriedOut, Vec<DraftProblem>> {
        Err(self.check(draft).await)
    }

    async fn set_up_desk(&self, draft: &Draft, _: bool) -> Result<DeskReady, Vec<DraftProblem>> {
        Err(self.check(draft).await)
    }

    async fn reload(&self) -> Result<(), StoreError> {
        Ok(())
    }

    fn not_running(&self, _: &str) -> Option<NotRunning> {
        None
    }
}
