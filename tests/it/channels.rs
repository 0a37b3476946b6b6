//! Channels and the engine together: what a platform says later, what each capability does, and connections that fall
//! silent.

mod by_pywa;
mod capabilities;
mod matrix;
mod meta;
mod presses;
pub(crate) mod readmes;
mod rooms;
mod told_later;
mod watched;
