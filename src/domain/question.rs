//! Whether, when, how and in which words a client is asked, and what becomes of the message.

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
