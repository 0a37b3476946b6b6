//! The Telegram channel against a stub of the Bot API, over real HTTP.

mod account;
mod config;
mod errors;
mod inbound;
mod kit;
mod polling;
mod samples;
mod stub;
mod wire;
