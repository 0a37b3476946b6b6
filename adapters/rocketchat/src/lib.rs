//! The desk Rocket.Chat, its omnichannel part. A workspace has one webhook: it posts a chat when it is closed. The chat is read
//! before anybody is asked, because the webhook says neither who is a program nor through which channel the chat came. A
//! closed chat is never opened again; whoever writes after it begins a new one. A close is known by the room and `closedAt`.
//! Ratings are custom fields and tags of the room, and, where that is switched on, the room's own survey and a message in it.
//!
//! | file | what it is |
//! |---|---|
//! | `config.rs` | the settings of one connection |
//! | `rocketchat.rs` | [`RocketChat`]: the desk, and what was lost |
//! | `api.rs` | calls of its API, and what its refusals say |
//! | `signature.rs` | who calls |
//! | `receive.rs` | a webhook as events |
//! | `read.rs` | a room as it stands: closed by whom, served by whom, through which channel |
//! | `people.rs` | who is a program |
//! | `write.rs` | a rating as fields, tags, survey and message |
//! | `look.rs` | what is wrong |
//! | `setup.rs` | making it ready |

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
