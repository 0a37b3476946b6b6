//! Releases a database in quarantine from the command line.

use super::{Failure, Shell};
use crate::app::quarantine::noted;
use crate::domain::access::audit::By;
use crate::life::records::detect_copy::beat;
use crate::life::records::release_quarantine::{Released, Waiting, release};

/// What to do with waiting messages, according to the arguments.
#[derive(Clone, Debug)]
pub enum ReleaseCommand {
    /// Cancel messages that were due before this time; default: now.
    CancelBefore(Option<String>),
    /// Send all of them.
    Keep,
    /// Send all of them: the installation was moved.
    Moved,
}

impl Shell {
    /// Lets the database send again.
    ///
    /// # Errors
    /// If it is not in quarantine.
    pub async fn release(&self, asked: ReleaseCommand) -> Result<Released, Failure> {
        let now = self.now();
        let waiting = match asked {
            ReleaseCommand::Keep => Waiting::Keep,
            ReleaseCommand::Moved => Waiting::Moved,
            ReleaseCommand::CancelBefore(None) => Waiting::CancelBefore(now),
            ReleaseCommand::CancelBefore(Some(text)) => Waiting::CancelBefore(self.moment("--cancel-before", &text)?),
        };
        let node = self.node().await?;
        // The copy may not have been started yet.
        beat(&node.engine, noted(&self.db), now).await?;
        let released = release(&node.engine, &By::command(), waiting, now).await?;
        released.ok_or_else(|| Failure::Failed("the database is not in quarantine: messages are sent".to_owned()))
    }
}
