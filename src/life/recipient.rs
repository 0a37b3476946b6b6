//! The people and rooms that are told: which of them, where, and how they are reached.

pub(crate) mod choose;
pub mod push;
pub mod room;
