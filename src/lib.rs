//! Lastword asks a client, when a chat ends, how it went; keeps the answer; tells the right people when it was bad; and
//! shows honest numbers.
//!
//! # The map: who may know whom
//!
//! | module | is | may use |
//! |---|---|---|
//! | [`cli`] | the command line: one file per command | `app`, and what it shows |
//! | [`app`] | composition; the only place that names adapters | all below, and `adapters/*` |
//! | [`http`] | the edge: API, hooks, pages, the widget | `life`, `store` (reads), `domain`, the contract |
//! | [`queue`] | mechanics of deliveries: claim, intent, call, record, rescue. Knows rows, not ratings | `store`, `domain`, `time` |
//! | [`life`] | the life of a rating, in rooms: one file per step, named for it | `store`, `domain`, the contract, `time`, `id` |
//! | [`store`] | all SQL, written once for both databases | `domain`, `id` |
//! | [`domain`] | the rules, pure: no async, no IO, no clock, no chance | nothing of ours |
//! | [`time`], [`id`] | the only way to time and chance | nothing of ours |
//! | [`settings`], [`log`], [`metrics`] | what the process is told, and what it tells | nothing of ours |
//!
//! `tests/it/tidy.rs` reads every `use` and holds this table. Adapters know `lastword-contract` alone.
//!
//! # Invariants
//!
//! - A 2xx is given after the commit, and the commit after the disk's word (`store::db`).
//! - A message leaves only after its intent is committed (`queue::intent`), and an end counts only with the token of its
//!   claim (`queue::record`).
//! - No transaction is open while a channel is called, and no transaction is ever canceled half-way (`Db::write`).
//! - `domain` cannot fail but by its return values, and gives the same result for the same arguments.
//! - `life` reads no clock: every step gets `now`.
//!
//! # The life of a rating
//!
//! [`life::session::close`] → [`queue`] → [`life::question::compose`] → [`life::question::send`] → [`life::answer::accept`] →
//! [`life::question::settle`] and [`life::alert::raise`]; [`life::session::explain`] tells it afterwards.

pub mod app;
pub mod cli;
pub mod domain;
pub mod http;
pub mod id;
pub mod life;
pub mod log;
pub mod metrics;
pub mod queue;
pub mod settings;
pub mod store;
pub mod time;
