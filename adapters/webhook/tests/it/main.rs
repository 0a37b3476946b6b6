//! The webhook channel against a real HTTP receiver on this machine.

mod addresses;
mod kit;
mod readme;
mod receiver;
mod receiving;
mod sending;
mod signatures;
