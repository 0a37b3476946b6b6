//! A bot or number that a desk uses too: what is not ours goes on to the desk.

pub mod forward;
pub mod forward_outbox;
pub mod unreadable;
