//! Any desk by one signed POST: `close.v1`. A desk needs nothing else if it can send JSON when a chat is closed, or if a
//! short script can do so for it.
//!
//! The envelope is that of [Standard Webhooks](https://www.standardwebhooks.com); a [CloudEvent](https://cloudevents.io) or
//! bare data are accepted too. The API is strict, this is lenient: a close is never lost because of its form, and repairs are noted.
//!
//! | file | contents |
//! |---|---|
//! | `config.rs` | settings of one connection |
//! | `desk.rs` | [`AnyDesk`]: the desk and its events |
//! | `proof.rs` | authenticates requests: a signature, a key, or a secret address |
//! | `receive.rs` | turns a request into events: envelopes, types, keys |
//! | `body.rs` | splits a body into entries: JSON, broken JSON, or a form |
//! | `charset.rs` | decodes a body that is not UTF-8 |
//! | `repair.rs` | repairs JSON that a template broke |
//! | `close.rs` | turns the data of a close into a chat |
//! | `lenient.rs` | single values in the forms that desks send |
//! | `calls.rs` | configured calls of the desk's own API |
//! | `template.rs` | placeholders in those settings |
//! | `write.rs` | writes a rating to its chat |
//! | `found.rs` | events that the desk did not report |

mod body;
mod calls;
mod charset;
mod close;
mod config;
mod desk;
mod found;
mod lenient;
mod proof;
mod receive;
mod repair;
mod template;
mod write;

pub use config::{Config, ReconcileCall, SETTINGS, WriteBackCall};
pub use desk::AnyDesk;
