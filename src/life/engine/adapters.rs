//! Services of this build's adapters while a node runs: available kinds, validation of settings, and trial calls to
//! platforms. Provided by the composition, the only part that knows adapters.

pub mod draft;
pub mod kind;

use self::draft::Draft;
use self::kind::Kind;
use async_trait::async_trait;
use lastword_base::names::ConnectionId;
use lastword_store::StoreError;

/// A problem with the settings of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftProblem {
    /// The key; empty if the problem concerns the whole.
    pub key: String,
    /// Description and remedy. It never contains a secret.
    pub message: String,
}

impl DraftProblem {
    /// A problem of `key`.
    pub fn new(key: &str, message: impl Into<String>) -> Self {
        Self { key: key.to_owned(), message: message.into() }
    }
}

/// The way messages arrive through a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrives {
    /// The node fetches them.
    Fetched,
    /// The platform posts them to this address; `None` if `http.public_url` is not set.
    Posted(Option<String>),
    /// The widget on the site sends them.
    Widget,
    /// Nothing arrives.
    Nothing,
}

/// Result of trying out the settings of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriedOut {
    /// Name of the account on the platform, such as a bot's user name or a page's name; empty if the platform has none.
    pub account: String,
    /// Obstacles, and what is worth knowing, as sentences.
    pub warnings: Vec<String>,
    /// The way messages arrive.
    pub arrives: Arrives,
}

/// Steps done at a desk, or planned.
#[derive(Clone, Debug, Default)]
pub struct DeskReady {
    /// The steps, as sentences.
    pub steps: Vec<String>,
    /// Steps that a person has to do.
    pub warnings: Vec<String>,
    /// Settings obtained from the desk: key and value. Some are secrets.
    pub settings: Vec<(&'static str, String)>,
}

/// The adapters of this build.
#[async_trait]
pub trait Adapters: Send + Sync {
    /// The kinds that can be set up.
    fn kinds(&self) -> Vec<Kind>;

    /// True if the settings file or the environment of this node has a connection of this name; that one takes precedence.
    fn is_configured(&self, name: &ConnectionId) -> bool;

    /// Problems of these settings that can be detected without a call to the platform.
    async fn check(&self, draft: &Draft) -> Vec<DraftProblem>;

    /// Asks the platform for the account and for obstacles. Changes nothing there.
    ///
    /// # Errors
    /// The problems by key.
    async fn try_out(&self, draft: &Draft) -> Result<TriedOut, Vec<DraftProblem>>;

    /// Prepares a desk, or lists the steps if `change` is false.
    ///
    /// # Errors
    /// The problems by key.
    async fn set_up_desk(&self, draft: &Draft, change: bool) -> Result<DeskReady, Vec<DraftProblem>>;

    /// Applies changes of the connections in the database.
    ///
    /// # Errors
    /// A database error; running connections continue unchanged.
    async fn reload(&self) -> Result<(), StoreError>;

    /// Reason that a connection in the database does not run on this node; `None` if it runs.
    fn not_running(&self, name: &ConnectionId) -> Option<NotRunning>;
}

/// Reason that a connection in the database does not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotRunning {
    /// `security.key` is not the key that sealed its secrets.
    Locked,
    /// Its settings are invalid.
    Unusable(String),
    /// The settings file or the environment has a connection of the same name.
    Overruled,
}

/// No adapters, for commands and tests without connections.
#[derive(Debug)]
pub struct NoAdapters;

#[async_trait]
impl Adapters for NoAdapters {
    fn kinds(&self) -> Vec<Kind> {
        Vec::new()
    }

    fn is_configured(&self, _: &ConnectionId) -> bool {
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

    fn not_running(&self, _: &ConnectionId) -> Option<NotRunning> {
        None
    }
}
