//! The web chat: a channel of our own, and the widget that a site embeds with one script tag.
//!
//! A message to a visitor is a frame ([`frames`]) in the visitor's mailbox. The engine's HTTP server pushes it to the
//! widget, and passes what the widget posts to [`WebChat::receive`](lastword_contract::Channel::receive). This crate uses
//! neither sockets nor a database: it is given the mailbox, and visitors are identified by tokens ([`visitor`]).

mod channel;
mod config;
mod embed;
pub mod frames;
mod receive;
pub mod visitor;
mod words;

pub use channel::WebChat;
pub use config::{Config, ConfigError, Mode, SETTINGS, TEXT_KEYS};
pub use embed::{WIDGET_JS, embed_snippet};
pub use receive::{COMMENT_CHARS_MAX, FRAMES_MAX, MESSAGE_CHARS_MAX, VISITOR_HEADER};
