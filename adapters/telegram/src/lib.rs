//! Telegram bots as a channel of Lastword. `README.md` beside this crate is the introduction.
//!
//! teloxide provides the types of payloads and updates. Calls are made by the shared reqwest client with a time limit:
//! teloxide's own client drops the HTTP status and sleeps ten seconds on a 5xx, and its listeners respond with 200 before
//! anything is stored, so neither is used.
//!
//! | file | contents |
//! |---|---|
//! | `config` | settings of one bot, and their checks |
//! | `channel` | implements the contract's trait with the files below |
//! | `api` | one call of the Bot API, made once, and its result |
//! | `error` | maps Telegram's errors to kinds and verdicts |
//! | `send` | one outgoing message as `sendMessage` or `editMessageText` |
//! | `keyboard` | choices as rows of buttons |
//! | `receive` | turns signed requests into events; rules about authors |
//! | `lenient` | parses updates that teloxide's types cannot parse |
//! | `poll` | long polling that confirms only committed updates |
//! | `account` | the bot's account, its problems, and setting the webhook |

mod account;
mod api;
mod channel;
mod config;
mod error;
mod keyboard;
mod lenient;
mod place;
mod poll;
mod read_update;
mod receive;
mod send;

pub use channel::Telegram;
pub use config::{Config, Receive, SETTINGS, Sharing};
