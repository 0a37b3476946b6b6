//! Bots or numbers shared with a desk: updates that are not ours are forwarded to the desk.

pub mod forward;
pub mod forward_outbox;
pub mod unreadable;
