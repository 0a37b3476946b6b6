//! Lastword asks clients how it went when their chat ends, stores the answers, alerts the right people to bad ones, and
//! shows honest numbers.
//!
//! # Layers
//!
//! Each layer is a crate, so the compiler enforces this table. The paths below re-export them.
//!
//! | module | contents | may use |
//! |---|---|---|
//! | [`cli`] | the command line: one file per command | `app`, and the types it shows |
//! | [`app`] | composition; the only module that names adapters | all below, and `adapters/*` |
//! | [`http`] | the HTTP server: API, hooks, pages, the widget | `life`, `store` (reads), `domain`, the contract |
//! | [`queue`] | deliveries: claim, intent, call, record, rescue. Knows rows, not ratings | `store`, `domain`, `base` |
//! | [`life`] | the life of a rating: one file per step, named after it | `store`, `domain`, the contract, `base` |
//! | [`store`] | all SQL, written once for both databases | `domain`, `base` |
//! | [`domain`] | the rules, pure: no async, no IO, no clock, no randomness | `stats` |
//! | [`time`], [`id`] | the only access to time and randomness; in `base` | nothing of ours |
//! | [`settings`], [`log`], [`metrics`] | configuration and reporting of the process; in `base` | nothing of ours |
//!
//! Adapters only use `lastword-contract`.
//!
//! # Invariants
//!
//! - A 2xx response is sent only after the commit is durable (`store::db`).
//! - A message is sent only after its intent is committed (`queue::intent`), and its end is recorded only with the token of
//!   its claim (`queue::record`).
//! - No transaction is open during a call of a channel, and no transaction is ever canceled half-way (`Db::write`).
//! - `domain` reports failures only by return values, and returns the same result for the same arguments.
//! - `life` reads no clock: every step receives `now`.
//!
//! # The life of a rating
//!
//! [`life::session::close`] → [`queue`] → [`life::message::compose`] → [`life::question::send`] → [`life::answer::accept`]
//! → [`life::message::settle`] and [`life::alert::raise`]; [`life::session::explain`] shows it afterwards.

pub mod app;
pub mod cli;

/// The HTTP server: `lastword-http`, and `lastword-pages` above it.
pub mod http {
    pub use lastword_http::*;
    pub use lastword_pages::{self as pages, routes};
}

pub use lastword_base::{id, log, metrics, names, settings, time};
pub use lastword_domain as domain;
pub use lastword_life as life;
pub use lastword_queue as queue;
pub use lastword_store::{self as store, values};
