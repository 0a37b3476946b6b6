//! The email channel: sends questions and alerts by SMTP; clients answer through links.
//!
//! A mail has no choices to tap except links, so questions need links ([`lastword_contract::Capabilities::links`]); without
//! them only alerts and texts are sent. No mail is received: answers arrive through the page behind the link.
//!
//! Sources: RFC 5321 (SMTP: replies, and responsibility for a message), RFC 3463 and RFC 5248 (enhanced status codes), RFC
//! 3834 (`Auto-Submitted`), RFC 2369 (`List-Unsubscribe`). `lettre` builds messages and implements the protocol. The
//! sequence of commands is ours, because only its phase says if a message without a reply may have arrived.

mod address;
mod body;
mod channel;
mod config;
mod message;
mod reply;
mod smtp;

pub use channel::Email;
pub use config::{Config, SETTINGS, Tls};
