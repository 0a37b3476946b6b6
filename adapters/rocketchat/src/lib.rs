//! The desk Rocket.Chat, its omnichannel part. A workspace has one webhook, which posts a chat when it is closed. The chat
//! is read before its client is asked, because the webhook says neither who is a program nor which channel the chat has. A
//! closed chat is never reopened; a later message of the client starts a new one. A close is identified by the room and
//! `closedAt`. Ratings are custom fields and tags of the room and, if configured, the room's own survey and a message in it.
//!
//! | file | contents |
//! |---|---|
//! | `config.rs` | settings of one connection |
//! | `rocketchat.rs` | [`RocketChat`]: the desk, and missed closes |
//! | `api.rs` | API calls, and the meaning of refusals |
//! | `signature.rs` | authenticates webhooks |
//! | `receive.rs` | turns webhooks into events |
//! | `read.rs` | the current state of a room: who closed and who served it, and its channel |
//! | `people.rs` | tells programs from people |
//! | `write.rs` | a rating as fields, tags, survey and message |
//! | `look.rs` | checks |
//! | `setup.rs` | setup |

mod api;
mod config;
mod look;
mod people;
mod read;
mod receive;
mod rocketchat;
mod setup;
mod signature;
mod write;

pub use config::{Config, Queue, SETTINGS};
pub use rocketchat::RocketChat;
