//! Alerts about low ratings: raised, sent, acknowledged, escalated.

pub mod acknowledge;
pub(crate) mod audience;
pub(crate) mod changed;
pub mod escalate;
pub(crate) mod follow;
pub(crate) mod held_low;
pub(crate) mod praise;
pub mod raise;
pub mod record;
pub mod test_alert;
pub(crate) mod update;
