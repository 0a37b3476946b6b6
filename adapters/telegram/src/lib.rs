//! Telegram bots as a channel of Lastword. Newcomers start with `README.md` beside this crate.
//!
//! teloxide is the vocabulary (payloads and updates as types); the calls are made by the shared reqwest client with a
//! hard time limit. teloxide's own client drops the HTTP status and sleeps ten seconds on a 5xx, and its listeners
//! answer 200 before anything is kept, so neither is used.
//!
//! | file | what it is |
//! |---|---|
//! | `config` | the settings of one bot, and what is wrong with them |
//! | `channel` | the contract's trait, one line to each of the files below |
//! | `api` | one call of the Bot API, once, and what came of it |
//! | `error` | Telegram's refusals as kinds and verdicts: the one `classify` |
//! | `send` | one outgoing message as `sendMessage` or `editMessageText` |
//! | `keyboard` | choices as rows of buttons |
//! | `receive` | a signed request as events, and the rules of who wrote |
//! | `lenient` | the same facts from updates that teloxide's types cannot read |
//! | `poll` | long polling that confirms only what is committed |
//! | `account` | who we are, what stands in the way, setting the webhook |

mod account;
mod api;
mod channel;
mod config;
mod error;
mod keyboard;
mod lenient;
mod place;
mod poll;
mod receive;
mod send;

pub use channel::Telegram;
pub use config::{Config, Receive, SETTINGS, Sharing};
