//! Chat rooms and push services as recipients of alerts: one connection for all rooms, and a body for each service.
//!
//! Parts of an address: `chat` is the URL of the hook, `user` a token if the service requires one, `via` the service.
//!
//! | file | what it is |
//! |---|---|
//! | `channel.rs` | [`Rooms`]: the channel, its capabilities, its HTTP client |
//! | `place.rs` | a room: its service, its address, and which addresses are accepted |
//! | `note.rs` | a message in parts, from which all bodies are built |
//! | `plain.rs` | neutralizes mentions, links and images in text of people |
//! | `body.rs`, `body/` | the request of each service |
//! | `answer.rs` | maps every response and every failure to one verdict |

mod answer;
mod body;
mod channel;
mod note;
mod place;
mod plain;

pub use channel::{Config, Rooms};
pub use place::Service;
