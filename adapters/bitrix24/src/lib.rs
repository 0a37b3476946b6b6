//! The desk Bitrix24: open lines. An application of the portal reports conversations with events that are sent only once.
//! Each conversation is read before its client is asked, and missed events are found by polling. Ratings are sent to the
//! operator as a notification and, if configured, written to the conversation as the supervisor's score.
//!
//! | file | contents |
//! |---|---|
//! | `config.rs` | settings of one connection |
//! | `bitrix24.rs` | [`Bitrix24`]: the desk, and the channel for alerts |
//! | `api.rs` | REST API calls, and the meaning of each failure |
//! | `tokens.rs` | tokens: stored sealed, renewed when they have expired |
//! | `install.rs` | installation: verifies and stores tokens |
//! | `form.rs` | posted forms: names with brackets, as PHP reads them |
//! | `receive.rs` | authenticates requests, and turns them into desk events |
//! | `history.rs` | a conversation as Bitrix24 returns it |
//! | `read.rs` | the current state of a conversation: who closed and who served it |
//! | `lost.rs` | missed events: the list of sessions, and polling of open chats |
//! | `vote.rs` | a rating as the client's own vote, in channels of our application |
//! | `write.rs` | a rating as notification and supervisor's score |
//! | `notify.rs` | a notification to an employee |
//! | `setup.rs` | checks and setup of a portal |
//! | `lines.rs` | the portal's lines: which ask by themselves, and which should |
//! | `panel.rs` | the panel beside a chat |
//!
//! Formats follow the REST documentation of 2026 and the module `imopenlines` 26.250; where the two differ, both are accepted.

mod api;
mod bitrix24;
mod config;
mod crm;
mod form;
mod history;
mod install;
mod lines;
mod lost;
mod notify;
mod panel;
mod read;
mod receive;
mod setup;
mod tokens;
mod vote;
mod write;

pub use bitrix24::Bitrix24;
pub use config::{Config, SETTINGS};
