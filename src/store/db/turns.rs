//! A test may decide which of several transactions on PostgreSQL runs its next statement: so races are searched for, in an order that a
//! seed gives, and come again with it. Nothing but a test says [`Db::in_turns`]; elsewhere each question below is one look.

use super::Db;
use std::pin::Pin;
use std::sync::Arc;

/// Waits until the next statement may run. Each is asked of before it begins.
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

/// Waits for the turn, where somebody gives turns.
pub(super) async fn turn(turns: Option<&Arc<dyn Turns>>) {
    if let Some(turns) = turns {
        turns.turn().await;
    }
}
