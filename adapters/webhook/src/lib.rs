//! The generic webhook channel: questions, alerts and events are sent as signed JSON to one URL; presses, texts and
//! comments are received the same way. Signatures follow [Standard Webhooks](https://www.standardwebhooks.com).
//!
//! | file | contents |
//! |---|---|
//! | `config.rs` | settings of one connection, and the check of its URL |
//! | `channel.rs` | [`Webhook`]: the channel, its capabilities, its HTTP client |
//! | `send.rs` | one message as JSON (the exact formats), and the call |
//! | `receive.rs` | one signed request as an event (the exact formats) |
//! | `signature.rs` | signs and verifies, with a second secret during a rotation |
//! | `push.rs`, `push/` | [`WebPush`]: alerts to browsers, encrypted and signed |
//! | `error.rs` | maps every response and failure to a verdict |

mod body;
mod channel;
mod config;
mod error;
mod push;
mod receive;
pub mod signature;

pub use channel::Webhook;
pub use config::{Config, SETTINGS};
pub use push::{PushConfig, WebPush};
