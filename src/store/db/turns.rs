//! Lets a test decide which of several transactions on PostgreSQL runs its next statement, to search for races in an order
//! given by a seed, which repeats them. Only tests call [`Db::in_turns`]; otherwise each wait below is a single comparison.

use super::Db;
use std::pin::Pin;
use std::sync::Arc;

/// Decides when the next statement may run. Asked before each statement.
pub trait Turns: Send + Sync {
    /// Waits for the turn.
    fn turn(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

impl Db {
    /// The same database, whose statements wait for their turns.
    #[must_use]
    pub fn in_turns(&self, turns: Arc<dyn Turns>) -> Self {
        Self(self.0.clone(), self.1, Some(turns))
    }
}

/// Waits for the turn, if there are turns.
pub(super) async fn turn(turns: Option<&Arc<dyn Turns>>) {
    if let Some(turns) = turns {
        turns.turn().await;
    }
}
