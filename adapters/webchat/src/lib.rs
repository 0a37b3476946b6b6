//! The web chat: a channel of our own and the widget that any site embeds with one script tag.
//!
//! A message to a visitor is a frame ([`frames`]) put into the visitor's mailbox; the engine's HTTP edge pushes it to
//! the widget and hands what the widget posts to [`WebChat::receive`](lastword_contract::Channel::receive). This crate
//! knows no sockets and no databases: the mailbox is given to it, and visitors are named by tokens ([`visitor`]).

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
