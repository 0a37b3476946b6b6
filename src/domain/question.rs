//! The question to a client: whether, when, how and with which text, and the state of its message.

pub mod by_hand;
pub mod delivery;
pub mod kept_facts;
pub mod limit;
pub mod plan;
pub mod retry;
pub mod schedule;
pub mod token;
pub mod window;
