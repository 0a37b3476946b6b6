//! Bots or numbers shared with a desk: what is not ours is passed on to the desk.

pub mod forward;
pub mod forward_outbox;
pub mod unreadable;
