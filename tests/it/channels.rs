//! Channels and the engine together: later reports of platforms, the effect of each capability, and connections that fall silent.

mod by_pywa;
mod capabilities;
mod incidents;
mod matrix;
mod meta;
mod presses;
pub(crate) mod readmes;
mod rooms;
mod told_later;
mod watched;
