//! Mechanics of deliveries: claim, intent, call, record, rescue, limits and wake-up. It knows rows, not ratings: the content of a
//! message and the effect of its end are up to its [`Handler`].
//!
//! ```text
//! claim (commit) → prepare → intent (commit) → call, with no transaction open → record (commit)
//! ```
//!
//! Every node runs the same loop. There is no leader: each change is one statement fenced by the row's token.

pub mod claim;
mod ends;
pub mod handler;
pub mod intent;
pub mod record;
pub mod rescue;
pub mod runner;

pub use handler::{ConnectionLimit, Handler, TryResult};
pub use runner::{Runner, Tuning};
