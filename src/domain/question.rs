//! The question to a client: whether, when, how and with which text, and the state of its message.

pub mod by_hand;
pub mod delivery;
pub mod kept_facts;
pub mod limit;
pub mod macros;
pub mod outcome;
pub mod plan;
pub mod quiet_hours;
pub mod retry;
pub mod schedule;
pub mod texts;
pub mod token;
pub mod window;
