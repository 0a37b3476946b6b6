//! Lastword asks a client, when a chat with them ends, how it went; stores the answer; alerts the right people when it was bad;
//! and shows honest numbers.
//!
//! # The map: who may know whom
//!
//! Each layer is a crate, so the compiler holds this table. The paths below re-export them.
//!
//! | module | is | may use |
//! |---|---|---|
//! | [`cli`] | the command line: one file per command | `app`, and what it shows |
//! | [`app`] | composition; the only place that names adapters | all below, and `adapters/*` |
//! | [`http`] | the edge: API, hooks, pages, the widget | `life`, `store` (reads), `domain`, the contract |
//! | [`queue`] | mechanics of deliveries: claim, intent, call, record, rescue. Knows rows, not ratings | `store`, `domain`, `base` |
//! | [`life`] | the life of a rating, in rooms: one file per step, named for it | `store`, `domain`, the contract, `base` |
//! | [`store`] | all SQL, written once for both databases | `domain`, `base` |
//! | [`domain`] | the rules, pure: no async, no IO, no clock, no randomness | `stats` |
//! | [`time`], [`id`] | the only way to time and randomness; in `base` | nothing of ours |
//! | [`settings`], [`log`], [`metrics`] | what the process is told, and what it reports; in `base` | nothing of ours |
//!
//! Adapters know `lastword-contract` alone.
//!
//! # Invariants
//!
//! - A 2xx is sent after the commit, and the commit returns after the disk has it (`store::db`).
//! - A message is sent only after its intent is committed (`queue::intent`), and an end counts only with the token of its
//!   claim (`queue::record`).
//! - No transaction is open while a channel is called, and no transaction is ever canceled half-way (`Db::write`).
//! - `domain` cannot fail but by its return values, and returns the same result for the same arguments.
//! - `life` reads no clock: every step gets `now`.
//!
//! # The life of a rating
//!
//! [`life::session::close`] → [`queue`] → [`life::question::compose`] → [`life::question::send`] → [`life::answer::accept`] →
//! [`life::question::settle`] and [`life::alert::raise`]; [`life::session::explain`] shows it afterwards.

pub mod app;
pub mod cli;

/// The edge: `lastword-http`, and `lastword-pages` above it.
pub mod http {
    pub use lastword_http::*;
    pub use lastword_pages::{self as pages, routes};
}

pub use lastword_base::{id, log, metrics, settings, time};
pub use lastword_domain as domain;
pub use lastword_life as life;
pub use lastword_queue as queue;
pub use lastword_store::{self as store, values};
