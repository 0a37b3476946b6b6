//! Connections of this installation: heard, watched, renewed, resumed.

pub mod channels;
pub mod hearing;
pub mod renew_secrets;
pub mod resume;
pub mod watch;
