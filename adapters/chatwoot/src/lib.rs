//! The desk Chatwoot. It reports conversations with signed webhooks. Each conversation is read before its client is asked,
//! because a webhook has neither who closed it nor its current state. Ratings are shown as private notes, attributes and
//! labels, and questions are sent in Chatwoot's own chats.
//!
//! | file | contents |
//! |---|---|
//! | `config.rs` | settings of one connection |
//! | `chatwoot.rs` | [`Chatwoot`]: the desk and the channel |
//! | `signature.rs` | verifies requests |
//! | `receive.rs` | turns webhooks into desk events |
//! | `answers.rs` | turns webhooks into clients' answers |
//! | `read.rs` | the current state of a conversation: who closed and who served it |
//! | `activity.rs` | who changed a status: English sentences, or names and numbers in any language |
//! | `names.rs` | names in a text |
//! | `people.rs` | writers, names in messages, and the account's agents |
//! | `seen.rs` | closes that this process has read |
//! | `timeline.rs` | when a conversation was resolved and opened again |
//! | `write.rs` | a rating as note, attribute and labels, merged into the existing ones |
//! | `send.rs` | a question in Chatwoot's own chat |
//! | `setup.rs` | checks and setup |
//! | `panel.rs` | the panel beside a chat |
//! | `history.rs` | [`history::History`]: closed conversations, own ratings and reports, read-only |
//!
//! Formats are those of release 4.15; comments mention what older releases lack.

mod activity;
mod answers;
mod chatwoot;
mod config;
pub mod history;
mod names;
mod panel;
mod people;
mod read;
mod receive;
mod seen;
mod send;
mod setup;
mod signature;
mod timeline;
mod write;

pub use chatwoot::Chatwoot;
pub use config::{Config, SETTINGS};
