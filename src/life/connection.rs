//! Connections of this installation: created by admins, monitored, paused and resumed; their secrets are renewed and stored.

pub mod adapters;
pub(crate) mod admins;
pub mod channels;
pub mod delete;
pub mod draft;
pub mod hearing;
pub mod in_time;
pub mod keep;
pub mod keep_secret;
pub mod kind;
pub mod register;
pub mod renew_secrets;
pub mod reseal;
pub mod resume;
pub mod suspend;
pub mod watch;
