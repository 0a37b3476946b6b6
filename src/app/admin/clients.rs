//! Data of one client, from the command line.

use super::{Failure, Shell};
use crate::domain::access::audit::By;
use crate::domain::access::rights::Lines;
use crate::domain::answer::opt_out::Wish;
use crate::life::answer::opt_out;
use crate::life::records::client_data::{self, Erased};
use crate::store::records::client_data::FoundClient;
use serde_json::Value;

/// A client that was found.
#[derive(Clone, Debug)]
pub struct Client {
    /// ID of the client.
    pub id: String,
    /// The newest name that a desk reported for them.
    pub name: Option<String>,
    /// Number of their sessions.
    pub sessions: i64,
    /// Time of the newest session's last change.
    pub last_at: i64,
    /// Time of the opt-out, if the client opted out with this ID.
    pub opted_out_at: Option<i64>,
}

impl Client {
    fn of(found: FoundClient) -> Self {
        Self { id: found.id.into(), name: found.name, sessions: found.sessions, last_at: found.last_at, opted_out_at: found.opted_out_at }
    }
}

impl Shell {
    /// Clients that match `text`: an ID, the desk's own ID, a name, or a chat.
    ///
    /// # Errors
    /// Errors of the database.
    pub async fn clients(&self, text: &str) -> Result<Vec<Client>, Failure> {
        let found = client_data::find(&self.node().await?.engine, text, &Lines::All).await?;
        Ok(found.into_iter().map(Client::of).collect())
    }

    /// The only client that matches `text` as an ID, the desk's own ID, or a chat: a name may be somebody else's.
    ///
    /// # Errors
    /// If there is none, or several.
    pub async fn client(&self, text: &str) -> Result<String, Failure> {
        let mut found: Vec<Client> = client_data::find_by_id(&self.node().await?.engine, text).await?.into_iter().map(Client::of).collect();
        if let Some(exact) = found.iter().find(|client| client.id == text) {
            return Ok(exact.id.clone());
        }
        match (found.len(), found.pop()) {
            (1, Some(client)) => Ok(client.id),
            (0, _) | (_, None) => {
                Err(Failure::Failed(format!("there is no client \"{text}\"; use the desk's ID of the person, or a chat with them")))
            }
            _ => {
                Err(Failure::Failed(format!("\"{text}\" matches several clients; see lastword client find {text}, and use the ID of one")))
            }
        }
    }

    /// All data about a client.
    ///
    /// # Errors
    /// If the client does not exist.
    pub async fn export_client(&self, id: &str) -> Result<Value, Failure> {
        let held = client_data::export(&self.node().await?.engine, &By::command(), &id.into(), self.now()).await?;
        held.map(Value::Object).ok_or_else(|| Failure::Failed(format!("nothing is stored about a client \"{id}\"")))
    }

    /// Erases all data about a client.
    ///
    /// # Errors
    /// If the client does not exist.
    pub async fn erase_client(&self, id: &str) -> Result<Erased, Failure> {
        let erased = client_data::erase(&self.node().await?.engine, &By::command(), &id.into(), self.now()).await?;
        erased.ok_or_else(|| Failure::Failed(format!("nothing is stored about a client \"{id}\"")))
    }

    /// Opts a client out of questions, or in again. The client may be unknown so far.
    ///
    /// # Errors
    /// If several clients match, or `text` cannot name a client.
    pub async fn opt_out_client(&self, text: &str, out: bool) -> Result<OptedOut, Failure> {
        let id = match self.clients(text).await?.is_empty() && text.contains(['/', ':']) {
            true => text.to_owned(),
            false => self.client(text).await?,
        };
        let wish = if out { Wish::Stop } else { Wish::Start };
        let engine = &self.node().await?.engine;
        let known = client_data::is_known(engine, &id.as_str().into()).await?;
        let new = opt_out::set(engine, &By::command(), &id.as_str().into(), wish, self.now()).await?;
        Ok(OptedOut { client: id, new, known })
    }
}

/// Result of an opt-out or an opt-in.
#[derive(Debug)]
pub struct OptedOut {
    /// The client's ID.
    pub client: String,
    /// True if this changed the client's choice.
    pub new: bool,
    /// True if anything else is stored about the client.
    pub known: bool,
}
