//! What every layer may use: time, ids, settings, log and metrics. Knows nothing else of ours.

pub mod id;
pub mod log;
pub mod metrics;
pub mod settings;
pub mod time;
