//! The mechanics of deliveries: claim, intent, call, record, rescue, limits and wake-up. Knows rows, not ratings: what
//! a message says and what its end means is its [`Handler`]'s business.
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
