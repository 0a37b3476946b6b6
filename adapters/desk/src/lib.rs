//! Any desk by one signed POST: `close.v1`. A desk that can send JSON when a chat is closed, or in front of which a few lines
//! of script can stand, needs nothing else.
//!
//! The envelope is that of [Standard Webhooks](https://www.standardwebhooks.com), and may as well be a
//! [CloudEvent](https://cloudevents.io) or bare data. Where the API is strict, this is lenient: a close is never lost over
//! its form, and what was mended is noted.
//!
//! | file | what it is |
//! |---|---|
//! | `config.rs` | the settings of one connection |
//! | `desk.rs` | [`AnyDesk`]: the desk and what it tells |
//! | `proof.rs` | who calls: a signature, a key, or an address that nobody else knows |
//! | `receive.rs` | a request as events: envelopes, types, keys |
//! | `body.rs` | a body as entries: JSON, broken JSON, or a form |
//! | `repair.rs` | JSON that a template broke, mended |
//! | `close.rs` | the data of a close as a chat |
//! | `lenient.rs` | single values in whatever form desks send them |
//! | `calls.rs` | the calls of the desk's own API that the settings describe |
//! | `template.rs` | blanks in those settings, and what fills them |
//! | `write.rs` | a rating shown at its chat |
//! | `found.rs` | what the desk did not tell |

mod body;
mod calls;
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
