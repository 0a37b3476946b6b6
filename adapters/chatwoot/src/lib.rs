//! The desk Chatwoot. It tells what happens to conversations by signed webhooks, is read again before anybody is asked
//! (a webhook says neither who closed nor how the conversation stands by now), shows ratings as private notes, attributes
//! and labels, and carries questions to clients in its own chats.
//!
//! | file | what it is |
//! |---|---|
//! | `config.rs` | the settings of one connection |
//! | `chatwoot.rs` | [`Chatwoot`]: the desk and the channel |
//! | `signature.rs` | who calls |
//! | `receive.rs` | a webhook as events of the desk |
//! | `answers.rs` | a webhook as answers of clients |
//! | `read.rs` | a conversation as it stands: closed by whom, served by whom |
//! | `activity.rs` | who changed a status, by English sentences, or by names and numbers in any language |
//! | `names.rs` | names in a text |
//! | `people.rs` | who wrote, who is named, who works in the account |
//! | `seen.rs` | closes that this process has read |
//! | `timeline.rs` | when a conversation was resolved and opened again |
//! | `write.rs` | a rating as note, attribute and labels, merged into what is there |
//! | `send.rs` | a question in Chatwoot's own chat |
//! | `setup.rs` | what is wrong, and making it ready |
//! | `panel.rs` | the panel beside a chat |
//! | `history.rs` | [`history::History`]: closed conversations, own ratings and reports, only read |
//!
//! Shapes are those of release 4.15; what older ones lack is said where it matters.

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
