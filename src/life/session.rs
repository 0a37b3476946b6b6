//! A session from its opening to its close, as reported by a desk, a program, the web chat, or a timer.

pub mod change;
pub mod claim;
pub mod close;
pub(crate) mod close_again;
pub mod close_batch;
pub(crate) mod close_facts;
pub mod close_idle;
pub(crate) mod close_known;
pub mod event;
pub(crate) mod event_marks;
pub mod explain;
pub(crate) mod kept_facts;
pub mod message;
pub mod open;
pub mod operator_kind;
pub mod try_out;
pub mod web_chat;
