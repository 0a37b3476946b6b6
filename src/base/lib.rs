//! Foundations for every layer: time, IDs, settings, log and metrics. Depends on no other crate of the workspace.

pub mod completion;
pub mod id;
pub mod log;
pub mod metrics;
pub mod names;
pub mod settings;
pub mod time;
