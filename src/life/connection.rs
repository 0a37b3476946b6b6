//! Connections of this installation: created by admins, monitored, paused and resumed; their secrets are renewed and stored.

pub(crate) mod admins;
pub mod delete;
pub mod keep;
pub mod keep_secret;
pub mod register;
pub mod renew_secrets;
pub mod reseal;
pub mod resume;
pub(crate) mod room_gone;
pub mod suspend;
pub mod watch;
