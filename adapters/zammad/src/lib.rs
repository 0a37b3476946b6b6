//! The desk Zammad. A trigger posts a ticket whenever a closed or reopened one changes. The ticket is read before its
//! client is asked, because a selective trigger also fires on every new article, including our own notes, and its body is
//! the ticket at that time. A close is identified by `last_close_at`. Ratings are internal notes and tags.
//!
//! | file | contents |
//! |---|---|
//! | `config.rs` | settings of one connection |
//! | `zammad.rs` | [`Zammad`]: the desk |
//! | `receive.rs` | authenticates webhooks, and turns them into events |
//! | `read.rs` | the current state of a ticket: who closed and who served it |
//! | `write.rs` | a rating as internal note and tag |
//! | `setup.rs` | checks and setup |

mod config;
mod read;
mod receive;
mod setup;
mod write;
mod zammad;

pub use config::{Config, SETTINGS};
pub use zammad::Zammad;
