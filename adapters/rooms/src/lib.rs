//! Chat rooms and push services as recipients of alerts: one connection for all rooms, and a body for each service.
//!
//! An address is `chat`: the address of the hook, `user`: a token where the service wants one, `via`: the service.
//!
//! | file | what it is |
//! |---|---|
//! | `channel.rs` | [`Rooms`]: the channel, its claims, its HTTP client |
//! | `place.rs` | one room: its service, its address, and which addresses are accepted |
//! | `note.rs` | one message in parts, as all bodies are made of it |
//! | `plain.rs` | text of people in which nothing is a mention, a link or an image |
//! | `body.rs`, `body/` | the request of each service |
//! | `answer.rs` | every answer and every failure as one verdict |

mod answer;
mod body;
mod channel;
mod note;
mod place;
mod plain;

pub use channel::{Config, Rooms};
pub use place::Service;
