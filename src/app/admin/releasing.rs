//! A database that came from a copy is let go on by somebody at the shell.

use super::{Failure, Shell};
use crate::app::quarantine::noted;
use crate::domain::access::audit::By;
use crate::life::records::detect_copy::beat;
use crate::life::records::release_quarantine::{Released, Waiting, release};

/// What is to become of what waited, as it was asked for.
#[derive(Clone, Debug)]
pub enum ReleaseCommand {
    /// What was due before this moment is canceled; now where none is given.
    CancelBefore(Option<String>),
    /// All of it is sent.
    Keep,
    /// All of it is sent: the installation moved house.
    Moved,
}

impl Shell {
    /// Lets the database send again.
    ///
    /// # Errors
    /// When it is not in quarantine.
    pub async fn release(&self, asked: ReleaseCommand) -> Result<Released, Failure> {
        let now = self.now();
        let waiting = match asked {
            ReleaseCommand::Keep => Waiting::Keep,
            ReleaseCommand::Moved => Waiting::Moved,
            ReleaseCommand::CancelBefore(None) => Waiting::CancelBefore(now),
            ReleaseCommand::CancelBefore(Some(text)) => Waiting::CancelBefore(self.moment("--cancel-before", &text)?),
        };
        let node = self.node().await?;
        // Nobody may have started it yet since it was copied.
        beat(&node.engine, noted(&self.db), now).await?;
        let released = release(&node.engine, &By::command(), waiting, now).await?;
        released.ok_or_else(|| Failure::Failed("the database is not in quarantine: messages are sent".to_owned()))
    }
}
