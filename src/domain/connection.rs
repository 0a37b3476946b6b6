//! Detection of connections that receive nothing, and the messages to admins about them.

pub mod hearing;
pub mod pause;
pub mod refusals;
pub mod trouble;
