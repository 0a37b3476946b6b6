//! The channel against a small SMTP server of our own.

mod golden;
mod headers;
mod kit;
mod mail;
mod pool;
mod replies;
mod stub;
mod tls;
mod unread;
mod unsubscribing;
