//! What is written to clients, operators and supervisors: the text and the buttons of each delivery, composed when it is sent.

pub(crate) mod alert;
pub mod compose;
pub mod edits;
pub(crate) mod parts;
pub mod reply;
pub mod settle;
mod topic;
