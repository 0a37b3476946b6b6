//! The email channel: questions and alerts leave by SMTP, and are answered through links.
//!
//! A mail has nothing to tap but links, so a connection needs links ([`lastword_contract::Capabilities::links`]); without
//! them it carries alerts and texts alone. Nothing is received: what clients answer arrives on the page behind the link.
//!
//! Facts and sources: RFC 5321 (SMTP: replies, and who owns a message when), RFC 3463 and RFC 5248 (enhanced status
//! codes), RFC 3834 (`Auto-Submitted`), RFC 2369 (`List-Unsubscribe`). `lettre` builds messages and speaks the protocol; we
//! lead the conversation ourselves, because only its phase tells whether a message that got no answer may have arrived.

mod address;
mod body;
mod channel;
mod config;
mod message;
mod reply;
mod smtp;

pub use channel::Email;
pub use config::{Config, SETTINGS, Tls};
