//! Connections of this installation: heard, watched, resumed; their secrets renewed and kept.

pub mod channels;
pub mod hearing;
pub mod in_time;
pub mod keep_secret;
pub mod register;
pub mod renew_secrets;
pub mod reseal;
pub mod resume;
pub mod watch;
