//! Help desks: processes their events, asks for lost ones, and shows ratings there.

pub(crate) mod answer_echo;
pub mod beside;
pub mod events;
pub mod read_chat;
pub mod reconcile;
pub mod write_back;
