//! Help desks: their events become steps, lost ones are asked for, and ratings are shown there.

pub(crate) mod answer_echo;
pub mod beside;
pub mod desks;
pub mod events;
pub mod read_chat;
pub mod reconcile;
pub mod refused;
pub mod write_back;
