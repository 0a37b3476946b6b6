//! The desk Zammad. A trigger posts a ticket whenever a closed or reopened one changes; the ticket is read again before
//! anybody is asked, because a selective trigger fires again on every new article, our own notes among them, and its body is
//! the ticket of that moment. A close is known by `last_close_at`. Ratings are internal notes and tags.
//!
//! | file | what it is |
//! |---|---|
//! | `config.rs` | the settings of one connection |
//! | `zammad.rs` | [`Zammad`]: the desk |
//! | `receive.rs` | who calls, and a webhook as events |
//! | `read.rs` | a ticket as it stands: closed by whom, served by whom |
//! | `write.rs` | a rating as internal note and tag |
//! | `setup.rs` | what is wrong, and making it ready |

mod config;
mod read;
mod receive;
mod setup;
mod write;
mod zammad;

pub use config::{Config, SETTINGS};
pub use zammad::Zammad;
