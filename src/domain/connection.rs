//! Whether a connection is heard, and what people are told of one that is not.

pub mod hearing;
pub mod pause;
pub mod trouble;
