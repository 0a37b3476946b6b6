//! The desk Bitrix24: open lines. An application of the portal tells what happens to conversations, with events that are sent
//! once and never again; each conversation is read before anybody is asked, and what was not told is found by asking. Ratings
//! go to the operator as a notice and, where that is wished, to the conversation as the supervisor's score.
//!
//! | file | what it is |
//! |---|---|
//! | `config.rs` | the settings of one connection |
//! | `bitrix24.rs` | [`Bitrix24`]: the desk, and the channel of alerts |
//! | `api.rs` | calls of its REST API, and what each failure means |
//! | `tokens.rs` | the tokens: kept sealed, renewed when they are spent |
//! | `install.rs` | an installation: who hands tokens over, and whether they are good |
//! | `form.rs` | what is posted: names with brackets, as PHP reads them |
//! | `receive.rs` | who calls, and an event as events of the desk |
//! | `history.rs` | a conversation as Bitrix24 shows it |
//! | `read.rs` | a conversation as it stands: closed how, served by whom |
//! | `lost.rs` | what was not told: the list of sessions, and chats that were open |
//! | `vote.rs` | a rating as the client's own vote, in channels of our application |
//! | `write.rs` | a rating as notice and supervisor's score |
//! | `notify.rs` | a notice to a member of staff |
//! | `setup.rs` | what is wrong, and making it ready |
//! | `lines.rs` | the portal's lines: which ask by themselves, and which should |
//! | `panel.rs` | the panel beside a chat |
//!
//! Shapes are those of the REST documentation of 2026 and of the module `imopenlines` 26.250; where the two differ, both are
//! read.

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
