//! The generic webhook channel: questions, alerts and events go out as signed JSON to one URL, and presses, texts and
//! comments come back the same way. Signatures follow [Standard Webhooks](https://www.standardwebhooks.com).
//!
//! | file | what it is |
//! |---|---|
//! | `config.rs` | the settings of one connection, and which URLs are taken |
//! | `channel.rs` | [`Webhook`]: the channel, its claims, its HTTP client |
//! | `send.rs` | one message as JSON (the exact shapes), and the one call |
//! | `receive.rs` | one signed request as an event (the exact shapes) |
//! | `signature.rs` | signing and checking, with a second secret during rotation |
//! | `push.rs`, `push/` | [`WebPush`]: alerts to browsers, encrypted and signed |
//! | `error.rs` | every answer and every failure as one verdict |

mod channel;
mod config;
mod error;
mod push;
mod receive;
mod send;
pub mod signature;

pub use channel::Webhook;
pub use config::{Config, SETTINGS};
pub use push::{PushConfig, WebPush};
